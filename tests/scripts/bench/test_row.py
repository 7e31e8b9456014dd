"""When a measured figure passes its aim."""

import pytest

from scripts.bench.row import Row, medians_ns


def row(figure: float, ratio: float | None = None, most: float | None = None, most_ratio: float | None = None) -> Row:
    return Row("work", "10 orders", figure, "ms", "np.sort", ratio, most, most_ratio)


def test_holds__of_a_figure_one_past_its_aim__is_false() -> None:
    assert not row(101, most=100).holds


def test_holds__of_a_figure_at_its_aim__is_true() -> None:
    assert row(100, most=100).holds


def test_holds__of_a_ratio_past_its_aim__is_false_however_small_the_figure() -> None:
    assert not row(1, ratio=4.01, most=100, most_ratio=4).holds


def test_holds__of_a_ratio_that_was_not_measured__is_false() -> None:
    assert not row(1, most_ratio=4).holds


@pytest.mark.parametrize(("measured", "has_aim"), [(row(1), False), (row(1, most=2), True), (row(1, 2, None, 4), True)])
def test_aim__of_a_row__is_there_where_figure_or_ratio_has_a_limit(measured: Row, has_aim: bool) -> None:
    assert measured.has_aim is has_aim
    assert measured.holds


def test_medians__of_two_works__leave_the_first_runs_out_and_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0, 7, 10, 50, 100, 102, 110, 155, 200, 1_000_000_200, 300, 345])
    monkeypatch.setattr("scripts.bench.row.time.process_time_ns", lambda: next(clock))
    runs: list[str] = []
    assert medians_ns(lambda: runs.append("work"), lambda: runs.append("yardstick")) == (7, 45)
    assert runs == ["work", "yardstick"] * 4
