"""`commonwatt refute` and `commonwatt watch`: what is wrong, in words, and stopped."""

import json
from pathlib import Path

import pytest

from commons.actions.funds import mint_call
from commons.addresses import checksummed
from commons.records import SessionState
from commons.units import MoneyUe
from oracle.watchtower import Watchtower
from scripts.embedded import mine
from scripts.watch import Watch
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
    assert "The proof opens one place of the tree" in printed
    assert "The chain would accept it." in printed
    assert world.chain.block_number() == before
    code, printed, _ = verbs.command("refute", "1", "--dry-run", "--json", *data(operators))
    assert code == 1
    assert json.loads(printed)["verdict"] == "wrong"


def test_refute__tree_kept_back__says_what_to_demand(day: Day, operators: list[OperatorDesk], verbs: Verbs) -> None:
    collusion.post_outcome(day, operators[1:], lied(day), cid="kept-back")
    code, printed, _ = verbs.command("refute", "1", "--dry-run", *data(operators))
    assert code == 1
    assert printed.splitlines() == [
        "The accepted outcome is wrong: slot 0 is wrong, and nobody has shown its orders with their fills: there is no "
        "proof yet.",
        "If the operators published the file elsewhere, name that place with --data.",
        "Otherwise make them open the tree on the chain (level 2, position 0): `commonwatt watch` does it, or this "
        "command without --dry-run.",
        "A demand takes a bond of 1.00 €; it comes back if nobody answers, or if who demanded refutes the outcome.",
        "Where there is no answer within 1 min, the outcome becomes void.",
    ]
    _, printed, _ = verbs.command("refute", "1", "--dry-run", "--json", *data(operators))
    found = json.loads(printed)
    assert (found["verdict"], found["bond"], found["answer_window_s"]) == ("withheld", "1000000", 60)


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


def test_watch__another_watchtower_is_faster__says_what_became_of_the_outcome(
    world: World, day: Day, operators: list[OperatorDesk], capsys: pytest.CaptureFixture[str]
) -> None:
    collusion.post_outcome(day, operators[1:], lied(day))
    slow, fast = (
        Watch(Watchtower(world.reader, operators[0].published, signer), as_json=False)
        for signer in (world.alice, world.stranger)
    )
    for watch in (fast, slow, fast):  # commits, commits a block later, proves
        watch.look()
    capsys.readouterr()
    slow.look()
    who = checksummed(world.stranger.address)
    assert capsys.readouterr().out == (
        f"· session 1: that outcome is void: {who} saw to it, and the session is cleared again\n"
    )
    slow.look()
    assert capsys.readouterr().out == ""


def test_watch__nobody_refutes_it__says_that_the_wrong_outcome_is_final(
    world: World, day: Day, operators: list[OperatorDesk], capsys: pytest.CaptureFixture[str]
) -> None:
    collusion.post_outcome(day, operators[1:], lied(day))
    watch = Watch(Watchtower(world.reader, operators[0].published), as_json=True)
    assert not watch.look()
    world.jump_to(day.view.outcome_ballot.final_at)
    capsys.readouterr()
    watch.look()
    assert json.loads(capsys.readouterr().out)["fate"].startswith("that outcome is final although it is wrong")


def test_watch__tree_demanded__says_until_when_it_waits_and_only_once(
    world: World, day: Day, operators: list[OperatorDesk], capsys: pytest.CaptureFixture[str]
) -> None:
    world.chain.send(world.issuer, mint_call(world.contracts.euro, world.stranger.address, MoneyUe(10**7)))
    collusion.post_outcome(day, operators[1:], lied(day), cid="kept-back")
    watch = Watch(Watchtower(world.reader, operators[0].published, world.stranger), as_json=False)
    watch.look()
    assert "→ demanded slot 0's tree at level 2, position 0" in capsys.readouterr().out
    watch.look()
    assert "… the operators have until 20" in capsys.readouterr().out
    watch.look()
    assert capsys.readouterr().out == ""
