"""What the token admin sets: after a notice, within limits of the code, and at once only while nobody holds a token."""

from dataclasses import replace
from typing import Any

import pytest

from tests.contracts.chain import mine_at, now, refused, send
from tests.contracts.community import NOTICE_S, Contracts, Person
from tests.contracts.economy import (
    AMOUNTS,
    CITIZENS,
    MICRO,
    TOKEN,
    TOKEN_PRICE,
    TRANSFER,
    WELCOME_CITIZEN,
    YEARLY_FEE,
    Terms,
    issue,
)

TERMS = Terms(500, 300, 200)
HIGHEST = Terms(2_000, 2_000, 2_000, 100 * MICRO, 1_000 * MICRO, 1_000 * MICRO)
most_amounts = [1_000 * TOKEN] * 5 + [10_000_000_000, 1_000_000_000]


def since(terms: Terms, moment: int) -> tuple[Any, ...]:
    """`CategoryTerms` in force from a moment."""
    return (*terms.values[:-1], moment)


def test_terms__set_by_another_than_a_token_admin__are_refused(fontana: Contracts, alice: Person) -> None:
    role = bytes(fontana.community.TOKEN_ADMIN_ROLE())
    refused("MissingRole", fontana.token.scheduleCategory, CITIZENS, TERMS.values, by=alice, account=alice, role=role)
    refused("MissingRole", fontana.token.scheduleAmount, WELCOME_CITIZEN, 1, by=alice, account=alice, role=role)


@pytest.mark.parametrize("field", ["fee_bps", "payer_bps", "payee_bps", "per_payment", "per_member", "per_pair"])
def test_terms__one_past_a_limit_of_the_code__are_refused(fontana: Contracts, admin: Person, field: str) -> None:
    most = getattr(HIGHEST, field)
    values = replace(HIGHEST, **{field: most + 1}).values
    refused("AboveLimit", fontana.token.scheduleCategory, CITIZENS, values, by=admin, value=most + 1, most=most)
    send(fontana.token.scheduleCategory, CITIZENS, HIGHEST.values, by=admin)


def test_terms__of_plain_transfers_with_an_incentive__are_refused(fontana: Contracts, admin: Person) -> None:
    for terms in (Terms(500, 1, 0), Terms(500, 0, 1)):
        refused("NoIncentiveForTransfers", fontana.token.scheduleCategory, TRANSFER, terms.values, by=admin)


@pytest.mark.parametrize("which", range(len(AMOUNTS)), ids=AMOUNTS)
def test_amount__one_past_the_limit_of_the_code__is_refused(fontana: Contracts, admin: Person, which: int) -> None:
    most = most_amounts[which]
    assert fontana.token.mostOf(which) == most
    refused("AboveLimit", fontana.token.scheduleAmount, which, most + 1, by=admin, value=most + 1, most=most)
    send(fontana.token.scheduleAmount, which, most, by=admin)


def test_terms__while_no_token_exists__are_in_force_at_once(fontana: Contracts, admin: Person) -> None:
    told = send(fontana.token.scheduleCategory, CITIZENS, TERMS.values, by=admin).event("CategoryScheduled")
    assert told.values == {
        "category": CITIZENS,
        "feeBps": 500,
        "payerBps": 300,
        "payeeBps": 200,
        "mostPerPayment": 100 * MICRO,
        "mostPerMember": 1_000 * MICRO,
        "mostPerPair": 1_000 * MICRO,
        "isOff": False,
        "effectiveFrom": now(),
    }
    assert fontana.token.termsOf(CITIZENS) == since(TERMS, now())
    assert fontana.token.nextTermsOf(CITIZENS)[1] == 0


def test_terms__once_tokens_exist__are_in_force_after_the_notice_and_no_second_earlier(
    fontana: Contracts, admin: Person
) -> None:
    began = send(fontana.token.scheduleCategory, CITIZENS, TERMS.values, by=admin).timestamp
    issue(fontana, admin, TOKEN)
    later = Terms(100, 50, 50)
    told = send(fontana.token.scheduleCategory, CITIZENS, later.values, by=admin).event("CategoryScheduled")
    from_ = told["effectiveFrom"]
    assert from_ == now() + NOTICE_S
    assert fontana.token.termsOf(CITIZENS) == since(TERMS, began)
    assert fontana.token.nextTermsOf(CITIZENS) == (since(later, from_), from_)
    mine_at(from_ - 1)
    assert fontana.token.termsOf(CITIZENS)[0] == 500
    mine_at(from_)
    assert fontana.token.termsOf(CITIZENS) == since(later, from_)
    assert fontana.token.nextTermsOf(CITIZENS)[1] == 0


def test_terms__scheduled_twice__the_later_ones_count_and_those_in_force_stay(
    fontana: Contracts, admin: Person
) -> None:
    send(fontana.token.scheduleCategory, CITIZENS, TERMS.values, by=admin)
    issue(fontana, admin, TOKEN)
    send(fontana.token.scheduleCategory, CITIZENS, Terms(100).values, by=admin)
    told = send(fontana.token.scheduleCategory, CITIZENS, Terms(200).values, by=admin).event("CategoryScheduled")
    mine_at(told["effectiveFrom"] - 1)
    assert fontana.token.termsOf(CITIZENS)[0] == 500
    mine_at(told["effectiveFrom"])
    send(fontana.token.scheduleCategory, CITIZENS, Terms(300).values, by=admin)
    assert fontana.token.termsOf(CITIZENS)[0] == 200


def test_amount__once_tokens_exist__is_in_force_after_the_notice(fontana: Contracts, admin: Person) -> None:
    told = send(fontana.token.scheduleAmount, YEARLY_FEE, 50, by=admin).event("AmountScheduled")
    assert told.values == {"which": YEARLY_FEE, "value": 50, "effectiveFrom": now()}
    assert fontana.token.amountOf(YEARLY_FEE) == 50
    issue(fontana, admin, TOKEN)
    from_ = send(fontana.token.scheduleAmount, YEARLY_FEE, 70, by=admin).event("AmountScheduled")["effectiveFrom"]
    assert fontana.token.nextAmountOf(YEARLY_FEE) == (70, from_)
    mine_at(from_ - 1)
    assert fontana.token.amountOf(YEARLY_FEE) == 50
    mine_at(from_)
    assert fontana.token.amountOf(YEARLY_FEE) == 70
    assert fontana.token.nextAmountOf(YEARLY_FEE) == (0, 0)
    assert fontana.token.amountOf(TOKEN_PRICE) == 0


def test_limits__are_what_the_page_says(fontana: Contracts) -> None:
    assert fontana.token.MOST_FEE_BPS() == HIGHEST.fee_bps
    assert fontana.token.MOST_INCENTIVE_BPS() == HIGHEST.payer_bps
    assert fontana.token.MOST_PER_PAYMENT() == HIGHEST.per_payment
    assert fontana.token.MOST_PER_PERIOD() == HIGHEST.per_pair
