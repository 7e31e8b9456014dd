"""Which day is traded next."""

from datetime import date

import pytest

from commons.units import EpochSeconds
from oracle.measurement.replay import standard_day_start
from scripts.demo.calendar import LIVE, MAIN_JOB, SLACK_S, Pace, next_day, parameters_for, traded_day

SATURDAY = date(2026, 11, 21)
SUNDAY = date(2026, 11, 22)
MONDAY = date(2026, 11, 23)


def before(day: date, seconds: int) -> EpochSeconds:
    return EpochSeconds(standard_day_start(day) - seconds)


@pytest.mark.parametrize("pace", [MAIN_JOB, LIVE])
def test_next_day__time_enough_before_midnight__is_tomorrow(pace: Pace) -> None:
    assert next_day(before(SUNDAY, pace.lead_s + SLACK_S), pace, []) == SUNDAY


@pytest.mark.parametrize("pace", [MAIN_JOB, LIVE])
def test_next_day__a_second_too_late__is_the_day_after(pace: Pace) -> None:
    assert next_day(before(SUNDAY, pace.lead_s + SLACK_S - 1), pace, []) == MONDAY


def test_next_day__slots_of_that_day_taken__is_the_day_after() -> None:
    now = before(SUNDAY, 12 * 3600)
    other = parameters_for(SUNDAY, LIVE, now)

    assert next_day(now, MAIN_JOB, [other]) == MONDAY


def test_next_day__neighbouring_days_taken__stays() -> None:
    now = before(SUNDAY, 36 * 3600)
    around = [parameters_for(day, LIVE, now) for day in (SATURDAY, MONDAY)]

    assert next_day(now, MAIN_JOB, around) == SUNDAY


def test_traded_day__hours_of_a_standard_day__is_that_day() -> None:
    assert traded_day(parameters_for(SUNDAY, LIVE, before(SUNDAY, 3600))) == SUNDAY


def test_traded_day__summer__is_that_day_in_standard_time() -> None:
    day = date(2027, 7, 1)

    assert traded_day(parameters_for(day, LIVE, before(day, 3600))) == day
