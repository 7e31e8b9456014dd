"""Readings count for a slot only if they tile it exactly."""

import numpy as np
import pytest

from oracle.measurement.tiling import tile
from oracle.measurement.types import Quality, ReadingBatch, ReadingGrid

P, Q = "0x" + "11" * 32, "0x" + "22" * 32
T0 = 1_800_000_000 // 3600 * 3600
Row = tuple[int, int, int, int, int, int]


def grid(*rows: Row, slots: int = 2) -> ReadingGrid:
    """Rows of (point, start after T0, seconds, withdrawn, injected, quality) over hourly slots."""
    point, start, seconds, withdrawn, injected, quality = np.array(rows, dtype=np.int64).reshape(-1, 6).T
    batch = ReadingBatch((P, Q), point, start + T0, seconds, withdrawn, injected, quality.astype(np.uint8))
    return tile(batch, T0, T0 + slots * 3600, 3600)


def quarters(withdrawn: list[int], quality: int = 0) -> list[Row]:
    return [(0, 900 * i, 900, wh, 1, quality) for i, wh in enumerate(withdrawn)]


def test_tile__window_of_no_whole_slots__is_refused() -> None:
    empty = np.zeros(0, np.int64)
    batch = ReadingBatch((P,), empty, empty, empty, empty, empty, empty.astype(np.uint8))
    with pytest.raises(ValueError, match="whole number of slots"):
        tile(batch, T0, T0 + 5000, 3600)


def test_tile__no_readings__all_missing() -> None:
    assert (grid().quality == Quality.MISSING).all()


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(quarters([1, 2, 3]), id="last quarter absent"),
        pytest.param(quarters([1, 2, 3, 4])[1:], id="first quarter absent"),
        pytest.param([*quarters([1, 2, 3, 4])[:2], *quarters([1, 2, 3, 4])[3:]], id="gap in the middle"),
        pytest.param([(0, 0, 1800, 5, 0, 0), (0, 900, 1800, 5, 0, 0)], id="overlap that adds up to an hour"),
        pytest.param([(0, 1800, 3600, 5, 0, 0)], id="across the slot's border"),
        pytest.param([*quarters([1, 2, 3]), (0, 2700, 900, 4, 1, 2)], id="one is marked missing"),
    ],
)
def test_tile__readings_that_do_not_tile__leave_the_slot_missing(rows: list[Row]) -> None:
    result = grid(*rows)

    assert result.quality[0, 0] == Quality.MISSING
    assert result.withdrawn_wh[0, 0] == result.injected_wh[0, 0] == 0


def test_tile__quarters_in_any_order__sum_to_the_hour_with_the_worst_quality() -> None:
    rows = [*quarters([1, 2, 3])[::-1], (0, 2700, 900, 40, 7, 1), (1, 3600, 3600, 9, 8, 0)]

    result = grid(*rows)

    assert result.withdrawn_wh.tolist() == [[46, 0], [0, 9]]
    assert result.injected_wh.tolist() == [[10, 0], [0, 8]]
    assert result.quality.tolist() == [[1, 2], [2, 0]]


def test_tile__readings_outside_the_window__are_left_out() -> None:
    result = grid((0, -3600, 3600, 5, 0, 0), (0, 7200, 3600, 5, 0, 0), (0, 0, 3600, 6, 0, 0))

    assert result.withdrawn_wh.tolist() == [[6, 0], [0, 0]]


def test_grid_to_batch__tiled_again__is_the_same_grid() -> None:
    result = grid(*quarters([1, 2, 3, 4]), (1, 3600, 3600, 9, 8, 1))

    again = tile(result.batch(), result.start, result.end, 3600)

    assert again.withdrawn_wh.tolist() == result.withdrawn_wh.tolist()
    assert again.quality.tolist() == result.quality.tolist()
