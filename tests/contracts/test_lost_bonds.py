"""The bonds behind a refuted answer: lost at once, locked until collected, shared between challenger and treasury."""

from collections.abc import Sequence

import pytest

from commons.orders import Order
from commons.records import Refutation
from tests.contracts.chain import now, pass_to, refused, send
from tests.contracts.community import BOND_SHARE_BPS, BOND_UE, DAY, NOTICE_S, Contracts, Person, bond
from tests.contracts.market import Session, buy, commit_and_reveal, open_session, sell
from tests.contracts.refutation import Challenge, collect, crowd, refuted, wrong_in

NOBODY = "0x" + "00" * 32


@pytest.fixture
def orders(alice: Person, bob: Person, carol: Person) -> dict[Person, Sequence[Order]]:
    """A market in the first slot."""
    return {
        alice: [buy(0, 100, 9), buy(0, 60, 5), buy(0, 35, 5)],
        bob: [sell(0, 30, 2), sell(0, 120, 5), sell(0, 50, 8)],
        carol: [buy(1, 70, 4)],
    }


@pytest.fixture
def wrong(session: Session, orders: dict[Person, Sequence[Order]], operators: list[Person]) -> Challenge:
    """Two of three operators agreed on a wrong outcome; the third has not voted."""
    return wrongly_accepted(session, orders, operators[:2])


def wrongly_accepted(
    session: Session,
    orders: dict[Person, Sequence[Order]],
    backers: Sequence[Person],
) -> Challenge:
    """A wrong outcome that all these operators back."""
    found = wrong_in(commit_and_reveal(session, orders), Refutation.LOWER_WITNESS)
    session.accept_outcome(backers, found.results)
    return found


def second_session(contracts: Contracts, admin: Person, first: Session) -> Session:
    """Another session, a day after the first."""
    return open_session(contracts, admin, delivery_start=first.terms.delivery_end + DAY)


def treasury_of(contracts: Contracts) -> int:
    """What the treasury holds."""
    held: int = contracts.euro.balanceOf(contracts.treasury.address)
    return held


# ---------------------------------------------------------------- refusals


def test_collection__of_nothing__is_refused(fontana: Contracts, wrong: Challenge, stranger: Person) -> None:
    refused("NothingToCollect", fontana.quorum.collectBonds, 64, by=stranger, most=64)
    refused("NoBounty", fontana.quorum.payBounty, stranger.address, by=stranger, challenger=stranger)
    refuted(wrong, stranger)
    refused("NothingToCollect", fontana.quorum.collectBonds, 0, by=stranger, most=0)
    refused("NoBounty", fontana.quorum.payBounty, stranger.address, by=stranger, challenger=stranger)
    collect(fontana, stranger)
    refused("NothingToCollect", fontana.quorum.collectBonds, 64, by=stranger, most=64)
    send(fontana.quorum.payBounty, stranger.address, by=stranger)
    refused("NoBounty", fontana.quorum.payBounty, stranger.address, by=stranger, challenger=stranger)


def test_backer__of_a_refuted_answer__cannot_take_its_bond_away_before_it_is_collected(
    fontana: Contracts, wrong: Challenge, operators: list[Person], stranger: Person
) -> None:
    quorum, question, operator = fontana.quorum, wrong.session.outcome_question, operators[0]
    answer = quorum.questionOf(question)[0]
    refuted(wrong, stranger)
    for _ in range(2):
        refused("BondHeld", quorum.withdrawBond, BOND_UE, by=operator, operator=operator, stakes=1)
        refused("BondForfeited", quorum.releaseStakes, [question], by=operator, operator=operator, question=question)
        refused("NotRetractable", quorum.withdrawVote, question, answer, by=operator, question=question)
        pass_to(wrong.session.terms.settlement_timeout + 30 * DAY)
    collect(fontana, stranger)
    refused("NoVote", quorum.releaseStakes, [question], by=operator, question=question, operator=operator)
    refused("InvalidAmount", quorum.withdrawBond, 1, by=operator, amount=1, available=0)


