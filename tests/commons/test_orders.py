"""Orders: refused exactly where the contract refuses them, committed to by the same bytes, bounded from above."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.addresses import address
from commons.errors import MalformedOrders
from commons.keccak import keccak256
from commons.orders import Order, OrderRules, bounds, commitment, orders_hash, require_valid
from commons.units import PRICE_LIMIT, QUANTITY_LIMIT, EnergyWh, PriceUekwh, SessionId, SlotIndex, euro_up
from tests.golden import names, vectors

RULES = OrderRules(
    slot_count=24,
    floor_price=PriceUekwh(50_000),
    cap_price=PriceUekwh(400_000),
    smallest_order_wh=EnergyWh(100),
    most_orders=3,
)
CASES = vectors("orders")


def order(slot: int = 0, buy: bool = True, quantity: int = 100, limit: int = 50_000) -> Order:
    return Order(SlotIndex(slot), buy, EnergyWh(quantity), PriceUekwh(limit))


def orders_of(case: dict[str, Any]) -> list[Order]:
    return [order(o["slot"], o["side"] == "buy", o["quantity_wh"], o["limit_price"]) for o in case["input"]["orders"]]


@pytest.mark.parametrize(
    ("orders", "why"),
    [
        ([], "no order"),
        ([order()] * 4, "4 orders.*takes 3"),
        ([order(slot=24)], "order 1: slot 24.*0 to 23"),
        ([order(slot=-1)], "slot -1"),
        ([order(), order(quantity=99)], "order 2: quantity 99 Wh is below the smallest order of 100 Wh"),
        ([order(quantity=QUANTITY_LIMIT)], "not below 2⁴⁰"),
        ([order(limit=49_999)], "49999 µ€/kWh is outside 50000 to 400000"),
        ([order(limit=400_001)], "400001"),
        ([order(slot=1), order(slot=0)], "order 2: slot 0 comes after slot 1"),
        ([order(buy=True), order(buy=False)], "both sides"),
    ],
)
def test_require_valid__one_past_each_limit__is_refused_naming_the_figure(orders: list[Order], why: str) -> None:
    with pytest.raises(MalformedOrders, match=why):
        require_valid(orders, RULES)


@pytest.mark.parametrize(("floor", "limit"), [(0, 0), (1, 0)])
def test_require_valid__limit_zero__is_refused_at_any_floor(floor: int, limit: int) -> None:
    with pytest.raises(MalformedOrders, match="outside 1 to"):
        require_valid([order(limit=limit)], replace(RULES, floor_price=PriceUekwh(floor)))


def test_require_valid__at_each_limit__is_taken() -> None:
    require_valid([order(), order(slot=23, buy=False, limit=400_000), order(23, False, QUANTITY_LIMIT - 1)], RULES)
    require_valid([order(slot=1), order(slot=1), order(slot=1)], RULES)


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_commitment__golden_vectors__agrees(case: dict[str, Any]) -> None:
    given_ = case["input"]
    found = commitment(
        given_["chain_id"],
        address(given_["marketplace"]),
        SessionId(given_["session_id"]),
        address(given_["trader"]),
        orders_of(case),
        bytes.fromhex(given_["salt"][2:]),
    )
    assert "0x" + found.hex() == case["expected"]["commitment"]
    assert "0x" + orders_hash(orders_of(case)).hex() == case["expected"]["orders_hash"]


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_bounds__golden_vectors__agree(case: dict[str, Any]) -> None:
    given_ = case["input"]
    found = bounds(orders_of(case), PriceUekwh(given_["penalty_price"]), PriceUekwh(given_["cap_price"]))
    expected = case["expected"]
    assert (found.max_debit, found.max_penalty, found.max_credit, found.lock) == (
        expected["max_debit"],
        expected["max_penalty"],
        expected["max_credit"],
        expected["lock"],
    )


def test_orders_hash__words_by_hand__agrees() -> None:
    figures = [32, 2, 3, 1, 1000, 150_000, 3, 1, 7, 1]
    words = b"".join(figure.to_bytes(32, "big") for figure in figures)
    assert orders_hash([order(3, True, 1000, 150_000), order(3, True, 7, 1)]) == keccak256(words)


@given(st.lists(st.tuples(st.integers(1, 1 << 40), st.integers(1, PRICE_LIMIT)), min_size=1, max_size=5))
def test_bounds__any_orders__cover_the_sum_rounded_once(drawn: list[tuple[int, int]]) -> None:
    price = min(limit for _, limit in drawn)
    orders = [order(quantity=quantity, limit=limit) for quantity, limit in drawn]
    filled = EnergyWh(sum(quantity for quantity, _ in drawn))
    assert bounds(orders, PriceUekwh(7), PriceUekwh(9)).max_debit >= euro_up(filled, PriceUekwh(price))
    assert bounds(orders, PriceUekwh(7), PriceUekwh(9)).max_penalty >= euro_up(filled, PriceUekwh(7))
