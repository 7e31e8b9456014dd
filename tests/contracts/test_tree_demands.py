"""Demanding a tree that operators keep back: who may ask, who must answer, what it costs, and what silence does."""

from collections.abc import Sequence
from typing import Any

import pytest

from commons.orders import Order
from commons.records import Refutation
from oracle.clearing.types import SlotResult
from oracle.refutation import opening
from oracle.refutation.opening import known_tree
from oracle.refutation.places import Leaf, Proof, leaf_place, place
from oracle.refutation.places import OpenedTree as Sight
from oracle.refutation.search import NOTHING_REVEALED, cheapest_proof
from tests.contracts.chain import Receipt, now, pass_to, refused, request, send
from tests.contracts.community import BOND_UE, Contracts, Person, mint
from tests.contracts.market import Session, buy, commit_and_reveal, sell
from tests.contracts.refutation import Challenge, collect, market_of, outcome_proof, results_with

DEMAND_UE = 1_000_000
ANSWER_S = 3600
ANSWERS = 6
ROOT_LEVEL = 6
ALWAYS_ONE = "0x60015f5260205ff3"
"""Code that answers 1 to everything: transfers succeed, and no balance changes."""


@pytest.fixture
def revealed(session: Session, alice: Person, bob: Person, carol: Person) -> Session:
    """A slot of 49 orders: its tree is six levels high, so that two answers open it."""
    book: dict[Person, Sequence[Order]] = {
        alice: [buy(0, 100 + n, 5) for n in range(24)],
        bob: [sell(0, 90 + n, 5) for n in range(24)],
        carol: [buy(0, 70, 4)],
    }
    return commit_and_reveal(session, book)


@pytest.fixture
def accepted(revealed: Session, operators: list[Person]) -> Session:
    """The right outcome is accepted."""
    revealed.accept_outcome(operators[:2])
    return revealed


@pytest.fixture
def watcher(fontana: Contracts, stranger: Person, issuer: Person) -> Person:
    """A stranger with money for ten demands."""
    return paying(fontana, stranger, issuer)


def paying(contracts: Contracts, who: Person, issuer: Person) -> Person:
    """Somebody who can pay for ten demands."""
    mint(contracts, issuer, who, 10 * DEMAND_UE)
    send(contracts.euro.approve, contracts.demands.address, 10 * DEMAND_UE, by=who)
    return who


def sight_of(session: Session) -> Sight:
    """All of the right tree of the first slot."""
    return market_of(session).slots[0].sight()


def demanded(session: Session, level: int, position: int, continues: int = 0) -> tuple[Any, ...]:
    """The arguments that demand a node of the right tree's first slot."""
    sight = sight_of(session)
    node = sight.node(level, position)
    opened = place(sight, level, position, b"")
    assert node is not None
    assert opened is not None
    outcome = outcome_proof(session.results(), 0)
    return (session.id, outcome, (level, position, node.hash, opened.path), continues)


def demand(session: Session, by: Person, level: int, position: int, continues: int = 0) -> int:
    """Demand a node; the demand's number."""
    done = send(session.contracts.demands.demand, *demanded(session, level, position, continues), by=by)
    number: int = done.event("NodeDemanded")["demandId"]
    return number


def answer_of(session: Session, level: int, position: int) -> tuple[bytes, bytes]:
    """What opens a node."""
    slot = market_of(session).slots[0]
    leaves = [leaf for leaf in slot.leaves if leaf is not None]
    return opening.answer(known_tree(slot.result, leaves).tree, leaves, level, position)


def answer(session: Session, number: int, by: Person, level: int, position: int) -> Receipt:
    """Answer a demand truly."""
    return send(session.contracts.demands.answer, number, *answer_of(session, level, position), by=by)


def end_of(session: Session) -> int:
    """The end of the original window."""
    accepted_at: int = session.contracts.quorum.questionOf(session.outcome_question)[2]
    return accepted_at + session.terms.challenge_window


# ---------------------------------------------------------------- refusals


def test_demand__of_no_node_of_the_tree__is_refused(accepted: Session, watcher: Person) -> None:
    demands = accepted.contracts.demands
    number, outcome, (level, position, hash_, path), _ = demanded(accepted, 0, 5)
    refused("NoSuchNode", demands.demand, number, outcome, (7, 0, hash_, path), 0, by=watcher, depth=6)
    refused("NoSuchNode", demands.demand, number, outcome, (0, 64, hash_, path), 0, by=watcher)
    refused("WrongPathLength", demands.demand, number, outcome, (level, position, hash_, path[:-1]), 0, by=watcher)
    refused("PathLeadsElsewhere", demands.demand, number, outcome, (level, position, b"\1" * 32, path), 0, by=watcher)


