"""Independent operators: their bonds, their votes, and what k equal ones decide."""

from typing import Any

import pytest

from tests.contracts.chain import mine_at, now, pass_to, refused, send
from tests.contracts.community import (
    BOND_SHARE_BPS,
    BOND_UE,
    DAY,
    FUNDS_UE,
    NOTICE_S,
    ZERO,
    Contracts,
    Person,
    bond,
    fund,
    mint,
)
from tests.contracts.market import Session, buy, commit_and_reveal, leaves, open_session, run_to_metering, sell

OTHER_CID = "bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
NO_ANSWER = ("0x" + "00" * 32, 0)
TERMS = (2, BOND_UE, BOND_SHARE_BPS)


@pytest.fixture
def revealed(session: Session, alice: Person, bob: Person) -> Session:
    """A session ready to be cleared."""
    return commit_and_reveal(session, {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 100_000)]})


@pytest.fixture
def metered(session: Session, alice: Person, bob: Person, operators: list[Person]) -> Session:
    """A session ready to be settled."""
    orders = {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 100_000)]}
    return run_to_metering(session, orders, operators[:2])


# ---------------------------------------------------------------- operators


def schedule(contracts: Contracts, operators: list[Any], terms: tuple[int, int, int] = TERMS) -> tuple[Any, ...]:
    """`scheduleOperators` with its arguments."""
    return contracts.quorum.scheduleOperators, [str(operator) for operator in operators], terms


def test_operators__scheduled_by_another_than_the_oracle_admin__are_refused(
    fontana: Contracts, operators: list[Person]
) -> None:
    role = bytes(fontana.community.ORACLE_ADMIN_ROLE())
    refused("MissingRole", *schedule(fontana, operators), by=operators[0], account=operators[0], role=role)


def test_operators__none_too_many_double_or_zero__are_refused(
    fontana: Contracts, admin: Person, operators: list[Person]
) -> None:
    many = [f"0x{number:040x}" for number in range(1, 66)]
    refused("InvalidOperators", *schedule(fontana, []), by=admin, count=0, most=64)
    refused("InvalidOperators", *schedule(fontana, many, (33, 0, 0)), by=admin, count=65, most=64)
    refused("InvalidOperators", *schedule(fontana, [*operators, operators[0]], (3, 0, 0)), by=admin, count=4)
    refused("InvalidOperators", *schedule(fontana, [*operators, ZERO], (3, 0, 0)), by=admin, count=4)
    send(*schedule(fontana, many[:64], (33, 0, 0)), by=admin)


@pytest.mark.parametrize(("threshold", "number"), [(0, 3), (4, 3), (1, 2), (1, 3), (32, 64)])
def test_threshold__that_is_no_majority_of_the_set__is_refused(
    fontana: Contracts, admin: Person, threshold: int, number: int
) -> None:
    operators = [f"0x{place:040x}" for place in range(1, number + 1)]
    call = schedule(fontana, operators, (threshold, 0, 0))
    refused("InvalidThreshold", *call, by=admin, threshold=threshold, operators=number)


def test_bond_share__above_the_whole__is_refused(fontana: Contracts, admin: Person, operators: list[Person]) -> None:
    refused("InvalidShare", *schedule(fontana, operators, (2, 0, 10_001)), by=admin, bps=10_001)
    send(*schedule(fontana, operators, (2, 0, 10_000)), by=admin)


def test_operators__scheduled__are_in_force_after_the_notice_and_for_new_sessions_only(
    fontana: Contracts, admin: Person, session: Session, operators: list[Person], stranger: Person
) -> None:
    told = send(*schedule(fontana, [stranger], (1, 7, 8)), by=admin).event("OperatorsScheduled")
    effective_from = now() + NOTICE_S
    assert told.values == {
        "setId": 2,
        "operators": (stranger.address,),
        "threshold": 1,
        "bond": 7,
        "bondShareBps": 8,
        "effectiveFrom": effective_from,
    }
    quorum = fontana.quorum
    mine_at(effective_from - 1)
    assert quorum.currentSetId() == 1
    mine_at(effective_from)
    assert quorum.currentSetId() == 2
    later = open_session(fontana, admin)
    assert fontana.sessions.operatorSetOf(session.id) == 1
    assert fontana.sessions.operatorSetOf(later.id) == 2
    assert quorum.isOperator(2, stranger.address)
    assert not quorum.isOperator(1, stranger.address)
    assert quorum.isOperator(1, operators[2].address)
    assert quorum.operatorSet(2) == ((1, 7, 8), effective_from, (stranger.address,))


