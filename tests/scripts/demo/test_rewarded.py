"""What the demo tells of a day's rewards: waits for what is on its way, and for nothing else."""

from datetime import date
from pathlib import Path

import pytest

from commons.units import EpochSeconds
from scripts.demo import rewarded
from scripts.demo.rewarded import Rewarded, wait_for_rewards
from tests.support.chain import World
from tests.support.evidence import evidence_desks
from tests.support.market import OperatorDesk, step
from tests.support.rewards import earned, meter_day, notarise_day, prepare_day, usual_flows


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """The three operators, each with the members' keys."""
    return evidence_desks(world, tmp_path)


def test_rewards__of_a_day_without_a_model__are_not_waited_for(world: World) -> None:
    assert wait_for_rewards(world.reader, [date(2026, 1, 1)], None) == []


def test_rewards__that_nobody_posts__are_given_up(
    world: World, operators: list[OperatorDesk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewarded, "PATIENCE_S", 0.2)
    day = prepare_day(world)
    assert wait_for_rewards(world.reader, [day], None) == []


def test_rewards__in_their_window__are_jumped_to_and_told_once_they_are_paid(
    world: World, operators: list[OperatorDesk]
) -> None:
    day = prepare_day(world)
    for operator in operators:
        meter_day(operator, day, usual_flows(world))
    notarise_day(world, operators, day)
    step(operators)

    def jump_to(moment: EpochSeconds) -> None:
        world.jump_to(moment)
        step(operators)

    found = wait_for_rewards(world.reader, [day], jump_to)
    assert found == [Rewarded(day, 4, sum(earned(world).values()))]
    assert found[0].told().startswith("4 homes got 9.6 tokens for ")