def test_demand__of_a_slot_without_orders__is_refused(accepted: Session, watcher: Person) -> None:
    outcome = outcome_proof(accepted.results(), 1)
    node = (0, 0, bytes(32), b"")
    refused("NoSuchNode", accepted.contracts.demands.demand, accepted.id, outcome, node, 0, by=watcher, depth=0)


def test_demand__of_an_outcome_that_is_not_accepted__is_refused(
    revealed: Session, operators: list[Person], watcher: Person
) -> None:
    arguments = demanded(revealed, ROOT_LEVEL, 0)
    revealed.accept_outcome(operators[:2], challenge_results(revealed))
    refused("NotTheAcceptedOutcome", revealed.contracts.demands.demand, *arguments, by=watcher)


def challenge_results(session: Session) -> list[SlotResult]:
    """An outcome with another witness."""
    right = session.results()
    return [right[0]._replace(lo_witness=2), *right[1:]]


def test_demand__without_the_bond__is_refused(accepted: Session, alice: Person) -> None:
    refused("ERC20InsufficientAllowance", accepted.contracts.demands.demand, *demanded(accepted, 6, 0), by=alice)


def test_demand__with_a_token_that_moves_nothing__is_refused(accepted: Session, watcher: Person) -> None:
    arguments = demanded(accepted, ROOT_LEVEL, 0)
    request("anvil_setCode", accepted.contracts.euro.address, ALWAYS_ONE)
    call = (accepted.contracts.demands.demand, *arguments)
    refused("BondNotPaid", *call, by=watcher, arrived=0, required=DEMAND_UE)


def test_demand__after_the_original_window_and_no_path_of_ones_own__is_refused(
    accepted: Session, watcher: Person, operators: list[Person], alice: Person, issuer: Person
) -> None:
    demands, original = accepted.contracts.demands, end_of(accepted)
    pass_to(original - 10)
    first = demand(accepted, watcher, ROOT_LEVEL, 0)
    pass_to(original + 10)
    refused("NotYourPath", demands.demand, *demanded(accepted, 1, 0), by=watcher, demandId=0)
    refused("NotYourPath", demands.demand, *demanded(accepted, 1, 0, first), by=watcher)  # not answered yet
    answer(accepted, first, operators[0], ROOT_LEVEL, 0)
    other = paying(accepted.contracts, alice, issuer)
    refused("NotYourPath", demands.demand, *demanded(accepted, 1, 0, first), by=other, account=other)
    refused("NotYourPath", demands.demand, *demanded(accepted, 2, 0, first), by=watcher)
    second = demand(accepted, watcher, 1, 31, first)
    refused("NotYourPath", demands.demand, *demanded(accepted, 0, 3, second), by=watcher)


def test_answer__by_a_stranger_or_wrong_or_twice__is_refused(
    accepted: Session, watcher: Person, operators: list[Person]
) -> None:
    demands = accepted.contracts.demands
    number = demand(accepted, watcher, ROOT_LEVEL, 0)
    sums, bottom = answer_of(accepted, ROOT_LEVEL, 0)
    refused("UnknownDemand", demands.answer, 99, sums, bottom, by=operators[0], demandId=99)
    refused("NotASessionOperator", demands.answer, number, sums, bottom, by=watcher, account=watcher)
    refused("WrongAnswerLength", demands.answer, number, sums[:-1], bottom, by=operators[0])
    refused("WrongAnswerLength", demands.answer, number, sums, bottom[:-32], by=operators[0])
    refused("AnswerLeadsElsewhere", demands.answer, number, sums[:-1] + b"\1", bottom, by=operators[0])
    refused("AnswerLeadsElsewhere", demands.answer, number, sums, bottom[:-1] + b"\1", by=operators[0])
    send(demands.answer, number, sums, bottom, by=operators[0])
    refused("AlreadyAnswered", demands.answer, number, sums, bottom, by=operators[1], demandId=number)
    refused("AlreadyAnswered", demands.voidUnanswered, number, by=watcher, demandId=number)


def test_answer__after_the_answer_window__is_refused(
    accepted: Session, watcher: Person, operators: list[Person]
) -> None:
    demands = accepted.contracts.demands
    number = demand(accepted, watcher, ROOT_LEVEL, 0)
    by = now() + ANSWER_S
    refused("AnswerMayCome", demands.voidUnanswered, number, by=watcher, answerBy=by)
    pass_to(by)
    refused("AnswerTooLate", demands.answer, number, *answer_of(accepted, 6, 0), by=operators[0], answerBy=by)


