"""Working days and public holidays in Italy, as electricity bands and reward models know them.

Holidays are the national ones (law 260 of 1949 with its later changes; 4 October from 2026 on, law 151 of 2025); the
day of a town's patron saint is not among them. Sunday and Saturday are no working days.
"""

from datetime import date, datetime, timedelta
from enum import IntEnum
from functools import cache

from commons.slots import LOCAL_ZONE

_FIXED = ((1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26))
_SAINT_FRANCIS = (10, 4)
_SAINT_FRANCIS_FROM = 2026
_SATURDAY = 5


class Band(IntEnum):
    """The hour bands of Italian electricity bills: F1 the working day, F2 around it and Saturday, F3 all else."""

    F1 = 0
    F2 = 1
    F3 = 2


def is_working_day(day: date) -> bool:
    """Whether the day is neither Saturday, nor Sunday, nor a national holiday."""
    return day.weekday() < _SATURDAY and not is_holiday(day)


def is_holiday(day: date) -> bool:
    """Whether the day is a national holiday; Easter Sunday is one."""
    fixed = (day.month, day.day)
    if fixed in _FIXED or (fixed == _SAINT_FRANCIS and day.year >= _SAINT_FRANCIS_FROM):
        return True
    return day - easter(day.year) in (timedelta(0), timedelta(days=1))


@cache
def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year (the algorithm of Meeus, Jones and Butcher)."""
    century, in_century = divmod(year, 100)
    leaps, century_rest = divmod(century, 4)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    golden = year % 19
    epact = (19 * golden + century - leaps - moon_shift + 15) % 30
    in_leaps, in_rest = divmod(in_century, 4)
    weekday = (32 + 2 * century_rest + 2 * in_leaps - epact - in_rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, before = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, before + 1)


def hour_band(when: int) -> Band:
    """The band of the hour that the epoch second `when` falls into, in civil time.

    F1 is Monday to Friday 8 to 19; F2 Monday to Friday 7 to 8 and 19 to 23, and Saturday 7 to 23; F3 all else, and all
    of a holiday.
    """
    local = datetime.fromtimestamp(when, LOCAL_ZONE)
    if is_holiday(local.date()) or local.weekday() > _SATURDAY or not 7 <= local.hour < 23:
        return Band.F3
    return Band.F1 if local.weekday() < _SATURDAY and 8 <= local.hour < 19 else Band.F2
