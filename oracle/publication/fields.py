"""Strict reading of published records: each complaint names the dataset, the place, what is there and what should be.

Everything comes from `commons.canonical`, so integers are decimal strings and no key is given twice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from commons import canonical
from commons.addresses import Address, address
from commons.errors import DatasetMalformed, MalformedInput
from commons.publication import Dataset

_REMEDY = "It is not what an operator publishes: ask the operator who posted it, or follow another one's."
_HEX = re.compile(r"0x([0-9a-f]{2})*")


@dataclass(frozen=True, slots=True)
class Fields:
    """The members of one record, each taken by name."""

    values: dict[str, Any]
    where: str

    @classmethod
    def of(cls, value: Any, keys: Sequence[str], where: str) -> "Fields":
        """The record `value`, if it has exactly `keys`.

        Raises:
            DatasetMalformed: no record, or a key is missing or unknown.
        """
        if not isinstance(value, dict) or value.keys() != set(keys):
            found = ", ".join(sorted(value)) if isinstance(value, dict) else type(value).__name__
            raise malformed(f"{where} should have the keys {', '.join(sorted(keys))}, and has {found}")
        return cls(value, where)

    def integer(self, key: str, below: int) -> int:
        """A figure of 0 or more, below `below`."""
        return _integer(self.values[key], below, f"{self.where}.{key}")

    def integers(self, key: str, below: int, count: int | None = None) -> list[int]:
        """A list of figures of 0 or more, below `below`; of `count` entries, where that is said."""
        return [
            _integer(value, below, f"{self.where}.{key}[{place}]") for place, value in enumerate(self._list(key, count))
        ]

    def choices(self, key: str, choices: tuple[Any, ...], count: int) -> list[Any]:
        """A list of `count` entries, each one of `choices`."""
        values = self._list(key, count)
        for place, value in enumerate(values):
            if not any(value is choice or value == choice for choice in choices):
                raise malformed(f"{self.where}.{key}[{place}] should be one of {choices}, and is {str(value)[:40]!r}")
        return values

    def text(self, key: str) -> str:
        """A text."""
        value = self.values[key]
        if not isinstance(value, str):
            raise malformed(f"{self.where}.{key} should be text, and is {str(value)[:40]!r}")
        return value

    def address(self, key: str) -> Address:
        """An address in lower case."""
        text = self.text(key)
        try:
            plain = address(text)
        except MalformedInput as error:
            raise malformed(f"{self.where}.{key}: {error.what}") from error
        if plain != text:
            raise malformed(f"{self.where}.{key} should be in lower case, and is {text}")
        return plain

    def hash(self, key: str) -> bytes:
        """32 bytes in hexadecimal."""
        return self.octets(key, 32)

    def octets(self, key: str, count: int) -> bytes:
        """`count` bytes in hexadecimal."""
        text = self.text(key)
        if not _HEX.fullmatch(text) or len(text) != 2 + 2 * count:
            raise malformed(f"{self.where}.{key} should be 0x and {2 * count} hexadecimal digits, and is {text[:80]!r}")
        return bytes.fromhex(text[2:])

    def _list(self, key: str, count: int | None) -> list[Any]:
        value = self.values[key]
        if not isinstance(value, list):
            raise malformed(f"{self.where}.{key} should be a list, and is {str(value)[:40]!r}")
        if count is not None and len(value) != count:
            raise malformed(f"{self.where}.{key} should have {count} entries, and has {len(value)}")
        return value


def tables_of(dataset: Dataset, names: Sequence[str], where: str) -> list[Sequence[Any]]:
    """The tables of a dataset that has exactly these.

    Raises:
        DatasetMalformed: a table is missing, or unknown.
    """
    if dataset.tables.keys() != set(names):
        raise malformed(f"{where} should have the tables {', '.join(names)}, and has {', '.join(dataset.tables)}")
    return [dataset.tables[name] for name in names]


def hexadecimal(raw: bytes) -> str:
    """Bytes as a dataset writes them."""
    return "0x" + raw.hex()


def malformed(what: str) -> DatasetMalformed:
    """The error about a dataset that does not say what such a dataset says."""
    return DatasetMalformed(what, remedy=_REMEDY)


def _integer(value: Any, below: int, where: str) -> int:
    figure = canonical.integer(value, where)
    if not 0 <= figure < below:
        raise malformed(f"{where} is {figure}, and should be at least 0 and below {below}")
    return figure
