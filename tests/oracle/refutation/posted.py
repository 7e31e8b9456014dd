"""A posted slot in which anything may be wrong: leaves, recorded sums and result are set one by one, then hashed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from commons.addresses import address_bytes, address_of
from commons.orders import Order
from commons.units import EnergyWh, PriceUekwh, SlotIndex
from oracle.clearing.outcome import outcome_of
from oracle.clearing.tree import Node
from oracle.clearing.types import NO_ROOT, NO_SUMS, Book, SlotResult, Sums
from oracle.refutation.places import BUY, Leaf, OpenedTree, depth_of, node_hash
from oracle.refutation.records import Record, Records

UINT64 = (1 << 64) - 1
FLOOR, CAP = PriceUekwh(1), PriceUekwh(1 << 40)


@dataclass
class Slot:
    """One slot as somebody posts it.

    `leaves` reach as far as the tree does, None for padding; `lies` are sums recorded for a node in place of the right
    ones. `result` holds what is posted; `hashed` puts the root into it, and the root's sums unless told otherwise.
    """

    slot: int
    result: SlotResult
    leaves: list[Leaf | None]
    lies: dict[tuple[int, int], Sums] = field(default_factory=dict)

    def copy(self) -> "Slot":
        """One to change."""
        return Slot(self.slot, self.result, list(self.leaves), dict(self.lies))

    def tree(self) -> dict[tuple[int, int], Node]:
        """All nodes with the sums recorded for them."""
        depth = depth_of(max(self.result.order_count, 1))
        leaves = [*self.leaves, *[None] * ((1 << depth) - len(self.leaves))][: 1 << depth]
        nodes = {
            (0, place): Node(
                NO_ROOT if leaf is None else leaf.hash(),
                self.lies.get((0, place), NO_SUMS if leaf is None else leaf.sums(self.result.price)),
            )
            for place, leaf in enumerate(leaves)
        }
        for level in range(1, depth + 1):
            for place in range(1 << (depth - level)):
                left, right = nodes[level - 1, 2 * place], nodes[level - 1, 2 * place + 1]
                plain = Sums(*((a + b) & UINT64 for a, b in zip(left.sums, right.sums, strict=True)))
                nodes[level, place] = Node(node_hash(left, right), self.lies.get((level, place), plain))
        return nodes

    def hashed(self, keep_sums: bool = False) -> "Slot":
        """The same with the root of its tree, and the root's sums, filled in."""
        if self.result.order_count == 0:
            return self
        nodes = self.tree()
        root = nodes[max(nodes)]
        sums = self.result[8:] if keep_sums else root.sums
        return replace(self, result=SlotResult(*self.result[:7], root.hash, *sums))

    def with_volume(self) -> "Slot":
        """The same with the volume that its sums say."""
        return replace(self, result=self.result._replace(volume=self.result.buy_filled))

    def sight(self) -> OpenedTree:
        """All that there is to know of it."""
        sight = OpenedTree(self.result)
        if self.result.order_count:
            depth = depth_of(self.result.order_count)
            known = self.tree()
            known.pop((depth, 0))
            sight.nodes.update(known)
            padded = [*self.leaves, *[None] * ((1 << depth) - len(self.leaves))][: 1 << depth]
            sight.opened.update(enumerate(padded))
        return sight


@dataclass(frozen=True)
class Market:
    """Revealed orders, and the right outcome of them."""

    book: Book
    records: Records
    slots: tuple[Slot, ...]

    @property
    def revealed(self) -> int:
        """How many orders."""
        return len(self.book)


def market_of(orders: Sequence[Sequence[Order]], slot_count: int) -> Market:
    """The market in which these traders revealed these orders, one after the other."""
    by_trader: dict[bytes, Record] = {}
    first = 0
    for number, theirs in enumerate(orders):
        trader = (0xA11CE + number).to_bytes(20, "big")
        by_trader[trader] = Record(address_of(trader), first, tuple(theirs))
        first += len(theirs)
    return market(Records(by_trader), slot_count)


def market(records: Records, slot_count: int) -> Market:
    """The market of these records."""
    by_index = sorted(records.by_trader.values(), key=lambda record: record.first_index)
    rows = [(r.first_index + number, r, order) for r in by_index for number, order in enumerate(r.orders)]
    book = book_of(rows)
    outcome = outcome_of(book, slot_count)
    filled = dict(zip(book.index.tolist(), outcome.filled.tolist(), strict=True))
    slots = []
    for slot in range(slot_count):
        leaves: list[Leaf | None] = [
            record.leaf(number, filled[record.first_index + number]) for record, number in records.of_slot(slot)
        ]
        slots.append(Slot(slot, outcome.slots[slot].to_chain(), leaves))
    return Market(book, records, tuple(slots))


def book_of(rows: "Sequence[tuple[int, Record, Order]]") -> Book:
    """The book that lists orders by ascending index."""
    traders = b"".join(address_bytes(record.trader) for _, record, _ in rows)
    return Book(
        index=np.array([index for index, _, _ in rows], dtype=np.uint32),
        trader=np.frombuffer(traders, dtype=np.uint8).reshape(-1, 20),
        slot=np.array([order.slot for _, _, order in rows], dtype=np.uint16),
        is_buy=np.array([order.is_buy for _, _, order in rows], dtype=bool),
        quantity=np.array([order.quantity_wh for _, _, order in rows], dtype=np.int64),
        limit=np.array([order.limit_price for _, _, order in rows], dtype=np.int64),
    )


def order(slot: int, side: int, quantity: int, limit: int) -> Order:
    """An order; `side` is 1 for a bid."""
    return Order(SlotIndex(slot), side == BUY, EnergyWh(quantity), PriceUekwh(limit))
