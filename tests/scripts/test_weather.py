"""`commonwatt weather`: refusals, a file taken in once, and what is listed."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from commons.addresses import Address
from oracle.registry.people import add_community
from tests.scripts.command import Command
from tests.support.intake import NOW

HEAD = "start,temperature_c,irradiance_w_m2,cloud_pct,wind_m_s\n"
FILE = HEAD + "2026-06-10T10:00:00+02:00,24.5,812,10,2.25\n2026-06-10T09:00:00Z,-0.5,,,\n"
FUTURE = HEAD + "2026-06-12T10:00:00+02:00,24.5,812,10,2.25\n"


@pytest.fixture
def commonwatt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.setattr("scripts.weather.now", lambda: NOW)
    return Command(monkeypatch, capsys)


@pytest.fixture
def database(store_engine: Engine) -> str:
    """A store of each kind that knows one community."""
    with store_engine.begin() as connection:
        add_community(connection, "Fontana", 31337, Address("0x" + "fe" * 20))
    url = store_engine.url.set(drivername=store_engine.dialect.name)
    if store_engine.dialect.name == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=False)


def written(folder: Path, content: str, name: str = "weather.csv") -> str:
    (folder / name).write_text(content, encoding="utf-8")
    return str(folder / name)


def taken(commonwatt: Command, database: str, file: str, *more: str) -> tuple[int, str, str]:
    return commonwatt("weather", "import", file, "--database", database, "--source", "station", *more)


def listed(commonwatt: Command, database: str, *more: str) -> list[dict[str, object]]:
    code, printed, said = commonwatt("weather", "list", "--database", database, "--json", *more)
    assert code == 0, said
    found: list[dict[str, object]] = json.loads(printed)
    return found


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        (FILE[:-1], "in the middle of a line"),
        ("start\n2026-06-10T10:00:00Z\n", "the name states the unit"),
        ("start,temperature\n2026-06-10T10:00:00Z,20\n", "line 1: the columns are start,temperature"),
        ("start,temperature_f\n2026-06-10T10:00:00Z,70\n", "the name states the unit"),
        ("temperature_c,start\n20,2026-06-10T10:00:00Z\n", "The first is start"),
        ("start,cloud_pct,cloud_pct\n2026-06-10T10:00:00Z,1,1\n", "names a column twice"),
        (HEAD + "2026-06-10T10:00:00Z,20\n", "line 2 has 2 fields, and the first 5"),
        (HEAD + "2026-06-10T10:00:00,20,,,\n", "line 2: '2026-06-10T10:00:00' is no moment with its offset"),
        (HEAD + "2026-06-10T10:15:00Z,20,,,\n", "line 2: no hour begins then"),
        (HEAD + "1969-12-31T10:00:00Z,20,,,\n", "line 2: no hour begins then"),
        (HEAD + "2026-06-10T10:00:00Z,,,,\n", "line 2 has no figure"),
        (HEAD + "2026-06-10T10:00:00Z,nan,,,\n", "'nan' is no figure of temperature_c"),
        (HEAD + "2026-06-10T10:00:00Z,2e1,,,\n", "'2e1' is no figure of temperature_c"),
        (HEAD + "2026-06-10T10:00:00Z,60.5,,,\n", "temperature_c cannot be 60.5"),
        (HEAD + "2026-06-10T10:00:00Z,-90.5,,,\n", "temperature_c cannot be -90.5"),
        (HEAD + "2026-06-10T10:00:00Z,,2000.5,,\n", "irradiance_w_m2 cannot be 2000.5"),
        (HEAD + "2026-06-10T10:00:00Z,,,100.5,\n", "It is 0 to 100 in that unit"),
        (HEAD + "2026-06-10T10:00:00Z,,,,120.5\n", "wind_m_s cannot be 120.5"),
        (HEAD + "2026-06-10T10:00:00Z,,,,-0.5\n", "wind_m_s cannot be -0.5"),
        (FILE + "2026-06-10T08:00:00Z,1,,,\n", "line 4 is of the same hour as line 2"),
        (FUTURE, "comes in with --forecast"),
    ],
)
def test_import__not_of_the_format__is_refused_whole(
    commonwatt: Command, sqlite_store: Engine, tmp_path: Path, content: str, said: str
) -> None:
    code, printed, error = taken(
        commonwatt, str(sqlite_store.url.database), written(tmp_path, content), "--place", "here"
    )

    assert (code, printed) == (2, "")
    assert said in error
    assert error.count("\n") == 1
    assert listed(commonwatt, str(sqlite_store.url.database)) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "there are 0 communities here"),
        (("--place", " "), "is no name of a place"),
        (("--place", "x" * 65), "is no name of a place"),
        (("--place", "a\nb"), "is no name of a place"),
        (("--place", "here", "--source", ""), "is no name of a source"),
        (("--database", "nothing.sqlite"), "is no database"),
    ],
)
def test_import__without_place_source_or_database__is_refused(
    commonwatt: Command, sqlite_store: Engine, tmp_path: Path, more: tuple[str, ...], said: str
) -> None:
    code, _, error = taken(commonwatt, str(sqlite_store.url.database), written(tmp_path, FILE), *more)

    assert (code, said in error) == (2, True), error


def test_import__twice__is_there_once_as_it_was_given(commonwatt: Command, database: str, tmp_path: Path) -> None:
    file = written(tmp_path, FILE)

    assert taken(commonwatt, database, file)[1] == f"{file}: 2 hours, 2 new\n"
    assert taken(commonwatt, database, file)[1] == f"{file}: 2 hours, 0 new\n"

    names = ("place", "source", "kind", "start", "temperature_c", "irradiance_w_m2", "cloud_pct", "wind_m_s")
    assert [[one[name] for name in names] for one in listed(commonwatt, database, "--from", "2026-06-10")] == [
        ["Fontana", "station", "measured", "2026-06-10T08:00:00+00:00", 24.5, 812.0, 10.0, 2.25],
        ["Fontana", "station", "measured", "2026-06-10T09:00:00+00:00", -0.5, None, None, None],
    ]


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        (FILE.replace("24.5", "24.6"), (), "that temperature_c is 24.5, and not 24.6"),
        (FILE.replace("24.5", ""), (), "that temperature_c is 24.5, and not None"),
        (FILE, ("--forecast",), "that is_forecast is False, and not True"),
    ],
)
def test_import__known_hour_with_another_figure__changes_nothing(
    commonwatt: Command, database: str, tmp_path: Path, content: str, more: tuple[str, ...], said: str
) -> None:
    taken(commonwatt, database, written(tmp_path, FILE))
    before = listed(commonwatt, database, "--from", "2026-06-10")
    new_hour = "2026-06-10T12:00:00Z,1,,,\n"

    code, _, error = taken(commonwatt, database, written(tmp_path, content + new_hour), *more)

    assert (code, said in error) == (2, True), error
    assert listed(commonwatt, database, "--from", "2026-06-10") == before


def test_import__forecast__may_be_of_hours_to_come(commonwatt: Command, database: str, tmp_path: Path) -> None:
    assert taken(commonwatt, database, written(tmp_path, FUTURE), "--forecast")[0] == 0

    (span,) = listed(commonwatt, database)
    assert (span["kind"], span["hours"], span["first"]) == ("forecast", 1, "2026-06-12T08:00:00+00:00")
    assert "forecast" in commonwatt("weather", "list", "--database", database)[1]


def test_import__one_of_two_files_is_wrong__takes_neither(commonwatt: Command, database: str, tmp_path: Path) -> None:
    right, wrong = written(tmp_path, FILE), written(tmp_path, HEAD + "soon,1,,,\n", "wrong.csv")

    assert commonwatt("weather", "import", right, wrong, "--database", database, "--source", "s")[0] == 2
    assert listed(commonwatt, database) == []


def test_list__days_and_place__are_those_alone(commonwatt: Command, database: str, tmp_path: Path) -> None:
    taken(commonwatt, database, written(tmp_path, FILE))
    taken(commonwatt, database, written(tmp_path, FILE), "--place", "hill")

    assert len(listed(commonwatt, database, "--place", "hill")) == 1
    assert len(listed(commonwatt, database, "--from", "2026-06-10", "--to", "2026-06-10")) == 4
    assert listed(commonwatt, database, "--to", "2026-06-09") == []
    assert (
        "There are no hours of weather yet." in commonwatt("weather", "list", "--database", database, "--place", "x")[1]
    )
    assert "is not a day" in commonwatt("weather", "list", "--database", database, "--from", "soon")[2]
