"""`commonwatt audit session`: exit 2 where it cannot be done, 1 where something differs, 0 where all is right."""

import json
from pathlib import Path

import pytest

from tests.scripts.verbs import Verbs
from tests.support import collusion
from tests.support.chain import World
from tests.support.market import Day, OperatorDesk, desks, open_day, run_to_end, step, usual_orders, usual_readings
from tests.support.ports import free_port


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """The three operators."""
    return desks(world, tmp_path)


@pytest.fixture
def day(world: World, operators: list[OperatorDesk]) -> Day:
    """A session with committed orders, metered by every operator."""
    opened = open_day(world, usual_orders(world))
    for operator in operators:
        operator.meter(opened.view, usual_readings(world))
    return opened


def arguments(day: Day, operators: list[OperatorDesk]) -> list[str]:
    """An auditor's command line."""
    return ["audit", "session", str(day.session_id), "--data", str(operators[0].published.folder)]


# -------------------------------------------------------------------- what cannot be done


def test_audit__unknown_session__exits_2_and_says_what_there_is(day: Day, verbs: Verbs) -> None:
    code, printed, said = verbs.command("audit", "session", "99")
    assert code == 2
    assert printed == ""
    assert "there is no session 99; the community has opened 1" in said


def test_audit__rpc_down__exits_2_and_says_what_to_do(day: Day, verbs: Verbs) -> None:
    code, _, said = verbs.command("audit", "session", "1", "--rpc", f"http://127.0.0.1:{free_port()}")
    assert code == 2
    assert "the audit cannot be done: nobody answers" in said
    assert "--rpc" in said


def test_audit__dataset_missing__exits_2_and_says_what_to_do(
    day: Day, operators: list[OperatorDesk], verbs: Verbs, tmp_path: Path
) -> None:
    day.reveal()
    step(operators)
    code, _, said = verbs.command("audit", "session", "1", "--data", str(tmp_path / "nowhere"))
    assert code == 2
    assert "cannot be read" in said
    assert "Give the folder or URL" in said


def test_audit__dataset_cut_short__exits_2_as_json_too(day: Day, operators: list[OperatorDesk], verbs: Verbs) -> None:
    day.reveal()
    step(operators)
    posted = day.view.accepted_outcome()
    assert posted is not None
    file = operators[0].published.folder / posted.data_cid
    file.write_bytes(file.read_bytes()[:-1])
    code, printed, said = verbs.command(*arguments(day, operators), "--json")
    assert code == 2
    assert json.loads(printed)["verdict"] == "not done"
    assert "is cut short" in said


# -------------------------------------------------------------------- what differs


def test_audit__dataset_altered__exits_1_and_names_the_step(
    day: Day, operators: list[OperatorDesk], verbs: Verbs
) -> None:
    day.reveal()
    step(operators)
    posted = day.view.accepted_outcome()
    assert posted is not None
    file = operators[0].published.folder / posted.data_cid
    file.write_bytes(file.read_bytes().replace(b"outcome", b"Outcome"))
    code, printed, _ = verbs.command(*arguments(day, operators))
    assert code == 1
    assert "✗ outcome dataset: " in printed
    assert printed.splitlines()[-1].startswith("Session 1 differs, first at: outcome dataset.")


def test_audit__wrong_settlement__exits_1_and_says_by_how_much_as_json(
    day: Day, operators: list[OperatorDesk], verbs: Verbs
) -> None:
    day.reveal()
    step(operators)
    day.deliver()
    honest = collusion.honest_settlement(day.view, operators[0])
    wrong = collusion.recharged(honest, debit={0: honest.members[0].debit + 9})
    collusion.post_settlement(day, operators, wrong)
    code, printed, _ = verbs.command(*arguments(day, operators), "--json")
    found = json.loads(printed)
    assert code == 1
    assert found["verdict"] == "differs"
    assert found["first_difference"]["name"] == "leaves of the settlement"
    assert "by 9" in found["first_difference"]["detail"]


# -------------------------------------------------------------------- what is right


def test_audit__paid_session__exits_0_with_every_step_right(
    day: Day, operators: list[OperatorDesk], verbs: Verbs
) -> None:
    run_to_end(day, operators)
    told = verbs.told(*arguments(day, operators)).splitlines()
    assert told[-1] == "Session 1 is right."
    assert all(line.startswith("✓ ") for line in told[:-1])
    found = verbs.found(*arguments(day, operators))
    assert found["verdict"] == "right"
    assert found["first_difference"] is None


def test_audit__community_by_its_address_and_no_deployment_file__needs_nothing_else(
    day: Day, operators: list[OperatorDesk], verbs: Verbs, world: World
) -> None:
    run_to_end(day, operators)
    community = world.community.contracts.community
    elsewhere = ["--network", "nowhere", "--community", community, "--rpc", world.chain.rpc_url]
    assert verbs.found(*arguments(day, operators), *elsewhere)["verdict"] == "right"


def test_audit__session_just_opened__is_right_so_far(day: Day, operators: list[OperatorDesk], verbs: Verbs) -> None:
    assert "is right so far" in verbs.told(*arguments(day, operators))
