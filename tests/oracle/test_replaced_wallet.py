"""A wallet replaced in mid-session, on a chain: committed with the old one, settled by the one meter, paid, audited."""

from pathlib import Path

import pytest

from commons.actions import funds
from commons.actions.community import replace_wallet
from commons.orders import Order
from commons.records import SessionState
from commons.units import MoneyUe
from commons.wallets import Signer
from oracle.audit.audit import audit
from oracle.audit.types import Verdict
from oracle.options import Options
from oracle.session.types import SessionView
from scripts.audit import gather
from tests.support.chain import ESCROW, World
from tests.support.evidence import evidence_desks, jump_to_freeze, open_evidence_day
from tests.support.market import SLOTS, Day, OperatorDesk, buy, desks, open_day, sell, step

BUYS = [buy(slot, 1000, 200_000) for slot in range(SLOTS)]
"""Of each of Alice's wallets; Bob sells them 2000 Wh in each slot, at 150,000 µ€/kWh, between their limits."""
METER: list[int | None] = [2000, 1700, 600, None]
OLD_PAYS = (150_000 + 150_000 + 90_000, 0, (1000 - 600 - 50) * 50)
NEW_PAYS = (150_000 + 105_000, 0, (1000 - 700 - 50) * 50 + (1000 - 50) * 50)
BOB_GETS = (0, 300_000 + 255_000 + 90_000, 0)


@pytest.fixture
def newcomer(stranger: Signer) -> Signer:
    """The wallet that replaces Alice's."""
    return stranger


def orders(world: World) -> dict[Signer, list[Order]]:
    """What is committed before Alice's wallet is lost."""
    return {world.alice: BUYS, world.bob: [sell(slot, 2000, 100_000) for slot in range(SLOTS)]}


def replace_alice(day: Day, newcomer: Signer) -> Day:
    """Alice's wallet is replaced, and the new one is given money and commits too; the day with both."""
    world = day.world
    replace_wallet(world.reader, world.admin, world.alice.address, newcomer)
    world.chain.send(world.issuer, funds.mint_call(world.contracts.euro, newcomer.address, ESCROW))
    funds.deposit(world.reader, newcomer, ESCROW)
    Day(world, day.session_id, {newcomer: BUYS}).commit()
    return Day(world, day.session_id, {world.alice: BUYS, newcomer: BUYS, world.bob: orders(world)[world.bob]})


def meter(day: Day, operators: list[OperatorDesk]) -> None:
    """Every operator reads Alice's one meter, and Bob's, which delivers all that he sells."""
    world = day.world
    for operator in operators:
        operator.meter(day.view, {world.alice.address: METER, world.bob.address: [-2000] * SLOTS})


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
    day = replace_alice(open_evidence_day(world, orders(world)), newcomer)
    meter(day, operators)
    day.reveal()
    step(operators)
    day.deliver()
    jump_to_freeze(day)
    step(operators)
    world.jump(world.reader.window_limits().challenge)
    step(operators)
    day.object()
    step(operators)
    require_paid(day, operators, newcomer)
