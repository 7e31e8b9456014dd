"""Stored days looked through: gaps and stuck meters are listed, short gaps filled beside the readings."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, text

from commons.slots import day_grid
from oracle.intake.anomaly_book import AnomalyBook
from oracle.intake.examination import examine_day
from oracle.measurement.measured_year import load_measured_year, year_energy
from oracle.measurement.replay import STANDARD_OFFSET_SECONDS
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Point, PointKind, ReadingBatch
from oracle.quality.types import AnomalyCode

P = "0x" + "11" * 32
DAY = date(2026, 6, 10)
START = int(day_grid(DAY).start)
NOW = START + 10 * 86_400


@pytest.fixture
def store(store_engine: Engine) -> ReadingStore:
    opened = ReadingStore(store_engine)
    opened.add_points([Point(P, "0xa1", PointKind.EXCHANGE)])
    return opened


def put(store: ReadingStore, hours: dict[int, int]) -> None:
    """Store withdrawn Wh by hours from the day's start."""
    count = len(hours)
    store.insert(
        ReadingBatch(
            (P,),
            np.zeros(count, np.int64),
            START + 3600 * np.array(list(hours), dtype=np.int64),
            np.full(count, 3600),
            np.array(list(hours.values()), dtype=np.int64),
            np.zeros(count, np.int64),
            np.zeros(count, np.uint8),
        )
    )


def filled(engine: Engine) -> list[tuple[int, int]]:
    """Hour and Wh of what is in the derived series."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT start, withdrawn_wh FROM derived ORDER BY start"))
        return [((start - START) // 3600, wh) for start, wh in rows]


def test_examine__no_points__finds_nothing(store_engine: Engine) -> None:
    assert examine_day(store_engine, ReadingStore(store_engine), DAY, 3600, NOW).listed == ()


def test_examine__gaps__are_listed_and_the_short_ones_filled_beside(store: ReadingStore, store_engine: Engine) -> None:
    put(store, {hour: 100 + hour for hour in range(24) if hour not in (3, *range(8, 14), *range(15, 22))})
    before = store.readings([P], START, START + 86_400, 3600)
    found = examine_day(store_engine, store, DAY, 3600, NOW)
    again = examine_day(store_engine, store, DAY, 3600, NOW)

    assert [(one.code, (one.start - START) // 3600, one.seconds // 3600) for one in found.listed] == [
        (AnomalyCode.GAP, 3, 1),
        (AnomalyCode.GAP, 8, 6),
        (AnomalyCode.GAP, 15, 7),
    ]
    assert again == found
    assert len(AnomalyBook(store_engine).between(START, NOW).listed) == 3
    assert filled(store_engine) == [(3, 103), *((hour, 100 + hour) for hour in range(8, 14))]
    after = store.readings([P], START, START + 86_400, 3600)
    assert (after.quality == before.quality).all()


def test_examine__gap_over_midnight__is_filled_from_both_days(store: ReadingStore, store_engine: Engine) -> None:
    put(store, {-3: 100, 2: 200, **dict.fromkeys(range(3, 30), 7)})
    examine_day(store_engine, store, DAY, 3600, NOW)

    assert filled(store_engine) == [(0, 160), (1, 180)]


def test_examine__gap_that_was_filled_by_readings_since__leaves_the_series(
    store: ReadingStore, store_engine: Engine
) -> None:
    put(store, {hour: 7 for hour in range(24) if hour != 5})
    examine_day(store_engine, store, DAY, 3600, NOW)
    assert filled(store_engine) == [(5, 7)]

    put(store, {5: 9})
    examine_day(store_engine, store, DAY, 3600, NOW)
    assert filled(store_engine) == []


def test_examine__same_energy_over_midnight_for_a_day__is_stuck(store: ReadingStore, store_engine: Engine) -> None:
    put(store, {hour: 300 if -14 <= hour < 10 else 200 + hour for hour in range(-24, 24)})
    (anomaly,) = examine_day(store_engine, store, DAY, 3600, NOW).listed

    assert (anomaly.code, anomaly.start, anomaly.seconds) == (AnomalyCode.STUCK, START - 14 * 3600, 24 * 3600)


def test_examine__stuck_until_the_day_before__is_that_days_matter(store: ReadingStore, store_engine: Engine) -> None:
    put(store, {hour: 300 if hour < 0 else 200 + hour for hour in range(-24, 24)})

    assert examine_day(store_engine, store, DAY, 3600, NOW).listed == ()


def test_examine__measured_year_of_homes_that_rest__has_no_stuck_meter(sqlite_store: Engine) -> None:
    year = load_measured_year(Path(__file__).parents[3] / "data" / "fontana17")
    energy = year_energy(year, STANDARD_OFFSET_SECONDS)
    ids = tuple("0x" + f"{number:064x}" for number in range(len(energy.members)))
    store = ReadingStore(sqlite_store)
    store.add_points([Point(point_id, "0xa1", PointKind.EXCHANGE) for point_id in ids])
    point, slot = (axis.ravel() for axis in np.indices(energy.withdrawn_wh.shape))
    store.insert(
        ReadingBatch(
            ids,
            point.astype(np.int64),
            energy.start + slot.astype(np.int64) * 3600,
            np.full(len(point), 3600),
            energy.withdrawn_wh.ravel(),
            energy.injected_wh.ravel(),
            np.zeros(len(point), np.uint8),
        )
    )
    days = [date(2016, 8, 10), date(2016, 12, 25), date(2017, 3, 26), date(2017, 7, 1)]
    found = [one.code for day in days for one in examine_day(sqlite_store, store, day, 3600, NOW).listed]

    assert found == []
