"""If operators vanish, everybody gets everything back alone: `Marketplace`, cancel and release."""

import pytest

from tests.contracts.chain import now, pass_to, refused, send
from tests.contracts.community import FUNDS_UE, Contracts, Person
from tests.contracts.market import (
    ENDED,
    Session,
    buy,
    commit_and_reveal,
    leaves,
    run_to_execution,
    run_to_metering,
    sell,
)


@pytest.fixture
def revealed(session: Session, alice: Person, bob: Person) -> Session:
    """A session ready to be cleared."""
    return commit_and_reveal(session, {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 100_000)]})


@pytest.fixture
def metered(session: Session, alice: Person, bob: Person, operators: list[Person]) -> Session:
    """A session ready to be settled."""
    orders = {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 100_000)]}
    return run_to_metering(session, orders, operators[:2])


# ---------------------------------------------------------------- cancel


def test_cancellation__a_second_before_the_timeout__is_refused(revealed: Session, stranger: Person) -> None:
    timeout = revealed.terms.settlement_timeout
    pass_to(timeout - 1)
    call = (revealed.contracts.marketplace.cancel, revealed.id)
    refused("TooEarly", *call, by=stranger, opensAt=timeout, timestamp=timeout - 1)


def test_cancellation__where_nobody_revealed__is_refused(session: Session, alice: Person, stranger: Person) -> None:
    session.commit(alice, [buy(0, 1000, 200_000)])
    session.to_timeout()
    refused("NothingRevealed", session.contracts.marketplace.cancel, session.id, by=stranger, sessionId=session.id)


def test_cancellation__a_second_time__is_refused(revealed: Session, stranger: Person) -> None:
    revealed.to_timeout()
    cancel = revealed.contracts.marketplace.cancel
    assert send(cancel, revealed.id, by=stranger).event("SessionCancelled")["sessionId"] == revealed.id
    refused("SessionIsCancelled", cancel, revealed.id, by=stranger, sessionId=revealed.id)


def test_cancellation__against_a_settlement_accepted_in_the_last_second__is_refused(
    metered: Session, operators: list[Person], stranger: Person
) -> None:
    pass_to(metered.terms.settlement_timeout - 2)
    posted = metered.settlement()
    metered.accept_settlement(operators[:2], posted)
    cancel = (metered.contracts.marketplace.cancel, metered.id)
    refused("SettlementStands", *cancel, by=stranger, sessionId=metered.id)
    pass_to(now() + metered.terms.challenge_window)
    refused("SettlementStands", *cancel, by=stranger, sessionId=metered.id)
    metered.validate(stranger)
    refused("SettlementStands", *cancel, by=stranger, sessionId=metered.id)


def test_cancellation__once_votes_for_a_late_settlement_are_withdrawn__is_open(
    metered: Session, alice: Person, operators: list[Person], stranger: Person
) -> None:
    pass_to(metered.terms.settlement_timeout - 2)
    answer = metered.accept_settlement(operators[:2], metered.settlement())
    quorum, question = metered.contracts.quorum, metered.settlement_question
    send(quorum.withdrawVote, question, answer, by=operators[0])
    refused("QuestionClosed", quorum.attest, question, answer, by=operators[0])
    send(metered.contracts.marketplace.cancel, metered.id, by=stranger)
    refused("QuestionClosed", quorum.attest, question, answer, by=operators[2])
    refused("SettlementNotFinal", metered.contracts.sessions.setPriorSessionValidation, metered.id, by=stranger)
    send(metered.contracts.marketplace.releaseLock, metered.id, alice.address, by=stranger)


def test_cancellation__of_a_session_that_was_only_posted__is_open(
    metered: Session, operators: list[Person], stranger: Person
) -> None:
    metered.post_settlement(operators[0], metered.settlement())
    metered.to_timeout()
    send(metered.contracts.marketplace.cancel, metered.id, by=stranger)


# ---------------------------------------------------------------- release


def test_release__while_anything_may_still_come__is_refused(
    metered: Session, alice: Person, operators: list[Person], stranger: Person
) -> None:
    release = (metered.contracts.marketplace.releaseLock, metered.id, alice.address)
    refused("LockHolds", *release, by=alice, sessionId=metered.id, trader=alice)
    metered.accept_settlement(operators[:2], metered.settlement())
    metered.to_validation()
    refused("LockHolds", *release, by=alice, sessionId=metered.id, trader=alice)
    metered.validate(stranger)
    deadline = metered.contracts.marketplace.bookOf(metered.id)[7]
    pass_to(deadline - 1)
    refused("LockHolds", *release, by=alice, sessionId=metered.id, trader=alice)