def test_operators__of_a_set_that_came_later__have_no_say_in_an_open_session(
    fontana: Contracts, admin: Person, alice: Person, bob: Person, stranger: Person, issuer: Person
) -> None:
    session = open_session(fontana, admin, commit_deadline=now() + NOTICE_S + DAY)
    send(*schedule(fontana, [stranger], (1, 0, 0)), by=admin)
    bond(fontana, issuer, stranger)
    pass_to(now() + NOTICE_S + 1)
    commit_and_reveal(session, {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 100_000)]})
    call = (fontana.marketplace.setFinalOrders, session.id, session.results(), OTHER_CID)
    refused("NotAnOperator", *call, by=stranger, account=stranger, setId=1)


# ---------------------------------------------------------------- bonds


def test_bond__of_nothing__is_refused(fontana: Contracts, operators: list[Person]) -> None:
    refused("InvalidAmount", fontana.quorum.depositBond, 0, by=operators[0], amount=0)
    refused("InvalidAmount", fontana.quorum.withdrawBond, 0, by=operators[0], amount=0, available=BOND_UE)


def test_bond__withdrawn_beyond_what_there_is__is_refused(fontana: Contracts, operators: list[Person]) -> None:
    call = (fontana.quorum.withdrawBond, BOND_UE + 1)
    refused("InvalidAmount", *call, by=operators[0], amount=BOND_UE + 1, available=BOND_UE)


def test_bond__in_and_out__is_told(fontana: Contracts, operators: list[Person], issuer: Person) -> None:
    operator = operators[0]
    mint(fontana, issuer, operator, 5)
    send(fontana.euro.approve, fontana.quorum.address, 5, by=operator)
    told = send(fontana.quorum.depositBond, 5, by=operator).event("BondDeposited")
    assert told.values == {"operator": operator.address, "amount": 5, "bond": BOND_UE + 5}
    told = send(fontana.quorum.withdrawBond, BOND_UE, by=operator).event("BondWithdrawn")
    assert told.values == {"operator": operator.address, "amount": BOND_UE, "bond": 5}
    assert fontana.quorum.bondOf(operator.address) == (5, 0, 0)
    assert fontana.euro.balanceOf(operator.address) == BOND_UE


