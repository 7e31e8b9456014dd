"""An operator's own readings: never overwritten, never half a batch."""

import dataclasses
import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import event

from commons.database.engine import open_database
from commons.errors import ConflictingPoint, ConflictingReading, UnitError, UnknownPoint
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Point, PointKind, Quality, ReadingGrid

P, Q, R = ("0x" + digits * 32 for digits in ("11", "22", "33"))
ALICE, BOB = "0x" + "a1" * 20, "0x" + "b0" * 20
T0 = 1_799_996_400


def grid_of(points: tuple[str, ...], slots: int = 24) -> ReadingGrid:
    withdrawn = np.arange(len(points))[:, np.newaxis] * 100 + np.arange(slots)
    return ReadingGrid(points, T0, 3600, withdrawn, withdrawn[::-1].copy(), np.zeros(withdrawn.shape, np.uint8))


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ReadingStore]:
    in_file = request.param == "sqlite"
    path = tmp_path / "operator" / "readings.sqlite"
    opened = ReadingStore(open_database(path if in_file else request.getfixturevalue("postgres").database()))
    opened.add_points([Point(P, ALICE, PointKind.EXCHANGE), Point(Q, BOB, PointKind.EXCHANGE)])
    yield opened
    opened.close()


@pytest.mark.parametrize("changed", [Point(P, BOB, PointKind.EXCHANGE), Point(P, ALICE, PointKind.PRODUCTION)])
def test_add_points__known_otherwise__is_refused_whole(store: ReadingStore, changed: Point) -> None:
    with pytest.raises(ConflictingPoint, match="already registered as exchange point") as refusal:
        store.add_points([Point(R, ALICE, PointKind.EXCHANGE), changed])

    assert P in str(refusal.value)
    assert [point.point_id for point in store.points()] == [P, Q]


def test_insert__unknown_point__is_refused(store: ReadingStore) -> None:
    with pytest.raises(UnknownPoint, match=R):
        store.insert(grid_of((P, R)).batch())


def test_readings__unknown_point__are_refused(store: ReadingStore) -> None:
    with pytest.raises(UnknownPoint, match="1 of 2 points"):
        store.readings((P, R), T0, T0 + 3600, 3600)


@pytest.mark.parametrize("column", ["withdrawn_wh", "injected_wh", "quality", "seconds"])
def test_insert__second_value_for_a_reading__is_refused_and_nothing_stored(store: ReadingStore, column: str) -> None:
    store.insert(grid_of((P, Q), slots=3).batch())
    batch = grid_of((P, Q), slots=4).batch()
    changed = getattr(batch, column).copy()
    changed[5] += 1  # the second reading of Q
    conflicting = dataclasses.replace(batch, **{column: changed})

    with pytest.raises(ConflictingReading, match="another reading from 1800000000") as refusal:
        store.insert(conflicting)

    assert Q in str(refusal.value)
    after = store.readings((P, Q), T0, T0 + 4 * 3600, 3600)
    assert after.withdrawn_wh[:, :3].tolist() == [[0, 1, 2], [100, 101, 102]]
    assert (after.quality[:, 3] == Quality.MISSING).all()


@pytest.mark.parametrize("seconds", [0, -900, 1 << 12])
def test_insert__length_that_is_none_of_a_reading__is_refused(store: ReadingStore, seconds: int) -> None:
    batch = grid_of((P,), slots=1).batch()

    with pytest.raises(UnitError, match="longer than an hour, or shorter"):
        store.insert(dataclasses.replace(batch, seconds=np.array([seconds])))


def test_keep__second_values__keeps_the_rest_and_tells_which(store: ReadingStore) -> None:
    store.insert(grid_of((P, Q), slots=3).batch())
    later = grid_of((P, Q), slots=4).batch()
    later.withdrawn_wh[5] += 1

    kept = store.keep(later, flow=7, ingested=T0)

    assert (kept.added, kept.conflicting.tolist()) == (2, [5])
    assert store.readings((P, Q), T0, T0 + 4 * 3600, 3600).withdrawn_wh[1].tolist() == [100, 101, 102, 103]


