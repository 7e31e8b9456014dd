"""`commonwatt ingest folder`: whole files in, each moved; killed in the middle, it begins anew without loss."""

import json
import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.scripts.command import Command
from tests.scripts.services import served
from tests.support.intake import Metered, furnish
from tests.support.waiting import eventually

LONG_AGO = 1_600_000_200
HEADER = "point_id,start,seconds,withdrawn_wh,injected_wh,quality\n"


@pytest.fixture
def commonwatt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


@pytest.fixture
def metered(sqlite_store: Engine) -> Metered:
    found = furnish(sqlite_store, takes_unsigned=True, starts=0)
    with sqlite_store.begin() as connection:
        connection.execute(text("UPDATE points SET pod = 'IT001E1'"))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "dropped"
    made.mkdir()
    return made


def lines(metered: Metered, first: int, count: int) -> str:
    return HEADER + "".join(
        f"{metered.point_id},{LONG_AGO + slot * 900},900,{slot},0,0\n" for slot in range(first, first + count)
    )


def arguments(metered: Metered, folder: Path, *more: str) -> tuple[str, ...]:
    return ("ingest", "folder", str(folder), "--database", str(metered.engine.url.database), "--settle", "0", *more)


@pytest.mark.parametrize(
    ("more", "said"),
    [(["--format", "excel"], "Choose one of any"), (["--slot", "7"], "Use 900 or 3600"), ([], "is no folder")],
)
def test_folder__what_cannot_be__is_refused(
    commonwatt: Command, metered: Metered, tmp_path: Path, more: list[str], said: str
) -> None:
    code, _, error = commonwatt(*arguments(metered, tmp_path / "nowhere", *more))

    assert (code, said in error) == (2, True)


def test_folder__community_that_wants_signatures__has_its_files_refused(
    commonwatt: Command, sqlite_store: Engine, folder: Path
) -> None:
    metered = furnish(sqlite_store, starts=0)
    (folder / "a.csv").write_text(lines(metered, 0, 3))
    printed = commonwatt(*arguments(metered, folder, "--once"))[1]

    assert "a.csv: refused. Fontana takes only readings that meters signed" in printed
    assert metered.readings() == []


def test_folder__files_of_several_formats__are_told_by_their_first_line(
    commonwatt: Command, metered: Metered, folder: Path
) -> None:
    (folder / "a.csv").write_text(lines(metered, 0, 2))
    (folder / "b.csv").write_text("point,start,withdrawn_kwh,injected_kwh\nIT001E1,2020-09-13T13:00:00Z,0.5,0\n")
    (folder / "c.csv").write_text("start,IT001E1\n2020-09-13T13:15:00Z,-0.25\n")
    (folder / "d.csv").write_text("something;else\n1;2\n")
    (folder / "e.csv").write_text(lines(metered, 2, 2)[:-3])
    notes = [json.loads(line) for line in commonwatt(*arguments(metered, folder, "--once", "--json"))[1].splitlines()]

    assert [note.get("added", note.get("code")) for note in notes] == [2, 1, 1, "malformed_input", "malformed_input"]
    assert [(withdrawn, injected, quality) for _, withdrawn, injected, quality in metered.readings()] == [
        (0, 0, 1), (1, 0, 1), (500, 0, 1), (0, 250, 1),
    ]  # fmt: skip
    assert sorted(path.name for path in (folder / "refused").glob("*.csv")) == ["d.csv", "e.csv"]


def test_folder__killed_while_it_takes_files__takes_the_rest_without_loss(metered: Metered, folder: Path) -> None:
    files, size = 40, 200
    for number in range(files):
        (folder / f"{number:03}.csv").write_text(lines(metered, number * size, size))
    with served(*arguments(metered, folder)) as service:
        eventually(lambda: len(list((folder / "done").glob("*.csv"))) >= 3, "three files are taken")
        os.kill(service.process.pid, signal.SIGKILL)
        service.process.wait()
    there = len(metered.readings())
    assert 3 * size <= there
    assert there % size == 0

    with served(*arguments(metered, folder)):
        eventually(lambda: not list(folder.glob("*.csv")), "no file is left")
    assert len(list((folder / "done").glob("*.csv"))) == files
    assert [start for start, *_ in metered.readings()] == [LONG_AGO + slot * 900 for slot in range(files * size)]
