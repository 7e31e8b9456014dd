// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDeals} from "./IDeals.sol";

/// @notice What a supplier offers to a group.
/// @param unitPrice Tokens for a unit.
/// @param leastUnits Below, everybody gets the escrow back.
/// @param mostUnits More are not taken.
/// @param closesAt Until when members join or leave.
/// @param deliverWithin Seconds from then to delivery.
struct PurchaseTerms {
    uint96 unitPrice;
    uint32 leastUnits;
    uint32 mostUnits;
    uint40 closesAt;
    uint40 deliverWithin;
    bytes32 contentHash;
}

/// @notice A group purchase, with the units that were pledged so far.
struct Purchase {
    PurchaseTerms terms;
    address supplier;
    uint32 units;
    bool isCancelled;
}

/// @title Group purchases: many payers, one supplier, and a threshold below which everybody is refunded
/// @notice Each member's part is a deal of its own: pledged until the purchase closes, then like any other.
interface IGroupPurchases is IDeals {
    /// @notice Thrown when a purchase lacks its content or a unit, its limits are in the wrong order, or it gives more than
    /// a year to join or deliver.
    error IncompletePurchase();

    /// @notice Thrown when there is no such purchase, or it was cancelled.
    error PurchaseClosed(uint256 purchaseId);

    /// @notice Thrown when more units are asked for than are left.
    error TooManyUnits(uint256 units, uint256 left);

    /// @notice Thrown when somebody other than its supplier cancels a purchase.
    error NotYourPurchase(uint256 purchaseId, address account);

    /// @notice Emitted when a supplier opened a purchase.
    event PurchaseOpened(uint256 indexed purchaseId, address indexed supplier, PurchaseTerms terms);

    /// @notice Emitted when a member joined, or left again (`units` pledged then, all together).
    event PurchasePledged(uint256 indexed purchaseId, uint256 indexed dealId, uint256 units);

    /// @notice Emitted when the supplier cancelled a purchase before it closed.
    event PurchaseCancelled(uint256 indexed purchaseId);

    /// @notice Opens a purchase. Active members.
    function open(PurchaseTerms calldata terms) external returns (uint256 purchaseId);

    /// @notice Joins: the price of the units goes into escrow. Active members, until the purchase closes.
    function join(uint256 purchaseId, uint32 units) external returns (uint256 dealId);

    /// @notice Leaves again and takes the escrow back. Payer of a pledged deal, until the purchase closes.
    function leavePurchase(uint256 dealId) external;

    /// @notice Cancels a purchase before it closes; every member's part can be moved on at once. Supplier only.
    function cancelPurchase(uint256 purchaseId) external;

    /// @notice A purchase.
    function purchaseOf(uint256 purchaseId) external view returns (Purchase memory);

    /// @notice How many purchases there ever were; they are numbered from 1.
    function purchaseCount() external view returns (uint256);

    /// @notice The units of a deal.
    function unitsOf(uint256 dealId) external view returns (uint32);
}
