"""Bring a database to the present schema, whatever it is now: empty, made by step 1, or older than this version.

All of it is one transaction, on SQLite, too: whoever is killed in the middle leaves the database as it was, and two
processes that start together take turns.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, pool, text

from commons.database.engine import POSTGRESQL, SQLITE
from commons.errors import SettingsError

HEAD = "0005"
"""The schema of this version; the name of the newest file in `migrations/versions`."""
MIGRATIONS = Path(__file__).with_name("migrations")


@dataclass(frozen=True)
class Schema:
    """A set of tables with its history: the newest of its migrations, their folder, and the table that counts them."""

    head: str
    migrations: Path
    version_table: str = "alembic_version"


STORE = Schema(HEAD, MIGRATIONS)
"""The operators' store of this package."""
_LOCK = 0x636F6D6D6F6E  # whoever migrates a PostgreSQL database holds this advisory lock


def upgrade(engine: Engine, schema: Schema = STORE) -> None:
    """Make the schema that of this version; costs one query where it is already.

    Raises:
        SettingsError: the database is of a newer version than this program.
    """
    with engine.connect() as connection:
        found = revision(connection, schema)
    if found == schema.head:
        return
    if found is not None and not any(schema.migrations.glob(f"versions/{found}_*.py")):
        raise SettingsError(
            f"the database has schema {found}, this program knows up to {schema.head}", remedy="Update the program."
        )
    exclusive = _exclusive(engine)
    try:
        with exclusive.begin() as connection:
            if connection.dialect.name == POSTGRESQL:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            _run(connection, schema)
    finally:
        exclusive.dispose()


def revision(connection: Connection, schema: Schema = STORE) -> str | None:
    """The schema that the database has; None before there were versions."""
    if not inspect(connection).has_table(schema.version_table):
        return None
    counted = f"SELECT version_num FROM {schema.version_table}"  # noqa: S608  a name of ours
    found = connection.execute(text(counted)).scalar_one_or_none()
    return None if found is None else str(found)


def _run(connection: Connection, schema: Schema) -> None:
    from alembic import command  # takes long to load, and is rarely needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(schema.migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _exclusive(engine: Engine) -> Engine:
    """An engine of the same database, whose transactions hold the schema's changes, too, and exclude other writers."""
    exclusive = create_engine(engine.url, poolclass=pool.NullPool)
    if engine.dialect.name == SQLITE:
        event.listen(exclusive, "connect", _no_implicit_transactions)
        event.listen(exclusive, "begin", _begin_immediately)
    return exclusive


def _no_implicit_transactions(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout=120000")


def _begin_immediately(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
