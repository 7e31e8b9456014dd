"""Goods on loan: price, deposit, return, lateness, loss and dispute."""

from typing import Any

import pytest

from tests.contracts.chain import now, pass_to, refused, send
from tests.contracts.community import DAY, ZERO, Contracts, Person
from tests.contracts.economy import (
    CITIZENS,
    CONTENT,
    DECISION_S,
    EVIDENCE,
    SILENCE_S,
    TOKEN,
    Terms,
    allow,
    balances,
    set_terms,
)
from tests.contracts.test_lost_wallet import give_tokens

RESERVED, LENT, GIVEN_BACK, DISPUTED, CLOSED = range(1, 6)
DURATION = 3 * DAY
HAND_OVER_S, LOST_S = 7 * DAY, 30 * DAY


@pytest.fixture
def rich(fontana: Contracts, admin: Person, second_admin: Person, alice: Person, isolation: None) -> Contracts:
    """Alice has 100 tokens that the loans may take."""
    give_tokens(fontana, admin, second_admin, alice, 100 * TOKEN)
    allow(fontana, fontana.loans, alice)
    return fontana


def good_terms(**changes: Any) -> tuple[Any, ...]:
    """`GoodTerms`: 2 tokens, 20 deposit, 3 for a day late."""
    values = {"price": 2 * TOKEN, "deposit": 20 * TOKEN, "late": 3 * TOKEN, "longest": 7 * DAY, "content": CONTENT}
    return tuple((values | changes).values())


@pytest.fixture
def good(rich: Contracts, bob: Person) -> int:
    """Bob's good."""
    number: int = send(rich.loans.offerGood, good_terms(), by=bob).event("GoodOffered")["goodId"]
    return number


@pytest.fixture
def loan(rich: Contracts, good: int, alice: Person) -> int:
    """Reserved by alice."""
    number: int = send(rich.loans.borrow, good, DURATION, by=alice).event("LoanReserved")["loanId"]
    return number


@pytest.fixture
def lent(rich: Contracts, loan: int, bob: Person) -> int:
    """Handed over to alice."""
    send(rich.loans.handOver, loan, by=bob)
    return loan


def state_of(contracts: Contracts, loan: int) -> int:
    """Where a loan stands."""
    state: int = contracts.loans.loanOf(loan)[7]
    return state


def end_of(contracts: Contracts, loan: int) -> int:
    """When the loan's state is over."""
    deadline: int = contracts.loans.loanOf(loan)[2]
    return deadline


@pytest.mark.parametrize(
    "change", [{"content": bytes(32)}, {"longest": 0}, {"longest": 365 * DAY + 1}, {"price": 0, "deposit": 0}]
)
def test_good__that_lacks_something__is_refused(rich: Contracts, bob: Person, change: dict[str, Any]) -> None:
    refused("IncompleteGood", rich.loans.offerGood, good_terms(**change), by=bob)


def test_good__offered_by_nobody_or_withdrawn_by_another_or_twice__is_refused(
    rich: Contracts, good: int, alice: Person, bob: Person, stranger: Person
) -> None:
    refused("NotActive", rich.loans.offerGood, good_terms(), by=stranger, account=stranger)
    refused("NotYourGood", rich.loans.withdrawGood, good, by=alice, goodId=good, account=alice)
    refused("GoodNotThere", rich.loans.withdrawGood, 9, by=bob, goodId=9)
    send(rich.loans.withdrawGood, good, by=bob)
    refused("GoodNotThere", rich.loans.withdrawGood, good, by=bob, goodId=good, loanId=0)
    refused("GoodNotThere", rich.loans.borrow, good, DURATION, by=alice, goodId=good, loanId=0)


def test_borrowing__for_too_long_or_no_time_or_from_oneself_or_what_is_out__is_refused(
    rich: Contracts, good: int, alice: Person, bob: Person, carol: Person
) -> None:
    for duration in (0, 7 * DAY + 1):
        call = (rich.loans.borrow, good, duration)
        refused("LoanTooLong", *call, by=alice, duration=duration, longest=7 * DAY)
    refused("SelfPayment", rich.loans.borrow, good, DURATION, by=bob, account=bob)
    loan = send(rich.loans.borrow, good, DURATION, by=alice).event("LoanReserved")["loanId"]
    refused("GoodNotThere", rich.loans.borrow, good, DURATION, by=carol, goodId=good, loanId=loan)


