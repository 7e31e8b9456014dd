"""Deals among members: listings, escrow, delivery, confirmation, silence, dispute, check and payment."""

from typing import Any

import pytest

from tests.contracts.chain import mine_at, now, pass_to, refused, send
from tests.contracts.community import (
    CITIZEN,
    DAY,
    STAKEHOLDER,
    ZERO,
    Contracts,
    Person,
    join,
    replace_wallet,
)
from tests.contracts.economy import (
    ACCEPTED,
    CHECK_S,
    CITIZENS,
    CONFIRMED,
    DECISION_S,
    DELIVERED,
    DISPUTED,
    EVIDENCE,
    PAID,
    REFUNDED,
    SELLER_BONUS,
    SILENCE_S,
    STAKEHOLDERS,
    TO_CITIZEN,
    TO_COMMUNITY,
    TO_STAKEHOLDER,
    TOKEN,
    TRANSFER,
    WITH_STRUCTURE,
    Terms,
    accepted,
    allow,
    balances,
    end_of,
    issue,
    listing_terms,
    offered,
    set_all,
    set_terms,
    state_of,
)
from tests.contracts.test_lost_wallet import give_tokens

YEAR = 365 * DAY


@pytest.fixture
def shop(fontana: Contracts, admin: Person, stranger: Person, isolation: None) -> Person:
    """A stakeholder."""
    join(fontana, admin, stranger, kind=STAKEHOLDER)
    return stranger


@pytest.fixture
def rich(
    fontana: Contracts,
    admin: Person,
    second_admin: Person,
    alice: Person,
    bob: Person,
    carol: Person,
    shop: Person,
    isolation: None,
) -> Contracts:
    """100 tokens for alice, 10 each for bob, carol and the shop; the exchange may take them."""
    give_tokens(fontana, admin, second_admin, alice, 130 * TOKEN)
    for member in (bob, carol, shop):
        send(fontana.token.transfer, member.address, 10 * TOKEN, by=alice)
    allow(fontana, fontana.services, alice, bob, carol, shop)
    return fontana


@pytest.fixture
def deal(rich: Contracts, alice: Person, bob: Person) -> int:
    """Bob serves, alice pays 10 tokens."""
    return accepted(rich.services, offered(rich, bob), alice)


# ---------------------------------------------------------------- listings


def test_listing__by_nobody_active__is_refused(rich: Contracts, admin: Person, relayer: Person, bob: Person) -> None:
    send(rich.community.suspendMember, bob.address, by=admin)
    for who in (relayer, bob):
        for post in (rich.services.offer, rich.services.request):
            refused("NotActive", post, listing_terms(), by=who, account=who)


@pytest.mark.parametrize(
    "change",
    [
        {"content": bytes(32)},
        {"places": 0},
        {"deliver_within": 0},
        {"deliver_within": YEAR + 1},
        {"accept_by": 2**40 - 1},
    ],
)
def test_listing__that_lacks_something_or_lasts_too_long__is_refused(
    rich: Contracts, bob: Person, change: dict[str, Any]
) -> None:
    refused("IncompleteListing", rich.services.offer, listing_terms(**change), by=bob)


def test_listing__of_nothing_or_of_the_past_or_with_too_great_a_share__is_refused(
    rich: Contracts, bob: Person, shop: Person
) -> None:
    refused("EmptyAmount", rich.services.offer, listing_terms(amount=0), by=bob)
    refused("TooLate", rich.services.offer, listing_terms(accept_by=now()), by=bob, deadline=now())
    terms = listing_terms(category=WITH_STRUCTURE, structure=shop, structure_bps=10_001)
    refused("ShareTooLarge", rich.services.offer, terms, by=bob, bps=10_001)


def test_listing__with_a_structure_that_cannot_be__is_refused(rich: Contracts, bob: Person, carol: Person) -> None:
    for category, structure in ((WITH_STRUCTURE, ZERO), (WITH_STRUCTURE, carol.address), (CITIZENS, carol.address)):
        terms = listing_terms(category=category, structure=structure, structure_bps=1)
        refused("WrongStructure", rich.services.offer, terms, by=bob, structure=structure)


