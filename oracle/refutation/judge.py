"""What the contract makes of a refutation: the checks of `RefutationVerifier.sol` again, byte by byte, in Python.

Held to the contract by a sample run on a chain, so that whatever is tried here in great numbers is true there, too.
"""

from dataclasses import dataclass

from commons.addresses import address_bytes
from commons.keccak import keccak256
from commons.orders import Order
from commons.records import Refutation, RevealedOrder, TreePlace
from oracle.clearing.types import SlotResult
from oracle.refutation.places import BUY, LEAF_BYTES, NODE_BYTES, SUMS_BYTES, Leaf, depth_of
from oracle.refutation.records import Record, Records

_STEP_BYTES = SUMS_BYTES + NODE_BYTES
_TWO_PLACES = (Refutation.INDICES_NOT_ASCENDING, Refutation.UNIT_MISPLACED, Refutation.CROSSING_UNCLEARED)


class NotShownError(Exception):
    """The proof does not show what its kind says; carries the contract's error."""


def refusal(
    records: Records,
    slot: int,
    result: SlotResult,
    kind: Refutation,
    places: tuple[TreePlace, ...],
    revealed: RevealedOrder,
) -> str | None:
    """The name of the error with which the contract refuses a proof; None where it accepts it."""
    try:
        _Judge(records, slot, result).check(kind, places, revealed)
    except NotShownError as error:
        return str(error)
    return None


