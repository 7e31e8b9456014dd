"""Lies that two slots tell together: what is wrong in one is made good in the other, so that the session looks whole.

`together` yields pairs of slots of which at least one is wrong. The strongest of them clear another book than the one
that was revealed, by the rule and without any further fault.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from commons.orders import Order
from commons.units import SlotIndex
from oracle.refutation.places import BUY, Leaf
from oracle.refutation.records import Records
from tests.oracle.refutation.posted import Market, Slot, market

Pair = tuple[Slot, Slot]
RESULT_PARTS = (
    ("lo_witness",),
    ("hi_witness",),
    ("lo_witness", "hi_witness"),
    ("price",),
    ("lo", "hi"),
    ("price", "lo", "hi"),
    ("price", "lo", "hi", "lo_witness", "hi_witness"),
    ("volume",),
    ("order_count",),
    ("root",),
    ("root", "order_count"),
    ("buy_filled", "sell_filled"),
    ("volume", "buy_filled", "sell_filled"),
    ("margin_buy_quantity", "margin_buy_filled", "margin_sell_quantity", "margin_sell_filled"),
)
"""What of two results is exchanged."""


def together(market: Market, rng: random.Random) -> Iterator[tuple[str, Pair]]:
    """Wrong versions of the market's two slots, each with the name of its family."""
    honest = (market.slots[0], market.slots[1])
    for family in FAMILIES:
        for pair in family(market, honest, rng):
            if any(wrong.result != right.result for wrong, right in zip(pair, honest, strict=True)):
                yield family.__name__.removeprefix("_"), pair


# ---------------------------------------------------------------- another book, cleared by the rule


def _orders_in_other_slots(market_: Market, honest: Pair, rng: random.Random) -> Iterator[Pair]:
    """One order in the other slot, or an order of each in the other's place, counts kept; and all orders exchanged."""
    places = [(key, n) for key, record in market_.records.by_trader.items() for n in range(len(record.orders))]
    for place in places:
        yield _cleared(market_, [place])
    for a, b in product(places, repeat=2):
        if _order(market_, a).slot == 0 and _order(market_, b).slot == 1:
            yield _cleared(market_, [a, b])
    yield _cleared(market_, places)


def _cleared(market_: Market, moved: list[tuple[bytes, int]]) -> Pair:
    """The right outcome of a book in which these orders are in the other slot."""
    changed = dict(market_.records.by_trader)
    for key, number in moved:
        orders = list(changed[key].orders)
        orders[number] = replace(orders[number], slot=SlotIndex(1 - orders[number].slot))
        changed[key] = replace(changed[key], orders=tuple(orders))
    other = market(Records(changed), 2)
    return other.slots[0], other.slots[1]


def _order(market_: Market, place: tuple[bytes, int]) -> Order:
    return market_.records.by_trader[place[0]].orders[place[1]]


# ---------------------------------------------------------------- leaves moved, all the rest following


def _leaves_moved(market_: Market, honest: Pair, rng: random.Random) -> Iterator[Pair]:
    """A leaf with its fill goes to the other slot, or stands in both while another is dropped there."""
    for start in (0, 1):
        giver, taker = honest[start], honest[1 - start]
        for place, leaf in enumerate(giver.leaves):
            assert leaf is not None
            rest = [*giver.leaves[:place], *giver.leaves[place + 1 :]]
            for moved in (leaf, replace(leaf, filled=0), replace(leaf, filled=leaf.quantity)):
                more = _inserted(taker.leaves, moved)
                yield from _both(start, _with_leaves(giver, rest), _with_leaves(taker, more))
                yield from _both(start, _with_leaves(giver, rest, keep_count=True), _with_leaves(taker, more[:-1]))
                for dropped in range(len(taker.leaves)):
                    instead = _inserted([*taker.leaves[:dropped], *taker.leaves[dropped + 1 :]], moved)
                    yield from _both(start, giver, _with_leaves(taker, instead))
                    yield from _both(start, _with_leaves(giver, rest), _with_leaves(taker, instead))


def _leaves_exchanged(market_: Market, honest: Pair, rng: random.Random) -> Iterator[Pair]:
    """Two leaves in each other's place, whole, or in one figure only."""
    for a, b in product(range(len(honest[0].leaves)), range(len(honest[1].leaves))):
        left, right = honest[0].leaves[a], honest[1].leaves[b]
        assert left is not None
        assert right is not None
        swaps: list[tuple[Leaf, Leaf]] = [(right, left)]
        for name in ("index", "trader", "side", "quantity", "limit", "filled"):
            ours, theirs = getattr(left, name), getattr(right, name)
            if ours != theirs:
                swaps.append((replace(left, **_one(name, theirs)), replace(right, **_one(name, ours))))
        for ours, theirs in swaps:
            first, second = honest[0].copy(), honest[1].copy()
            first.leaves[a], second.leaves[b] = ours, theirs
            yield from _followed(first, second)