def test_acceptance__of_what_is_not_there_or_taken_or_over__is_refused(
    rich: Contracts, alice: Person, bob: Person, carol: Person
) -> None:
    refused("ListingClosed", rich.services.accept, 1, by=alice, listingId=1)
    refused("ListingClosed", rich.services.close, 1, by=alice, listingId=1)
    first, second = offered(rich, bob, amount=1), offered(rich, bob, amount=1)
    accepted(rich.services, first, alice)
    refused("ListingClosed", rich.services.accept, first, by=carol, listingId=first)
    refused("NotYourListing", rich.services.close, second, by=carol, listingId=second, account=carol)
    until = rich.services.listingOf(second)[0][3]
    mine_at(until)
    refused("TooLate", rich.services.accept, second, by=carol, deadline=until)
    told = send(rich.services.close, second, by=carol).event("ListingEnded")
    assert told.values == {"listingId": second, "placesLeft": 1}
    refused("ListingClosed", rich.services.close, second, by=bob, listingId=second)


def test_acceptance__by_oneself_or_by_nobody_active_or_in_a_wrong_category__is_refused(
    rich: Contracts, admin: Person, alice: Person, bob: Person, carol: Person, shop: Person
) -> None:
    number = offered(rich, bob)
    refused("SelfPayment", rich.services.accept, number, by=bob, account=bob)
    values = {"category": CITIZENS, "payer": STAKEHOLDER, "payee": CITIZEN}
    refused("WrongCategory", rich.services.accept, number, by=shop, **values)
    for category in (TRANSFER, TO_COMMUNITY, SELLER_BONUS, TO_CITIZEN):
        other = offered(rich, bob, category=category)
        refused("WrongCategory", rich.services.accept, other, by=alice, category=category)
    bonus = offered(rich, alice, category=SELLER_BONUS)
    refused("WrongCategory", rich.services.accept, bonus, by=shop, category=SELLER_BONUS)
    send(rich.community.suspendMember, carol.address, by=admin)
    refused("NotActive", rich.services.accept, number, by=carol, account=carol)
    send(rich.community.suspendMember, bob.address, by=admin)
    refused("NotActive", rich.services.accept, number, by=alice, account=bob)


def test_acceptance__in_a_category_that_is_off__is_refused_and_deals_made_before_go_on(
    rich: Contracts, admin: Person, alice: Person, bob: Person, carol: Person
) -> None:
    number = offered(rich, bob, places=2, amount=TOKEN, deliver_within=20 * DAY)
    before = accepted(rich.services, number, alice)
    set_terms(rich, admin, CITIZENS, Terms(100, 50, 50, is_off=True))
    refused("CategoryOff", rich.services.accept, number, by=carol, category=CITIZENS)
    send(rich.services.confirm, before, by=alice)
    pass_to(end_of(rich.services, before))
    told = send(rich.services.moveOn, before, by=carol).event("Paid")
    assert (told["fee"], told["payerIncentive"], told["payeeIncentive"]) == (0, 0, 0)


def test_request__holds_the_tokens_of_all_places__and_gives_the_rest_back(
    rich: Contracts, alice: Person, bob: Person, carol: Person
) -> None:
    done = send(rich.services.request, listing_terms(places=3, amount=4 * TOKEN), by=alice)
    number = done.event("Listed")["listingId"]
    assert rich.services.held() == 12 * TOKEN == balances(rich, rich.services)[0]
    deal = accepted(rich.services, number, bob)
    assert rich.services.dealOf(deal)[0] == alice.address or rich.services.dealOf(deal)[0].lower() == alice.address
    refused("SelfPayment", rich.services.accept, number, by=alice, account=alice)
    assert send(rich.services.close, number, by=alice).event("ListingEnded")["placesLeft"] == 2
    assert balances(rich, alice, rich.services) == (96 * TOKEN, 4 * TOKEN)
    send(rich.services.decline, deal, by=bob)
    assert balances(rich, alice, rich.services) == (100 * TOKEN, 0)
    assert rich.services.held() == 0


