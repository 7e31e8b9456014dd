"""Finding proofs: every kind is tried on what is known of a posted slot, and the cheapest proof is taken.

Linear in the number of known leaves. Source: the list of DESIGN.md section 7.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from commons.addresses import ZERO_ADDRESS, address_of
from commons.records import Refutation, RevealedOrder, TreePlace
from commons.units import EnergyWh, PriceUekwh, show_eur_kwh, show_kwh
from oracle.refutation.judge import bears, refusal, sets, share_of
from oracle.refutation.places import (
    BUY,
    EMPTY,
    Leaf,
    Proof,
    Sight,
    added,
    leaf_place,
    place,
)
from oracle.refutation.records import Record, Records

NOTHING_REVEALED = RevealedOrder(ZERO_ADDRESS, 0, b"")


def cheapest_proof(sight: Sight, slot: int, records: Records) -> Proof | None:
    """The proof that opens the fewest bytes among the first of each kind; None where what is known shows nothing.

    A proof is only given if `judge` accepts it.
    """
    found = list(proofs(sight, slot, records))
    return min(found, key=lambda proof: (proof.size, proof.kind), default=None)


def proofs(sight: Sight, slot: int, records: Records) -> Iterator[Proof]:
    """The first proof of each kind that what is known of the slot allows."""
    search = Search(sight, slot, records)
    for kind in _KINDS:
        proof = next(kind(search), None)
        if proof is not None:
            yield proof


@dataclass(frozen=True)
class Search:
    """A posted slot under suspicion."""

    sight: Sight
    slot: int
    records: Records

    @cached_property
    def orders(self) -> list[tuple[int, Leaf]]:
        """The known orders by ascending position."""
        return [(position, leaf) for position, leaf in self.sight.leaves.items() if leaf is not None]

    @cached_property
    def neighbours(self) -> list[tuple[tuple[int, Leaf], tuple[int, Leaf]]]:
        """Known orders that stand side by side."""
        return [(a, b) for a, b in pairwise(self.orders) if b[0] == a[0] + 1]

    # ------------------------------------------------------------ the tree's shape

    def paddings_misplaced(self) -> Iterator[Proof]:
        count = self.sight.result.order_count
        for position, leaf in self.sight.leaves.items():
            if leaf is None and position < count:
                words = f"place {position} of the tree is empty, and {count} orders are counted"
                yield from self._proof(Refutation.PADDING_MISPLACED, [position], words)

    def paddings_replaced(self) -> Iterator[Proof]:
        count = self.sight.result.order_count
        for position in self.sight.leaves:
            node = self.sight.node(0, position)
            if position >= count and node is not None and node.hash != EMPTY.hash:
                words = f"place {position} of the tree is not empty, and only {count} orders are counted"
                opened = place(self.sight, 0, position, node.hash)
                yield from self._opened(Refutation.PADDING_REPLACED, [opened], words)

    def indices_not_ascending(self) -> Iterator[Proof]:
        for (left, a), (right, b) in pairwise(self.orders):
            if a.index >= b.index:
                words = f"order {a.index} stands before order {b.index} in the tree"
                yield from self._proof(Refutation.INDICES_NOT_ASCENDING, [left, right], words)

    def leaf_sums(self) -> Iterator[Proof]:
        for position, leaf in self.orders:
            node = self.sight.node(0, position)
            if node is not None and node.sums != leaf.sums(self.sight.result.price):
                words = f"the sums recorded for order {leaf.index} are not what it implies"
                yield from self._proof(Refutation.WRONG_LEAF_SUMS, [position], words)

    def padding_sums(self) -> Iterator[Proof]:
        for position, leaf in self.sight.leaves.items():
            node = self.sight.node(0, position)
            if leaf is None and node is not None and any(node.sums):
                words = f"sums are recorded for the empty place {position} of the tree"
                yield from self._proof(Refutation.WRONG_PADDING_SUMS, [position], words)

    def node_sums(self) -> Iterator[Proof]:
        for level, position in self.sight.parents():
            node = self.sight.node(level, position)
            left, right = (self.sight.node(level - 1, 2 * position + side) for side in (0, 1))
            if node and left and right and added(left, right) != tuple(node.sums):
                words = f"the sums recorded at level {level}, position {position} of the tree are not those below it"
                opened = place(self.sight, level, position, left.packed() + right.packed())
                yield from self._opened(Refutation.WRONG_NODE_SUMS, [opened], words)

    # ------------------------------------------------------------ the reveal record

    def leaves_unlike_reveal(self) -> Iterator[Proof]:
        for position, leaf in self.orders:
            if self.records.is_true(leaf, self.slot):
                continue
            found = self.records.order_of(leaf)
            trader = address_of(leaf.trader)
            if found is None:
                words, revealed = f"order {leaf.index} of {trader} was never revealed", NOTHING_REVEALED
            else:
                words = f"order {leaf.index} is not what {trader} revealed for this slot"
                revealed = RevealedOrder(trader, found[1], found[0].encoded)
            yield from self._proof(Refutation.LEAF_UNLIKE_REVEAL, [position], words, revealed)

    def orders_missing(self) -> Iterator[Proof]:
        present = {leaf.index for _, leaf in self.orders}
        for record, number in self.records.of_slot(self.slot):
            index = record.first_index + number
            places = None if index in present else self._around(index)
            if places is not None:
                words = f"order {index}, which {record.trader} revealed for this slot, is missing"
                yield from self._proof(Refutation.ORDER_MISSING, places, words, _revealed(record, number))

    def witnesses_absent(self) -> Iterator[Proof]:
        result = self.sight.result
        for name, witness in (("lower", result.lo_witness), ("upper", result.hi_witness)):
            places = self._around(witness) if result.volume else None
            if places is not None:
                words = f"order {witness}, named as setting the {name} end of the price's interval, is not in this slot"
                yield from self._proof(Refutation.WITNESS_ABSENT, places, words)

    def _around(self, index: int) -> list[int] | None:
        """Places that leave no room for an index: the first order, the last one, or two neighbours."""
        if self.sight.result.order_count == 0:
            return []
        last = self.sight.result.order_count - 1
        for position, leaf in self._edges:
            if (position == 0 and index < leaf.index) or (position == last and index > leaf.index):
                return [position]
        for (left, a), (right, b) in self.neighbours:
            if a.index < index < b.index:
                return [left, right]
        return None

    @cached_property
    def _edges(self) -> list[tuple[int, Leaf]]:
        last = self.sight.result.order_count - 1
        return [(position, leaf) for position, leaf in self.orders if position in (0, last)]

    # ------------------------------------------------------------ a slot that trades

    def overfilled(self) -> Iterator[Proof]:
        for position, leaf in self.orders:
            if leaf.filled > leaf.quantity:
                words = f"order {leaf.index} asks for {_wh(leaf.quantity)} and gets {_wh(leaf.filled)}"
                yield from self._proof(Refutation.OVERFILLED, [position], words)

    def better_not_full(self) -> Iterator[Proof]:
        for position, leaf, gain in self._gains():
            if gain > 0 and leaf.filled != leaf.quantity:
                words = f"{self._order(leaf)} is better than the price and gets {_wh(leaf.filled)}"
                yield from self._proof(Refutation.BETTER_NOT_FULL, [position], words)

    def worse_filled(self) -> Iterator[Proof]:
        for position, leaf, gain in self._gains():
            if gain < 0 and leaf.filled:
                words = f"{self._order(leaf)} is worse than the price and gets {_wh(leaf.filled)}"
                yield from self._proof(Refutation.WORSE_FILLED, [position], words)

    def wrong_shares(self) -> Iterator[Proof]:
        for position, leaf, gain in self._gains():
            share = share_of(leaf, self.sight.result)
            if gain == 0 and share is not None and leaf.filled not in (share, share + 1):
                words = f"{self._order(leaf)} is at the price; its share is {share} Wh, and it gets {leaf.filled} Wh"
                yield from self._proof(Refutation.WRONG_SHARE, [position], words)

    def units_misplaced(self) -> Iterator[Proof]:
        for side in (BUY, 0):
            takers, passed_over = [], []
            for position, leaf, gain in self._gains():
                share = share_of(leaf, self.sight.result)
                if gain or leaf.side != side or share is None:
                    continue
                if leaf.filled == share + 1:
                    takers.append((leaf.index, position))
                elif leaf.filled == share < leaf.quantity:
                    passed_over.append((leaf.index, position))
            if takers and passed_over and max(takers) > min(passed_over):
                (late, taker), (early, other) = max(takers), min(passed_over)
                words = f"order {late} gets an odd Wh at the price that order {early} comes first for"
                yield from self._proof(Refutation.UNIT_MISPLACED, [taker, other], words)

    def beyond_bounds(self) -> Iterator[Proof]:
        result = self.sight.result
        for position, leaf, _ in self._gains():
            on_lo, on_hi = bears(leaf)
            if (on_lo and leaf.limit > result.lo) or (on_hi and leaf.limit < result.hi):
                interval = f"{_price(result.lo)} to {_price(result.hi)}"
                words = f"{self._order(leaf)}, filled {_wh(leaf.filled)}, contradicts the interval {interval}"
                yield from self._proof(Refutation.BEYOND_BOUND, [position], words)

    def lower_witnesses(self) -> Iterator[Proof]:
        result = self.sight.result
        for position, leaf, _ in self._gains():
            on_lo, on_hi = sets(leaf, result)
            if (on_lo and leaf.index < result.lo_witness) or (on_hi and leaf.index < result.hi_witness):
                words = f"{self._order(leaf)} sets an end of the interval, too, and comes before the witness"
                yield from self._proof(Refutation.LOWER_WITNESS, [position], words)

    def idle_witnesses(self) -> Iterator[Proof]:
        result = self.sight.result
        for position, leaf, _ in self._gains():
            on_lo, on_hi = sets(leaf, result)
            if (not on_lo and leaf.index == result.lo_witness) or (not on_hi and leaf.index == result.hi_witness):
                words = f"{self._order(leaf)} is named as a witness of the interval and does not set it"
                yield from self._proof(Refutation.IDLE_WITNESS, [position], words)

    # ------------------------------------------------------------ a slot without trade

    def fills_without_trade(self) -> Iterator[Proof]:
        for position, leaf in self.orders:
            if self.sight.result.volume == 0 and leaf.filled:
                words = f"order {leaf.index} gets {_wh(leaf.filled)}, and nothing trades in the slot"
                yield from self._proof(Refutation.FILL_WITHOUT_TRADE, [position], words)

    def crossings(self) -> Iterator[Proof]:
        if self.sight.result.volume:
            return
        buys = [(leaf.limit, -position) for position, leaf in self.orders if leaf.side == BUY]
        sells = [(leaf.limit, position) for position, leaf in self.orders if leaf.side != BUY]
        if buys and sells and max(buys)[0] >= min(sells)[0]:
            (bid, buy), (ask, sell) = max(buys), min(sells)
            words = f"nothing trades in the slot, though a bid of {_price(bid)} meets an ask of {_price(ask)}"
            yield from self._proof(Refutation.CROSSING_UNCLEARED, [-buy, sell], words)

    # ------------------------------------------------------------ internals

    def _gains(self) -> Iterator[tuple[int, Leaf, int]]:
        """Where energy trades: each known order with how much better than the price its limit is."""
        price = self.sight.result.price
        if self.sight.result.volume:
            for position, leaf in self.orders:
                yield position, leaf, leaf.limit - price if leaf.side == BUY else price - leaf.limit

    def _order(self, leaf: Leaf) -> str:
        side = "bid" if leaf.side == BUY else "ask"
        price = _price(self.sight.result.price)
        return f"the {side} {leaf.index} of {_wh(leaf.quantity)} at {_price(leaf.limit)} (price {price})"

    def _proof(
        self, kind: Refutation, positions: list[int], words: str, revealed: RevealedOrder = NOTHING_REVEALED
    ) -> Iterator[Proof]:
        opened = [leaf_place(self.sight, position) for position in positions]
        return self._opened(kind, opened, words, revealed)

    def _opened(
        self,
        kind: Refutation,
        opened: list[TreePlace | None],
        words: str,
        revealed: RevealedOrder = NOTHING_REVEALED,
    ) -> Iterator[Proof]:
        """The proof, if all its paths are known and the contract would accept it."""
        places = tuple(one for one in opened if one is not None)
        if len(places) == len(opened):
            proof = Proof(self.slot, kind, places, revealed, f"slot {self.slot}: {words}")
            if refusal(self.records, self.slot, self.sight.result, kind, places, revealed) is None:
                yield proof


def _revealed(record: Record, number: int) -> RevealedOrder:
    return RevealedOrder(record.trader, number, record.encoded)


def _wh(energy_wh: int) -> str:
    return show_kwh(EnergyWh(energy_wh))


def _price(price: int) -> str:
    return show_eur_kwh(PriceUekwh(price))


_KINDS: tuple[Callable[[Search], Iterator[Proof]], ...] = (
    Search.paddings_misplaced,
    Search.paddings_replaced,
    Search.leaf_sums,
    Search.padding_sums,
    Search.node_sums,
    Search.overfilled,
    Search.better_not_full,
    Search.worse_filled,
    Search.wrong_shares,
    Search.beyond_bounds,
    Search.lower_witnesses,
    Search.idle_witnesses,
    Search.fills_without_trade,
    Search.leaves_unlike_reveal,
    Search.indices_not_ascending,
    Search.units_misplaced,
    Search.crossings,
    Search.witnesses_absent,
    Search.orders_missing,
)
