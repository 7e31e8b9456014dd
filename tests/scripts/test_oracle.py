"""`commonwatt oracle`: what operators type, wrong first."""

import json
from pathlib import Path

import pytest

from commons.actions.funds import mint_call
from commons.units import UE_PER_EURO, MoneyUe
from oracle.measurement.points import point_id
from tests.scripts.verbs import Verbs
from tests.support.chain import World
from tests.support.market import (
    HOUR,
    SALT,
    Day,
    OperatorDesk,
    desks,
    open_day,
    run_to_end,
    step,
    usual_orders,
    usual_readings,
)


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """The three operators."""
    return desks(world, tmp_path)


@pytest.fixture
def day(world: World) -> Day:
    """A session with committed orders."""
    return open_day(world, usual_orders(world))


def step_of(operator: OperatorDesk) -> list[str]:
    """The command for one pass."""
    places = ["--folder", str(operator.folder), "--published", str(operator.published.folder)]
    return ["oracle", "step", operator.signer.name, *places]


def points_file(day: Day, folder: Path) -> Path:
    """Whose the points are."""
    lines = [f"{point_id(SALT, trader.address)},{trader.address},exchange" for trader in day.orders]
    file = folder / "points.csv"
    file.write_text("\n".join(["point_id,wallet,kind", *lines]) + "\n")
    return file


def readings_file(day: Day, folder: Path) -> Path:
    """What the meters read."""
    lines = ["point_id,start,seconds,withdrawn_wh,injected_wh,quality"]
    for wallet, row in usual_readings(day.world).items():
        for slot, value in enumerate(row):
            start = day.view.parameters.delivery_start + slot * HOUR
            lines.append(f"{point_id(SALT, wallet)},{start},{HOUR},{max(value or 0, 0)},{max(-(value or 0), 0)},0")
    file = folder / "readings.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


