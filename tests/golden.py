"""The golden vectors of `tests/vectors/`, shared by Python, Solidity and TypeScript."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "vectors"


def vectors(name: str) -> list[dict[str, Any]]:
    """The cases of one file, each with `name`, `input` and `expected`."""
    cases: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return cases


def names(cases: list[dict[str, Any]]) -> list[str]:
    """The cases' names, for pytest's ids."""
    return [case["name"] for case in cases]