def _energy_moved(market_: Market, honest: Pair, rng: random.Random) -> Iterator[Pair]:
    """A bid and an ask get so much less in one slot and two of the other so much more: the session's total stays."""
    for start in (0, 1):
        less, more = honest[start], honest[1 - start]
        for (a, b), (c, d) in product(_partners(less), _partners(more)):
            for wh in {1, _leaf(less, a).filled, _leaf(less, b).filled}:
                if 0 < wh <= min(_leaf(less, a).filled, _leaf(less, b).filled):
                    given, taken = _shifted(less, (a, b), -wh), _shifted(more, (c, d), wh)
                    yield (given, taken) if start == 0 else (taken, given)


# ---------------------------------------------------------------- results


def _results_exchanged(market_: Market, honest: Pair, rng: random.Random) -> Iterator[Pair]:
    """Parts of the results exchanged, or all of them with their trees; trees as they were, or following."""
    first, second = honest
    yield _as_slot(second, 0), _as_slot(first, 1)
    for names in RESULT_PARTS:
        ours, theirs = _parts(first, names), _parts(second, names)
        pair = (
            replace(first, result=first.result._replace(**theirs)),
            replace(second, result=second.result._replace(**ours)),
        )
        yield pair
        if "root" not in names:
            yield from _followed(pair[0].copy(), pair[1].copy())
    leaves = _as_slot(second, 0).leaves, _as_slot(first, 1).leaves
    for keep_count in (False, True):
        yield (
            _with_leaves(first, leaves[0], keep_count=keep_count),
            _with_leaves(second, leaves[1], keep_count=keep_count),
        )


def _counts_shifted(market_: Market, honest: Pair, rng: random.Random) -> Iterator[Pair]:
    """One order more is counted here, one less there: with padding for it, a copy of a leaf, or nothing at all."""
    for start in (0, 1):
        more, less = honest[start], honest[1 - start]
        if not less.leaves:
            continue
        fewer = _with_leaves(less, less.leaves[:-1])
        uncounted = replace(less, result=less.result._replace(order_count=len(less.leaves) - 1))
        grown = replace(more, result=more.result._replace(order_count=len(more.leaves) + 1))
        copies = [[*more.leaves, leaf] for leaf in (*more.leaves[-1:], less.leaves[-1])]
        tops = [grown, grown.hashed(), grown.hashed().with_volume(), *(_with_leaves(more, copy) for copy in copies)]
        for top, bottom in product(tops, (fewer, uncounted, uncounted.hashed(), _emptied(less))):
            yield (top, bottom) if start == 0 else (bottom, top)


FAMILIES = (
    _orders_in_other_slots,
    _leaves_moved,
    _leaves_exchanged,
    _energy_moved,
    _results_exchanged,
    _counts_shifted,
)


# ---------------------------------------------------------------- helpers


def _one(name: str, value: Any) -> dict[str, Any]:
    return {name: value}


def _leaf(slot: Slot, place: int) -> Leaf:
    leaf = slot.leaves[place]
    assert leaf is not None
    return leaf


def _parts(slot: Slot, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(slot.result, name) for name in names}


def _as_slot(slot: Slot, number: int) -> Slot:
    return Slot(number, slot.result, list(slot.leaves), dict(slot.lies))


def _inserted(leaves: list[Leaf | None], leaf: Leaf) -> list[Leaf | None]:
    """The leaf among others where its index belongs."""
    return sorted([*leaves, leaf], key=lambda one: -1 if one is None else one.index)


def _with_leaves(slot: Slot, leaves: list[Leaf | None], keep_count: bool = False) -> Slot:
    """The slot over these leaves, everything that follows from them following."""
    if not leaves and not keep_count:
        return _emptied(slot)
    count = len(slot.leaves) if keep_count else len(leaves)
    changed = Slot(slot.slot, slot.result._replace(order_count=count), leaves)
    return changed.hashed().with_volume()


def _emptied(slot: Slot) -> Slot:
    """The slot as if nobody had bid in it."""
    return market(Records({}), 2).slots[slot.slot]


def _both(start: int, changed: Slot, other: Slot) -> Iterator[Pair]:
    yield (changed, other) if start == 0 else (other, changed)


def _followed(first: Slot, second: Slot) -> Iterator[Pair]:
    """Trees, sums and volumes follow, or trees and sums, or trees alone."""
    yield first.hashed().with_volume(), second.hashed().with_volume()
    yield first.hashed(), second.hashed()
    yield first.hashed(keep_sums=True), second.hashed(keep_sums=True)


def _partners(slot: Slot) -> Iterator[tuple[int, int]]:
    """Each bid with each ask."""
    for a, b in product(range(len(slot.leaves)), repeat=2):
        if _leaf(slot, a).side == BUY and _leaf(slot, b).side != BUY:
            yield a, b


def _shifted(slot: Slot, places: tuple[int, int], wh: int) -> Slot:
    changed = slot.copy()
    for place in places:
        leaf = _leaf(slot, place)
        changed.leaves[place] = replace(leaf, filled=leaf.filled + wh)
    return changed.hashed().with_volume()
