// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ICommunity, MemberStatus, Standing} from "./interfaces/ICommunity.sol";
import {ICommunityToken} from "./interfaces/ICommunityToken.sol";
import {ITokenEscrow} from "./interfaces/ITokenEscrow.sol";
import {CategoryTerms, TokenCategory} from "./interfaces/ITokenPolicy.sol";
import {TokenCategories} from "./libraries/TokenCategories.sol";

/// @title Members' tokens held by a contract of the community until a deal is over
/// @notice What every exchange has in common: taking escrow, giving it back, and who may act for a party.
abstract contract TokenEscrow is ITokenEscrow, Initializable {
    using SafeERC20 for IERC20;

    uint16 internal constant FULL_BPS = 10_000;
    uint40 internal constant MOST_TIME = 365 days;

    /// @notice How long a delivery, or the return of a loan, waits for its confirmation.
    uint40 public constant SILENCE = 7 days;

    /// @notice How long a dispute waits for a decision.
    uint40 public constant DECISION_TIME = 30 days;

    /// @notice The community whose members deal here.
    ICommunity public community;

    /// @notice The community's token.
    ICommunityToken public token;

    /// @inheritdoc ITokenEscrow
    uint256 public held;

    constructor() {
        _disableInitializers();
    }

    /// @notice Sets up a clone. Called once, by the factory, in the transaction that makes it.
    function initialize(ICommunity community_, ICommunityToken token_) external initializer {
        community = community_;
        token = token_;
    }

    function _take(address payer, uint256 amount) internal {
        held += amount;
        IERC20(address(token)).safeTransferFrom(payer, address(this), amount);
    }

    /// @dev Gives escrow back to whom it came from, whatever the wallet's status.
    function _giveBack(address wallet, uint256 amount) internal virtual {
        if (amount == 0) return;
        held -= amount;
        token.returnEscrow(wallet, amount);
    }

    /// @dev The terms of payments between two active members in a category that deals may have.
    function _termsBetween(
        address payer,
        address payee,
        TokenCategory category
    ) internal view returns (CategoryTerms memory terms) {
        (Standing memory from, Standing memory to) = _activePair(payer, payee);
        bool isBonus = category == TokenCategory.SellerBonus;
        if (isBonus || !TokenCategories.fits(category, from.kind, to.kind)) {
            revert WrongCategory(category, from.kind, to.kind);
        }
        return _openTerms(category);
    }

    function _activePair(
        address payer,
        address payee
    ) internal view returns (Standing memory from, Standing memory to) {
        (from, to) = community.standingsOf(payer, payee);
        if (from.status != MemberStatus.Active) revert NotActive(payer);
        if (to.status != MemberStatus.Active) revert NotActive(payee);
        if (from.memberId == to.memberId) revert SelfPayment(payer);
    }

    function _openTerms(TokenCategory category) internal view returns (CategoryTerms memory terms) {
        terms = token.termsOf(category);
        if (terms.isOff) revert CategoryOff(category);
    }

    /// @dev A lost wallet's deals are its successor's from the moment that its money is.
    function _isParty(address party) internal view returns (bool) {
        address successor = community.successorOf(party);
        return msg.sender == (successor == address(0) ? party : successor);
    }

    function _requireActive() internal view {
        if (!community.isActive(msg.sender)) revert NotActive(msg.sender);
    }

    function _requireRole(bytes32 role) internal view {
        if (!community.hasRole(role, msg.sender)) revert MissingRole(msg.sender, role);
    }

    function _requireShare(uint256 bps) internal pure {
        if (bps > FULL_BPS) revert ShareTooLarge(bps);
    }

    function _requireBefore(uint256 deadline) internal view {
        if (block.timestamp >= deadline) revert TooLate(deadline, block.timestamp);
    }

    function _requireFrom(uint256 opensAt) internal view {
        if (block.timestamp < opensAt) revert TooEarly(opensAt, block.timestamp);
    }
}
