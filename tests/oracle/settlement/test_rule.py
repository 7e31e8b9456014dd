"""The settlement rule: golden vectors, the brute-force reference under hypothesis, and what holds of any session."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from commons.addresses import address_of
from commons.errors import AuditMismatch, InputError, MalformedInput
from commons.merkle import leaf_hash, verify
from commons.orders import Order, bounds
from commons.units import BasisPoints, EnergyWh, PriceUekwh, SessionId, SlotIndex
from oracle.settlement.leaves import settlement_tree
from oracle.settlement.rule import count, settle
from oracle.settlement.types import Counted, Fills, SettlementRules, fills_of
from scripts.settle import parse, show
from tests.golden import names, vectors
from tests.oracle.clearing.books import HIGHEST, book_of, one_slot
from tests.oracle.settlement import brute_force
from tests.oracle.settlement.sessions import Session, sessions
from tests.oracle.settlement.sessions import address_of as trader_address

CASES = vectors("settlement")
RULES = SettlementRules(SessionId(7), PriceUekwh(100_000), BasisPoints(1000), 1)
rules = st.builds(
    SettlementRules,
    st.just(SessionId(7)),
    st.sampled_from([1, 999, 100_000, HIGHEST]).map(PriceUekwh),
    st.sampled_from([0, 1, 1000, 10_000]).map(BasisPoints),
    st.integers(0, 4),
)


def counted_of(session: Session, rules: SettlementRules) -> Counted:
    return count(session.fills, session.readings, rules.missing_allowance)


def one_trader(**tables: list[int]) -> Counted:
    """A table of one buyer over three slots."""
    fills = Fills(
        np.zeros((1, 20), np.uint8), np.zeros(1, np.uint32), np.ones((1, 3), bool), np.array([tables["filled"]])
    )
    flags = (np.array([tables[name]], dtype=bool) for name in ("missing", "excused"))
    return Counted(fills, np.array([tables["counted"]]), *flags)


SOUND = {"filled": [9, 9, 0], "counted": [0, 9, 0], "missing": [1, 0, 0], "excused": [1, 0, 0]}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"counted": [0, 10, 0]}, "slot 1 of 0x0.* counts more than was filled.*10 Wh of 9"),
        ({"counted": [0, -1, 0]}, "slot 1 .* less than 0"),
        ({"counted": [1, 9, 0]}, "slot 0 .* is missing, and yet counts"),
        ({"missing": [1, 0, 1]}, "slot 2 .* though nothing was filled"),
        ({"excused": [0, 0, 0]}, "slot 0 .* is excused, or not"),
        ({"excused": [1, 1, 0]}, "slot 1 .* is excused, or not"),
        ({"missing": [1, 1, 0], "counted": [0, 0, 0], "excused": [1, 1, 0]}, "slot 1 .* is excused, or not"),
    ],
)
def test_counted__table_no_reading_leads_to__is_refused(change: dict[str, list[int]], why: str) -> None:
    one_trader(**SOUND).require_sound(missing_allowance=1)
    with pytest.raises(AuditMismatch, match=why):
        one_trader(**(SOUND | change)).require_sound(missing_allowance=1)


def test_fills_of__trader_on_both_sides_of_a_slot__is_refused() -> None:
    book = book_of(one_slot((True, 5, 9), (False, 5, 9)))
    with pytest.raises(MalformedInput, match="order 0: its trader has orders on both sides"):
        fills_of(book, book.quantity, 1)


def test_tree__nobody_revealed__is_refused() -> None:
    with pytest.raises(InputError, match="no leaves"):
        settlement_tree(SessionId(7), ())


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_settle__golden_vectors__agrees(case: dict[str, Any]) -> None:
    fills, readings, prices, session_rules = parse(case["input"])
    counted = count(fills, readings, session_rules.missing_allowance)
    counted.require_sound(session_rules.missing_allowance)
    assert show(settle(counted, prices, session_rules)) == case["expected"]


@given(sessions(), rules)
def test_settle__any_session__equals_reference(session: Session, rules: SettlementRules) -> None:
    found = settle(counted_of(session, rules), session.prices, rules)
    expected = brute_force.settle(
        session.plain_fills,
        session.plain_readings,
        session.prices,
        rules.penalty_price,
        rules.tolerance,
        rules.missing_allowance,
    )
    assert list(found.settled) == expected.settled
    members = {address_of(trader_address(trader)): money for trader, money in expected.members.items()}
    assert [(m.trader, (m.debit, m.credit, m.penalty)) for m in found.members] == list(members.items())


@given(sessions(), rules)
def test_settle__any_session__conserves_energy_and_takes_at_least_what_it_gives(
    session: Session, rules: SettlementRules
) -> None:
    counted = counted_of(session, rules)
    counted.require_sound(rules.missing_allowance)
    found = settle(counted, session.prices, rules)
    is_buy = counted.fills.is_buy
    assert (np.where(is_buy, found.scaled, 0).sum(axis=0) == np.where(is_buy, 0, found.scaled).sum(axis=0)).all()
    assert ((found.scaled >= 0) & (found.scaled <= counted.counted)).all()
    assert found.totals.debit >= found.totals.credit
    assert found.totals.debit == sum(sum(row) for row in found.debit.tolist())
    assert found.totals.penalty == sum(sum(row) for row in found.penalty.tolist())


@given(sessions(), rules)
def test_settle__any_session__stays_within_each_traders_bounds(session: Session, rules: SettlementRules) -> None:
    found = settle(counted_of(session, rules), session.prices, rules)
    book = session.book
    for row, member in enumerate(found.members):
        own = np.flatnonzero((book.trader == session.fills.trader[row]).all(axis=1))
        columns = (column[own].tolist() for column in (book.slot, book.is_buy, book.quantity, book.limit))
        orders = [
            Order(SlotIndex(s), buys, EnergyWh(wh), PriceUekwh(limit))
            for s, buys, wh, limit in zip(*columns, strict=True)
        ]
        most = bounds(orders, rules.penalty_price, PriceUekwh(HIGHEST))
        assert member.debit <= most.max_debit
        assert member.penalty <= most.max_penalty
        assert member.credit <= most.max_credit
        assert member.debit + member.penalty <= most.lock


@given(sessions())
def test_settle__perfect_meters__settles_every_fill_without_fines(session: Session) -> None:
    filled = session.fills.filled
    perfect = replace(session.readings, withdrawn=filled, injected=filled, present=np.ones(filled.shape, bool))
    found = settle(count(session.fills, perfect, 0), session.prices, RULES)
    assert (found.scaled == filled).all()
    assert found.totals.penalty == 0


@given(sessions(), rules)
def test_tree__every_member__has_a_leaf_that_verifies(session: Session, rules: SettlementRules) -> None:
    found = settle(counted_of(session, rules), session.prices, rules)
    tree = settlement_tree(rules.session_id, found.members)
    types = ["uint256", "address", "uint256", "uint256", "uint256"]
    for place, m in enumerate(found.members):
        leaf = leaf_hash(encode(types, [rules.session_id, m.trader, m.debit, m.credit, m.penalty]))
        assert verify(found.root, leaf, tree.proof(place))


def test_settle__figures_beyond_64_bits__are_exact() -> None:
    energy, price = (1 << 60) - 5, HIGHEST
    fills = Fills(
        np.arange(40, dtype=np.uint8).reshape(2, 20),
        np.array([0, 1], dtype=np.uint32),
        np.array([[True], [False]]),
        np.array([[energy], [energy]], dtype=np.int64),
    )
    flags = np.zeros((2, 1), bool)
    counted = Counted(fills, np.array([[energy // 2 + 1], [energy // 2]], dtype=np.int64), flags, flags)
    found = settle(counted, [price], replace(RULES, penalty_price=PriceUekwh(price), tolerance=BasisPoints(9999)))
    short = energy - energy // 2 - energy * 9999 // 10_000
    assert short < 0
    assert [m.debit for m in found.members] == [-(-(energy // 2) * price // 1000), 0]
    assert [m.credit for m in found.members] == [0, energy // 2 * price // 1000]
    assert found.totals.penalty == 0


def test_settle__filled_nothing__still_has_a_leaf_of_zeros() -> None:
    book = book_of(one_slot((True, 5, 1)))
    fills = fills_of(book, np.zeros(1, dtype=np.int64), 1)
    nothing = np.zeros((1, 1), bool)
    found = settle(Counted(fills, fills.filled, nothing, nothing), [0], RULES)
    assert [(m.debit, m.credit, m.penalty) for m in found.members] == [(0, 0, 0)]
