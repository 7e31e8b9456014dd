// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Who pays whom for what. `Transfer` is a plain ERC-20 transfer.
enum TokenCategory {
    Transfer,
    CitizenToCitizen,
    WithStructure,
    StakeholderToCitizen,
    SellerBonus,
    EnergyBonus,
    StakeholderToStakeholder,
    CitizenToStakeholder,
    ToCommunity,
    ToCommunityWithStructure
}

/// @notice The amounts that the token admin sets: bonuses in tokens, yearly fee and price in the settlement ERC-20.
enum TokenAmount {
    WelcomeCitizen,
    WelcomeStakeholder,
    EnergyConsumer,
    EnergyProsumer,
    EnergyProstormer,
    YearlyFee,
    TokenPrice
}

/// @notice What a payment of a category costs and earns. The limits count in millionths of a token: all of it is one word
/// of storage.
/// @param feeBps Share of the amount that goes to the treasury.
/// @param payerBps Incentive for the payer, as a share of the amount.
/// @param payeeBps Incentive for the payee, as a share of the amount.
/// @param mostPerPayment The most incentive that each of the two gets for one payment.
/// @param mostPerMember A payment brings a member's incentives of the period, all categories together, to this at most.
/// @param mostPerPair A payment brings what two members got for payments between them in the period to this at most.
/// @param isOff Whether no payment of the category can be begun.
/// @param since From when the terms are in force; 0 for those that every community begins with.
struct CategoryTerms {
    uint16 feeBps;
    uint16 payerBps;
    uint16 payeeBps;
    uint48 mostPerPayment;
    uint48 mostPerMember;
    uint48 mostPerPair;
    bool isOff;
    uint40 since;
}

/// @title What payments in the community's token cost and earn, set by its token admin within limits of the code
interface ITokenPolicy {
    /// @notice Thrown when the caller lacks the role.
    error MissingRole(address account, bytes32 role);

    /// @notice Thrown when a fee, an incentive or an amount is above what the code allows.
    error AboveLimit(uint256 value, uint256 most);

    /// @notice Thrown when an incentive is set for plain transfers, which have none.
    error NoIncentiveForTransfers();

    /// @notice Emitted when terms of a category were set, in force from `effectiveFrom`.
    event CategoryScheduled(
        TokenCategory indexed category,
        uint16 feeBps,
        uint16 payerBps,
        uint16 payeeBps,
        uint48 mostPerPayment,
        uint48 mostPerMember,
        uint48 mostPerPair,
        bool isOff,
        uint256 effectiveFrom
    );

    /// @notice Emitted when an amount was set, in force from `effectiveFrom`.
    event AmountScheduled(TokenAmount indexed which, uint256 value, uint256 effectiveFrom);

    /// @notice Sets the terms of a category, in force after the notice period; at once while no token exists. What was
    /// scheduled before and is not in force yet falls away. Token admin only.
    /// @param terms `since` is of no account.
    function scheduleCategory(TokenCategory category, CategoryTerms calldata terms) external;

    /// @notice Sets an amount, in force after the notice period; at once while no token exists. Token admin only.
    function scheduleAmount(TokenAmount which, uint96 value) external;

    /// @notice The terms of a category that are in force.
    function termsOf(TokenCategory category) external view returns (CategoryTerms memory);

    /// @notice The terms of a category that are scheduled, and from when they are in force; 0 while there are none.
    function nextTermsOf(
        TokenCategory category
    ) external view returns (CategoryTerms memory terms, uint256 effectiveFrom);

    /// @notice An amount that is in force.
    function amountOf(TokenAmount which) external view returns (uint256);

    /// @notice The amount that is scheduled, and from when it is in force; 0 while there is none.
    function nextAmountOf(TokenAmount which) external view returns (uint256 value, uint256 effectiveFrom);

    /// @notice The most that an amount may ever be set to.
    function mostOf(TokenAmount which) external pure returns (uint256);

    /// @notice Seconds until a change is in force.
    function noticePeriod() external view returns (uint40);

    /// @notice The highest fee, in basis points.
    // solhint-disable-next-line func-name-mixedcase
    function MOST_FEE_BPS() external view returns (uint16);

    /// @notice The highest incentive of payer or payee, in basis points.
    // solhint-disable-next-line func-name-mixedcase
    function MOST_INCENTIVE_BPS() external view returns (uint16);

    /// @notice The highest limit to an incentive for one payment, in millionths of a token.
    // solhint-disable-next-line func-name-mixedcase
    function MOST_PER_PAYMENT() external view returns (uint48);

    /// @notice The highest limit to incentives of a member, or of a pair, in a period, in millionths of a token.
    // solhint-disable-next-line func-name-mixedcase
    function MOST_PER_PERIOD() external view returns (uint48);
}
