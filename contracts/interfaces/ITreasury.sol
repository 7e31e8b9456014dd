// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEuroIncentives} from "./IEuroIncentives.sol";

/// @notice A payment out of the treasury: proposed by one admin, approved by another, due after the notice.
struct Payment {
    address asset;
    address payee;
    uint256 amount;
    bytes32 purposeHash;
    address proposer;
    address approver;
    uint40 dueAt;
    bool done;
}

/// @title A community's control wallet
interface ITreasury is IEuroIncentives {
    /// @notice Thrown when the caller is none of the community's own contracts.
    error NotOwnContract(address account);

    /// @notice Thrown when the asset is neither the community's token nor its settlement token.
    error UnknownAsset(address asset);

    /// @notice Thrown when a payment has no payee, no amount or no purpose.
    error IncompletePayment();

    /// @notice Thrown when there is no such payment.
    error UnknownPayment(uint256 paymentId);

    /// @notice Thrown when a payment was paid or withdrawn already.
    error PaymentClosed(uint256 paymentId);

    /// @notice Thrown when the same person proposes and approves.
    error SecondPersonNeeded(address proposer);

    /// @notice Thrown when a payment lacks its approval.
    error NotApproved(uint256 paymentId);

    /// @notice Thrown when the notice of a payment still runs.
    error NoticeRunning(uint256 paymentId, uint256 dueAt, uint256 timestamp);

    /// @notice Emitted when one of the community's contracts paid in.
    event Received(address indexed source, address indexed asset, uint256 amount);

    /// @notice Emitted when a payment was proposed.
    event PaymentProposed(
        uint256 indexed paymentId,
        address indexed proposer,
        address asset,
        address indexed payee,
        uint256 amount,
        string purpose
    );

    /// @notice Emitted when a second person approved a payment.
    event PaymentApproved(uint256 indexed paymentId, address indexed approver, uint256 dueAt);

    /// @notice Emitted when a proposed payment was withdrawn.
    event PaymentWithdrawn(uint256 indexed paymentId, address indexed account);

    /// @notice Emitted when a payment was made.
    event PaymentMade(uint256 indexed paymentId, address indexed payee, address indexed asset, uint256 amount);

    /// @notice Records that the calling contract of the community paid `amount` in.
    function recordIncome(address asset, uint256 amount) external;

    /// @notice Proposes a payment. Token admin only.
    function proposePayment(
        address asset,
        address payee,
        uint256 amount,
        string calldata purpose
    ) external returns (uint256 paymentId);

    /// @notice Approves a payment, which starts its notice. Community admin only, another person than the proposer.
    function approvePayment(uint256 paymentId) external;

    /// @notice Withdraws a payment not made yet. Token admin or community admin.
    function withdrawPayment(uint256 paymentId) external;

    /// @notice Makes an approved payment whose notice is over. Anybody.
    function makePayment(uint256 paymentId) external;

    /// @notice A payment by its number.
    function paymentOf(uint256 paymentId) external view returns (Payment memory);

    /// @notice How many payments were ever proposed; they are numbered from 1.
    function paymentCount() external view returns (uint256);
}
