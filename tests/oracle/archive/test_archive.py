"""What was frozen comes back as it was, whatever arrives later."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from commons.database.engine import open_database
from commons.errors import InputError, NotFound
from commons.publication import join
from commons.slots import day_grid
from commons.units import EpochSeconds
from oracle.archive.archive import Archive
from oracle.archive.freezing import Built, DayPoints, build_dataset_of, freeze
from oracle.archive.keys import KeyBook
from oracle.evidence.types import DatasetId
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import ReadingBatch
from oracle.publication.evidence import KIND, from_dataset
from tests.oracle.archive.operators import COMMUNITY, GIULIA, OPERATOR, PIERO, fill

DAYS = (date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25))
CHAIN = 31337
POINTS = DayPoints(
    {point.point_id: one.member_id for one in (GIULIA, PIERO) for point in one.points},
    {one.member_id: one.key for one in (GIULIA, PIERO)},
)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    where = tmp_path / "store.sqlite" if request.param == "sqlite" else request.getfixturevalue("postgres").database()
    opened = open_database(where)
    fill(opened, GIULIA, PIERO, days=DAYS)
    yield opened
    opened.dispose()


def build(engine: Engine, day: date, version: int = 1, points: DayPoints = POINTS) -> Built:
    slots = day_grid(day)
    batch = ReadingStore(engine).batch(sorted(points.member_ids), slots.start, slots.end)
    return build_dataset_of(batch, CHAIN, DatasetId(COMMUNITY, day, version), points)


def one_reading(start: int, energy_wh: int) -> ReadingBatch:
    """A quarter-hour of Piero's."""
    starts, lengths, energies = (np.array([value]) for value in (start, 900, energy_wh))
    zero = np.zeros(1, np.int64)
    return ReadingBatch((PIERO.points[0].point_id,), zero, starts, lengths, energies, zero, np.zeros(1, np.uint8))


def test_readings__never_frozen__says_how_to(engine: Engine) -> None:
    with pytest.raises(NotFound, match=r"is not frozen here.*commonwatt dataset build 2026-03-29"):
        Archive(engine, COMMUNITY).readings(DAYS[1], 1)


def test_build__without_a_point_or_key__is_refused(engine: Engine) -> None:
    with pytest.raises(InputError, match="no point is bound"):
        build(engine, DAYS[0], points=DayPoints({}, {}))
    with pytest.raises(InputError, match=f"key of member 0x{PIERO.member_id.hex()} is not here"):
        build(engine, DAYS[0], points=DayPoints(POINTS.member_ids, {GIULIA.member_id: GIULIA.key}))


@pytest.mark.parametrize("day", DAYS)
def test_frozen__day_of_any_length__comes_back_as_it_was(engine: Engine, day: date) -> None:
    archive, one = Archive(engine, COMMUNITY), build(engine, day)

    frozen = freeze(archive, one, POINTS, EpochSeconds(99))

    found = archive.readings(day, 1)
    again = found.dataset(KeyBook(engine, COMMUNITY, OPERATOR).opened())
    assert found.frozen == frozen == archive.find(day, 1)
    assert (frozen.points, frozen.leaves) == (3, 3 * day_grid(day).count)
    assert again.root == one.dataset.root == frozen.root
    assert [grid.withdrawn_wh.tolist() for grid in found.grids] == [grid.withdrawn_wh.tolist() for grid in one.grids]
    assert found.member_ids == POINTS.member_ids


def test_freeze__again_with_later_readings__stays_as_it_was(engine: Engine) -> None:
    archive, day = Archive(engine, COMMUNITY), date(2026, 3, 30)
    first = freeze(archive, build(engine, day), POINTS, EpochSeconds(1))
    ReadingStore(engine).insert(one_reading(int(day_grid(day).start), 7))

    second = freeze(archive, build(engine, day), POINTS, EpochSeconds(2))
    correction = freeze(archive, build(engine, day, version=2), POINTS, EpochSeconds(3))

    assert second == first
    assert archive.readings(day, 1).grids[0].withdrawn_wh.sum() == 0
    assert archive.readings(day, 2).grids[0].withdrawn_wh.sum() == 7
    assert archive.versions(day) == [first, correction]
    assert archive.versions() == [first, correction]


def test_arrived_by__later_arrivals__are_left_out(engine: Engine) -> None:
    store, day = ReadingStore(engine), date(2026, 3, 30)
    start = int(day_grid(day).start)
    for slot, arrived in enumerate((100, 101, None)):
        store.keep(one_reading(start + 900 * slot, 5), ingested=arrived)

    found = store.batch([PIERO.points[0].point_id], start, start + 86400, arrived_by=100)
    assert ((found.start - start) // 900).tolist() == [0, 2]


def test_published__of_a_day__reads_back_and_holds_no_reading(engine: Engine) -> None:
    one = build(engine, DAYS[1])

    published = join(one.cid, one.published.files.__getitem__, KIND)

    assert from_dataset(published, one.cid) == one.document
    raw = b"".join(one.published.files.values())
    assert str(GIULIA.value).encode() not in raw
    assert GIULIA.key.hex().encode() not in raw
    assert all(salt.tobytes().hex().encode() not in raw for salt in one.dataset.salts)
