"""Write a database anew after a deletion, so that no page, freed or not, holds what was deleted.

SQLite overwrites what it deletes (`secure_delete`, see `engine`); its file is then packed anew and its write-ahead log
cut to nothing. PostgreSQL writes the tables anew and samples them again, so that its statistics forget, too; what its
own write-ahead log and any backup hold ends when they are recycled.
"""

import time
from collections.abc import Iterable

from sqlalchemy import Connection, Engine

from commons.database.engine import POSTGRESQL
from commons.errors import SettingsError

WAIT_S = 60
_POLL_S = 0.1
_UNDER_WAY = """
    SELECT pid, xact_start FROM pg_stat_activity
    WHERE pid <> pg_backend_pid()
      AND (backend_xid IS NOT NULL OR (backend_xmin IS NOT NULL AND datname = current_database()))
"""


def rewrite(engine: Engine, tables: Iterable[str]) -> None:
    """Write the tables anew; of SQLite the whole file. Can be repeated.

    Args:
        tables: names of tables that are there; never from outside.

    Raises:
        SettingsError: another process reads the database, so that what was deleted is kept for it.
    """
    engine.dispose()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == POSTGRESQL:
            _let_readers_end(connection)
            for table in (*tables, "pg_catalog.pg_statistic"):  # the last only where the role may; else a notice
                connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table}")
            return
        connection.exec_driver_sql("VACUUM")
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    if busy:
        raise SettingsError(
            "another process has the database open, and its write-ahead log still holds what was deleted",
            remedy="Stop whatever uses this operator's database, then erase again: that ends it.",
        )


def _let_readers_end(connection: Connection) -> None:
    """Wait for the transactions now under way, the server's own statistics among them.

    They may still see what was deleted, so PostgreSQL would write it anew for them, or they write samples of it later.
    A writer counts in whatever database of the server it is: one clock of transactions serves all of them.
    """
    before = set(connection.exec_driver_sql(_UNDER_WAY).all())
    until = time.monotonic() + WAIT_S
    while before := before & set(connection.exec_driver_sql(_UNDER_WAY).all()):
        if time.monotonic() > until:
            pids = ", ".join(str(pid) for pid, _ in sorted(before))
            raise SettingsError(
                f"the database keeps what was deleted for transactions that do not end (server processes {pids})",
                remedy="End whatever uses this operator's database, then erase again: that ends it.",
            )
        time.sleep(_POLL_S)
