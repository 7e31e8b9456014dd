"""Proofs of each kind over a made-up tree of any height: what they open is made, and every sibling is random bytes."""

from collections.abc import Mapping

import numpy as np

from commons.keccak import keccak256
from commons.records import Refutation, TreePlace
from oracle.clearing.types import NO_WITNESS, SlotResult
from oracle.refutation.places import BUY, LEAF_BYTES, NODE_BYTES, SUMS_BYTES, Leaf

STEP_BYTES = SUMS_BYTES + NODE_BYTES
PRICE, MARGIN, VOLUME = 150_007, 77_777_777, 123_456_789_012
QUANTITY, SHARE = 1_234, 411
PADDING, CHILDREN = b"", bytes(range(2 * NODE_BYTES))
_IDLE = (0, 0, 0, NO_WITNESS, NO_WITNESS, 0)
_TRADES = (PRICE, PRICE - 3, PRICE + 3, 9, 11, VOLUME)
_SUMS = (VOLUME, VOLUME, MARGIN, MARGIN // 3, MARGIN, MARGIN)


def _leaf(index: int, side: int = BUY, limit: int = PRICE, filled: int = SHARE) -> bytes:
    return Leaf(index, bytes(range(1, 21)), side, QUANTITY, limit, filled).packed()


CONTENTS: Mapping[Refutation, tuple[bytes, ...]] = {
    Refutation.PADDING_MISPLACED: (PADDING,),
    Refutation.INDICES_NOT_ASCENDING: (_leaf(9), _leaf(9)),
    Refutation.LEAF_UNLIKE_REVEAL: (_leaf(1),),
    Refutation.WRONG_LEAF_SUMS: (_leaf(1),),
    Refutation.WRONG_PADDING_SUMS: (PADDING,),
    Refutation.WRONG_NODE_SUMS: (CHILDREN,),
    Refutation.OVERFILLED: (_leaf(1, filled=QUANTITY + 1),),
    Refutation.BETTER_NOT_FULL: (_leaf(1, limit=PRICE + 1),),
    Refutation.WORSE_FILLED: (_leaf(1, limit=PRICE - 1),),
    Refutation.WRONG_SHARE: (_leaf(1, filled=SHARE + 2),),
    Refutation.UNIT_MISPLACED: (_leaf(8, filled=SHARE + 1), _leaf(7)),
    Refutation.BEYOND_BOUND: (_leaf(1, limit=PRICE + 9),),
    Refutation.LOWER_WITNESS: (_leaf(1, limit=PRICE + 3),),
    Refutation.IDLE_WITNESS: (_leaf(9),),
    Refutation.WITNESS_ABSENT: (_leaf(8), _leaf(10)),
    Refutation.FILL_WITHOUT_TRADE: (_leaf(1),),
    Refutation.CROSSING_UNCLEARED: (_leaf(1), _leaf(2, side=0)),
}
"""What each kind opens, where it needs no revealed order (a leaf nobody revealed included)."""


def proof(kind: Refutation, depth: int) -> tuple[SlotResult, tuple[TreePlace, ...]]:
    """A slot of 2^depth orders that is wrong in this way, and the places that show it."""
    rng = np.random.default_rng(depth)
    contents = CONTENTS[kind]
    level = 0 if len(contents[0]) in (0, LEAF_BYTES) else 1
    position = int(rng.integers(1 << (depth - level))) & ~1
    hashes = [_hash(content, level) for content in contents]
    hashes += [rng.bytes(32)] * (2 - len(hashes))
    sums = [rng.bytes(SUMS_BYTES) for _ in hashes]
    above = rng.bytes(STEP_BYTES * (depth - level - 1))
    paths = [sums[side] + hashes[1 - side] + sums[1 - side] + above for side in (0, 1)]
    places = tuple(TreePlace(level, position + n, content, paths[n]) for n, content in enumerate(contents))
    is_idle = kind in (Refutation.FILL_WITHOUT_TRADE, Refutation.CROSSING_UNCLEARED)
    prices, totals = (_IDLE, (0,) * 6) if is_idle else (_TRADES, _SUMS)
    root = _climb(hashes[0], position, paths[0])
    price, lo, hi, lo_witness, hi_witness, volume = prices
    return SlotResult(price, lo, hi, lo_witness, hi_witness, volume, 1 << depth, root, *totals), places


def _hash(content: bytes, level: int) -> bytes:
    return keccak256(bytes([level]) + content) if content else bytes(32)


def _climb(hash_: bytes, position: int, path: bytes) -> bytes:
    for start in range(0, len(path), STEP_BYTES):
        sums, sibling = path[start : start + SUMS_BYTES], path[start + SUMS_BYTES : start + STEP_BYTES]
        hash_ = keccak256(b"\x01" + (sibling + hash_ + sums if position % 2 else hash_ + sums + sibling))
        position //= 2
    return hash_
