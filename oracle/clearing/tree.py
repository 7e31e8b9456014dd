"""The allocation tree of a slot: a Merkle tree with sums, by which a wrong fill can be shown on the chain.

    leaf = keccak256(0x00 ‖ uint32 index ‖ address trader ‖ uint8 isBuy ‖ uint64 qty ‖ uint64 limit ‖ uint64 filled)
    node = keccak256(0x01 ‖ left hash ‖ left sums ‖ right hash ‖ right sums)

Leaves are the slot's orders by ascending index, padded on the right to a power of two with a zero hash and zero sums.
Sums are six big-endian uint64 (`Sums`), added up the tree. Level 0 holds the leaves. Only nodes above an order are
stored; the padding of a level is one node that all share. Source: DESIGN.md section 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commons.abi import big_endian
from commons.keccak import HASH_BYTES, keccak256, keccak256_rows
from oracle.clearing.types import NO_ROOT, NO_SUMS, Book, Clearing, Sums

SUMS_BYTES = 8 * len(NO_SUMS)
_LEAF = b"\x00"
_NODE = b"\x01"


@dataclass(frozen=True, slots=True)
class Node:
    """A node as a proof carries it: its hash, and the sums of all orders below it."""

    hash: bytes
    sums: Sums

    def packed(self) -> bytes:
        """The bytes that stand for it in its parent's hash."""
        return self.hash + b"".join(amount.to_bytes(8, "big") for amount in self.sums)


PADDING = Node(NO_ROOT, NO_SUMS)


def parent(left: Node, right: Node) -> Node:
    """The node above two nodes."""
    sums = Sums(*(a + b for a, b in zip(left.sums, right.sums, strict=True)))
    return Node(keccak256(_NODE + left.packed() + right.packed()), sums)


def climb(leaf: Node, position: int, path: Sequence[Node]) -> Node:
    """The root that `path`, the siblings from the leaf at `position` upwards, leads to."""
    node = leaf
    for sibling in path:
        node = parent(sibling, node) if position % 2 else parent(node, sibling)
        position //= 2
    return node


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The stored nodes of one level: `hashes` (n, 32) uint8 and `sums` (n, 6) uint64, and its padding."""

    hashes: NDArray[np.uint8]
    sums: NDArray[np.uint64]
    padding: Node

    def node(self, position: int) -> Node:
        """The node at `position`; the level's padding right of the stored ones."""
        if position >= len(self.hashes):
            return self.padding
        return Node(self.hashes[position].tobytes(), Sums(*self.sums[position].tolist()))


@dataclass(frozen=True, slots=True, eq=False)
class AllocationTree:
    """A slot's tree with all its levels, from the leaves to the root; none where there is no order."""

    levels: tuple[Level, ...]

    @property
    def root(self) -> Node:
        """The node at the top; zero hash and sums where there is no order."""
        return self.levels[-1].node(0) if self.levels else PADDING

    @property
    def order_count(self) -> int:
        """The number of leaves that are no padding."""
        return len(self.levels[0].hashes) if self.levels else 0

    @property
    def depth(self) -> int:
        """⌈log₂ order count⌉: the length of every path."""
        return max(len(self.levels) - 1, 0)

    def node(self, level: int, position: int) -> Node:
        """The node at `position` of `level`, padding included; level 0 holds the leaves.

        Raises:
            IndexError: the tree has no such place.
        """
        if not (0 <= level < len(self.levels) and 0 <= position < 1 << (self.depth - level)):
            raise IndexError(f"no node at level {level}, position {position} of a tree of depth {self.depth}")
        return self.levels[level].node(position)

    def path(self, position: int) -> list[Node]:
        """The siblings of the leaf at `position` (which may be padding), from the bottom up."""
        return [self.node(level, (position >> level) ^ 1) for level in range(self.depth)]


def slot_tree(book: Book, clearing: Clearing, slot: int) -> AllocationTree:
    """The tree of one slot."""
    return tree_of(book, clearing.filled, np.flatnonzero(book.slot == slot), int(clearing.price[slot]))


def slot_trees(book: Book, clearing: Clearing) -> list[AllocationTree]:
    """The trees of all slots."""
    by_slot = np.argsort(book.slot, kind="stable")
    counts = np.bincount(book.slot, minlength=len(clearing.price))
    members = np.split(by_slot, np.cumsum(counts)[:-1])
    prices = clearing.price.tolist()
    return [tree_of(book, clearing.filled, orders, price) for orders, price in zip(members, prices, strict=True)]


def leaf_hash(index: int, trader: bytes, is_buy: bool, quantity: int, limit: int, filled: int) -> bytes:
    """The hash of one order with its fill: what a proof shows of a leaf."""
    figures = b"".join(figure.to_bytes(8, "big") for figure in (quantity, limit, filled))
    return keccak256(_LEAF + index.to_bytes(4, "big") + trader + is_buy.to_bytes(1, "big") + figures)


def tree_of(book: Book, filled: NDArray[np.int64], orders: NDArray[np.int64], price: int) -> AllocationTree:
    """The tree over these orders of a book, as they are filled and at a price, right or wrong."""
    if len(orders) == 0:
        return AllocationTree(())
    levels = [Level(_leaf_hashes(book, filled, orders), _leaf_sums(book, filled, orders, price), PADDING)]
    while len(levels[-1].hashes) > 1:
        levels.append(_level_above(levels[-1]))
    return AllocationTree(tuple(levels))


def _leaf_hashes(book: Book, filled: NDArray[np.int64], orders: NDArray[np.int64]) -> NDArray[np.uint8]:
    kind = np.zeros((len(orders), 1), dtype=np.uint8)
    columns = (
        kind,
        big_endian(book.index[orders], 4),
        book.trader[orders],
        book.is_buy[orders].astype(np.uint8)[:, None],
        big_endian(book.quantity[orders], 8),
        big_endian(book.limit[orders], 8),
        big_endian(filled[orders], 8),
    )
    return keccak256_rows(np.hstack(columns))


def _leaf_sums(book: Book, filled: NDArray[np.int64], orders: NDArray[np.int64], price: int) -> NDArray[np.uint64]:
    is_buy, quantity, fill = book.is_buy[orders], book.quantity[orders], filled[orders]
    at_price = book.limit[orders] == price
    sums = np.zeros((len(orders), len(NO_SUMS)), dtype=np.uint64)
    sums[is_buy, 0] = fill[is_buy]
    sums[~is_buy, 1] = fill[~is_buy]
    for side, column in ((at_price & is_buy, 2), (at_price & ~is_buy, 4)):
        sums[side, column] = quantity[side]
        sums[side, column + 1] = fill[side]
    return sums


def _level_above(below: Level) -> Level:
    """The next level; an odd last node is paired with the padding of its level."""
    packed = np.hstack((below.hashes, big_endian(below.sums.reshape(-1), 8).reshape(-1, SUMS_BYTES)))
    sums = below.sums
    if len(packed) % 2:
        packed = np.vstack((packed, np.frombuffer(below.padding.packed(), dtype=np.uint8)))
        sums = np.vstack((sums, np.zeros(len(NO_SUMS), dtype=np.uint64)))
    kind = np.full((len(packed) // 2, 1), _NODE[0], dtype=np.uint8)
    hashes = keccak256_rows(np.hstack((kind, packed.reshape(len(kind), 2 * (HASH_BYTES + SUMS_BYTES)))))
    return Level(hashes, sums[0::2] + sums[1::2], parent(below.padding, below.padding))
