"""A tree that is kept back is opened node by node, and whoever follows the differences finds a proof."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from commons.records import Refutation
from oracle.clearing.types import SlotResult, Sums
from oracle.refutation import opening
from oracle.refutation.judge import share_of
from oracle.refutation.opening import LEVELS, demands, is_posted, known_tree, reference_tree, take_in
from oracle.refutation.places import BUY, Leaf, OpenedTree, depth_of, packed_sums
from oracle.refutation.search import cheapest_proof
from tests.oracle.refutation.posted import Market, Slot, market_of, order

ORDERS = 150


@pytest.fixture(scope="module")
def market() -> Market:
    """A slot of 150 orders, many of them at the price."""
    rng = random.Random(5)
    traders = [
        [order(0, side, rng.randint(1, 50), rng.choice((4, 5, 5, 5, 6)))] for side in rng.choices((0, BUY), k=ORDERS)
    ]
    return market_of(traders, 1)


def shown(slot: Slot, level: int, position: int) -> tuple[bytes, bytes]:
    """What an operator answers who has this tree, whatever is wrong with it."""
    nodes, lowest = slot.tree(), max(level - LEVELS, 0)

    def below(height: int) -> range:
        return range(position << (level - height), (position + 1) << (level - height))

    sums = b"".join(packed_sums(nodes[h, p].sums) for h in range(level - 1, lowest - 1, -1) for p in below(h))
    if lowest:
        return sums, b"".join(nodes[lowest, p].hash for p in below(lowest))
    leaves = [*slot.leaves, *[None] * ((1 << depth_of(slot.result.order_count)) - len(slot.leaves))]
    contents = (leaves[p] for p in below(0))
    return sums, b"".join(bytes(49) if leaf is None else leaf.packed() for leaf in contents)


def pursue(market: Market, slot: Slot) -> tuple[Refutation | None, int]:
    """Demand, take in, look again, until something shows; the kind, and how many rounds it took."""
    opened = OpenedTree(slot.result, reference_tree(slot.result, market.records, 0))
    for rounds in range(8):
        proof = cheapest_proof(opened, 0, market.records)
        if proof is not None:
            return proof.kind, rounds
        wanted = demands(opened)
        if not wanted:
            break
        for level, position in wanted:
            take_in(opened, level, position, *shown(slot, level, position))
    return None, rounds


def changed(place: int, **fields: int) -> Callable[[Slot], Slot]:
    """A leaf changed."""

    def mutate(slot: Slot) -> Slot:
        wrong = slot.copy()
        leaf = wrong.leaves[place]
        assert leaf is not None
        wrong.leaves[place] = replace(leaf, **fields)  # type: ignore[arg-type]
        return wrong.hashed(keep_sums=True)

    return mutate


def lying(level: int, place: int) -> Callable[[Slot], Slot]:
    """Sums recorded for a node one too high."""

    def mutate(slot: Slot) -> Slot:
        wrong = slot.copy()
        sums = wrong.tree()[level, place].sums
        wrong.lies[level, place] = Sums(sums[0] + 1, *sums[1:])
        return wrong.hashed(keep_sums=True)

    return mutate


def swapped(slot: Slot) -> Slot:
    """Two neighbours in each other's place, on both sides of a block of 32."""
    wrong = slot.copy()
    wrong.leaves[31], wrong.leaves[32] = wrong.leaves[32], wrong.leaves[31]
    return wrong.hashed()


def shifted(slot: Slot) -> Slot:
    """An order left out, and another doubled at the end."""
    return replace(slot, leaves=[*slot.leaves[:64], *slot.leaves[65:], slot.leaves[-1]]).hashed(keep_sums=True)