def test_steps__by_others_or_in_another_state__are_refused(
    rich: Contracts, loan: int, admin: Person, alice: Person, bob: Person, carol: Person
) -> None:
    loans, role = rich.loans, bytes(rich.community.COMMUNITY_ADMIN_ROLE())
    refused("NotYourLoan", loans.handOver, loan, by=alice, loanId=loan, account=alice)
    refused("NotYourLoan", loans.cancelLoan, loan, by=carol, loanId=loan, account=carol)
    refused("WrongLoanState", loans.giveBack, loan, EVIDENCE, by=alice, loanId=loan, state=RESERVED)
    refused("WrongLoanState", loans.confirmReturn, loan, by=bob, loanId=loan, state=RESERVED)
    refused("WrongLoanState", loans.disputeLoan, loan, EVIDENCE, by=alice, loanId=loan, state=RESERVED)
    refused("WrongLoanState", loans.moveLoanOn, 9, by=alice, loanId=9, state=0)
    send(loans.handOver, loan, by=bob)
    refused("WrongLoanState", loans.cancelLoan, loan, by=alice, loanId=loan, state=LENT)
    refused("NotYourLoan", loans.giveBack, loan, EVIDENCE, by=bob, loanId=loan, account=bob)
    refused("NotYourLoan", loans.confirmReturn, loan, by=alice, loanId=loan, account=alice)
    refused("NotYourLoan", loans.disputeLoan, loan, EVIDENCE, by=bob, loanId=loan, account=bob)
    send(loans.giveBack, loan, EVIDENCE, by=alice)
    refused("NotYourLoan", loans.disputeLoan, loan, EVIDENCE, by=alice, loanId=loan, account=alice)
    send(loans.disputeLoan, loan, EVIDENCE, by=bob)
    refused("MissingRole", loans.decideLoan, loan, 1, 1, by=carol, account=carol, role=role)
    for shares in ((10_001, 0), (0, 10_001)):
        refused("ShareTooLarge", loans.decideLoan, loan, *shares, by=admin, bps=10_001)
    send(rich.community.grantRole, role, bob.address, by=admin)
    refused("OwnLoan", loans.decideLoan, loan, 1, 1, by=bob, loanId=loan, account=bob)


def test_steps__too_late_or_too_early__are_refused(
    rich: Contracts, loan: int, admin: Person, alice: Person, bob: Person
) -> None:
    until = end_of(rich, loan)
    refused("TooEarly", rich.loans.moveLoanOn, loan, by=bob, opensAt=until)
    with_time = (rich.loans.handOver, loan)
    pass_to(until)
    refused("TooLate", *with_time, by=bob, deadline=until)
    send(rich.loans.moveLoanOn, loan, by=bob)
    assert balances(rich, alice) == (100 * TOKEN,)


def test_reservation__given_up_by_either__gives_all_back(
    rich: Contracts, good: int, alice: Person, bob: Person
) -> None:
    for who in (alice, bob):
        loan = send(rich.loans.borrow, good, DURATION, by=alice).event("LoanReserved")["loanId"]
        assert rich.loans.held() == 22 * TOKEN
        told = send(rich.loans.cancelLoan, loan, by=who).event("LoanClosed")
        assert told.values == {"loanId": loan, "pricePaid": 0, "compensation": 0, "returned": 22 * TOKEN}
        assert (balances(rich, alice), rich.loans.held()) == ((100 * TOKEN,), 0)