def test_backer__of_a_refuted_answer__can_back_nothing_and_pay_in_nothing_before_its_bond_is_collected(
    fontana: Contracts,
    wrong: Challenge,
    orders: dict[Person, Sequence[Order]],
    admin: Person,
    operators: list[Person],
    issuer: Person,
    stranger: Person,
) -> None:
    quorum, first = fontana.quorum, wrong.session
    question = first.outcome_question
    second = second_session(fontana, admin, first)
    refuted(wrong, stranger)
    loser = {"operator": operators[1], "question": question}
    answer = first.post_outcome(operators[2])
    refused("BondForfeited", quorum.attest, first.outcome_question, answer, by=operators[1], **loser)
    refused("BondForfeited", quorum.depositBond, 1, by=operators[1], **loser)
    commit_and_reveal(second, orders)
    post = (fontana.marketplace.setFinalOrders, second.id, second.results(), "cid")
    refused("BondForfeited", *post, by=operators[1], **loser)
    assert bytes(quorum.lostIn(operators[1].address)) == question
    assert quorum.lostIn(operators[2].address) == NOBODY
    collect(fontana, stranger)
    assert quorum.lostIn(operators[1].address) == NOBODY
    refused("BondTooSmall", *post, by=operators[1], bond=0)
    bond(fontana, issuer, operators[1])
    send(*post, by=operators[1])


def test_backer__in_another_place_of_a_later_set__is_known_again(
    fontana: Contracts,
    wrong: Challenge,
    orders: dict[Person, Sequence[Order]],
    admin: Person,
    operators: list[Person],
    stranger: Person,
) -> None:
    """Nor does leaving the set that it voted in free anything."""
    question = wrong.session.outcome_question
    refuted(wrong, stranger)
    others = [stranger.address, operators[2].address, operators[0].address]
    send(fontana.quorum.scheduleOperators, others, (2, BOND_UE, BOND_SHARE_BPS), by=admin)
    pass_to(now() + NOTICE_S)
    later = open_session(fontana, admin)
    commit_and_reveal(later, orders)
    post = (fontana.marketplace.setFinalOrders, later.id, later.results(), "cid")
    refused("BondForfeited", *post, by=operators[0], operator=operators[0], question=question)
    refused("NotAnOperator", *post, by=operators[1], account=operators[1])
    refused("BondHeld", fontana.quorum.withdrawBond, BOND_UE, by=operators[1])
    send(*post, by=operators[2])
    collect(fontana, stranger)
    assert [fontana.quorum.bondOf(one.address)[0] for one in operators] == [0, 0, BOND_UE]


# ---------------------------------------------------------------- who gets what