# ---------------------------------------------------------------- refusals of the steps


def test_steps__by_others_than_the_party__are_refused(
    rich: Contracts, deal: int, alice: Person, bob: Person, carol: Person, admin: Person
) -> None:
    services, role = rich.services, bytes(rich.community.COMMUNITY_ADMIN_ROLE())
    for call in ((services.deliver, deal, EVIDENCE), (services.decline, deal)):
        for who in (alice, carol, admin):
            refused("NotYourDeal", *call, by=who, dealId=deal, account=who)
    for who in (bob, carol, admin):
        refused("NotYourDeal", services.confirm, deal, by=who, dealId=deal, account=who)
    refused("MissingRole", services.check, deal, 1, 1, by=alice, account=alice, role=role)
    send(services.deliver, deal, EVIDENCE, by=bob)
    for who in (bob, carol, admin):
        refused("NotYourDeal", services.dispute, deal, EVIDENCE, by=who, dealId=deal, account=who)
    send(services.dispute, deal, EVIDENCE, by=alice)
    refused("MissingRole", services.decide, deal, 1, by=alice, account=alice, role=role)


def test_steps__in_another_state__are_refused(
    rich: Contracts, deal: int, alice: Person, bob: Person, admin: Person
) -> None:
    services = rich.services
    refused("WrongDealState", services.moveOn, 7, by=alice, dealId=7, state=0)
    refused("WrongDealState", services.review, deal, EVIDENCE, by=alice, dealId=deal, state=ACCEPTED)
    refused("WrongDealState", services.dispute, deal, EVIDENCE, by=alice, dealId=deal, state=ACCEPTED)
    refused("WrongDealState", services.decide, deal, 1, by=admin, dealId=deal, state=ACCEPTED)
    send(services.deliver, deal, EVIDENCE, by=bob)
    refused("WrongDealState", services.deliver, deal, EVIDENCE, by=bob, dealId=deal, state=DELIVERED)
    refused("WrongDealState", services.decline, deal, by=bob, dealId=deal, state=DELIVERED)
    send(services.confirm, deal, by=alice)
    for call in ((services.confirm, deal), (services.dispute, deal, EVIDENCE)):
        refused("WrongDealState", *call, by=alice, dealId=deal, state=CONFIRMED)
    send(services.check, deal, 0, 0, by=admin)
    for step in ((services.moveOn, deal), (services.check, deal, 1, 1), (services.confirm, deal)):
        refused("WrongDealState", *step, by=admin, dealId=deal, state=PAID)


def test_steps__a_second_late_or_early__are_refused(
    rich: Contracts, deal: int, alice: Person, bob: Person, admin: Person
) -> None:
    services = rich.services
    until = end_of(services, deal)
    pass_to(until - 1)
    refused("TooEarly", services.moveOn, deal, by=admin, opensAt=until, timestamp=until - 1)
    pass_to(until)
    refused("TooLate", services.deliver, deal, EVIDENCE, by=bob, deadline=until, timestamp=until)
    other = accepted(services, offered(rich, bob), alice)
    confirm_by = send(services.deliver, other, EVIDENCE, by=bob).event("DealDelivered")["confirmBy"]
    pass_to(confirm_by)
    refused("TooLate", services.dispute, other, EVIDENCE, by=alice, deadline=confirm_by)
    third = accepted(services, offered(rich, bob), alice)
    send(services.deliver, third, EVIDENCE, by=bob)
    decide_by = send(services.dispute, third, EVIDENCE, by=alice).event("DealDisputed")["decideBy"]
    pass_to(decide_by)
    refused("TooLate", services.decide, third, 1, by=admin, deadline=decide_by)


