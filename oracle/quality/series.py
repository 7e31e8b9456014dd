"""Check what is stored, laid over its grid: gaps and stuck meters; and derive series with short gaps filled.

A home that really draws almost nothing is no stuck meter: in the measured year there are thousands of hours below 1 Wh,
the same energy comes up to 18 hours in a row when it is none, and up to 6 when it is some. A meter counts as stuck
when it reports the same energy for a whole day, and more of it than a resting home takes.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from commons.slots import HOUR_S
from oracle.measurement.types import IntArray, Quality, ReadingGrid
from oracle.quality.types import Anomalies, AnomalyCode, DerivedSeries, listed

STUCK_S = 24 * HOUR_S
STUCK_LEAST_W = 100
MOST_INTERPOLATED_S = 6 * HOUR_S

Flags = npt.NDArray[np.bool_]


def gaps(grid: ReadingGrid) -> Anomalies:
    """Each run of missing slots."""
    missing = grid.quality == Quality.MISSING
    row, first, length = _runs(missing, np.zeros(missing.shape, dtype=bool))
    return _listed(AnomalyCode.GAP, grid, row, first, length)


def stuck(grid: ReadingGrid) -> Anomalies:
    """Each run of the same energy over a day and more, in either direction more than a resting home takes.

    A missing slot ends a run: nothing is known of it.
    """
    least_wh = STUCK_LEAST_W * grid.slot_seconds // HOUR_S
    loud = (grid.quality != Quality.MISSING) & (np.maximum(grid.withdrawn_wh, grid.injected_wh) >= least_wh)
    changes = np.zeros(loud.shape, dtype=bool)
    for table in (grid.withdrawn_wh, grid.injected_wh):
        changes[:, 1:] |= table[:, 1:] != table[:, :-1]
    row, first, length = _runs(loud, changes)
    long = length * grid.slot_seconds >= STUCK_S
    return _listed(AnomalyCode.STUCK, grid, row[long], first[long], length[long])


def interpolate(grid: ReadingGrid) -> DerivedSeries:
    """The series with gaps of at most 6 hours filled on a straight line between the readings around them.

    A gap at the edge of the grid has nothing on one side and stays. Energies are rounded down to whole Wh.
    """
    missing = grid.quality == Quality.MISSING
    row, first, length = _runs(missing, np.zeros(missing.shape, dtype=bool))
    short = (length * grid.slot_seconds <= MOST_INTERPOLATED_S) & (first > 0) & (first + length < grid.slots)
    row, first, length = row[short], first[short], length[short]
    step = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length) + 1
    of_run = np.repeat(np.arange(len(row)), length)
    cells = row[of_run], first[of_run] + step - 1
    tables = []
    for table in (grid.withdrawn_wh, grid.injected_wh):
        before, after = table[row, first - 1][of_run], table[row, (first + length) % grid.slots][of_run]
        filled = table.copy()
        filled[cells] = before + (after - before) * step // (length[of_run] + 1)
        tables.append(filled)
    interpolated = np.zeros(missing.shape, dtype=bool)
    interpolated[cells] = True
    quality = np.where(interpolated, np.uint8(Quality.ESTIMATED), grid.quality)
    withdrawn, injected = tables
    readings = ReadingGrid(grid.point_ids, grid.start, grid.slot_seconds, withdrawn, injected, quality)
    return DerivedSeries(readings, interpolated)


def _runs(inside: Flags, changes: Flags) -> tuple[IntArray, IntArray, IntArray]:
    """Row, first slot and length of each run of slots that are `inside`; `changes` begins a new run."""
    begins = inside.copy()
    begins[:, 1:] &= ~inside[:, :-1] | changes[:, 1:]
    ends = inside.copy()
    ends[:, :-1] &= ~inside[:, 1:] | changes[:, 1:]
    row, first = np.nonzero(begins)
    _, last = np.nonzero(ends)
    return row.astype(np.int64), first.astype(np.int64), (last - first + 1).astype(np.int64)


def _listed(code: AnomalyCode, grid: ReadingGrid, row: IntArray, first: IntArray, length: IntArray) -> Anomalies:
    point_ids: Sequence[str] = grid.point_ids
    return listed(
        code,
        point_ids,
        row,
        grid.start + first * grid.slot_seconds,
        length * grid.slot_seconds,
        grid.withdrawn_wh[row, first],
        grid.injected_wh[row, first],
    )
