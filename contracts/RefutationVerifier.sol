// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarketplace, Order, Position, SlotResult} from "./interfaces/IMarketplace.sol";
import {IRefutationVerifier, Refutation, RevealedOrder, TreePlace} from "./interfaces/IRefutationVerifier.sol";
import {TreeProof} from "./libraries/TreeProof.sol";

/// @title What is wrong with a posted slot
/// @notice Each refutation has a function, named after its kind, that returns only if the proof shows it. Which sum
/// of kinds is complete, and why no right outcome shows any, is in docs/proofs.md. [7] [8]
contract RefutationVerifier is IRefutationVerifier {
    uint8 private constant BUY = 1;
    uint256 private constant ARRAY_HEAD = 0x40;
    uint256 private constant ORDER_BYTES = 4 * 0x20;

    /// @notice What a proof is about, put together so that each check takes one argument beside its places.
    struct Subject {
        IMarketplace marketplace;
        uint256 sessionId;
        uint256 slot;
    }

    /// @inheritdoc IRefutationVerifier
    function check(
        IMarketplace marketplace,
        uint256 sessionId,
        uint256 slot,
        SlotResult calldata result,
        Refutation kind,
        TreePlace[] calldata places,
        RevealedOrder calldata revealed
    ) external view {
        Subject memory subject = Subject(marketplace, sessionId, slot);
        if (kind == Refutation.OrderMissing) return _orderMissing(subject, result, places, revealed);
        if (kind == Refutation.WitnessAbsent) return _witnessAbsent(slot, result, places);
        bool needsTwo =
            kind == Refutation.IndicesNotAscending ||
                kind == Refutation.UnitMisplaced ||
                kind == Refutation.CrossingUncleared;
        uint256 required = needsTwo ? 2 : 1;
        if (places.length != required) revert WrongPlaceCount(places.length, required);
        if (kind == Refutation.LeafUnlikeReveal) _leafUnlikeReveal(subject, result, places[0], revealed);
        else if (kind <= Refutation.WrongNodeSums) _checkShape(result, kind, places);
        else if (kind >= Refutation.FillWithoutTrade) _checkIdle(slot, result, kind, places);
        else _checkTrade(slot, result, kind, places);
    }

    // ---------------------------------------------------------------- the tree's shape

    function _checkShape(SlotResult calldata result, Refutation kind, TreePlace[] calldata places) private pure {
        if (kind == Refutation.PaddingMisplaced) _paddingMisplaced(result, places[0]);
        else if (kind == Refutation.PaddingReplaced) _paddingReplaced(result, places[0]);
        else if (kind == Refutation.IndicesNotAscending) _indicesNotAscending(result, places[0], places[1]);
        else if (kind == Refutation.WrongLeafSums) _wrongLeafSums(result, places[0]);
        else if (kind == Refutation.WrongPaddingSums) _wrongPaddingSums(result, places[0]);
        else _wrongNodeSums(result, places[0]);
    }

    function _paddingMisplaced(SlotResult calldata result, TreePlace calldata place) private pure {
        TreeProof.padding(result, place);
        if (place.position >= result.orderCount) revert PaddingBelongsHere(place.position, result.orderCount);
    }

    function _paddingReplaced(SlotResult calldata result, TreePlace calldata place) private pure {
        if (TreeProof.closedLeaf(result, place) == bytes32(0)) revert IsPadding(place.position);
        if (place.position < result.orderCount) revert OrderBelongsHere(place.position, result.orderCount);
    }

    function _indicesNotAscending(
        SlotResult calldata result,
        TreePlace calldata left,
        TreePlace calldata right
    ) private pure {
        if (left.position >= right.position) revert WrongOrderOfPlaces(left.position, right.position);
        uint256 leftIndex = TreeProof.order(result, left).index;
        uint256 rightIndex = TreeProof.order(result, right).index;
        if (leftIndex < rightIndex) revert IndicesAscend(leftIndex, rightIndex);
    }

    function _wrongLeafSums(SlotResult calldata result, TreePlace calldata place) private pure {
        TreeProof.Leaf memory leaf = TreeProof.order(result, place);
        _requireDifferent(TreeProof.impliedSums(leaf, result.price), result, place);
    }

    function _wrongPaddingSums(SlotResult calldata result, TreePlace calldata place) private pure {
        TreeProof.padding(result, place);
        uint256[6] memory none;
        _requireDifferent(none, result, place);
    }

    function _wrongNodeSums(SlotResult calldata result, TreePlace calldata place) private pure {
        TreeProof.node(result, place);
        _requireDifferent(TreeProof.childrenSums(place.content), result, place);
    }

    function _requireDifferent(
        uint256[6] memory implied,
        SlotResult calldata result,
        TreePlace calldata place
    ) private pure {
        uint256[6] memory recorded = TreeProof.recordedSums(result, place);
        for (uint256 i = 0; i < 6; ++i) {
            if (recorded[i] != implied[i]) return;
        }
        revert SumsAreRight(place.level, place.position);
    }

    // ---------------------------------------------------------------- the reveal record

    function _leafUnlikeReveal(
        Subject memory subject,
        SlotResult calldata result,
        TreePlace calldata place,
        RevealedOrder calldata revealed
    ) private view {
        TreeProof.Leaf memory leaf = TreeProof.order(result, place);
        Position memory record = subject.marketplace.positionOf(subject.sessionId, leaf.trader);
        // An index that is not among the trader's: the leaf has no record at all.
        if (leaf.index < record.firstIndex) return;
        uint256 number = leaf.index - record.firstIndex;
        if (number >= record.orderCount) return;
        Order memory order = _revealedOrder(leaf.trader, record, revealed.orders, number);
        bool same =
            order.slot == subject.slot &&
                leaf.side == (order.isBuy ? BUY : 0) &&
                order.quantityWh == leaf.quantityWh &&
                order.limitPrice == leaf.limitPrice;
        if (same) revert AsRevealed(leaf.trader, leaf.index);
    }

    function _orderMissing(
        Subject memory subject,
        SlotResult calldata result,
        TreePlace[] calldata places,
        RevealedOrder calldata revealed
    ) private view {
        Position memory record = subject.marketplace.positionOf(subject.sessionId, revealed.trader);
        if (revealed.number >= record.orderCount) {
            revert NotRevealed(revealed.trader, revealed.number, record.orderCount);
        }
        Order memory order = _revealedOrder(revealed.trader, record, revealed.orders, revealed.number);
        if (order.slot != subject.slot) revert OtherSlot(order.slot, subject.slot);
        uint256 index = uint256(record.firstIndex) + revealed.number;
        if (!_excludes(result, places, index)) revert IndexNotExcluded(index);
    }

    /// @dev The digest is of canonical bytes, so bytes with the same digest are the encoding itself.
    function _revealedOrder(
        address trader,
        Position memory record,
        bytes calldata orders,
        uint256 number
    ) private pure returns (Order memory) {
        bytes32 given = keccak256(orders);
        if (given != record.digest) revert NotTheRevealedOrders(trader, given, record.digest);
        uint256 start = ARRAY_HEAD + number * ORDER_BYTES;
        return abi.decode(orders[start:start + ORDER_BYTES], (Order));
    }

    /// @dev In a tree whose indices ascend: whether the index stands nowhere. In any other, that is shown instead.
    function _excludes(
        SlotResult calldata result,
        TreePlace[] calldata places,
        uint256 index
    ) private pure returns (bool) {
        if (places.length == 0) return result.orderCount == 0;
        if (places.length > 2) revert WrongPlaceCount(places.length, 2);
        uint256 first = TreeProof.order(result, places[0]).index;
        uint256 position = places[0].position;
        if (places.length == 1) {
            return (position == 0 && index < first) || (position + 1 == result.orderCount && index > first);
        }
        uint256 second = TreeProof.order(result, places[1]).index;
        return places[1].position == position + 1 && first < index && index < second;
    }

    // ---------------------------------------------------------------- a slot that trades

    function _checkTrade(
        uint256 slot,
        SlotResult calldata result,
        Refutation kind,
        TreePlace[] calldata places
    ) private pure {
        TreeProof.Leaf memory leaf = TreeProof.order(result, places[0]);
        if (kind == Refutation.Overfilled) {
            if (leaf.filledWh <= leaf.quantityWh) revert NotOverfilled(leaf.index, leaf.filledWh, leaf.quantityWh);
            return;
        }
        if (result.volume == 0) revert NoTrade(slot);
        if (kind == Refutation.BetterNotFull) _betterNotFull(result, leaf);
        else if (kind == Refutation.WorseFilled) _worseFilled(result, leaf);
        else if (kind == Refutation.WrongShare) _wrongShare(result, leaf);
        else if (kind == Refutation.UnitMisplaced) _unitMisplaced(result, leaf, TreeProof.order(result, places[1]));
        else if (kind == Refutation.BeyondBound) _beyondBound(result, leaf);
        else if (kind == Refutation.LowerWitness) _lowerWitness(result, leaf);
        else _idleWitness(result, leaf);
    }

    function _betterNotFull(SlotResult calldata result, TreeProof.Leaf memory leaf) private pure {
        bool isBetter = leaf.side == BUY ? leaf.limitPrice > result.price : leaf.limitPrice < result.price;
        if (!isBetter) revert NotBetter(leaf.index, leaf.limitPrice, result.price);
        if (leaf.filledWh == leaf.quantityWh) revert IsFull(leaf.index);
    }

    function _worseFilled(SlotResult calldata result, TreeProof.Leaf memory leaf) private pure {
        bool isWorse = leaf.side == BUY ? leaf.limitPrice < result.price : leaf.limitPrice > result.price;
        if (!isWorse) revert NotWorse(leaf.index, leaf.limitPrice, result.price);
        if (leaf.filledWh == 0) revert NothingFilled(leaf.index);
    }

    function _wrongShare(SlotResult calldata result, TreeProof.Leaf memory leaf) private pure {
        uint256 share = _share(result, leaf);
        if (leaf.filledWh == share || leaf.filledWh == share + 1) {
            revert ShareIsRight(leaf.index, leaf.filledWh, share);
        }
    }

    function _unitMisplaced(
        SlotResult calldata result,
        TreeProof.Leaf memory taker,
        TreeProof.Leaf memory passedOver
    ) private pure {
        if (taker.side != passedOver.side || passedOver.index >= taker.index) {
            revert NotAhead(taker.index, passedOver.index);
        }
        uint256 forgone = _share(result, passedOver);
        bool couldTake = passedOver.filledWh == forgone && forgone < passedOver.quantityWh;
        if (taker.filledWh != _share(result, taker) + 1 || !couldTake) {
            revert UnitIsRight(taker.index, passedOver.index);
        }
    }

    /// @dev ⌊qty × rest / total⌋ of the order's side of the margin; in 256 bits the product cannot overflow.
    function _share(SlotResult calldata result, TreeProof.Leaf memory leaf) private pure returns (uint256) {
        if (leaf.limitPrice != result.price) revert NotAtMargin(leaf.index, leaf.limitPrice, result.price);
        (uint256 rest, uint256 total) = leaf.side == BUY
            ? (result.marginBuyFilled, result.marginBuyQuantity)
            : (result.marginSellFilled, result.marginSellQuantity);
        if (total == 0) revert NoMargin(leaf.index);
        return (leaf.quantityWh * rest) / total;
    }

    function _beyondBound(SlotResult calldata result, TreeProof.Leaf memory leaf) private pure {
        (bool atLo, bool atHi) = _bears(leaf);
        bool beyond = (atLo && leaf.limitPrice > result.lo) || (atHi && leaf.limitPrice < result.hi);
        if (!beyond) revert WithinBounds(leaf.index);
    }

    function _lowerWitness(SlotResult calldata result, TreeProof.Leaf memory leaf) private pure {
        (bool setsLo, bool setsHi) = _sets(result, leaf);
        bool precedes = (setsLo && leaf.index < result.loWitness) || (setsHi && leaf.index < result.hiWitness);
        if (!precedes) revert DoesNotPrecede(leaf.index);
    }

    function _idleWitness(SlotResult calldata result, TreeProof.Leaf memory leaf) private pure {
        (bool setsLo, bool setsHi) = _sets(result, leaf);
        bool isIdle = (!setsLo && leaf.index == result.loWitness) || (!setsHi && leaf.index == result.hiWitness);
        if (!isIdle) revert WitnessStands(leaf.index);
    }

    function _witnessAbsent(uint256 slot, SlotResult calldata result, TreePlace[] calldata places) private pure {
        if (result.volume == 0) revert NoTrade(slot);
        if (!_excludes(result, places, result.loWitness) && !_excludes(result, places, result.hiWitness)) {
            revert IndexNotExcluded(result.loWitness);
        }
    }

    /// @dev Which bounds an order bears on: a sell with an accepted unit and a buy with an unaccepted one on lo, a buy
    /// with an accepted unit and a sell with an unaccepted one on hi.
    function _bears(TreeProof.Leaf memory leaf) private pure returns (bool onLo, bool onHi) {
        bool hasAccepted = leaf.filledWh > 0;
        bool hasUnaccepted = leaf.filledWh < leaf.quantityWh;
        return leaf.side == BUY ? (hasUnaccepted, hasAccepted) : (hasAccepted, hasUnaccepted);
    }

    function _sets(SlotResult calldata result, TreeProof.Leaf memory leaf) private pure returns (bool lo, bool hi) {
        (bool onLo, bool onHi) = _bears(leaf);
        return (onLo && leaf.limitPrice == result.lo, onHi && leaf.limitPrice == result.hi);
    }

    // ---------------------------------------------------------------- a slot without trade

    function _checkIdle(
        uint256 slot,
        SlotResult calldata result,
        Refutation kind,
        TreePlace[] calldata places
    ) private pure {
        if (result.volume != 0) revert Trade(slot);
        TreeProof.Leaf memory first = TreeProof.order(result, places[0]);
        if (kind == Refutation.FillWithoutTrade) {
            if (first.filledWh == 0) revert NothingFilled(first.index);
            return;
        }
        TreeProof.Leaf memory second = TreeProof.order(result, places[1]);
        bool cross = first.side == BUY && second.side != BUY && first.limitPrice >= second.limitPrice;
        if (!cross) revert DoNotCross(first.index, second.index);
    }
}
