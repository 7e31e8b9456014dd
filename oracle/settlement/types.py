"""What goes into settlement and what comes out: tables of traders by slots, and what each member owes and gets.

Every table has a row per trader that revealed, by ascending first order index, and a column per slot. Energy is Wh,
prices µ€/kWh, money µ€. Money tables are int64 where the largest sum provably fits, else Python integers (dtype
object): the figures are exact either way.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commons.addresses import Address, address_of
from commons.errors import AuditMismatch, MalformedInput
from commons.units import BasisPoints, EnergyWh, MoneyUe, PriceUekwh, SessionId
from oracle.clearing.types import Book

EnergyTable = NDArray[np.int64]
FlagTable = NDArray[np.bool_]
MoneyTable = NDArray[Any]


@dataclass(frozen=True, slots=True)
class SettlementRules:
    """What a session says about settling: penalty price (µ€/kWh), tolerance (bps, ≤ 10000), excused missing slots."""

    session_id: SessionId
    penalty_price: PriceUekwh
    tolerance: BasisPoints
    missing_allowance: int


@dataclass(frozen=True, slots=True, eq=False)
class Fills:
    """Who traded what: per trader and slot the Wh filled, and on which side (meaningless where nothing is filled)."""

    trader: NDArray[np.uint8]
    """(traders, 20): addresses."""
    first_index: NDArray[np.uint32]
    """(traders,): the lowest order index of each trader, ascending."""
    is_buy: FlagTable
    filled: EnergyTable

    @property
    def traders(self) -> list[Address]:
        """The traders' addresses, row by row."""
        return [address_of(row.tobytes()) for row in self.trader]


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What the exchange points of each trader metered in each slot; where `present` is False nothing else counts."""

    withdrawn: EnergyTable
    injected: EnergyTable
    present: FlagTable
    meter: NDArray[np.int64] | None = None
    """(traders,): the row of the first trader whose points are the same; None where each has points of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Step A's result and step B's input, and all of it public: filled, counted and missing energy.

    `missing` is a slot with filled energy and no reading, `excused` one of the first such slots of a trader, within
    the session's allowance.
    """

    fills: Fills
    counted: EnergyTable
    missing: FlagTable
    excused: FlagTable

    def require_sound(self, missing_allowance: int) -> None:
        """Refuse a table that no reading could have led to.

        Raises:
            AuditMismatch: naming the first trader and slot, what the table says, and what it may say.
        """
        filled = self.fills.filled
        self._refuse_any((self.counted < 0) | (self.counted > filled), "counts more than was filled, or less than 0")
        self._refuse_any(self.missing & (filled == 0), "is missing, though nothing was filled")
        self._refuse_any(self.missing & (self.counted != 0), "is missing, and yet counts energy")
        self._refuse_any(
            self.excused != excused_within(self.missing, missing_allowance),
            "is excused, or not, against the allowance of the session",
        )

    def _refuse_any(self, wrong: FlagTable, how: str) -> None:
        if wrong.any():
            row, slot = (int(at) for at in np.argwhere(wrong)[0])
            trader = self.fills.traders[row]
            counted, filled = int(self.counted[row, slot]), int(self.fills.filled[row, slot])
            raise AuditMismatch(
                f"slot {slot} of {trader} {how}: {counted} Wh of {filled}",
                which=trader,
                remedy="Object to the settlement while its window is open.",
            )


def excused_within(missing: FlagTable, missing_allowance: int) -> FlagTable:
    """The first `missing_allowance` missing slots of each trader, in slot order."""
    return missing & (np.cumsum(missing, axis=1) <= missing_allowance)


@dataclass(frozen=True, slots=True)
class MemberSettlement:
    """What one member owes and gets for the session: one leaf of the settlement tree."""

    trader: Address
    debit: MoneyUe
    credit: MoneyUe
    penalty: MoneyUe


@dataclass(frozen=True, slots=True)
class Totals:
    """The members' sums, posted with the root; debits are never below credits."""

    debit: MoneyUe
    credit: MoneyUe
    penalty: MoneyUe


@dataclass(frozen=True, slots=True, eq=False)
class Settlement:
    """The settlement of a session: per trader and slot, per member, in total, and the root to be attested."""

    scaled: EnergyTable
    """Wh that settle, both sides of a slot being equal."""
    settled: tuple[EnergyWh, ...]
    """Wh settled per slot."""
    debit: MoneyTable
    credit: MoneyTable
    penalty: MoneyTable
    members: tuple[MemberSettlement, ...]
    totals: Totals
    root: bytes


def fills_of(book: Book, filled: NDArray[np.int64], slot_count: int) -> Fills:
    """The fills of a session's traders: those of several orders in one slot added up.

    Args:
        filled: (orders,) Wh filled of each order of the book.

    Raises:
        MalformedInput: a trader has orders on both sides of a slot, which no reveal can contain.
    """
    packed = np.ascontiguousarray(book.trader).view("V20").reshape(-1)
    _, firsts, of_order = np.unique(packed, return_index=True, return_inverse=True)
    by_first = np.argsort(firsts)
    row = np.argsort(by_first)[of_order]
    is_buy = np.zeros((len(firsts), slot_count), dtype=bool)
    is_buy[row, book.slot] = book.is_buy
    torn = is_buy[row, book.slot] != book.is_buy
    if torn.any():
        order = int(book.index[int(np.argmax(torn))])
        raise MalformedInput(
            f"order {order}: its trader has orders on both sides of a slot",
            which=order,
            remedy="A trader either buys or sells in a slot; read the reveals from the chain again.",
        )
    table = np.zeros((len(firsts), slot_count), dtype=np.int64)
    np.add.at(table, (row, book.slot), filled)
    first_orders = firsts[by_first]
    return Fills(book.trader[first_orders], book.index[first_orders], is_buy, table)
