"""Open a database: an SQLite file by its path, or PostgreSQL by its URL."""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from commons.errors import NotFound, SettingsError

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_PRAGMAS = ("busy_timeout=30000", "journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON")


def open_database(where: Path | str) -> Engine:
    """Open (or create) the database at a path, or at a URL such as `postgresql://user@127.0.0.1/name`.

    SQLite keeps a write-ahead log, so that readers never wait for the writer, and overwrites what it deletes.

    Raises:
        SettingsError: a URL of something else than SQLite or PostgreSQL.
    """
    url = URL.create(SQLITE, database=str(where)) if isinstance(where, Path) else _url(where)
    engine = create_engine(url)
    if engine.dialect.name == SQLITE:
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _configure)
    return engine


def open_existing(where: str) -> Engine:
    """Open a database that a person named, by its file or URL; a file that is not there is a typing error.

    Raises:
        NotFound: there is no such file.
        SettingsError: a URL of something else than SQLite or PostgreSQL.
    """
    if is_url(where):
        return open_database(where)
    if not Path(where).is_file():
        raise NotFound(f"{where} is no database", remedy="Name an operator's database file, or its postgresql:// URL.")
    return open_database(Path(where))


def open_server(url: str) -> Engine:
    """Open a PostgreSQL database by a URL that was written into a file.

    Raises:
        SettingsError: it is no such URL, or holds a password, which is not shown.
    """
    address = _url(url) if is_url(url) else None
    if address is None or address.get_backend_name() != POSTGRESQL:
        raise SettingsError(
            "an operator's database.url names no PostgreSQL database", remedy="Write postgresql://user@host/name."
        )
    if address.password is not None:
        raise SettingsError(
            "the database's address holds its password, in a file that anybody may read",
            which=address.render_as_string(hide_password=True),
            remedy="Take it out, and write it into the file that PGPASSFILE names.",
        )
    return open_database(url)


def is_url(text: str) -> bool:
    """Whether the text names a database by URL rather than a file."""
    return "://" in text


def _url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise SettingsError("the database's address is no URL", remedy="Write postgresql://user@host/name.") from error
    kind = url.get_backend_name()
    if kind == POSTGRESQL:
        return url.set(drivername="postgresql+psycopg")
    if kind != SQLITE:
        raise SettingsError(f"there is no support for {kind}", remedy="Use an SQLite file or a postgresql:// URL.")
    return url


def _configure(connection: Any, _record: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
