"""Places of a posted tree as a proof opens them, and what somebody knows of such a tree.

A posted tree may be wrong in every figure, so nothing is added up here: sums are those recorded for a node in the node
above it, or posted for the root. Source: `IRefutationVerifier.sol`, `TreeProof.sol`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from commons.keccak import keccak256
from commons.records import Refutation, RevealedOrder, TreePlace
from oracle.clearing.tree import PADDING, AllocationTree, Node
from oracle.clearing.types import NO_ROOT, NO_SUMS, SlotResult, Sums

LEAF_BYTES = 49
NODE_BYTES = 80
SUMS_BYTES = 48
BUY = 1
_LEAF = b"\x00"
_NODE = b"\x01"


@dataclass(frozen=True, slots=True)
class Leaf:
    """An order with its fill as a posted tree has it; a wrong tree may say any figures that fit their bytes."""

    index: int
    trader: bytes
    side: int
    """1 for a buy, 0 for a sell; anything else is no side."""
    quantity: int
    limit: int
    filled: int

    def packed(self) -> bytes:
        """The 49 bytes that its hash covers."""
        figures = b"".join(figure.to_bytes(8, "big") for figure in (self.quantity, self.limit, self.filled))
        return self.index.to_bytes(4, "big") + self.trader + self.side.to_bytes(1, "big") + figures

    @classmethod
    def parse(cls, content: bytes) -> "Leaf":
        """The order that 49 bytes say."""
        figures = (int.from_bytes(content[start : start + 8], "big") for start in (25, 33, 41))
        return cls(int.from_bytes(content[:4], "big"), content[4:24], content[24], *figures)

    def hash(self) -> bytes:
        """Its hash in the tree."""
        return keccak256(_LEAF + self.packed())

    def sums(self, price: int) -> Sums:
        """The sums that it implies at a slot's price."""
        margin = (self.quantity, self.filled) if price and self.limit == price else (0, 0)
        if self.side == BUY:
            return Sums(self.filled, 0, *margin, 0, 0)
        return Sums(0, self.filled, 0, 0, *margin)


def node_hash(left: Node, right: Node) -> bytes:
    """The hash of the node above two nodes, whatever sums are recorded for them."""
    return keccak256(_NODE + left.packed() + right.packed())


def added(left: Node, right: Node) -> tuple[int, ...]:
    """What the two children of a node add up to; no uint64, so that what overflows differs from any record."""
    return tuple(a + b for a, b in zip(left.sums, right.sums, strict=True))


def depth_of(order_count: int) -> int:
    """⌈log₂ order count⌉."""
    return max(order_count - 1, 0).bit_length()


class Sight(Protocol):
    """What somebody knows of the tree of a posted slot."""

    @property
    def result(self) -> SlotResult:
        """The slot's posted result."""

    @property
    def leaves(self) -> Mapping[int, Leaf | None]:
        """What stands at the leaves' places that are known, by ascending position; None for padding."""

    def node(self, level: int, position: int) -> Node | None:
        """A node with the sums recorded for it; None where it is not known."""

    def parents(self) -> Iterator[tuple[int, int]]:
        """Level and position of the nodes whose sums may differ from those of their known children."""


@dataclass(frozen=True)
class WholeTree:
    """A tree known whole, because leaves are known that lead to the posted root."""

    result: SlotResult
    tree: AllocationTree
    leaves: Mapping[int, Leaf | None]

    def node(self, level: int, position: int) -> Node | None:
        """Every node; the root's sums are the posted ones."""
        found = self.tree.node(level, position)
        return Node(found.hash, Sums(*self.result[8:])) if level == self.tree.depth else found

    def parents(self) -> Iterator[tuple[int, int]]:
        """The root alone: the rest was added up here."""
        if self.tree.depth:
            yield self.tree.depth, 0


@dataclass
class OpenedTree:
    """A tree of which single nodes are known; below a node that is the reference's, too, all of the reference is."""

    result: SlotResult
    reference: "WholeTree | None" = None
    nodes: dict[tuple[int, int], Node] = field(default_factory=dict)
    opened: dict[int, Leaf | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.result.order_count:
            self.nodes.setdefault((self.depth, 0), Node(self.result.root, Sums(*self.result[8:])))

    @property
    def depth(self) -> int:
        """Levels above the leaves."""
        return depth_of(self.result.order_count)

    @property
    def leaves(self) -> Mapping[int, Leaf | None]:
        """The opened leaves, and their neighbours where the reference says them."""
        found = dict(self.opened)
        for position in self.opened:
            for beside in (position - 1, position + 1):
                if self.reference and beside in self.reference.leaves and self._is_reference(0, beside):
                    found.setdefault(beside, self.reference.leaves[beside])
        return dict(sorted(found.items()))

    def node(self, level: int, position: int) -> Node | None:
        """A node that was opened, or that lies below one which is the reference's."""
        if (level, position) in self.nodes:
            return self.nodes[level, position]
        if self.reference and self._is_reference(level, position):
            return self.reference.tree.node(level, position)
        return None

    def parents(self) -> Iterator[tuple[int, int]]:
        """All known nodes above the leaves."""
        yield from ((level, position) for level, position in self.nodes if level)

    def open(self, level: int, position: int, below: "Mapping[tuple[int, int], Node]") -> None:
        """Take in what an answer showed below a node."""
        self.nodes.update(below)

    def _is_reference(self, level: int, position: int) -> bool:
        """Whether the nearest known node above this place has the reference's hash: then all below it is the same."""
        assert self.reference is not None
        if self.reference.tree.depth != self.depth:
            return False
        while (level, position) not in self.nodes and level < self.depth:
            level, position = level + 1, position >> 1
        known = self.nodes.get((level, position))
        return known is not None and known.hash == self.reference.tree.node(level, position).hash


@dataclass(frozen=True, slots=True)
class Proof:
    """A refutation of a posted slot, ready to be sent, and what it says in words."""

    slot: int
    kind: Refutation
    places: tuple[TreePlace, ...]
    revealed: RevealedOrder
    words: str

    @property
    def size(self) -> int:
        """Bytes that it opens: what it costs grows with them."""
        return sum(len(p.content) + len(p.path) for p in self.places) + len(self.revealed.orders)


def place(sight: Sight, level: int, position: int, content: bytes) -> TreePlace | None:
    """A place opened by its content with the path above it; None where the path is not known."""
    steps = []
    at = position
    for height in range(level, depth_of(sight.result.order_count)):
        own, sibling = sight.node(height, at), sight.node(height, at ^ 1)
        if own is None or sibling is None:
            return None
        steps.append(packed_sums(own.sums) + sibling.packed())
        at >>= 1
    return TreePlace(level, position, content, b"".join(steps))


def leaf_place(sight: Sight, position: int) -> TreePlace | None:
    """The place of a known leaf: an order by its fields, padding by nothing."""
    leaf = sight.leaves[position]
    return place(sight, 0, position, b"" if leaf is None else leaf.packed())


def packed_sums(sums: Sums) -> bytes:
    """Six sums as 48 bytes."""
    return b"".join(amount.to_bytes(8, "big") for amount in sums)


def whole_tree(result: SlotResult, tree: AllocationTree, leaves: Mapping[int, Leaf]) -> WholeTree:
    """A tree of orders, and padding behind them as far as the tree reaches."""
    padded: dict[int, Leaf | None] = dict(leaves)
    # One padding is enough to speak of: all of them look alike.
    if len(leaves) < 1 << tree.depth:
        padded[len(leaves)] = None
    return WholeTree(result, tree, padded)


EMPTY = Node(NO_ROOT, NO_SUMS)
assert EMPTY == PADDING
