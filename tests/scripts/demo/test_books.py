"""The demo prints no figure before publication, chain and escrow agree on the money."""

from dataclasses import replace
from pathlib import Path

import pytest

from commons.errors import AuditMismatch
from commons.units import MoneyUe
from oracle.publication.reading import read_settlement
from oracle.publication.settlement import SettlementDocument
from oracle.session.types import SessionView
from oracle.settlement.types import Totals
from scripts.demo.books import net_ue, require_balances, require_settled
from tests.support.chain import World
from tests.support.market import Day, OperatorDesk, desks, open_day, run_to_end, usual_orders, usual_readings


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """The three operators."""
    return desks(world, tmp_path)


@pytest.fixture
def day(world: World, operators: list[OperatorDesk]) -> Day:
    """A session that was settled and paid."""
    opened = open_day(world, usual_orders(world))
    for operator in operators:
        operator.meter(opened.view, usual_readings(world))
    run_to_end(opened, operators)
    return opened


@pytest.fixture
def document(day: Day, operators: list[OperatorDesk]) -> SettlementDocument:
    """The published settlement."""
    accepted = day.view.accepted_settlement()
    assert accepted is not None
    return read_settlement(operators[0].published, accepted.data_cid)


def test_require_settled__a_settlement_as_published__passes(day: Day, document: SettlementDocument) -> None:
    require_settled(day.view, document)


def test_require_settled__a_payment_of_one_less__is_named(day: Day, document: SettlementDocument) -> None:
    first, *others = document.members
    cheaper = replace(document, members=(replace(first, debit=MoneyUe(first.debit - 1)), *others))

    with pytest.raises(AuditMismatch, match=f"payments of {first.trader}"):
        require_settled(day.view, cheaper)


def test_require_settled__other_totals__are_named(day: Day, document: SettlementDocument) -> None:
    totals = document.totals
    other = Totals(MoneyUe(totals.debit + 1), totals.credit, totals.penalty)

    with pytest.raises(AuditMismatch, match="totals"):
        require_settled(day.view, replace(document, totals=other))


def test_require_settled__a_leaf_not_executed__is_named(day: Day, document: SettlementDocument) -> None:
    view: SessionView = day.view
    some = replace(view, movements=tuple(m for m in view.movements if m is not view.executions[0]))

    with pytest.raises(AuditMismatch, match=f"payments of {view.executions[0].trader}"):
        require_settled(some, document)


def test_require_balances__every_account__holds_what_its_events_say(world: World, day: Day) -> None:
    require_balances(world.reader, [member.address for member in world.members], day.session_id)


def test_require_balances__events_left_out__is_noticed(world: World, day: Day) -> None:
    late = replace(world.reader, first_block=world.chain.block_number())

    with pytest.raises(AuditMismatch, match="escrow of"):
        require_balances(late, [world.alice.address], day.session_id)


def test_net__all_members__sums_to_what_the_treasury_took(document: SettlementDocument) -> None:
    totals = document.totals

    assert -sum(net_ue(document).values()) == totals.debit + totals.penalty - totals.credit
