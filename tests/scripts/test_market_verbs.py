"""Sessions and sealed orders from the command line: every way to get them wrong first, then a member's whole way."""

from pathlib import Path

import pytest

from tests.scripts.verbs import Verbs
from tests.support.chain import ESCROW, World
from tests.support.market import Day, OperatorDesk, desks

ORDERS = "slot,side,quantity_wh,limit_price\n0,buy,1000,200000\n1,buy,500,200000\n"
SALES = '[{"slot":0,"side":"sell","quantity_wh":1500,"limit_price":100000}]'


@pytest.fixture
def orders_file(tmp_path: Path) -> str:
    """Orders that a session takes."""
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS)
    return str(file)


def written(tmp_path: Path, text: str, name: str = "file.csv") -> str:
    """A file with this text."""
    (tmp_path / name).write_text(text)
    return str(tmp_path / name)


# -------------------------------------------------------------------- sessions


def test_session_new__by_a_member__is_refused(verbs: Verbs) -> None:
    assert "market operator" in verbs.refused("session", "new", "--as", "H01", "--yes", "--json")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--set", "cap_price_uekwh=0.4"), "whole µ€/kWh"),
        (("--set", "nonsense=1"), "nonsense"),
        (("--set", "nonsense"), "sets nothing"),
        (("--slot-seconds", "1800"), "quarter-hour"),
        (("--commit-seconds", "5"), "shorter than the community's least"),
        (("--delivery-day", "someday"), "not a day"),
        (("--delivery-day", "2026-01-01"), "do not follow"),
        (("--set", "penalty_price_uekwh=0"), "do not fit"),
        (("/nowhere/session.toml",), "cannot be read"),
    ],
)
def test_session_new__wrong_parameters__are_refused(verbs: Verbs, arguments: tuple[str, ...], words: str) -> None:
    assert words in verbs.refused("session", "new", *arguments, "--json")


def test_session_new__from_a_file_and_options__options_win(verbs: Verbs, tmp_path: Path) -> None:
    file = written(tmp_path, "cap_price_uekwh = 400_000\nfloor_price_uekwh = 5\nslot_count = 4\n", "session.toml")
    opened = verbs.found("session", "new", file, "--slot-count", "2", "--set", "floor_price_uekwh=7")
    parameters = opened["parameters"]
    assert (parameters["cap_price"], parameters["floor_price"], parameters["slot_count"]) == (400_000, 7, 2)
    assert verbs.found("session", "list")[0]["state"] == "commit"
    assert "members commit sealed orders" in verbs.told("session", "show", "1")


def test_session_show__unknown__is_refused(verbs: Verbs) -> None:
    assert "no session 3" in verbs.refused("session", "show", "3")


# -------------------------------------------------------------------- orders


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("slot,side,quantity_wh,limit_price\n0,buy,1.5,200000\n", "whole Wh"),
        ("slot,side,quantity_kwh,limit_price\n0,buy,1,200000\n", "quantity_kwh"),
        ("slot,side,quantity_wh,limit_price\n0,borrow,1000,200000\n", "borrow"),
        ("slot,side,quantity_wh,limit_price\n0,buy,1000,0.2\n", "µ€/kWh"),
        ("slot,side,quantity_wh,limit_price\n0,buy,1000,500001\n", "outside"),
        ("slot,side,quantity_wh,limit_price\n24,buy,1000,200000\n", "not in the session"),
        ("slot,side,quantity_wh,limit_price\n", "no order"),
        ("nonsense", "header"),
    ],
)
def test_order_commit__malformed_orders__are_refused_and_lock_nothing(
    verbs: Verbs, world: World, tmp_path: Path, text: str, words: str
) -> None:
    world.open_session()
    assert words in verbs.refused("order", "commit", "1", written(tmp_path, text), "--as", "H01")
    assert verbs.found("funds", "show", "H01")["locked_ue"] == 0


def test_order_commit__insufficient_escrow__says_what_is_missing(verbs: Verbs, world: World, tmp_path: Path) -> None:
    world.open_session()
    dear = written(tmp_path, "slot,side,quantity_wh,limit_price\n0,buy,1000000,500000\n")
    assert "Deposit 477.50 € more" in verbs.refused("order", "commit", "1", dear, "--as", "H01")


def test_order_commit__unknown_session_or_suspended__is_refused(verbs: Verbs, world: World, orders_file: str) -> None:
    assert "no session 1" in verbs.refused("order", "commit", "1", orders_file, "--as", "H01")
    world.open_session()
    verbs.told("member", "suspend", "H01")
    assert "no active member" in verbs.refused("order", "commit", "1", orders_file, "--as", "H01")


def test_order_reveal__needs_nothing_but_the_wallet(verbs: Verbs, world: World, orders_file: str) -> None:
    session = world.open_session()
    committed = verbs.found("order", "commit", "1", orders_file, "--as", "H01", "--max-lock", "2.5")
    assert (committed["max_lock_ue"], committed["deposit_ue"]) == (2_500_000, 1_000_000)
    assert "possible from" in verbs.refused("order", "reveal", "1", "--as", "H01")
    assert len(verbs.found("order", "show", "1", "--as", "H01")["orders"]) == 2
    assert "orders" not in verbs.found("order", "show", "1", "H01")
    world.jump_to(world.reader.parameters(session).commit_deadline)
    revealed = verbs.found("order", "reveal", "1", "--as", "H01")
    assert revealed["position"]["state"] == "revealed"
    assert len(verbs.found("order", "show", "1", "H01")["orders"]) == 2
    assert "no commitment" in verbs.refused("order", "reveal", "1", "--as", "H02")


