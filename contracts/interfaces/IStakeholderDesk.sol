// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Where stakeholders pay their yearly fee and buy the community's token
interface IStakeholderDesk {
    /// @notice Thrown when the member is no stakeholder, or not active.
    error NotAStakeholder(address wallet);

    /// @notice Thrown when no yearly fee is asked for, or the paid time runs for longer than a fee may be paid ahead.
    error NoFeeDue(bytes32 memberId, uint256 paidUntil);

    /// @notice Thrown when less of the fee arrived than is asked for.
    error FeeNotCovered(uint256 arrived, uint256 required);

    /// @notice Thrown when a stakeholder would buy whose yearly fee is not paid.
    error InArrears(bytes32 memberId, uint256 paidUntil);

    /// @notice Thrown when no price is set: the community sells no tokens.
    error NotForSale();

    /// @notice Thrown when the money buys fewer tokens than the buyer asks for at least, or none.
    error TooFewTokens(uint256 tokens, uint256 least);

    /// @notice Emitted when a stakeholder's yearly fee was paid, by whomever.
    event YearlyFeePaid(bytes32 indexed memberId, address indexed source, uint256 amount, uint256 paidUntil);

    /// @notice Emitted when a stakeholder bought tokens of the treasury.
    event TokensBought(address indexed buyer, uint256 paid, uint256 tokens, uint256 price);

    /// @notice Pays a stakeholder's fee for a year out of the caller's settlement ERC-20. Anybody.
    /// @param memberId The stakeholder; it must be an active member.
    function payYearlyFee(bytes32 memberId) external;

    /// @notice Buys tokens of the treasury at the set price, one way. Active stakeholders whose fee is paid.
    /// @param amount Settlement ERC-20 that the caller gives; what arrives counts.
    /// @param leastTokens Refused below.
    /// @return tokens What the caller got, rounded down.
    function buyTokens(uint256 amount, uint256 leastTokens) external returns (uint256 tokens);

    /// @notice Until when a stakeholder's fee is paid; 0 if it never was.
    function paidUntil(bytes32 memberId) external view returns (uint256);

    /// @notice Whether a fee is asked for and the stakeholder's is not paid.
    function isInArrears(bytes32 memberId) external view returns (bool);
}
