"""The measured year on the present calendar: same weekday, same season, day after day."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from commons.errors import UnknownPoint
from oracle.measurement.measured_year import MeasuredYear, load_measured_year
from oracle.measurement.replay import (
    DAY_SLOTS,
    SLOT_SECONDS,
    ReplayMeter,
    ReplaySource,
    source_day,
    standard_day,
    standard_day_start,
)
from oracle.measurement.types import PointKind

FOLDER = Path(__file__).parents[3] / "data" / "fontana17"
P, PV, UNKNOWN = ("0x" + digits * 32 for digits in ("11", "22", "33"))
DAYS = [date(2016, 1, 1) + timedelta(days=n) for n in range(60 * 365)]
FIRST, LAST = date(2016, 8, 1), date(2017, 7, 30)


@pytest.fixture(scope="module")
def year() -> MeasuredYear:
    return load_measured_year(FOLDER)


@pytest.fixture(scope="module")
def source(year: MeasuredYear) -> ReplaySource:
    return ReplaySource(year, {P: ReplayMeter("H10", PointKind.EXCHANGE), PV: ReplayMeter("H10", PointKind.PRODUCTION)})


def hour_of(year: MeasuredYear, day: date) -> int:
    """Column of the measured year for midnight of a source day, by the calendar alone."""
    return ((day - date(2016, 7, 31)).days) * 24 - 23


def test_readings__of_a_stranger__are_refused(source: ReplaySource) -> None:
    with pytest.raises(UnknownPoint, match=UNKNOWN):
        source.readings([P, UNKNOWN], 0, 3600, 3600)


@pytest.mark.parametrize(
    ("start", "end", "seconds"), [(0, 3600, 900), (900, 4500, 3600), (0, 5400, 3600), (0, 0, 3600)]
)
def test_readings__not_whole_hours__are_refused(source: ReplaySource, start: int, end: int, seconds: int) -> None:
    with pytest.raises(ValueError, match="whole hours only"):
        source.readings([P], start, end, seconds)


def test_source__shorter_than_a_year__is_refused(year: MeasuredYear) -> None:
    short = MeasuredYear(year.home_ids, year.first_hour, year.load_dwh[:, :-24], year.pv_dwh[:, :-24])
    with pytest.raises(ValueError, match="does not hold the 364 days"):
        ReplaySource(short, {})


def test_source_day__any_day__has_the_same_weekday_within_the_year() -> None:
    assert all(source_day(day).weekday() == day.weekday() and FIRST <= source_day(day) <= LAST for day in DAYS)


def test_source_day__any_day__is_at_most_five_days_from_the_same_date() -> None:
    for day in DAYS:
        days_apart = abs(source_day(day).timetuple().tm_yday - day.timetuple().tm_yday)
        assert min(days_apart, 365 - days_apart) <= 5


def test_source_day__next_day__is_the_next_source_day_but_for_the_seams() -> None:
    pairs = [(source_day(day), source_day(day + timedelta(days=1))) for day in DAYS]
    seams = [pair for pair in pairs if pair[1] - pair[0] != timedelta(days=1)]

    assert set(seams) == {(LAST, FIRST), (FIRST + timedelta(days=6), FIRST)}
    assert len(seams) <= 60 + 60 // 5


def test_source_day__leap_day__is_an_ordinary_day() -> None:
    assert source_day(date(2028, 2, 29)) == date(2017, 2, 28)


def test_standard_day__its_first_and_last_second__belong_to_it() -> None:
    day = date(2027, 7, 1)
    start = standard_day_start(day)

    assert start % SLOT_SECONDS == 0
    assert standard_day(start) == standard_day(start + DAY_SLOTS * 3600 - 1) == day
    assert standard_day(start - 1) == date(2027, 6, 30)


def test_standard_day__midwinter__begins_at_the_clocks_midnight_in_rome() -> None:
    assert standard_day_start(date(2027, 1, 1)) == 1_798_758_000  # 2026-12-31T23:00Z


def test_readings__one_day__are_the_source_days_hours_in_standard_time(
    year: MeasuredYear, source: ReplaySource
) -> None:
    day = date(2027, 6, 16)
    start = standard_day_start(day)
    home, midnight = year.home_ids.index("H10"), hour_of(year, source_day(day))
    hours = slice(midnight, midnight + 24)

    grid = source.readings([PV, P], start, start + 24 * 3600, 3600)

    assert grid.withdrawn_wh[1].tolist() == year.withdrawn_wh[home, hours].tolist()
    assert grid.injected_wh[1].tolist() == year.injected_wh[home, hours].tolist()
    assert grid.injected_wh[0].tolist() == year.produced_wh[home, hours].tolist()
    assert not grid.withdrawn_wh[0].any()
    assert not grid.quality.any()
    assert grid.injected_wh[0, 12] > 1000 > grid.injected_wh[0, 1]  # noon is bright, night is dark


def test_readings__across_the_seam__are_those_of_the_two_days(source: ReplaySource) -> None:
    seam = next(day for day in DAYS[3650:] if source_day(day) == FIRST)
    start, midnight = standard_day_start(seam - timedelta(days=1)), standard_day_start(seam)

    both = source.readings([P], start, midnight + 24 * 3600, 3600)
    days = [source.readings([P], begin, begin + 24 * 3600, 3600) for begin in (start, midnight)]

    assert both.withdrawn_wh.tolist() == np.hstack([day.withdrawn_wh for day in days]).tolist()
