"""Whether memory grows in proportion."""

import pytest

from scripts.bench import memory
from scripts.bench.memory import MemoryRows


def measured(monkeypatch: pytest.MonkeyPatch, peaks: dict[int, int | None]) -> MemoryRows:
    monkeypatch.setattr(memory, "peak_bytes", lambda work, count: peaks[count])
    return MemoryRows("tree", "memory", "orders")


def test_memory__that_grows_faster_than_the_orders__misses_its_aim(monkeypatch: pytest.MonkeyPatch) -> None:
    found = measured(monkeypatch, {100: 1_000, 1_000: 13_000})
    (first,), (second,) = found.rows(100), found.rows(1_000)
    assert not first.has_aim
    assert (second.figure, second.ratio, second.holds) == (13.0, 1.3, False)


def test_memory__in_proportion_to_the_orders__holds(monkeypatch: pytest.MonkeyPatch) -> None:
    found = measured(monkeypatch, {100: 1_000, 1_000: 10_000})
    (*_, second) = [*found.rows(100), *found.rows(1_000)]
    assert (second.ratio, second.holds) == (1.0, True)


def test_memory__that_cannot_be_measured__is_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not list(measured(monkeypatch, {100: None}).rows(100))
