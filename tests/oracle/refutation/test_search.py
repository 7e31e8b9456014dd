"""Each kind of proof is found where it is the one that shows what is wrong, and says so in words."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from commons.records import Refutation
from oracle.clearing.types import Sums
from oracle.refutation.places import BUY
from oracle.refutation.search import cheapest_proof, proofs
from tests.oracle.refutation.attack import NO_TRADE
from tests.oracle.refutation.posted import Market, Slot, market_of, order

SELL = 0
# Bids 10 @ 9, 6 @ 5, 3 @ 5; asks 3 @ 2, 12 @ 5, 5 @ 8; one order for the second slot. At 5: 15 Wh trade, bids rationed.
ORDERS = [
    [order(0, BUY, 10, 9)],
    [order(0, BUY, 6, 5)],
    [order(0, BUY, 3, 5)],
    [order(0, SELL, 3, 2), order(0, SELL, 12, 5), order(0, SELL, 5, 8)],
    [order(1, BUY, 7, 4)],
]


@pytest.fixture
def market() -> Market:
    return market_of(ORDERS, 2)


def leaf_with(slot: Slot, place: int, **changes: Any) -> Slot:
    """A leaf changed, sums following."""
    changed = slot.copy()
    leaf = changed.leaves[place]
    assert leaf is not None
    changed.leaves[place] = replace(leaf, **changes)
    return changed.hashed()


def result_with(slot: Slot, **changes: Any) -> Slot:
    """A result changed, the tree as it was."""
    return replace(slot, result=slot.result._replace(**changes))


def lie(slot: Slot, level: int, place: int) -> Slot:
    """Sums of a node one too high, and a tree over it."""
    changed = slot.copy()
    sums = changed.tree()[level, place].sums
    changed.lies[level, place] = Sums(sums[0] + 1, *sums[1:])
    return changed.hashed()


def rearranged(slot: Slot, *places: int, count: int | None = None) -> Slot:
    """The leaves at these places, in this order; -1 for padding."""
    leaves = [None if place < 0 else slot.leaves[place] for place in places]
    count = len(leaves) if count is None else count
    return Slot(slot.slot, slot.result._replace(order_count=count), leaves).hashed()


def denied(slot: Slot) -> Slot:
    """No trade, no fills."""
    leaves = [leaf and replace(leaf, filled=0) for leaf in slot.leaves]
    return Slot(slot.slot, slot.result._replace(**NO_TRADE), leaves).hashed()


def units_swapped(slot: Slot) -> Slot:
    """The odd Wh at the margin goes to the later bid."""
    first, second = slot.leaves[1], slot.leaves[2]
    assert first is not None
    assert second is not None
    swapped = slot.copy()
    swapped.leaves[1] = replace(first, filled=first.filled - 1)
    swapped.leaves[2] = replace(second, filled=second.filled + 1)
    return swapped.hashed()


CASES: dict[Refutation, tuple[Callable[[Slot], Slot], str]] = {
    Refutation.PADDING_MISPLACED: (lambda s: rearranged(s, 0, 1, 2, -1, 4, 5), "place 3 of the tree is empty"),
    Refutation.PADDING_REPLACED: (lambda s: rearranged(s, 0, 1, 2, 3, 4, 5, count=5), "only 5 orders are counted"),
    Refutation.INDICES_NOT_ASCENDING: (lambda s: rearranged(s, 0, 2, 1, 3, 4, 5), "stands before order"),
    Refutation.LEAF_UNLIKE_REVEAL: (lambda s: leaf_with(s, 1, quantity=7), "is not what 0x"),
    Refutation.ORDER_MISSING: (lambda s: rearranged(s, 0, 2, 3, 4, 5), "revealed for this slot, is missing"),
    Refutation.WRONG_LEAF_SUMS: (lambda s: lie(s, 0, 4), "recorded for order 4"),
    Refutation.WRONG_PADDING_SUMS: (lambda s: lie(s, 0, 7), "empty place 7"),
    Refutation.WRONG_NODE_SUMS: (lambda s: lie(s, 2, 1), "level 2, position 1"),
    Refutation.OVERFILLED: (lambda s: leaf_with(s, 0, filled=1000), "asks for"),
    Refutation.BETTER_NOT_FULL: (lambda s: leaf_with(s, 0, filled=9), "is better than the price"),
    Refutation.WORSE_FILLED: (lambda s: leaf_with(s, 5, filled=1), "is worse than the price"),
    Refutation.WRONG_SHARE: (lambda s: result_with(leaf_with(s, 1, filled=5), margin_buy_filled=5), "its share is"),
    Refutation.UNIT_MISPLACED: (units_swapped, "odd Wh"),
    Refutation.BEYOND_BOUND: (lambda s: result_with(s, lo=4, hi=6), "contradicts the interval"),
    Refutation.LOWER_WITNESS: (lambda s: result_with(s, lo_witness=2), "comes before the witness"),
    Refutation.IDLE_WITNESS: (lambda s: result_with(s, hi_witness=0), "does not set it"),
    Refutation.WITNESS_ABSENT: (lambda s: result_with(s, lo_witness=6), "is not in this slot"),
    Refutation.FILL_WITHOUT_TRADE: (lambda s: leaf_with(denied(s), 0, filled=1), "nothing trades in the slot"),
    Refutation.CROSSING_UNCLEARED: (denied, "a bid of"),
}


def test_right_slots__are_not_refuted(market: Market) -> None:
    assert [slot.result.volume for slot in market.slots] == [15, 0]
    for slot in market.slots:
        assert list(proofs(slot.sight(), slot.slot, market.records)) == []


@pytest.mark.parametrize("kind", Refutation)
def test_search__slot_wrong_in_one_way__finds_the_proof_and_its_words(market: Market, kind: Refutation) -> None:
    mutate, words = CASES[kind]
    wrong = mutate(market.slots[0])
    found = {proof.kind: proof for proof in proofs(wrong.sight(), 0, market.records)}
    assert kind in found
    assert words in found[kind].words
    assert found[kind].words.startswith("slot 0: ")


def test_search__several_proofs__takes_the_one_that_opens_least(market: Market) -> None:
    wrong = result_with(lie(market.slots[0], 2, 1), lo_witness=6)
    best = cheapest_proof(wrong.sight(), 0, market.records)
    assert best is not None
    assert best.size == min(proof.size for proof in proofs(wrong.sight(), 0, market.records))
    assert best.kind is Refutation.WRONG_NODE_SUMS


def test_search__one_order_whose_posted_sums_lie__shows_it_without_a_path() -> None:
    alone = market_of([[order(0, BUY, 5, 5)]], 1)
    wrong = result_with(alone.slots[0], buy_filled=1)
    proof = cheapest_proof(wrong.sight(), 0, alone.records)
    assert proof is not None
    assert proof.kind is Refutation.WRONG_LEAF_SUMS
    assert proof.places[0].path == b""