def test_collection__gives_half_to_the_challenger_and_the_rest_to_the_treasury(
    fontana: Contracts, wrong: Challenge, operators: list[Person], issuer: Person, stranger: Person, alice: Person
) -> None:
    bond(fontana, issuer, operators[1], 3)
    question, treasury_before = wrong.session.outcome_question, treasury_of(fontana)
    refuted(wrong, stranger)
    assert fontana.quorum.uncollectedAnswers() == 1
    told = [event.values for event in collect(fontana, alice).events if event.name == "BondLost"]
    halves = [BOND_UE // 2, BOND_UE // 2 + 1]
    assert told == [
        {"question": question, "operator": operators[0].address, "amount": BOND_UE, "bounty": halves[0]},
        {"question": question, "operator": operators[1].address, "amount": BOND_UE + 3, "bounty": halves[1]},
    ]
    assert fontana.quorum.uncollectedAnswers() == 0
    assert treasury_of(fontana) - treasury_before == sum(halves) + 1
    assert fontana.quorum.bountyOf(stranger.address) == sum(halves)
    paid = send(fontana.quorum.payBounty, stranger.address, by=alice).event("BountyPaid")
    assert paid.values == {"challenger": stranger.address, "amount": sum(halves)}
    assert fontana.euro.balanceOf(stranger.address) == sum(halves)
    assert [fontana.quorum.bondOf(one.address) for one in operators] == [(0, 0, 0), (0, 0, 0), (BOND_UE, 0, 0)]
    assert fontana.euro.balanceOf(fontana.quorum.address) == BOND_UE


def test_collection__in_parts__lets_each_in_again_once_its_own_bond_is_taken(
    fontana: Contracts, wrong: Challenge, operators: list[Person], issuer: Person, stranger: Person
) -> None:
    refuted(wrong, stranger)
    collect(fontana, stranger, most=1)
    assert fontana.quorum.uncollectedAnswers() == 1
    bond(fontana, issuer, operators[0])
    answer = wrong.session.post_outcome(operators[0])
    attest = (fontana.quorum.attest, wrong.session.outcome_question, answer)
    refused("BondForfeited", *attest, by=operators[1], operator=operators[1])
    collect(fontana, stranger, most=1)
    assert fontana.quorum.uncollectedAnswers() == 0
    assert [fontana.quorum.bondOf(one.address)[0] for one in operators] == [BOND_UE, 0, BOND_UE]
    assert fontana.quorum.bountyOf(stranger.address) == BOND_UE


def test_bond__lost_twice__goes_to_whoever_refuted_first(
    fontana: Contracts,
    wrong: Challenge,
    orders: dict[Person, Sequence[Order]],
    admin: Person,
    operators: list[Person],
    stranger: Person,
    alice: Person,
) -> None:
    """A friend who has another lie of the same operators voided comes too late, however it collects."""
    question = wrong.session.outcome_question
    second = wrongly_accepted(second_session(fontana, admin, wrong.session), orders, operators[1:])
    assert fontana.quorum.bondOf(operators[1].address)[1] == 2
    refuted(wrong, stranger)
    refuted(second, alice)
    assert bytes(fontana.quorum.lostIn(operators[1].address)) == question
    collect(fontana, alice, most=3)
    assert fontana.quorum.bountyOf(stranger.address) == BOND_UE
    assert fontana.quorum.bountyOf(alice.address) == 0
    refused("BondHeld", fontana.quorum.withdrawBond, BOND_UE, by=operators[2])
    collect(fontana, alice)
    assert fontana.quorum.bountyOf(alice.address) == BOND_UE // 2
    assert [fontana.quorum.bondOf(one.address) for one in operators] == [(0, 0, 0)] * 3


def test_bounty__of_a_challenger_who_is_an_operator__is_no_part_of_its_bond(
    fontana: Contracts, wrong: Challenge, operators: list[Person]
) -> None:
    """It could be held there by other stakes, or lost by them."""
    challenger = operators[1]
    refuted(wrong, challenger)
    collect(fontana, challenger)
    assert fontana.quorum.bondOf(challenger.address)[0] == 0
    send(fontana.quorum.payBounty, challenger.address, by=challenger)
    assert fontana.euro.balanceOf(challenger.address) == BOND_UE


def test_stake__of_an_operator_who_backed_another_answer__is_free_at_once(
    fontana: Contracts,
    session: Session,
    orders: dict[Person, Sequence[Order]],
    operators: list[Person],
    stranger: Person,
) -> None:
    commit_and_reveal(session, orders)
    found = wrong_in(session, Refutation.LOWER_WITNESS)
    session.post_outcome(operators[2])
    session.accept_outcome(operators[:2], found.results)
    question = session.outcome_question
    refused("StakeHeld", fontana.quorum.releaseStakes, [question], by=operators[2])
    refuted(found, stranger)
    told = send(fontana.quorum.releaseStakes, [question], by=operators[2]).event("StakeReleased")
    assert told.values == {"question": question, "operator": operators[2].address}
    assert fontana.quorum.bondOf(operators[2].address) == (BOND_UE, 0, 0)
    collect(fontana, stranger)
    assert fontana.quorum.bondOf(operators[2].address) == (BOND_UE, 0, 0)
    send(fontana.quorum.withdrawBond, BOND_UE, by=operators[2])


@pytest.mark.parametrize("count", [3, 10, 64])
def test_backers__however_many__lose_everything_in_as_many_calls_as_anybody_likes(
    fontana: Contracts,
    orders: dict[Person, Sequence[Order]],
    admin: Person,
    issuer: Person,
    stranger: Person,
    count: int,
) -> None:
    backers = crowd(fontana, admin, issuer, count)
    held_before, treasury_before = fontana.euro.balanceOf(fontana.quorum.address), treasury_of(fontana)
    found = wrongly_accepted(open_session(fontana, admin), orders, backers)
    done = refuted(found, stranger)
    assert [event.name for event in done.events] == ["OutcomeRefuted", "OutcomeVoided", "AnswerVoided"]
    calls = 0
    while fontana.quorum.uncollectedAnswers():
        refused("BondHeld", fontana.quorum.withdrawBond, BOND_UE, by=backers[-1])
        refused("BondForfeited", fontana.quorum.depositBond, 1, by=backers[-1])
        collect(fontana, stranger, most=7)
        calls += 1
    assert calls == -(-count // 7)
    assert {fontana.quorum.bondOf(one.address) for one in backers} == {(0, 0, 0)}
    assert fontana.quorum.bountyOf(stranger.address) == count * BOND_UE // 2
    assert treasury_of(fontana) - treasury_before == count * BOND_UE // 2
    send(fontana.quorum.payBounty, stranger.address, by=stranger)
    assert held_before - fontana.euro.balanceOf(fontana.quorum.address) == count * BOND_UE
