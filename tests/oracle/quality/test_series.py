"""Gaps, stuck meters and derived series, by hand and over the measured year."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from commons.slots import day_grid
from oracle.measurement.measured_year import MeasuredYear, load_measured_year
from oracle.measurement.types import Quality, ReadingGrid
from oracle.quality.series import STUCK_LEAST_W, gaps, interpolate, stuck
from oracle.quality.types import AnomalyCode

T0 = 1_799_996_400
X = None


def grid_of(*rows: list[int | None], seconds: int = 3600) -> ReadingGrid:
    """Withdrawn Wh per point and slot; None is missing. What is injected is twice as much."""
    withdrawn = np.array([[wh or 0 for wh in row] for row in rows], dtype=np.int64)
    quality = np.array([[Quality.MISSING if wh is None else 0 for wh in row] for row in rows], dtype=np.uint8)
    names = tuple(f"0x0{number}" for number in range(len(rows)))
    return ReadingGrid(names, T0, seconds, withdrawn, 2 * withdrawn, quality)


@pytest.fixture(scope="module")
def year() -> MeasuredYear:
    return load_measured_year(Path(__file__).parents[3] / "data" / "fontana17")


def of_year(year: MeasuredYear) -> ReadingGrid:
    quality = np.zeros(year.load_dwh.shape, np.uint8)
    return ReadingGrid(year.home_ids, T0, 3600, year.withdrawn_wh, year.injected_wh, quality)


@pytest.mark.parametrize(("day", "slots"), [("2026-03-29", 92), ("2026-06-10", 96), ("2026-10-25", 100)])
def test_gaps__of_a_local_day_without_readings__span_all_its_slots(day: str, slots: int) -> None:
    local = day_grid(date.fromisoformat(day))
    nothing = np.zeros((1, local.count), np.int64)
    quality = np.full(nothing.shape, Quality.MISSING, np.uint8)
    (gap,) = gaps(ReadingGrid(("0x00",), int(local.start), 900, nothing, nothing, quality)).listed

    assert (gap.code, gap.start, gap.seconds) == (AnomalyCode.GAP, local.start, slots * 900)


def test_gaps__several__are_listed_each_with_its_length() -> None:
    found = gaps(grid_of([X, 1, X, X, 1], [1, 1, 1, 1, X])).listed

    assert [(gap.point_id, (gap.start - T0) // 3600, gap.seconds // 3600) for gap in found] == [
        ("0x00", 0, 1),
        ("0x00", 2, 2),
        ("0x01", 4, 1),
    ]


def test_stuck__same_energy_for_a_day__is_listed() -> None:
    found = stuck(grid_of([*[300] * 24, 1], [*[300] * 23, 301, 300]))

    (anomaly,) = found.listed
    assert (anomaly.point_id, anomaly.start, anomaly.seconds, anomaly.withdrawn_wh) == ("0x00", T0, 24 * 3600, 300)


def test_stuck__quarter_hours__take_a_day_of_them() -> None:
    assert stuck(grid_of([80] * 95, seconds=900)).listed == ()
    assert len(stuck(grid_of([80] * 96, seconds=900)).listed) == 1


def test_stuck__home_that_rests__is_none() -> None:
    resting = STUCK_LEAST_W // 2 - 1  # what is injected is twice as much

    assert stuck(grid_of([resting] * 100, [0] * 100)).listed == ()
    assert len(stuck(grid_of([resting + 1] * 100)).listed) == 1


def test_stuck__gap_in_between__ends_the_run() -> None:
    assert stuck(grid_of([*[300] * 20, X, *[300] * 20])).listed == ()


def test_stuck__nothing_withdrawn_and_the_same_injected__counts_too() -> None:
    grid = grid_of([0] * 24)
    grid.injected_wh[:] = 500

    assert len(stuck(grid).listed) == 1


def test_stuck__measured_year__has_none_though_it_has_thousands_of_silent_hours(year: MeasuredYear) -> None:
    grid = of_year(year)

    assert ((grid.withdrawn_wh == 0) & (grid.injected_wh == 0)).sum() > 5_000
    assert stuck(grid).listed == ()
    assert gaps(grid).listed == ()


def test_interpolate__gap_at_the_edge_or_too_long__stays() -> None:
    found = interpolate(grid_of([X, 1, *[X] * 7, 9, X]))

    assert not found.interpolated.any()
    assert (found.readings.quality == Quality.MISSING).sum() == 9


def test_interpolate__gap_of_six_hours__is_filled_and_marked() -> None:
    grid = grid_of([7, *[X] * 6, 14, 5, X, 0])
    found = interpolate(grid)

    assert found.readings.withdrawn_wh[0].tolist() == [7, 8, 9, 10, 11, 12, 13, 14, 5, 2, 0]
    assert found.readings.injected_wh[0].tolist() == [14, 16, 18, 20, 22, 24, 26, 28, 10, 5, 0]
    assert np.flatnonzero(found.interpolated[0]).tolist() == [1, 2, 3, 4, 5, 6, 9]
    assert (found.readings.quality[found.interpolated] == Quality.ESTIMATED).all()
    assert (grid.quality == Quality.MISSING).sum() == 7  # what is stored stays as it is


def test_interpolate__quarter_hours__fill_twenty_four_of_them_at_most() -> None:
    assert interpolate(grid_of([0, *[X] * 24, 25], seconds=900)).interpolated.sum() == 24
    assert interpolate(grid_of([0, *[X] * 25, 26], seconds=900)).interpolated.sum() == 0


def test_interpolate__nothing_missing__changes_nothing() -> None:
    assert not interpolate(grid_of([1, 2, 3])).interpolated.any()