def test_bond__of_a_demand_while_the_outcome_is_open__stays(accepted: Session, watcher: Person) -> None:
    number = demand(accepted, watcher, ROOT_LEVEL, 0)
    refused("BondStays", accepted.contracts.demands.payBond, number, by=watcher, demandId=number)


# ---------------------------------------------------------------- what they do


def test_demand__answered_and_outcome_final__pays_the_operator_who_answered(
    accepted: Session, watcher: Person, operators: list[Person]
) -> None:
    contracts, final_at = accepted.contracts, end_of(accepted)
    number = demand(accepted, watcher, ROOT_LEVEL, 0)
    assert contracts.quorum.acceptedAnswer(accepted.outcome_question)[1] == final_at + 2 * ANSWER_S
    told = answer(accepted, number, operators[1], ROOT_LEVEL, 0).event("NodeOpened")
    assert (told["sums"], told["bottom"]) == answer_of(accepted, ROOT_LEVEL, 0)
    assert contracts.demands.answeredBy(number).lower() == operators[1].address
    pass_to(final_at + 2 * ANSWER_S)
    paid = send(contracts.demands.payBond, number, by=operators[1]).event("DemandBondPaid")
    assert (paid["payee"], paid["amount"]) == (operators[1].address, DEMAND_UE)
    assert contracts.euro.balanceOf(operators[1].address) == DEMAND_UE
    refused("BondStays", contracts.demands.payBond, number, by=operators[1])
    refused("AlreadyAnswered", contracts.demands.voidUnanswered, number, by=watcher)


@pytest.mark.parametrize(("level", "position"), [(6, 0), (5, 1), (1, 24), (0, 48), (0, 63)])
def test_answer__to_any_node__opens_it(
    accepted: Session, watcher: Person, operators: list[Person], level: int, position: int
) -> None:
    number = demand(accepted, watcher, level, position)
    answer(accepted, number, operators[2], level, position)


def test_demand__of_what_the_chain_shows__costs_its_bond_at_once(
    accepted: Session, watcher: Person, operators: list[Person]
) -> None:
    contracts = accepted.contracts
    number = demand(accepted, watcher, 5, 0)
    answer(accepted, number, operators[0], 5, 0)
    for level, position in ((5, 0), (3, 1), (0, 31)):
        before = contracts.euro.balanceOf(contracts.treasury.address)
        done = send(contracts.demands.demand, *demanded(accepted, level, position), by=watcher)
        assert done.event("DemandedInVain")["bond"] == DEMAND_UE
        assert contracts.euro.balanceOf(contracts.treasury.address) - before == DEMAND_UE
    assert contracts.demands.demandCount() == 1
    assert demand(accepted, watcher, 0, 32) == 2


def test_demands__of_the_same_node_by_two__are_answered_by_one(
    accepted: Session, watcher: Person, operators: list[Person], alice: Person, issuer: Person
) -> None:
    first = demand(accepted, watcher, ROOT_LEVEL, 0)
    second = demand(accepted, paying(accepted.contracts, alice, issuer), ROOT_LEVEL, 0)
    answer(accepted, first, operators[0], ROOT_LEVEL, 0)
    assert accepted.contracts.demands.answeredBy(second).lower() == operators[0].address


def test_demand__nobody_answers__voids_the_outcome_for_the_demander(
    accepted: Session, watcher: Person, operators: list[Person], alice: Person
) -> None:
    contracts, question = accepted.contracts, accepted.outcome_question
    number = demand(accepted, watcher, ROOT_LEVEL, 0)
    pass_to(now() + ANSWER_S)
    done = send(contracts.demands.voidUnanswered, number, by=alice)
    assert done.event("OutcomeWithheld")["challenger"] == watcher.address
    collect(contracts, alice)
    assert contracts.quorum.bountyOf(watcher.address) == BOND_UE
    assert [contracts.quorum.bondOf(operator.address)[0] for operator in operators] == [0, 0, BOND_UE]
    assert contracts.quorum.refutedBy(question) == watcher.address
    assert accepted.state == "Clearing"
    refused("OutcomeSettled", contracts.demands.voidUnanswered, number, by=alice, demandId=number)
    paid = send(contracts.demands.payBond, number, by=alice).event("DemandBondPaid")
    assert paid["payee"] == watcher.address


