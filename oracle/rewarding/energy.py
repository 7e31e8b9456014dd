"""From frozen readings of points to the energy of members over a day, and to their peaks over the days before.

Points may be read by the quarter-hour and by the hour. A day is reckoned by the quarter-hour where all its points are
read so, else by the hour; days before it are laid over slots of the same length, and a point that is read in longer
ones counts as not read there. Members go by their ids: wallets may change from one day to the next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from commons.calendar import is_working_day
from commons.records import PointKind
from commons.roster import Roster
from commons.slots import HOUR_S, QUARTER_HOUR_S, day_grid
from oracle.archive.archive import FrozenReadings
from oracle.measurement.member_energy import MemberEnergy, member_energy
from oracle.measurement.tiling import tile
from oracle.measurement.types import IntArray, Point, ReadingGrid
from oracle.measurement.types import PointKind as Meter
from oracle.rewards.types import HISTORY_DAYS, FlagTable, PeakHistory

_METERS = {PointKind.EXCHANGE: Meter.EXCHANGE, PointKind.PRODUCTION: Meter.PRODUCTION}


@dataclass(frozen=True, slots=True, eq=False)
class DayPeaks:
    """The members' peaks of one day, and of whom no slot is missing."""

    members: tuple[str, ...]
    peak_wh: IntArray
    complete: FlagTable


def slot_seconds_of(frozen: FrozenReadings) -> int:
    """The length of the slots by which the day is reckoned."""
    lengths = {grid.slot_seconds for grid in frozen.grids}
    return QUARTER_HOUR_S if lengths == {QUARTER_HOUR_S} else HOUR_S


def energy_of(frozen: FrozenReadings, roster: Roster, seconds: int) -> MemberEnergy:
    """What the members used and made on the day, in slots of `seconds`; members are member ids in hexadecimal.

    A point counts for the member, and as the kind, that its binding said on that day.
    """
    day = frozen.frozen.dataset.day
    slots = day_grid(day, seconds)
    parts = [_laid(grid, slots.start, slots.end, seconds) for grid in frozen.grids]
    points: list[Point] = []
    rows: list[tuple[int, int]] = []
    for number, part in enumerate(parts):
        for row, point_id in enumerate(part.point_ids):
            span = roster.point(point_id, slots.start, slots.end)
            if span is not None:
                points.append(Point(point_id, span.member_id.hex(), _METERS[span.kind]))
                rows.append((number, row))
    withdrawn, injected, quality = (
        _picked(parts, rows, column, slots.count) for column in ("withdrawn_wh", "injected_wh", "quality")
    )
    point_ids = tuple(point.point_id for point in points)
    grid = ReadingGrid(point_ids, slots.start, seconds, withdrawn, injected, quality.astype(np.uint8))
    return member_energy(grid, points)


def peaks_of(energy: MemberEnergy) -> DayPeaks:
    """A day's peaks."""
    complete = np.asarray(energy.present.all(axis=1), dtype=bool)
    return DayPeaks(energy.members, energy.withdrawn_wh.max(axis=1, initial=0), complete)


def history_of(day: date, members: Sequence[str], peaks: Mapping[date, DayPeaks]) -> PeakHistory:
    """The members' peaks of the 60 days before a day; a day without a dataset is complete for nobody."""
    row_of = {member: row for row, member in enumerate(members)}
    peak_wh = np.zeros((len(members), HISTORY_DAYS), dtype=np.int64)
    complete = np.zeros(peak_wh.shape, dtype=bool)
    before = [day - timedelta(days=1 + ago) for ago in range(HISTORY_DAYS)]
    for ago, past in enumerate(before):
        found = peaks.get(past)
        if found is None:
            continue
        rows = np.array([row_of.get(member, -1) for member in found.members], dtype=np.int64)
        known = np.flatnonzero(rows >= 0)
        peak_wh[rows[known], ago] = found.peak_wh[known]
        complete[rows[known], ago] = found.complete[known]
    return PeakHistory(peak_wh, complete, np.array([is_working_day(past) for past in before], dtype=bool))


def _laid(grid: ReadingGrid, start: int, end: int, seconds: int) -> ReadingGrid:
    return grid if grid.slot_seconds == seconds else tile(grid.batch(), start, end, seconds)


def _picked(parts: Sequence[ReadingGrid], rows: Sequence[tuple[int, int]], column: str, slots: int) -> npt.NDArray[Any]:
    """The rows of the parts, one below the other."""
    tables = [getattr(part, column) for part in parts]
    firsts = np.cumsum([0, *(len(table) for table in tables)]).tolist()
    places = np.array([firsts[number] + row for number, row in rows], dtype=np.int64)
    whole = np.concatenate([np.zeros((0, slots), dtype=np.int64), *tables])
    return whole[places]
