"""Reward models and a day's rewards from the command line: every way to get them wrong first."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from commons.slots import local_day
from commons.units import show_tokens
from tests.scripts.verbs import Verbs
from tests.support.chain import World
from tests.support.evidence import evidence_desks
from tests.support.market import OperatorDesk
from tests.support.rewards import (
    TOKEN,
    earned,
    meter_day,
    notarise_day,
    pass_window,
    prepare_day,
    tokens_of,
    usual_flows,
)

MODEL = ("--model", "self-consumption", "--tokens-per-kwh", "0.1", "--yes")


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """The three operators, each with the members' keys."""
    return evidence_desks(world, tmp_path)


@pytest.fixture
def day(world: World, operators: list[OperatorDesk]) -> date:
    """A notarised day with parameters in force."""
    found = prepare_day(world)
    for operator in operators:
        meter_day(operator, found, usual_flows(world))
    notarise_day(world, operators, found)
    return found


@pytest.fixture
def at(operators: list[OperatorDesk]) -> Callable[[int], tuple[str, ...]]:
    """The options that name an operator and its folder."""
    return lambda number: (
        "--operator",
        f"operator-{number}",
        "--folder",
        str(operators[number - 1].folder),
    )


def test_set__wrong_model_share_day_or_signer__is_refused(verbs: Verbs, world: World) -> None:
    assert "Choose self-consumption, no-peaks, combined" in verbs.refused("rewards", "set", "--model", "all", "--yes")
    assert "10000 is all of it" in verbs.refused("rewards", "set", *MODEL, "--own", "10001")
    assert "not a day" in verbs.refused("rewards", "set", *MODEL, "--from", "tomorrow")
    assert "not an amount" in verbs.refused("rewards", "set", "--model", "no-peaks", "--max-tokens", "-1", "--yes")
    today = local_day(world.chain.now()).isoformat()
    assert "have begun" in verbs.refused("rewards", "set", *MODEL, "--from", today, "--json")
    assert "role" in verbs.refused("rewards", "set", *MODEL, "--as", "H01", "--json")


def test_compute__a_day_not_notarised_or_not_a_day__is_refused(
    verbs: Verbs, world: World, at: Callable[[int], tuple[str, ...]]
) -> None:
    assert "is not notarised" in verbs.refused("rewards", "compute", "2026-01-01", *at(1))
    assert "not a day" in verbs.refused("rewards", "compute", "yesterday", *at(1))


def test_explain__a_stranger_or_a_member_without_a_point__is_refused(
    verbs: Verbs, world: World, at: Callable[[int], tuple[str, ...]]
) -> None:
    assert "is no member" in verbs.refused("rewards", "explain", "account-90", "2026-01-01", *at(1))


def test_claim__nothing_agreed_earned_or_left__is_refused(
    verbs: Verbs, world: World, operators: list[OperatorDesk], day: date
) -> None:
    data = ("--data", str(operators[0].published.folder), "--as", "H01")
    assert "agreed on no rewards" in verbs.refused("rewards", "claim", str(day), *data)
    assert "agreed on no rewards" in verbs.refused("audit", "rewards", str(day), *data[:2])
    for operator in operators:
        operator.pipeline.step()
    assert "not final" in verbs.refused("rewards", "claim", str(day), *data)
    pass_window(world)
    assert "earned nothing" in verbs.refused("rewards", "claim", str(day), "--member", "account-90", *data)
    verbs.told("rewards", "claim", str(day), "--member", "H01", *data)
    audited = verbs.found("audit", "rewards", str(day), *data[:2])
    assert (audited["verdict"], audited["first_difference"]) == ("right", None)
    assert "paid to 1 of" in audited["steps"][-1]["detail"]
    assert "has got its reward" in verbs.refused("rewards", "claim", str(day), "--member", "H01", *data)
    assert "cannot be read" in verbs.refused("rewards", "claim", str(day), "--data", "nowhere", "--as", "H01")


def test_audit_rewards__published_file_altered_or_gone__differs_or_cannot_be_done(
    verbs: Verbs, operators: list[OperatorDesk], day: date, world: World
) -> None:
    for operator in operators:
        operator.pipeline.step()
    pass_window(world)
    folder = operators[0].published.folder
    arguments = ("audit", "rewards", str(day), "--data", str(folder))
    assert verbs.command(*arguments)[0] == 0
    (cid,) = {
        event.args["dataCid"]
        for event in world.chain.events(world.contracts.rewards.address, 0, names=("BatchPosted",))
    }
    file = folder / cid
    content = file.read_bytes()

    file.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
    code, printed, _ = verbs.command(*arguments)
    assert (code, "✗" in printed) == (1, True)

    file.unlink()
    code, printed, said = verbs.command(*arguments)
    assert (code, printed) == (2, "")
    assert "the audit cannot be done" in said


def test_post__a_day_on_which_nothing_is_due__is_refused(
    verbs: Verbs, world: World, at: Callable[[int], tuple[str, ...]]
) -> None:
    assert "nothing is to be done" in verbs.refused("rewards", "post", "2026-01-01", *at(1))


def test_set__and_show__keep_the_whole_history(verbs: Verbs, world: World) -> None:
    assert verbs.told("rewards", "show") == "No reward model was ever set.\n"
    first = verbs.found("rewards", "set", *MODEL)
    assert (first["number"], first["parameters"]["tokens_per_kwh"]) == (1, TOKEN // 10)
    verbs.told("rewards", "set", "--model", "combined", "--max-tokens", "1", "--full", "2000", "--yes")
    listed = verbs.found("rewards", "show")
    assert [one["number"] for one in listed] == [1, 2]
    shown = verbs.told("rewards", "show")
    assert "0.1 tokens per kWh, own 50 %, load 100 %, production 75 %" in shown
    assert "1 token for a peak cut by 20 %" in shown
    of_day = verbs.told("rewards", "show", listed[1]["from_day"])
    assert "Nobody has posted its rewards." in of_day


def test_day__computed_posted_claimed_and_explained__is_the_same_everywhere(
    verbs: Verbs, world: World, operators: list[OperatorDesk], day: date, at: Callable[[int], tuple[str, ...]]
) -> None:
    published = str(operators[0].published.folder)
    computed = verbs.found("rewards", "compute", str(day), *at(1))
    amounts = {one["member"]: int(one["amount"]) for one in computed["claims"]}
    assert amounts == earned(world)
    assert show_tokens(sum(amounts.values())) in verbs.told("rewards", "compute", str(day), *at(2))

    assert "posted them" in verbs.told("rewards", "post", str(day), *at(1), "--published", published)
    assert "attested them" in verbs.told("rewards", "post", str(day), *at(2), "--published", published)
    assert verbs.found("rewards", "show", str(day))["batch"]["batch"]["root"] == computed["root"]
    pass_window(world)
    paid = verbs.found("rewards", "claim", str(day), "--data", published, "--as", "relayer")
    assert {one["member"]: int(one["amount"]) for one in paid} == earned(world)
    assert tokens_of(world, world.alice.address) == earned(world)[world.alice.address]
    again = verbs.told("rewards", "claim", str(day), "--data", published, "--as", "relayer")
    assert again == "Everybody has been paid.\n"

    told = verbs.told("rewards", "explain", "H02", str(day), *at(3))
    assert "You used 24000 Wh and produced 72000 Wh." in told
    assert f"You earned {show_tokens(earned(world)[world.bob.address])}." in told
    assert "2000 × 2000 ÷ 2000 = 2000" in told
    numbers = verbs.found("rewards", "explain", "H02", str(day), *at(3))
    assert numbers["tokens"] == earned(world)[world.bob.address]
