"""Communities of any size that do not exist: the same seed gives the same homes and the same readings anywhere.

Each member has a grid connection, and every second one panels with a meter of their own behind it. Homes differ in size
and habit; the sun differs by season and day, alike for all. Everything is integers, drawn from numpy's PCG64 by seed
and day, so any day can be had without those before it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np

from commons.errors import UnknownPoint
from commons.keccak import keccak256
from commons.slots import HOUR_S, LOCAL_ZONE, QUARTER_HOUR_S, day_grid, local_day
from commons.units import EpochSeconds
from oracle.measurement.types import IntArray, Point, PointKind, Quality, ReadingGrid

PRODUCER_EVERY = 2
# What a home draws in each hour of a day, in % of its average: one whose people go out to work, one in use all day.
_HABITS = np.array(
    [
        [55, 50, 48, 46, 46, 50, 75, 120, 115, 80, 70, 70, 85, 80, 70, 70, 80, 110, 160, 200, 210, 185, 130, 85],
        [60, 55, 52, 50, 50, 55, 70, 95, 110, 115, 120, 125, 140, 130, 115, 110, 110, 120, 140, 160, 160, 140, 105, 75],
    ]
)
# What panels give in each hour, in ‰ of their peak power, on a clear day at midsummer.
_SUN = np.array([0, 0, 0, 0, 0, 30, 120, 270, 430, 580, 700, 780, 810, 780, 700, 580, 430, 270, 120, 30, 0, 0, 0, 0])
# How much of that is left in each month, in %.
_MONTHS = np.array([30, 42, 60, 76, 90, 98, 100, 92, 74, 54, 35, 27])
_LEAST_W, _MOST_W = 150, 900  # average of a home
_LEAST_PEAK_W, _MOST_PEAK_W = 2_000, 6_000  # of its panels


class SyntheticCommunity:
    """A `ReadingSource` of `members` homes."""

    def __init__(self, members: int, seed: int) -> None:
        self._seed = seed
        chance = np.random.default_rng([seed, 0])
        self._average_w = chance.integers(_LEAST_W, _MOST_W, members)
        self._habit = chance.integers(0, len(_HABITS), members)
        self._peak_w = chance.integers(_LEAST_PEAK_W, _MOST_PEAK_W, members)
        self._peak_w[np.arange(members) % PRODUCER_EVERY != 0] = 0
        self.points = tuple(point for member in range(members) for point in self._points_of(member))
        """All points, member by member: its grid connection, and the panels of those that have some."""
        self._place = {point.point_id: place for place, point in enumerate(self.points)}
        self._member_of = np.array([member for member in range(members) for _ in self._points_of(member)])
        self._is_exchange = np.array([point.kind is PointKind.EXCHANGE for point in self.points])

    def readings(self, point_ids: Sequence[str], start: int, end: int, slot_seconds: int) -> ReadingGrid:
        """See `ReadingSource`; slots are quarter-hours or hours."""
        if slot_seconds not in (QUARTER_HOUR_S, HOUR_S) or start % slot_seconds or end % slot_seconds or end <= start:
            raise ValueError(f"[{start}, {end}) are no quarter-hours or hours")
        places = self._places(point_ids)
        first, last = local_day(EpochSeconds(start)), local_day(EpochSeconds(end - 1))
        days = [self._day(first + timedelta(days=day)) for day in range((last - first).days + 1)]
        skipped = (start - day_grid(first).start) // QUARTER_HOUR_S
        quarters = slice(skipped, skipped + (end - start) // QUARTER_HOUR_S)
        withdrawn, injected = (
            np.concatenate(tables, axis=1)[places, quarters]
            .reshape(len(places), -1, slot_seconds // QUARTER_HOUR_S)
            .sum(axis=2)
            for tables in zip(*days, strict=True)
        )
        quality = np.full(withdrawn.shape, Quality.MEASURED, dtype=np.uint8)
        return ReadingGrid(tuple(point_ids), start, slot_seconds, withdrawn, injected, quality)

    def day(self, day: date, slot_seconds: int = QUARTER_HOUR_S) -> ReadingGrid:
        """The readings of all points on a local day."""
        grid = day_grid(day, slot_seconds)
        return self.readings([point.point_id for point in self.points], grid.start, grid.end, slot_seconds)

    def _day(self, day: date) -> tuple[IntArray, IntArray]:
        """Withdrawn and injected Wh of all points in each quarter-hour of the day."""
        grid = day_grid(day)
        hour = np.array([datetime.fromtimestamp(slot.start, LOCAL_ZONE).hour for slot in grid])
        chance = np.random.default_rng([self._seed, 1, day.toordinal()])
        shape = (len(self._average_w), grid.count)
        mood = chance.integers(40, 161, shape)
        clouds = chance.integers(15, 101)
        flicker = chance.integers(85, 101, grid.count)
        load = self._average_w[:, np.newaxis] * _HABITS[self._habit][:, hour] * mood // (4 * 100 * 100)
        sun = _SUN[hour] * _MONTHS[day.month - 1] * clouds * flicker
        made = self._peak_w[:, np.newaxis] * sun // (4 * 1000 * 100 * 100 * 100)
        net = (load - made)[self._member_of]
        is_exchange = self._is_exchange[:, np.newaxis]
        withdrawn = np.where(is_exchange, np.maximum(net, 0), 0)
        injected = np.where(is_exchange, np.maximum(-net, 0), made[self._member_of])
        return withdrawn, injected

    def _points_of(self, member: int) -> list[Point]:
        wallet = "0x" + self._name(member, "wallet")[-40:]
        found = [Point("0x" + self._name(member, "grid"), wallet, PointKind.EXCHANGE)]
        if self._peak_w[member]:
            found.append(Point("0x" + self._name(member, "panels"), wallet, PointKind.PRODUCTION))
        return found

    def _name(self, member: int, what: str) -> str:
        return keccak256(f"synthetic {self._seed} {member} {what}".encode()).hex()

    def _places(self, point_ids: Sequence[str]) -> IntArray:
        for point_id in point_ids:
            if point_id not in self._place:
                raise UnknownPoint(
                    "the point is none of this synthetic community", which=point_id, remedy="Name one of its points."
                )
        return np.array([self._place[point_id] for point_id in point_ids], dtype=np.int64)
