"""A folder into which files of readings are dropped: taken once they are complete, then moved to `done` or `refused`.

A file counts as complete when it has not changed for a while; names that begin with a dot or end with `.part` or `.tmp`
are still being written. Beside a file that was moved lies a note of what became of it, `NAME.note.json`. The order is:
store and commit, write the note, move. Whoever is killed in between finds the file again and takes it once more, which
changes nothing.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from commons.errors import CommonwattError
from oracle.intake.types import Intake

DONE, REFUSED = "done", "refused"
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
_log = logging.getLogger(__name__)

Fingerprint = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Handled:
    """A file that was moved, and its note."""

    path: Path
    was_taken: bool
    note: Mapping[str, Any]


class WatchedFolder:
    """Looks into one folder whenever it is told to."""

    def __init__(self, folder: Path, take: Callable[[Path], Intake], now: Callable[[], float], settle_s: float) -> None:
        """`take` stores what a file holds; `settle_s` is how long a file must not change before it is taken."""
        self._folder = folder
        self._take = take
        self._now = now
        self._settle_s = settle_s
        self._seen: dict[Path, tuple[Fingerprint, float]] = {}
        for name in (DONE, REFUSED):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def look(self) -> Iterator[Handled]:
        """Take what is complete, in the order of the names."""
        there = sorted(path for path in self._folder.iterdir() if _is_meant(path))
        self._seen = {path: seen for path, seen in self._seen.items() if path in there}
        for path in there:
            if self._is_complete(path) and (handled := self._handle(path)) is not None:
                self._seen.pop(path, None)
                yield handled

    def _is_complete(self, path: Path) -> bool:
        try:
            fingerprint = _fingerprint(path)
        except OSError:  # it went away meanwhile
            return False
        known, since = self._seen.get(path, (None, 0.0))
        if known != fingerprint:
            since = self._now()
            self._seen[path] = (fingerprint, since)
        return self._now() - since >= self._settle_s

    def _handle(self, path: Path) -> Handled | None:
        """Take the file and move it; None where the store is away and it has to wait."""
        try:
            found = self._take(path)
        except SQLAlchemyError as error:
            _log.error("%s waits, since the store failed", path.name, exc_info=error)
            return None
        except CommonwattError as error:
            return self._move(path, REFUSED, {"code": error.code, "detail": error.message})
        counts = {code.value: count for code, count in found.anomalies.counted().items()}
        return self._move(path, DONE, {"read": found.read, "added": found.added, "anomalies": counts})

    def _move(self, path: Path, where: str, note: Mapping[str, Any]) -> Handled:
        target = _free(self._folder / where / path.name)
        noted = {"file": path.name, "at": int(self._now()), **note}
        fresh = target.with_name(f".{target.name}.note")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(noted, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target.with_name(f"{target.name}.note.json"))
        path.replace(target)
        return Handled(target, where == DONE, noted)


def _is_meant(path: Path) -> bool:
    return path.name not in (DONE, REFUSED) and not path.name.startswith(".") and path.suffix not in _UNFINISHED


def _fingerprint(path: Path) -> Fingerprint:
    """What changes when the file, or one in the folder, is written."""
    parts = sorted(path.rglob("*")) if path.is_dir() else [path]
    stats = [(part.name, part.stat()) for part in parts if part.is_file()]
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)


def _free(path: Path) -> Path:
    """The path, or one beside it with a number, at which no file is."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}.{number}{path.suffix}")
    return free
