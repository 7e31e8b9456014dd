"""What each home expects of a day, from its own readings of comparable days before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from commons.units import EnergyWh, EpochSeconds
from oracle.measurement.decimals import divide_half_even
from oracle.measurement.replay import DAY_SLOTS, SLOT_SECONDS, standard_day_start
from oracle.measurement.source import ReadingSource
from oracle.measurement.types import IntArray, Quality

COMPARABLE_DAYS = 8
_SATURDAY = 5
_BLIND_DAYS = 1  # the day before delivery, on which bids are made, is not metered to its end yet
_ABSENT = np.int64(2**61)  # sorts behind every reading, and twice it still fits


@dataclass(frozen=True)
class ExpectedDay:
    """What a home expects to withdraw and to inject in each slot of a day that begins at `start`; Wh."""

    home_id: str
    start: EpochSeconds
    withdrawn_wh: tuple[EnergyWh, ...]
    injected_wh: tuple[EnergyWh, ...]


@dataclass(frozen=True, eq=False)
class Forecast:
    """Expected energy of points over the hourly slots of a local standard day; arrays [points, slots]."""

    point_ids: tuple[str, ...]
    start: EpochSeconds
    withdrawn_wh: IntArray
    injected_wh: IntArray

    def of(self, point_id: str, home_id: str) -> ExpectedDay:
        """What the home behind one of the points expects."""
        row = self.point_ids.index(point_id)
        withdrawn_wh, injected_wh = self.withdrawn_wh[row].tolist(), self.injected_wh[row].tolist()
        return ExpectedDay(home_id, self.start, tuple(withdrawn_wh), tuple(injected_wh))


def comparable_days(day: date, count: int) -> tuple[date, ...]:
    """The last `count` days of the same type (working day, or weekend) that are fully metered when bids are made."""
    days: list[date] = []
    past = day - timedelta(days=_BLIND_DAYS)
    while len(days) < count:
        past -= timedelta(days=1)
        if (past.weekday() >= _SATURDAY) == (day.weekday() >= _SATURDAY):
            days.append(past)
    return tuple(days)


def forecast(source: ReadingSource, point_ids: Sequence[str], day: date, count: int = COMPARABLE_DAYS) -> Forecast:
    """The median of each point and hour over the last `count` comparable days; 0 where none was metered."""
    grids = [
        source.readings(point_ids, start, start + DAY_SLOTS * SLOT_SECONDS, SLOT_SECONDS)
        for start in map(standard_day_start, comparable_days(day, count))
    ]
    is_missing = np.stack([grid.quality == Quality.MISSING for grid in grids])
    return Forecast(
        point_ids=tuple(point_ids),
        start=EpochSeconds(standard_day_start(day)),
        withdrawn_wh=_median(np.stack([grid.withdrawn_wh for grid in grids]), is_missing),
        injected_wh=_median(np.stack([grid.injected_wh for grid in grids]), is_missing),
    )


def _median(values: IntArray, is_missing: npt.NDArray[np.bool_]) -> IntArray:
    """Median over the first axis of what is not missing, halves to even; 0 where nothing is left."""
    ordered = np.sort(np.where(is_missing, _ABSENT, values), axis=0)
    count = (~is_missing).sum(axis=0, keepdims=True)
    below = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=0)[0]
    above = np.take_along_axis(ordered, count // 2, axis=0)[0]
    return np.where(count[0] == 0, 0, divide_half_even(below + above, 2))
