"""Deals, group purchases and loans from the command line: refusals first, then each way from offer to payment."""

from typing import Any

import pytest

from commons.units import TOKEN
from tests.scripts.verbs import Verbs
from tests.support.chain import World

DAY = 24 * 3600
OFFER = ("service", "offer", "an hour of Italian", "4", "--as", "H01")


@pytest.fixture(autouse=True)
def funded(verbs: Verbs, world: World) -> None:
    """A fee and incentives for citizens, and 20 welcome tokens each for two new members, H20 and H21."""
    verbs.found("token", "fee", "citizen-to-citizen", "2")
    limits = ("--most", "2", "--per-member", "50", "--per-pair", "20")
    verbs.found("token", "incentive", "citizen-to-citizen", "--payee", "5", *limits)
    verbs.found("token", "bonus", "welcome-citizen", "20")
    verbs.found("token", "emit", "1000")
    for name in ("H20", "H21"):
        verbs.found("member", "apply", "--as", name)
        verbs.found("member", "approve", name)


def held(verbs: Verbs, world: World, name: str) -> int:
    from commons.actions.tokens import token_balances
    from commons.wallets import known_signer

    return token_balances(world.reader, [known_signer(name).address])[0]


def accepted(verbs: Verbs) -> Any:
    """A deal: H20 pays H01 four tokens."""
    listing = verbs.found(*OFFER)["listing_id"]
    return verbs.found("service", "accept", str(listing), "--as", "H20")


# -------------------------------------------------------------------- refusals


def test_offer__empty_zero_or_in_a_wrong_place__is_refused(verbs: Verbs) -> None:
    assert "text is empty" in verbs.refused("service", "offer", " ", "4", "--as", "H01", "--yes")
    assert "zero" in verbs.refused("service", "offer", "x", "0", "--as", "H01", "--yes")
    assert "no deals are made" in verbs.refused("service", "list", "--in", "heaven")
    assert "asks for work" in verbs.refused(*OFFER, "--in", "works", "--yes")
    assert "purchase open" in verbs.refused(*OFFER, "--in", "purchases", "--yes")


@pytest.mark.parametrize("category", ["seller-bonus", "energy-bonus", "transfer", "to-community"])
def test_listing__category_in_which_no_deal_is_ever_paid__is_refused(verbs: Verbs, category: str) -> None:
    """A request would keep its tokens in escrow for an answer that cannot come."""
    for verb in ("offer", "request"):
        said = verbs.refused("service", verb, "x", "1", "--category", category, "--as", "H20", "--yes")
        assert f"no deal between members is paid as {category}" in said


def test_work__in_a_category_of_members__is_refused_and_needs_none_to_be_named(verbs: Verbs) -> None:
    ask = ("service", "request", "the brook", "5", "--in", "works")
    said = verbs.refused(*ask, "--category", "citizen-to-citizen", "--yes")
    assert "not paid as citizen-to-citizen. Choose to-community or to-community-with-structure." in said
    assert "0 tokens" in verbs.refused(*ask, "--json")


def test_listing__of_more_than_the_contract_counts_in__is_refused(verbs: Verbs) -> None:
    said = verbs.refused("service", "offer", "the moon", "99999999999", "--as", "H01", "--json")
    assert "offer cannot take what was given" in said
    said = verbs.refused("purchase", "open", "oil", "1", "--least", "5", "--most", "2", "--as", "H01", "--yes")
    assert "at least 5 units are more than at most 2" in said


def test_accept__unknown_or_more_than_held__is_refused(verbs: Verbs) -> None:
    assert "no listing 9" in verbs.refused("service", "accept", "9", "--as", "H20", "--yes")
    listing = verbs.found("service", "offer", "a house", "21", "--as", "H01")["listing_id"]
    assert "holds 20 tokens" in verbs.refused("service", "accept", str(listing), "--as", "H20", "--yes")


@pytest.mark.parametrize("step", ["decline", "confirm", "move-on"])
def test_step__unknown_deal__is_refused(verbs: Verbs, step: str) -> None:
    assert "no deal 3" in verbs.refused("service", step, "3", "--as", "H20")


def test_step__by_the_wrong_party_or_too_early__is_refused(verbs: Verbs) -> None:
    accepted(verbs)
    assert "not the party" in verbs.refused("service", "deliver", "1", "done", "--as", "H20")
    assert "not the party" in verbs.refused("service", "confirm", "1", "--as", "H01")
    assert "delivered" not in verbs.refused("service", "dispute", "1", "no", "--as", "H20")
    verbs.refused("service", "move-on", "1")
    assert "community admin" in verbs.refused("service", "check", "1", "50", "50", "--as", "H01", "--json")


# -------------------------------------------------------------------- deals


def test_service__checked_delivered_confirmed__is_paid_with_more_than_the_fee(verbs: Verbs, world: World) -> None:
    before = held(verbs, world, "H01")
    assert accepted(verbs)["deal"]["state"] == "accepted"
    assert verbs.found("service", "check", "1", "100", "60")["deal"]["value_bps"] == 8000
    assert verbs.found("service", "deliver", "1", "done", "--as", "H01")["deal"]["state"] == "delivered"
    assert verbs.found("service", "confirm", "1", "--as", "H20")["deal"]["state"] == "paid"
    assert held(verbs, world, "H01") - before == 4 * TOKEN * 98 // 100 + 4 * TOKEN * 4 // 100
    assert "Deal 1" in verbs.told("service", "review", "1", "lovely", "--as", "H20")
    assert "paid" in verbs.told("service", "list")