def friend(slot: Slot) -> Slot:
    """The odd Wh of the first order at the price goes to the last that has none."""
    shares = [(place, leaf, share_of(leaf, slot.result)) for place, leaf in enumerate(slot.leaves) if leaf]
    margin = [(p, leaf, s) for p, leaf, s in shares if leaf.limit == slot.result.price and s is not None]
    rationed = [entry for entry in margin if entry[1].filled < entry[1].quantity]
    side = rationed[0][1].side
    giver = next((p, leaf) for p, leaf, s in margin if leaf.side == side and leaf.filled == s + 1)
    taker = next((p, leaf) for p, leaf, s in reversed(rationed) if leaf.side == side and leaf.filled == s)
    wrong = slot.copy()
    wrong.leaves[giver[0]] = replace(giver[1], filled=giver[1].filled - 1)
    wrong.leaves[taker[0]] = replace(taker[1], filled=taker[1].filled + 1)
    return wrong.hashed()


@pytest.mark.parametrize(
    ("mutate", "kinds"),
    [
        (changed(0, filled=0), {Refutation.BETTER_NOT_FULL, Refutation.WRONG_SHARE, Refutation.WRONG_LEAF_SUMS}),
        (changed(100, quantity=77), {Refutation.LEAF_UNLIKE_REVEAL}),
        (changed(149, index=148), {Refutation.LEAF_UNLIKE_REVEAL, Refutation.INDICES_NOT_ASCENDING}),
        (lying(0, 77), {Refutation.WRONG_LEAF_SUMS}),
        (lying(3, 11), {Refutation.WRONG_NODE_SUMS}),
        (lying(7, 1), {Refutation.WRONG_NODE_SUMS}),
        (lying(0, 255), {Refutation.WRONG_PADDING_SUMS}),
        (swapped, {Refutation.INDICES_NOT_ASCENDING, Refutation.ORDER_MISSING}),
        (shifted, {Refutation.INDICES_NOT_ASCENDING, Refutation.ORDER_MISSING}),
        (friend, {Refutation.UNIT_MISPLACED}),
    ],
)
def test_withheld_tree__wrong_somewhere__is_refuted_after_following_what_differs(
    market: Market, mutate: Callable[[Slot], Slot], kinds: set[Refutation]
) -> None:
    wrong = mutate(market.slots[0])
    kind, rounds = pursue(market, wrong)
    assert kind is not None
    assert kind in kinds | {Refutation.WRONG_NODE_SUMS}
    assert rounds <= 2


def test_reference__of_the_right_result__is_the_right_tree(market: Market) -> None:
    slot = market.slots[0]
    assert is_posted(reference_tree(slot.result, market.records, 0))


def test_reference__of_a_result_that_denies_the_trade__is_known_without_any_demand(market: Market) -> None:
    none = (1 << 32) - 1
    result = SlotResult(0, 0, 0, none, none, 0, ORDERS, bytes(32), 0, 0, 0, 0, 0, 0)
    leaves = [leaf and replace(leaf, filled=0) for leaf in market.slots[0].leaves]
    denied = Slot(0, result, leaves).hashed()
    reference = reference_tree(denied.result, market.records, 0)
    assert is_posted(reference)
    proof = cheapest_proof(reference, 0, market.records)
    assert proof is not None
    assert proof.kind is Refutation.CROSSING_UNCLEARED


def test_garbage_root__leaves_nothing_but_to_demand_it(market: Market) -> None:
    slot = market.slots[0]
    garbage = slot.result._replace(root=b"\x99" * 32)
    opened = OpenedTree(garbage, reference_tree(garbage, market.records, 0))
    assert cheapest_proof(opened, 0, market.records) is None
    assert demands(opened) == [(8, 0)]


@pytest.mark.parametrize(("level", "position"), [(8, 0), (5, 3), (3, 4), (0, 7), (0, 149)])
def test_answer__of_an_operator__shows_what_lies_below(market: Market, level: int, position: int) -> None:
    slot = market.slots[0]
    leaves = [leaf for leaf in slot.leaves if leaf is not None]
    tree = known_tree(slot.result, leaves)
    assert opening.answer(tree.tree, leaves, level, position) == shown(slot, level, position)
    opened = OpenedTree(slot.result)
    take_in(opened, level, position, *shown(slot, level, position))
    nodes = slot.tree()
    assert all(nodes[at] == node for at, node in opened.nodes.items())
    assert all(leaf == dict(enumerate(slot.leaves)).get(p) for p, leaf in opened.opened.items())
    assert isinstance(leaves[0], Leaf)