def test_order_reveal__for_another__needs_the_very_orders_and_salt(
    verbs: Verbs, world: World, orders_file: str, tmp_path: Path
) -> None:
    session = world.open_session()
    verbs.told("order", "commit", "1", orders_file, "--as", "H01")
    salt = verbs.found("order", "show", "1", "--as", "H01")["salt"]
    world.jump_to(world.reader.parameters(session).commit_deadline)
    other = written(tmp_path, ORDERS.replace("1000", "1001"), "other.csv")
    to_reveal = ("order", "reveal", "1", "--for", "H01", "--as", "H02")
    assert "come together" in verbs.refused(*to_reveal)
    assert "32 bytes" in verbs.refused(*to_reveal, "--orders", orders_file, "--salt", "0x12")
    assert "not what" in verbs.refused(*to_reveal, "--orders", other, "--salt", salt)
    assert "not what" in verbs.refused(*to_reveal, "--orders", orders_file, "--salt", "0x" + "00" * 32)
    assert "are revealed" in verbs.told(*to_reveal, "--orders", orders_file, "--salt", salt)


def test_order_withdraw__in_time_only(verbs: Verbs, world: World, orders_file: str) -> None:
    session = world.open_session()
    verbs.told("order", "commit", "1", orders_file, "--as", "H01")
    assert verbs.found("order", "withdraw", "1", "--as", "H01")["free_ue"] == ESCROW
    verbs.told("order", "commit", "1", orders_file, "--as", "H01")
    world.jump_to(world.reader.parameters(session).commit_deadline)
    assert "too late" in verbs.refused("order", "withdraw", "1", "--as", "H01")


# -------------------------------------------------------------------- ways out


def test_release__not_revealed__frees_the_lock_and_forfeits_the_deposit(
    verbs: Verbs, world: World, orders_file: str
) -> None:
    session = world.open_session()
    verbs.told("order", "commit", "1", orders_file, "--as", "H01")
    assert "no reason to end yet" in verbs.refused("release", "1", "--as", "H01")
    world.jump_to(world.reader.parameters(session).reveal_deadline)
    assert verbs.found("release", "1", "--for", "H01", "--as", "H02")["forfeited_ue"] == 1_000_000
    assert verbs.found("funds", "show", "H01")["free_ue"] == ESCROW - 1_000_000


def test_cancel__operators_vanished__everybody_gets_everything_back(
    verbs: Verbs, world: World, orders_file: str
) -> None:
    session = world.open_session()
    verbs.told("order", "commit", "1", orders_file, "--as", "H01")
    world.jump_to(world.reader.parameters(session).commit_deadline)
    verbs.told("order", "reveal", "1", "--as", "H01")
    assert "possible from" in verbs.refused("cancel", "1", "--as", "H01")
    world.jump_to(world.reader.parameters(session).settlement_timeout)
    assert verbs.found("cancel", "1", "--as", "H02")["state"] == "cancelled"
    verbs.told("release", "1", "--as", "H01")
    assert verbs.found("funds", "show", "H01")["free_ue"] == ESCROW


# -------------------------------------------------------------------- execution


def test_execute__nothing_accepted__is_refused(verbs: Verbs, world: World) -> None:
    world.open_session()
    assert "no accepted settlement" in verbs.refused("execute", "1", "--as", "H01")
    assert "no session 2" in verbs.refused("execute", "2", "--as", "H01")


def test_execute__final_settlement__pays_one_and_then_the_others(
    verbs: Verbs, world: World, orders_file: str, tmp_path: Path
) -> None:
    session = world.open_session(slot_count=2)
    sales = written(tmp_path, SALES, "sales.json")
    verbs.told("order", "commit", "1", orders_file, "--as", "H01")
    verbs.told("order", "commit", "1", sales, "--as", "H02")
    world.jump_to(world.reader.parameters(session).commit_deadline)
    for name in ("H01", "H02"):
        verbs.told("order", "reveal", "1", "--as", name)
    settle(Day(world, session, {}), desks(world, tmp_path))
    data = ("--data", str(tmp_path / "published"))
    assert "published file" in verbs.refused("execute", "1", "--as", "H01", "--data", str(tmp_path / "empty"))
    assert "no leaf" in verbs.refused("execute", "1", "--as", "H03", *data)
    paid = verbs.found("execute", "1", "--as", "H01", *data)["executed"]
    assert paid[0]["debit"] > 0
    assert "no lock left" in verbs.refused("execute", "1", "--as", "H01", *data)
    assert "settlement, final" in verbs.told("session", "show", "1")
    assert len(verbs.found("execute", "1", "--all", "--as", "H03", *data)["executed"]) == 1
    assert "executed already" in verbs.told("execute", "1", "--all", "--as", "H03", *data)
    assert verbs.found("funds", "show", "H02")["balance_ue"] == ESCROW + paid[0]["debit"]


def settle(day: Day, operators: list[OperatorDesk]) -> None:
    """The operators clear and settle the session, and do not execute it."""
    world = day.world
    readings: dict[str, list[int | None]] = {world.alice.address: [1000, 500], world.bob.address: [-1500, 0]}
    world.jump_to(day.view.parameters.reveal_deadline)
    for operator in operators:
        operator.meter(day.view, readings)
        operator.pipeline.step()
    day.deliver()
    for operator in operators:
        operator.pipeline.step()
    day.object()
