"""The posting checks: silent for every honest outcome, and a sentence for each thing that may not be posted."""

from typing import Any

import pytest
from hypothesis import given

from commons.units import PriceUekwh
from oracle.clearing.checks import posting_violations
from oracle.clearing.outcome import outcome_of
from oracle.clearing.types import NO_WITNESS, SlotResult
from tests.oracle.clearing.books import HIGHEST, Slotted, book_of, one_slot, slotted_orders

ORDERS = one_slot((True, 1000, 300), (False, 600, 100), (False, 300, 300), (False, 300, 300), (True, 9, 50))
TRADED = outcome_of(book_of(ORDERS), 1).slots[0].to_chain()
IDLE = outcome_of(book_of(ORDERS[:1]), 1).slots[0].to_chain()
FLOOR, CAP = PriceUekwh(100), PriceUekwh(300)


def complaints(result: SlotResult, revealed: int) -> str:
    return "; ".join(map(str, posting_violations([result], FLOOR, CAP, revealed)))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"buy_filled": 999}, "bought 999 Wh"),
        ({"sell_filled": 1001}, "sold 1001 Wh"),
        ({"volume": 1001}, "volume 1001 Wh"),
        ({"margin_sell_filled": 601}, "more is filled at the margin"),
        ({"margin_buy_filled": 1001}, "more is filled at the margin"),
        ({"margin_buy_quantity": 1001}, "both left unfilled"),
        ({"order_count": 4}, "count 4 orders, and 5 were revealed"),
        ({"order_count": (1 << 20) + 1}, "1048577 orders are more than 2²⁰"),
        ({"lo": 0, "hi": 1, "price": 0}, "trades at the price 0"),
        ({"lo": 99}, "not in ascending order"),
        ({"hi": 301}, "not in ascending order"),
        ({"price": 299}, "not in ascending order"),
        ({"lo": 100}, "not the rounded-down middle"),
        ({"lo_witness": 5}, "witness 5 is no revealed order"),
        ({"hi_witness": NO_WITNESS}, "is no revealed order"),
    ],
)
def test_posting__traded_slot_with_one_figure_wrong__is_complained_about(change: dict[str, Any], why: str) -> None:
    assert complaints(TRADED, 5) == ""
    assert why in complaints(TRADED._replace(**change), 5)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"price": 1}, "and yet there is a price"),
        ({"hi": 1}, "and yet there is a price"),
        ({"margin_buy_quantity": 1}, "and yet orders stand at the margin"),
        ({"lo_witness": 0}, "and yet there is a witness"),
        ({"buy_filled": 1, "sell_filled": 1}, "differ"),
        ({"order_count": 0}, "there are no orders, and yet a tree"),
    ],
)
def test_posting__idle_slot_with_one_figure_wrong__is_complained_about(change: dict[str, Any], why: str) -> None:
    assert complaints(IDLE, 1) == ""
    assert why in complaints(IDLE._replace(**change), 1)


@given(slotted_orders())
def test_posting__every_honest_outcome__is_taken(orders: list[Slotted]) -> None:
    # Indices have gaps here, which those of a session have not: witnesses count against the highest.
    revealed = max((order.bid.index for order in orders), default=-1) + 1
    results = [slot.to_chain() for slot in outcome_of(book_of(orders), 3).slots]
    found = posting_violations(results, PriceUekwh(1), PriceUekwh(HIGHEST), revealed)
    assert [violation for violation in found if violation.slot is not None] == []
    assert sum(result.order_count for result in results) == len(orders)
