"""`commonwatt readings`: refusals, a file taken in, and the list of what was wrong."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from commons.database.engine import open_database
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Point, PointKind
from tests.oracle.intake.files import FILES, T0, P, Q, write
from tests.scripts.command import Command

DAY = ("--from", "2026-06-10", "--to", "2026-06-10")


@pytest.fixture
def commonwatt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


@pytest.fixture
def database(tmp_path: Path) -> str:
    """An operator's database that knows two points, by id and by POD."""
    path = tmp_path / "operator.sqlite"
    engine = open_database(path)
    ReadingStore(engine).add_points([Point(P, "0xa1", PointKind.EXCHANGE), Point(Q, "0xb0", PointKind.EXCHANGE)])
    with engine.begin() as connection:
        for pod, point_id in (("IT001E1", P), ("IT001E2", Q)):
            connection.execute(text("UPDATE points SET pod = :pod WHERE point_id = :id"), {"pod": pod, "id": point_id})
    engine.dispose()
    return str(path)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "excel"], "Choose one of long-wh"),
        (["--slot", "600"], "Use 900 or 3600."),
        (["--database", "nothing.sqlite"], "nothing.sqlite is no database"),
        (["--database", "mysql://somebody@127.0.0.1/x"], "no support for mysql"),
    ],
)
def test_import__asked_for_what_is_not_there__says_what_would_do(
    commonwatt: Command, database: str, arguments: list[str], said: str
) -> None:
    code, printed, error = commonwatt("readings", "import", "file.csv", "--database", database, *arguments)

    assert (code, printed) == (2, "")
    assert said in error


def test_import__file_cut_off__is_refused(commonwatt: Command, database: str, tmp_path: Path) -> None:
    path = write(tmp_path, "long-wh", FILES["long-wh"][:-3])
    code, _, error = commonwatt("readings", "import", str(path), "--database", database)

    assert code == 2
    assert "copy it again" in error


def test_anomalies__no_day__is_refused(commonwatt: Command, database: str) -> None:
    code, _, error = commonwatt("readings", "anomalies", "--database", database, "--from", "June", "--to", "July")

    assert code == 2
    assert "'June' is not a day" in error


def test_anomalies__none__says_so(commonwatt: Command, database: str) -> None:
    assert commonwatt("readings", "anomalies", "--database", database, *DAY)[1] == "No anomalies.\n"


@pytest.mark.parametrize("name", FILES)
def test_import__of_each_format__stores_and_says_how_many(
    commonwatt: Command, database: str, tmp_path: Path, name: str
) -> None:
    path = str(write(tmp_path, name))
    arguments = ("readings", "import", path, "--database", database, "--format", name)

    assert commonwatt(*arguments)[1] == f"{path}: 4 readings, 3 new; nothing wrong\n"
    again = json.loads(commonwatt(*arguments, "--json")[1])
    assert (again["read"], again["added"]) == (4, 0)


def test_anomalies__of_an_import__are_counted_and_listed(commonwatt: Command, database: str, tmp_path: Path) -> None:
    wrong = "".join(f"{P},{T0 + 900 * slot},900,-1,0,0\n" for slot in range(2, 30))
    path = write(tmp_path, "long-wh", FILES["long-wh"] + wrong)
    said = commonwatt("readings", "import", str(path), "--database", database)[1]
    shown = commonwatt("readings", "anomalies", "--database", database, *DAY)[1]
    listed = json.loads(commonwatt("readings", "anomalies", "--database", database, *DAY, "--json")[1])

    assert "28 negative_energy" in said
    assert "28 negative_energy" in shown
    assert "… and 8 more" in shown
    assert len(listed) == 28
    assert (listed[0]["code"], listed[0]["point_id"], listed[0]["withdrawn_wh"]) == ("negative_energy", P, -1)
