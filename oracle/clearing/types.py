"""What goes into clearing and what comes out: a book of orders; prices, fills and one result per slot.

Quantities are Wh, prices µ€/kWh. Columns are numpy arrays of one length, in ascending order index.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from commons.errors import MalformedOrders
from commons.units import PRICE_LIMIT, QUANTITY_LIMIT, EnergyWh, OrderIndex, PriceUekwh, SlotIndex

NO_WITNESS = 0xFFFFFFFF
NO_ROOT = bytes(32)
MOST_ORDERS_PER_SLOT = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """The revealed orders of a session, by ascending order index; every column has one entry per order."""

    index: NDArray[np.uint32]
    trader: NDArray[np.uint8]
    """(n, 20): the address of each order's trader."""
    slot: NDArray[np.uint16]
    is_buy: NDArray[np.bool_]
    quantity: NDArray[np.int64]
    """Wh, 1 to 2⁴⁰ − 1."""
    limit: NDArray[np.int64]
    """µ€/kWh, 1 to 2⁴⁰ − 1."""

    def __len__(self) -> int:
        return len(self.index)

    def require_sound(self, slot_count: int) -> None:
        """Refuse what no chain can have revealed, so that clearing need not look again.

        Raises:
            MalformedOrders: order indices do not ascend; a slot, quantity or limit is out of range; a slot is too full.
        """
        _refuse_any(np.append(False, self.index[1:] <= self.index[:-1]), self.index, "does not ascend")
        _refuse_any(self.slot >= slot_count, self.index, f"is for a slot beyond the last, {slot_count - 1}")
        _refuse_any((self.quantity < 1) | (self.quantity >= QUANTITY_LIMIT), self.index, "is not of 1 to 2⁴⁰ − 1 Wh")
        _refuse_any((self.limit < 1) | (self.limit >= PRICE_LIMIT), self.index, "has no limit of 1 to 2⁴⁰ − 1 µ€/kWh")
        if len(self) and int(np.bincount(self.slot).max()) > MOST_ORDERS_PER_SLOT:
            raise MalformedOrders("a slot holds more than 2²⁰ orders", remedy="Open sessions of fewer members.")


def _refuse_any(wrong: NDArray[np.bool_], index: NDArray[np.uint32], how: str) -> None:
    if len(index) and wrong.any():
        first = int(index[int(np.argmax(wrong))])
        raise MalformedOrders(f"order {first} {how}", which=first, remedy="Read the reveals from the chain again.")


@dataclass(frozen=True, slots=True, eq=False)
class Clearing:
    """What the rule decides: per slot prices and volume (all 0, witnesses `NO_WITNESS`, where none trades); fills."""

    price: NDArray[np.int64]
    lo: NDArray[np.int64]
    hi: NDArray[np.int64]
    lo_witness: NDArray[np.uint32]
    hi_witness: NDArray[np.uint32]
    volume: NDArray[np.int64]
    filled: NDArray[np.int64]
    """(n,) Wh filled of each order of the book."""


class Sums(NamedTuple):
    """What an allocation tree adds up; Wh. A margin order is one whose limit is the slot's price."""

    buy_filled: int
    sell_filled: int
    margin_buy_quantity: int
    margin_buy_filled: int
    margin_sell_quantity: int
    margin_sell_filled: int


NO_SUMS = Sums(0, 0, 0, 0, 0, 0)


class SlotResult(NamedTuple):
    """A slot's outcome as the chain has it, in the order of Solidity's `SlotResult`."""

    price: int
    lo: int
    hi: int
    lo_witness: int
    hi_witness: int
    volume: int
    order_count: int
    root: bytes
    buy_filled: int
    sell_filled: int
    margin_buy_quantity: int
    margin_buy_filled: int
    margin_sell_quantity: int
    margin_sell_filled: int


@dataclass(frozen=True, slots=True)
class SlotOutcome:
    """A slot's outcome; price, interval and witnesses are None where nothing trades."""

    slot: SlotIndex
    price: PriceUekwh | None
    lo: PriceUekwh | None
    hi: PriceUekwh | None
    lo_witness: OrderIndex | None
    hi_witness: OrderIndex | None
    volume: EnergyWh
    order_count: int
    root: bytes
    sums: Sums

    def to_chain(self) -> SlotResult:
        """The same as Solidity has it: 0 and `NO_WITNESS` for None."""
        return SlotResult(
            self.price or 0,
            self.lo or 0,
            self.hi or 0,
            NO_WITNESS if self.lo_witness is None else self.lo_witness,
            NO_WITNESS if self.hi_witness is None else self.hi_witness,
            self.volume,
            self.order_count,
            self.root,
            *self.sums,
        )

    @classmethod
    def from_chain(cls, slot: int, result: SlotResult) -> "SlotOutcome":
        """The outcome of `slot` that a posted result says."""
        trades = result.volume > 0
        return cls(
            slot=SlotIndex(slot),
            price=PriceUekwh(result.price) if trades else None,
            lo=PriceUekwh(result.lo) if trades else None,
            hi=PriceUekwh(result.hi) if trades else None,
            lo_witness=OrderIndex(result.lo_witness) if trades else None,
            hi_witness=OrderIndex(result.hi_witness) if trades else None,
            volume=EnergyWh(result.volume),
            order_count=result.order_count,
            root=result.root,
            sums=Sums(*result[8:]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The outcome of a session: one result per slot, and the Wh filled of each order of the book."""

    slots: tuple[SlotOutcome, ...]
    filled: NDArray[np.int64]
