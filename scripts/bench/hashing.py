"""Hashing and trees: against the fastest single-message keccak on this machine."""

from collections.abc import Callable
from functools import partial

import numpy as np
from Crypto.Hash import keccak as pycryptodome

from commons.keccak import keccak256_rows
from commons.merkle import StandardMerkleTree
from oracle.clearing.rule import clear
from oracle.clearing.tree import slot_trees
from scripts.bench.books import SIZES, random_book
from scripts.bench.memory import MemoryRows
from scripts.bench.row import Progress, Row, Rows, median_ns, milliseconds

TITLE = "Hashing and trees"
MESSAGES = 100_000
SINGLES = 20_000
MOST_TREE_MS = 3_000
"""What the allocation tree of the largest book may take."""


def rows(progress: Progress) -> Rows:
    """Batches of keccak256, allocation trees and settlement trees."""
    progress("keccak256")
    name, single_ns = fastest_single()
    yield Row(f"one by one: {name}", "64 bytes", single_ns / 1000, "µs per hash")
    yield from _batches(name, single_ns)
    memory = MemoryRows("tree", "allocation tree, memory", "leaves")
    for count in SIZES:
        progress(f"trees of {count:,} leaves")
        yield from _trees(count, name, single_ns)
        yield from memory.rows(count)


def fastest_single() -> tuple[str, float]:
    """The fastest keccak256 of one message of 64 bytes at a time that is installed here, and its ns a hash."""
    message = bytes(64)
    times = {name: median_ns(partial(_repeat, work, message)) / SINGLES for name, work in _singles().items()}
    fastest = min(times, key=lambda name: times[name])
    return fastest, times[fastest]


def _singles() -> dict[str, Callable[[bytes], bytes]]:
    found: dict[str, Callable[[bytes], bytes]] = {
        "pycryptodome": lambda message: pycryptodome.new(digest_bits=256, data=message).digest()
    }
    try:
        import sha3  # type: ignore[import-untyped]
    except ImportError:
        return found
    return found | {"safe-pysha3": lambda message: sha3.keccak_256(message).digest()}


def _repeat(work: Callable[[bytes], bytes], message: bytes) -> None:
    for _ in range(SINGLES):
        work(message)


def _batches(name: str, single_ns: float) -> Rows:
    for length in (50, 64, 161):
        messages = np.random.default_rng(length).integers(0, 256, (MESSAGES, length), dtype=np.uint8)
        per_hash = median_ns(partial(keccak256_rows, messages)) / MESSAGES
        yield Row("in batches", f"{length} bytes", per_hash / 1000, "µs per hash", name, per_hash / single_ns)


def _trees(count: int, name: str, single_ns: float) -> Rows:
    size, yardstick = f"{count:,} leaves", f"as many leaves and nodes hashed by {name}"
    hashes = 2 * count - 1
    book = random_book(count, 1)
    clearing = clear(book, 1)
    built = median_ns(partial(slot_trees, book, clearing))
    most = MOST_TREE_MS if count == SIZES[-1] else None
    ratio = built / (hashes * single_ns)
    yield Row("allocation tree, one slot", size, milliseconds(built), "ms", yardstick, ratio, most)
    encoded = np.random.default_rng(count).integers(0, 256, (count, 160), dtype=np.uint8)
    standard = median_ns(partial(StandardMerkleTree.of, encoded))
    leaf_twice = 3 * count - 1
    ratio = standard / (leaf_twice * single_ns)
    yield Row("settlement tree (StandardMerkleTree)", size, milliseconds(standard), "ms", yardstick, ratio)
