"""Proof by attack: no wrong outcome survives, and no proof whatever touches a right one."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations_with_replacement, product

import pytest

from commons.addresses import ZERO_ADDRESS
from commons.orders import Order
from commons.records import Refutation, RevealedOrder, TreePlace
from oracle.clearing.checks import posting_violations
from oracle.clearing.types import NO_WITNESS, SlotResult
from oracle.refutation.judge import refusal
from oracle.refutation.places import BUY, Sight, leaf_place, place
from oracle.refutation.search import NOTHING_REVEALED, cheapest_proof
from tests.oracle.refutation.attack import random_market
from tests.oracle.refutation.campaign import FIRST_MARKETS, attack, by_catcher, caught_by, kept
from tests.oracle.refutation.posted import CAP, FLOOR, Market, Slot, market_of, order

TWO = (Refutation.INDICES_NOT_ASCENDING, Refutation.UNIT_MISPLACED, Refutation.CROSSING_UNCLEARED)
ABSENCE = (Refutation.ORDER_MISSING, Refutation.WITNESS_ABSENT)


STALE = "docs/proofs.md tells other figures: run the campaign of 400 markets with --write, and bring the page up to it"


@pytest.mark.parametrize("seed", range(FIRST_MARKETS))
def test_wrong_slot__of_every_family__is_refused_at_posting_or_refuted(seed: int) -> None:
    counts, survivors = attack(seed)
    assert not survivors, survivors[0]
    assert sum(counts.values()) > 20
    assert any(family.startswith("two slots") for family, _ in counts)
    assert by_catcher(counts) == kept()["first_markets"][seed], STALE


def small_books(orders: int) -> Iterator[list[Order]]:
    """Every book of so many orders of one slot, each of 1 or 2 Wh at one of 2 limits."""
    choices = list(product((0, BUY), (1, 2), (2, 3)))
    for chosen in product(choices, repeat=orders):
        yield [order(0, *one) for one in chosen]


@pytest.mark.parametrize(("orders", "stride"), [(1, 1), (2, 1), (3, 101)])
def test_small_book__of_all_outcomes_that_can_be_posted__only_the_right_one_survives(orders: int, stride: int) -> None:
    tried = 0
    for number, book in enumerate(small_books(orders)):
        if number % stride:
            continue
        market = market_of([[one] for one in book], 1)
        honest = market.slots[0]
        survivors = []
        for claim in claims(market, honest):
            tried += 1
            if caught_by(market, {0: claim}) is None:
                survivors.append(claim.result)
        assert survivors == [honest.result]
    assert tried > 3 * orders


def claims(market: Market, honest: Slot) -> Iterator[Slot]:
    """Every combination of fills, interval and witnesses over the right orders that posting lets through."""
    ranges = [range(leaf.quantity + 2) for leaf in honest.leaves if leaf is not None]
    witnesses = [NO_WITNESS, *range(market.revealed)]
    for fills in product(*ranges):
        bought, sold = (
            sum(f for f, leaf in zip(fills, honest.leaves, strict=True) if leaf and leaf.side == side)
            for side in (BUY, 0)
        )
        if bought != sold:
            continue
        leaves = [leaf and replace(leaf, filled=f) for leaf, f in zip(honest.leaves, fills, strict=True)]
        intervals = [(0, 0)] if bought == 0 else list(combinations_with_replacement(range(1, 5), 2))
        for lo, hi in intervals:
            result = honest.result._replace(price=(lo + hi) // 2, lo=lo, hi=hi)
            slot = Slot(honest.slot, result, list(leaves)).hashed().with_volume()
            for low, high in product(witnesses, repeat=2):
                claim = replace(slot, result=slot.result._replace(lo_witness=low, hi_witness=high))
                found = posting_violations([claim.result], FLOOR, CAP, market.revealed)
                if all(violation.slot is None for violation in found):  # the count is the whole session's
                    yield claim


def in_either_slot(market: Market, slot: int) -> Iterator[Slot]:
    """The slot with each choice of the session's orders standing in it, wherever they belong."""
    leaves = [r.leaf(number, 0) for r in market.records.by_trader.values() for number in range(len(r.orders))]
    for chosen in product((False, True), repeat=len(leaves)):
        here = [leaf for leaf, is_here in zip(leaves, chosen, strict=True) if is_here]
        empty = market_of([], 1).slots[0].result
        yield Slot(slot, empty._replace(order_count=len(here)), list(here)).hashed()


