"""The contract judges proofs as the Python judge does: on right slots, and on wrong ones of every family."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from commons.chain.artefacts import artefact
from commons.records import Refutation, RevealedOrder, TreePlace
from oracle.refutation.judge import refusal
from oracle.refutation.places import leaf_place
from oracle.refutation.search import NOTHING_REVEALED, proofs
from tests.contracts.chain import refusal_of
from tests.contracts.community import Contracts, Person
from tests.contracts.market import Session, buy, commit_and_reveal, sell
from tests.contracts.refutation import check_arguments, market_of, verifier_of
from tests.oracle.refutation.attack import mutants
from tests.oracle.refutation.posted import Market, Slot
from tests.oracle.refutation.test_attack import every_proof
from tests.oracle.refutation.test_search import CASES

SAMPLE = 150
ERRORS = {
    "WrongPlaceCount",
    "WrongContent",
    "NoSuchPlace",
    "WrongPathLength",
    "PathLeadsElsewhere",
    "PaddingBelongsHere",
    "OrderBelongsHere",
    "IsPadding",
    "WrongOrderOfPlaces",
    "IndicesAscend",
    "NotTheRevealedOrders",
    "NotRevealed",
    "AsRevealed",
    "OtherSlot",
    "IndexNotExcluded",
    "SumsAreRight",
    "NotOverfilled",
    "NotBetter",
    "IsFull",
    "NotWorse",
    "NothingFilled",
    "NotAtMargin",
    "NoMargin",
    "ShareIsRight",
    "NotAhead",
    "UnitIsRight",
    "WithinBounds",
    "DoesNotPrecede",
    "WitnessStands",
    "NoTrade",
    "Trade",
    "DoNotCross",
}
"""All of the verifier's; each is provoked below."""
JUDGED = 700


@pytest.fixture
def revealed(session: Session, alice: Person, bob: Person, carol: Person) -> Session:
    """A session like the book of the search's tests: at 0.005 €/kWh 15 Wh trade and the bids are rationed."""
    return commit_and_reveal(
        session,
        {
            alice: [buy(0, 100, 9), buy(0, 60, 5), buy(0, 35, 5)],
            bob: [sell(0, 30, 2), sell(0, 120, 5), sell(0, 50, 8)],
            carol: [buy(1, 70, 4)],
        },
    )


@pytest.fixture
def honest(revealed: Session) -> Market:
    """The right outcome."""
    found = market_of(revealed)
    assert [slot.result for slot in found.slots] == revealed.results()
    return found


@pytest.fixture
def verifier(project: Any, fontana: Contracts) -> Any:
    return verifier_of(project, fontana)


def verdict(verifier: Any, session: Session, slot: Slot, *proof: Any, by: Person) -> str | None:
    """The contract's error, or None where it accepts."""
    found = refusal_of(verifier.check, *check_arguments(session, slot, *proof), by=by)
    return None if found is None else found.error


def test_right_slots__every_proof_sampled__are_refused_as_the_judge_says(
    verifier: Any, revealed: Session, honest: Market, stranger: Person
) -> None:
    rng, errors = random.Random(7), Counter[str]()
    for slot in honest.slots:
        every = list(every_proof(honest, slot.sight()))
        for kind, places, order in rng.sample(every, min(JUDGED, len(every))):
            error = verdict(verifier, revealed, slot, kind, places, order, by=stranger)
            assert error is not None
            assert error == refusal(honest.records, slot.slot, slot.result, kind, places, order)
            errors[error] += 1
    assert len(errors) > 12


def test_wrong_slots__of_every_family__are_refuted_in_the_contract_too(
    verifier: Any, revealed: Session, honest: Market, stranger: Person
) -> None:
    rng, kinds = random.Random(11), Counter[Refutation]()
    slot = honest.slots[0]
    for _, mutant in rng.sample(list(mutants(honest, slot, rng)), SAMPLE):
        for proof in proofs(mutant.sight(), 0, honest.records):
            error = verdict(verifier, revealed, mutant, proof.kind, proof.places, proof.revealed, by=stranger)
            assert error is None, proof.words
            assert verdict(verifier, revealed, slot, proof.kind, proof.places, proof.revealed, by=stranger)
            kinds[proof.kind] += 1
    assert len(kinds) > 10


