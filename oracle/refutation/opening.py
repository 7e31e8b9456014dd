"""Opening a tree: what an operator answers to a demand, and what to demand of a tree that is kept back.

A challenger knows what every order must get under the posted price and margin sums: the tree over that is the
reference. Where the posted tree has the reference's hash, all below is known; where it differs, the leftmost difference
leads to something that a proof can show, and the place where more was filled at the margin than the reference has to
its counterpart. An answer reaches five levels down.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from oracle.clearing.tree import AllocationTree, Node, tree_of
from oracle.clearing.types import NO_ROOT, Book, SlotResult, Sums
from oracle.refutation.judge import share_of
from oracle.refutation.places import (
    BUY,
    LEAF_BYTES,
    SUMS_BYTES,
    Leaf,
    OpenedTree,
    WholeTree,
    depth_of,
    node_hash,
    packed_sums,
    whole_tree,
)
from oracle.refutation.records import Records

LEVELS = 5
HASH_BYTES = 32
MOST_AT_ONCE = 2
_NO_LEAF = bytes(LEAF_BYTES)


def known_tree(result: SlotResult, leaves: Sequence[Leaf]) -> WholeTree:
    """The tree over these orders, at the posted price; it may be another than the posted one."""
    book, filled = _columns(leaves)
    tree = tree_of(book, filled, np.arange(len(leaves)), result.price)
    return whole_tree(result, tree, dict(enumerate(leaves)))


def is_posted(known: WholeTree) -> bool:
    """Whether a known tree is the one behind the posted root."""
    result = known.result
    return known.tree.depth == depth_of(result.order_count) and known.tree.root.hash == result.root


def reference_tree(result: SlotResult, records: Records, slot: int) -> WholeTree:
    """The only tree over a slot's reveals that agrees, leaf by leaf, with the posted price, volume and margin sums."""
    leaves = [record.leaf(number, 0) for record, number in records.of_slot(slot)]
    return known_tree(result, _filled(leaves, result))


def answer(tree: AllocationTree, leaves: Sequence[Leaf], level: int, position: int) -> tuple[bytes, bytes]:
    """What opens a node: the sums below it, level by level from above, and at the bottom leaves or hashes."""
    bottom = max(level - LEVELS, 0)
    sums = b"".join(
        packed_sums(tree.node(height, place).sums)
        for height in range(level - 1, bottom - 1, -1)
        for place in _below(level, position, height)
    )
    places = _below(level, position, bottom)
    if bottom:
        return sums, b"".join(tree.node(bottom, place).hash for place in places)
    return sums, b"".join(leaves[p].packed() if p < len(leaves) else _NO_LEAF for p in places)


def take_in(opened: OpenedTree, level: int, position: int, sums: bytes, bottom: bytes) -> None:
    """Add to what is known of a tree what an answer about one of its nodes showed; the chain has checked it."""
    lowest = max(level - LEVELS, 0)
    hashes = dict(zip(_below(level, position, lowest), _bottom(lowest, bottom), strict=True))
    if not lowest:
        contents = _parts(bottom, LEAF_BYTES)
        parsed = (None if content == _NO_LEAF else Leaf.parse(content) for content in contents)
        opened.opened.update(zip(_below(level, position, 0), parsed, strict=True))
    rows = _parts(sums, SUMS_BYTES)
    rows_by_level = {h: list(islice(rows, 1 << (level - h))) for h in range(level - 1, lowest - 1, -1)}
    for height in range(lowest, level):
        recorded = [Sums(*(int.from_bytes(part, "big") for part in _parts(row, 8))) for row in rows_by_level[height]]
        places = _below(level, position, height)
        nodes = {p: Node(hashes[p], sums_) for p, sums_ in zip(places, recorded, strict=True)}
        opened.nodes.update({(height, p): node for p, node in nodes.items()})
        hashes = {p: node_hash(nodes[2 * p], nodes[2 * p + 1]) for p in _below(level, position, height + 1)}