def test_small_session__of_all_outcomes_of_two_slots__only_the_right_one_survives() -> None:
    """Every session of two orders of 1 Wh: orders left out, in the other slot, or in both; slots judged together."""
    tried = 0
    choices = list(product((0, 1), (0, BUY), (2, 3)))
    for first, second in product(choices, repeat=2):
        market = market_of([[order(slot, side, 1, limit)] for slot, side, limit in (first, second)], 2)
        stand: list[list[Slot]] = []
        for number in (0, 1):
            every = [claim for slot in in_either_slot(market, number) for claim in claims(market, slot)]
            tried += len(every)
            stand.append([one for one in every if cheapest_proof(one.sight(), number, market.records) is None])
        survivors = [
            pair
            for pair in product(*stand)
            if not posting_violations([slot.result for slot in pair], FLOOR, CAP, market.revealed)
        ]
        assert [[slot.result for slot in pair] for pair in survivors] == [[slot.result for slot in market.slots]]
    assert tried > 1000


@pytest.mark.parametrize("seed", range(12))
def test_right_slot__against_every_proof_that_can_be_built__stands(seed: int) -> None:
    market = random_market(random.Random(1000 + seed), most_traders=4)
    tried = 0
    for honest in market.slots:
        assert cheapest_proof(honest.sight(), honest.slot, market.records) is None
        for kind, places, revealed in every_proof(market, honest.sight()):
            tried += 1
            assert refusal(market.records, honest.slot, honest.result, kind, places, revealed) is not None
    assert tried > 50


def every_proof(market: Market, sight: Sight) -> Iterator[tuple[Refutation, tuple[TreePlace, ...], RevealedOrder]]:
    """Every kind over every place, or pair of places, with every revealed order."""
    orders = [p for p in (leaf_place(sight, position) for position in sight.leaves) if p is not None]
    nodes = list(_nodes(sight))
    closed = [replace(p, content=sight.node(0, p.position).hash) for p in orders]  # type: ignore[union-attr]
    singles = [(p,) for p in (*orders, *nodes, *closed)]
    pairs = [(a, b) for a in orders for b in orders]
    reveals = [
        RevealedOrder(record.trader, number, record.encoded)
        for record in market.records.by_trader.values()
        for number in range(len(record.orders))
    ]
    reveals += [NOTHING_REVEALED, RevealedOrder(ZERO_ADDRESS, 0, reveals[0].orders)]
    for kind in Refutation:
        if kind in ABSENCE:
            shapes: list[tuple[TreePlace, ...]] = [(), *singles, *pairs]
        else:
            shapes = list(pairs) if kind in TWO else list(singles)
        needs_reveal = kind in (Refutation.ORDER_MISSING, Refutation.LEAF_UNLIKE_REVEAL)
        for places, revealed in product(shapes, reveals if needs_reveal else [NOTHING_REVEALED]):
            yield kind, places, revealed


def _nodes(sight: Sight) -> Iterator[TreePlace]:
    for level, position in sight.parents():
        left, right = (sight.node(level - 1, 2 * position + side) for side in (0, 1))
        if left and right:
            opened = place(sight, level, position, left.packed() + right.packed())
            if opened is not None:
                yield opened


def test_proof__of_an_empty_slot__shows_nothing() -> None:
    market = market_of([[order(1, BUY, 5, 5)]], 2)
    empty = market.slots[0]
    assert empty.result == SlotResult(0, 0, 0, NO_WITNESS, NO_WITNESS, 0, 0, bytes(32), 0, 0, 0, 0, 0, 0)
    assert cheapest_proof(empty.sight(), 0, market.records) is None
