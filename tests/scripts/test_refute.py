"""`commonwatt refute` and `commonwatt watch`: what is wrong, in words, and stopped."""

import json
from pathlib import Path

import pytest

from commons.records import SessionState
from scripts.embedded import mine
from tests.oracle.test_watchtower import lied
from tests.scripts.verbs import Verbs
from tests.support import collusion
from tests.support.chain import World
from tests.support.market import Day, OperatorDesk, desks, open_day, step, usual_orders


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


def data(operators: list[OperatorDesk]) -> list[str]:
    """Where the operators publish."""
    return ["--data", str(operators[0].published.folder)]


def test_refute__session_without_outcome__says_so(day: Day, operators: list[OperatorDesk], verbs: Verbs) -> None:
    code, _, said = verbs.command("refute", "1", "--dry-run", *data(operators))
    assert code != 0
    assert "no outcome of session 1 is accepted" in said


def test_refute__unknown_session__says_what_there_is(day: Day, operators: list[OperatorDesk], verbs: Verbs) -> None:
    code, _, said = verbs.command("refute", "9", "--dry-run", *data(operators))
    assert code != 0
    assert "there is no session 9" in said


def test_refute__right_outcome__exits_0(day: Day, operators: list[OperatorDesk], verbs: Verbs) -> None:
    step(operators)
    code, printed, _ = verbs.command("refute", "1", "--dry-run", *data(operators))
    assert code == 0
    assert "nobody can refute it" in printed


def test_refute__wrong_outcome_dry__explains_the_proof_and_sends_nothing(
    world: World, day: Day, operators: list[OperatorDesk], verbs: Verbs
) -> None:
    collusion.post_outcome(day, operators[1:], lied(day))
    before = world.chain.block_number()
    code, printed, _ = verbs.command("refute", "1", "--dry-run", *data(operators))
    assert code == 1
    assert "The accepted outcome is wrong: slot 0:" in printed
    assert "The chain would accept it." in printed
    assert world.chain.block_number() == before
    code, printed, _ = verbs.command("refute", "1", "--dry-run", "--json", *data(operators))
    assert code == 1
    assert json.loads(printed)["verdict"] == "wrong"


def test_refute__tree_kept_back__says_what_to_demand(day: Day, operators: list[OperatorDesk], verbs: Verbs) -> None:
    collusion.post_outcome(day, operators[1:], lied(day), cid="kept-back")
    code, printed, _ = verbs.command("refute", "1", "--dry-run", *data(operators))
    assert code == 1
    assert "demand level 2, position 0" in printed


def test_watch__wrong_outcome__refutes_it_in_two_looks(
    world: World, day: Day, operators: list[OperatorDesk], verbs: Verbs
) -> None:
    collusion.post_outcome(day, operators[1:], lied(day))
    code, printed, _ = verbs.command("watch", "--once", "--look-only", *data(operators))
    assert code == 1
    assert "✗ session 1: slot 0:" in printed
    code, printed, _ = verbs.command("watch", "--once", "--as", "account-90", *data(operators))
    assert code == 1
    assert "→ committed to the proof" in printed
    mine(world.chain)
    code, printed, _ = verbs.command("watch", "--once", "--as", "account-90", "--json", *data(operators))
    assert code == 1
    sighting, earned = map(json.loads, printed.splitlines())
    assert sighting["done"][0].startswith("refuted the outcome")
    assert earned == {"done": ["was paid a bounty of 1,000.00 €"]}
    assert world.reader.state(day.session_id) is SessionState.CLEARING
    code, printed, _ = verbs.command("watch", "--once", "--as", "account-90", *data(operators))
    assert (code, printed) == (0, "No outcome can be challenged now.\n")
