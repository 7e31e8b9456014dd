"""A day of readings from a file into a database and back as a matrix, against the file's bare rows into bare SQLite."""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from commons.database.engine import open_database
from oracle.intake.formats import FORMATS
from oracle.intake.take_in import take_in
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Point, PointKind, ReadingBatch, ReadingGrid
from oracle.quality.types import FlowRules
from scripts.bench.days import SLOTS, random_day
from scripts.bench.postgres import programs, serve
from scripts.bench.row import Progress, Row, Rows, median_ns

TITLE = "Readings in and out"
POINTS = (1_000, 10_000)
MOST_IN_S, MOST_OUT_S = 10, 2
"""Of the largest day."""
RULES = FlowRules(slot_seconds=900, most_w=100_000)
_YARDSTICK = "inserting as many bare rows into SQLite"


def rows(progress: Progress) -> Rows:
    """Files taken in, checked and deduplicated, into SQLite and PostgreSQL; a day read back."""
    for points in POINTS:
        grid = random_day(points)
        with tempfile.TemporaryDirectory() as folder:
            file = _write(grid, Path(folder) / "day.csv")
            progress(f"bare rows of {points:,} points")
            yardstick = median_ns(partial(_bare, grid, Path(folder)))
            for name, where in _databases(Path(folder)):
                progress(f"{points:,} points, {name}")
                yield from _measure(name, where, grid, file, yardstick)


def _databases(folder: Path) -> Iterator[tuple[str, list[Path | str]]]:
    """Empty databases to fill, a few of each kind."""
    yield "SQLite", [folder / f"{number}.sqlite" for number in range(30)]
    found = programs()
    if found is not None:
        with serve(found) as server:
            yield "PostgreSQL", [server.database() for _ in range(8)]


def _measure(name: str, empty: list[Path | str], grid: ReadingGrid, file: Path, yardstick: int) -> Rows:
    size = f"{len(grid.point_ids):,} points × {SLOTS}"
    points = [Point(point_id, f"0x{n:040x}", PointKind.EXCHANGE) for n, point_id in enumerate(grid.point_ids)]
    places = {point_id: point_id for point_id in grid.point_ids}
    stores: list[ReadingStore] = []

    def fill() -> None:
        engine = open_database(empty.pop())
        store = ReadingStore(engine)
        store.add_points(points)
        take_in(file, FORMATS["long-wh"], places, RULES, store, 0)
        stores.append(store)

    filled = _median_of_few(fill)
    yield Row(f"file into {name}, checked", size, filled / 1e9, "s", _YARDSTICK, filled / yardstick, most=MOST_IN_S)
    read = median_ns(lambda: stores[0].readings(grid.point_ids, grid.start, grid.end, 900))
    yield Row(f"matrix out of {name}", size, read / 1e9, "s", _YARDSTICK, read / yardstick, most=MOST_OUT_S)
    for store in stores:
        store.close()


def _median_of_few(work: Callable[[], None]) -> int:
    """The median of three runs after one to warm up: each run needs an empty database of its own."""
    times = []
    for _ in range(4):
        start = time.perf_counter_ns()
        work()
        times.append(time.perf_counter_ns() - start)
    return sorted(times[1:])[1]


def _write(grid: ReadingGrid, path: Path) -> Path:
    batch: ReadingBatch = grid.batch()
    columns = (batch.start, batch.seconds, batch.withdrawn_wh, batch.injected_wh, batch.quality)
    lines = zip(np.array(grid.point_ids)[batch.point].tolist(), *(c.tolist() for c in columns), strict=True)
    with path.open("w", encoding="ascii") as out:
        out.write("point_id,start,seconds,withdrawn_wh,injected_wh,quality\n")
        out.writelines(",".join(map(str, line)) + "\n" for line in lines)
    return path


def _bare(grid: ReadingGrid, folder: Path) -> None:
    batch = grid.batch()
    (folder / "bare.sqlite").unlink(missing_ok=True)
    connection = sqlite3.connect(folder / "bare.sqlite")
    connection.execute("CREATE TABLE r (start INT, point INT, w INT, i INT, PRIMARY KEY (start, point)) WITHOUT ROWID")
    order = np.lexsort((batch.point, batch.start))
    columns = (batch.start, batch.point, batch.withdrawn_wh, batch.injected_wh)
    lines = list(zip(*(column[order].tolist() for column in columns), strict=True))
    connection.executemany("INSERT INTO r VALUES (?, ?, ?, ?)", lines)
    connection.commit()
    connection.close()