# -------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: wrong columns"),
        ("point,wallet,kind\n", "line 1: wrong columns"),
        ("point_id,wallet,kind\n0x12,0x" + "1" * 40 + ",exchange\n", "line 2: '0x12' is no point id"),
        ("point_id,wallet,kind\n0x" + "a" * 64 + ",0x12,exchange\n", "'0x12' is not an address"),
        ("point_id,wallet,kind\n0x" + "a" * 64 + ",0x" + "1" * 40 + ",both\n", "'both' is no kind"),
        ("point_id,wallet,kind\n0x" + "a" * 64 + "\n", "line 2 has 1 fields"),
    ],
)
def test_import_points__malformed__names_the_line(verbs: Verbs, tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "points.csv"
    file.write_text(text)
    assert words in verbs.refused("oracle", "import-points", str(file), "--folder", str(tmp_path / "operator"))


def test_import_readings__of_unknown_points__says_to_register_them(day: Day, verbs: Verbs, tmp_path: Path) -> None:
    file = readings_file(day, tmp_path)
    said = verbs.refused("oracle", "import-readings", str(file), "--folder", str(tmp_path / "operator"))
    assert "Register the point before its readings" in said


def test_import_readings__missing_file__is_refused(verbs: Verbs, tmp_path: Path) -> None:
    missing = str(tmp_path / "none.csv")
    assert "cannot be read" in verbs.refused("oracle", "import-readings", missing, "--folder", str(tmp_path))


def test_step__unknown_account__lists_the_names(day: Day, verbs: Verbs) -> None:
    assert "operator-1" in verbs.refused("oracle", "step", "nobody")


def test_step__folder_of_another_operator__is_refused(day: Day, operators: list[OperatorDesk], verbs: Verbs) -> None:
    verbs.told(*step_of(operators[0]))
    said = verbs.refused("oracle", "step", "operator-2", "--folder", str(operators[0].folder))
    assert "a folder of its own" in said


def test_step__bond_too_small__fails_visibly_and_exits_1(
    day: Day, operators: list[OperatorDesk], verbs: Verbs, world: World
) -> None:
    withdraw = world.contracts.quorum.call("withdrawBond", world.reader.bond(operators[0].signer.address).amount)
    world.chain.send(operators[0].signer, withdraw)
    day.reveal()
    code, printed, _ = verbs.command(*step_of(operators[0]))
    assert code == 1
    assert "session 1: failed: " in printed
    assert "bond" in printed


def test_unbond__outcome_still_open_to_challenge__is_refused(
    day: Day, operators: list[OperatorDesk], verbs: Verbs
) -> None:
    day.reveal()
    verbs.told(*step_of(operators[0]))
    said = verbs.refused("oracle", "unbond", "--folder", str(operators[0].folder))
    assert "1" in said
    assert "stake" in said


# -------------------------------------------------------------------- what they do


def test_oracle__session_worked_by_hand__ends_paid(
    day: Day, operators: list[OperatorDesk], verbs: Verbs, tmp_path: Path
) -> None:
    points, readings = points_file(day, tmp_path), readings_file(day, tmp_path)
    for operator in operators:
        where = ["--folder", str(operator.folder)]
        verbs.told("oracle", "import-points", str(points), *where)
        assert verbs.found("oracle", "import-readings", str(readings), *where)["added"] == 16
        assert verbs.found("oracle", "import-readings", str(readings), *where)["added"] == 0
    day.reveal()
    told = [verbs.told(*step_of(operator)) for operator in operators]
    assert "posted the outcome" in told[0]
    assert "attested the outcome" in told[1]
    day.deliver()
    for operator in operators:
        verbs.told(*step_of(operator))
    day.object()
    found = verbs.found(*step_of(operators[0]))
    assert found["sessions"][0]["stands"] == "over"
    assert len(day.view.executions) == len(day.orders)
    assert "session 1: over" in verbs.told("oracle", "show", "operator-1", "--folder", str(operators[0].folder))


def test_show__operator_that_was_outvoted__says_slot_member_and_figure(
    day: Day, operators: list[OperatorDesk], verbs: Verbs, world: World
) -> None:
    odd, *others = operators
    for operator in others:
        operator.meter(day.view, usual_readings(world))
    odd.meter(day.view, {**usual_readings(world), world.bob.address: [-1500, -400, -1500, -1500]})
    day.reveal()
    for operator in operators:
        verbs.told(*step_of(operator))
    day.deliver()
    for operator in operators:
        verbs.told(*step_of(operator))
    told = verbs.told(*step_of(odd))
    assert f"member {world.bob.address}: counted Wh 400 here, 600 there (by 200)" in told
    found = verbs.found("oracle", "show", "operator-1", "--folder", str(odd.folder))
    assert "counted Wh 400 here, 600 there" in found["findings"][0]["text"]


def test_bond__more_of_it__is_added(verbs: Verbs, world: World, tmp_path: Path) -> None:
    before = world.reader.bond(world.operators[0].address).amount
    more = MoneyUe(5 * UE_PER_EURO)
    world.chain.send(world.issuer, mint_call(world.contracts.euro, world.operators[0].address, more))
    found = verbs.found("oracle", "bond", "5", "--folder", str(tmp_path / "operator"))
    assert found["bond"]["amount"] == before + more


def test_unbond__votes_that_are_over__comes_back_whole(
    day: Day, operators: list[OperatorDesk], verbs: Verbs, world: World
) -> None:
    operator = operators[0]
    bond = world.reader.bond(operator.signer.address).amount
    for each in operators:
        each.meter(day.view, usual_readings(world))
    run_to_end(day, operators)
    assert world.reader.bond(operator.signer.address).stakes == 2
    before = world.reader.euro_balance(operator.signer.address)
    found = verbs.found("oracle", "unbond", "--folder", str(operator.folder))
    assert (found["bond"]["amount"], found["bond"]["stakes"]) == (0, 0)
    assert world.reader.euro_balance(operator.signer.address) == before + bond


def test_step__nothing_open__says_so(verbs: Verbs, tmp_path: Path) -> None:
    assert "No session is open" in verbs.told("oracle", "step", "operator-1", "--folder", str(tmp_path / "operator"))


def test_step__as_json__prints_one_object(day: Day, operators: list[OperatorDesk], verbs: Verbs) -> None:
    code, printed, _ = verbs.command(*step_of(operators[0]), "--json")
    assert code == 0
    assert json.loads(printed)["sessions"][0]["session_id"] == 1


def test_withdraw_vote__none_cast__is_refused(day: Day, verbs: Verbs) -> None:
    assert "has no vote on session" in verbs.refused("oracle", "withdraw-vote", "1", "--json")
    assert "no session 7" in verbs.refused("oracle", "withdraw-vote", "7", "--json")


def test_withdraw_vote__on_a_settlement_in_its_window__leaves_it_to_the_others(
    day: Day, operators: list[OperatorDesk], verbs: Verbs
) -> None:
    for operator in operators:
        operator.meter(day.view, usual_readings(day.world))
    day.reveal()
    step(operators)
    day.deliver()
    step(operators)

    taken = verbs.found("oracle", "withdraw-vote", "1", "--operator", "operator-2")

    assert taken["about"] == "settlement"
    left = day.view.settlement_ballot.voters(day.view.settlement_ballot.accepted or b"")
    assert left == (operators[0].signer.address, operators[2].signer.address)
