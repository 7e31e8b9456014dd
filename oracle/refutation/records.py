"""What a session's traders revealed, as refutations ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from eth_abi.abi import encode

from commons.addresses import Address, address_bytes
from commons.orders import Order
from oracle.refutation.places import BUY, Leaf
from oracle.session.types import SessionView


@dataclass(frozen=True)
class Record:
    """The orders of one trader, with consecutive indices from `first_index` on."""

    trader: Address
    first_index: int
    orders: tuple[Order, ...]

    @cached_property
    def encoded(self) -> bytes:
        """`abi.encode(Order[])`, whose digest the contract keeps."""
        rows = [(order.slot, order.is_buy, order.quantity_wh, order.limit_price) for order in self.orders]
        return encode(["(uint16,bool,uint64,uint64)[]"], [rows])

    def leaf(self, number: int, filled: int) -> Leaf:
        """An order of these as a right tree has it."""
        order = self.orders[number]
        side = BUY if order.is_buy else 0
        return Leaf(
            self.first_index + number,
            address_bytes(self.trader),
            side,
            order.quantity_wh,
            order.limit_price,
            filled,
        )


@dataclass(frozen=True)
class Records:
    """The records of a session by trader."""

    by_trader: Mapping[bytes, Record]

    @classmethod
    def of(cls, view: SessionView) -> "Records":
        """Those that a session's reveals left."""
        records = [Record(reveal.trader, reveal.first_index, reveal.orders) for reveal in view.reveals]
        return cls({address_bytes(record.trader): record for record in records})

    def order_of(self, leaf: Leaf) -> tuple[Record, int] | None:
        """The record that a leaf claims to be from, and which order; None where there is none."""
        record = self.by_trader.get(leaf.trader)
        if record is None or not 0 <= leaf.index - record.first_index < len(record.orders):
            return None
        return record, leaf.index - record.first_index

    def is_true(self, leaf: Leaf, slot: int) -> bool:
        """Whether a leaf is what its trader revealed, its fill apart."""
        found = self.order_of(leaf)
        if found is None:
            return False
        record, number = found
        return record.orders[number].slot == slot and record.leaf(number, leaf.filled) == leaf

    def of_slot(self, slot: int) -> list[tuple[Record, int]]:
        """The orders of a slot by ascending index: whose, and which of theirs."""
        found = [
            (record.first_index + number, record, number)
            for record in self.by_trader.values()
            for number, order in enumerate(record.orders)
            if order.slot == slot
        ]
        return [(record, number) for _, record, number in sorted(found, key=lambda entry: entry[0])]
