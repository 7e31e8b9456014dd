// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Listings} from "./Listings.sol";
import {TokenEscrow} from "./TokenEscrow.sol";
import {EnergyProfile, MemberKind, MemberStatus, Standing} from "./interfaces/ICommunity.sol";
import {DealPayment} from "./interfaces/ICommunityToken.sol";
import {ICommunityWorks} from "./interfaces/ICommunityWorks.sol";
import {Deal} from "./interfaces/IDeals.sol";
import {ListingTerms} from "./interfaces/IListings.sol";
import {TokenAmount, TokenCategory} from "./interfaces/ITokenPolicy.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";

/// @title What the community pays its members in tokens: work for it, and bonuses for energy
contract CommunityWorks is ICommunityWorks, Listings {
    /// @notice A bonus that goes with an incentive, by profile.
    struct EnergyBonus {
        uint96[3] amounts;
        bool isConfirmed;
    }

    /// @inheritdoc ICommunityWorks
    mapping(uint256 incentiveId => mapping(bytes32 memberId => bool)) public isBonusTaken;

    mapping(uint256 incentiveId => EnergyBonus) private _bonuses;

    // ---------------------------------------------------------------- work

    /// @inheritdoc ICommunityWorks
    function requestWork(ListingTerms calldata terms) external returns (uint256 listingId) {
        _requireRole(community.COMMUNITY_ADMIN_ROLE());
        bool isWork =
            terms.category == TokenCategory.ToCommunity || terms.category == TokenCategory.ToCommunityWithStructure;
        if (!isWork) revert WrongCategory(terms.category, MemberKind.None, MemberKind.None);
        _openTerms(terms.category);
        listingId = _list(community.contracts().treasury, true, terms);
        _promise(uint256(terms.amount) * terms.places);
    }

    /// @inheritdoc ICommunityWorks
    function returnBudget(uint256 amount) external {
        _requireRole(community.TOKEN_ADMIN_ROLE());
        if (amount == 0) revert EmptyAmount();
        _promise(amount);
        held -= amount;
        emit BudgetReturned(amount);
        token.returnEscrow(community.contracts().treasury, amount);
    }

    // ---------------------------------------------------------------- energy bonus

    /// @inheritdoc ICommunityWorks
    function confirmEnergyBonus(uint256 incentiveId) external {
        _requireRole(community.COMMUNITY_ADMIN_ROLE());
        bool isKnown = incentiveId != 0 && incentiveId <= _treasury().incentiveCount();
        EnergyBonus storage bonus = _bonuses[incentiveId];
        if (!isKnown || bonus.isConfirmed) revert WrongBonusState(incentiveId);
        _openTerms(TokenCategory.EnergyBonus);
        bonus.isConfirmed = true;
        bonus.amounts[0] = uint96(token.amountOf(TokenAmount.EnergyConsumer));
        bonus.amounts[1] = uint96(token.amountOf(TokenAmount.EnergyProsumer));
        bonus.amounts[2] = uint96(token.amountOf(TokenAmount.EnergyProstormer));
        emit EnergyBonusConfirmed(incentiveId, msg.sender, bonus.amounts[0], bonus.amounts[1], bonus.amounts[2]);
    }

    /// @inheritdoc ICommunityWorks
    function claimEnergyBonus(uint256 incentiveId, address wallet) external {
        EnergyBonus storage bonus = _bonuses[incentiveId];
        if (!bonus.isConfirmed) revert WrongBonusState(incentiveId);
        if (!_treasury().isIncentiveClaimed(incentiveId, wallet)) revert NoShareInIncentive(incentiveId, wallet);
        bytes32 memberId = community.standingOf(wallet).memberId;
        address payee = community.walletOf(memberId);
        Standing memory member = community.standingOf(payee);
        if (member.status != MemberStatus.Active) revert NotActive(payee);
        if (member.kind != MemberKind.Citizen) {
            revert WrongCategory(TokenCategory.EnergyBonus, MemberKind.None, member.kind);
        }
        if (isBonusTaken[incentiveId][memberId]) revert BonusTaken(incentiveId, memberId);

        EnergyProfile profile = community.memberOf(payee).profile;
        uint256 amount = bonus.amounts[uint256(profile)];
        if (amount == 0) revert EmptyAmount();
        isBonusTaken[incentiveId][memberId] = true;
        _promise(amount);
        held -= amount;
        emit EnergyBonusPaid(incentiveId, memberId, payee, profile, amount);
        DealPayment memory payment;
        payment.payer = community.contracts().treasury;
        payment.payee = payee;
        payment.category = TokenCategory.EnergyBonus;
        payment.amount = amount;
        payment.dealReference = keccak256(abi.encode(address(this), incentiveId, memberId));
        token.payDeal(payment);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc ICommunityWorks
    function budget() public view returns (uint256) {
        return IERC20(address(token)).balanceOf(address(this)) - held;
    }

    /// @inheritdoc ICommunityWorks
    function energyBonusOf(uint256 incentiveId) external view returns (uint96[3] memory amounts, bool isConfirmed) {
        EnergyBonus storage bonus = _bonuses[incentiveId];
        return (bonus.amounts, bonus.isConfirmed);
    }

    // ---------------------------------------------------------------- how the community's works differ

    /// @dev Work bears no fee: the treasury would pay it to itself.
    function _feeOf(address, address payee, ListingTerms memory terms) internal view override returns (uint16) {
        Standing memory doer = community.standingOf(payee);
        if (doer.status != MemberStatus.Active) revert NotActive(payee);
        bool isHosted = terms.category == TokenCategory.ToCommunityWithStructure;
        if (isHosted && doer.kind != MemberKind.Citizen) {
            revert WrongCategory(terms.category, MemberKind.None, doer.kind);
        }
        _openTerms(terms.category);
        return 0;
    }

    function _mayClose(address) internal view override returns (bool) {
        return community.hasRole(community.COMMUNITY_ADMIN_ROLE(), msg.sender);
    }

    function _requireConfirmer(uint256 dealId, Deal storage deal) internal view override {
        _requireJudge(dealId, deal);
    }

    /// @dev The admin's silence confirms nothing, and takes nothing either: it is a dispute, and another may decide.
    function _takeSilence(uint256 dealId, Deal storage deal) internal override {
        _dispute(dealId, deal, address(0), bytes32(0));
    }

    /// @dev What comes back is budget again.
    function _giveBack(address, uint256 amount) internal override(TokenEscrow) {
        held -= amount;
    }

    // ---------------------------------------------------------------- internals

    function _promise(uint256 amount) private {
        uint256 free = budget();
        if (amount > free) revert BudgetTooSmall(amount, free);
        held += amount;
    }

    function _treasury() private view returns (ITreasury) {
        return ITreasury(community.contracts().treasury);
    }
}
