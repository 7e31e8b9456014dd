"""A home expects what it saw on comparable days, and never looks into the day it bids for."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from oracle.measurement.replay import standard_day, standard_day_start
from oracle.measurement.types import Quality, ReadingGrid
from scripts.demo.forecast import comparable_days, forecast

P, Q = "0x" + "11" * 32, "0x" + "22" * 32
WEDNESDAY, SUNDAY = date(2026, 9, 16), date(2026, 9, 20)


class Diary:
    """A source that remembers what it was asked for and answers with the day of the month in every hour."""

    def __init__(self, missing: Sequence[date] = ()) -> None:
        self.asked: list[int] = []
        self.missing = missing

    def readings(self, point_ids: Sequence[str], start: int, end: int, slot_seconds: int) -> ReadingGrid:
        self.asked.append(end)
        day = standard_day(start)
        wh = np.full((len(point_ids), 24), day.day, np.int64)
        quality = np.full(wh.shape, Quality.MISSING if day in self.missing else Quality.MEASURED, np.uint8)
        return ReadingGrid(tuple(point_ids), start, slot_seconds, wh, wh * 10, quality)


@pytest.mark.parametrize("day", [WEDNESDAY, SUNDAY])
def test_forecast__any_day__asks_for_nothing_from_the_day_of_bidding_on(day: date) -> None:
    diary = Diary()

    forecast(diary, [P], day)

    assert max(diary.asked) <= standard_day_start(day) - 24 * 3600


def test_comparable_days__of_a_working_day__are_working_days_without_the_day_before() -> None:
    days = comparable_days(WEDNESDAY, 4)

    assert days == (date(2026, 9, 14), date(2026, 9, 11), date(2026, 9, 10), date(2026, 9, 9))


def test_comparable_days__of_a_sunday__are_weekend_days_without_the_saturday() -> None:
    assert comparable_days(SUNDAY, 3) == (date(2026, 9, 13), date(2026, 9, 12), date(2026, 9, 6))


def test_forecast__odd_and_even_number_of_days__is_the_median_with_halves_to_even() -> None:
    assert forecast(Diary(), [P], WEDNESDAY, 3).withdrawn_wh.tolist() == [[11] * 24]  # of 14, 11, 10
    assert forecast(Diary(), [P], WEDNESDAY, 4).withdrawn_wh.tolist() == [[10] * 24]  # of 14, 11, 10, 9: 10.5
    assert forecast(Diary(), [P], WEDNESDAY, 4).injected_wh.tolist() == [[105] * 24]


def test_forecast__a_missing_day__is_left_out_of_the_median() -> None:
    diary = Diary(missing=[date(2026, 9, 14)])

    assert forecast(diary, [P], WEDNESDAY, 4).withdrawn_wh.tolist() == [[10] * 24]  # of 11, 10, 9


def test_forecast__nothing_metered__expects_nothing() -> None:
    diary = Diary(missing=comparable_days(WEDNESDAY, 4))

    assert not forecast(diary, [P], WEDNESDAY, 4).withdrawn_wh.any()


def test_of__one_point__is_that_points_day() -> None:
    expected = forecast(Diary(), [P, Q], WEDNESDAY, 1).of(Q, "H02")

    assert (expected.home_id, expected.start) == ("H02", standard_day_start(WEDNESDAY))
    assert expected.withdrawn_wh == (14,) * 24
