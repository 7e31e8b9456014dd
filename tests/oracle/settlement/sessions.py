"""Sessions to settle: tables from plain fills, and whole sessions drawn from books that clear."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from oracle.clearing.rule import clear
from oracle.clearing.types import Book
from oracle.settlement.types import Fills, Readings, fills_of
from tests.oracle.clearing.books import Slotted, book_of, limits, quantities
from tests.oracle.clearing.brute_force import Bid
from tests.oracle.settlement.brute_force import Fill, Reading

SLOTS = 3


def address_of(trader: int) -> bytes:
    return (0xB0000 + trader).to_bytes(20, "big")


@dataclass(frozen=True, eq=False)
class Session:
    """A cleared session with its readings, in both spellings: tables, and plain fills and readings."""

    book: Book
    filled: list[int]
    prices: list[int]
    fills: Fills
    readings: Readings
    plain_fills: list[Fill]
    plain_readings: dict[tuple[int, int], Reading]


def session_of(orders: list[Slotted], trader_of: list[int], plain: dict[tuple[int, int], Reading]) -> Session:
    """Clear the orders, each of the trader at its place in `trader_of`, and lay the readings over the traders."""
    book = book_of(orders)
    traders = np.frombuffer(b"".join(map(address_of, trader_of)), dtype=np.uint8).reshape(-1, 20)
    book = Book(book.index, traders, book.slot, book.is_buy, book.quantity, book.limit)
    clearing = clear(book, SLOTS)
    fills = fills_of(book, clearing.filled, SLOTS)
    first: dict[int, int] = {}
    for order, trader in zip(orders, trader_of, strict=True):
        first.setdefault(trader, order.bid.index)
    filled = clearing.filled.tolist()
    plain_fills = [
        Fill(trader, first[trader], order.slot, order.bid.is_buy, wh)
        for order, trader, wh in zip(orders, trader_of, filled, strict=True)
    ]
    readings = readings_over(sorted(first, key=lambda trader: first[trader]), plain)
    return Session(book, filled, clearing.price.tolist(), fills, readings, plain_fills, plain)


def readings_over(traders: list[int], plain: dict[tuple[int, int], Reading]) -> Readings:
    """The table of the readings, a row per trader."""
    shape = (len(traders), SLOTS)
    readings = Readings(np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, bool))
    for row, trader in enumerate(traders):
        for slot in range(SLOTS):
            if (trader, slot) in plain:
                readings.withdrawn[row, slot], readings.injected[row, slot] = plain[trader, slot]
                readings.present[row, slot] = True
    return readings


energies = st.one_of(st.integers(0, 12), st.integers(0, (1 << 41) - 1))


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """Up to six traders with orders sorted by slot, on one side in each, and any readings."""
    orders: list[Slotted] = []
    trader_of: list[int] = []
    for trader in draw(st.permutations(range(draw(st.integers(1, 6))))):
        drawn = draw(st.lists(st.tuples(st.integers(0, SLOTS - 1), quantities, limits), min_size=1, max_size=5))
        buys = draw(st.lists(st.booleans(), min_size=SLOTS, max_size=SLOTS))
        for slot, quantity, limit in sorted(drawn, key=lambda order: order[0]):
            orders.append(Slotted(slot, Bid(len(orders), buys[slot], quantity, limit)))
            trader_of.append(trader)
    keys = st.tuples(st.integers(0, 6), st.integers(0, SLOTS - 1))
    return session_of(orders, trader_of, draw(st.dictionaries(keys, st.tuples(energies, energies), max_size=18)))