def test_judgement__of_ones_own_deal__is_refused(
    rich: Contracts, deal: int, alice: Person, bob: Person, admin: Person, shop: Person
) -> None:
    role = rich.community.COMMUNITY_ADMIN_ROLE()
    for who in (alice, bob, shop):
        send(rich.community.grantRole, role, who.address, by=admin)
    for who in (alice, bob):
        refused("OwnDeal", rich.services.check, deal, 1, 1, by=who, dealId=deal, account=who)
    send(rich.services.deliver, deal, EVIDENCE, by=bob)
    send(rich.services.dispute, deal, EVIDENCE, by=alice)
    for who in (alice, bob):
        refused("OwnDeal", rich.services.decide, deal, 1, by=who, dealId=deal, account=who)
    hosted = offered(rich, bob, category=WITH_STRUCTURE, structure=shop, structure_bps=100, amount=TOKEN)
    other = accepted(rich.services, hosted, alice)
    refused("OwnDeal", rich.services.check, other, 1, 1, by=shop, dealId=other, account=shop)


def test_judgement__beyond_the_whole_or_twice__is_refused(
    rich: Contracts, deal: int, alice: Person, bob: Person, admin: Person
) -> None:
    for shares in ((10_001, 0), (0, 10_001)):
        refused("ShareTooLarge", rich.services.check, deal, *shares, by=admin, bps=10_001)
    send(rich.services.check, deal, 10_000, 0, by=admin)
    refused("DoneBefore", rich.services.check, deal, 0, 0, by=admin, dealId=deal)
    send(rich.services.deliver, deal, EVIDENCE, by=bob)
    send(rich.services.dispute, deal, EVIDENCE, by=alice)
    refused("ShareTooLarge", rich.services.decide, deal, 10_001, by=admin, bps=10_001)


# ---------------------------------------------------------------- the ways through