def test_loan__back_in_time__costs_the_price_with_its_fee(
    rich: Contracts, good: int, admin: Person, alice: Person, bob: Person
) -> None:
    set_terms(rich, admin, CITIZENS, Terms(1_000))
    loan = send(rich.loans.borrow, good, DURATION, by=alice).event("LoanReserved")["loanId"]
    due_at = send(rich.loans.handOver, loan, by=bob).event("GoodHandedOver")["dueAt"]
    pass_to(due_at)
    send(rich.loans.giveBack, loan, EVIDENCE, by=alice)
    assert rich.loans.latenessOf(loan) == 0
    told = send(rich.loans.confirmReturn, loan, by=bob).event("Paid")
    assert told["paymentReference"] == bytes(rich.loans.referenceOf(loan))
    assert balances(rich, alice, bob, rich.treasury) == (98 * TOKEN, 18 * TOKEN // 10, 2 * TOKEN // 10)
    assert rich.loans.goodOf(good)[2] == 0


@pytest.mark.parametrize(("late_s", "days"), [(1, 1), (DAY, 1), (DAY + 1, 2), (29 * DAY, 7)])
def test_loan__back_late__costs_a_part_of_the_deposit_for_each_day_begun(
    rich: Contracts, lent: int, alice: Person, bob: Person, late_s: int, days: int
) -> None:
    pass_to(rich.loans.loanOf(lent)[4] + late_s)
    send(rich.loans.giveBack, lent, EVIDENCE, by=alice)
    pass_to(now() + SILENCE_S)
    compensation = min(days * 3 * TOKEN, 20 * TOKEN)
    told = send(rich.loans.moveLoanOn, lent, by=bob).event("LoanClosed")
    assert (told["pricePaid"], told["compensation"]) == (2 * TOKEN, compensation)
    assert balances(rich, alice, bob) == (98 * TOKEN - compensation, 2 * TOKEN + compensation)


def test_loan__never_back__gives_price_and_deposit_to_the_lender(
    rich: Contracts, lent: int, alice: Person, bob: Person, carol: Person
) -> None:
    pass_to(rich.loans.loanOf(lent)[4] + LOST_S)
    refused("TooLate", rich.loans.giveBack, lent, EVIDENCE, by=alice)
    send(rich.loans.moveLoanOn, lent, by=carol)
    assert balances(rich, alice, bob, rich.loans) == (78 * TOKEN, 22 * TOKEN, 0)


def test_dispute__by_the_borrower_once_due__is_refused(rich: Contracts, lent: int, alice: Person) -> None:
    due_at = rich.loans.loanOf(lent)[4]
    pass_to(due_at)
    refused("TooLate", rich.loans.disputeLoan, lent, EVIDENCE, by=alice, deadline=due_at)


@pytest.mark.parametrize("shares", [(0, 0), (10_000, 2_500), (5_000, 10_000)])
def test_dispute__decided__divides_price_and_deposit(
    rich: Contracts, lent: int, admin: Person, alice: Person, bob: Person, shares: tuple[int, int]
) -> None:
    send(rich.loans.disputeLoan, lent, EVIDENCE, by=alice)
    assert state_of(rich, lent) == DISPUTED
    told = send(rich.loans.decideLoan, lent, *shares, by=admin).event("LoanDecided")
    assert told.values == {"loanId": lent, "admin": admin.address, "priceBps": shares[0], "depositBps": shares[1]}
    bobs = 2 * TOKEN * shares[0] // 10_000 + 20 * TOKEN * shares[1] // 10_000
    assert balances(rich, alice, bob) == (100 * TOKEN - bobs, bobs)
    assert state_of(rich, lent) == CLOSED


def test_dispute__that_nobody_decides__is_halved(
    rich: Contracts, lent: int, admin: Person, alice: Person, bob: Person
) -> None:
    send(rich.loans.giveBack, lent, EVIDENCE, by=alice)
    assert state_of(rich, lent) == GIVEN_BACK
    send(rich.loans.disputeLoan, lent, EVIDENCE, by=bob)
    pass_to(now() + DECISION_S)
    refused("TooLate", rich.loans.decideLoan, lent, 1, 1, by=admin)
    told = send(rich.loans.moveLoanOn, lent, by=alice).event("LoanDecided")
    assert told.values == {"loanId": lent, "admin": ZERO, "priceBps": 5_000, "depositBps": 5_000}
    assert balances(rich, alice, bob, rich.loans) == (89 * TOKEN, 11 * TOKEN, 0)
    refused("WrongLoanState", rich.loans.moveLoanOn, lent, by=alice, loanId=lent, state=CLOSED)


def test_good__withdrawn_while_it_is_out__comes_back_as_agreed(
    rich: Contracts, lent: int, good: int, bob: Person, alice: Person
) -> None:
    send(rich.loans.withdrawGood, good, by=bob)
    send(rich.loans.confirmReturn, lent, by=bob)
    refused("GoodNotThere", rich.loans.borrow, good, DURATION, by=alice, goodId=good)
    assert end_of(rich, lent) == 0
    assert rich.loans.HAND_OVER_TIME() == HAND_OVER_S
