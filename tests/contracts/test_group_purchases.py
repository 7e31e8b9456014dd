"""Group purchases: many payers, a threshold, and everybody's escrow back where it is not reached."""

from typing import Any

import pytest

from tests.contracts.chain import mine_at, now, pass_to, refused, send
from tests.contracts.community import DAY, STAKEHOLDER, Contracts, Person, join
from tests.contracts.economy import (
    ACCEPTED,
    CHECK_S,
    CITIZENS,
    CONTENT,
    EVIDENCE,
    PLEDGED,
    REFUNDED,
    SILENCE_S,
    TO_CITIZEN,
    TOKEN,
    Terms,
    allow,
    balances,
    end_of,
    set_terms,
    state_of,
)
from tests.contracts.test_lost_wallet import give_tokens

YEAR = 365 * DAY


@pytest.fixture
def rich(
    fontana: Contracts,
    admin: Person,
    second_admin: Person,
    alice: Person,
    bob: Person,
    carol: Person,
    stranger: Person,
    isolation: None,
) -> Contracts:
    """40 tokens each for alice and bob; carol supplies; the stranger is a shop that supplies, too."""
    join(fontana, admin, stranger, kind=STAKEHOLDER)
    give_tokens(fontana, admin, second_admin, alice, 80 * TOKEN)
    send(fontana.token.transfer, bob.address, 40 * TOKEN, by=alice)
    allow(fontana, fontana.purchases, alice, bob, carol)
    return fontana


def purchase_terms(**changes: Any) -> tuple[Any, ...]:
    """`PurchaseTerms`: a token a unit, 10 to 30 of them."""
    values = {"price": TOKEN, "least": 10, "most": 30, "closes": now() + 5 * DAY, "within": 5 * DAY, "content": CONTENT}
    return tuple((values | changes).values())


def opened(contracts: Contracts, supplier: Person, **changes: Any) -> int:
    """A purchase; its number."""
    done = send(contracts.purchases.open, purchase_terms(**changes), by=supplier)
    number: int = done.event("PurchaseOpened")["purchaseId"]
    return number


def joined(contracts: Contracts, number: int, member: Person, units: int) -> int:
    """A member's part; the deal's number."""
    deal: int = send(contracts.purchases.join, number, units, by=member).event("DealOpened")["dealId"]
    return deal


@pytest.mark.parametrize(
    "change",
    [
        {"content": bytes(32)},
        {"within": 0},
        {"within": YEAR + 1},
        {"least": 0},
        {"least": 31},
        {"closes": 2**40 - 1},
    ],
)
def test_purchase__that_lacks_something__is_refused(rich: Contracts, carol: Person, change: dict[str, Any]) -> None:
    refused("IncompletePurchase", rich.purchases.open, purchase_terms(**change), by=carol)


def test_purchase__without_price_or_time_or_by_nobody__is_refused(
    rich: Contracts, carol: Person, relayer: Person
) -> None:
    refused("EmptyAmount", rich.purchases.open, purchase_terms(price=0), by=carol)
    refused("TooLate", rich.purchases.open, purchase_terms(closes=now()), by=carol)
    refused("NotActive", rich.purchases.open, purchase_terms(), by=relayer, account=relayer)


def test_join__of_no_purchase_or_no_units_or_too_many_or_too_late__is_refused(
    rich: Contracts, alice: Person, bob: Person, carol: Person
) -> None:
    join_ = rich.purchases.join
    refused("PurchaseClosed", join_, 1, 1, by=alice, purchaseId=1)
    number = opened(rich, carol)
    refused("EmptyAmount", join_, number, 0, by=alice)
    joined(rich, number, alice, 20)
    refused("TooManyUnits", join_, number, 11, by=bob, units=11, left=10)
    refused("SelfPayment", join_, number, 1, by=carol, account=carol)
    closes = rich.purchases.purchaseOf(number)[0][3]
    mine_at(closes)
    refused("TooLate", join_, number, 1, by=bob, deadline=closes)


def test_purchase__cancelled_by_another_or_twice__is_refused(rich: Contracts, alice: Person, carol: Person) -> None:
    number = opened(rich, carol)
    refused("NotYourPurchase", rich.purchases.cancelPurchase, number, by=alice, purchaseId=number, account=alice)
    send(rich.purchases.cancelPurchase, number, by=carol)
    refused("PurchaseClosed", rich.purchases.cancelPurchase, number, by=carol, purchaseId=number)
    refused("PurchaseClosed", rich.purchases.join, number, 1, by=alice, purchaseId=number)
    refused("PurchaseClosed", rich.purchases.cancelPurchase, 9, by=carol, purchaseId=9)