def test_demand__nobody_answers_and_nobody_says_so__returns_its_bond_when_the_outcome_is_final(
    accepted: Session, watcher: Person
) -> None:
    contracts = accepted.contracts
    number = demand(accepted, watcher, ROOT_LEVEL, 0)
    pass_to(contracts.quorum.acceptedAnswer(accepted.outcome_question)[1])
    refused("OutcomeSettled", contracts.demands.voidUnanswered, number, by=watcher)
    assert send(contracts.demands.payBond, number, by=watcher).event("DemandBondPaid")["payee"] == watcher.address


def test_demander__who_refutes_with_what_was_opened__gets_the_bond_back(
    revealed: Session, operators: list[Person], watcher: Person, alice: Person, issuer: Person
) -> None:
    contracts = revealed.contracts
    found = Challenge(revealed, challenge_results(revealed), proof_of_lower_witness(revealed))
    revealed.accept_outcome(operators[:2], found.results)
    root = market_of(revealed).slots[0].result.root
    outcome = outcome_proof(found.results, 0)
    numbers = []
    for who in (watcher, paying(contracts, alice, issuer)):
        done = send(contracts.demands.demand, revealed.id, outcome, (ROOT_LEVEL, 0, root, b""), 0, by=who)
        numbers.append(done.event("NodeDemanded")["demandId"])
    answer(revealed, numbers[0], operators[0], ROOT_LEVEL, 0)
    found.commit(watcher)
    found.refute(watcher)
    payees = [send(contracts.demands.payBond, n, by=alice).event("DemandBondPaid")["payee"] for n in numbers]
    assert payees == [watcher.address, operators[0].address]


def proof_of_lower_witness(session: Session) -> Proof:
    """Order 0 sets lo before order 2 does."""
    honest = market_of(session)
    slot = honest.slots[0]
    wrong = results_with(honest, slot)[0]._replace(lo_witness=slot.result.lo_witness + 1)
    sight = slot.sight()
    opened = leaf_place(sight, slot.result.lo_witness)
    assert opened is not None
    assert cheapest_proof(sight, 0, honest.records) is None
    assert wrong.root == slot.result.root
    return Proof(0, Refutation.LOWER_WITNESS, (opened,), NOTHING_REVEALED, "")


def test_windows__however_many_demand__grow_by_ten_answer_windows_at_most(
    accepted: Session, watcher: Person, operators: list[Person]
) -> None:
    contracts, original = accepted.contracts, end_of(accepted)
    for position in range(7):
        demand(accepted, watcher, 0, position)
    final_at = contracts.quorum.acceptedAnswer(accepted.outcome_question)[1]
    assert final_at == original + 10 * ANSWER_S


def test_path__begun_at_the_last_moment_while_others_used_the_extension_up__is_walked_to_its_end(
    accepted: Session, watcher: Person, operators: list[Person], alice: Person, issuer: Person
) -> None:
    contracts, original = accepted.contracts, end_of(accepted)
    griefer = paying(contracts, alice, issuer)
    for position in range(5):
        demand(accepted, griefer, 0, position)
    pass_to(original - 1)
    first = demand(accepted, watcher, ROOT_LEVEL, 0)
    pass_to(now() + ANSWER_S - 2)
    answer(accepted, first, operators[0], ROOT_LEVEL, 0)
    pass_to(now() + ANSWER_S - 2)
    second = demand(accepted, watcher, 1, 24, first)
    pass_to(now() + ANSWER_S)
    send(contracts.demands.voidUnanswered, second, by=watcher)


def test_demand__too_late_for_answer_and_reaction__is_refused(
    accepted: Session, watcher: Person, operators: list[Person], alice: Person, issuer: Person
) -> None:
    contracts, original = accepted.contracts, end_of(accepted)
    griefer = paying(contracts, alice, issuer)
    for position in range(5):
        demand(accepted, griefer, 0, position)
    pass_to(original - 10)
    first = demand(accepted, watcher, ROOT_LEVEL, 0)
    answer(accepted, first, operators[0], ROOT_LEVEL, 0)
    pass_to(original + 9 * ANSWER_S)
    final_at = original + 10 * ANSWER_S
    refused("NotEnoughTime", contracts.demands.demand, *demanded(accepted, 1, 24, first), by=watcher, finalAt=final_at)


def test_demand_terms__follow_bond_and_window(accepted: Session) -> None:
    assert accepted.contracts.demands.demandTerms(accepted.id) == (DEMAND_UE, ANSWER_S)
    assert accepted.terms.challenge_window == ANSWERS * ANSWER_S
    assert isinstance(sight_of(accepted).leaves[0], Leaf)
