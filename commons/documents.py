"""JSON documents that a person or another program hands in: read strictly, each complaint naming the place.

Unlike `commons.canonical`, figures are JSON integers here and spacing is free. Nothing is converted or guessed: a key
too many, a figure in quotes or with a decimal point is refused, with what was expected instead.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from commons.errors import MalformedInput, UnitError

STDIN = "-"


def read_document(source: str) -> Any:
    """The JSON value in the file `source`, or on standard input for `-`.

    Raises:
        MalformedInput: it cannot be read, is not JSON, or gives a key twice.
    """
    name = "standard input" if source == STDIN else source
    try:
        raw = sys.stdin.buffer.read() if source == STDIN else Path(source).read_bytes()
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except OSError as error:
        raise MalformedInput(f"{name} cannot be read ({error.strerror})", remedy="Check the file's name.") from error
    except (ValueError, RecursionError) as error:
        raise MalformedInput(f"{name} is not JSON ({error})", remedy="Check that the file is whole.") from error


def record(value: Any, keys: Mapping[str, str], where: str) -> dict[str, Any]:
    """The object `value`, if it has exactly `keys`, which map each name to what is expected there.

    Raises:
        MalformedInput: no object, or a key is missing or unknown.
    """
    if not isinstance(value, dict):
        raise MalformedInput(f"{where} is not an object", remedy=f"Expected are the keys {', '.join(keys)}.")
    for key in keys:
        if key not in value:
            raise MalformedInput(f"{where} lacks {key!r}", remedy=f"Add it: {keys[key]}.")
    for key in value:
        if key not in keys:
            expected = "; ".join(f"{name}: {meaning}" for name, meaning in keys.items())
            raise MalformedInput(f"{where} has the unknown key {key!r}", remedy=f"Expected are {expected}.")
    return value


def rows(value: Any, where: str) -> list[Any]:
    """The list `value`.

    Raises:
        MalformedInput: no list.
    """
    if not isinstance(value, list):
        raise MalformedInput(f"{where} is not a list", remedy="Write its entries in square brackets.")
    return value


def whole(value: Any, least: int, most: int, where: str, meaning: str) -> int:
    """The integer `value`, between `least` and `most`.

    Raises:
        UnitError: text, a fraction, or outside; `meaning` says what is expected, its unit included.
    """
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    raise UnitError(f"{where} is {json.dumps(value)[:40]}", remedy=f"Expected {meaning}, from {least} to {most}.")


def choice(value: Any, choices: tuple[str, ...], where: str) -> str:
    """The text `value`, one of `choices`.

    Raises:
        MalformedInput: anything else.
    """
    if isinstance(value, str) and value in choices:
        return value
    raise MalformedInput(f"{where} is {json.dumps(value)[:40]}", remedy=f"Expected {' or '.join(choices)}.")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} is given twice")
        found[key] = value
    return found


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON figure")
