"""What an outcome must look like to be posted, rule by rule, and that Solidity and Python build the same tree."""

from typing import Any

import pytest
from eth_abi.abi import encode
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from commons.orders import Order
from commons.units import PriceUekwh
from oracle.clearing.checks import posting_violations
from oracle.clearing.outcome import slots_hash
from oracle.clearing.types import NO_WITNESS, SlotResult
from tests.contracts.chain import refusal_of, refused
from tests.contracts.community import Implementations, Person
from tests.contracts.market import book_of, order_proof

SLOT_RESULT = "(uint64,uint64,uint64,uint32,uint32,uint64,uint32,bytes32,uint64,uint64,uint64,uint64,uint64,uint64)"
FLOOR, CAP = 100, 500_000
REVEALED = 2
ROOT = b"\x11" * 32

TRADE = SlotResult(150, 100, 200, 0, 1, 1000, 2, ROOT, 1000, 1000, 500, 500, 300, 300)
IDLE = SlotResult(0, 0, 0, NO_WITNESS, NO_WITNESS, 0, 2, ROOT, 0, 0, 0, 0, 0, 0)
EMPTY = SlotResult(0, 0, 0, NO_WITNESS, NO_WITNESS, 0, 0, bytes(32), 0, 0, 0, 0, 0, 0)

BROKEN: list[tuple[str, SlotResult]] = [
    ("order count", TRADE._replace(order_count=2**20 + 1)),
    ("filled is volume", TRADE._replace(buy_filled=1001)),
    ("filled is volume", TRADE._replace(sell_filled=999)),
    ("filled is volume", TRADE._replace(volume=1001)),
    ("filled is volume", IDLE._replace(buy_filled=1, sell_filled=1)),
    ("empty slot", EMPTY._replace(root=ROOT)),
    ("empty slot", TRADE._replace(order_count=0, root=bytes(32))),
    ("no trade, no price", IDLE._replace(price=150)),
    ("no trade, no price", IDLE._replace(lo=1)),
    ("no trade, no price", IDLE._replace(hi=1)),
    ("no trade, no margin", IDLE._replace(margin_buy_quantity=1)),
    ("no trade, no margin", IDLE._replace(margin_buy_filled=1)),
    ("no trade, no margin", IDLE._replace(margin_sell_quantity=1)),
    ("no trade, no margin", IDLE._replace(margin_sell_filled=1)),
    ("no trade, no witness", IDLE._replace(lo_witness=0)),
    ("no trade, no witness", IDLE._replace(hi_witness=NO_WITNESS - 1)),
    ("price interval", TRADE._replace(lo=FLOOR - 1, hi=201)),
    ("price interval", TRADE._replace(lo=CAP, hi=CAP + 1, price=CAP)),
    ("price interval", TRADE._replace(lo=200, hi=100)),
    ("midpoint", TRADE._replace(price=151)),
    ("midpoint", TRADE._replace(price=149)),
    ("midpoint", TRADE._replace(hi=202)),
    ("witness", TRADE._replace(lo_witness=REVEALED)),
    ("witness", TRADE._replace(hi_witness=REVEALED)),
    ("witness", TRADE._replace(lo_witness=NO_WITNESS)),
    ("margin", TRADE._replace(margin_buy_filled=501)),
    ("margin", TRADE._replace(margin_sell_quantity=299)),
    ("both margins unfilled", TRADE._replace(margin_buy_filled=499, margin_sell_filled=299)),
]

