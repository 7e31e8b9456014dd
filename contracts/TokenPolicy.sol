// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommunity} from "./interfaces/ICommunity.sol";
import {CategoryTerms, ITokenPolicy, TokenAmount, TokenCategory} from "./interfaces/ITokenPolicy.sol";

/// @title What payments in the community's token cost and earn, set by its token admin within limits of the code
/// @notice The first of the token's two layers. Nobody can lift the limits: they are constants.
abstract contract TokenPolicy is ITokenPolicy {
    /// @notice An amount in force from `since`, and the one before it.
    struct Plan {
        uint96 prior;
        uint96 latest;
        uint40 since;
    }

    /// @inheritdoc ITokenPolicy
    uint16 public constant MOST_FEE_BPS = 2_000;

    /// @inheritdoc ITokenPolicy
    uint16 public constant MOST_INCENTIVE_BPS = 2_000;

    /// @inheritdoc ITokenPolicy
    uint48 public constant MOST_PER_PAYMENT = 100e6;

    /// @inheritdoc ITokenPolicy
    uint48 public constant MOST_PER_PERIOD = 1_000e6;

    uint256 private constant MOST_BONUS = 1_000e18;
    uint256 private constant MOST_YEARLY_FEE = 10_000e6;
    uint256 private constant MOST_TOKEN_PRICE = 1_000e6;

    /// @inheritdoc ITokenPolicy
    uint40 public noticePeriod;

    mapping(TokenCategory category => CategoryTerms) private _latestTerms;
    mapping(TokenCategory category => CategoryTerms) private _priorTerms;
    mapping(TokenAmount which => Plan) private _plans;

    // ---------------------------------------------------------------- setting

    /// @inheritdoc ITokenPolicy
    function scheduleCategory(TokenCategory category, CategoryTerms calldata terms) external {
        _requireTokenAdmin();
        _requireAtMost(terms.feeBps, MOST_FEE_BPS);
        _requireAtMost(terms.payerBps, MOST_INCENTIVE_BPS);
        _requireAtMost(terms.payeeBps, MOST_INCENTIVE_BPS);
        _requireAtMost(terms.mostPerPayment, MOST_PER_PAYMENT);
        _requireAtMost(terms.mostPerMember, MOST_PER_PERIOD);
        _requireAtMost(terms.mostPerPair, MOST_PER_PERIOD);
        if (category == TokenCategory.Transfer && (terms.payerBps != 0 || terms.payeeBps != 0)) {
            revert NoIncentiveForTransfers();
        }

        uint40 effectiveFrom = _effectiveFrom();
        _priorTerms[category] = termsOf(category);
        _latestTerms[category] = terms;
        _latestTerms[category].since = effectiveFrom;
        emit CategoryScheduled(
            category,
            terms.feeBps,
            terms.payerBps,
            terms.payeeBps,
            terms.mostPerPayment,
            terms.mostPerMember,
            terms.mostPerPair,
            terms.isOff,
            effectiveFrom
        );
    }

    /// @inheritdoc ITokenPolicy
    function scheduleAmount(TokenAmount which, uint96 value) external {
        _requireTokenAdmin();
        _requireAtMost(value, mostOf(which));

        uint40 effectiveFrom = _effectiveFrom();
        _plans[which] = Plan(uint96(amountOf(which)), value, effectiveFrom);
        emit AmountScheduled(which, value, effectiveFrom);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc ITokenPolicy
    function termsOf(TokenCategory category) public view returns (CategoryTerms memory terms) {
        terms = _latestTerms[category];
        if (block.timestamp < terms.since) terms = _priorTerms[category];
    }

    /// @inheritdoc ITokenPolicy
    function nextTermsOf(
        TokenCategory category
    ) external view returns (CategoryTerms memory terms, uint256 effectiveFrom) {
        CategoryTerms memory latest = _latestTerms[category];
        if (block.timestamp < latest.since) return (latest, latest.since);
    }

    /// @inheritdoc ITokenPolicy
    function amountOf(TokenAmount which) public view returns (uint256) {
        Plan memory plan = _plans[which];
        return block.timestamp < plan.since ? plan.prior : plan.latest;
    }

    /// @inheritdoc ITokenPolicy
    function nextAmountOf(TokenAmount which) external view returns (uint256 value, uint256 effectiveFrom) {
        Plan memory plan = _plans[which];
        if (block.timestamp < plan.since) return (plan.latest, plan.since);
    }

    /// @inheritdoc ITokenPolicy
    function mostOf(TokenAmount which) public pure returns (uint256) {
        if (which == TokenAmount.YearlyFee) return MOST_YEARLY_FEE;
        if (which == TokenAmount.TokenPrice) return MOST_TOKEN_PRICE;
        return MOST_BONUS;
    }

    // ---------------------------------------------------------------- for the layer above

    /// @notice The community that the token belongs to.
    function community() public view virtual returns (ICommunity);

    function _requireTokenAdmin() internal view {
        bytes32 role = community().TOKEN_ADMIN_ROLE();
        if (!community().hasRole(role, msg.sender)) revert MissingRole(msg.sender, role);
    }

    /// @dev Whether nobody holds a token yet, whom a change could take by surprise.
    function _hasNoTokens() internal view virtual returns (bool);

    // ---------------------------------------------------------------- internals

    function _effectiveFrom() private view returns (uint40) {
        return uint40(block.timestamp) + (_hasNoTokens() ? 0 : noticePeriod);
    }

    function _requireAtMost(uint256 value, uint256 most) private pure {
        if (value > most) revert AboveLimit(value, most);
    }
}
