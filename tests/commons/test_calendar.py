"""Italian holidays and working days."""

from datetime import date, datetime

import pytest

from commons.calendar import Band, easter, hour_band, is_holiday, is_working_day
from commons.slots import LOCAL_ZONE


@pytest.mark.parametrize(
    "day",
    [date(2026, 12, 25), date(2026, 1, 6), date(2026, 4, 6), date(2026, 10, 31), date(2026, 11, 1), date(2027, 10, 4)],
)
def test_working_day__holiday_or_weekend__is_none(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 4, 7), date(2025, 10, 3), date(2022, 10, 4)])
def test_working_day__any_other__is_one(day: date) -> None:
    assert is_working_day(day)


@pytest.mark.parametrize(("year", "is_one"), [(2025, False), (2026, True)])
def test_holiday__saint_francis__is_one_from_2026(year: int, is_one: bool) -> None:
    assert is_holiday(date(year, 10, 4)) is is_one


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2024, (3, 31)),
        (2025, (4, 20)),
        (2026, (4, 5)),
        (2027, (3, 28)),
        (2000, (4, 23)),
        (1961, (4, 2)),
        (2038, (4, 25)),
    ],
)
def test_easter__of_known_years__is_right(year: int, day: tuple[int, int]) -> None:
    assert easter(year) == date(year, *day)


@pytest.mark.parametrize(
    ("when", "band"),
    [
        ("2026-11-20 07:59", Band.F2),
        ("2026-11-20 08:00", Band.F1),
        ("2026-11-20 18:59", Band.F1),
        ("2026-11-20 19:00", Band.F2),
        ("2026-11-20 23:00", Band.F3),
        ("2026-11-20 06:59", Band.F3),
        ("2026-11-21 12:00", Band.F2),
        ("2026-11-21 23:00", Band.F3),
        ("2026-11-22 12:00", Band.F3),
        ("2026-12-08 12:00", Band.F3),
        ("2026-06-19 08:00", Band.F1),
    ],
)
def test_hour_band__of_civil_times__is_that_of_the_bill(when: str, band: Band) -> None:
    epoch = int(datetime.fromisoformat(when).replace(tzinfo=LOCAL_ZONE).timestamp())

    assert hour_band(epoch) is band
