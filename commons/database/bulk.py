"""Integers by the million into a table and back, without an object per row where the database allows it.

SQLite takes rows through one prepared statement, and gives packed columns; PostgreSQL moves whole columns through its
binary COPY format. Source: PostgreSQL documentation, COPY, "Binary Format".
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from commons.database.engine import POSTGRESQL

IntTable = npt.NDArray[np.int64]

_SLICE = 1 << 16
_COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_END = b"\xff\xff"
_BIGINT_BYTES = 8


def insert_new(connection: Connection, table: str, columns: Sequence[str], rows: IntTable) -> int:
    """Insert the rows whose key is not there yet, and say how many; rows in the order of the key are fastest."""
    if connection.dialect.name == POSTGRESQL:
        return _copy_in(connection, table, columns, rows)
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
    slices = (rows[first : first + _SLICE] for first in range(0, len(rows), _SLICE))
    return sum(
        connection.exec_driver_sql(statement, list(zip(*part.T.tolist(), strict=True))).rowcount for part in slices
    )


def read_integers(connection: Connection, columns: Sequence[str], source: str) -> IntTable:
    """(n, columns) the integers that `SELECT columns source` gives; none of them is null.

    Args:
        columns: expressions; never from outside.
        source: what follows in the statement, its figures written into it; never from outside.
    """
    if connection.dialect.name == POSTGRESQL:
        return _copy_out(connection, columns, source)
    rows: Any = connection.exec_driver_sql(f"SELECT {', '.join(columns)} {source}").cursor
    integers = np.fromiter(itertools.chain.from_iterable(rows), dtype=np.int64)  # no Row, nor tuple, is kept
    return integers.reshape(-1, len(columns))


def _copy_in(connection: Connection, table: str, columns: Sequence[str], rows: IntTable) -> int:
    names = ", ".join(columns)
    typed = ", ".join(f"{name} bigint" for name in columns)
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE arriving ({typed}) ON COMMIT DROP")
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY arriving ({names}) FROM STDIN (FORMAT binary)") as copy:
        copy.write(_COPY_HEAD)
        for first in range(0, len(rows), _SLICE):
            copy.write(_packed(rows[first : first + _SLICE]))
        copy.write(_COPY_END)
    statement = f"INSERT INTO {table} ({names}) SELECT {names} FROM arriving ON CONFLICT DO NOTHING"  # noqa: S608
    added = connection.exec_driver_sql(statement).rowcount
    connection.exec_driver_sql("DROP TABLE arriving")
    return added


def _copy_out(connection: Connection, columns: Sequence[str], source: str) -> IntTable:
    typed = ", ".join(f"({column})::bigint" for column in columns)
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY (SELECT {typed} {source}) TO STDOUT (FORMAT binary)") as copy:
        parts = list(_unpacked(copy, len(columns)))
    return np.concatenate(parts) if parts else np.empty((0, len(columns)), dtype=np.int64)


def _unpacked(chunks: Iterator[bytes], count: int) -> Iterator[IntTable]:
    """The rows of a binary copy, slice by slice; its header is on the first piece and its end on the last."""
    layout = _layout(count)
    rest = bytearray()
    is_begun = False
    for chunk in chunks:
        rest += chunk
        if not is_begun and len(rest) >= len(_COPY_HEAD):
            del rest[: len(_COPY_HEAD)]
            is_begun = True
        whole = len(rest) // layout.itemsize
        if is_begun and whole >= _SLICE:
            yield _integers(bytes(rest[: whole * layout.itemsize]), layout)
            del rest[: whole * layout.itemsize]
    whole = len(rest) // layout.itemsize
    if whole:
        yield _integers(bytes(rest[: whole * layout.itemsize]), layout)


def _layout(count: int) -> np.dtype[np.void]:
    """One row of a binary copy: the number of fields, and per field its length and its big-endian value."""
    field = np.dtype([("length", ">i4"), ("value", ">i8")])
    return np.dtype([("fields", ">i2"), ("field", field, (count,))])


def _packed(rows: IntTable) -> bytes:
    table = np.empty(len(rows), dtype=_layout(rows.shape[1]))
    table["fields"] = rows.shape[1]
    table["field"]["length"] = _BIGINT_BYTES
    table["field"]["value"] = rows
    return table.tobytes()


def _integers(raw: bytes, layout: np.dtype[np.void]) -> IntTable:
    values = np.frombuffer(raw, dtype=layout)["field"]["value"]
    return values.astype(np.int64)
