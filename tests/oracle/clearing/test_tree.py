"""The allocation tree: root, sums and paths against a recursive reference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle.clearing.rule import clear
from oracle.clearing.tree import PADDING, AllocationTree, Node, climb, leaf_hash, slot_tree, slot_trees
from oracle.clearing.types import NO_ROOT, NO_SUMS
from tests.oracle.clearing import brute_force
from tests.oracle.clearing.books import Slotted, book_of, one_slot, slotted_orders, trader_of


def orders_of(count: int) -> list[Slotted]:
    return one_slot(*[(index % 2 == 0, 100 + index, 5 + index % 3) for index in range(count)])


def tree_of(count: int) -> AllocationTree:
    book = book_of(orders_of(count))
    return slot_tree(book, clear(book, 1), 0)


@pytest.mark.parametrize(("level", "position"), [(0, 8), (4, 0), (3, 1), (-1, 0), (0, -1)])
def test_node__no_such_place__is_refused(level: int, position: int) -> None:
    with pytest.raises(IndexError, match="depth 3"):
        tree_of(5).node(level, position)


def test_tree__no_orders__has_a_zero_root_and_no_nodes() -> None:
    tree = tree_of(0)
    assert (tree.root, tree.depth, tree.order_count) == (PADDING, 0, 0)
    with pytest.raises(IndexError):
        tree.node(0, 0)


def test_tree__one_order__is_its_leaf() -> None:
    tree = tree_of(1)
    assert tree.root.hash == leaf_hash(0, trader_of(0), True, 100, 5, 0)
    assert (tree.depth, tree.path(0)) == (0, [])


@given(slotted_orders(slots=2))
def test_trees__any_orders__equal_reference(orders: list[Slotted]) -> None:
    book = book_of(orders)
    for slot, tree in enumerate(slot_trees(book, clear(book, 2))):
        bids = [order.bid for order in orders if order.slot == slot]
        traders = {bid.index: trader_of(bid.index) for bid in bids}
        root, sums = brute_force.tree_root(bids, traders, brute_force.clear_slot(bids))
        assert (tree.root.hash, tuple(tree.root.sums)) == (root, sums)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 9, 16, 17, 700])
def test_path__every_position_padding_included__climbs_to_the_root(count: int) -> None:
    tree = tree_of(count)
    assert tree.depth == (count - 1).bit_length()
    for position in range(0, 1 << tree.depth, max(1, count // 20)):
        path = tree.path(position)
        assert len(path) == tree.depth
        assert climb(tree.node(0, position), position, path) == tree.root
        assert (tree.node(0, position) == PADDING) == (position >= count)


@given(st.integers(0, 8), st.integers(0, 8))
def test_path__of_another_position__does_not_climb_to_the_root(position: int, other: int) -> None:
    tree = tree_of(9)
    climbs = climb(tree.node(0, position), other, tree.path(other)) == tree.root
    assert climbs == (position == other)


def test_climb__sums_of_the_leaf_altered__changes_hash_and_sums() -> None:
    tree = tree_of(4)
    leaf = tree.node(0, 1)
    root = climb(Node(leaf.hash, leaf.sums._replace(sell_filled=leaf.sums.sell_filled + 1)), 1, tree.path(1))
    assert root.hash != tree.root.hash
    assert root.sums.sell_filled == tree.root.sums.sell_filled + 1


def test_padding__is_zero_hash_and_zero_sums() -> None:
    assert (PADDING.hash, PADDING.sums) == (NO_ROOT, NO_SUMS)
    assert PADDING.packed() == bytes(80)
