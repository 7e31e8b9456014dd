"""Payments out of the control wallet from the command line: two persons and a notice."""

import pytest

from commons.units import MoneyUe
from tests.scripts.verbs import Verbs
from tests.support.chain import World

PROPOSAL = ("treasury", "propose", "H02", "12.50", "insulation of the school")


@pytest.fixture(autouse=True)
def rich(verbs: Verbs, world: World) -> None:
    """The treasury holds 40 €, and H01 is a second community admin."""
    verbs.found("euro", "mint", world.contracts.treasury.address, "40")
    verbs.found("community", "grant", "COMMUNITY_ADMIN", "H01")


def test_propose__zero_no_purpose_or_no_admin__is_refused(verbs: Verbs) -> None:
    assert "zero" in verbs.refused("treasury", "propose", "H02", "0", "nothing", "--yes")
    assert "no purpose" in verbs.refused("treasury", "propose", "H02", "1", " ", "--yes")
    assert "token admin" in verbs.refused(*PROPOSAL, "--as", "H02", "--json")


@pytest.mark.parametrize("step", ["approve", "withdraw", "pay"])
def test_step__unknown_payment__is_refused(verbs: Verbs, step: str) -> None:
    assert "no payment 1" in verbs.refused("treasury", step, "1", "--yes")


def test_approve__by_the_proposer__is_refused(verbs: Verbs) -> None:
    verbs.found(*PROPOSAL)
    assert "somebody else" in verbs.refused("treasury", "approve", "1", "--json")


def test_propose__not_confirmed__proposes_nothing(verbs: Verbs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.confirm", lambda _: False)
    code, _, _ = verbs.command(*PROPOSAL)
    assert code == 1
    assert verbs.found("treasury", "show")["payments"] == []


def test_payment__proposed_approved_and_due__is_paid(verbs: Verbs, world: World) -> None:
    before = world.reader.euro_balance(world.bob.address)
    assert verbs.found(*PROPOSAL)["state"] == "proposed"
    assert "can be made from" in verbs.told("treasury", "approve", "1", "--as", "H01", "--yes")
    assert "notice" in verbs.refused("treasury", "pay", "1", "--json")
    world.jump(24 * 3600)
    assert "due" in verbs.told("treasury", "show")
    assert verbs.found("treasury", "pay", "1", "--as", "H03")["state"] == "paid"

    shown = verbs.found("treasury", "show")
    assert shown["holdings"] == {"euro": 27_500_000, "tokens": 0}
    assert world.reader.euro_balance(world.bob.address) == MoneyUe(before + 12_500_000)


def test_payment__withdrawn__is_never_paid(verbs: Verbs, world: World) -> None:
    verbs.found(*PROPOSAL)
    assert verbs.found("treasury", "withdraw", "1", "--as", "H01")["state"] == "withdrawn"
    assert "withdrawn" in verbs.told("treasury", "show")
    verbs.refused("treasury", "pay", "1", "--json")
