"""Refuting an accepted outcome: committed first, proved later, and what follows for bonds, rounds and the session."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import brownie
import pytest

from commons.orders import Order
from commons.records import Refutation
from oracle.refutation.search import cheapest_proof
from scripts.toolchain import SOLC_VERSION
from tests.contracts.chain import deploy, now, pass_to, refused, send
from tests.contracts.community import BOND_UE, Contracts, Person, bond
from tests.contracts.market import Session, buy, commit_and_reveal, open_session, sell
from tests.contracts.refutation import Challenge, collect, market_of, outcome_proof, refuted, wrong_in
from tests.oracle.refutation.test_search import CASES

GRACE_S = 120


@pytest.fixture
def revealed(session: Session, alice: Person, bob: Person, carol: Person) -> Session:
    """A session with a market in its first slot."""
    orders: dict[Person, Sequence[Order]] = {
        alice: [buy(0, 100, 9), buy(0, 60, 5), buy(0, 35, 5)],
        bob: [sell(0, 30, 2), sell(0, 120, 5), sell(0, 50, 8)],
        carol: [buy(1, 70, 4)],
    }
    return commit_and_reveal(session, orders)


@pytest.fixture
def wrong(revealed: Session, operators: list[Person]) -> Challenge:
    """Two of three operators agreed on a wrong outcome; the proof against it."""
    found = wrong_in(revealed, Refutation.LOWER_WITNESS)
    revealed.accept_outcome(operators[:2], found.results)
    return found


# ---------------------------------------------------------------- refusals


def test_commit__before_anything_is_accepted__is_refused(
    fontana: Contracts, revealed: Session, operators: list[Person], stranger: Person
) -> None:
    commit = (fontana.refuter.commit, revealed.id, b"\1" * 32)
    refused("NothingAccepted", *commit, by=stranger, sessionId=revealed.id)
    revealed.post_outcome(operators[0])
    refused("NothingAccepted", *commit, by=stranger, sessionId=revealed.id)
    refused("NothingAccepted", fontana.refuter.commit, 99, b"\1" * 32, by=stranger, sessionId=99)


def test_commit__at_the_end_of_the_window__is_refused(fontana: Contracts, wrong: Challenge, stranger: Person) -> None:
    deadline = fontana.refuter.commitDeadline(wrong.session.id)
    pass_to(deadline)
    refused("WindowClosed", fontana.refuter.commit, wrong.session.id, b"\1" * 32, by=stranger, deadline=deadline)


def test_refute__not_committed_to_by_the_caller__is_refused(
    fontana: Contracts, wrong: Challenge, stranger: Person, alice: Person
) -> None:
    refute = fontana.refuter.refute
    refused("NotCommitted", refute, *wrong.arguments, by=stranger, committedInBlock=0)
    wrong.commit(stranger)
    refused("NotCommitted", refute, *wrong.arguments, by=alice, committedInBlock=0)
    other = Challenge(wrong.session, wrong.results, replace(wrong.proof, kind=Refutation.IDLE_WITNESS))
    refused("NotCommitted", refute, *other.arguments, by=stranger, committedInBlock=0)


def test_refute__somebody_who_copies_a_commitment__gains_nothing(
    fontana: Contracts, wrong: Challenge, stranger: Person, alice: Person
) -> None:
    send(fontana.refuter.commit, wrong.session.id, wrong.commitment(stranger), by=alice)
    refused("NotCommitted", fontana.refuter.refute, *wrong.arguments, by=alice, committedInBlock=0)
    made = fontana.refuter.committedIn(wrong.commitment(stranger))
    wrong.commit(stranger)
    assert fontana.refuter.committedIn(wrong.commitment(stranger)) == made > 0


def test_refute__in_the_block_of_the_commitment__is_refused(
    fontana: Contracts, wrong: Challenge, admin: Person
) -> None:
    source = (Path(__file__).parent / "mocks" / "CommitsAndProves.sol").read_text()
    compiled = brownie.compile_source(source, solc_version=SOLC_VERSION, evm_version="cancun")
    both = deploy(compiled.CommitsAndProves, by=admin)
    challenger = Person("contract", both.address.lower(), b"")
    call = fontana.refuter.refute.encode_input(*wrong.arguments)
    block = refused(
        "NotCommitted",
        both.run,
        fontana.refuter.address,
        wrong.session.id,
        wrong.commitment(challenger),
        call,
        by=admin,
    )
    assert block["committedInBlock"] == block["blockNumber"] > 0


def test_refute__after_the_window__is_refused(fontana: Contracts, wrong: Challenge, stranger: Person) -> None:
    wrong.commit(stranger)
    final_at = fontana.quorum.acceptedAnswer(wrong.session.outcome_question)[1]
    pass_to(final_at)
    refused("WindowClosed", fontana.refuter.refute, *wrong.arguments, by=stranger, deadline=final_at)


def test_refute__another_outcome_than_the_accepted__is_refused(
    fontana: Contracts, revealed: Session, operators: list[Person], stranger: Person
) -> None:
    found = wrong_in(revealed, Refutation.LOWER_WITNESS)
    revealed.accept_outcome(operators[:2])
    found.commit(stranger)
    refused("NotTheAcceptedOutcome", fontana.refuter.refute, *found.arguments, by=stranger, sessionId=revealed.id)


def test_refute__a_result_that_is_not_the_slots__is_refused(
    fontana: Contracts, wrong: Challenge, stranger: Person
) -> None:
    check = fontana.refuter.acceptedQuestion
    _, hashes, result, cid = outcome_proof(wrong.results, 0)
    refused("NotTheSlotsResult", check, wrong.session.id, (1, hashes, result, cid), by=stranger, slot=1, slots=2)
    refused("NotTheSlotsResult", check, wrong.session.id, (2, hashes, result, cid), by=stranger, slot=2, slots=2)


def test_refute__a_right_outcome__is_refused_by_the_verifier(
    fontana: Contracts, revealed: Session, operators: list[Person], stranger: Person
) -> None:
    honest = market_of(revealed)
    revealed.accept_outcome(operators[:2])
    wrong = CASES[Refutation.OVERFILLED][0](honest.slots[0])
    proof = cheapest_proof(wrong.sight(), 0, honest.records)
    assert proof is not None
    against = Challenge(revealed, revealed.results(), proof)
    against.commit(stranger)
    refused("PathLeadsElsewhere", fontana.refuter.refute, *against.arguments, by=stranger)


def test_void_and_extend__by_anybody_else__are_refused(
    fontana: Contracts, wrong: Challenge, admin: Person, operators: list[Person]
) -> None:
    question = wrong.session.outcome_question
    for who in (admin, operators[0]):
        refused("NotTreeDemands", fontana.refuter.voidWithheld, wrong.session.id, question, who.address, by=who)
        refused("NotTreeDemands", fontana.refuter.extend, question, 60, by=who, account=who)
        refused("NotTheRefuter", fontana.marketplace.voidOutcome, wrong.session.id, by=who, account=who)
        refused("NotTheRefuter", fontana.quorum.voidAnswer, question, who.address, by=who, account=who)
        refused("NotTheRefuter", fontana.quorum.extendWindow, question, 60, by=who, account=who)


def test_void_and_extend__nothing_accepted_or_final__are_refused(
    fontana: Contracts, revealed: Session, operators: list[Person]
) -> None:
    refuter = Person("refuter", fontana.refuter.address.lower(), b"")
    void = (fontana.quorum.voidAnswer, revealed.outcome_question, operators[0].address)
    refused("NothingToVoid", *void, by=refuter)
    revealed.accept_outcome(operators[:2])
    pass_to(fontana.quorum.acceptedAnswer(revealed.outcome_question)[1])
    refused("NothingToVoid", *void, by=refuter)
    refused("NothingToVoid", fontana.quorum.extendWindow, revealed.outcome_question, 60, by=refuter)


# ---------------------------------------------------------------- what a refutation does


def test_refute__committed_before__voids_the_outcome(fontana: Contracts, wrong: Challenge, stranger: Person) -> None:
    question = wrong.session.outcome_question
    answer = fontana.quorum.questionOf(question)[0]
    done = refuted(wrong, stranger)
    assert fontana.quorum.refutedBy(question) == stranger.address
    told = done.event("OutcomeRefuted")
    assert told["question"] == question
    assert (told["challenger"], told["slot"], told["kind"]) == (stranger.address, 0, Refutation.LOWER_WITNESS)
    assert done.event("OutcomeVoided").values == {"sessionId": wrong.session.id, "round": 2}
    voided = {"question": question, "answer": bytes(answer), "challenger": stranger.address}
    assert done.event("AnswerVoided").values == voided
    assert wrong.session.state == "Clearing"


def test_refute__twice__is_refused(fontana: Contracts, wrong: Challenge, stranger: Person, alice: Person) -> None:
    wrong.commit(alice)
    refuted(wrong, stranger)
    refused("NothingAccepted", fontana.refuter.refute, *wrong.arguments, by=alice, sessionId=wrong.session.id)
    assert fontana.quorum.acceptedAnswer(wrong.session.outcome_question) == ("0x" + "00" * 32, 0)


def test_backers__of_a_refuted_outcome__are_out_until_they_pay_in_again(
    fontana: Contracts, wrong: Challenge, operators: list[Person], issuer: Person, stranger: Person
) -> None:
    refuted(wrong, stranger)
    collect(fontana, stranger)
    session = wrong.session
    post = (fontana.marketplace.setFinalOrders, session.id, session.results(), "cid")
    refused("BondTooSmall", *post, by=operators[0], operator=operators[0], bond=0, required=BOND_UE)
    answer = session.post_outcome(operators[2])
    attest = (fontana.quorum.attest, session.outcome_question, answer)
    refused("BondTooSmall", *attest, by=operators[1], operator=operators[1], bond=0, required=BOND_UE)
    bond(fontana, issuer, operators[1])
    send(*attest, by=operators[1])
    assert session.state == "Challenge"


def test_round__after_a_refutation__takes_nothing_of_the_one_before(
    fontana: Contracts, wrong: Challenge, operators: list[Person], issuer: Person, stranger: Person
) -> None:
    session = wrong.session
    first = session.outcome_question
    refuted(wrong, stranger)
    assert session.outcome_question != first
    assert fontana.marketplace.bookOf(session.id)[3] == 2
    attest = fontana.quorum.attest
    answer = fontana.quorum.questionOf(first)[0]
    refused("QuestionClosed", attest, first, answer, by=operators[2])
    refused("UnknownAnswer", attest, session.outcome_question, answer, by=operators[2])
    collect(fontana, stranger)
    for operator in operators[:2]:
        bond(fontana, issuer, operator)
    session.accept_outcome(operators[:2])
    wrong.commit(stranger)
    refused("NotTheAcceptedOutcome", fontana.refuter.refute, *wrong.arguments, by=stranger)


def test_session__refuted_and_cleared_again__is_settled_and_paid(
    fontana: Contracts, wrong: Challenge, operators: list[Person], issuer: Person, stranger: Person, alice: Person
) -> None:
    session = wrong.session
    refuted(wrong, stranger)
    collect(fontana, stranger)
    bond(fontana, issuer, operators[0])
    honest = [operators[2], operators[0]]
    session.accept_outcome(honest)
    session.to_metering()
    for operator in honest:
        send(fontana.quorum.releaseStakes, [session.outcome_question], by=operator)
    posted = session.settlement()
    session.accept_settlement(honest, posted)
    session.to_validation()
    session.validate(stranger)
    session.execute(posted, alice, by=stranger)
    assert fontana.marketplace.positionOf(session.id, alice.address)[5] == 3


def test_session__refuted_and_never_cleared_again__is_cancelled_and_everybody_gets_everything_back(
    fontana: Contracts, wrong: Challenge, stranger: Person, alice: Person
) -> None:
    refuted(wrong, stranger)
    wrong.session.to_timeout()
    send(fontana.marketplace.cancel, wrong.session.id, by=stranger)
    send(fontana.marketplace.releaseLock, wrong.session.id, alice.address, by=stranger)
    assert fontana.marketplace.checkFunds(alice.address)[1] == 0


def share_of(session: Session) -> int:
    """One percent of a session's locks, rounded up to the cent."""
    locks: int = session.contracts.marketplace.bookOf(session.id)[5]
    return -(-locks // 1_000_000) * 10_000


def test_bond__at_stake_in_two_sessions__must_cover_both(
    fontana: Contracts, admin: Person, revealed: Session, operators: list[Person], alice: Person, issuer: Person
) -> None:
    large = [buy(0, 150_000_000_000 // 500_000, 500_000)]
    start = revealed.terms.delivery_end
    second = open_session(fontana, admin, delivery_start=start + 24 * 3600)
    operator = operators[0]
    revealed.post_outcome(operator)
    pledged = fontana.quorum.bondOf(operator.address)[2]
    assert pledged == share_of(revealed)
    commit_and_reveal(second, {alice: large})
    needed = share_of(second)
    if needed + pledged > BOND_UE:
        post = (fontana.marketplace.setFinalOrders, second.id, second.results(), "cid")
        refused("BondTooSmall", *post, by=operator, required=needed + pledged)
        bond(fontana, issuer, operator, needed + pledged - BOND_UE)
    second.post_outcome(operator)
    assert fontana.quorum.bondOf(operator.address)[1:] == (2, needed + pledged)


# ---------------------------------------------------------------- the grace


def test_commit__in_the_last_moments__keeps_the_window_open_for_the_proof_once(
    fontana: Contracts, wrong: Challenge, stranger: Person, alice: Person
) -> None:
    session = wrong.session
    question = session.outcome_question
    final_at = fontana.quorum.acceptedAnswer(question)[1]
    pass_to(final_at - 1)
    told = wrong.commit(stranger).event("WindowExtended")
    assert told.values == {"question": question, "finalAt": final_at + GRACE_S}
    assert fontana.refuter.commitDeadline(session.id) == final_at
    pass_to(final_at)
    refused("WindowClosed", fontana.refuter.commit, session.id, b"\1" * 32, by=alice, deadline=final_at)
    pass_to(final_at + GRACE_S - 1)
    wrong.refute(stranger)
    assert fontana.quorum.refutedBy(question) == stranger.address


def test_commit__by_two_in_the_last_moments__extends_the_window_once(
    fontana: Contracts, wrong: Challenge, stranger: Person, alice: Person
) -> None:
    question = wrong.session.outcome_question
    final_at = fontana.quorum.acceptedAnswer(question)[1]
    pass_to(final_at - 60)
    wrong.commit(stranger)
    wrong.commit(alice)
    assert fontana.quorum.acceptedAnswer(question)[1] == final_at + GRACE_S
    assert now() < final_at
