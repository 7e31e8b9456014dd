"""A database comes to the present schema from wherever it is, whole or not at all, on SQLite and PostgreSQL alike."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, text

from commons.database import migrate
from commons.database.engine import is_url, open_database
from commons.database.migrate import HEAD, revision, upgrade
from commons.database.tables import store_metadata
from commons.errors import SettingsError

STEP_1 = """
CREATE TABLE points (
    id INTEGER NOT NULL, point_id VARCHAR NOT NULL, wallet VARCHAR NOT NULL, kind VARCHAR NOT NULL,
    PRIMARY KEY (id), UNIQUE (point_id)
);
CREATE TABLE readings (
    start BIGINT NOT NULL, point INTEGER NOT NULL, seconds INTEGER NOT NULL, withdrawn_wh BIGINT NOT NULL,
    injected_wh BIGINT NOT NULL, quality INTEGER NOT NULL,
    PRIMARY KEY (start, point), FOREIGN KEY(point) REFERENCES points (id)
) WITHOUT ROWID;
CREATE TABLE sendings (id INTEGER NOT NULL, purpose VARCHAR NOT NULL, PRIMARY KEY (id));
INSERT INTO points VALUES (1, '0x01', '0xa1', 'exchange');
INSERT INTO readings VALUES (900, 1, 900, 12, 34, 0);
"""
"""What an operator of step 1 had, with a reading, and a table of its journal."""


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    where = tmp_path / "store.sqlite" if request.param == "sqlite" else request.getfixturevalue("postgres").database()
    opened = open_database(where)
    yield opened
    opened.dispose()


@pytest.fixture
def step_1(tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "operator.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(STEP_1)
    connection.close()
    opened = open_database(path)
    yield opened
    opened.dispose()


def found(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return revision(connection)


@pytest.mark.parametrize("url", ["mysql://somebody@127.0.0.1/readings", "not a url://"])
def test_open__unknown_kind_of_database__is_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        open_database(url)


def test_upgrade__database_of_a_newer_version__is_refused(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SettingsError, match="schema 9999, this program knows up to"):
        upgrade(engine)


def test_upgrade__killed_in_the_middle__leaves_the_database_as_it_was(
    step_1: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = migrate._run

    def run_and_die(connection: Connection, schema: migrate.Schema) -> None:
        run(connection, schema)
        raise KeyboardInterrupt

    monkeypatch.setattr(migrate, "_run", run_and_die)
    with pytest.raises(KeyboardInterrupt):
        upgrade(step_1)

    assert found(step_1) is None
    assert {column["name"] for column in inspect(step_1).get_columns("readings")} == {
        "start",
        "point",
        "seconds",
        "withdrawn_wh",
        "injected_wh",
        "quality",
    }


def test_upgrade__empty_database__has_exactly_the_tables_of_the_models(engine: Engine) -> None:
    upgrade(engine)

    assert found(engine) == HEAD
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), store_metadata()) == []


KEYS_OF_0004 = """
DROP TABLE meter_keys;
CREATE TABLE meter_keys (
    point_id VARCHAR NOT NULL, key_address VARCHAR NOT NULL, valid_from BIGINT NOT NULL, valid_until BIGINT,
    PRIMARY KEY (point_id, key_address, valid_from)
);
INSERT INTO communities (id, chain_id, address, name, takes_unsigned) VALUES (1, 7, '0xc1', 'A', true),
    (2, 8, '0xc2', 'B', true);
INSERT INTO users (id, name) VALUES (1, 'Anna');
INSERT INTO roles (id, name) VALUES (1, 'member');
INSERT INTO memberships (id, community, person, role, wallet, member_id, profile, joined)
    VALUES (1, 2, 1, 1, '0xa1', '0x01', 'consumer', 0);
INSERT INTO points (id, point_id, wallet, kind, membership) VALUES (1, '0x01', '0xa1', 'exchange', 1),
    (2, '0x02', '0xb0', 'exchange', NULL);
INSERT INTO meter_keys VALUES ('0x01', '0xk1', 5, NULL), ('0x01', '0xk0', 1, 5), ('0x02', '0xk2', 5, NULL);
UPDATE alembic_version SET version_num = '0004'
"""


def test_upgrade__meter_keys_of_0004__are_those_of_their_points_community(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        for statement in KEYS_OF_0004.split(";"):
            connection.execute(text(statement))

    upgrade(engine)

    with engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM meter_keys ORDER BY valid_from")).all()
        assert compare_metadata(MigrationContext.configure(connection), store_metadata()) == []
    assert [tuple(row) for row in rows] == [(8, "0xc2", "0x01", "0xk0", 1, 5), (8, "0xc2", "0x01", "0xk1", 5, None)]


def test_upgrade__again__changes_nothing(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO roles (name) VALUES ('member')"))

    upgrade(engine)

    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM roles")).scalar_one() == 1


def test_upgrade__database_of_step_1__keeps_its_readings_and_journal(step_1: Engine) -> None:
    upgrade(step_1)

    assert found(step_1) == HEAD
    assert "sendings" in inspect(step_1).get_table_names()
    with step_1.connect() as connection:
        rows = connection.execute(text("SELECT * FROM readings")).all()
        columns = inspect(step_1).get_columns("readings")
    assert [tuple(row) for row in rows] == [(900, 1, 900, 12, 34, 0, None, None)]
    assert [column["name"] for column in columns][-2:] == ["flow", "ingested"]


def test_upgrade__several_at_once__take_turns(engine: Engine) -> None:
    errors: list[Exception] = []

    def work() -> None:
        try:
            upgrade(engine)
        except Exception as error:  # noqa: BLE001  handed to the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert found(engine) == HEAD


def test_head__is_the_newest_file_of_the_migrations() -> None:
    assert sorted(path.name for path in migrate.MIGRATIONS.glob("versions/*.py"))[-1].startswith(f"{HEAD}_")


@pytest.mark.parametrize(("text", "is_one"), [("postgresql://a@b/c", True), ("var/operator.sqlite", False)])
def test_is_url__tells_urls_from_files(text: str, is_one: bool) -> None:
    assert is_url(text) is is_one
