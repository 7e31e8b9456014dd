"""Build the dataset of a community and local day from its readings: the same readings give the same root anywhere.

Points may be read in slots of different lengths; each stands in the tree with slots of its own length, and with a leaf
for every one of the day. Source: DESIGN.md section 9.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from commons.errors import InputError
from commons.merkle import StandardMerkleTree
from commons.slots import day_grid
from oracle.evidence.leaves import reading_leaves, salts_of
from oracle.evidence.types import ByteRows, Dataset, DatasetId
from oracle.measurement.types import ReadingBatch, ReadingGrid


def build_dataset(
    dataset: DatasetId, grids: Sequence[ReadingGrid], keys: Mapping[str, bytes], remains: ByteRows | None = None
) -> Dataset:
    """The dataset over the readings of `grids`, each of which covers exactly the local day.

    Args:
        keys: for each point the key of its member.
        remains: (n, 32) the hashes of leaves whose members were erased after the dataset was built first.

    Raises:
        InputError: a grid does not cover the day, a point is in two grids, there is none, or one has no key.
    """
    _refuse_grids(dataset, grids)
    readings = _all_readings(grids)
    salts = salts_of(dataset, readings, keys)
    leaves = reading_leaves(readings, salts)
    if remains is not None:
        leaves = np.concatenate((leaves, remains))
    return Dataset(dataset, readings, salts, StandardMerkleTree.of_hashes(leaves))


def hashes_of(dataset: DatasetId, grids: Sequence[ReadingGrid], keys: Mapping[str, bytes]) -> ByteRows:
    """(n, 32) the leaf hashes of the readings of some points, as they stand in the dataset.

    Raises:
        InputError: a grid does not cover the day, a point is in two grids, or one has no key.
    """
    _refuse_grids(dataset, grids)
    readings = _all_readings(grids)
    return reading_leaves(readings, salts_of(dataset, readings, keys))


def _refuse_grids(dataset: DatasetId, grids: Sequence[ReadingGrid]) -> None:
    for grid in grids:
        day = day_grid(dataset.day, grid.slot_seconds)
        if (grid.start, grid.slots) != (day.start, day.count):
            raise InputError(
                f"readings of {grid.slots} slots from {grid.start} do not cover {dataset.day}",
                remedy=f"The local day has {day.count} slots of {day.seconds} s from {day.start}.",
            )
    point_ids = [point_id for grid in grids for point_id in grid.point_ids]
    if not point_ids:
        raise InputError(f"there is no point to notarise on {dataset.day}", remedy="Bind points first.")
    seen: set[str] = set()
    for point_id in point_ids:
        if point_id in seen:
            raise InputError("the point is read in slots of two lengths", which=point_id, remedy="Choose one of them.")
        seen.add(point_id)


def _all_readings(grids: Sequence[ReadingGrid]) -> ReadingBatch:
    """Every cell of every grid as a row, the missing ones too, points in the order of the grids."""
    parts = [_cells(grid) for grid in grids]
    firsts = np.cumsum([0, *(len(grid.point_ids) for grid in grids[:-1])])
    return ReadingBatch(
        point_ids=tuple(point_id for grid in grids for point_id in grid.point_ids),
        point=np.concatenate([part.point + first for part, first in zip(parts, firsts, strict=True)]),
        start=np.concatenate([part.start for part in parts]),
        seconds=np.concatenate([part.seconds for part in parts]),
        withdrawn_wh=np.concatenate([part.withdrawn_wh for part in parts]),
        injected_wh=np.concatenate([part.injected_wh for part in parts]),
        quality=np.concatenate([part.quality for part in parts]),
    )


def _cells(grid: ReadingGrid) -> ReadingBatch:
    points = len(grid.point_ids)
    starts = grid.start + np.arange(grid.slots, dtype=np.int64) * grid.slot_seconds
    return ReadingBatch(
        point_ids=grid.point_ids,
        point=np.repeat(np.arange(points, dtype=np.int64), grid.slots),
        start=np.tile(starts, points),
        seconds=np.full(points * grid.slots, grid.slot_seconds, dtype=np.int64),
        withdrawn_wh=grid.withdrawn_wh.ravel(),
        injected_wh=grid.injected_wh.ravel(),
        quality=grid.quality.ravel(),
    )
