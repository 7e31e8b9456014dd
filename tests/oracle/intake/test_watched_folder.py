"""Files dropped into a folder: taken when they are complete, moved with a note, nothing lost or doubled by a kill."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from commons.errors import MalformedInput
from oracle.intake.types import Intake
from oracle.intake.watched_folder import WatchedFolder
from oracle.quality.types import Anomalies, Anomaly, AnomalyCode

SETTLE_S = 3.0
WRONG = Anomalies((Anomaly(AnomalyCode.OFF_GRID, "0x01", 1, 900, 0, 0),))


class Taker:
    """Notes what it takes; fails as it is told."""

    def __init__(self) -> None:
        self.at = 1_000.0
        self.taken: list[str] = []
        self.failure: Callable[[Path], BaseException | None] = lambda _: None

    def __call__(self, path: Path) -> Intake:
        error = self.failure(path)
        if error is not None:
            raise error
        self.taken.append(path.name)
        return Intake(2, 1, WRONG)

    def now(self) -> float:
        return self.at


@pytest.fixture
def taker() -> Taker:
    return Taker()


@pytest.fixture
def watched(taker: Taker, tmp_path: Path) -> WatchedFolder:
    return WatchedFolder(tmp_path, taker, taker.now, SETTLE_S)


def settled(watched: WatchedFolder, taker: Taker) -> Iterator[Any]:
    """What is handled once everything there has not changed for long enough."""
    assert list(watched.look()) == []
    taker.at += SETTLE_S
    return watched.look()


def note(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.with_name(f"{path.name}.note.json").read_text())
    return found


def test_look__file_that_still_grows__is_left_alone(watched: WatchedFolder, taker: Taker, tmp_path: Path) -> None:
    for size in range(4):
        (tmp_path / "a.csv").write_text("x" * size)
        assert list(watched.look()) == []
        taker.at += SETTLE_S - 0.1
    assert taker.taken == []
    taker.at += 0.1
    assert [one.note["file"] for one in watched.look()] == ["a.csv"]


@pytest.mark.parametrize("name", [".hidden.csv", "a.csv.part", "a.tmp", "done", "refused"])
def test_look__names_that_are_not_meant__are_left_alone(
    watched: WatchedFolder, taker: Taker, tmp_path: Path, name: str
) -> None:
    if not (tmp_path / name).exists():
        (tmp_path / name).write_text("x")
    assert list(settled(watched, taker)) == []


def test_look__file_that_is_refused__is_moved_with_the_reason(
    watched: WatchedFolder, taker: Taker, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("x")
    taker.failure = lambda _: MalformedInput("it is none", remedy="Write one.")
    (handled,) = settled(watched, taker)

    assert not handled.was_taken
    assert (tmp_path / "refused" / "a.csv").read_text() == "x"
    assert note(tmp_path / "refused" / "a.csv")["detail"] == "it is none. Write one."
    assert not (tmp_path / "a.csv").exists()


def test_look__store_that_is_away__leaves_the_file_for_later(
    watched: WatchedFolder, taker: Taker, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("x")
    taker.failure = lambda _: OperationalError("", {}, Exception("gone"))
    assert list(settled(watched, taker)) == []

    taker.failure = lambda _: None
    assert [one.was_taken for one in watched.look()] == [True]


def test_look__files_that_are_complete__are_taken_by_name_and_moved_with_a_note(
    watched: WatchedFolder, taker: Taker, tmp_path: Path
) -> None:
    for name in ("b.csv", "a.csv"):
        (tmp_path / name).write_text(name)
    (tmp_path / "year").mkdir()
    (tmp_path / "year" / "load.csv").write_text("x")
    handled = list(settled(watched, taker))

    assert taker.taken == ["a.csv", "b.csv", "year"]
    assert [one.path.name for one in handled] == taker.taken
    found = note(tmp_path / "done" / "a.csv")
    assert (found["read"], found["added"], found["anomalies"]) == (2, 1, {"off_grid": 1})


def test_look__same_name_again__keeps_both(watched: WatchedFolder, taker: Taker, tmp_path: Path) -> None:
    for content in ("first", "second"):
        (tmp_path / "a.csv").write_text(content)
        assert len(list(settled(watched, taker))) == 1

    assert (tmp_path / "done" / "a.csv").read_text() == "first"
    assert (tmp_path / "done" / "a.2.csv").read_text() == "second"


@pytest.mark.parametrize("moment", ["take", "note"])
def test_look__killed_at_any_moment__takes_the_file_again_with_one_note(
    taker: Taker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    (tmp_path / "a.csv").write_text("x")
    watched = WatchedFolder(tmp_path, taker, taker.now, SETTLE_S)
    replace = Path.replace

    def dying(path: Path, target: Path) -> Path:
        if path.name == "a.csv" and moment == "note":
            raise KeyboardInterrupt
        return replace(path, target)

    if moment == "take":
        taker.failure = lambda _: KeyboardInterrupt()
    monkeypatch.setattr(Path, "replace", dying)
    with pytest.raises(KeyboardInterrupt):
        list(settled(watched, taker))
    monkeypatch.undo()
    taker.failure = lambda _: None

    again = WatchedFolder(tmp_path, taker, taker.now, SETTLE_S)
    assert [one.was_taken for one in settled(again, taker)] == [True]
    assert sorted(path.name for path in (tmp_path / "done").iterdir()) == ["a.csv", "a.csv.note.json"]
