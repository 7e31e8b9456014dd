"""Two communities of one platform: no token, role, session, share or claim of one is worth anything in the other."""

from typing import Any

import pytest

from tests.contracts.chain import now, refused, send
from tests.contracts.community import (
    DAY,
    ZERO,
    Contracts,
    Implementations,
    Person,
    create_community,
    join,
    member_id,
    parameters,
)
from tests.contracts.economy import (
    CITIZENS,
    CONTENT,
    NO_REFERENCE,
    TO_COMMUNITY,
    TOKEN,
    WELCOME_CITIZEN,
    YEARLY_FEE,
    accepted,
    allow,
    balances,
    issue,
    listing_terms,
    offered,
    set_all,
)
from tests.contracts.incentives import CID, Split, recorded, split_final
from tests.contracts.market import Session, buy
from tests.contracts.test_lost_wallet import give_tokens


@pytest.fixture
def lago(
    project: Any,
    platform: Implementations,
    platform_admin: Person,
    second_admin: Person,
    euro: Any,
    operators: list[Person],
    stranger: Person,
    isolation: None,
) -> Contracts:
    """A second community over the same settlement euro: its own admin, one member, and a welcome bonus."""
    values = parameters(second_admin, euro, operators, name="Lago", symbol="LGO")
    contracts = create_community(project, platform.factory, platform_admin, euro, values)
    set_all(contracts, second_admin, amounts={WELCOME_CITIZEN: 50 * TOKEN})
    issue(contracts, second_admin, 200 * TOKEN)
    join(contracts, second_admin, stranger)
    return contracts


def test_communities__are_listed_by_the_factory(platform: Implementations, fontana: Contracts, lago: Contracts) -> None:
    count = platform.factory.communityCount()
    listed = [platform.factory.communityAt(number) for number in range(count)]
    for contracts in (fontana, lago):
        assert contracts.community.contracts() in listed
    assert len({address for every in listed for address in every}) == sum(map(len, listed))


def test_token__of_one__does_not_move_to_members_of_the_other(
    fontana: Contracts, lago: Contracts, stranger: Person, alice: Person
) -> None:
    assert balances(lago, stranger) == (50 * TOKEN,)
    refused("NotEntitled", lago.token.transfer, alice.address, 1, by=stranger, account=alice)
    refused("NotEntitled", lago.token.pay, alice.address, 1, CITIZENS, NO_REFERENCE, by=stranger, account=alice)
    for contract in (fontana.treasury, fontana.services, fontana.marketplace, fontana.community):
        refused("NotEntitled", lago.token.transfer, contract.address, 1, by=stranger, account=contract)


def test_roles__of_one__count_for_nothing_in_the_other(
    fontana: Contracts, lago: Contracts, admin: Person, alice: Person, stranger: Person
) -> None:
    token_role, admin_role = (bytes(lago.community.TOKEN_ADMIN_ROLE()), bytes(lago.community.COMMUNITY_ADMIN_ROLE()))
    refused("MissingRole", lago.token.issue, 1, by=admin, account=admin, role=token_role)
    refused("MissingRole", lago.token.scheduleAmount, WELCOME_CITIZEN, 1, by=admin, account=admin, role=token_role)
    refused("MissingRole", lago.works.requestWork, listing_terms(), by=admin, account=admin, role=admin_role)
    call = (lago.community.suspendMember, stranger.address)
    refused("AccessControlUnauthorizedAccount", *call, by=admin, account=admin, neededRole=admin_role)
    refused("NotEntitled", lago.token.welcome, alice.address, by=admin, account=alice)


def test_exchanges__of_one__take_no_member_and_no_listing_of_the_other(
    fontana: Contracts, lago: Contracts, alice: Person, bob: Person, stranger: Person
) -> None:
    number = offered(fontana, bob)
    refused("NotActive", fontana.services.accept, number, by=stranger, account=stranger)
    refused("ListingClosed", lago.services.accept, number, by=stranger, listingId=number)
    for call in (
        (lago.services.offer, listing_terms()),
        (lago.purchases.open, (1, 1, 1, 2**39, 1, CONTENT)),
        (lago.loans.offerGood, (1, 1, 1, 1, CONTENT)),
        (lago.marketplace.deposit, 1),
    ):
        refused("NotActive", *call, by=alice, account=alice)
    refused("NotAStakeholder", lago.desk.buyTokens, 1, 0, by=alice, wallet=alice)


