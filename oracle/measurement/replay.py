"""Replay the measured year on the present calendar, so that the demo has readings for any day.

The demo's day is the **local standard day**: 24 hours from midnight in the community's standard time (Europe/Rome:
UTC+1), all the year round. It always has 24 slots of an hour, where the civil day has 23 or 25 twice a year; from the
last Sunday of March to that of October it begins at 01:00 on the wall clock. The source's hours are standard time too,
so noon stays noon.

A day is replayed from a source day of the same weekday and season. The source is taken as 52 whole weeks, Monday
2016-08-01 to Sunday 2017-07-30. Each present year is laid on it from the Monday nearest to 1 August; where 53 weeks
pass until the next such Monday, the first source week serves twice. Days that follow each other are replayed from days
that follow each other, but for those seams, and the date never differs by more than 5 days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from commons.errors import UnknownPoint
from oracle.measurement.measured_year import MeasuredYear
from oracle.measurement.types import IntArray, PointKind, Quality, ReadingGrid

SLOT_SECONDS = 3600
DAY_SLOTS = 24
STANDARD_OFFSET_SECONDS = 3600  # of Europe/Rome, summer or winter

_DAY_SECONDS = DAY_SLOTS * SLOT_SECONDS
_EPOCH = date(1970, 1, 1)
_FIRST_SOURCE_DAY = date(2016, 8, 1)
_SOURCE_DAYS = 52 * 7


def standard_day_start(day: date) -> int:
    """Epoch second at which the local standard day begins."""
    return (day - _EPOCH).days * _DAY_SECONDS - STANDARD_OFFSET_SECONDS


def standard_day(epoch: int) -> date:
    """The local standard day that an epoch second belongs to."""
    return _EPOCH + timedelta(days=(epoch + STANDARD_OFFSET_SECONDS) // _DAY_SECONDS)


def source_day(day: date) -> date:
    """The day of the measured year that a present day is replayed from: same weekday, same season."""
    anchor = _replay_start(day.year)
    if day < anchor:
        anchor = _replay_start(day.year - 1)
    return _FIRST_SOURCE_DAY + timedelta(days=(day - anchor).days % _SOURCE_DAYS)


def _replay_start(year: int) -> date:
    """The Monday nearest to 1 August of the year."""
    near = date(year, 8, 4)
    return near - timedelta(days=near.weekday())


@dataclass(frozen=True)
class ReplayMeter:
    """Which measured home a demo point stands for, and which of its flows the point sees."""

    home_id: str
    kind: PointKind


class ReplaySource:
    """A `ReadingSource` that answers for any day from the measured year."""

    def __init__(self, year: MeasuredYear, meters: Mapping[str, ReplayMeter]) -> None:
        """`meters` names the demo's points (0x-hex point id → meter)."""
        self._year = year
        self._meters = dict(meters)
        self._first_source_hour = _hours_between(year, _FIRST_SOURCE_DAY)
        if self._first_source_hour < 0 or year.load_dwh.shape[1] < self._first_source_hour + _SOURCE_DAYS * DAY_SLOTS:
            raise ValueError(f"the measured year does not hold the {_SOURCE_DAYS} days from {_FIRST_SOURCE_DAY}")
        nothing = np.zeros_like(year.load_dwh)
        self._flows = {
            PointKind.EXCHANGE: (year.withdrawn_wh, year.injected_wh),
            PointKind.PRODUCTION: (nothing, year.produced_wh),
        }

    def readings(self, point_ids: Sequence[str], start: int, end: int, slot_seconds: int = SLOT_SECONDS) -> ReadingGrid:
        """Measured hours replayed over `[start, end)`; slots are whole hours, as the source has no shorter ones."""
        if slot_seconds != SLOT_SECONDS or start % SLOT_SECONDS or end % SLOT_SECONDS or end <= start:
            raise ValueError(
                f"the measured year has whole hours only: [{start}, {end}) in slots of {slot_seconds} s is not"
            )
        hours = self._source_hours(start, end)
        withdrawn_wh = np.empty((len(point_ids), len(hours)), np.int64)
        injected_wh = np.empty_like(withdrawn_wh)
        for row, point_id in enumerate(point_ids):
            meter = self._meter(point_id)
            home = self._year.home_ids.index(meter.home_id)
            withdrawn, injected = self._flows[meter.kind]
            withdrawn_wh[row], injected_wh[row] = withdrawn[home, hours], injected[home, hours]
        quality = np.full(withdrawn_wh.shape, Quality.MEASURED, np.uint8)
        return ReadingGrid(tuple(point_ids), start, SLOT_SECONDS, withdrawn_wh, injected_wh, quality)

    def _meter(self, point_id: str) -> ReplayMeter:
        try:
            return self._meters[point_id]
        except KeyError:
            raise UnknownPoint(
                "the point is none of the replayed homes", which=point_id, remedy="Name a point of the demo community."
            ) from None

    def _source_hours(self, start: int, end: int) -> IntArray:
        """Column of the measured year for each hour of `[start, end)`."""
        standard_hours = np.arange((start + STANDARD_OFFSET_SECONDS) // 3600, (end + STANDARD_OFFSET_SECONDS) // 3600)
        days, hour_of_day = np.divmod(standard_hours, DAY_SLOTS)
        first, last = int(days[0]), int(days[-1])
        present_days = (_EPOCH + timedelta(days=day) for day in range(first, last + 1))
        source_days = np.array([(source_day(day) - _FIRST_SOURCE_DAY).days for day in present_days], dtype=np.int64)
        source = source_days[days - first]
        return np.asarray(self._first_source_hour + source * DAY_SLOTS + hour_of_day, dtype=np.int64)


def _hours_between(year: MeasuredYear, day: date) -> int:
    """Hours from the measured year's first hour to midnight of a source day."""
    since = year.first_hour
    return (day - since.date()).days * DAY_SLOTS - since.hour