def test_pledge__below_the_threshold__goes_back_to_everybody(
    rich: Contracts, alice: Person, bob: Person, carol: Person
) -> None:
    number = opened(rich, carol)
    deals = [joined(rich, number, alice, 5), joined(rich, number, bob, 4)]
    assert balances(rich, alice, bob, rich.purchases) == (35 * TOKEN, 36 * TOKEN, 9 * TOKEN)
    refused("TooEarly", rich.purchases.moveOn, deals[0], by=alice)
    refused("WrongDealState", rich.purchases.deliver, deals[0], EVIDENCE, by=carol, state=PLEDGED)
    pass_to(end_of(rich.purchases, deals[0]))
    for deal in deals:
        send(rich.purchases.moveOn, deal, by=carol)
        assert state_of(rich.purchases, deal) == REFUNDED
    assert balances(rich, alice, bob, rich.purchases) == (40 * TOKEN, 40 * TOKEN, 0)


def test_pledge__left_again__frees_its_units(rich: Contracts, alice: Person, bob: Person, carol: Person) -> None:
    number = opened(rich, carol, most=10)
    deal = joined(rich, number, alice, 10)
    assert rich.purchases.unitsOf(deal) == 10
    refused("NotYourDeal", rich.purchases.leavePurchase, deal, by=bob, dealId=deal, account=bob)
    told = send(rich.purchases.leavePurchase, deal, by=alice).event("PurchasePledged")
    assert told.values == {"purchaseId": number, "dealId": deal, "units": 0}
    refused("WrongDealState", rich.purchases.leavePurchase, deal, by=alice, state=REFUNDED)
    joined(rich, number, bob, 10)
    assert balances(rich, alice, bob) == (40 * TOKEN, 30 * TOKEN)


def test_pledge__of_a_purchase_cancelled__can_be_moved_on_at_once(
    rich: Contracts, alice: Person, carol: Person
) -> None:
    number = opened(rich, carol)
    deal = joined(rich, number, alice, 30)
    send(rich.purchases.cancelPurchase, number, by=carol)
    send(rich.purchases.moveOn, deal, by=carol)
    assert balances(rich, alice) == (40 * TOKEN,)


def test_purchase__that_reached_its_threshold__is_delivered_to_each_and_paid(
    rich: Contracts, admin: Person, alice: Person, bob: Person, carol: Person, stranger: Person
) -> None:
    set_terms(rich, admin, CITIZENS, Terms(1_000))
    number = opened(rich, carol)
    mine, other = joined(rich, number, alice, 6), joined(rich, number, bob, 4)
    pass_to(end_of(rich.purchases, mine))
    refused("WrongDealState", rich.purchases.leavePurchase, mine, by=alice, state=ACCEPTED)
    for deal in (mine, other):
        send(rich.purchases.deliver, deal, EVIDENCE, by=carol)
    send(rich.purchases.confirm, mine, by=alice)
    send(rich.purchases.check, mine, 0, 0, by=admin)
    pass_to(now() + SILENCE_S)
    send(rich.purchases.moveOn, other, by=stranger)
    pass_to(now() + CHECK_S)
    send(rich.purchases.moveOn, other, by=stranger)
    assert balances(rich, carol, rich.treasury, rich.purchases) == (9 * TOKEN, TOKEN, 0)


def test_purchase__that_is_never_delivered__goes_back_to_everybody(
    rich: Contracts, alice: Person, carol: Person
) -> None:
    number = opened(rich, carol)
    deal = joined(rich, number, alice, 10)
    closes = end_of(rich.purchases, deal)
    mine_at(closes)
    refused("TooEarly", rich.purchases.moveOn, deal, by=carol, opensAt=closes + 5 * DAY)
    mine_at(closes + 5 * DAY)
    send(rich.purchases.moveOn, deal, by=carol)
    assert balances(rich, alice) == (40 * TOKEN,)


def test_purchase__from_a_shop__is_paid_in_the_category_of_the_two(
    rich: Contracts, alice: Person, stranger: Person
) -> None:
    deal = joined(rich, opened(rich, stranger), alice, 10)
    assert rich.purchases.dealOf(deal)[1] == TO_CITIZEN
