"""Books for the tests of clearing: from plain orders, and drawn by hypothesis with the adversary's favourites."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from commons.units import PRICE_LIMIT, QUANTITY_LIMIT
from oracle.clearing.types import Book
from tests.oracle.clearing.brute_force import Bid

LARGEST = QUANTITY_LIMIT - 1
HIGHEST = PRICE_LIMIT - 1


@dataclass(frozen=True)
class Slotted:
    """An order and the slot that it is for."""

    slot: int
    bid: Bid


def trader_of(index: int) -> bytes:
    """Some trader for an order; neighbours share one."""
    return (0xA0000 + index // 3).to_bytes(20, "big")


def book_of(orders: list[Slotted]) -> Book:
    """The book that lists the orders, by ascending index."""
    bids = [order.bid for order in orders]
    traders = b"".join(trader_of(bid.index) for bid in bids)
    return Book(
        index=np.array([bid.index for bid in bids], dtype=np.uint32),
        trader=np.frombuffer(traders, dtype=np.uint8).reshape(-1, 20),
        slot=np.array([order.slot for order in orders], dtype=np.uint16),
        is_buy=np.array([bid.is_buy for bid in bids], dtype=bool),
        quantity=np.array([bid.quantity for bid in bids], dtype=np.int64),
        limit=np.array([bid.limit for bid in bids], dtype=np.int64),
    )


def one_slot(*orders: tuple[bool, int, int]) -> list[Slotted]:
    """Orders (is_buy, quantity, limit) of one slot, indices from 0."""
    return [Slotted(0, Bid(index, *order)) for index, order in enumerate(orders)]


quantities = st.one_of(
    st.integers(1, 9), st.just(1), st.integers(1, LARGEST), st.sampled_from([LARGEST, LARGEST - 1, 1 << 39, 1000])
)
limits = st.one_of(
    st.integers(1, 6), st.integers(1, HIGHEST), st.sampled_from([1, 2, HIGHEST, HIGHEST - 1, 100_000, 100_001, 1 << 39])
)


@st.composite
def slotted_orders(draw: st.DrawFn, slots: int = 3, most: int = 25) -> list[Slotted]:
    """Orders over some slots, with ties, gaps in the indices and prices from a small or a huge range."""
    few_limits = st.sampled_from(draw(st.lists(limits, min_size=1, max_size=4)))
    limit = draw(st.sampled_from([few_limits, limits]))
    drawn = draw(
        st.lists(
            st.tuples(st.integers(0, slots - 1), st.booleans(), quantities, limit, st.integers(1, 3)), max_size=most
        )
    )
    index, orders = -1, []
    for slot, is_buy, quantity, price, step in drawn:
        index += step
        orders.append(Slotted(slot, Bid(index, is_buy, quantity, price)))
    return orders


@st.composite
def small_orders(draw: st.DrawFn) -> list[Bid]:
    """Orders of a few Wh in one slot, so that one can count unit by unit."""
    drawn = draw(st.lists(st.tuples(st.booleans(), st.integers(1, 6), st.integers(1, 8)), max_size=12))
    return [Bid(index, *order) for index, order in enumerate(drawn)]