def test_bond__at_stake__is_held_until_its_operator_released_every_stake(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    operator = operators[0]
    revealed.accept_outcome(operators[:2])
    question = revealed.outcome_question
    final_at = fontana.quorum.acceptedAnswer(question)[1]
    refused("BondHeld", fontana.quorum.withdrawBond, 1, by=operator, operator=operator, stakes=1)
    pass_to(final_at - 1)
    refused("StakeHeld", fontana.quorum.releaseStakes, [question], by=operator, question=question)
    pass_to(final_at)
    refused("BondHeld", fontana.quorum.withdrawBond, 1, by=operator, operator=operator, stakes=1)
    told = send(fontana.quorum.releaseStakes, [question], by=operator).event("StakeReleased")
    assert told.values == {"question": question, "operator": operator.address}
    refused("NoVote", fontana.quorum.releaseStakes, [question], by=operator, question=question, operator=operator)
    send(fontana.quorum.withdrawBond, BOND_UE, by=operator)


def test_stake__in_a_question_never_decided__is_held_until_its_deadline(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    revealed.post_outcome(operators[0])
    question = revealed.outcome_question
    pass_to(revealed.terms.settlement_timeout - 1)
    refused("StakeHeld", fontana.quorum.releaseStakes, [question], by=operators[0], question=question)
    pass_to(revealed.terms.settlement_timeout)
    send(fontana.quorum.releaseStakes, [question], by=operators[0])


def test_stake__of_a_stranger_or_in_no_question__is_refused(
    fontana: Contracts, revealed: Session, operators: list[Person], stranger: Person
) -> None:
    revealed.post_outcome(operators[0])
    call = (fontana.quorum.releaseStakes, [revealed.outcome_question])
    refused("NotAnOperator", *call, by=stranger, account=stranger, setId=1)
    refused("NoVote", *call, by=operators[1], operator=operators[1])
    refused("NotAnOperator", fontana.quorum.releaseStakes, [b"\7" * 32], by=operators[0], setId=0)


def test_vote__with_a_bond_below_the_least__is_refused(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    send(fontana.quorum.withdrawBond, 1, by=operators[0])
    send(fontana.quorum.withdrawBond, 1, by=operators[1])
    call = (fontana.marketplace.setFinalOrders, revealed.id, revealed.results(), OTHER_CID)
    refused("BondTooSmall", *call, by=operators[0], operator=operators[0], bond=BOND_UE - 1, required=BOND_UE)
    answer = revealed.post_outcome(operators[2])
    attestation = (fontana.quorum.attest, revealed.outcome_question, answer)
    refused("BondTooSmall", *attestation, by=operators[1], operator=operators[1], bond=BOND_UE - 1, required=BOND_UE)


def test_vote__with_a_bond_below_the_share_of_the_locks__is_refused(
    fontana: Contracts, session: Session, alice: Person, operators: list[Person], issuer: Person
) -> None:
    """1 % of the locks, rounded up to the cent, is more than the least bond."""
    fund(fontana, issuer, alice, 20 * FUNDS_UE)
    commit_and_reveal(session, {alice: [buy(0, 8_333_334, 499_999), buy(0, 8_333_335, 499_999)]})
    locks = session.lock_of(session.revealed[alice])
    required = -(-locks * BOND_SHARE_BPS // 100_000_000) * 10_000
    assert required > locks * BOND_SHARE_BPS / 10_000 > BOND_UE
    bond(fontana, issuer, operators[0], required - BOND_UE - 1)
    call = (fontana.marketplace.setFinalOrders, session.id, session.results(), OTHER_CID)
    refused("BondTooSmall", *call, by=operators[0], operator=operators[0], bond=required - 1, required=required)
    bond(fontana, issuer, operators[0], 1)
    send(*call, by=operators[0])


# ---------------------------------------------------------------- votes


def test_answer__posted_past_the_marketplace__is_refused(fontana: Contracts, operators: list[Person]) -> None:
    call = (fontana.quorum.post, b"\1" * 32, b"\2" * 32, operators[0].address, (1, now() + DAY, 60, True), 0)
    refused("NotAClient", *call, by=operators[0], account=operators[0])


def test_answer__posted_by_a_stranger__is_refused(fontana: Contracts, revealed: Session, stranger: Person) -> None:
    call = (fontana.marketplace.setFinalOrders, revealed.id, revealed.results(), OTHER_CID)
    refused("NotAnOperator", *call, by=stranger, account=stranger, setId=1)


def test_attestation__of_an_answer_nobody_posted__is_refused(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    call = (fontana.quorum.attest, revealed.outcome_question, b"\1" * 32)
    refused("UnknownAnswer", *call, by=operators[0], question=revealed.outcome_question, answer=b"\1" * 32)


def test_attestation__by_a_stranger__is_refused(
    fontana: Contracts, revealed: Session, operators: list[Person], stranger: Person
) -> None:
    answer = revealed.post_outcome(operators[0])
    call = (fontana.quorum.attest, revealed.outcome_question, answer)
    refused("NotAnOperator", *call, by=stranger, account=stranger, setId=1)


def test_attestation__a_second_time__is_refused(fontana: Contracts, revealed: Session, operators: list[Person]) -> None:
    answer = revealed.post_outcome(operators[0])
    question = revealed.outcome_question
    for call in (
        (fontana.quorum.attest, question, answer),
        (fontana.marketplace.setFinalOrders, revealed.id, revealed.results(), OTHER_CID),
    ):
        refused("AlreadyVoted", *call, by=operators[0], question=question, operator=operators[0])


def test_attestation__of_another_answer_than_the_accepted_one__is_refused(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    accepted = revealed.accept_outcome(operators[:2])
    call = (fontana.marketplace.setFinalOrders, revealed.id, revealed.results(), OTHER_CID)
    refused("OtherAnswerAccepted", *call, by=operators[2], question=revealed.outcome_question, accepted=accepted)


def test_attestation__once_the_window_is_over__is_refused(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    answer = revealed.accept_outcome(operators[:2])
    final_at = now() + revealed.terms.challenge_window
    call = (fontana.quorum.attest, revealed.outcome_question, answer)
    pass_to(final_at)
    refused("QuestionClosed", *call, by=operators[2], question=revealed.outcome_question, timestamp=final_at)


def test_attestation__at_the_settlement_timeout__is_refused(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    answer = revealed.post_outcome(operators[0])
    call = (fontana.quorum.attest, revealed.outcome_question, answer)
    revealed.to_timeout()
    refused("QuestionClosed", *call, by=operators[1], timestamp=revealed.terms.settlement_timeout)


def test_attestation__in_the_last_second_of_the_window__counts(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    answer = revealed.accept_outcome(operators[:2])
    pass_to(now() + revealed.terms.challenge_window - 1)
    told = send(fontana.quorum.attest, revealed.outcome_question, answer, by=operators[2]).events
    assert [(event.name, event["votes"]) for event in told] == [("Attested", 3)]


def test_votes__of_the_same_results_under_another_cid__do_not_add_up(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    first = revealed.post_outcome(operators[0])
    second = revealed.post_outcome(operators[1], cid=OTHER_CID)
    assert first != second
    question, quorum = revealed.outcome_question, fontana.quorum
    assert (quorum.votesFor(question, first), quorum.votesFor(question, second)) == (1, 1)
    assert quorum.acceptedAnswer(question) == NO_ANSWER
    done = send(quorum.attest, question, second, by=operators[2])
    assert [event.name for event in done.events] == ["Attested", "Accepted"]
    assert done.event("Accepted").values == {
        "question": question,
        "answer": second,
        "finalAt": now() + revealed.terms.challenge_window,
    }
    assert quorum.backs(question, first, operators[0].address)
    assert not quorum.backs(question, second, operators[0].address)
    asked = quorum.questionOf(question)
    assert bytes(asked[0]) == second
    assert asked[1:4] == (0b111, now(), 1)
    share = -(-fontana.marketplace.bookOf(revealed.id)[5] * BOND_SHARE_BPS // 100_000_000)
    assert asked[4:] == (revealed.terms.settlement_timeout, revealed.terms.challenge_window, False, False, share)


def test_votes__of_the_same_outcome_posted_by_two__accept_it(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    assert revealed.post_outcome(operators[0]) == revealed.post_outcome(operators[1])
    assert fontana.quorum.acceptedAnswer(revealed.outcome_question) != NO_ANSWER


# ---------------------------------------------------------------- withdrawn votes


def test_withdrawal__of_a_vote_never_cast__is_refused(
    fontana: Contracts, revealed: Session, operators: list[Person], stranger: Person
) -> None:
    answer = revealed.post_outcome(operators[0])
    question = revealed.outcome_question
    call = (fontana.quorum.withdrawVote, question, answer)
    refused("NoVote", *call, by=operators[1], question=question, operator=operators[1])
    refused("NotAnOperator", *call, by=stranger, account=stranger)
    refused("NoVote", fontana.quorum.withdrawVote, question, b"\1" * 32, by=operators[0], operator=operators[0])


def test_withdrawal__from_an_accepted_outcome__is_refused(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    answer = revealed.accept_outcome(operators[:2])
    call = (fontana.quorum.withdrawVote, revealed.outcome_question, answer)
    refused("NotRetractable", *call, by=operators[0], question=revealed.outcome_question)


def test_withdrawal__once_a_settlement_is_final__is_refused(
    fontana: Contracts, metered: Session, operators: list[Person]
) -> None:
    answer = metered.accept_settlement(operators[:2], metered.settlement())
    metered.to_validation()
    call = (fontana.quorum.withdrawVote, metered.settlement_question, answer)
    refused("NotRetractable", *call, by=operators[0], question=metered.settlement_question)


def test_withdrawal__after_the_deadline_of_an_undecided_question__is_refused(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    answer = revealed.post_outcome(operators[0])
    revealed.to_timeout()
    call = (fontana.quorum.withdrawVote, revealed.outcome_question, answer)
    refused("NotRetractable", *call, by=operators[0], question=revealed.outcome_question)


def test_withdrawal__before_acceptance__frees_the_operator_to_back_another(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    wrong = revealed.post_outcome(operators[0], cid=OTHER_CID)
    right = revealed.post_outcome(operators[1])
    question = revealed.outcome_question
    told = send(fontana.quorum.withdrawVote, question, wrong, by=operators[0]).event("VoteWithdrawn")
    assert told.values == {"question": question, "answer": wrong, "operator": operators[0].address, "votes": 0}
    assert fontana.quorum.bondOf(operators[0].address)[1] == 0
    send(fontana.quorum.attest, question, right, by=operators[0])
    assert bytes(fontana.quorum.acceptedAnswer(question)[0]) == right
    refused("OtherAnswerAccepted", fontana.quorum.attest, question, wrong, by=operators[2], accepted=right)


def test_withdrawal__of_a_losing_vote__is_free_while_the_window_runs(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    wrong = revealed.post_outcome(operators[2], cid=OTHER_CID)
    right = revealed.accept_outcome(operators[:2])
    send(fontana.quorum.withdrawVote, revealed.outcome_question, wrong, by=operators[2])
    send(fontana.quorum.attest, revealed.outcome_question, right, by=operators[2])


def test_withdrawal__that_undoes_an_accepted_settlement__opens_the_question_again(
    fontana: Contracts, metered: Session, alice: Person, bob: Person, operators: list[Person]
) -> None:
    wrong = metered.accept_settlement(operators[:2], leaves(metered.id, {alice: (0, 0, 0), bob: (0, 0, 0)}))
    question = metered.settlement_question
    pass_to(now() + metered.terms.challenge_window - 1)
    done = send(fontana.quorum.withdrawVote, question, wrong, by=operators[1])
    assert done.event("AcceptanceRevoked").values == {"question": question, "answer": wrong}
    assert fontana.quorum.acceptedAnswer(question) == NO_ANSWER
    right = metered.settlement()
    answer = metered.post_settlement(operators[1], right)
    accepted = send(fontana.quorum.attest, question, answer, by=operators[2]).event("Accepted")
    assert accepted["finalAt"] == now() + metered.terms.challenge_window
    metered.to_validation()
    assert metered.validate(operators[0]).event("SettlementFinal")["root"] == right.tree.root


def test_withdrawal__with_k_votes_left__leaves_the_settlement_accepted(
    fontana: Contracts, metered: Session, operators: list[Person]
) -> None:
    answer = metered.accept_settlement(operators, metered.settlement())
    done = send(fontana.quorum.withdrawVote, metered.settlement_question, answer, by=operators[0])
    assert [event.name for event in done.events] == ["VoteWithdrawn"]
    assert bytes(fontana.quorum.acceptedAnswer(metered.settlement_question)[0]) == answer


def test_withdrawal__and_the_same_vote_again__starts_the_window_anew(
    fontana: Contracts, metered: Session, operators: list[Person]
) -> None:
    answer = metered.accept_settlement(operators[:2], metered.settlement())
    question = metered.settlement_question
    pass_to(now() + metered.terms.challenge_window - 1)
    send(fontana.quorum.withdrawVote, question, answer, by=operators[0])
    send(fontana.quorum.attest, question, answer, by=operators[0])
    assert fontana.quorum.acceptedAnswer(question)[1] == now() + metered.terms.challenge_window
