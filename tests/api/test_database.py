"""The API's database comes to its schema on SQLite and PostgreSQL alike, even beside an operator's store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlmodel import Session, select

from api.database import SCHEMA, api_metadata, open_api_database
from api.read_model.follower import Follower, Source
from api.read_model.tables import EventRow, SessionFactRow
from commons.database.engine import open_database
from commons.database.migrate import revision, upgrade
from tests.support.chain import World


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "api.sqlite")
    return str(request.getfixturevalue("postgres").database())


@pytest.fixture
def engine(where: str) -> Iterator[Engine]:
    opened = open_api_database(where)
    yield opened
    opened.dispose()


def test_open__empty_database__has_the_tables_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": SCHEMA.version_table})
        ours = set(api_metadata().tables)
        differences = [d for d in compare_metadata(context, api_metadata()) if not _is_foreign(d, ours)]
        assert differences == []
        assert revision(connection, SCHEMA) == SCHEMA.head


def test_open__beside_an_operators_store__both_keep_their_own_history(where: str, tmp_path: Path) -> None:
    store = open_database(where if "://" in where else Path(where))
    upgrade(store)
    engine = open_api_database(where)
    tables = set(inspect(engine).get_table_names())
    assert {"alembic_version", "readings", SCHEMA.version_table, "events"} <= tables
    upgrade(store)
    store.dispose()
    engine.dispose()


def test_follow__into_either_database__finds_the_session(engine: Engine, world: World) -> None:
    number = world.open_session()
    follower = Follower(world.chain, engine, Source(world.deployment.factory, world.deployment.first_block))
    follower.step()
    assert follower.step().events == 0
    with Session(engine) as rows:
        assert [row.number for row in rows.exec(select(SessionFactRow))] == [number]
        opened = rows.exec(select(EventRow).where(EventRow.name == "SessionOpened")).one()
        assert opened.args["sessionId"] == str(number)


def _is_foreign(difference: object, ours: set[str]) -> bool:
    """Whether a difference is about another part's table, which this history leaves alone."""
    return isinstance(difference, tuple) and difference[0] == "remove_table" and difference[1].name not in ours
