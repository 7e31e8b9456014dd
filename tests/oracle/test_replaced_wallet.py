"""A wallet replaced in mid-session, on a chain: committed with the old one, settled by the one meter, paid, audited."""

from pathlib import Path

import pytest

from commons.records import SessionState
from commons.units import MoneyUe
from commons.wallets import Signer
from oracle.audit.audit import audit
from oracle.audit.types import Verdict
from oracle.options import Options
from oracle.session.types import SessionView
from scripts.audit import gather
from tests.support.chain import ESCROW, World
from tests.support.evidence import evidence_desks
from tests.support.market import Day, OperatorDesk, desks, open_day, step
from tests.support.replacement import meter, orders, replace_alice, settle_notarised

OLD_PAYS = (150_000 + 150_000 + 90_000, 0, (1000 - 600 - 50) * 50)
NEW_PAYS = (150_000 + 105_000, 0, (1000 - 700 - 50) * 50 + (1000 - 50) * 50)
BOB_GETS = (0, 300_000 + 255_000 + 90_000, 0)


@pytest.fixture
def newcomer(stranger: Signer) -> Signer:
    """The wallet that replaces Alice's."""
    return stranger


def require_paid(day: Day, operators: list[OperatorDesk], newcomer: Signer) -> None:
    """Each wallet paid for what it took from the meter, an audit agrees, and all of the escrow follows the member."""
    world = day.world
    assert world.reader.state(day.session_id) == SessionState.CLOSED
    assert money(day.view) == {
        world.alice.address: OLD_PAYS,
        newcomer.address: NEW_PAYS,
        world.bob.address: BOB_GETS,
    }
    report = audit(gather(world.reader, day.session_id, operators[0].published))
    assert {found.verdict for found in report.steps} == {Verdict.RIGHT}, report
    world.jump(world.chain.call(world.contracts.community.call("replacementDelay")))
    world.chain.send(newcomer, world.contracts.marketplace.call("moveEscrow", world.alice.address))
    left = MoneyUe(2 * ESCROW - sum(OLD_PAYS) - sum(NEW_PAYS))
    assert world.reader.funds(newcomer.address).free == left
    assert world.reader.funds(world.alice.address).balance == 0


def money(view: SessionView) -> dict[str, tuple[int, int, int]]:
    """Debit, credit and penalty executed, per trader."""
    return {one.trader: (one.debit, one.credit, one.penalty) for one in view.executions}


def test_session__wallet_replaced_after_it_committed__both_wallets_pay_by_the_members_meter(
    world: World, newcomer: Signer, tmp_path: Path
) -> None:
    operators = desks(world, tmp_path, Options(stagger_blocks=0, readings_grace_s=0))
    day = replace_alice(open_day(world, orders(world)), newcomer)
    meter(day, operators)
    day.reveal()
    step(operators)
    day.deliver()
    step(operators)
    day.object()
    step(operators)
    require_paid(day, operators, newcomer)


def test_session__wallet_replaced_where_readings_are_notarised__both_wallets_pay_by_the_members_meter(
    world: World, newcomer: Signer, tmp_path: Path
) -> None:
    operators = evidence_desks(world, tmp_path)
    day = settle_notarised(world, operators, newcomer)
    day.object()
    step(operators)
    require_paid(day, operators, newcomer)
