"""Slots are half-open, aligned, and local days have the hours that Italy gives them."""

from datetime import date

import pytest

from commons.errors import UnitError
from commons.slots import Slot, SlotGrid, day_grid, iso_utc, local_day, local_midnight, require_aligned, show_time
from commons.units import EpochSeconds

T0 = EpochSeconds(1_800_000_000 // 3600 * 3600)


def test_require_aligned__neither_quarter_nor_hour__is_refused() -> None:
    with pytest.raises(UnitError, match="neither"):
        require_aligned(T0, 1800)


def test_require_aligned__one_second_off__is_refused_with_the_neighbours() -> None:
    with pytest.raises(UnitError, match=f"{T0} or {T0 + 900}"):
        require_aligned(EpochSeconds(T0 + 1), 900)


def test_grid__index_at_its_ends__is_half_open() -> None:
    grid = SlotGrid(T0, 900, 4)
    ends = [EpochSeconds(second) for second in (T0 - 1, T0, T0 + 899, T0 + 900, grid.end - 1, grid.end)]
    assert [grid.index_at(second) for second in ends] == [None, 0, 0, 1, 3, None]


def test_grid__beyond_its_last_slot__is_refused() -> None:
    with pytest.raises(IndexError):
        SlotGrid(T0, 900, 4)[4]


def test_grid__iterated__tiles_its_window() -> None:
    slots = list(SlotGrid(T0, 3600, 3))
    assert slots[0].start == T0
    assert [a.end for a in slots[:-1]] == [b.start for b in slots[1:]]


def test_slot__holds__only_what_lies_inside() -> None:
    slot = Slot(T0, 3600)
    assert slot.holds(EpochSeconds(T0 + 2700), 900)
    assert not slot.holds(EpochSeconds(T0 + 2700), 901)
    assert not slot.holds(EpochSeconds(T0 - 1), 900)


@pytest.mark.parametrize(
    ("day", "quarters"), [(date(2026, 3, 29), 92), (date(2026, 6, 1), 96), (date(2026, 10, 25), 100)]
)
def test_day_grid__clock_changes__has_the_quarter_hours_of_the_day(day: date, quarters: int) -> None:
    grid = day_grid(day)
    assert len(grid) == quarters
    assert {local_day(slot.start) for slot in grid} == {day}
    assert local_day(grid.end) != day


def test_times__for_people_and_machines__name_their_offset() -> None:
    midnight = local_midnight(date(2026, 7, 1))
    assert show_time(midnight) == "2026-07-01 00:00 +0200"
    assert iso_utc(midnight) == "2026-06-30T22:00:00+00:00"