def test_purchase__of_one__takes_no_pledge_and_no_step_of_a_member_of_the_other(
    fontana: Contracts, lago: Contracts, alice: Person, bob: Person, stranger: Person
) -> None:
    opened = send(fontana.purchases.open, (TOKEN, 2, 6, now() + DAY, DAY, CONTENT), by=bob)
    number = opened.event("PurchaseOpened")["purchaseId"]
    refused("NotActive", fontana.purchases.join, number, 1, by=stranger, account=stranger)
    refused("NotYourPurchase", fontana.purchases.cancelPurchase, number, by=stranger, account=stranger)
    refused("PurchaseClosed", lago.purchases.join, number, 1, by=stranger, purchaseId=number)
    own = send(lago.purchases.open, (TOKEN, 2, 6, now() + DAY, DAY, CONTENT), by=stranger)
    call = (lago.purchases.join, own.event("PurchaseOpened")["purchaseId"], 1)
    refused("NotActive", *call, by=alice, account=alice)


def test_good__of_one__is_lent_to_no_member_of_the_other(
    fontana: Contracts, lago: Contracts, alice: Person, bob: Person, stranger: Person
) -> None:
    terms = (TOKEN, 2 * TOKEN, TOKEN, 9 * DAY, CONTENT)
    number = send(fontana.loans.offerGood, terms, by=bob).event("GoodOffered")["goodId"]
    refused("NotActive", fontana.loans.borrow, number, DAY, by=stranger, account=stranger)
    refused("NotYourGood", fontana.loans.withdrawGood, number, by=stranger, account=stranger)
    refused("GoodNotThere", lago.loans.borrow, number, DAY, by=stranger, goodId=number)
    own = send(lago.loans.offerGood, terms, by=stranger).event("GoodOffered")["goodId"]
    refused("NotActive", lago.loans.borrow, own, DAY, by=alice, account=alice)


def test_work__for_one__is_accepted_and_confirmed_by_nobody_of_the_other(
    fontana: Contracts,
    lago: Contracts,
    admin: Person,
    second_admin: Person,
    alice: Person,
    bob: Person,
    stranger: Person,
) -> None:
    give_tokens(lago, second_admin, bob, Person("works", lago.works.address, b""), 20 * TOKEN)
    wanted = send(lago.works.requestWork, listing_terms(category=TO_COMMUNITY), by=second_admin)
    number = wanted.event("Listed")["listingId"]
    refused("NotActive", lago.works.accept, number, by=alice, account=alice)
    refused("ListingClosed", fontana.works.accept, number, by=alice, listingId=number)
    refused("NotYourListing", lago.works.close, number, by=admin, account=admin)
    deal = accepted(lago.works, number, by=stranger)
    refused("NotYourDeal", lago.works.deliver, deal, CONTENT, by=alice, account=alice)
    send(lago.works.deliver, deal, CONTENT, by=stranger)
    for step in ((lago.works.confirm, deal), (lago.works.check, deal, 10_000, 10_000)):
        refused("MissingRole", *step, by=admin, account=admin)


