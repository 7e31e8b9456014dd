"""`commonwatt kpi`: refusals, the measured year, an operator's database, and the chart."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from commons.database.engine import open_database
from commons.slots import local_midnight
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Point, PointKind, ReadingBatch
from tests.scripts.command import Command

ALICE = "0x" + "a1" * 20
GRID, PANELS = "0x" + "11" * 32, "0x" + "22" * 32
DAY = "2026-03-29"  # 23 hours


@pytest.fixture
def commonwatt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """An operator's readings of the short day in spring: 100 Wh from the grid each hour, and 50 Wh of panels."""
    path = tmp_path / "operator.sqlite"
    store = ReadingStore(open_database(path))
    store.add_points([Point(GRID, ALICE, PointKind.EXCHANGE), Point(PANELS, ALICE, PointKind.PRODUCTION)])
    start = local_midnight(date.fromisoformat(DAY))
    hours = np.tile(start + 3600 * np.arange(23), 2)
    of_grid = np.repeat([1, 0], 23)
    store.insert(
        ReadingBatch(
            (GRID, PANELS), 1 - of_grid, hours, np.full(46, 3600), of_grid * 100, (1 - of_grid) * 50, np.zeros(46, "u1")
        )
    )
    store.close()
    return path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "1 June"], "'1 June' is no day. Write it as 2017-06-01."),
        (["--from", "2017-06-02", "--to", "2017-06-01"], "2017-06-01 is before 2017-06-02"),
        (["--from", "2016-07-31"], "It goes from 2016-08-01 to 2017-07-31."),
        (["--to", "2017-08-01"], "the measured year has no readings"),
        (["--member", "H18"], "no such member in these readings (H18)"),
        (["--slot", "600"], "Use 900 or 3600."),
        (["--chart", "chart.pdf"], "End its name in .png or .svg."),
        (["--chart", "no/such/folder/chart.png"], "there is no folder"),
        (["--json", "--csv"], "Choose --json or --csv."),
        (["--database", "none.sqlite"], "Give --from and --to."),
        (["--database", "none.sqlite", "--from", DAY, "--to", DAY], "none.sqlite is no database"),
    ],
)
def test_kpi__asked_for_what_is_not_there__says_what_would_do(
    commonwatt: Command, arguments: list[str], said: str
) -> None:
    code, printed, error = commonwatt("kpi", *arguments)

    assert (code, printed) == (2, "")
    assert said in error


def test_kpi__database_without_points__is_refused(commonwatt: Command, tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    ReadingStore(open_database(path)).close()

    code, _, error = commonwatt("kpi", "--database", str(path), "--from", DAY, "--to", DAY)

    assert code == 2
    assert "knows no point" in error


def test_kpi__measured_year_as_json__has_the_years_shared_energy(commonwatt: Command) -> None:
    code, printed, _ = commonwatt("kpi", "--json")
    found = json.loads(printed)

    assert code == 0
    assert (found["from"], found["to"]) == ("2016-07-31T22:00:00+00:00", "2017-07-31T22:00:00+00:00")
    assert sum(found["shared_wh_per_hour"]) == found["indicators"][0]["shared_wh"] == 17_695_754
    assert len(found["indicators"]) == 18
    assert found["conventions"]["co2_g_per_kwh"] == 250


def test_kpi__one_member__stands_beside_its_past_and_the_others(commonwatt: Command) -> None:
    arguments = ("kpi", "--from", "2017-06-08", "--to", "2017-06-14", "--member", "H03")
    before = ("kpi", "--from", "2017-06-01", "--to", "2017-06-07", "--json")
    found = json.loads(commonwatt(*arguments, "--json")[1])
    earlier = json.loads(commonwatt(*before)[1])
    text = commonwatt(*arguments)[1]

    compared = {figure["name"]: figure for figure in found["comparisons"]}
    assert compared["peak_w"]["past"] == earlier["indicators"][3]["peak_w"]
    assert "in the period before" in text
    assert "250 g per kWh" in text


def test_kpi__as_csv__has_a_line_per_member(commonwatt: Command) -> None:
    rows = list(csv.DictReader(io.StringIO(commonwatt("kpi", "--csv", "--to", "2016-08-07")[1])))

    assert [row["name"] for row in rows[:2]] == ["community", "H01"]
    assert len(rows) == 18
    assert sum(int(rows[0][f"{band}_wh"]) for band in ("f1", "f2", "f3")) == int(rows[0]["withdrawn_wh"])


def test_kpi__operators_database__reads_a_short_day(commonwatt: Command, database: Path) -> None:
    arguments = ("kpi", "--database", str(database), "--from", DAY, "--to", DAY, "--json")
    found = json.loads(commonwatt(*arguments)[1])["indicators"]

    assert [figures["name"] for figures in found] == ["community", ALICE]
    assert (found[1]["slots"], found[1]["missing_slots"]) == (23, 0)
    assert (found[1]["consumed_wh"], found[1]["produced_wh"]) == (23 * 150, 23 * 50)
    assert found[1]["self_consumption_pct"] == 100


@pytest.mark.parametrize(("name", "magic"), [("chart.png", b"\x89PNG"), ("chart.svg", b"<?xml")])
def test_kpi__chart__is_written_and_the_same_again(
    commonwatt: Command, tmp_path: Path, name: str, magic: bytes
) -> None:
    drawn = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        code, printed, _ = commonwatt("kpi", "--to", "2016-08-14", "--chart", str(tmp_path / folder / name))
        assert code == 0
        assert "Shared within the community" in printed
        drawn.append((tmp_path / folder / name).read_bytes())

    assert drawn[0].startswith(magic)
    assert drawn[0] == drawn[1]
