"""Events' values as JSON has them: integers as decimal text, bytes as 0x-hex, enums by name, records as objects."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import IntEnum
from typing import Any

_ADDRESS_LENGTH = 42
_HASH_LENGTH = 66


def plain(value: Any) -> Any:
    """The value as JSON has it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {entry.name: plain(getattr(value, entry.name)) for entry in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, IntEnum):
        return value.name.lower()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def subjects(value: Any) -> Iterator[str]:
    """The addresses and 32-byte hashes that a plain value holds, zero ones left out."""
    if isinstance(value, dict):
        for item in value.values():
            yield from subjects(item)
    elif isinstance(value, list):
        for item in value:
            yield from subjects(item)
    elif isinstance(value, str) and len(value) in (_ADDRESS_LENGTH, _HASH_LENGTH) and value.startswith("0x"):
        yield from (found for found in (value,) if found.strip("0x"))