def test_deal__delivered_confirmed_and_checked__pays_with_incentives_beyond_the_fee(
    rich: Contracts, admin: Person, alice: Person, bob: Person
) -> None:
    issue(rich, admin, 50 * TOKEN)
    set_terms(rich, admin, CITIZENS, Terms(500, 1_000, 2_000))
    deal = accepted(rich.services, offered(rich, bob), alice)
    send(rich.services.deliver, deal, EVIDENCE, by=bob)
    send(rich.services.confirm, deal, by=alice)
    done = send(rich.services.check, deal, 10_000, 6_000, by=admin)
    told = done.event("Paid")
    assert (told["amount"], told["fee"]) == (10 * TOKEN, TOKEN // 2)
    assert (told["payerIncentive"], told["payeeIncentive"]) == (8 * TOKEN // 10, 16 * TOKEN // 10)
    assert told["paymentReference"] == bytes(rich.services.referenceOf(deal))
    assert balances(rich, alice, bob) == (
        90 * TOKEN + 8 * TOKEN // 10,
        10 * TOKEN + 95 * TOKEN // 10 + 16 * TOKEN // 10,
    )
    assert balances(rich, rich.treasury, rich.services) == (50 * TOKEN + TOKEN // 2 - 24 * TOKEN // 10, 0)
    assert state_of(rich.services, deal) == PAID


def test_deal__checked_while_the_treasury_is_short__pays_what_it_has_and_says_so(
    rich: Contracts, admin: Person, alice: Person, bob: Person
) -> None:
    set_terms(rich, admin, CITIZENS, Terms(500, 1_000, 2_000))
    deal = accepted(rich.services, offered(rich, bob), alice)
    send(rich.services.check, deal, 10_000, 10_000, by=admin)
    done = send(rich.services.confirm, deal, by=alice)
    assert done.event("TreasuryShort").values == {
        "payer": alice.address,
        "payee": bob.address,
        "category": CITIZENS,
        "wanted": 3 * TOKEN,
        "paid": done.event("Paid")["payerIncentive"] + done.event("Paid")["payeeIncentive"],
    }
    assert 0 < done.event("TreasuryShort")["paid"] <= TOKEN // 2
    assert balances(rich, rich.treasury)[0] <= 1


def test_deal__not_checked__pays_after_the_time_with_incentives_up_to_the_fee(
    rich: Contracts, admin: Person, alice: Person, bob: Person, carol: Person
) -> None:
    issue(rich, admin, 50 * TOKEN)
    set_terms(rich, admin, CITIZENS, Terms(500, 1_000, 2_000))
    deal = accepted(rich.services, offered(rich, bob), alice)
    done = send(rich.services.confirm, deal, by=alice)
    assert done.event("DealConfirmed").values == {
        "dealId": deal,
        "bySilence": False,
        "checkBy": done.timestamp + CHECK_S,
    }
    pass_to(end_of(rich.services, deal))
    told = send(rich.services.moveOn, deal, by=carol).event("Paid")
    assert told["payerIncentive"] + told["payeeIncentive"] <= told["fee"] == TOKEN // 2


def test_deal__with_a_structure__pays_four_wallets(
    rich: Contracts, admin: Person, alice: Person, bob: Person, shop: Person
) -> None:
    set_terms(rich, admin, WITH_STRUCTURE, Terms(1_000))
    number = offered(rich, bob, category=WITH_STRUCTURE, structure=shop, structure_bps=3_000)
    deal = accepted(rich.services, number, alice)
    send(rich.services.check, deal, 0, 0, by=admin)
    told = send(rich.services.confirm, deal, by=alice).event("Paid")
    assert (told["structure"], told["structureAmount"]) == (shop.address, 27 * TOKEN // 10)
    assert balances(rich, alice, bob, shop, rich.treasury) == (
        90 * TOKEN,
        10 * TOKEN + 63 * TOKEN // 10,
        10 * TOKEN + 27 * TOKEN // 10,
        TOKEN,
    )


@pytest.mark.parametrize("category", [TO_CITIZEN, TO_STAKEHOLDER, STAKEHOLDERS])
def test_deal__of_every_kind_of_parties__is_made_and_paid(
    rich: Contracts, admin: Person, alice: Person, shop: Person, relayer: Person, category: int
) -> None:
    join(rich, admin, relayer, kind=STAKEHOLDER)
    payer, payee = {TO_CITIZEN: (alice, shop), TO_STAKEHOLDER: (shop, alice), STAKEHOLDERS: (shop, relayer)}[category]
    deal = accepted(rich.services, offered(rich, payee, category=category, amount=TOKEN), payer)
    send(rich.services.confirm, deal, by=payer)
    assert send(rich.services.check, deal, 0, 0, by=admin).event("Paid")["category"] == category


def test_deal__not_delivered__gives_the_escrow_back(rich: Contracts, deal: int, alice: Person, carol: Person) -> None:
    assert balances(rich, alice) == (90 * TOKEN,)
    pass_to(end_of(rich.services, deal))
    told = send(rich.services.moveOn, deal, by=carol).event("DealRefunded")
    assert told.values == {"dealId": deal, "amount": 10 * TOKEN}
    assert (balances(rich, alice), state_of(rich.services, deal)) == ((100 * TOKEN,), REFUNDED)


def test_deal__delivered_and_met_with_silence__is_confirmed_and_paid(
    rich: Contracts, deal: int, bob: Person, carol: Person
) -> None:
    send(rich.services.deliver, deal, EVIDENCE, by=bob)
    pass_to(now() + SILENCE_S)
    assert send(rich.services.moveOn, deal, by=carol).event("DealConfirmed")["bySilence"]
    pass_to(now() + CHECK_S)
    send(rich.services.moveOn, deal, by=carol)
    assert balances(rich, bob) == (20 * TOKEN,)


@pytest.mark.parametrize(("share", "state"), [(0, REFUNDED), (1, PAID), (3_333, PAID), (10_000, PAID)])
def test_dispute__decided__divides_the_escrow_and_earns_nothing(
    rich: Contracts, admin: Person, alice: Person, bob: Person, share: int, state: int
) -> None:
    issue(rich, admin, 50 * TOKEN)
    set_terms(rich, admin, CITIZENS, Terms(500, 1_000, 2_000))
    deal = accepted(rich.services, offered(rich, bob), alice)
    send(rich.services.check, deal, 10_000, 10_000, by=admin)
    send(rich.services.deliver, deal, EVIDENCE, by=bob)
    assert state_of(rich.services, deal) == DELIVERED
    send(rich.services.dispute, deal, EVIDENCE, by=alice)
    assert state_of(rich.services, deal) == DISPUTED
    send(rich.services.decide, deal, share, by=admin)
    paid = 10 * TOKEN * share // 10_000
    assert balances(rich, alice, bob) == (100 * TOKEN - paid, 10 * TOKEN + paid - paid * 500 // 10_000)
    assert (rich.services.held(), state_of(rich.services, deal)) == (0, state)


def test_dispute__that_nobody_decides__is_halved(
    rich: Contracts, deal: int, alice: Person, bob: Person, carol: Person
) -> None:
    send(rich.services.deliver, deal, EVIDENCE, by=bob)
    send(rich.services.dispute, deal, EVIDENCE, by=alice)
    pass_to(now() + DECISION_S)
    told = send(rich.services.moveOn, deal, by=carol).event("DealDecided")
    assert told.values == {"dealId": deal, "admin": ZERO, "payeeBps": 5_000}
    assert balances(rich, alice, bob) == (95 * TOKEN, 15 * TOKEN)


def test_fee__is_that_of_the_acceptance__whatever_it_is_later(
    rich: Contracts, admin: Person, alice: Person, bob: Person
) -> None:
    set_terms(rich, admin, CITIZENS, Terms(100))
    deal = accepted(rich.services, offered(rich, bob, deliver_within=30 * DAY), alice)
    set_all(rich, admin, {CITIZENS: Terms(2_000)})
    send(rich.services.confirm, deal, by=alice)
    assert send(rich.services.check, deal, 0, 0, by=admin).event("Paid")["fee"] == TOKEN // 10


def test_status__of_the_parties__locks_no_escrow(
    rich: Contracts, deal: int, admin: Person, alice: Person, bob: Person
) -> None:
    for who in (alice, bob):
        send(rich.community.suspendMember, who.address, by=admin)
    send(rich.services.deliver, deal, EVIDENCE, by=bob)
    send(rich.community.removeMember, bob.address, by=admin)
    send(rich.services.confirm, deal, by=alice)
    send(rich.services.check, deal, 0, 0, by=admin)
    assert balances(rich, bob) == (20 * TOKEN,)


def test_lost_wallet__of_the_payer__is_succeeded_once_the_delay_is_over(
    rich: Contracts, deal: int, admin: Person, alice: Person, bob: Person, new_wallet: Person
) -> None:
    moves_at = replace_wallet(rich, admin, alice, new_wallet)
    send(rich.services.deliver, deal, EVIDENCE, by=bob)
    refused("NotYourDeal", rich.services.dispute, deal, EVIDENCE, by=new_wallet, account=new_wallet)
    mine_at(moves_at)
    refused("NotYourDeal", rich.services.confirm, deal, by=alice, account=alice)
    send(rich.services.confirm, deal, by=new_wallet)


def test_review__by_each_party_once__is_told(
    rich: Contracts, deal: int, alice: Person, bob: Person, carol: Person
) -> None:
    send(rich.services.decline, deal, by=bob)
    refused("NotYourDeal", rich.services.review, deal, EVIDENCE, by=carol, account=carol)
    for who in (alice, bob):
        told = send(rich.services.review, deal, EVIDENCE, by=who).event("DealReviewed")
        assert told.values == {"dealId": deal, "account": who.address, "reviewHash": EVIDENCE}
        refused("DoneBefore", rich.services.review, deal, EVIDENCE, by=who, dealId=deal)
