// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITokenEscrow} from "./ITokenEscrow.sol";
import {TokenCategory} from "./ITokenPolicy.sol";

/// @notice Where a deal stands. `Pledged` is a part of a group purchase that is not decided yet.
enum DealState {
    None,
    Pledged,
    Accepted,
    Delivered,
    Confirmed,
    Disputed,
    Paid,
    Refunded
}

/// @notice What two members agreed on, with the payer's tokens in escrow until it is over.
/// @param structure Who hosts, with `structureBps` of what is left after the fee; zero if nobody.
/// @param feeBps The fee of the category when the deal was made.
/// @param valueBps How much of the category's incentive the check found the deal worth.
/// @param amount In escrow.
/// @param deadline When the state's time is over; 0 in a state that ends no more.
/// @param listingId The listing, or group purchase, that it came from.
struct Deal {
    address payer;
    TokenCategory category;
    DealState state;
    uint16 feeBps;
    uint16 structureBps;
    uint16 valueBps;
    bool isChecked;
    address payee;
    uint96 amount;
    address structure;
    uint40 deadline;
    uint40 listingId;
}

/// @title Deals: escrow, delivery, confirmation, dispute, check and payment
/// @notice No role reaches the escrow. An admin decides a dispute between the parties of that deal alone, and only how its
/// escrow is divided among them. No status locks it: when a state's time is over anybody moves the deal on.
interface IDeals is ITokenEscrow {
    /// @notice Thrown when the caller is not the party of the deal that takes this step.
    error NotYourDeal(uint256 dealId, address account);

    /// @notice Thrown when an admin would judge a deal of its own, or a dispute that it opened itself.
    error OwnDeal(uint256 dealId, address account);

    /// @notice Thrown when the deal's state does not allow the step, or there is no such deal.
    error WrongDealState(uint256 dealId, DealState state);

    /// @notice Thrown when a deal was checked, or reviewed by this party, before.
    error DoneBefore(uint256 dealId);

    /// @notice Emitted when a deal was made and its escrow taken.
    event DealOpened(
        uint256 indexed dealId,
        address indexed payer,
        address indexed payee,
        uint256 listingId,
        TokenCategory category,
        address structure,
        uint256 amount,
        uint16 structureBps,
        uint16 feeBps,
        uint256 deadline
    );

    /// @notice Emitted when the payee said that it delivered.
    event DealDelivered(uint256 indexed dealId, bytes32 evidenceHash, uint256 confirmBy);

    /// @notice Emitted when a delivery was confirmed, by its confirmer or by silence.
    event DealConfirmed(uint256 indexed dealId, bool bySilence, uint256 checkBy);

    /// @notice Emitted when a delivery was disputed, or, for the community's works, nobody confirmed it.
    event DealDisputed(uint256 indexed dealId, address indexed account, bytes32 reasonHash, uint256 decideBy);

    /// @notice Emitted when a dispute ended: `payeeBps` of the escrow are the payee's. By an admin, or by time (zero).
    event DealDecided(uint256 indexed dealId, address indexed admin, uint256 payeeBps);

    /// @notice Emitted when an admin judged a deal's sustainability and social value.
    event DealChecked(uint256 indexed dealId, address indexed admin, uint16 sustainabilityBps, uint16 socialBps);

    /// @notice Emitted when a deal's escrow, or the part of it that is the payee's, was paid; the token's `Paid` has the
    /// parts, under the deal's reference.
    event DealPaid(uint256 indexed dealId, uint256 amount);

    /// @notice Emitted when a deal's escrow, or a part of it, went back to where it came from.
    event DealRefunded(uint256 indexed dealId, uint256 amount);

    /// @notice Emitted when a party reviewed a deal; the text is elsewhere.
    event DealReviewed(uint256 indexed dealId, address indexed account, bytes32 reviewHash);

    /// @notice Says that the deal is delivered. Payee only, before the deadline.
    function deliver(uint256 dealId, bytes32 evidenceHash) external;

    /// @notice Gives the escrow back before delivery. Payee only.
    function decline(uint256 dealId) external;

    /// @notice Confirms the delivery, also where the payee did not say so yet. Payer; for the community's works an admin.
    function confirm(uint256 dealId) external;

    /// @notice Disputes a delivery before it is confirmed by silence. Whoever would confirm it.
    function dispute(uint256 dealId, bytes32 reasonHash) external;

    /// @notice Divides a disputed deal's escrow: `payeeBps` to the payee, the rest back. Community admin who is no party.
    function decide(uint256 dealId, uint16 payeeBps) external;

    /// @notice Judges a deal's sustainability and social value, each from 0 to 10000: the mean is how much of the
    /// category's incentive it is worth, and may exceed the fee. Community admin who is no party, before payment.
    function check(uint256 dealId, uint16 sustainabilityBps, uint16 socialBps) external;

    /// @notice Moves a deal on whose state's time is over: not delivered → escrow back; silence → confirmed; not decided →
    /// halves; confirmed and not checked → paid, with incentives up to the fee. Anybody.
    function moveOn(uint256 dealId) external;

    /// @notice Puts the hash of a review on chain, once per party. Payer or payee of a deal that is over.
    function review(uint256 dealId, bytes32 reviewHash) external;

    /// @notice A deal.
    function dealOf(uint256 dealId) external view returns (Deal memory);

    /// @notice How many deals there ever were; they are numbered from 1.
    function dealCount() external view returns (uint256);

    /// @notice The reference under which the token tells the deal's payment.
    function referenceOf(uint256 dealId) external view returns (bytes32);
}
