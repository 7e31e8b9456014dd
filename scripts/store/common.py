"""What the store's commands share: the database and how entries are shown."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection, Engine

from commons.database.engine import is_url, open_database, open_existing
from commons.database.migrate import upgrade
from commons.errors import InputError
from scripts.surroundings import show, table

Database = Annotated[
    str,
    typer.Option(
        metavar="FILE|URL",
        help="An operator's database: an SQLite file, or a postgresql:// URL (its password in PGPASSFILE, never here).",
    ),
]
InCommunity = Annotated[
    str | None, typer.Option("--community", metavar="NAME|ADDRESS", help="The community, where there are several.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@contextmanager
def opened(database: str, may_make: bool = False) -> Iterator[Engine]:
    """The database at its present schema; a file that is not there is a typing error, unless it may be made."""
    engine = open_database(Path(database)) if may_make and not is_url(database) else open_existing(database)
    try:
        upgrade(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def register(database: str, may_make: bool = False) -> Iterator[Connection]:
    """A transaction in the database."""
    with opened(database, may_make) as engine, engine.begin() as connection:
        yield connection


def now() -> int:
    """The present epoch second."""
    return int(time.time())


def moment(text: str) -> int:
    """The epoch second of a moment as typed.

    Raises:
        InputError: it is none, or lacks its offset from UTC.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no moment", remedy="Write it as 2026-06-10T00:00:00+02:00.") from error
    if found.tzinfo is None:
        raise InputError(f"{text!r} lacks its offset from UTC", remedy="Write it as 2026-06-10T00:00:00+02:00.")
    return int(found.timestamp())


def show_added(as_json: bool, what: str, number: int) -> None:
    """Say under which number something is registered."""
    show(as_json, {"id": number}, lambda: [f"The {what} is number {number}."])


def show_list(as_json: bool, rows: Sequence[dict[str, Any]], columns: Sequence[str], what: str) -> None:
    """Show entries: some of their columns to people, all of them as JSON."""

    def lines() -> Sequence[str]:
        cells = [["–" if row[name] is None else row[name] for name in columns] for row in rows]
        return table(columns, cells) if rows else [f"There are no {what} yet."]

    show(as_json, rows, lines)


Lister = Callable[[Connection, int | None], Sequence[dict[str, Any]]]
