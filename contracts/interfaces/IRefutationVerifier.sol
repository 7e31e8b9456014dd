// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarketplace, SlotResult} from "./IMarketplace.sol";

/// @notice What a refutation shows of a posted slot. Every wrong outcome shows at least one of these, no right one any.
/// Per kind: the places that the proof opens, in order; `+` where it also needs a revealed order.
enum Refutation {
    // Padding stands at a place below the order count. [padding]
    PaddingMisplaced,
    // Anything but padding stands at a place from the order count on. [anything]
    PaddingReplaced,
    // The order at the first place has no lower index than that at the second, further right. [order, order]
    IndicesNotAscending,
    // An order differs from what its trader revealed, its slot included, or was never revealed. [order] +
    LeafUnlikeReveal,
    // A revealed order of the slot is missing: two neighbours around it, or the first or last order. [order…] +
    OrderMissing,
    // The sums recorded for an order are not what it implies. [order]
    WrongLeafSums,
    // The sums recorded for padding are not zero. [padding]
    WrongPaddingSums,
    // The sums recorded for a node, or posted for the root, are not those of its children. [node]
    WrongNodeSums,
    // An order got more than it asked for. [order]
    Overfilled,
    // An order better than the price is not full. [order]
    BetterNotFull,
    // An order worse than the price got something. [order]
    WorseFilled,
    // An order at the price got neither its share, rounded down, nor 1 Wh more. [order]
    WrongShare,
    // The first order at the price got a spare Wh that the second, of lower index, could have taken. [order, order]
    UnitMisplaced,
    // An order lies beyond lo or hi. [order]
    BeyondBound,
    // An order of lower index than a witness sets that bound, too. [order]
    LowerWitness,
    // A witness does not set its bound. [order]
    IdleWitness,
    // A witness is no order of the slot: two neighbours around its index, or the first or last order. [order…]
    WitnessAbsent,
    // The slot has no volume, and an order got something. [order]
    FillWithoutTrade,
    // The slot has no volume, and a buy crosses a sell. [order, order]
    CrossingUncleared
}

/// @notice A place of a posted allocation tree, opened.
/// @param level 0 for leaves, counted upwards.
/// @param position Place in its level, from the left.
/// @param content Nothing for padding; 49 bytes for an order (index, trader, side, qty, limit, filled); 160 bytes for
/// a node (left hash, left sums, right hash, right sums); 32 bytes for a hash that stays closed.
/// @param path Per level upwards 128 bytes: the sums recorded for the node reached, then hash and sums of its sibling.
struct TreePlace {
    uint8 level;
    uint32 position;
    bytes content;
    bytes path;
}

/// @notice A revealed order.
/// @param trader Whose.
/// @param number Which of the trader's orders, from 0; where the leaf says so itself, it is not read.
/// @param orders `abi.encode(Order[])`: all orders that the trader revealed. May be empty where there are none.
struct RevealedOrder {
    address trader;
    uint16 number;
    bytes orders;
}

/// @title What is wrong with a posted slot
/// @notice Holds no state and no money: one instance serves every community.
interface IRefutationVerifier {
    /// @notice Thrown when the proof opens more or fewer places than its kind needs.
    error WrongPlaceCount(uint256 given, uint256 required);

    /// @notice Thrown when a place's content is not of the length that its kind has.
    error WrongContent(uint256 length, uint256 required);

    /// @notice Thrown when the tree has no such level or position, or the kind speaks of another level.
    error NoSuchPlace(uint256 level, uint256 position, uint256 depth);

    /// @notice Thrown when a path is not as long as the tree is high above its place.
    error WrongPathLength(uint256 length, uint256 required);

    /// @notice Thrown when a path does not lead to the posted root.
    error PathLeadsElsewhere(bytes32 reached, bytes32 root);

    /// @notice Thrown when padding belongs at the place.
    error PaddingBelongsHere(uint256 position, uint256 orderCount);

