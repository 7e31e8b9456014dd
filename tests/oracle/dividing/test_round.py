"""Incentives divided by operators: killed at every instruction, each votes once; who is outvoted says so."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from commons.actions import funds, incentives
from commons.slots import day_grid
from commons.units import UE_PER_EURO, MoneyUe
from oracle.incentive.rule import DEFAULT_RULE
from oracle.journal import SendingState
from tests.support.chain import World
from tests.support.crash import Trap, die_and_resume
from tests.support.evidence import evidence_desks
from tests.support.market import OperatorDesk
from tests.support.rewards import meter_day, notarise_day, pass_window, prepare_day, usual_flows

AMOUNT = MoneyUe(96 * UE_PER_EURO)


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """Three operators who notarised a day, for which the community then received an incentive."""
    found = evidence_desks(world, tmp_path)
    day = prepare_day(world, parameters=None)
    for operator in found:
        meter_day(operator, day, usual_flows(world))
    notarise_day(world, found, day)
    grid = day_grid(day)
    world.chain.send(world.issuer, funds.mint_call(world.contracts.euro, world.admin.address, AMOUNT))
    for call in incentives.record_calls(world.contracts, "GSE 1", DEFAULT_RULE, grid.start, grid.end, AMOUNT):
        world.chain.send(world.admin, call)
    return found


@pytest.mark.parametrize("only", ["", "before publish", "before broadcast", "after broadcast", "before receipt"])
def test_operators__killed_at_every_instruction__divide_an_incentive_once(
    world: World, operators: list[OperatorDesk], only: str
) -> None:
    traps = [Trap(only) for _ in operators]

    for _ in range(2):
        for operator, trap in zip(operators, traps, strict=True):
            die_and_resume(operator, trap)
    pass_window(world)

    events = world.chain.events([world.contracts.treasury.address, world.contracts.quorum.address], 0)
    assert [event.name for event in events].count("SplitPosted") == 1
    view = incentives.incentive(world.reader, 1)
    asked = question(world)
    votes = Counter(e.args["operator"] for e in events if e.name == "Attested" and e.args["question"] == asked)
    assert votes == {operator.signer.address: 1 for operator in operators}
    assert 0 < view.final_at <= world.chain.now()
    for operator in operators:
        rows = operator.pipeline.journal.sendings()
        assert {row.state for row in rows} == {SendingState.DONE}
        assert len({row.nonce for row in rows}) == len(rows)
    assert all(trap.sprung for trap in traps)


def test_operator__another_division_is_accepted__fails_visibly_and_votes_for_none(
    world: World, operators: list[OperatorDesk]
) -> None:
    contracts, chain = world.contracts, world.chain
    operators[0].pipeline.step()
    (own,) = chain.events(contracts.treasury.address, 0, names=("SplitPosted",))
    chain.send(operators[0].signer, contracts.quorum.call("withdrawVote", question(world), own.args["answer"]))
    wrong = replace(own.args["split"], root=b"\x11" * 32)
    posted = chain.send(operators[0].signer, incentives.post_call(contracts, 1, wrong, "another"))
    answer = next(event.args["answer"] for event in posted.events if event.name == "SplitPosted")
    chain.send(operators[1].signer, contracts.quorum.call("attest", question(world), answer))

    report = operators[2].pipeline.step()

    assert report.has_failed
    assert "another division of incentive 1 was accepted" in str(report)
    assert not world.reader.backs(question(world), answer, operators[2].signer.address)


def question(world: World) -> bytes:
    """What operators are asked about the incentive."""
    asked: bytes = world.chain.call(world.contracts.treasury.call("splitQuestion", 1))
    return asked
