"""Stakeholders' yearly fee, and tokens for settlement euro, one way."""

from typing import Any

import pytest

from tests.contracts.chain import deploy, mine_at, refused, send
from tests.contracts.community import (
    DAY,
    STAKEHOLDER,
    Contracts,
    Implementations,
    Person,
    create_community,
    join,
    member_id,
    mint,
    parameters,
)
from tests.contracts.economy import TOKEN, TOKEN_PRICE, YEARLY_FEE, balances, issue, set_all

YEAR = 365 * DAY
FEE_UE = 50_000_000
PRICE_UE = 2_000_000
MONEY_UE = 1_000_000_000


@pytest.fixture
def shop(fontana: Contracts, admin: Person, issuer: Person, stranger: Person, isolation: None) -> Person:
    """A stakeholder with euro that the desk may take."""
    join(fontana, admin, stranger, kind=STAKEHOLDER)
    mint(fontana, issuer, stranger, MONEY_UE)
    send(fontana.euro.approve, fontana.desk.address, MONEY_UE, by=stranger)
    return stranger


@pytest.fixture
def priced(fontana: Contracts, admin: Person, isolation: None) -> Contracts:
    """A token for two euro, out of 1,000, and a yearly fee."""
    set_all(fontana, admin, amounts={YEARLY_FEE: FEE_UE, TOKEN_PRICE: PRICE_UE})
    issue(fontana, admin, 1_000 * TOKEN)
    return fontana


def test_fee__of_nobody_or_of_a_citizen_or_of_who_left__is_refused(
    priced: Contracts, shop: Person, alice: Person
) -> None:
    desk = priced.desk
    refused("NotAStakeholder", desk.payYearlyFee, b"\7" * 32, by=shop, wallet="0x" + "00" * 20)
    refused("NotAStakeholder", desk.payYearlyFee, member_id(alice), by=shop, wallet=alice)
    send(priced.community.leave, by=shop)
    refused("NotAStakeholder", desk.payYearlyFee, member_id(shop), by=shop, wallet=shop)


def test_fee__where_none_is_asked__is_refused(fontana: Contracts, shop: Person) -> None:
    call = (fontana.desk.payYearlyFee, member_id(shop))
    refused("NoFeeDue", *call, by=shop, memberId=member_id(shop), paidUntil=0)
    assert not fontana.desk.isInArrears(member_id(shop))


def test_fee__without_the_money__is_refused(priced: Contracts, shop: Person, alice: Person) -> None:
    refused("ERC20InsufficientAllowance", priced.desk.payYearlyFee, member_id(shop), by=alice)


def test_fee__paid_by_anybody__goes_to_the_treasury_and_lasts_a_year(
    priced: Contracts, shop: Person, alice: Person, issuer: Person
) -> None:
    assert priced.desk.isInArrears(member_id(shop))
    mint(priced, issuer, alice, FEE_UE)
    send(priced.euro.approve, priced.desk.address, FEE_UE, by=alice)
    done = send(priced.desk.payYearlyFee, member_id(shop), by=alice)
    told = done.event("YearlyFeePaid")
    assert told.values == {
        "memberId": member_id(shop),
        "source": alice.address,
        "amount": FEE_UE,
        "paidUntil": done.timestamp + YEAR,
    }
    assert done.event("Received").values == {
        "source": priced.desk.address.lower(),
        "asset": priced.euro.address.lower(),
        "amount": FEE_UE,
    }
    assert priced.euro.balanceOf(priced.treasury.address) == FEE_UE
    mine_at(told["paidUntil"])
    assert not priced.desk.isInArrears(member_id(shop))
    mine_at(told["paidUntil"] + 1)
    assert priced.desk.isInArrears(member_id(shop))


def test_fee__paid_ahead__counts_from_the_due_date_and_not_more_than_60_days_early(
    priced: Contracts, shop: Person
) -> None:
    first = send(priced.desk.payYearlyFee, member_id(shop), by=shop).event("YearlyFeePaid")["paidUntil"]
    mine_at(first - 60 * DAY - 2)
    refused("NoFeeDue", priced.desk.payYearlyFee, member_id(shop), by=shop, paidUntil=first)
    mine_at(first - 60 * DAY - 1)
    assert send(priced.desk.payYearlyFee, member_id(shop), by=shop).event("YearlyFeePaid")["paidUntil"] == first + YEAR


