"""OpenZeppelin's StandardMerkleTree, over encoded leaves by the million.

A leaf hash is `keccak256(keccak256(abi.encode(values)))`; leaves are sorted by their hash; a node is the hash of its
two children, the smaller first. The tree lies in one array with the root at 0, the children of `i` at `2i + 1` and
`2i + 2`, and the smallest leaf last. Roots and proofs equal those of `@openzeppelin/merkle-tree` 1.x, and
`MerkleProof.sol` verifies them. Source: OpenZeppelin merkle-tree, core.ts and standard.ts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commons.errors import InputError
from commons.keccak import HASH_BYTES, keccak256, keccak256_rows


@dataclass(frozen=True, slots=True, eq=False)
class StandardMerkleTree:
    """A built tree: `nodes` (2n − 1, 32) uint8 from the root down, `positions` (n,) the node of each given leaf."""

    nodes: NDArray[np.uint8]
    positions: NDArray[np.int64]

    @classmethod
    def of(cls, encoded: NDArray[np.uint8]) -> "StandardMerkleTree":
        """The tree over `encoded` (n, length): row i is the ABI encoding of the i-th leaf's values.

        Raises:
            InputError: there is no leaf, and no root to give.
        """
        return cls.of_hashes(leaf_hashes(encoded))

    @classmethod
    def of_hashes(cls, leaves: NDArray[np.uint8]) -> "StandardMerkleTree":
        """The tree over `leaves` (n, 32), the hashes of leaves that were too many to encode at once.

        Raises:
            InputError: there is no leaf, and no root to give.
        """
        count = len(leaves)
        if count == 0:
            raise InputError(
                "a Merkle tree of no leaves has no root", remedy="Leave the tree out where nothing is listed."
            )
        order = _ascending(leaves)
        nodes = np.empty((2 * count - 1, HASH_BYTES), dtype=np.uint8)
        nodes[count - 1 :] = leaves[order[::-1]]
        _fill_inner(nodes, count)
        positions = np.empty(count, dtype=np.int64)
        positions[order] = np.arange(2 * count - 2, count - 2, -1)
        return cls(nodes, positions)

    @property
    def root(self) -> bytes:
        """The 32 bytes that stand for all leaves."""
        return bytes(self.nodes[0].tobytes())

    def proof(self, leaf: int) -> list[bytes]:
        """The siblings from the given leaf (by its place in what was handed in) up to the root."""
        position = int(self.positions[leaf])
        siblings = []
        while position > 0:
            siblings.append(self.nodes[_sibling(position)].tobytes())
            position = (position - 1) // 2
        return siblings

    def proof_table(self, leaves: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """The proofs of many leaves: siblings (n, depth, 32), of which the first (n,) of each leaf are its proof."""
        position = self.positions[leaves]
        siblings = np.zeros((len(leaves), len(self.positions).bit_length(), HASH_BYTES), dtype=np.uint8)
        lengths = np.zeros(len(leaves), dtype=np.int64)
        for level in range(siblings.shape[1]):
            on_the_way = np.flatnonzero(position > 0)
            places = position[on_the_way]
            siblings[on_the_way, level] = self.nodes[np.where(places % 2, places + 1, places - 1)]
            lengths[on_the_way] += 1
            position = (position - 1) // 2
        return siblings, lengths

    def proofs(self) -> list[list[bytes]]:
        """The proofs of all leaves, in the order in which they were handed in."""
        return [self.proof(leaf) for leaf in range(len(self.positions))]


def leaf_hash(encoded: bytes) -> bytes:
    """The hash under which the values encoded as `encoded` stand in the tree."""
    return keccak256(keccak256(encoded))


def leaf_hashes(encoded: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The hashes (n, 32) under which the values encoded in the rows of `encoded` stand in the tree."""
    return keccak256_rows(keccak256_rows(encoded))


def verify(root: bytes, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` leads from the leaf hash to the root, as `MerkleProof.sol` decides it."""
    node = leaf
    for sibling in proof:
        node = keccak256(min(node, sibling) + max(node, sibling))
    return node == root


def _sibling(position: int) -> int:
    return position + 1 if position % 2 else position - 1


def _ascending(hashes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The order that sorts the hashes: by their first eight bytes, and by the rest where those agree."""
    words = hashes.view(">u8").astype(np.uint64)
    order = np.argsort(words[:, 0], kind="stable")
    heads = words[order, 0]
    if bool((heads[1:] == heads[:-1]).any()):
        return np.lexsort((words[:, 3], words[:, 2], words[:, 1], words[:, 0]))
    return order


def _fill_inner(nodes: NDArray[np.uint8], count: int) -> None:
    """Hash the inner nodes from the leaves up, each time all those whose children are there."""
    known = count - 1
    while known > 0:
        ready = known // 2
        pairs = nodes[2 * ready + 1 : 2 * known + 1].reshape(known - ready, 2, HASH_BYTES)
        nodes[ready:known] = keccak256_rows(_smaller_first(pairs))
        known = ready


def _smaller_first(pairs: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The pairs (n, 2, 32) as rows (n, 64), the smaller hash of each pair first."""
    words = pairs.view(">u8")
    left, right = words[:, 0], words[:, 1]
    swap = np.zeros(len(pairs), dtype=bool)
    undecided = np.ones(len(pairs), dtype=bool)
    for word in range(HASH_BYTES // 8):
        swap |= undecided & (left[:, word] > right[:, word])
        undecided &= left[:, word] == right[:, word]
        if not undecided.any():
            break
    return np.where(swap[:, None, None], pairs[:, ::-1], pairs).reshape(len(pairs), 2 * HASH_BYTES)
