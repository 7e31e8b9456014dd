"""What the community pays: work for it, out of a budget that took two persons, and the energy bonus of an incentive."""

from typing import Any

import pytest

from tests.contracts.chain import now, pass_to, refused, send
from tests.contracts.community import CITIZEN, STAKEHOLDER, ZERO, Contracts, Person, join, member_id, replace_wallet
from tests.contracts.economy import (
    CITIZENS,
    DECISION_S,
    DISPUTED,
    ENERGY_BONUS,
    ENERGY_PROSUMER,
    EVIDENCE,
    PAID,
    REFUNDED,
    SILENCE_S,
    TO_COMMUNITY,
    TO_COMMUNITY_WITH_STRUCTURE,
    TOKEN,
    Terms,
    accepted,
    balances,
    end_of,
    listing_terms,
    set_all,
    set_terms,
    state_of,
)
from tests.contracts.incentives import Split, recorded, split_final
from tests.contracts.test_lost_wallet import give_tokens


@pytest.fixture
def shop(fontana: Contracts, admin: Person, stranger: Person, isolation: None) -> Person:
    """A stakeholder."""
    join(fontana, admin, stranger, kind=STAKEHOLDER)
    return stranger


@pytest.fixture
def funded(fontana: Contracts, admin: Person, second_admin: Person, shop: Person, isolation: None) -> Contracts:
    """A budget of 100 tokens, out of the treasury by its rule."""
    give_tokens(fontana, admin, second_admin, Person("works", fontana.works.address, b""), 100 * TOKEN)
    return fontana


def work_terms(**changes: Any) -> tuple[Any, ...]:
    """`ListingTerms` of work for the community."""
    return listing_terms(**{"category": TO_COMMUNITY, **changes})


def requested(contracts: Contracts, admin: Person, **changes: Any) -> int:
    """Work asked for; the listing's number."""
    number: int = send(contracts.works.requestWork, work_terms(**changes), by=admin).event("Listed")["listingId"]
    return number


def test_work__asked_for_by_another_or_in_another_category__is_refused(
    funded: Contracts, admin: Person, alice: Person
) -> None:
    role = bytes(funded.community.COMMUNITY_ADMIN_ROLE())
    refused("MissingRole", funded.works.requestWork, work_terms(), by=alice, account=alice, role=role)
    for category in (CITIZENS, ENERGY_BONUS):
        refused("WrongCategory", funded.works.requestWork, work_terms(category=category), by=admin, category=category)
    set_terms(funded, admin, TO_COMMUNITY, Terms(is_off=True))
    refused("CategoryOff", funded.works.requestWork, work_terms(), by=admin, category=TO_COMMUNITY)


def test_work__beyond_the_budget__is_refused(funded: Contracts, admin: Person) -> None:
    assert funded.works.budget() == 100 * TOKEN
    terms = work_terms(amount=10 * TOKEN + 1, places=10)
    refused("BudgetTooSmall", funded.works.requestWork, terms, by=admin, amount=100 * TOKEN + 10, budget=100 * TOKEN)
    requested(funded, admin, places=10)
    assert funded.works.budget() == 0
    refused("BudgetTooSmall", funded.works.requestWork, work_terms(amount=1), by=admin, amount=1, budget=0)


def test_work__accepted_by_who_may_not__is_refused(
    funded: Contracts, admin: Person, shop: Person, relayer: Person
) -> None:
    hosted = requested(funded, admin, category=TO_COMMUNITY_WITH_STRUCTURE, structure=shop, structure_bps=100, places=2)
    refused("NotActive", funded.works.accept, hosted, by=relayer, account=relayer)
    values = {"category": TO_COMMUNITY_WITH_STRUCTURE, "payer": 0, "payee": STAKEHOLDER}
    refused("WrongCategory", funded.works.accept, hosted, by=shop, **values)


def test_work__confirmed_by_nobody_but_an_admin_who_did_not_do_it(
    funded: Contracts, admin: Person, alice: Person, bob: Person
) -> None:
    role = bytes(funded.community.COMMUNITY_ADMIN_ROLE())
    deal = accepted(funded.works, requested(funded, admin), alice)
    send(funded.works.deliver, deal, EVIDENCE, by=alice)
    for step in ((funded.works.confirm, deal), (funded.works.dispute, deal, EVIDENCE)):
        refused("MissingRole", *step, by=bob, account=bob, role=role)
    send(funded.community.grantRole, role, alice.address, by=admin)
    for step in ((funded.works.confirm, deal), (funded.works.dispute, deal, EVIDENCE)):
        refused("OwnDeal", *step, by=alice, dealId=deal, account=alice)


