"""A file taken in: what is right is stored, what is wrong is listed, and repeating it changes nothing."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from commons.database.engine import open_database
from commons.errors import MalformedInput
from oracle.intake.anomaly_book import AnomalyBook
from oracle.intake.formats import FORMATS
from oracle.intake.take_in import take_in
from oracle.intake.types import Intake
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Point, PointKind, Quality
from oracle.quality.types import AnomalyCode
from tests.oracle.intake.files import FILES, PODS, RULES, T0, P, Q, write

NOW = T0 + 86_400
WRONG = (
    f"{P},{T0},900,1,0,0\n"  # conflicts with 512
    f"{Q},{T0},900,0,33,0\n"  # the same again
    f"{P},{T0 + 1800},900,-4,0,0\n"
    f"{P},{T0 + 2700},900,99999,0,0\n"
    f"{P},{T0 + 3601},900,1,0,0\n"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    where = tmp_path / "store.sqlite" if request.param == "sqlite" else request.getfixturevalue("postgres").database()
    opened = open_database(where)
    with_points(opened)
    yield opened
    opened.dispose()


def with_points(engine: Engine) -> ReadingStore:
    store = ReadingStore(engine)
    store.add_points([Point(P, "0xa1", PointKind.EXCHANGE), Point(Q, "0xb0", PointKind.EXCHANGE)])
    return store


def take(engine: Engine, path: Path, name: str = "long-wh", now: int = NOW) -> Intake:
    return take_in(path, FORMATS[name], PODS, RULES, ReadingStore(engine), now)


def stored(engine: Engine) -> list[list[int | None]]:
    grid = ReadingStore(engine).readings((P, Q), T0, T0 + 4 * 900, 900)
    net = grid.withdrawn_wh - grid.injected_wh
    return [
        [None if missing else wh for wh, missing in zip(row, gone, strict=True)]
        for row, gone in zip(net.tolist(), (grid.quality == Quality.MISSING).tolist(), strict=True)
    ]


def test_take_in__file_that_is_not_whole__stores_nothing(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(MalformedInput):
        take(engine, write(tmp_path, "long-wh", FILES["long-wh"] + f"{P},{T0 + 1800},900,7"))

    assert stored(engine) == [[None] * 4] * 2


def test_take_in__wrong_readings__are_listed_and_the_right_ones_stored(engine: Engine, tmp_path: Path) -> None:
    found = take(engine, write(tmp_path, "long-wh", FILES["long-wh"] + WRONG))

    assert (found.read, found.added) == (9, 3)
    assert found.anomalies.counted() == {
        AnomalyCode.OFF_GRID: 1,
        AnomalyCode.NEGATIVE_ENERGY: 1,
        AnomalyCode.IMPLAUSIBLE_ENERGY: 1,
        AnomalyCode.REPEATED: 1,
        AnomalyCode.CONFLICTING: 1,
    }
    assert stored(engine) == [[512, None, None, None], [-33, 7, None, None]]
    assert AnomalyBook(engine).between(0, NOW).counted() == found.anomalies.counted()


def test_take_in__value_other_than_is_stored__is_listed_and_the_first_stays(engine: Engine, tmp_path: Path) -> None:
    take(engine, write(tmp_path, "long-wh"))
    found = take(engine, write(tmp_path, "long-wh", FILES["long-wh"].replace(",512,", ",513,")))

    assert found.added == 0
    (anomaly,) = found.anomalies.listed
    assert (anomaly.code, anomaly.point_id, anomaly.withdrawn_wh) == (AnomalyCode.CONFLICTING, P, 513)
    assert stored(engine)[0][0] == 512


@pytest.mark.parametrize("name", FILES)
def test_take_in__again__adds_nothing(engine: Engine, tmp_path: Path, name: str) -> None:
    path = write(tmp_path, name)

    assert (take(engine, path, name).added, take(engine, path, name).added) == (3, 0)


def test_anomalies__found_again__are_kept_once_with_their_first_time(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path, "long-wh", FILES["long-wh"] + WRONG)
    take(engine, path)
    before = AnomalyBook(engine).between(0, NOW)
    take(engine, path, now=NOW + 1)

    assert AnomalyBook(engine).between(0, NOW) == before
    assert AnomalyBook(engine).between(T0 + 1, NOW).counted()[AnomalyCode.OFF_GRID] == 1
    assert AnomalyCode.REPEATED not in AnomalyBook(engine).between(T0 + 1, NOW).counted()


def take_and_die(folder: Path) -> None:
    """Take a file in, and be killed when the first transaction is about to be committed."""
    engine = open_database(folder / "store.sqlite")
    store = ReadingStore(engine)
    event.listen(engine, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))
    take_in(folder / "long-wh.csv", FORMATS["long-wh"], PODS, RULES, store, NOW)


def test_take_in__killed_in_mid_batch__leaves_nothing_and_can_be_repeated(tmp_path: Path) -> None:
    path = write(tmp_path, "long-wh", FILES["long-wh"] + WRONG)
    engine = open_database(tmp_path / "store.sqlite")
    with_points(engine)
    child = multiprocessing.get_context("spawn").Process(target=take_and_die, args=(tmp_path,))
    child.start()
    child.join()

    assert child.exitcode == -signal.SIGKILL
    assert stored(engine) == [[None] * 4] * 2
    assert take(engine, path).added == 3
    assert len(AnomalyBook(engine).between(0, NOW).listed) == 5
    engine.dispose()
