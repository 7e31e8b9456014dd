"""The clearing rule: golden vectors, the brute-force reference under hypothesis, and the ends of every range."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from commons.errors import MalformedOrders
from oracle.clearing.outcome import outcome_of
from oracle.clearing.rule import clear
from oracle.clearing.types import MOST_ORDERS_PER_SLOT, NO_WITNESS, Book, Clearing
from scripts.clear import parse, show
from tests.golden import names, vectors
from tests.oracle.clearing import brute_force
from tests.oracle.clearing.books import HIGHEST, LARGEST, Slotted, book_of, one_slot, slotted_orders, small_orders

BUY, SELL = True, False
CASES = vectors("clearing")


def as_chain(found: int | None) -> int:
    return 0 if found is None else found


def assert_equals_reference(orders: list[Slotted], clearing: Clearing, slot_count: int) -> None:
    fills: dict[int, int] = {}
    for slot in range(slot_count):
        expected = brute_force.clear_slot([order.bid for order in orders if order.slot == slot])
        fills |= expected.fills
        assert clearing.volume[slot] == expected.volume
        assert clearing.lo[slot] == as_chain(expected.lo)
        assert clearing.hi[slot] == as_chain(expected.hi)
        assert clearing.price[slot] == as_chain(expected.price)
        assert clearing.lo_witness[slot] == (NO_WITNESS if expected.lo_witness is None else expected.lo_witness)
        assert clearing.hi_witness[slot] == (NO_WITNESS if expected.hi_witness is None else expected.hi_witness)
    assert clearing.filled.tolist() == [fills[order.bid.index] for order in orders]


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("index", 0, "order 0 does not ascend"),
        ("slot", 2, "order 1 is for a slot beyond the last, 1"),
        ("quantity", 0, "order 1 is not of 1 to"),
        ("quantity", LARGEST + 1, "order 1 is not of 1 to"),
        ("limit", 0, "order 1 has no limit"),
        ("limit", HIGHEST + 1, "order 1 has no limit"),
    ],
)
def test_book__one_past_each_limit__is_refused_naming_the_order(column: str, value: int, why: str) -> None:
    book = book_of(one_slot((BUY, 1, 1), (SELL, LARGEST, HIGHEST)))
    getattr(book, column)[1] = value
    with pytest.raises(MalformedOrders, match=why):
        outcome_of(book, 2)


def test_book__one_order_too_many_in_a_slot__is_refused() -> None:
    count = MOST_ORDERS_PER_SLOT + 1
    ones = np.ones(count, dtype=np.int64)
    traders, slots = np.zeros((count, 20), dtype=np.uint8), np.zeros(count, dtype=np.uint16)
    book = Book(np.arange(count, dtype=np.uint32), traders, slots, ones > 0, ones, ones)
    with pytest.raises(MalformedOrders, match="more than 2²⁰ orders"):
        book.require_sound(1)
    slots[-1] = 1
    book.require_sound(2)


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_outcome__golden_vectors__agrees(case: dict[str, Any]) -> None:
    book, slot_count = parse(case["input"])
    assert show(book, outcome_of(book, slot_count)) == case["expected"]


@given(small_orders())
def test_reference__small_orders__finds_the_volume_that_counting_units_finds(bids: list[brute_force.Bid]) -> None:
    assert brute_force.clear_slot(bids).volume == brute_force.largest_volume_unit_by_unit(bids)


@given(small_orders())
def test_clear__small_orders__equals_reference(bids: list[brute_force.Bid]) -> None:
    orders = [Slotted(0, bid) for bid in bids]
    assert_equals_reference(orders, clear(book_of(orders), 1), 1)


@given(slotted_orders())
def test_clear__adversarial_orders__equals_reference(orders: list[Slotted]) -> None:
    assert_equals_reference(orders, clear(book_of(orders), 3), 3)


@given(slotted_orders())
def test_clear__any_orders__conserves_energy_and_prices_nobody_out(orders: list[Slotted]) -> None:
    book = book_of(orders)
    clearing = clear(book, 3)
    price, filled = clearing.price[book.slot], clearing.filled
    assert ((filled >= 0) & (filled <= book.quantity)).all()
    assert (clearing.lo <= clearing.price).all()
    assert (clearing.price <= clearing.hi).all()
    assert (np.where(book.is_buy, price <= book.limit, price >= book.limit) | (filled == 0)).all()
    for side in (book.is_buy, ~book.is_buy):
        for slot in range(3):
            assert sum(filled[side & (book.slot == slot)].tolist()) == clearing.volume[slot]


@pytest.mark.parametrize("count", [2, 3, 1000])
def test_clear__everybody_at_one_limit_with_the_largest_quantities__shares_exactly(count: int) -> None:
    orders = one_slot(*[(index % 3 == 0, LARGEST - index % 7, HIGHEST) for index in range(count)])
    assert_equals_reference(orders, clear(book_of(orders), 1), 1)


def test_clear__single_units_against_the_largest_quantity__gives_odd_units_to_the_first() -> None:
    orders = one_slot((SELL, 10, 5), (BUY, LARGEST, 5), (BUY, 1, 5), (BUY, 1, 5))
    clearing = clear(book_of(orders), 1)
    assert clearing.filled.tolist() == [10, 10, 0, 0]
    assert_equals_reference(orders, clearing, 1)


def test_clear__no_orders__trades_nothing() -> None:
    clearing = clear(book_of([]), 2)
    assert clearing.volume.tolist() == clearing.price.tolist() == [0, 0]
    assert clearing.lo_witness.tolist() == [NO_WITNESS, NO_WITNESS]


def test_clear__limits_at_both_ends_of_the_range__meet_in_the_middle() -> None:
    orders = one_slot((BUY, 5, HIGHEST), (SELL, 5, 1))
    clearing = clear(book_of(orders), 1)
    assert (clearing.lo[0], clearing.hi[0], clearing.price[0]) == (1, HIGHEST, (1 + HIGHEST) // 2)


def test_clear__more_orders_than_stacks_can_walk_quickly__equals_reference() -> None:
    generator = np.random.default_rng(11)
    orders = [
        Slotted(int(slot), brute_force.Bid(index, bool(buy), int(quantity), int(limit)))
        for index, (slot, buy, quantity, limit) in enumerate(
            zip(
                generator.integers(0, 5, 20_000),
                generator.random(20_000) < 0.4,
                generator.integers(1, LARGEST, 20_000),
                generator.integers(1, 300, 20_000) * (HIGHEST // 300),
                strict=True,
            )
        )
    ]
    assert_equals_reference(orders, clear(book_of(orders), 5), 5)