@pytest.mark.parametrize("kind", Refutation)
def test_each_kind__where_it_applies__is_accepted_and_nowhere_else(
    verifier: Any, revealed: Session, honest: Market, stranger: Person, kind: Refutation
) -> None:
    wrong = CASES[kind][0](honest.slots[0])
    found = {proof.kind: proof for proof in proofs(wrong.sight(), 0, honest.records)}
    proof = found[kind]
    assert verdict(verifier, revealed, wrong, kind, proof.places, proof.revealed, by=stranger) is None
    for other in Refutation:
        said = refusal(honest.records, 0, wrong.result, other, proof.places, proof.revealed)
        assert verdict(verifier, revealed, wrong, other, proof.places, proof.revealed, by=stranger) == said


def test_proof__malformed_in_any_way__is_refused_with_the_reason(
    verifier: Any, revealed: Session, honest: Market, stranger: Person
) -> None:
    slot = honest.slots[0]
    sight = slot.sight()
    whole = leaf_place(sight, 0)
    assert whole is not None
    record, number = honest.records.of_slot(0)[0]
    ours = RevealedOrder(record.trader, number, record.encoded)
    cases: list[tuple[str, Refutation, list[TreePlace], RevealedOrder]] = [
        ("WrongPlaceCount", Refutation.OVERFILLED, [], ours),
        ("WrongPlaceCount", Refutation.UNIT_MISPLACED, [whole], ours),
        ("WrongPlaceCount", Refutation.WITNESS_ABSENT, [whole] * 3, ours),
        ("WrongContent", Refutation.OVERFILLED, [replace(whole, content=whole.content[:-1])], ours),
        ("NoSuchPlace", Refutation.OVERFILLED, [replace(whole, level=1)], ours),
        ("NoSuchPlace", Refutation.OVERFILLED, [replace(whole, position=8)], ours),
        ("NoSuchPlace", Refutation.WRONG_NODE_SUMS, [replace(whole, content=bytes(160))], ours),
        ("NoSuchPlace", Refutation.WRONG_NODE_SUMS, [replace(whole, level=4, content=bytes(160))], ours),
        ("WrongPathLength", Refutation.OVERFILLED, [replace(whole, path=whole.path[:-1])], ours),
        ("PathLeadsElsewhere", Refutation.OVERFILLED, [replace(whole, position=1)], ours),
        ("PathLeadsElsewhere", Refutation.OVERFILLED, [replace(whole, path=whole.path[:-1] + b"\1")], ours),
        ("NotTheRevealedOrders", Refutation.LEAF_UNLIKE_REVEAL, [whole], NOTHING_REVEALED),
        ("NotTheRevealedOrders", Refutation.ORDER_MISSING, [whole], replace(ours, orders=b"")),
        ("NotRevealed", Refutation.ORDER_MISSING, [whole], replace(ours, number=9)),
        ("NotRevealed", Refutation.ORDER_MISSING, [whole], NOTHING_REVEALED),
    ]
    for error, kind, places, order in cases:
        said = verdict(verifier, revealed, slot, kind, places, order, by=stranger)
        assert said == error == refusal(honest.records, 0, slot.result, kind, tuple(places), order)


def test_errors__of_the_verifier__are_all_provoked(
    verifier: Any, revealed: Session, honest: Market, stranger: Person
) -> None:
    """Over all proofs against a right slot, and against one that denies the trade, each error occurs."""
    seen: set[str | None] = set()
    denied = CASES[Refutation.CROSSING_UNCLEARED][0](honest.slots[0])
    lying = CASES[Refutation.WRONG_LEAF_SUMS][0](honest.slots[0])
    no_margin = replace(honest.slots[0], result=honest.slots[0].result._replace(margin_buy_quantity=0))
    for slot in (*honest.slots, denied, lying, no_margin):
        for kind, places, order in every_proof(honest, slot.sight()):
            error = refusal(honest.records, slot.slot, slot.result, kind, places, order)
            if error not in seen:
                assert verdict(verifier, revealed, slot, kind, places, order, by=stranger) == error
                seen.add(error)
    malformed = {"WrongPathLength", "NoSuchPlace", "PathLeadsElsewhere", "WrongPlaceCount"}
    assert {error.name for error in artefact("IRefutationVerifier").errors} == ERRORS
    assert ERRORS - seen == malformed
