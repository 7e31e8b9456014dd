// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemberKind} from "./ICommunity.sol";
import {TokenCategory} from "./ITokenPolicy.sol";

/// @title Members' tokens held by a contract of the community until a deal is over
interface ITokenEscrow {
    /// @notice Thrown when the caller lacks the role.
    error MissingRole(address account, bytes32 role);

    /// @notice Thrown when the step came at or after its deadline.
    error TooLate(uint256 deadline, uint256 timestamp);

    /// @notice Thrown when the step is possible later only.
    error TooEarly(uint256 opensAt, uint256 timestamp);

    /// @notice Thrown when a share is above 100 %.
    error ShareTooLarge(uint256 bps);

    /// @notice Thrown when an amount is zero.
    error EmptyAmount();

    /// @notice Thrown when an account that must be an active member is none.
    error NotActive(address account);

    /// @notice Thrown when payer and payee are the same member.
    error SelfPayment(address account);

    /// @notice Thrown when a category is not for a payment from the one kind of member to the other.
    error WrongCategory(TokenCategory category, MemberKind payer, MemberKind payee);

    /// @notice Thrown when the category is switched off.
    error CategoryOff(TokenCategory category);

    /// @notice What the contract holds for others: the sum of all escrow.
    function held() external view returns (uint256);
}