FINE = {
    "prices at floor and cap": TRADE._replace(lo=FLOOR, hi=CAP, price=(FLOOR + CAP) // 2),
    "rounded down": TRADE._replace(hi=201),
    "one price": TRADE._replace(lo=150, hi=150),
    "buys ration": TRADE._replace(margin_buy_filled=499),
    "sells ration": TRADE._replace(margin_sell_filled=0),
    "one witness for both": TRADE._replace(lo_witness=1, hi_witness=1),
    "orders and no trade": IDLE,
}


def check(platform: Implementations, results: list[SlotResult], revealed: int = REVEALED, floor: int = FLOOR) -> Any:
    """`checkResults` with its arguments."""
    return platform.verifier.checkResults, encode([f"{SLOT_RESULT}[]"], [results]), revealed, floor, CAP


# ---------------------------------------------------------------- posting


@pytest.mark.parametrize(("rule", "result"), BROKEN)
@pytest.mark.parametrize("slot", [0, 1])
def test_result__that_breaks_one_rule__is_refused_by_its_name(
    platform: Implementations, stranger: Person, rule: str, result: SlotResult, slot: int
) -> None:
    results = [EMPTY, result] if slot else [result, EMPTY]
    name = rule.encode().ljust(32, b"\0")
    refused("ImpossibleResult", *check(platform, results), by=stranger, slot=slot, check=name)


def test_result__with_a_price_of_zero__is_refused(platform: Implementations, stranger: Person) -> None:
    """Margin orders could not be told from others: limits are at least 1."""
    name = b"midpoint".ljust(32, b"\0")
    for lo, hi in ((0, 0), (0, 1)):
        free = TRADE._replace(price=0, lo=lo, hi=hi)
        refused("ImpossibleResult", *check(platform, [free], floor=0), by=stranger, check=name)


@pytest.mark.parametrize("case", FINE)
def test_result__at_the_limit_of_a_rule__is_taken(platform: Implementations, stranger: Person, case: str) -> None:
    assert refusal_of(*check(platform, [FINE[case]]), by=stranger) is None


def test_result__of_as_many_orders_as_a_slot_holds__is_taken(platform: Implementations, stranger: Person) -> None:
    full = TRADE._replace(order_count=2**20)
    assert refusal_of(*check(platform, [full], revealed=2**20), by=stranger) is None


@pytest.mark.parametrize("revealed", [1, 3])
def test_results__that_count_other_orders_than_were_revealed__are_refused(
    platform: Implementations, stranger: Person, revealed: int
) -> None:
    call = check(platform, [IDLE, EMPTY], revealed=revealed)
    refused("WrongOrderTotal", *call, by=stranger, counted=2, revealed=revealed)


def test_results__hash_alike_in_solidity_and_python(platform: Implementations) -> None:
    results = [TRADE, EMPTY, TRADE._replace(lo=150, hi=150)]
    function, *arguments = check(platform, results, revealed=4)
    assert bytes(function(*arguments)) == slots_hash(results)


small = st.integers(0, 3)
slot_results = st.builds(
    SlotResult,
    price=small,
    lo=small,
    hi=small,
    lo_witness=st.sampled_from([0, 1, 2, NO_WITNESS]),
    hi_witness=st.sampled_from([0, 1, 2, NO_WITNESS]),
    volume=small,
    order_count=small,
    root=st.sampled_from([bytes(32), ROOT]),
    buy_filled=small,
    sell_filled=small,
    margin_buy_quantity=small,
    margin_buy_filled=small,
    margin_sell_quantity=small,
    margin_sell_filled=small,
)
"""Results over so few figures that many of them nearly hold."""


@st.composite
def nearly_right(draw: Any) -> SlotResult:
    """A result that holds, with up to two fields changed."""
    lo, hi = sorted((draw(st.integers(0, 3)), draw(st.integers(0, 3))))
    trade = TRADE._replace(lo=lo, hi=hi, price=(lo + hi) // 2, order_count=2)
    result: SlotResult = draw(st.sampled_from([trade, IDLE, EMPTY]))
    other = draw(slot_results)
    for field in draw(st.lists(st.sampled_from(SlotResult._fields), max_size=2)):
        result = result._replace(**{field: getattr(other, field)})
    return result


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(result=nearly_right(), floor=st.integers(0, 2))
def test_results__refused_by_solidity__are_those_refused_by_python(
    platform: Implementations, stranger: Person, result: SlotResult, floor: int
) -> None:
    violations = posting_violations([result], PriceUekwh(floor), PriceUekwh(CAP), result.order_count)
    refusal = refusal_of(*check(platform, [result], result.order_count, floor), by=stranger)
    assert bool(violations) == (refusal is not None), (violations, refusal)


# ---------------------------------------------------------------- the tree


@st.composite
def order_books(draw: Any) -> list[tuple[int, Order]]:
    """Orders of three traders over two slots: trader and order."""
    order = st.builds(
        Order,
        slot=st.integers(0, 1),
        is_buy=st.booleans(),
        quantity_wh=st.integers(1, 9),
        limit_price=st.integers(1, 4),
    )
    return list(draw(st.lists(st.tuples(st.integers(0, 2), order), min_size=1, max_size=9)))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=order_books())
def test_order__of_a_random_book__stands_in_solidity_where_python_put_it(
    platform: Implementations, alice: Person, bob: Person, carol: Person, orders: list[tuple[int, Order]]
) -> None:
    people = (alice, bob, carol)
    book = book_of((people[place], order) for place, order in orders)
    for index in range(len(orders)):
        outcome, order = order_proof(book, 2, index)
        assert refusal_of(platform.verifier.checkOrder, outcome, order, by=alice) is None


ORDER_FIELDS = ("index", "trader", "isBuy", "quantityWh", "limitPrice", "filledWh", "position")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=order_books(), data=st.data())
def test_order__changed_in_any_field_or_its_path__does_not_stand(
    platform: Implementations, alice: Person, bob: Person, carol: Person, orders: list[tuple[int, Order]], data: Any
) -> None:
    people = (alice, bob, carol)
    book = book_of((people[place], order) for place, order in orders)
    outcome, order = order_proof(book, 2, data.draw(st.integers(0, len(orders) - 1)))
    siblings, sums = order[7], order[8]
    part = data.draw(st.sampled_from([*range(7), "sibling", "sum"] if siblings else [*range(7)]))
    if part == "sibling":
        level = data.draw(st.integers(0, len(siblings) - 1))
        wrong = bytes([siblings[level][0] ^ 1]) + siblings[level][1:]
        changed = (*order[:7], [*siblings[:level], wrong, *siblings[level + 1 :]], sums)
    elif part == "sum":
        level, place = data.draw(st.integers(0, len(sums) - 1)), data.draw(st.integers(0, 5))
        wrong = [value + (1 if at == place else 0) for at, value in enumerate(sums[level])]
        changed = (*order[:8], [*sums[:level], wrong, *sums[level + 1 :]])
    else:
        other = {1: alice.address if order[1] != alice.address else bob.address, 2: not order[2]}
        changed = (*order[:part], other.get(part, _next(order[part])), *order[part + 1 :])
    assume(changed != order)
    refused("InvalidProof", platform.verifier.checkOrder, outcome, changed, by=alice)


