"""`commonwatt dataset`: what operators type about local days, wrong first."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from commons.slots import day_number, local_day
from oracle.measurement.points import point_id
from tests.scripts.verbs import Verbs
from tests.support.chain import World
from tests.support.evidence import FREEZE_S, evidence_desks, jump_to_freeze, local_day_of, open_evidence_day
from tests.support.market import SALT, Day, OperatorDesk, step, usual_orders, usual_readings


@pytest.fixture
def operators(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[OperatorDesk]:
    """The three operators, each with the members' keys."""
    monkeypatch.setenv("COMMONWATT_FREEZE_S", str(FREEZE_S))
    return evidence_desks(world, tmp_path)


@pytest.fixture
def day(operators: list[OperatorDesk], world: World) -> Day:
    """A local day that everybody metered, and that has not ended."""
    opened = open_evidence_day(world, usual_orders(world))
    for operator in operators:
        operator.meter(opened.view, usual_readings(world))
    return opened


def place(operator: OperatorDesk, published: bool = True) -> list[str]:
    """Where the operator works."""
    where = ["--operator", operator.signer.name, "--folder", str(operator.folder)]
    return [*where, "--published", str(operator.published.folder)] if published else where


def test_dataset__wrong_input__is_refused(day: Day, operators: list[OperatorDesk], verbs: Verbs) -> None:
    operator, local = operators[0], str(local_day_of(day))

    assert "'tomorrow' is not a day" in verbs.refused("dataset", "build", "tomorrow", *place(operator))
    assert "no point that this operator knows is bound on 2020-01-01" in verbs.refused(
        "dataset", "build", "2020-01-01", *place(operator)
    )
    assert f"{local} freezes at" in verbs.refused("dataset", "notarise", local, *place(operator))
    assert "is not frozen here" in verbs.refused("dataset", "verify", local, *place(operator))
    jump_to_freeze(day)
    correct = verbs.refused("dataset", "notarise", local, "--correct", *place(operator))
    assert f"the last version of {local} is not final yet" in correct


def test_dataset__day_not_over__shows_what_would_be_frozen(
    day: Day, operators: list[OperatorDesk], verbs: Verbs
) -> None:
    local = str(local_day_of(day))
    found = verbs.found("dataset", "build", local, *place(operators[0]))
    assert (found["is_frozen"], found["points"]) == (False, 4)
    assert verbs.told("dataset", "list", *place(operators[0], False)) == "No day is frozen yet.\n"


def test_dataset__built_notarised_and_verified__by_hand(day: Day, operators: list[OperatorDesk], verbs: Verbs) -> None:
    local, world = str(local_day_of(day)), day.world
    jump_to_freeze(day)

    built = verbs.found("dataset", "build", local, *place(operators[0]))
    assert built["is_frozen"]
    posted = verbs.told("dataset", "notarise", local, *place(operators[0]))
    assert f"{local}, version 1: posted it ({built['cid']})" in posted
    assert "attested it" in verbs.told("dataset", "notarise", local, *place(operators[1]))
    world.jump(world.reader.window_limits().challenge)
    assert "it may be objected to" in verbs.told("dataset", "notarise", local, *place(operators[0]))

    checked = verbs.found("dataset", "verify", local, *place(operators[0]))
    assert checked["verdict"] == "right"
    assert [one["right"] for one in checked["steps"]] == [True, True, True]
    assert checked["steps"][2]["detail"] == "notarised"
    assert verbs.found("dataset", "list", *place(operators[0], False))[0]["chain"] == "notarised"


def test_dataset__corrected__is_another_version_with_what_arrived(
    day: Day, operators: list[OperatorDesk], verbs: Verbs
) -> None:
    local, world = str(local_day_of(day)), day.world
    jump_to_freeze(day)
    step(operators)
    world.jump(world.reader.window_limits().challenge)

    assert "version 2: posted it" in verbs.told("dataset", "notarise", local, "--correct", *place(operators[0]))
    days = {one.version: one.done for one in operators[1].pipeline.step().days}
    assert days[2][0].startswith("attested it")
    listed = verbs.found("dataset", "list", *place(operators[1], False))
    assert [one["dataset"]["version"] for one in listed if one["dataset"]["day"] == local] == [1, 2]


def test_verify__frozen_reading_altered__differs(day: Day, operators: list[OperatorDesk], verbs: Verbs) -> None:
    local, operator = str(local_day_of(day)), operators[0]
    jump_to_freeze(day)
    step(operators)
    with operator.engine.begin() as connection:
        latest = connection.execute(text("SELECT max(id) FROM datasets")).scalar_one()
        found = connection.execute(text("SELECT cells FROM dataset_points WHERE dataset = :d"), {"d": latest}).scalars()
        cells = next(iter(found))
        altered = bytes([cells[0] ^ 1]) + cells[1:]
        change = text("UPDATE dataset_points SET cells = :new WHERE dataset = :d AND cells = :old")
        connection.execute(change, {"new": altered, "old": cells, "d": latest})

    code, printed, _ = verbs.command("dataset", "verify", local, *place(operator))
    assert code == 1
    assert "✗ root of the frozen readings" in printed
    assert point_id(SALT, day.world.alice.address) not in printed


def test_require_evidence__from_a_coming_day__cannot_be_moved_back(verbs: Verbs, world: World) -> None:
    today = local_day(world.chain.now())
    first, later = today + timedelta(days=3), today + timedelta(days=4)

    assert "is not a day" in verbs.refused("community", "require-evidence", "soon", "--yes")
    assert verbs.found("community", "require-evidence", str(first)) == {"evidence_from": str(first)}
    for refused in (later, first, today):
        code, _, said = verbs.command("community", "require-evidence", str(refused), "--yes")
        assert code == 1
        assert said.startswith("commonwatt: ")
    assert world.chain.call(world.contracts.notary.call("evidenceFrom")) == day_number(first)
