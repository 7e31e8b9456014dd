"""What the registers have in common: an entry by its key, once, and never silently another."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from commons.errors import InputError, NotFound


def add_entry(
    connection: Connection,
    table: Table,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    at_first: Mapping[str, Any] | None = None,
) -> int:
    """Enter something under its key and give its number; the number that it has, if it is there already.

    Args:
        at_first: further values of a new entry, which those of an old one may differ from.

    Raises:
        InputError: it is there with another value.
    """
    found = connection.execute(select(table).where(*(table.c[name] == value for name, value in key.items()))).first()
    if found is None:
        row = connection.execute(insert(table).values(**key, **values, **(at_first or {})).returning(table.c.id))
        return int(row.scalar_one())
    for name, value in values.items():
        if getattr(found, name) != value:
            shown = ", ".join(map(str, key.values()))
            raise InputError(
                f"{shown} is in {table.name} already, with {name} {getattr(found, name)!r} and not {value!r}",
                remedy="What is registered is not changed by adding it again: check which is true.",
            )
    return int(found.id)


def number_of(connection: Connection, table: Table, what: str, **key: Any) -> int:
    """The number of an entry.

    Raises:
        NotFound: there is none under this key.
    """
    row = connection.execute(select(table.c.id).where(*(table.c[name] == value for name, value in key.items()))).first()
    if row is None:
        raise NotFound(
            f"there is no such {what}",
            which=str(next(iter(key.values()))),
            remedy=f"Add it: commonwatt store {what} add.",
        )
    return int(row.id)