def _next(value: Any) -> Any:
    return value + 1 if isinstance(value, int) else value


def one_order(alice: Person, bob: Person) -> tuple[Any, Any]:
    """A proof in a tree of three leaves and one padding."""
    orders = [Order(0, True, 5, 3), Order(0, False, 4, 2), Order(0, True, 5, 3)]  # type: ignore[arg-type]
    return order_proof(book_of(zip((alice, bob, alice), orders, strict=True)), 2, 0)


def test_order__with_a_path_too_short_or_too_long__does_not_stand(
    platform: Implementations, alice: Person, bob: Person
) -> None:
    outcome, order = one_order(alice, bob)
    check_order = platform.verifier.checkOrder
    short = (*order[:7], order[7][:1], order[8][:1])
    long = (*order[:7], [*order[7], bytes(32)], [*order[8], [0] * 6])
    for wrong in (short, long):
        refused("InvalidProof", check_order, outcome, wrong, by=alice)
    refused("LengthMismatch", check_order, outcome, (*order[:8], order[8][:1]), by=alice, leaves=2, proofs=1)


def test_order__of_padding__does_not_stand(platform: Implementations, alice: Person, bob: Person) -> None:
    outcome, order = one_order(alice, bob)
    refused("InvalidProof", platform.verifier.checkOrder, outcome, (*order[:6], 3, *order[7:]), by=alice)


def test_order__in_a_slot_that_the_outcome_lacks__does_not_stand(
    platform: Implementations, alice: Person, bob: Person
) -> None:
    outcome, order = one_order(alice, bob)
    beyond = (2, *outcome[1:])
    refused("WrongResultCount", platform.verifier.checkOrder, beyond, order, by=alice, count=2, required=3)
    other = (1, *outcome[1:])
    refused("InvalidProof", platform.verifier.checkOrder, other, order, by=alice)
