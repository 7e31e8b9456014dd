"""The driver moves the clock only where nobody is busy, and never past what falls due."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from commons.addresses import Address
from commons.slots import local_day, local_days, local_midnight
from commons.units import EpochSeconds
from oracle.options import Options
from scripts.demo.watch import Day as LocalDay
from scripts.demo.watch import days_of, is_over, look, waiting
from tests.support.chain import World
from tests.support.market import Day, OperatorDesk, desks, open_day, step, usual_orders, usual_readings

OPTIONS = Options(freeze_s=600)


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """The three operators."""
    return desks(world, tmp_path)


@pytest.fixture
def day(world: World) -> Day:
    """A session whose orders are revealed."""
    opened = open_day(world, usual_orders(world))
    opened.reveal()
    return opened


def addresses(world: World) -> list[Address]:
    return [operator.address for operator in world.operators]


def test_waiting__outcome_missing__is_busy_and_has_no_moment(world: World, day: Day) -> None:
    found = waiting(day.view, world.chain.now(), addresses(world), [], OPTIONS)

    assert found.is_busy
    assert found.moments == ()


def test_waiting__one_of_three_silent__is_busy_but_has_the_windows_end(
    world: World, day: Day, operators: list[OperatorDesk]
) -> None:
    step(operators[:2])
    view = day.view

    found = waiting(view, world.chain.now(), addresses(world), [], OPTIONS)

    assert found.is_busy
    assert found.moments == (view.outcome_ballot.final_at,)


def test_waiting__everybody_has_voted__has_the_windows_end_alone(
    world: World, day: Day, operators: list[OperatorDesk]
) -> None:
    step(operators)
    view = day.view

    found = waiting(view, world.chain.now(), addresses(world), [], OPTIONS)

    assert not found.is_busy
    assert found.moments == (view.outcome_ballot.final_at,)


@pytest.mark.parametrize(
    ("after_end_s", "final_in_s", "is_busy", "moment_s"),
    [
        (-7200, 0, False, 600),  # the day has not ended: its freeze is next
        (0, 0, False, 600),
        (600, 0, True, None),  # frozen: the operators post and attest
        (600, 660, False, 660),  # accepted: its window is next
        (660, 660, True, None),  # notarised: the operators settle
    ],
)
def test_waiting__delivered__has_the_moments_of_the_days_dataset(
    world: World,
    day: Day,
    operators: list[OperatorDesk],
    after_end_s: int,
    final_in_s: int,
    is_busy: bool,
    moment_s: int | None,
) -> None:
    step(operators)
    day.deliver()
    local = local_day(day.view.parameters.delivery_start)
    end = local_midnight(local + timedelta(days=1))
    one = LocalDay(local, EpochSeconds(end + final_in_s if final_in_s else 0))
    view = replace(day.view, parameters=replace(day.view.parameters, settlement_timeout=EpochSeconds(end + 10**6)))

    found = waiting(view, EpochSeconds(end + after_end_s), addresses(world), [one], OPTIONS)

    assert found.is_busy == is_busy
    assert found.moments == (() if moment_s is None else (end + moment_s,))


def test_days_of__session__are_its_local_days_not_notarised(world: World, day: Day) -> None:
    grid = day.view.grid
    days = days_of(world.reader, day.view)
    assert [one.day for one in days] == list(local_days(grid.start, grid.end))
    assert {one.final_at for one in days} == {0}


def test_is_over__paid_session__nothing_is_left(world: World, day: Day, operators: list[OperatorDesk]) -> None:
    for operator in operators:
        operator.meter(day.view, usual_readings(world))
    step(operators)
    day.deliver()
    step(operators)
    day.object()
    assert not is_over(day.view, world.chain.now(), addresses(world))
    step(operators)

    view, now = look(world.reader, day.session_id)

    assert is_over(view, now, addresses(world))
    assert view == day.view


def test_look__from_the_block_of_its_opening__sees_the_same(world: World, day: Day) -> None:
    everything, _ = look(world.reader, day.session_id)

    since_opening, now = look(world.reader, day.session_id, everything.opened_block)

    assert since_opening == everything
    assert now == EpochSeconds(world.chain.now())
