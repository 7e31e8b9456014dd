"""An operator killed at every instruction that leaves a trace: rewards are posted once, and everybody is paid once."""

from collections import Counter
from pathlib import Path

import pytest

from oracle.journal import SendingState
from tests.support.chain import World
from tests.support.crash import Trap, die_and_resume
from tests.support.evidence import evidence_desks
from tests.support.rewards import earned, meter_day, notarise_day, pass_window, prepare_day, tokens_of, usual_flows

SENT = ("RewardModels.postBatch", "RewardModels.claimMany")


@pytest.mark.parametrize("only", ["", "before broadcast", "after broadcast", "before receipt", "after record"])
def test_operators__killed_at_every_instruction__post_rewards_once_and_pay_everybody_once(
    world: World, tmp_path: Path, only: str
) -> None:
    operators = evidence_desks(world, tmp_path)
    day = prepare_day(world)
    for operator in operators:
        meter_day(operator, day, usual_flows(world))
    notarise_day(world, operators, day)
    traps = [Trap(only) for _ in operators]
    for _ in range(2):
        for operator, trap in zip(operators, traps, strict=True):
            die_and_resume(operator, trap)
        pass_window(world)

    events = world.chain.events([world.contracts.rewards.address, world.contracts.quorum.address], 0)
    assert [event.name for event in events].count("BatchPosted") == 1
    claimed = Counter(event.args["member"] for event in events if event.name == "RewardClaimed")
    assert claimed == dict.fromkeys(earned(world), 1)
    assert {member.address: tokens_of(world, member.address) for member in world.members} == earned(world)
    for operator in operators:
        rows = operator.pipeline.journal.sendings()
        assert {row.state for row in rows} == {SendingState.DONE}
        assert len({row.nonce for row in rows}) == len(rows)
    if "broadcast" in only or "receipt" in only:
        acts = [moment for trap in traps for moment in trap.sprung]
        assert all(any(call in moment for moment in acts) for call in SENT)
