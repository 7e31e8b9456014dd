// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {EuroIncentives} from "./EuroIncentives.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {ITreasury, Payment} from "./interfaces/ITreasury.sol";

/// @title A community's control wallet
/// @notice Money comes in from the community's contracts and goes out by one rule: proposed by a token admin, approved
/// by another person who is a community admin, paid after a notice that every member can see running.
contract Treasury is ITreasury, EuroIncentives, Initializable {
    using SafeERC20 for IERC20;

    /// @notice Seconds between the approval of a payment and the payment.
    uint40 public noticePeriod;

    /// @inheritdoc ITreasury
    uint256 public paymentCount;

    mapping(uint256 paymentId => Payment) private _payments;

    constructor() {
        _disableInitializers();
    }

    /// @notice Sets up a clone. Called once, by the factory, in the transaction that makes it.
    function initialize(ICommunity community_, address settlementToken_, uint40 noticePeriod_) external initializer {
        community = community_;
        settlementToken = settlementToken_;
        noticePeriod = noticePeriod_;
    }

    /// @inheritdoc ITreasury
    function recordIncome(address asset, uint256 amount) external {
        if (!community.isOwnContract(msg.sender)) revert NotOwnContract(msg.sender);
        emit Received(msg.sender, asset, amount);
    }

    /// @inheritdoc ITreasury
    function proposePayment(
        address asset,
        address payee,
        uint256 amount,
        string calldata purpose
    ) external returns (uint256 paymentId) {
        _requireRole(community.TOKEN_ADMIN_ROLE());
        if (asset != settlementToken && asset != community.contracts().token) revert UnknownAsset(asset);
        if (payee == address(0) || amount == 0 || bytes(purpose).length == 0) revert IncompletePayment();
        paymentId = ++paymentCount;
        Payment storage payment = _payments[paymentId];
        payment.asset = asset;
        payment.payee = payee;
        payment.amount = amount;
        payment.purposeHash = keccak256(bytes(purpose));
        payment.proposer = msg.sender;
        emit PaymentProposed(paymentId, msg.sender, asset, payee, amount, purpose);
    }

    /// @inheritdoc ITreasury
    function approvePayment(uint256 paymentId) external {
        _requireRole(community.COMMUNITY_ADMIN_ROLE());
        Payment storage payment = _payment(paymentId);
        if (payment.proposer == msg.sender) revert SecondPersonNeeded(msg.sender);
        if (payment.approver != address(0)) revert PaymentClosed(paymentId);
        payment.approver = msg.sender;
        payment.dueAt = uint40(block.timestamp) + noticePeriod;
        emit PaymentApproved(paymentId, msg.sender, payment.dueAt);
    }

    /// @inheritdoc ITreasury
    function withdrawPayment(uint256 paymentId) external {
        bytes32 tokenAdmin = community.TOKEN_ADMIN_ROLE();
        if (!community.hasRole(tokenAdmin, msg.sender)) _requireRole(community.COMMUNITY_ADMIN_ROLE());
        _payment(paymentId).done = true;
        emit PaymentWithdrawn(paymentId, msg.sender);
    }

    /// @inheritdoc ITreasury
    function makePayment(uint256 paymentId) external {
        Payment storage payment = _payment(paymentId);
        if (payment.approver == address(0)) revert NotApproved(paymentId);
        if (block.timestamp < payment.dueAt) revert NoticeRunning(paymentId, payment.dueAt, block.timestamp);
        _requireFree(payment.asset, payment.amount);
        payment.done = true;
        emit PaymentMade(paymentId, payment.payee, payment.asset, payment.amount);
        IERC20(payment.asset).safeTransfer(payment.payee, payment.amount);
    }

    /// @inheritdoc ITreasury
    function paymentOf(uint256 paymentId) external view returns (Payment memory) {
        return _payments[paymentId];
    }

    /// @dev What is reserved for members' shares is no money of the community.
    function _requireFree(address asset, uint256 amount) private view {
        if (asset != settlementToken || reserved == 0) return;
        uint256 free = IERC20(asset).balanceOf(address(this)) - reserved;
        if (amount > free) revert Reserved(amount, free);
    }

    function _payment(uint256 paymentId) private view returns (Payment storage payment) {
        payment = _payments[paymentId];
        if (payment.payee == address(0)) revert UnknownPayment(paymentId);
        if (payment.done) revert PaymentClosed(paymentId);
    }
}