def test_steps__of_a_deal_or_a_loan_of_one__are_taken_by_nobody_of_the_other(
    fontana: Contracts,
    lago: Contracts,
    second_admin: Person,
    alice: Person,
    bob: Person,
    admin: Person,
    stranger: Person,
) -> None:
    """Not by a member of the other, not by its admin, and under the same number there is nothing in the other."""
    give_tokens(fontana, admin, second_admin, alice, 100 * TOKEN)
    send(fontana.community.revokeRole, fontana.community.COMMUNITY_ADMIN_ROLE(), second_admin.address, by=admin)
    for exchange in (fontana.services, fontana.loans):
        allow(fontana, exchange, alice)
    deal = accepted(fontana.services, offered(fontana, bob), by=alice)
    good = send(fontana.loans.offerGood, (TOKEN, TOKEN, TOKEN, 9 * DAY, CONTENT), by=bob).event("GoodOffered")["goodId"]
    loan = send(fontana.loans.borrow, good, DAY, by=alice).event("LoanReserved")["loanId"]
    for who in (stranger, second_admin):
        refused("NotYourDeal", fontana.services.deliver, deal, CONTENT, by=who, account=who)
        refused("NotYourDeal", fontana.services.confirm, deal, by=who, account=who)
        refused("MissingRole", fontana.services.check, deal, 1, 1, by=who, account=who)
        refused("NotYourLoan", fontana.loans.handOver, loan, by=who, account=who)
        refused("NotYourLoan", fontana.loans.cancelLoan, loan, by=who, account=who)
    refused("WrongDealState", lago.services.deliver, deal, CONTENT, by=bob, dealId=deal)
    refused("WrongLoanState", lago.loans.handOver, loan, by=bob, loanId=loan)


def test_bonus_and_fee__of_one__are_confirmed_and_paid_in_no_other(
    fontana: Contracts, lago: Contracts, admin: Person, second_admin: Person, issuer: Person, alice: Person
) -> None:
    """An energy bonus is of the incentive of its own treasury; a stakeholder of one owes no fee to the other."""
    number = recorded(fontana, admin, issuer, 1_000)
    refused("WrongBonusState", lago.works.confirmEnergyBonus, number, by=second_admin, incentiveId=number)
    refused("MissingRole", lago.works.confirmEnergyBonus, number, by=admin, account=admin)
    send(fontana.works.confirmEnergyBonus, number, by=admin)
    refused("WrongBonusState", lago.works.claimEnergyBonus, number, alice.address, by=alice, incentiveId=number)
    set_all(lago, second_admin, amounts={YEARLY_FEE: 1})
    refused("NotAStakeholder", lago.desk.payYearlyFee, member_id(alice), by=alice, wallet=ZERO)


def test_contracts__of_one__have_no_power_over_the_token_of_the_other(fontana: Contracts, lago: Contracts) -> None:
    deal = (lago.treasury.address, fontana.treasury.address, lago.treasury.address, CITIZENS, 0, True, 0, 1, 0, CONTENT)
    for contract in (fontana.services, fontana.works, fontana.desk, fontana.rewards, fontana.treasury):
        refused("NotOwnContract", lago.token.payDeal, deal, by=contract, account=contract)
        refused("NotOwnContract", lago.token.returnEscrow, contract.address, 1, by=contract, account=contract)
        refused("NotOwnContract", lago.token.sell, contract.address, 1, by=contract, account=contract)
        refused("NotTheRewards", lago.token.mintReward, contract.address, 1, by=contract, account=contract)
        refused("NotOwnContract", lago.treasury.recordIncome, lago.token.address, 1, by=contract, account=contract)


def test_commitment__to_a_session_of_one__opens_in_no_session_of_the_other(
    lago: Contracts, session: Session, alice: Person, stranger: Person
) -> None:
    sealed = session.seal(alice, [buy(0, 1000, 200_000)])
    call = (lago.marketplace.submitCommitments, session.id, sealed.digest, sealed.max_lock, b"sealed")
    refused("NotActive", *call, by=alice, account=alice)
    refused("UnknownSession", *call, by=stranger, sessionId=session.id)


def test_share__of_an_incentive_of_one__is_no_share_in_the_other(
    fontana: Contracts,
    lago: Contracts,
    admin: Person,
    second_admin: Person,
    issuer: Person,
    operators: list[Person],
    alice: Person,
    stranger: Person,
) -> None:
    here = recorded(fontana, admin, issuer, 1_000)
    there = recorded(lago, second_admin, issuer, 1_000)
    assert here == there
    split = split_final(fontana, operators, here, {alice: 600, stranger: 400})
    assert bytes(fontana.treasury.splitQuestion(here)) != bytes(lago.treasury.splitQuestion(there))
    refused("SplitNotFinal", lago.treasury.claimShare, *split.claim(alice), by=alice, incentiveId=there)
    own = Split.among(there, {stranger: 1_000})
    refused("BondTooSmall", lago.treasury.postSplit, there, own.values, CID, by=operators[0], bond=0)
