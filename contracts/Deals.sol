// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TokenEscrow} from "./TokenEscrow.sol";
import {DealPayment} from "./interfaces/ICommunityToken.sol";
import {Deal, DealState, IDeals} from "./interfaces/IDeals.sol";

/// @title Deals: escrow, delivery, confirmation, dispute, check and payment
/// @notice The layer that exchanges of goods, services and work have in common. Every state has an end, and every end
/// gives the whole escrow away: docs/services.md draws it.
abstract contract Deals is IDeals, TokenEscrow {
    /// @notice How long a confirmed deal waits for its check.
    uint40 public constant CHECK_TIME = 3 days;

    /// @inheritdoc IDeals
    uint256 public dealCount;

    mapping(uint256 dealId => Deal) private _deals;
    mapping(uint256 dealId => address) private _disputedBy;
    mapping(uint256 dealId => mapping(address party => bool)) private _hasReviewed;

    // ---------------------------------------------------------------- steps

    /// @inheritdoc IDeals
    function deliver(uint256 dealId, bytes32 evidenceHash) external {
        Deal storage deal = _in(dealId, DealState.Accepted);
        _requireParty(dealId, deal.payee);
        _requireBefore(deal.deadline);
        uint40 confirmBy = _enter(deal, DealState.Delivered, SILENCE);
        emit DealDelivered(dealId, evidenceHash, confirmBy);
    }

    /// @inheritdoc IDeals
    function decline(uint256 dealId) external {
        Deal storage deal = _in(dealId, DealState.Accepted);
        _requireParty(dealId, deal.payee);
        _end(dealId, deal, 0, false);
    }

    /// @inheritdoc IDeals
    function confirm(uint256 dealId) external {
        Deal storage deal = _ripe(dealId);
        if (deal.state != DealState.Accepted && deal.state != DealState.Delivered) {
            revert WrongDealState(dealId, deal.state);
        }
        _requireConfirmer(dealId, deal);
        _confirm(dealId, deal, false);
    }

    /// @inheritdoc IDeals
    function dispute(uint256 dealId, bytes32 reasonHash) external {
        Deal storage deal = _in(dealId, DealState.Delivered);
        _requireConfirmer(dealId, deal);
        _requireBefore(deal.deadline);
        _dispute(dealId, deal, msg.sender, reasonHash);
    }

    /// @inheritdoc IDeals
    function decide(uint256 dealId, uint16 payeeBps) external {
        Deal storage deal = _in(dealId, DealState.Disputed);
        _requireJudge(dealId, deal);
        if (_disputedBy[dealId] == msg.sender) revert OwnDeal(dealId, msg.sender);
        _requireShare(payeeBps);
        _requireBefore(deal.deadline);
        emit DealDecided(dealId, msg.sender, payeeBps);
        _end(dealId, deal, payeeBps, false);
    }

    /// @inheritdoc IDeals
    function check(uint256 dealId, uint16 sustainabilityBps, uint16 socialBps) external {
        Deal storage deal = _ripe(dealId);
        DealState state = deal.state;
        if (state != DealState.Accepted && state != DealState.Delivered && state != DealState.Confirmed) {
            revert WrongDealState(dealId, state);
        }
        _requireJudge(dealId, deal);
        _requireShare(sustainabilityBps);
        _requireShare(socialBps);
        if (deal.isChecked) revert DoneBefore(dealId);
        deal.isChecked = true;
        deal.valueBps = (sustainabilityBps + socialBps) / 2;
        emit DealChecked(dealId, msg.sender, sustainabilityBps, socialBps);
        if (state == DealState.Confirmed) _end(dealId, deal, FULL_BPS, true);
    }

    /// @inheritdoc IDeals
    function moveOn(uint256 dealId) external {
        Deal storage deal = _ripe(dealId);
        DealState state = deal.state;
        if (state == DealState.None || state >= DealState.Paid) revert WrongDealState(dealId, state);
        _requireFrom(_endOf(deal));
        if (state == DealState.Pledged || state == DealState.Accepted) {
            _end(dealId, deal, 0, false);
        } else if (state == DealState.Delivered) {
            _takeSilence(dealId, deal);
        } else if (state == DealState.Confirmed) {
            _end(dealId, deal, FULL_BPS, true);
        } else {
            emit DealDecided(dealId, address(0), FULL_BPS / 2);
            _end(dealId, deal, FULL_BPS / 2, false);
        }
    }

    /// @inheritdoc IDeals
    function review(uint256 dealId, bytes32 reviewHash) external {
        Deal storage deal = _deals[dealId];
        if (deal.state < DealState.Paid) revert WrongDealState(dealId, deal.state);
        address party = _isParty(deal.payer) ? deal.payer : deal.payee;
        _requireParty(dealId, party);
        if (_hasReviewed[dealId][party]) revert DoneBefore(dealId);
        _hasReviewed[dealId][party] = true;
        emit DealReviewed(dealId, party, reviewHash);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IDeals
    function dealOf(uint256 dealId) external view returns (Deal memory) {
        return _deals[dealId];
    }

    /// @inheritdoc IDeals
    function referenceOf(uint256 dealId) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), dealId));
    }

    // ---------------------------------------------------------------- for the layers above

    /// @dev Takes a deal's escrow into the books; it is in the contract's balance already.
    function _open(Deal memory deal) internal returns (uint256 dealId) {
        dealId = ++dealCount;
        _deals[dealId] = deal;
        emit DealOpened(
            dealId,
            deal.payer,
            deal.payee,
            deal.listingId,
            deal.category,
            deal.structure,
            deal.amount,
            deal.structureBps,
            deal.feeBps,
            deal.deadline
        );
    }

    function _requireConfirmer(uint256 dealId, Deal storage deal) internal view virtual {
        _requireParty(dealId, deal.payer);
    }

    /// @dev Silence of the one served confirms.
    function _takeSilence(uint256 dealId, Deal storage deal) internal virtual {
        _confirm(dealId, deal, true);
    }

    /// @dev Lets a deal enter the state that time has brought without anybody's doing.
    function _ripen(uint256 dealId, Deal storage deal) internal virtual {}

    /// @dev When the state's time is over.
    function _endOf(Deal storage deal) internal view virtual returns (uint256) {
        return deal.deadline;
    }

    function _dispute(uint256 dealId, Deal storage deal, address account, bytes32 reasonHash) internal {
        _disputedBy[dealId] = account;
        uint40 decideBy = _enter(deal, DealState.Disputed, DECISION_TIME);
        emit DealDisputed(dealId, account, reasonHash, decideBy);
    }

    function _enter(Deal storage deal, DealState state, uint40 time) internal returns (uint40 deadline) {
        deadline = uint40(block.timestamp) + time;
        deal.state = state;
        deal.deadline = deadline;
    }

    function _ripe(uint256 dealId) internal returns (Deal storage deal) {
        deal = _deals[dealId];
        _ripen(dealId, deal);
    }

    function _in(uint256 dealId, DealState state) internal returns (Deal storage deal) {
        deal = _ripe(dealId);
        if (deal.state != state) revert WrongDealState(dealId, deal.state);
    }

    /// @dev Ends a deal: `payeeBps` of its escrow are paid, the rest goes back. Incentives only for what was confirmed.
    function _end(uint256 dealId, Deal storage deal, uint16 payeeBps, bool isConfirmed) internal {
        uint256 amount = deal.amount;
        uint256 paid = (amount * payeeBps) / FULL_BPS;
        deal.state = paid == 0 ? DealState.Refunded : DealState.Paid;
        deal.deadline = 0;
        if (paid != 0) {
            emit DealPaid(dealId, paid);
            _payOut(dealId, deal, paid, isConfirmed);
        }
        if (paid != amount) {
            emit DealRefunded(dealId, amount - paid);
            _giveBack(deal.payer, amount - paid);
        }
    }

    function _requireParty(uint256 dealId, address party) internal view {
        if (!_isParty(party)) revert NotYourDeal(dealId, msg.sender);
    }

    // ---------------------------------------------------------------- internals

    function _confirm(uint256 dealId, Deal storage deal, bool bySilence) private {
        uint40 checkBy = _enter(deal, DealState.Confirmed, CHECK_TIME);
        emit DealConfirmed(dealId, bySilence, checkBy);
        if (deal.isChecked) _end(dealId, deal, FULL_BPS, true);
    }

    function _payOut(uint256 dealId, Deal storage deal, uint256 amount, bool isConfirmed) private {
        uint256 fee = (amount * deal.feeBps) / FULL_BPS;
        held -= amount;
        DealPayment memory payment = DealPayment(
            deal.payer,
            deal.payee,
            deal.structure,
            deal.category,
            deal.feeBps,
            // Decided, not confirmed: judged to be worth no incentive.
            deal.isChecked || !isConfirmed,
            isConfirmed ? deal.valueBps : 0,
            amount,
            ((amount - fee) * deal.structureBps) / FULL_BPS,
            referenceOf(dealId)
        );
        token.payDeal(payment);
    }

    function _requireJudge(uint256 dealId, Deal storage deal) internal view {
        _requireRole(community.COMMUNITY_ADMIN_ROLE());
        if (_isParty(deal.payer) || _isParty(deal.payee) || _isParty(deal.structure)) {
            revert OwnDeal(dealId, msg.sender);
        }
    }
}