def test_work__done_and_confirmed__is_paid_without_fee_to_doer_and_structure(
    funded: Contracts, admin: Person, alice: Person, shop: Person
) -> None:
    set_all(funded, admin, {TO_COMMUNITY_WITH_STRUCTURE: Terms(1_000, 1_000, 1_000)})
    number = requested(funded, admin, category=TO_COMMUNITY_WITH_STRUCTURE, structure=shop, structure_bps=2_000)
    deal = accepted(funded.works, number, alice)
    send(funded.works.deliver, deal, EVIDENCE, by=alice)
    send(funded.works.confirm, deal, by=admin)
    told = send(funded.works.check, deal, 10_000, 10_000, by=admin).event("Paid")
    assert told["payer"] == funded.treasury.address.lower()
    assert (told["fee"], told["payerIncentive"], told["payeeIncentive"]) == (0, 0, 0)
    assert balances(funded, alice, shop, funded.works) == (8 * TOKEN, 2 * TOKEN, 90 * TOKEN)
    assert (funded.works.budget(), funded.works.held(), state_of(funded.works, deal)) == (90 * TOKEN, 0, PAID)


def test_work__not_delivered__is_budget_again(funded: Contracts, admin: Person, alice: Person) -> None:
    deal = accepted(funded.works, requested(funded, admin), alice)
    assert funded.works.budget() == 90 * TOKEN
    pass_to(end_of(funded.works, deal))
    send(funded.works.moveOn, deal, by=alice)
    assert (funded.works.budget(), state_of(funded.works, deal)) == (100 * TOKEN, REFUNDED)


def test_work__that_no_admin_confirms__becomes_a_dispute_and_then_halves(
    funded: Contracts, admin: Person, alice: Person
) -> None:
    deal = accepted(funded.works, requested(funded, admin), alice)
    send(funded.works.deliver, deal, EVIDENCE, by=alice)
    pass_to(now() + SILENCE_S)
    assert send(funded.works.moveOn, deal, by=alice).event("DealDisputed")["account"] == ZERO
    assert state_of(funded.works, deal) == DISPUTED
    pass_to(now() + DECISION_S)
    send(funded.works.moveOn, deal, by=alice)
    assert (balances(funded, alice), funded.works.budget()) == ((5 * TOKEN,), 95 * TOKEN)


def test_work__disputed_by_an_admin__is_decided_by_another(
    funded: Contracts, admin: Person, second_admin: Person, alice: Person
) -> None:
    deal = accepted(funded.works, requested(funded, admin), alice)
    send(funded.works.deliver, deal, EVIDENCE, by=alice)
    send(funded.works.dispute, deal, EVIDENCE, by=admin)
    refused("OwnDeal", funded.works.decide, deal, 0, by=admin, dealId=deal, account=admin)
    send(funded.works.decide, deal, 10_000, by=second_admin)
    assert balances(funded, alice) == (10 * TOKEN,)


def test_listing__closed_by_an_admin__frees_the_budget(funded: Contracts, admin: Person, alice: Person) -> None:
    number = requested(funded, admin, places=5)
    refused("NotYourListing", funded.works.close, number, by=alice, listingId=number, account=alice)
    send(funded.works.close, number, by=admin)
    assert funded.works.budget() == 100 * TOKEN


def test_budget__goes_back_to_the_treasury_and_nowhere_else(funded: Contracts, admin: Person, alice: Person) -> None:
    role = bytes(funded.community.TOKEN_ADMIN_ROLE())
    refused("MissingRole", funded.works.returnBudget, 1, by=alice, account=alice, role=role)
    refused("EmptyAmount", funded.works.returnBudget, 0, by=admin)
    requested(funded, admin)
    refused("BudgetTooSmall", funded.works.returnBudget, 91 * TOKEN, by=admin, budget=90 * TOKEN)
    send(funded.works.returnBudget, 90 * TOKEN, by=admin)
    assert balances(funded, funded.treasury, funded.works) == (90 * TOKEN, 10 * TOKEN)


