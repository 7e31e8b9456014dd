"""Integers go in and come back the same, by the slice and beyond it, on SQLite and PostgreSQL alike."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, text

from commons.database.bulk import insert_new, read_integers
from commons.database.engine import open_database

COLUMNS = ("a", "b")
LARGEST = (1 << 63) - 1


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    where = tmp_path / "bulk.sqlite" if request.param == "sqlite" else request.getfixturevalue("postgres").database()
    opened = open_database(where)
    with opened.begin() as connection:
        connection.execute(text("CREATE TABLE pairs (a bigint primary key, b bigint not null)"))
    yield opened
    opened.dispose()


def put(engine: Engine, *rows: tuple[int, int]) -> int:
    with engine.begin() as connection:
        return insert_new(connection, "pairs", COLUMNS, np.array(rows, dtype=np.int64).reshape(-1, 2))


def got(engine: Engine, source: str = "FROM pairs ORDER BY a") -> list[list[int]]:
    with engine.connect() as connection:
        found: list[list[int]] = read_integers(connection, COLUMNS, source).tolist()
        return found


def test_insert__rows_known_already__are_left_as_they_are(engine: Engine) -> None:
    assert put(engine, (1, 10), (2, 20)) == 2
    assert put(engine, (2, 99), (3, 30), (3, 31)) == 1
    assert got(engine) == [[1, 10], [2, 20], [3, 30]]


def test_insert__transaction_that_fails__stores_nothing(engine: Engine) -> None:
    with engine.connect() as connection:
        assert insert_new(connection, "pairs", COLUMNS, np.array([[1, 2]])) == 1
        connection.rollback()

    assert got(engine) == []


def test_insert__twice_in_one_transaction__works(engine: Engine) -> None:
    with engine.begin() as connection:
        added = [insert_new(connection, "pairs", COLUMNS, np.array([[n, n]])) for n in (1, 2, 2)]

    assert added == [1, 1, 0]


def test_integers__largest_and_smallest__come_back(engine: Engine) -> None:
    put(engine, (-LARGEST - 1, LARGEST), (0, -1))

    assert got(engine) == [[-LARGEST - 1, LARGEST], [0, -1]]


def test_integers__none__are_an_empty_table(engine: Engine) -> None:
    assert put(engine) == 0
    with engine.connect() as connection:
        assert read_integers(connection, COLUMNS, "FROM pairs").shape == (0, 2)


@pytest.mark.parametrize("count", [(1 << 16) - 1, 1 << 16, (1 << 17) + 5])
def test_integers__around_a_slice__come_back(engine: Engine, count: int) -> None:
    rows = np.column_stack((np.arange(count), np.arange(count)[::-1]))
    with engine.begin() as connection:
        assert insert_new(connection, "pairs", COLUMNS, rows) == count
        found = read_integers(connection, COLUMNS, "FROM pairs ORDER BY a")

    assert np.array_equal(found, rows)
