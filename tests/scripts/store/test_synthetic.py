"""`commonwatt store synthetic`: the same community in a database and in files."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from commons.database.engine import open_database
from tests.scripts.command import Command

DAYS = ("--from", "2026-06-10", "--to", "2026-06-11", "--members", "4", "--json")


@pytest.fixture
def commonwatt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "Give --database or --files"),
        (("--files", "a", "--database", "b"), "Give --database or --files"),
        (("--files", "a", "--slot", "60"), "Use 900 or 3600"),
        (("--files", "a", "--to", "2026-06-01"), "before the first"),
    ],
)
def test_synthetic__what_cannot_be__is_refused(commonwatt: Command, more: tuple[str, ...], said: str) -> None:
    code, _, error = commonwatt("store", "synthetic", *DAYS, *more)

    assert (code, said in error) == (2, True)


def test_synthetic__into_a_database_and_through_files__is_the_same(commonwatt: Command, tmp_path: Path) -> None:
    direct, folder, through = tmp_path / "a.sqlite", tmp_path / "files", tmp_path / "b.sqlite"
    found = json.loads(commonwatt("store", "synthetic", *DAYS, "--database", str(direct))[1])
    assert found == {"members": 4, "points": 6, "days": 2, "readings": 6 * 96 * 2}
    again = json.loads(commonwatt("store", "synthetic", *DAYS, "--database", str(direct))[1])
    assert again["readings"] == 0

    assert commonwatt("store", "synthetic", *DAYS, "--files", str(folder))[0] == 0
    names = ["points.csv", "readings-2026-06-10.csv", "readings-2026-06-11.csv"]
    assert sorted(path.name for path in folder.iterdir()) == names
    tables = []
    for path in (direct, through):
        if path is through:
            with_points(direct, through)
            for name in names[1:]:
                assert commonwatt("readings", "import", str(folder / name), "--database", str(through))[0] == 0
        engine = open_database(path)
        with engine.connect() as connection:
            columns = "start, point, seconds, withdrawn_wh, injected_wh, quality"
            rows = connection.execute(text(f"SELECT {columns} FROM readings ORDER BY 1, 2"))  # noqa: S608
            tables.append([tuple(row) for row in rows])
        engine.dispose()
    assert tables[0] == tables[1]


def with_points(source: Path, target: Path) -> None:
    """A database with the points of another."""
    from oracle.measurement.store import ReadingStore

    first, second = ReadingStore(open_database(source)), ReadingStore(open_database(target))
    second.add_points(first.points())
    for store in (first, second):
        store.close()