def test_release__at_the_timeout_without_a_cancellation__is_refused(revealed: Session, alice: Person) -> None:
    revealed.to_timeout()
    refused("LockHolds", revealed.contracts.marketplace.releaseLock, revealed.id, alice.address, by=alice)


def test_release__after_a_cancellation__gives_everything_back(
    fontana: Contracts, revealed: Session, alice: Person, bob: Person, stranger: Person
) -> None:
    revealed.to_timeout()
    send(fontana.marketplace.cancel, revealed.id, by=stranger)
    for trader, lock in ((alice, 300_000), (bob, 100_000)):
        release = (fontana.marketplace.releaseLock, revealed.id, trader.address)
        told = send(*release, by=stranger).event("LockReleased")
        assert told.values == {"sessionId": revealed.id, "trader": trader.address, "amount": lock, "reason": 1}
        assert fontana.marketplace.checkFunds(trader.address) == (FUNDS_UE, 0, FUNDS_UE)
        refused("WrongPosition", *release, by=stranger, trader=trader, state=ENDED)


@pytest.mark.parametrize("validated", [True, False])
def test_release__at_the_execution_timeout__gives_everything_back(
    fontana: Contracts,
    metered: Session,
    alice: Person,
    bob: Person,
    operators: list[Person],
    stranger: Person,
    validated: bool,
) -> None:
    """Whether or not anybody had marked the settlement validated."""
    posted = metered.settlement()
    metered.accept_settlement(operators[:2], posted)
    final_at = now() + metered.terms.challenge_window
    if validated:
        metered.to_validation()
        metered.validate(stranger)
    release = (fontana.marketplace.releaseLock, metered.id, alice.address)
    pass_to(final_at + metered.terms.execution_timeout - 1)
    refused("LockHolds", *release, by=stranger)
    pass_to(final_at + metered.terms.execution_timeout)
    assert send(*release, by=stranger).event("LockReleased")["reason"] == 2
    assert fontana.marketplace.checkFunds(alice.address) == (FUNDS_UE, 0, FUNDS_UE)
    if not validated:
        metered.validate(stranger)
    call = (fontana.marketplace.execute, metered.id, posted.leaf(bob), posted.proof(bob))
    refused("TooLate", *call, by=stranger)
    send(fontana.marketplace.releaseLock, metered.id, bob.address, by=stranger)


def test_release__after_unfilled_orders_were_freed__gives_back_the_rest(
    fontana: Contracts, session: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    orders = {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 400, 100_000)]}
    run_to_metering(session, orders, operators[:2])
    send(fontana.marketplace.freeUnfilled, session.id, *session.proof_of(0), by=stranger)
    session.to_timeout()
    send(fontana.marketplace.cancel, session.id, by=stranger)
    told = send(fontana.marketplace.releaseLock, session.id, alice.address, by=stranger).event("LockReleased")
    assert told["amount"] == 400 * 300
    assert fontana.marketplace.checkFunds(alice.address) == (FUNDS_UE, 0, FUNDS_UE)


def test_release__of_an_executed_trader__is_refused(
    fontana: Contracts, metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    nothing = leaves(metered.id, {alice: (0, 0, 0), bob: (0, 0, 0)})
    run_to_execution(metered, nothing, operators[:2])
    metered.execute(nothing, alice, by=stranger)
    pass_to(now() + metered.terms.execution_timeout)
    refused("WrongPosition", fontana.marketplace.releaseLock, metered.id, alice.address, by=alice, state=ENDED)


def test_operators_gone__before_anything__everybody_withdraws_everything_alone(
    fontana: Contracts, revealed: Session, alice: Person, bob: Person, carol: Person
) -> None:
    revealed.to_timeout()
    send(fontana.marketplace.cancel, revealed.id, by=alice)
    for member in (alice, bob):
        send(fontana.marketplace.releaseLock, revealed.id, member.address, by=member)
    for member in (alice, bob, carol):
        send(fontana.marketplace.withdrawAllFunds, by=member)
        assert fontana.euro.balanceOf(member.address) == FUNDS_UE
    assert fontana.marketplace.liabilities() == 0 == fontana.euro.balanceOf(fontana.marketplace.address)