@dataclass(frozen=True)
class _Judge:
    records: Records
    slot: int
    result: SlotResult

    def check(self, kind: Refutation, places: tuple[TreePlace, ...], revealed: RevealedOrder) -> None:
        if kind is Refutation.ORDER_MISSING:
            return self._order_missing(places, revealed)
        if kind is Refutation.WITNESS_ABSENT:
            return self._witness_absent(places)
        _require(len(places) == (2 if kind in _TWO_PLACES else 1), "WrongPlaceCount")
        if kind is Refutation.LEAF_UNLIKE_REVEAL:
            return self._leaf_unlike_reveal(places[0], revealed)
        if kind <= Refutation.WRONG_NODE_SUMS:
            return self._shape(kind, places)
        if kind >= Refutation.FILL_WITHOUT_TRADE:
            return self._idle(kind, places)
        return self._trade(kind, places)

    # ---------------------------------------------------------------- places

    def _climb(self, place: TreePlace, hash_: bytes) -> None:
        depth = depth_of(self.result.order_count)
        exists = self.result.order_count > 0 and place.level <= depth and place.position >> (depth - place.level) == 0
        _require(exists, "NoSuchPlace")
        _require(len(place.path) == (depth - place.level) * _STEP_BYTES, "WrongPathLength")
        position = place.position
        for start in range(0, len(place.path), _STEP_BYTES):
            sums, sibling = place.path[start : start + SUMS_BYTES], place.path[start + SUMS_BYTES : start + _STEP_BYTES]
            hash_ = keccak256(b"\x01" + (sibling + hash_ + sums if position % 2 else hash_ + sums + sibling))
            position //= 2
        _require(hash_ == self.result.root, "PathLeadsElsewhere")

    def _order(self, place: TreePlace) -> Leaf:
        _require(len(place.content) == LEAF_BYTES, "WrongContent")
        _require(place.level == 0, "NoSuchPlace")
        self._climb(place, keccak256(b"\x00" + place.content))
        return Leaf.parse(place.content)

    def _padding(self, place: TreePlace) -> None:
        _require(not place.content, "WrongContent")
        _require(place.level == 0, "NoSuchPlace")
        self._climb(place, bytes(32))

    def _recorded(self, place: TreePlace) -> tuple[int, ...]:
        return _sums(place.path[:SUMS_BYTES]) if place.path else tuple(self.result[8:])

    # ---------------------------------------------------------------- kinds

    def _shape(self, kind: Refutation, places: tuple[TreePlace, ...]) -> None:
        place, count = places[0], self.result.order_count
        match kind:
            case Refutation.PADDING_MISPLACED:
                self._padding(place)
                _require(place.position < count, "PaddingBelongsHere")
            case Refutation.PADDING_REPLACED:
                _require(len(place.content) == 32, "WrongContent")
                _require(place.level == 0, "NoSuchPlace")
                self._climb(place, place.content)
                _require(place.content != bytes(32), "IsPadding")
                _require(place.position >= count, "OrderBelongsHere")
            case Refutation.INDICES_NOT_ASCENDING:
                _require(place.position < places[1].position, "WrongOrderOfPlaces")
                _require(self._order(place).index >= self._order(places[1]).index, "IndicesAscend")
            case Refutation.WRONG_LEAF_SUMS:
                self._require_different(tuple(self._order(place).sums(self.result.price)), place)
            case Refutation.WRONG_PADDING_SUMS:
                self._padding(place)
                self._require_different((0,) * 6, place)
            case _:
                _require(len(place.content) == 2 * NODE_BYTES, "WrongContent")
                _require(place.level > 0, "NoSuchPlace")
                self._climb(place, keccak256(b"\x01" + place.content))
                left = _sums(place.content[32:NODE_BYTES])
                right = _sums(place.content[NODE_BYTES + 32 :])
                self._require_different(tuple(a + b for a, b in zip(left, right, strict=True)), place)

    def _require_different(self, implied: tuple[int, ...], place: TreePlace) -> None:
        _require(self._recorded(place) != implied, "SumsAreRight")

    def _leaf_unlike_reveal(self, place: TreePlace, revealed: RevealedOrder) -> None:
        leaf = self._order(place)
        found = self.records.order_of(leaf)
        if found is None:
            return
        record, _ = found
        _require(keccak256(revealed.orders) == keccak256(record.encoded), "NotTheRevealedOrders")
        _require(not self.records.is_true(leaf, self.slot), "AsRevealed")

    def _order_missing(self, places: tuple[TreePlace, ...], revealed: RevealedOrder) -> None:
        record = self.records.by_trader.get(address_bytes(revealed.trader))
        _require(record is not None and revealed.number < len(record.orders), "NotRevealed")
        assert record is not None
        _require(keccak256(revealed.orders) == keccak256(record.encoded), "NotTheRevealedOrders")
        _require(_order(record, revealed).slot == self.slot, "OtherSlot")
        _require(self._excludes(places, record.first_index + revealed.number), "IndexNotExcluded")

    def _witness_absent(self, places: tuple[TreePlace, ...]) -> None:
        _require(self.result.volume != 0, "NoTrade")
        witnesses = (self.result.lo_witness, self.result.hi_witness)
        _require(any(self._excludes(places, witness) for witness in witnesses), "IndexNotExcluded")

    def _excludes(self, places: tuple[TreePlace, ...], index: int) -> bool:
        if not places:
            return self.result.order_count == 0
        _require(len(places) <= 2, "WrongPlaceCount")
        first, position = self._order(places[0]).index, places[0].position
        if len(places) == 1:
            is_last = position + 1 == self.result.order_count
            return (position == 0 and index < first) or (is_last and index > first)
        second = self._order(places[1]).index
        return places[1].position == position + 1 and first < index < second

    def _trade(self, kind: Refutation, places: tuple[TreePlace, ...]) -> None:
        leaf, result = self._order(places[0]), self.result
        if kind is Refutation.OVERFILLED:
            return _require(leaf.filled > leaf.quantity, "NotOverfilled")
        _require(result.volume != 0, "NoTrade")
        gain = leaf.limit - result.price if leaf.side == BUY else result.price - leaf.limit
        match kind:
            case Refutation.BETTER_NOT_FULL:
                _require(gain > 0, "NotBetter")
                _require(leaf.filled != leaf.quantity, "IsFull")
            case Refutation.WORSE_FILLED:
                _require(gain < 0, "NotWorse")
                _require(leaf.filled != 0, "NothingFilled")
            case Refutation.WRONG_SHARE:
                share = self._share(leaf)
                _require(leaf.filled not in (share, share + 1), "ShareIsRight")
            case Refutation.UNIT_MISPLACED:
                self._unit_misplaced(leaf, self._order(places[1]))
            case Refutation.BEYOND_BOUND:
                on_lo, on_hi = bears(leaf)
                beyond = (on_lo and leaf.limit > result.lo) or (on_hi and leaf.limit < result.hi)
                _require(beyond, "WithinBounds")
            case Refutation.LOWER_WITNESS:
                sets_lo, sets_hi = sets(leaf, result)
                first = (sets_lo and leaf.index < result.lo_witness) or (sets_hi and leaf.index < result.hi_witness)
                _require(first, "DoesNotPrecede")
            case _:
                sets_lo, sets_hi = sets(leaf, result)
                idle_lo = not sets_lo and leaf.index == result.lo_witness
                idle_hi = not sets_hi and leaf.index == result.hi_witness
                _require(idle_lo or idle_hi, "WitnessStands")
        return None

    def _unit_misplaced(self, taker: Leaf, passed_over: Leaf) -> None:
        _require(taker.side == passed_over.side and passed_over.index < taker.index, "NotAhead")
        forgone = self._share(passed_over)
        could_take = passed_over.filled == forgone < passed_over.quantity
        _require(taker.filled == self._share(taker) + 1 and could_take, "UnitIsRight")

    def _share(self, leaf: Leaf) -> int:
        _require(leaf.limit == self.result.price, "NotAtMargin")
        share = share_of(leaf, self.result)
        _require(share is not None, "NoMargin")
        assert share is not None
        return share

    def _idle(self, kind: Refutation, places: tuple[TreePlace, ...]) -> None:
        _require(self.result.volume == 0, "Trade")
        first = self._order(places[0])
        if kind is Refutation.FILL_WITHOUT_TRADE:
            return _require(first.filled != 0, "NothingFilled")
        second = self._order(places[1])
        return _require(first.side == BUY != second.side and first.limit >= second.limit, "DoNotCross")


def share_of(leaf: Leaf, result: SlotResult) -> int | None:
    """⌊quantity × rest / total⌋ of an order's side of the posted margin; None where the posted total is 0."""
    rest, total = result[11:9:-1] if leaf.side == BUY else result[13:11:-1]
    return leaf.quantity * rest // total if total else None


def bears(leaf: Leaf) -> tuple[bool, bool]:
    """Whether an order bears on lo, and on hi, by an accepted or an unaccepted unit."""
    accepted, unaccepted = leaf.filled > 0, leaf.filled < leaf.quantity
    return (unaccepted, accepted) if leaf.side == BUY else (accepted, unaccepted)


def sets(leaf: Leaf, result: SlotResult) -> tuple[bool, bool]:
    """Whether an order sets lo, and hi."""
    on_lo, on_hi = bears(leaf)
    return on_lo and leaf.limit == result.lo, on_hi and leaf.limit == result.hi


def _order(record: Record, revealed: RevealedOrder) -> Order:
    return record.orders[revealed.number]


def _sums(packed: bytes) -> tuple[int, ...]:
    return tuple(int.from_bytes(packed[start : start + 8], "big") for start in range(0, SUMS_BYTES, 8))


def _require(shown: bool, error: str) -> None:
    if not shown:
        raise NotShownError(error)