    /// @notice Thrown when an order belongs at the place.
    error OrderBelongsHere(uint256 position, uint256 orderCount);

    /// @notice Thrown when the place is empty, as it should be.
    error IsPadding(uint256 position);

    /// @notice Thrown when the first place is not left of the second.
    error WrongOrderOfPlaces(uint256 first, uint256 second);

    /// @notice Thrown when the indices ascend, as they should.
    error IndicesAscend(uint256 first, uint256 second);

    /// @notice Thrown when the orders given are not those that the trader revealed.
    error NotTheRevealedOrders(address trader, bytes32 given, bytes32 revealed);

    /// @notice Thrown when the trader revealed no order of that number.
    error NotRevealed(address trader, uint256 number, uint256 count);

    /// @notice Thrown when a leaf is what its trader revealed.
    error AsRevealed(address trader, uint256 index);

    /// @notice Thrown when a revealed order is for another slot.
    error OtherSlot(uint256 orderSlot, uint256 slot);

    /// @notice Thrown when the places opened leave room for the index elsewhere, or hold it.
    error IndexNotExcluded(uint256 index);

    /// @notice Thrown when the sums are what they must be.
    error SumsAreRight(uint256 level, uint256 position);

    /// @notice Thrown when an order is filled no further than its quantity.
    error NotOverfilled(uint256 index, uint256 filledWh, uint256 quantityWh);

    /// @notice Thrown when an order is not better than the price.
    error NotBetter(uint256 index, uint256 limitPrice, uint256 price);

    /// @notice Thrown when a better order is full, as it should be.
    error IsFull(uint256 index);

    /// @notice Thrown when an order is not worse than the price.
    error NotWorse(uint256 index, uint256 limitPrice, uint256 price);

    /// @notice Thrown when nothing was filled, as it should be.
    error NothingFilled(uint256 index);

    /// @notice Thrown when an order is not at the price.
    error NotAtMargin(uint256 index, uint256 limitPrice, uint256 price);

    /// @notice Thrown when the posted quantity at the margin is 0: then the sums are wrong, which is another proof.
    error NoMargin(uint256 index);

    /// @notice Thrown when an order got its share, or 1 Wh more.
    error ShareIsRight(uint256 index, uint256 filledWh, uint256 share);

    /// @notice Thrown when the two orders are not on the same side, or the second has no lower index.
    error NotAhead(uint256 taker, uint256 passedOver);

    /// @notice Thrown when the first order got no spare Wh, or the second could not take one or did.
    error UnitIsRight(uint256 taker, uint256 passedOver);

    /// @notice Thrown when an order is within both bounds.
    error WithinBounds(uint256 index);

    /// @notice Thrown when an order of lower index than a witness does not set its bound, or has no lower index.
    error DoesNotPrecede(uint256 index);

    /// @notice Thrown when an order is no witness, or sets what it witnesses.
    error WitnessStands(uint256 index);

    /// @notice Thrown when nothing trades in the slot, and the proof is about its price.
    error NoTrade(uint256 slot);

    /// @notice Thrown when energy trades in the slot, and the proof is about a slot without trade.
    error Trade(uint256 slot);

    /// @notice Thrown when the two orders are not a buy and a sell whose limits cross.
    error DoNotCross(uint256 first, uint256 second);

    /// @notice Refuses a proof that does not show what its kind says of the slot's result.
    /// @param marketplace Where the session's reveals are on record.
    /// @param sessionId The session.
    /// @param slot The slot.
    /// @param result The slot's posted result.
    /// @param kind What the proof shows.
    /// @param places The places that it opens.
    /// @param revealed The revealed order that it needs; otherwise anything.
    function check(
        IMarketplace marketplace,
        uint256 sessionId,
        uint256 slot,
        SlotResult calldata result,
        Refutation kind,
        TreePlace[] calldata places,
        RevealedOrder calldata revealed
    ) external view;
}
