"""An operator killed at every instruction that leaves a trace: an incentive is divided once, by each operator once."""

from collections import Counter
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
from tests.support.rewards import meter_day, notarise_day, pass_window, prepare_day, usual_flows

AMOUNT = MoneyUe(96 * UE_PER_EURO)


@pytest.mark.parametrize("only", ["", "before publish", "before broadcast", "after broadcast", "before receipt"])
def test_operators__killed_at_every_instruction__divide_an_incentive_once(
    world: World, tmp_path: Path, only: str
) -> None:
    operators = evidence_desks(world, tmp_path)
    day = prepare_day(world, parameters=None)
    for operator in operators:
        meter_day(operator, day, usual_flows(world))
    notarise_day(world, operators, day)
    grid = day_grid(day)
    world.chain.send(world.issuer, funds.mint_call(world.contracts.euro, world.admin.address, AMOUNT))
    for call in incentives.record_calls(world.contracts, "GSE 1", DEFAULT_RULE, grid.start, grid.end, AMOUNT):
        world.chain.send(world.admin, call)
    traps = [Trap(only) for _ in operators]

    for _ in range(2):
        for operator, trap in zip(operators, traps, strict=True):
            die_and_resume(operator, trap)
    pass_window(world)

    events = world.chain.events([world.contracts.treasury.address, world.contracts.quorum.address], 0)
    assert [event.name for event in events].count("SplitPosted") == 1
    view = incentives.incentive(world.reader, 1)
    question = world.chain.call(world.contracts.treasury.call("splitQuestion", 1))
    votes = Counter(e.args["operator"] for e in events if e.name == "Attested" and e.args["question"] == question)
    assert votes == {operator.signer.address: 1 for operator in operators}
    assert 0 < view.final_at <= world.chain.now()
    for operator in operators:
        rows = operator.pipeline.journal.sendings()
        assert {row.state for row in rows} == {SendingState.DONE}
        assert len({row.nonce for row in rows}) == len(rows)
    assert all(trap.sprung for trap in traps)
