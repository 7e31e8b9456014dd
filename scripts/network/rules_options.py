"""Which options Besu 26.8.0 has, and of which type: one that it does not know, or cannot read, keeps it from starting.

The list is `besu-network/besu-options.json`, with its source. The configuration that is written here is held against it
as well as one altered by hand.
"""

import difflib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from commons.settings import PROJECT_DIR

FILE = PROJECT_DIR / "besu-network" / "besu-options.json"
TYPES: Mapping[str, tuple[type | tuple[type, ...], str]] = {
    "boolean": (bool, "true or false"),
    "number": ((int, float), "a number"),
    "text": (str, "a text in quotes"),
    "list": (list, "a list"),
}
EXPERIMENTAL = "X"
GONE: Mapping[str, str] = {
    "permissions-accounts-contract-enabled": "on-chain permissioning left Besu in 25.6.0",
    "permissions-nodes-contract-enabled": "on-chain permissioning left Besu in 25.6.0",
    "miner-enabled": "it left Besu in 25.12.0; validators make blocks by their key alone",
    "miner-coinbase": "it left Besu in 25.12.0",
}
"""Options that older samples have."""


@cache
def known_options() -> Mapping[str, str]:
    """The type of each option, by its name."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return {option: kind for kind, options in content["options"].items() for option in options}


def option_reasons(found: Mapping[str, Any], tried: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the names and the types of these options; `tried` are those in use here."""
    for option, value in found.items():
        kind = known_options().get(option)
        if kind is None and option.startswith(EXPERIMENTAL):
            yield f"{option} is an experimental option, if it is one at all: nobody here has tried it"
        elif kind is None:
            yield f"{option} is no option of Besu 26.8.0, which would not start: {_hint(option)}"
        elif not _is_of(kind, value):
            yield f"{option} is {value!r} and must be {TYPES[kind][1]}: Besu would not start"
        elif option not in tried:
            yield f"{option} is an option nobody here has tried with Besu 26.8.0"


def readable(found: Mapping[str, Any]) -> dict[str, Any]:
    """The options that Besu knows and can read."""
    known = known_options()
    return {option: value for option, value in found.items() if option in known and _is_of(known[option], value)}


def _is_of(kind: str, value: Any) -> bool:
    return isinstance(value, TYPES[kind][0]) and (kind == "boolean" or not isinstance(value, bool))


def _hint(option: str) -> str:
    if option in GONE:
        return GONE[option]
    near = difflib.get_close_matches(option, known_options(), 1)
    return f"is {near[0]} meant?" if near else "take it out"
