"""Canonical JSON (RFC 8785): the one way to write a value down, so that its bytes and their CID are the same anywhere.

Integers are written as decimal strings, because JSON readers disagree beyond 2⁵³; floats do not exist. What is read
must be canonical to the byte: two files of the same meaning have the same name or one of them is refused.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import rfc8785

from commons.errors import DatasetMalformed, UnitError

Json = str | bool | None | Sequence["Json"] | Mapping[str, "Json"]
"""What canonical text reads back as: no number of any kind."""

MOST_DIGITS = 78
"""Of a 256-bit figure; nothing that is published holds a longer one."""

_DECIMAL = re.compile(rf"0|-?[1-9][0-9]{{0,{MOST_DIGITS - 1}}}")


def encode(value: Any) -> bytes:
    """The canonical bytes of `value`: dicts, lists, strings, booleans, None and integers, these as decimal strings.

    Raises:
        UnitError: the value holds a float or something else that has no exact form in JSON.
    """
    return rfc8785.dumps(_exact(value))


def decode(raw: bytes, name: str = "the text") -> Json:
    """The value that canonical bytes hold.

    Args:
        name: what is being read, for the error message.

    Raises:
        DatasetMalformed: not JSON, a bare number, a key given twice, or not in its canonical form.
    """

    def refuse_number(text: str) -> NoReturn:
        raise _malformed(name, f"holds the bare number {text[:40]}")

    def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise _malformed(name, "gives a key twice")
        return dict(pairs)

    try:
        value: Json = json.loads(
            raw.decode("utf-8"),
            parse_int=refuse_number,
            parse_float=refuse_number,
            parse_constant=refuse_number,
            object_pairs_hook=without_repeats,
        )
        canonical = encode(value) == raw
    except (ValueError, RecursionError, rfc8785.CanonicalizationError) as error:
        raise _malformed(name, "is not canonical JSON") from error
    if not canonical:
        raise _malformed(name, "is JSON, but not in its canonical form")
    return value


def integer(value: object, name: str = "the figure") -> int:
    """The integer that a decimal string writes, without leading zeros, plus sign or spaces; of 78 digits at most.

    Raises:
        DatasetMalformed: anything else.
    """
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise _malformed(name, f"should be an integer as a decimal string, and is {str(value)[:40]!r}")
    return int(value)


def _exact(value: Any) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int():
            return str(value)
        case Mapping():
            return {key: _exact(item) for key, item in value.items()}
        case list() | tuple():
            return [_exact(item) for item in value]
    raise UnitError(
        f"a {type(value).__name__} has no canonical form", remedy="Use integers in the smallest unit, text or lists."
    )


def _malformed(name: str, how: str) -> DatasetMalformed:
    return DatasetMalformed(f"{name} {how}", remedy="Ask whoever published it for the file as it was published.")
