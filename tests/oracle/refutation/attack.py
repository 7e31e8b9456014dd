"""Every way to make a right slot wrong that we could think of, alone and in concert.

`mutants` yields wrong slots; none equals the right one. Each must be refused at posting or refuted. What two slots can
do together is in `attack_two.py`; `campaign.py` attacks many markets with all of it.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from typing import Any

from oracle.clearing.types import NO_WITNESS, SlotResult, Sums
from oracle.refutation.places import BUY, Leaf, depth_of
from tests.oracle.refutation.posted import FLOOR, UINT64, Market, Slot, market_of, order

NO_TRADE: dict[str, Any] = dict.fromkeys(("price", "lo", "hi", "volume"), 0)
NO_TRADE |= dict.fromkeys(("lo_witness", "hi_witness"), NO_WITNESS)
STRANGER = (0xBAD).to_bytes(20, "big")


def mutants(market: Market, honest: Slot, rng: random.Random) -> Iterator[tuple[str, Slot]]:
    """Wrong versions of a slot, each with the name of its family."""
    for family in FAMILIES:
        for mutant in family(market, honest, rng):
            if mutant.result != honest.result:
                yield family.__name__.removeprefix("_"), mutant


# ---------------------------------------------------------------- one figure


def _result_figures(market: Market, honest: Slot, rng: random.Random) -> Iterator[Slot]:
    """Each figure of the result a little off, or something else altogether; the tree stays, or follows."""
    for name in SlotResult._fields:
        if name == "root":
            continue
        was = getattr(honest.result, name)
        for value in {0, was - 1, was + 1, was * 2, NO_WITNESS, UINT64} - {was}:
            # A count beyond what is revealed cannot be posted, nor a tree of it built here.
            most = NO_WITNESS if name in ("lo_witness", "hi_witness") else UINT64
            if 0 <= value <= most and (name != "order_count" or value <= market.revealed + 1):
                changed = replace(honest, result=honest.result._replace(**_one(name, value)))
                yield changed
                yield changed.hashed(keep_sums=True)
                yield changed.hashed().with_volume()


def _witnesses(market: Market, honest: Slot, rng: random.Random) -> Iterator[Slot]:
    """Every other order of the session as either witness."""
    for name, index in product(("lo_witness", "hi_witness"), range(market.revealed)):
        yield replace(honest, result=honest.result._replace(**_one(name, index)))


def _leaf_figures(market: Market, honest: Slot, rng: random.Random) -> Iterator[Slot]:
    """Each field of each leaf a little off; sums as they were, or as they follow."""
    for place, leaf in enumerate(honest.leaves):
        if leaf is None:
            continue
        for name in ("index", "side", "quantity", "limit", "filled"):
            was = getattr(leaf, name)
            most = {"index": (1 << 32) - 1, "side": 255}.get(name, UINT64)
            for value in {0, 1, 2, was - 1, was + 1, leaf.quantity, leaf.quantity + 1, most} - {was}:
                if 0 <= value <= most:
                    yield from _with_leaf(honest, place, replace(leaf, **_one(name, value)))
        yield from _with_leaf(honest, place, replace(leaf, trader=STRANGER))
        for other in market.records.by_trader:
            if other != leaf.trader:
                yield from _with_leaf(honest, place, replace(leaf, trader=other))


def _node_sums(market: Market, honest: Slot, rng: random.Random) -> Iterator[Slot]:
    """Each sum recorded for each node a little off; the nodes above follow, or go on as if nothing had been."""
    nodes = honest.tree()
    for (level, place), node in nodes.items():
        for column, by in product(range(6), (-1, 1)):
            if 0 <= node.sums[column] + by <= UINT64:
                lie = _moved(node.sums, column, by)
                changed = honest.copy()
                changed.lies[level, place] = lie
                yield changed.hashed()
                yield changed.hashed().with_volume()
                changed = changed.copy()
                if (level, place) != max(nodes):
                    changed.lies[level + 1, place >> 1] = nodes[level + 1, place >> 1].sums
                    yield changed.hashed(keep_sums=True)
                    sibling = nodes[level, place ^ 1].sums
                    if 0 <= sibling[column] - by <= UINT64:
                        compensated = honest.copy()
                        compensated.lies[level, place] = lie
                        compensated.lies[level, place ^ 1] = _moved(sibling, column, -by)
                        yield compensated.hashed()


def _overflowing_sums(market: Market, honest: Slot, rng: random.Random) -> Iterator[Slot]:
    """Sums so large that, added up in 64 bits, they come out right."""
    nodes = honest.tree()
    for (level, place), column in product(nodes, range(6)):
        if (level, place) != max(nodes) and place % 2 == 0:
            left, right = nodes[level, place].sums, nodes[level, place + 1].sums
            changed = honest.copy()
            changed.lies[level, place] = Sums(*(UINT64 if i == column else s for i, s in enumerate(left)))
            total = (right[column] + left[column] + 1) & UINT64
            changed.lies[level, place + 1] = Sums(*(total if i == column else s for i, s in enumerate(right)))
            yield changed.hashed()


# ---------------------------------------------------------------- leaves dropped, added, moved


def _places(market: Market, honest: Slot, rng: random.Random) -> Iterator[Slot]:
    """Leaves dropped, emptied, swapped, duplicated, moved into padding; the count follows or does not."""
    leaves = honest.leaves
    full = 1 << depth_of(max(len(leaves), 1))
    for place in range(len(leaves)):
        shorter = leaves[:place] + leaves[place + 1 :]
        for count in {len(leaves), len(shorter)}:
            yield from _rearranged(honest, shorter, count)
        yield from _rearranged(honest, [*leaves[:place], None, *leaves[place + 1 :]], len(leaves))
        yield from _rearranged(honest, [*leaves[: place + 1], *leaves[place:]], len(leaves) + 1)
        yield from _rearranged(honest, [*leaves[: place + 1], *leaves[place:]], len(leaves))
        if len(leaves) < full:
            moved = [*leaves[:place], None, *leaves[place + 1 :], leaves[place]]
            yield from _rearranged(honest, moved, len(leaves))
            copied = [*leaves, leaves[place]]
            yield from _rearranged(honest, copied, len(leaves))
            yield from _rearranged(honest, copied, len(leaves) + 1)
    for a, b in combinations(range(len(leaves)), 2):
        swapped = list(leaves)
        swapped[a], swapped[b] = leaves[b], leaves[a]
        yield from _rearranged(honest, swapped, len(leaves))


def _strangers(market: Market, honest: Slot, rng: random.Random) -> Iterator[Slot]:
    """Orders nobody revealed, or revealed for another slot, put in or in place of others."""
    foreign = [
        record.leaf(number, 0)
        for slot in market.slots
        if slot.slot != honest.slot
        for record, number in market.records.of_slot(slot.slot)
    ]
    price = honest.result.price or 5
    foreign += [Leaf(market.revealed + 3, STRANGER, side, 7, price, filled) for side in (0, 1) for filled in (0, 7)]
    for leaf in foreign:
        for place in range(len(honest.leaves) + 1):
            inserted = [*honest.leaves[:place], leaf, *honest.leaves[place:]]
            yield from _rearranged(honest, inserted, len(inserted))
            if place < len(honest.leaves):
                yield from _with_leaf(honest, place, leaf)


# ---------------------------------------------------------------- coordinated lies


def _fills_moved(market: Market, honest: Slot, rng: random.Random) -> Iterator[Slot]:
    """Energy moved from one order to another of the same side: every total stays right."""
    for a, b in product(range(len(honest.leaves)), repeat=2):
        giver, taker = honest.leaves[a], honest.leaves[b]
        if a == b or giver is None or taker is None or giver.side != taker.side:
            continue
        for wh in {1, 2, giver.filled, taker.quantity - taker.filled}:
            if 0 < wh <= giver.filled:
                changed = honest.copy()
                changed.leaves[a] = replace(giver, filled=giver.filled - wh)
                changed.leaves[b] = replace(taker, filled=taker.filled + wh)
                yield changed.hashed()


def _volume_moved(market: Market, honest: Slot, rng: random.Random) -> Iterator[Slot]:
    """Both sides get less, or more: volume and all sums follow."""
    for a, b in product(range(len(honest.leaves)), repeat=2):
        buy, sell = honest.leaves[a], honest.leaves[b]
        if buy is None or sell is None or (buy.side, sell.side) != (BUY, 0):
            continue
        for wh in {-buy.filled, -sell.filled, -1, 1, buy.quantity - buy.filled, sell.quantity - sell.filled}:
            if wh and buy.filled + wh >= 0 and sell.filled + wh >= 0:
                changed = honest.copy()
                changed.leaves[a] = replace(buy, filled=buy.filled + wh)
                changed.leaves[b] = replace(sell, filled=sell.filled + wh)
                yield changed.hashed().with_volume()


def _prices_moved(market: Market, honest: Slot, rng: random.Random) -> Iterator[Slot]:
    """Other intervals, inside and outside the right one: fills and witnesses follow as well as they can."""
    limits = {leaf.limit for leaf in honest.leaves if leaf is not None}
    near = {limit + by for limit in limits for by in (-1, 0, 1)} | {honest.result.price}
    ends = sorted(limit for limit in near if limit >= FLOOR)
    for lo, hi in product(ends, repeat=2):
        if lo <= hi and (lo, hi) != (honest.result.lo, honest.result.hi):
            yield from _at_interval(honest, lo, hi, refill=False)
            yield from _at_interval(honest, lo, hi, refill=True)


def _trade_denied(market: Market, honest: Slot, rng: random.Random) -> Iterator[Slot]:
    """Nothing trades, they say; with or without the fills."""
    denied = replace(honest.copy(), result=honest.result._replace(**NO_TRADE))
    yield denied.hashed()
    for keeps in [None, *range(len(honest.leaves))]:
        emptied = denied.copy()
        emptied.leaves = [
            leaf if leaf is None or place == keeps else replace(leaf, filled=0)
            for place, leaf in enumerate(honest.leaves)
        ]
        yield emptied.hashed()
        lying = emptied.hashed()
        depth = depth_of(max(lying.result.order_count, 1))
        lying.lies[depth, 0] = Sums(0, 0, 0, 0, 0, 0)
        yield lying.hashed()
        if keeps is not None:
            hidden = emptied.copy()
            hidden.lies[0, keeps] = Sums(0, 0, 0, 0, 0, 0)
            yield hidden.hashed()


FAMILIES = (
    _result_figures,
    _witnesses,
    _leaf_figures,
    _node_sums,
    _overflowing_sums,
    _places,
    _strangers,
    _fills_moved,
    _volume_moved,
    _prices_moved,
    _trade_denied,
)


# ---------------------------------------------------------------- helpers


def _one(name: str, value: int) -> dict[str, Any]:
    return {name: value}


def _moved(sums: Sums, column: int, by: int) -> Sums:
    return Sums(*(s + by if i == column else s for i, s in enumerate(sums)))


def _with_leaf(honest: Slot, place: int, leaf: Leaf) -> Iterator[Slot]:
    """A leaf replaced: sums follow, or the result's stay, or the leaf's own record stays and all above looks right."""
    changed = honest.copy()
    changed.leaves[place] = leaf
    yield changed.hashed()
    yield changed.hashed().with_volume()
    yield changed.hashed(keep_sums=True)
    hidden = changed.copy()
    hidden.lies[0, place] = honest.tree()[0, place].sums
    yield hidden.hashed()


def _rearranged(honest: Slot, leaves: list[Leaf | None], count: int) -> Iterator[Slot]:
    changed = Slot(honest.slot, honest.result._replace(order_count=count), leaves)
    if count:
        yield changed.hashed()
        yield changed.hashed().with_volume()
        yield changed.hashed(keep_sums=True)
    else:
        yield changed


def _at_interval(honest: Slot, lo: int, hi: int, refill: bool) -> Iterator[Slot]:
    price = (lo + hi) // 2
    changed = replace(honest.copy(), result=honest.result._replace(price=price, lo=lo, hi=hi))
    if refill:
        changed.leaves = list(_filled_at(honest.leaves, price))
    changed = changed.hashed().with_volume()
    yield changed
    setters_lo = [leaf.index for leaf in changed.leaves if leaf and _sets(leaf, lo, lower=True)]
    setters_hi = [leaf.index for leaf in changed.leaves if leaf and _sets(leaf, hi, lower=False)]
    if setters_lo or setters_hi:
        lo_witness = min(setters_lo, default=honest.result.lo_witness)
        hi_witness = min(setters_hi, default=honest.result.hi_witness)
        yield replace(changed, result=changed.result._replace(lo_witness=lo_witness, hi_witness=hi_witness))


def _filled_at(leaves: list[Leaf | None], price: int) -> Iterator[Leaf | None]:
    """Each side by the rule at another price: as much as both sides can."""
    sides = {
        side: [leaf for leaf in leaves if leaf and leaf.side == side and _gain(leaf, price) >= 0] for side in (0, BUY)
    }
    volume = min(sum(leaf.quantity for leaf in sides[side]) for side in (0, BUY))
    fills: dict[int, int] = {}
    for side in (0, BUY):
        left = volume
        for leaf in sorted(sides[side], key=lambda leaf: (-_gain(leaf, price), leaf.index)):
            fills[leaf.index] = min(left, leaf.quantity)
            left -= fills[leaf.index]
    for place in leaves:
        yield None if place is None else replace(place, filled=fills.get(place.index, 0))


def _gain(leaf: Leaf, price: int) -> int:
    return leaf.limit - price if leaf.side == BUY else price - leaf.limit


def _sets(leaf: Leaf, limit: int, lower: bool) -> bool:
    by_filled = (leaf.side == BUY) != lower
    return leaf.limit == limit and (leaf.filled > 0 if by_filled else leaf.filled < leaf.quantity)


def random_market(rng: random.Random, most_traders: int = 5) -> Market:
    """A small market of two slots, with ties and margins more often than not."""
    prices = rng.sample(range(3, 12), rng.randint(1, 4))
    traders = []
    for _ in range(rng.randint(1, most_traders)):
        theirs = []
        for slot in (0, 1):
            side = rng.randint(0, 1)
            for _ in range(rng.choice((0, 1, 1, 2)) if slot == 0 else rng.choice((0, 0, 1))):
                theirs.append(order(slot, side, rng.choice((1, 2, 3, 5, 7)), rng.choice(prices)))
        if theirs:
            traders.append(theirs)
    return market_of(traders or [[order(0, BUY, 2, 5)]], 2)
