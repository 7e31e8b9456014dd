"""Lay a local day's readings over its slots, each point over slots of its own length.

A point is read by the hour if it has readings and each lasts an hour; else by the quarter-hour. So the length follows
from the readings alone, and operators with the same readings agree on it.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np

from commons.slots import HOUR_S, QUARTER_HOUR_S, SLOT_LENGTHS_S, day_grid
from oracle.measurement.tiling import tile
from oracle.measurement.types import IntArray, ReadingBatch, ReadingGrid

_ENERGY_BYTES = 8


def day_grids(batch: ReadingBatch, day: date) -> list[ReadingGrid]:
    """The readings over the slots of the day: a grid for each length of slots, its points in the order of the batch.

    Every point of the batch is in one of them; a slot that its readings do not tile exactly is missing.
    """
    lengths = _slot_lengths(batch)
    return [
        tile(_of_points(batch, np.flatnonzero(lengths == seconds)), slots.start, slots.end, seconds)
        for seconds in SLOT_LENGTHS_S
        if (slots := day_grid(day, seconds)) and bool((lengths == seconds).any())
    ]


def pack_cells(grid: ReadingGrid) -> Iterator[tuple[str, bytes]]:
    """Per point of a grid, its cells as an operator keeps them: see `DatasetPointRow.cells`."""
    for row, point_id in enumerate(grid.point_ids):
        energies = np.stack((grid.withdrawn_wh[row], grid.injected_wh[row]), axis=1).astype("<i8")
        yield point_id, energies.tobytes() + grid.quality[row].tobytes()


def unpack_cells(point_ids: tuple[str, ...], day: date, seconds: int, cells: list[bytes]) -> ReadingGrid:
    """The grid of points whose cells were packed; all of them are read in slots of `seconds`."""
    slots = day_grid(day, seconds)
    energy_bytes = 2 * _ENERGY_BYTES * slots.count
    raw = np.frombuffer(b"".join(cells), dtype=np.uint8).reshape(len(cells), energy_bytes + slots.count)
    energies = np.ascontiguousarray(raw[:, :energy_bytes]).view("<i8").reshape(len(cells), slots.count, 2)
    withdrawn, injected = (energies[:, :, side].astype(np.int64) for side in (0, 1))
    return ReadingGrid(point_ids, slots.start, seconds, withdrawn, injected, raw[:, energy_bytes:].copy())


def _slot_lengths(batch: ReadingBatch) -> IntArray:
    """(points,) the length of the slots that each point is read in."""
    readings = np.bincount(batch.point, minlength=len(batch.point_ids))
    hours = np.bincount(batch.point[batch.seconds == HOUR_S], minlength=len(batch.point_ids))
    return np.where((readings > 0) & (hours == readings), HOUR_S, QUARTER_HOUR_S)


def _of_points(batch: ReadingBatch, points: IntArray) -> ReadingBatch:
    """The readings of these points alone."""
    place = np.full(len(batch.point_ids), -1, dtype=np.int64)
    place[points] = np.arange(len(points))
    rows = np.flatnonzero(place[batch.point] >= 0)
    return ReadingBatch(
        point_ids=tuple(batch.point_ids[point] for point in points.tolist()),
        point=place[batch.point[rows]],
        start=batch.start[rows],
        seconds=batch.seconds[rows],
        withdrawn_wh=batch.withdrawn_wh[rows],
        injected_wh=batch.injected_wh[rows],
        quality=batch.quality[rows],
    )
