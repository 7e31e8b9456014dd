"""Operators take local days to the chain, and sessions settle from what was notarised; each refusal says why."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from commons.records import DatasetVersion, SessionState
from commons.slots import day_number, local_day
from commons.units import EpochSeconds
from oracle.archive.archive import Archive
from oracle.measurement.points import point_id as id_of
from oracle.notarisation.round import NO_SESSION
from oracle.publication.reading import read_settlement
from oracle.report import DayReport
from oracle.session.types import Stage
from oracle.voting import Stance
from tests.support.chain import World
from tests.support.evidence import (
    bind_points,
    evidence_desks,
    give_keys,
    jump_to_freeze,
    local_day_of,
    open_evidence_day,
)
from tests.support.market import SALT, Day, OperatorDesk, desks, step, usual_orders, usual_readings


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """The three operators, each with the members' keys."""
    return evidence_desks(world, tmp_path)


@pytest.fixture
def day(world: World, operators: list[OperatorDesk]) -> Day:
    """A session that is cleared and delivered, metered by everybody; its local day is not over."""
    opened = open_evidence_day(world, usual_orders(world))
    for operator in operators:
        operator.meter(opened.view, usual_readings(world))
    opened.reveal()
    step(operators)
    opened.deliver()
    return opened


def reports(operator: OperatorDesk) -> dict[date, DayReport]:
    """What a pass says about days."""
    return {report.day: report for report in operator.pipeline.step().days}


def notarised(world: World, day: date) -> tuple[int, bytes]:
    """The last final version of a day, and its root."""
    version, dataset = world.chain.call(world.contracts.notary.call("latestNotarised", day_number(day)))
    return int(version), dataset.root


def pass_window(world: World) -> None:
    """Let the window for objections to a dataset pass."""
    world.jump(world.reader.window_limits().challenge)


def stands(operator: OperatorDesk, session_id: int) -> str:
    """How a session stands after a pass."""
    return next(one.stands for one in operator.pipeline.step().sessions if one.session_id == session_id)


def test_settlement__day_not_over__waits_for_its_readings_to_be_notarised(
    day: Day, operators: list[OperatorDesk]
) -> None:
    assert stands(operators[0], day.session_id) == f"the readings of {local_day_of(day)} are not notarised yet"
    assert day.view.settlements == ()


def test_settlement__never_notarised__is_cancelled_at_its_timeout(day: Day, operators: list[OperatorDesk]) -> None:
    world = day.world
    world.jump_to(day.view.parameters.settlement_timeout)
    operator = operators[0]
    operator.pipeline.step()
    assert world.reader.state(day.session_id) == SessionState.CANCELLED


def test_days__key_of_a_member_missing__fail_with_the_member_named(world: World, tmp_path: Path) -> None:
    keyless = desks(world, tmp_path)
    opened = open_evidence_day(world, usual_orders(world))
    keyless[0].meter(opened.view, usual_readings(world))
    give_keys(world, keyless, [world.alice])
    jump_to_freeze(opened)

    (report, *_) = keyless[0].pipeline.step().days
    assert report.failure is not None
    assert "is not here, and its readings cannot be salted" in report.failure
    assert "commonwatt oracle import-keys FILE" in report.failure


def test_days__one_after_the_other__are_frozen_posted_attested_and_final(
    day: Day, operators: list[OperatorDesk]
) -> None:
    world, local = day.world, local_day_of(day)
    jump_to_freeze(day)

    posted, attested, late = (reports(operator) for operator in operators)
    assert posted[local].done[0].startswith("posted it (bafk")
    assert attested[local].done[0].startswith("attested it (bafk")
    assert late[local].done[0].startswith("attested it (bafk")
    assert notarised(world, local) == (0, bytes(32))
    pass_window(world)
    roots = {Archive(o.engine, world.contracts.community.address).versions(local)[0].root for o in operators}
    assert {notarised(world, local)} == {(1, root) for root in roots}
    assert reports(operators[0]) == {}


def test_settlement__from_the_notarised_day__names_it_and_pays(day: Day, operators: list[OperatorDesk]) -> None:
    world, local = day.world, local_day_of(day)
    jump_to_freeze(day)
    step(operators)
    pass_window(world)
    step(operators)

    settled = day.view.accepted_settlement()
    assert settled is not None
    assert settled.versions == (DatasetVersion(day_number(local), 1),)
    day.object()
    step(operators)
    assert world.reader.state(day.session_id) == SessionState.CLOSED


def test_settlement__another_from_other_versions__finding_names_day_and_versions(
    day: Day, operators: list[OperatorDesk]
) -> None:
    """Where the corrected readings lead to the same money, the version is all that differs."""
    local = local_day_of(day)
    jump_to_freeze(day)
    step(operators)
    pass_window(day.world)
    step(operators)
    own = day.view.settlements[0]

    def told(*versions: DatasetVersion) -> str:
        other = replace(own, answer=b"\1" * 32, versions=versions)
        view = replace(day.view, settlements=(own, other))
        (finding,) = operators[1].pipeline.voter.findings(view, Stage.SETTLEMENT, Stance.of(own))
        return finding.text.removeprefix(f"operator {own.operator} posted another settlement")

    same = "the published figures are the same"
    assert told(DatasetVersion(day_number(local), 2)) == (
        f"; of {local} it goes by version 2 of the readings, and by version 1 of the readings here: {same}"
    )
    assert told() == f"; of {local} it goes by no notarised readings, and by version 1 of the readings here: {same}"
    assert told(*own.versions) == f": {same}"


