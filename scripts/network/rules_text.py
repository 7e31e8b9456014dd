"""Reading the files that rules look at; one that does not parse is itself a finding."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C where PyYAML has it: ten times as fast."""


@dataclass(frozen=True)
class Finding:
    """One broken rule: the file and the reason."""

    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


class Unreadable(Exception):  # noqa: N818  becomes a finding
    """A file is missing or not what its name promises."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(reason)
        self.finding = Finding(file, reason)


def text(folder: Path, name: str) -> str:
    """A file's text.

    Raises:
        Unreadable: it is missing.
    """
    try:
        return (folder / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise Unreadable(name, f"cannot be read ({reason})") from error


def read_json(folder: Path, name: str) -> Any:
    """A JSON file's content; errors as `text`, also where it is no JSON."""
    try:
        return json.loads(text(folder, name))
    except ValueError as error:
        raise Unreadable(name, f"is no JSON ({error})") from error


def read_toml(folder: Path, name: str) -> Mapping[str, Any]:
    """A TOML file's content; errors as `text`, also where it is no TOML."""
    try:
        return tomllib.loads(text(folder, name))
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(name, f"is no TOML ({error})") from error


def read_yaml(folder: Path, name: str) -> Any:
    """A YAML file's content; errors as `text`, also where it is no YAML."""
    try:
        return yaml.load(text(folder, name), Loader=SAFE_LOADER)  # noqa: S506  it is one
    except yaml.YAMLError as error:
        raise Unreadable(name, f"is no YAML ({str(error).splitlines()[0]})") from error


def value_at(content: Any, *path: str) -> Any:
    """What lies under these keys, None where nothing does."""
    for key in path:
        if not isinstance(content, Mapping):
            return None
        content = content.get(key)
    return content