def demands(opened: OpenedTree) -> list[tuple[int, int]]:
    """The closed nodes to demand next, at most two: the leftmost that differs from the reference, and one with more
    filled at the margin than it."""
    reference = opened.reference
    closed = sorted(_closed(opened), key=lambda at: at[1] << at[0])
    if reference is None or reference.tree.depth != opened.depth:
        return closed[:1]
    differing = [at for at in closed if opened.nodes[at].hash != reference.tree.node(*at).hash]
    surplus = [at for at in differing if _has_surplus(opened.nodes[at], reference.tree.node(*at))]
    return list(dict.fromkeys((*differing[:1], *surplus[:1])))


def _closed(opened: OpenedTree) -> Iterator[tuple[int, int]]:
    for level, position in opened.nodes:
        if level == 0:
            if position not in opened.opened:
                yield level, position
        elif (level - 1, 2 * position) not in opened.nodes:
            yield level, position


def _has_surplus(posted: Node, reference: Node) -> bool:
    pairs = ((posted.sums[column], reference.sums[column]) for column in (3, 5))
    return any(more > less for more, less in pairs)


def _filled(leaves: Sequence[Leaf], result: SlotResult) -> list[Leaf]:
    """Better orders in full, worse ones not at all, those at the price by their posted share and the odd units."""
    fills = {leaf.index: _plain_fill(leaf, result) for leaf in leaves}
    for side, posted in ((BUY, result.margin_buy_filled), (0, result.margin_sell_filled)):
        margin = [leaf for leaf in leaves if leaf.side == side and leaf.limit == result.price and result.volume]
        left = posted - sum(fills[leaf.index] for leaf in margin)
        for leaf in margin:
            if left > 0 and fills[leaf.index] < leaf.quantity:
                fills[leaf.index] += 1
                left -= 1
    return [Leaf(f.index, f.trader, f.side, f.quantity, f.limit, fills[f.index]) for f in leaves]


def _plain_fill(leaf: Leaf, result: SlotResult) -> int:
    gain = leaf.limit - result.price if leaf.side == BUY else result.price - leaf.limit
    if not result.volume or gain < 0:
        return 0
    return leaf.quantity if gain > 0 else min(share_of(leaf, result) or 0, leaf.quantity)


def _columns(leaves: Sequence[Leaf]) -> "tuple[Book, np.ndarray[tuple[int], np.dtype[np.int64]]]":
    raw = b"".join(leaf.trader for leaf in leaves)
    book = Book(
        index=np.array([leaf.index for leaf in leaves], dtype=np.uint32),
        trader=np.frombuffer(raw, dtype=np.uint8).reshape(-1, 20),
        slot=np.zeros(len(leaves), dtype=np.uint16),
        is_buy=np.array([leaf.side == BUY for leaf in leaves], dtype=bool),
        quantity=np.array([leaf.quantity for leaf in leaves], dtype=np.int64),
        limit=np.array([leaf.limit for leaf in leaves], dtype=np.int64),
    )
    return book, np.array([leaf.filled for leaf in leaves], dtype=np.int64)


def leaves_of(book: Book, filled: "np.ndarray[tuple[int], np.dtype[np.int64]]", slot: int) -> list[Leaf]:
    """The orders of one slot of a book, with their fills, as leaves."""
    rows = np.flatnonzero(book.slot == slot).tolist()
    return [
        Leaf(
            int(book.index[row]),
            book.trader[row].tobytes(),
            int(book.is_buy[row]),
            int(book.quantity[row]),
            int(book.limit[row]),
            int(filled[row]),
        )
        for row in rows
    ]


def _below(level: int, position: int, height: int) -> range:
    first = position << (level - height)
    return range(first, first + (1 << (level - height)))


def _bottom(lowest: int, bottom: bytes) -> Iterator[bytes]:
    if lowest:
        yield from _parts(bottom, HASH_BYTES)
        return
    for content in _parts(bottom, LEAF_BYTES):
        yield NO_ROOT if content == _NO_LEAF else Leaf.parse(content).hash()


def _parts(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]