def test_settlement__readings_arrive_after_the_freeze__do_not_change_it(
    world: World, operators: list[OperatorDesk]
) -> None:
    """Alice's meter was silent; it reports after the freeze, at one operator before, at another after its vote."""
    opened = open_evidence_day(world, usual_orders(world))
    for operator in operators:
        operator.meter(opened.view, usual_readings(world) | {world.alice.address: [None] * 4})
    opened.reveal()
    step(operators)
    opened.deliver()
    jump_to_freeze(opened)
    step(operators)
    for operator in operators:
        operator.meter(opened.view, {world.alice.address: usual_readings(world)[world.alice.address]})
    pass_window(world)
    step(operators)

    documents = opened.view.settlements
    assert len(documents) == 1
    counted = read_settlement(operators[0].published, documents[0].data_cid).counted
    alice = counted.fills.traders.index(world.alice.address)
    assert counted.missing[alice].all()
    assert not counted.missing[1:].any()


def test_days__an_operator_read_something_else__it_votes_for_nothing_and_says_where(
    world: World, operators: list[OperatorDesk]
) -> None:
    opened = open_evidence_day(world, usual_orders(world))
    for operator in operators[:2]:
        operator.meter(opened.view, usual_readings(world))
    wrong = usual_readings(world) | {world.bob.address: [-1500, -601, -1500, -1500]}
    operators[2].meter(opened.view, wrong)
    opened.reveal()
    step(operators)
    opened.deliver()
    jump_to_freeze(opened)
    step(operators[:2])

    report = reports(operators[2])[local_day_of(opened)]

    bob = id_of(SALT, world.bob.address)
    assert report.done == ()
    assert report.stands.startswith("another dataset was accepted than this operator's")
    assert f"point {bob}: the readings from {local_day_of(opened)} 13:00 +" in report.findings[0]
    assert report.findings[0].endswith(" differ")
    assert [row.text for row in operators[2].pipeline.journal.findings(NO_SESSION)] == list(report.findings)
    pass_window(world)
    said = stands(operators[2], opened.session_id)
    assert (
        said
        == f"other readings of {local_day_of(opened)} are notarised than this operator's; it does not vouch for them"
    )


def test_days__nobody_agrees_in_time__freeze_again_with_what_has_arrived(
    world: World, operators: list[OperatorDesk]
) -> None:
    opened = open_evidence_day(world, usual_orders(world), settlement_timeout=EpochSeconds(world.chain.now() + 10**6))
    readings = usual_readings(world)
    for number, operator in enumerate(operators):
        operator.meter(opened.view, readings | {world.dino.address: [None, None, None, -900 if number == 0 else None]})
    opened.reveal()
    step(operators)
    opened.deliver()
    jump_to_freeze(opened)
    operators[0].pipeline.step()
    local = local_day_of(opened)
    world.jump(24 * 3600 + 1)
    for operator in operators[1:]:
        operator.meter(opened.view, {world.dino.address: [None, None, None, -900]})
    for operator in operators:
        reports(operator)
    pass_window(world)

    assert notarised(world, local)[0] == 2


def test_days__before_any_point_was_bound__are_passed_over(world: World, operators: list[OperatorDesk]) -> None:
    world.jump(3 * 24 * 3600)
    bound_from = local_day(world.chain.now())
    opened = open_evidence_day(world, usual_orders(world))
    operators[0].meter(opened.view, usual_readings(world))
    jump_to_freeze(opened)

    assert sorted(reports(operators[0])) == [bound_from, local_day_of(opened)]


def test_binding__ends_within_the_day__later_readings_are_missing(world: World, operators: list[OperatorDesk]) -> None:
    opened = open_evidence_day(world, usual_orders(world))
    operators[0].meter(opened.view, usual_readings(world))
    point = bytes.fromhex(id_of(SALT, world.alice.address)[2:])
    end = opened.view.parameters.delivery_start + 3600
    world.chain.send(world.alice, world.contracts.community.call("releasePoint", point, end))
    jump_to_freeze(opened)
    operators[0].pipeline.step()

    frozen = Archive(operators[0].engine, world.contracts.community.address).readings(local_day_of(opened), 1)
    grid = next(grid for grid in frozen.grids if "0x" + point.hex() in grid.point_ids)
    row = grid.quality[grid.point_ids.index("0x" + point.hex())]
    assert (row == 0).sum() == 1


def test_binding__point_bound_again__a_day_gone_by_stays_with_whom_it_was(
    world: World, operators: list[OperatorDesk]
) -> None:
    opened = open_evidence_day(world, usual_orders(world))
    operators[0].meter(opened.view, usual_readings(world))
    point = bytes.fromhex(id_of(SALT, world.alice.address)[2:])
    jump_to_freeze(opened)
    now = world.chain.now()
    world.chain.send(world.alice, world.contracts.community.call("releasePoint", point, now + 60))
    world.jump(120)
    bind_points(world, [world.alice])
    operators[0].pipeline.step()

    frozen = Archive(operators[0].engine, world.contracts.community.address).readings(local_day_of(opened), 1)
    grid = next(grid for grid in frozen.grids if "0x" + point.hex() in grid.point_ids)
    assert (grid.quality[grid.point_ids.index("0x" + point.hex())] == 0).sum() == 4