def test_service__disputed__is_divided_as_the_admin_decides(verbs: Verbs, world: World) -> None:
    accepted(verbs)
    verbs.found("service", "deliver", "1", "done", "--as", "H01")
    assert verbs.found("service", "dispute", "1", "half of it", "--as", "H20")["deal"]["state"] == "disputed"
    assert verbs.found("service", "decide", "1", "25")["deal"]["state"] == "paid"
    assert held(verbs, world, "H20") == 19 * TOKEN


def test_service__nobody_speaks__is_confirmed_and_paid_by_time(verbs: Verbs, world: World) -> None:
    accepted(verbs)
    verbs.found("service", "deliver", "1", "done", "--as", "H01")
    world.jump(7 * DAY)
    assert verbs.found("service", "move-on", "1")["deal"]["state"] == "confirmed"
    world.jump(3 * DAY)
    assert "paid" in verbs.told("service", "move-on", "1")


def test_service__requested_and_closed__gives_back_what_nobody_took(verbs: Verbs, world: World) -> None:
    listing = verbs.found("service", "request", "help with a form", "3", "--places", "2", "--as", "H20")["listing_id"]
    assert held(verbs, world, "H20") == 14 * TOKEN
    verbs.found("service", "accept", str(listing), "--as", "H21")
    assert verbs.found("service", "close", str(listing), "--as", "H20")["is_closed"]
    assert held(verbs, world, "H20") == 17 * TOKEN
    assert "declined" not in verbs.told("service", "decline", "1", "--as", "H21")
    assert held(verbs, world, "H20") == 20 * TOKEN


def test_work__without_budget__is_refused(verbs: Verbs) -> None:
    asked = ("service", "request", "the brook", "5", "--category", "to-community", "--in", "works")
    assert "budget" in verbs.refused(*asked, "--json")


# -------------------------------------------------------------------- purchases and loans


def test_purchase__enough_take_part__is_delivered_and_paid(verbs: Verbs, world: World) -> None:
    assert "no group purchase 1" in verbs.refused("purchase", "join", "1", "--as", "H20", "--yes")
    verbs.found("purchase", "open", "pellets", "3", "--least", "2", "--most", "4", "--as", "H01")
    for name in ("H20", "H21"):
        verbs.found("purchase", "join", "1", "--as", name)
    assert "2 of 2 to 4" in verbs.told("purchase", "list")
    world.jump(14 * DAY)
    verbs.found("service", "deliver", "1", "there", "--in", "purchases", "--as", "H01")
    confirmed = verbs.found("service", "confirm", "1", "--in", "purchases", "--as", "H20")
    assert confirmed["deal"]["state"] == "confirmed"


def test_purchase__left_again_or_cancelled__gives_the_escrow_back(verbs: Verbs, world: World) -> None:
    verbs.found("purchase", "open", "pellets", "3", "--least", "2", "--most", "4", "--as", "H01")
    verbs.found("purchase", "join", "1", "2", "--as", "H20")
    assert held(verbs, world, "H20") == 14 * TOKEN
    verbs.found("purchase", "leave", "1", "--as", "H20")
    assert held(verbs, world, "H20") == 20 * TOKEN
    verbs.found("purchase", "join", "1", "--as", "H21")
    assert "supplier" in verbs.refused("purchase", "cancel", "1", "--as", "H20")
    assert "Cancelled" in verbs.told("purchase", "cancel", "1", "--as", "H01")
    verbs.found("service", "move-on", "2", "--in", "purchases")
    assert held(verbs, world, "H21") == 20 * TOKEN


def test_loan__back_two_days_late__costs_part_of_the_deposit(verbs: Verbs, world: World) -> None:
    assert "no good 1" in verbs.refused("loan", "borrow", "1", "--as", "H20", "--yes")
    offered = ("--price", "1", "--deposit", "5", "--late", "0.5", "--as", "H21")
    verbs.found("loan", "offer", "a ladder", *offered)
    assert "no loan 1" in verbs.refused("loan", "hand-over", "1", "--as", "H21")
    verbs.found("loan", "borrow", "1", "--days", "3", "--as", "H20")
    assert verbs.found("loan", "hand-over", "1", "--as", "H21")["loan"]["state"] == "lent"
    world.jump(3 * DAY + DAY + 60)
    verbs.found("loan", "give-back", "1", "--text", "as new", "--as", "H20")
    assert "closed" in verbs.told("loan", "confirm", "1", "--as", "H21")
    assert held(verbs, world, "H20") == 18 * TOKEN
    assert "at home" in verbs.told("loan", "list")


def test_loan__disputed__is_divided_as_the_admin_decides(verbs: Verbs, world: World) -> None:
    verbs.found("loan", "offer", "a ladder", "--deposit", "4", "--as", "H21")
    verbs.found("loan", "borrow", "1", "--as", "H20")
    verbs.found("loan", "hand-over", "1", "--as", "H21")
    verbs.found("loan", "give-back", "1", "--as", "H20")
    verbs.found("loan", "dispute", "1", "--text", "broken", "--as", "H21")
    assert verbs.found("loan", "decide", "1", "0", "50")["loan"]["state"] == "closed"
    assert held(verbs, world, "H20") == 18 * TOKEN


def test_books__after_all_of_it__agree_with_the_chain(verbs: Verbs) -> None:
    accepted(verbs)
    verbs.found("service", "check", "1", "100", "60")
    verbs.found("service", "confirm", "1", "--as", "H20")
    found = verbs.found("token", "simulate")
    assert found["simulated"]["total"] == found["happened"]["total"]
    assert verbs.found("books", "check")["payments"] == 1