def test_readings__of_no_points__are_none(store: ReadingStore) -> None:
    store.insert(grid_of((P,), slots=1).batch())

    assert store.readings((), T0, T0 + 3600, 3600).withdrawn_wh.shape == (0, 1)


def test_insert__batch_that_contradicts_itself__is_refused(store: ReadingStore) -> None:
    batch = grid_of((P,), slots=2).batch()
    twice = dataclasses.replace(batch, start=np.full(2, T0))

    with pytest.raises(ConflictingReading):
        store.insert(twice)

    assert store.readings((P,), T0, T0 + 3600, 3600).quality.tolist() == [[Quality.MISSING]]


def test_insert__again__adds_nothing(store: ReadingStore) -> None:
    batch = grid_of((P, Q)).batch()

    assert (store.insert(batch), store.insert(batch)) == (48, 0)


def test_insert__missing_readings__are_not_stored_so_that_they_can_still_arrive(store: ReadingStore) -> None:
    grid = grid_of((P, Q), slots=2)
    late = grid.batch()
    grid.quality[0, 1] = Quality.MISSING
    missing = dataclasses.replace(late, quality=grid.quality.ravel())

    assert store.insert(missing) == 3
    assert store.insert(late) == 1


def test_readings__in_another_order__follow_the_order_asked(store: ReadingStore) -> None:
    grid = grid_of((P, Q))
    store.insert(grid.batch())

    read = store.readings((Q, P), T0, T0 + 24 * 3600, 3600)

    assert read.point_ids == (Q, P)
    assert read.withdrawn_wh.tolist() == grid.withdrawn_wh[::-1].tolist()
    assert read.injected_wh.tolist() == grid.injected_wh[::-1].tolist()


def test_readings__of_many_points__are_those_of_few_put_together(store: ReadingStore) -> None:
    many = tuple(f"0x{number:064x}" for number in range(700))
    store.add_points(Point(point, ALICE, PointKind.EXCHANGE) for point in many)
    grid = grid_of(many, slots=3)
    store.insert(grid.batch())

    read = store.readings(many[:600], T0, T0 + 3 * 3600, 3600)

    assert read.withdrawn_wh.tolist() == grid.withdrawn_wh[:600].tolist()


def test_store__reopened__keeps_points_and_readings(tmp_path: Path) -> None:
    path = tmp_path / "readings.sqlite"
    first = ReadingStore(open_database(path))
    first.add_points([Point(P, ALICE, PointKind.PRODUCTION)])
    first.insert(grid_of((P,)).batch())
    first.close()

    again = ReadingStore(open_database(path))

    assert again.points() == (Point(P, ALICE, PointKind.PRODUCTION),)
    assert again.readings((P,), T0, T0 + 7200, 3600).withdrawn_wh.tolist() == [[0, 1]]
    again.close()


def _insert_and_die_before_the_commit(path: Path) -> None:
    engine = open_database(path)
    store = ReadingStore(engine)
    event.listen(engine, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))
    store.insert(grid_of((P, Q)).batch())


def test_insert__killed_before_the_commit__leaves_nothing_and_can_be_repeated(tmp_path: Path) -> None:
    path = tmp_path / "readings.sqlite"
    store = ReadingStore(open_database(path))
    store.add_points([Point(P, ALICE, PointKind.EXCHANGE), Point(Q, BOB, PointKind.EXCHANGE)])
    child = multiprocessing.get_context("spawn").Process(target=_insert_and_die_before_the_commit, args=(path,))
    child.start()
    child.join()

    assert child.exitcode == -signal.SIGKILL
    assert (store.readings((P, Q), T0, T0 + 24 * 3600, 3600).quality == Quality.MISSING).all()
    assert store.insert(grid_of((P, Q)).batch()) == 48
    store.close()
