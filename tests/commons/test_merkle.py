"""Roots and proofs are those of OpenZeppelin's own JavaScript library."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from eth_abi.abi import encode

from commons import abi
from commons.errors import InputError, UnitError
from commons.merkle import StandardMerkleTree, leaf_hash, verify

TYPES = ["uint256", "address", "uint256"]


def openzeppelin(values: list[list[str]]) -> Any:
    """What the JavaScript library says; fails where `make setup` has not installed it."""
    script = Path(__file__).with_name("standard_merkle_tree.mjs")
    document = json.dumps({"types": TYPES, "values": values})
    done = subprocess.run(["node", script], input=document, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run `make setup` first: {done.stderr}"
    return json.loads(done.stdout)


def values_of(count: int) -> list[list[str]]:
    return [[str(7 + n * n), f"0x{n * 0x1F3D5B79 + 1:040x}", str((1 << 200) + n)] for n in range(count)]


def encoded(values: list[list[str]]) -> list[bytes]:
    return [encode(TYPES, [int(a), b, int(c)]) for a, b, c in values]


def tree_of(values: list[list[str]]) -> StandardMerkleTree:
    joined = np.frombuffer(b"".join(encoded(values)), dtype=np.uint8)
    return StandardMerkleTree.of(joined.reshape(len(values), -1))


def test_tree__no_leaves__is_refused() -> None:
    with pytest.raises(InputError, match="no leaves"):
        StandardMerkleTree.of(np.zeros((0, 32), dtype=np.uint8))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 33, 600])
def test_tree__of_any_size__equals_openzeppelin(count: int) -> None:
    values = values_of(count)
    theirs, ours = openzeppelin(values), tree_of(values)
    assert "0x" + ours.root.hex() == theirs["root"]
    assert [["0x" + sibling.hex() for sibling in proof] for proof in ours.proofs()] == theirs["proofs"]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 33, 600])
def test_proof_table__of_any_size__holds_the_proofs(count: int) -> None:
    tree = tree_of(values_of(count))
    leaves = np.arange(count)[::-1]

    siblings, lengths = tree.proof_table(leaves)

    for leaf, row, length in zip(leaves, siblings, lengths, strict=True):
        assert [sibling.tobytes() for sibling in row[:length]] == tree.proof(int(leaf))
        assert not row[length:].any()


def test_tree__leaf_given_twice__equals_openzeppelin() -> None:
    values = values_of(3) * 2
    assert "0x" + tree_of(values).root.hex() == openzeppelin(values)["root"]


def test_proof__of_another_leaf_or_root__does_not_verify() -> None:
    values = values_of(5)
    tree, leaves = tree_of(values), [leaf_hash(raw) for raw in encoded(values)]
    assert all(verify(tree.root, leaf, tree.proof(n)) for n, leaf in enumerate(leaves))
    assert not verify(tree.root, leaves[0], tree.proof(1))
    assert not verify(leaves[0], leaves[1], tree.proof(1))
    assert not verify(tree.root, leaves[0], tree.proof(0)[:-1])


def test_words__of_columns__equal_eth_abi() -> None:
    amounts = [0, 1, (1 << 64) - 1]
    addresses = np.frombuffer(bytes(range(60)), dtype=np.uint8).reshape(3, 20)
    rows = abi.rows(abi.uint_words(np.array(amounts, dtype=np.uint64)), abi.address_words(addresses))
    for row, amount, address in zip(rows, amounts, addresses, strict=True):
        assert row.tobytes() == encode(["uint256", "address"], [amount, "0x" + address.tobytes().hex()])


@pytest.mark.parametrize("value", [-1, 1 << 256])
def test_words__beyond_256_bits_or_negative__are_refused(value: int) -> None:
    with pytest.raises(UnitError, match="256-bit"):
        abi.uint_words([value])