def test_fee__paid_late__counts_from_the_due_date_and_after_a_year_anew(priced: Contracts, shop: Person) -> None:
    first = send(priced.desk.payYearlyFee, member_id(shop), by=shop).event("YearlyFeePaid")["paidUntil"]
    mine_at(first + 100 * DAY)
    second = send(priced.desk.payYearlyFee, member_id(shop), by=shop).event("YearlyFeePaid")["paidUntil"]
    assert second == first + YEAR
    mine_at(second + YEAR)
    done = send(priced.desk.payYearlyFee, member_id(shop), by=shop)
    assert done.event("YearlyFeePaid")["paidUntil"] == done.timestamp + YEAR


def test_purchase__by_a_citizen_or_in_arrears_or_without_a_price__is_refused(
    fontana: Contracts, admin: Person, shop: Person, alice: Person
) -> None:
    refused("NotAStakeholder", fontana.desk.buyTokens, 1, 0, by=alice, wallet=alice)
    refused("NotForSale", fontana.desk.buyTokens, 1, 0, by=shop)
    set_all(fontana, admin, amounts={YEARLY_FEE: FEE_UE, TOKEN_PRICE: PRICE_UE})
    call = (fontana.desk.buyTokens, PRICE_UE, 0)
    refused("InArrears", *call, by=shop, memberId=member_id(shop), paidUntil=0)


def test_purchase__of_less_than_wanted_or_of_nothing__is_refused(priced: Contracts, shop: Person) -> None:
    send(priced.desk.payYearlyFee, member_id(shop), by=shop)
    refused("TooFewTokens", priced.desk.buyTokens, PRICE_UE, TOKEN + 1, by=shop, tokens=TOKEN, least=TOKEN + 1)
    refused("TooFewTokens", priced.desk.buyTokens, 0, 0, by=shop, tokens=0, least=0)


def test_purchase__beyond_what_the_treasury_holds__is_refused(fontana: Contracts, admin: Person, shop: Person) -> None:
    set_all(fontana, admin, amounts={TOKEN_PRICE: PRICE_UE})
    issue(fontana, admin, TOKEN)
    call = (fontana.desk.buyTokens, PRICE_UE + 2, 0)
    refused("TreasuryTooShort", *call, by=shop, amount=TOKEN + TOKEN // 10**6, available=TOKEN)


def test_purchase__takes_euro_to_the_treasury_and_tokens_from_it(priced: Contracts, shop: Person) -> None:
    send(priced.desk.payYearlyFee, member_id(shop), by=shop)
    done = send(priced.desk.buyTokens, 5_000_001, 5 * TOKEN // 2, by=shop)
    tokens = 5_000_001 * TOKEN // PRICE_UE
    assert done.event("TokensBought").values == {
        "buyer": shop.address,
        "paid": 5_000_001,
        "tokens": tokens,
        "price": PRICE_UE,
    }
    assert done.event("Sold").values == {"buyer": shop.address, "amount": tokens}
    assert balances(priced, shop, priced.treasury) == (tokens, 1_000 * TOKEN - tokens)
    assert priced.euro.balanceOf(priced.treasury.address) == FEE_UE + 5_000_001
    assert priced.euro.balanceOf(priced.desk.address) == 0


def test_desk__over_a_token_that_keeps_a_tenth__counts_what_arrived(
    project: Any,
    platform: Implementations,
    platform_admin: Person,
    admin: Person,
    operators: list[Person],
    odd_tokens: Any,
    alice: Person,
) -> None:
    token = deploy(odd_tokens.FeeToken, by=admin)
    values = parameters(admin, token, operators, name="Lago", symbol="LGO")
    lago = create_community(project, platform.factory, platform_admin, token, values)
    join(lago, admin, alice, kind=STAKEHOLDER)
    send(token.mint, alice.address, MONEY_UE, by=admin)
    send(token.approve, lago.desk.address, MONEY_UE, by=alice)
    set_all(lago, admin, amounts={YEARLY_FEE: FEE_UE})
    fee = (lago.desk.payYearlyFee, member_id(alice))
    refused("FeeNotCovered", *fee, by=alice, arrived=FEE_UE * 9 // 10, required=FEE_UE)
    set_all(lago, admin, amounts={YEARLY_FEE: 0, TOKEN_PRICE: PRICE_UE})
    issue(lago, admin, 10 * TOKEN)
    told = send(lago.desk.buyTokens, 10 * PRICE_UE, 0, by=alice).event("TokensBought")
    assert (told["paid"], told["tokens"]) == (9 * PRICE_UE, 9 * TOKEN)