# ---------------------------------------------------------------- energy bonus


@pytest.fixture
def shared(
    funded: Contracts, admin: Person, issuer: Person, operators: list[Person], alice: Person, bob: Person, shop: Person
) -> Split:
    """An incentive split among alice, bob and the shop."""
    set_all(funded, admin, amounts={ENERGY_PROSUMER: 3 * TOKEN})
    number = recorded(funded, admin, issuer, 1_000)
    return split_final(funded, operators, number, {alice: 500, bob: 300, shop: 200})


def test_bonus__confirmed_by_another_or_of_no_incentive_or_twice__is_refused(
    funded: Contracts, shared: Split, admin: Person, alice: Person
) -> None:
    role = bytes(funded.community.COMMUNITY_ADMIN_ROLE())
    refused("MissingRole", funded.works.confirmEnergyBonus, shared.incentive_id, by=alice, account=alice, role=role)
    for number in (0, shared.incentive_id + 1):
        refused("WrongBonusState", funded.works.confirmEnergyBonus, number, by=admin, incentiveId=number)
    refused(
        "WrongBonusState",
        funded.works.claimEnergyBonus,
        shared.incentive_id,
        alice.address,
        by=alice,
        incentiveId=shared.incentive_id,
    )
    send(funded.works.confirmEnergyBonus, shared.incentive_id, by=admin)
    refused(
        "WrongBonusState",
        funded.works.confirmEnergyBonus,
        shared.incentive_id,
        by=admin,
        incentiveId=shared.incentive_id,
    )
    assert funded.works.energyBonusOf(shared.incentive_id) == ((0, 3 * TOKEN, 0), True)


def test_bonus__of_who_has_no_share_or_is_no_citizen_or_twice__is_refused(
    funded: Contracts, shared: Split, admin: Person, alice: Person, carol: Person, shop: Person
) -> None:
    send(funded.works.confirmEnergyBonus, shared.incentive_id, by=admin)
    claim = funded.works.claimEnergyBonus
    for who in (alice, carol):
        refused(
            "NoShareInIncentive",
            claim,
            shared.incentive_id,
            who.address,
            by=alice,
            incentiveId=shared.incentive_id,
            wallet=who,
        )
    for who in (alice, shop):
        send(funded.treasury.claimShare, *shared.claim(who), by=who)
    refused(
        "WrongCategory", claim, shared.incentive_id, shop.address, by=alice, category=ENERGY_BONUS, payee=STAKEHOLDER
    )
    done = send(claim, shared.incentive_id, alice.address, by=carol)
    assert done.event("EnergyBonusPaid").values == {
        "incentiveId": shared.incentive_id,
        "memberId": member_id(alice),
        "wallet": alice.address,
        "profile": 1,
        "amount": 3 * TOKEN,
    }
    assert done.event("Paid")["category"] == ENERGY_BONUS
    assert (balances(funded, alice), funded.works.budget()) == ((3 * TOKEN,), 97 * TOKEN)
    refused(
        "BonusTaken",
        claim,
        shared.incentive_id,
        alice.address,
        by=carol,
        incentiveId=shared.incentive_id,
        memberId=member_id(alice),
    )


def test_bonus__hangs_on_the_person__and_goes_to_the_new_wallet_once(
    funded: Contracts, shared: Split, admin: Person, bob: Person, new_wallet: Person
) -> None:
    send(funded.works.confirmEnergyBonus, shared.incentive_id, by=admin)
    send(funded.treasury.claimShare, *shared.claim(bob), by=bob)
    replace_wallet(funded, admin, bob, new_wallet)
    send(funded.works.claimEnergyBonus, shared.incentive_id, bob.address, by=admin)
    assert balances(funded, bob, new_wallet) == (0, 3 * TOKEN)
    assert funded.works.isBonusTaken(shared.incentive_id, member_id(bob))
    send(funded.community.suspendMember, new_wallet.address, by=admin)
    refused("NotActive", funded.works.claimEnergyBonus, shared.incentive_id, bob.address, by=admin, account=new_wallet)
    assert funded.community.standingOf(new_wallet.address)[1] == CITIZEN
