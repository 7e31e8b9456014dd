"""What operators compare before they attest a dataset: a hash per point, and a hint per slot, which tell no reading.

    point hash = keccak256(the leaf hashes of the point's slots, in the order of time)
    hint       = the first two bytes of each slot's leaf hash

A leaf is unguessable by its salt, so neither can be tried out. Equal hashes mean equal readings; where they differ, the
hints tell the slot, but for one difference in 65,536, of which only the point can be told.
"""

from dataclasses import dataclass

import numpy as np

from commons.keccak import keccak256
from oracle.evidence.types import Dataset

HINT_BYTES = 2


@dataclass(frozen=True, slots=True)
class PointHash:
    """A point of a dataset: its slots' length in seconds, its hash, and `HINT_BYTES` for each of its slots."""

    point_id: str
    seconds: int
    digest: bytes
    hints: bytes


def point_hashes(dataset: Dataset) -> tuple[PointHash, ...]:
    """The hashes of all points, by ascending point id."""
    readings = dataset.readings
    leaves = dataset.leaf_hashes
    order = np.lexsort((readings.start, readings.point))
    ends = np.cumsum(np.bincount(readings.point, minlength=len(readings.point_ids)))
    found = []
    for point, (point_id, end) in enumerate(zip(readings.point_ids, ends.tolist(), strict=True)):
        rows = order[int(ends[point - 1]) if point else 0 : end]
        own = leaves[rows]
        hints = np.ascontiguousarray(own[:, :HINT_BYTES]).tobytes()
        found.append(PointHash(point_id, int(readings.seconds[rows[0]]), keccak256(own.tobytes()), hints))
    return tuple(sorted(found, key=lambda one: one.point_id))
