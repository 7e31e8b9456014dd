"""Import a file of readings: CSV, one reading per line, whole Wh.

    point_id,start,seconds,withdrawn_wh,injected_wh,quality

`point_id` is 0x and 64 hex digits, `start` epoch seconds and a multiple of `seconds`, which divides an hour; `quality`
is 0 measured, 1 estimated, 2 missing (both energies 0). A file is taken whole or refused with the first bad line.
"""

import csv
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from commons.errors import InputError, MalformedInput, UnitError
from commons.units import QUANTITY_LIMIT
from oracle.measurement.types import Quality, ReadingBatch

COLUMNS = ("point_id", "start", "seconds", "withdrawn_wh", "injected_wh", "quality")

_HEADER = ",".join(COLUMNS)
_INTEGERS = COLUMNS[1:]
_HOUR_SECONDS = 3600
_AS_TEXT: dict[str, Any] = {
    "dtype": str,
    "keep_default_na": False,
    "skip_blank_lines": False,
    "quoting": csv.QUOTE_NONE,
    "index_col": False,
}


def read_readings_file(path: Path) -> ReadingBatch:
    """Read a file of readings.

    Raises:
        MalformedInput: the file is missing, cut off, or a line is not what the format says; names line and remedy.
        UnitError: energies or times in another unit, sign or range.
    """
    _refuse_cut_off(path)
    frame = _read_frame(path)
    for rule in _RULES:
        broken = np.flatnonzero(rule.is_broken(frame))
        if len(broken):
            raise _line_error(rule.error, path, frame, int(broken[0]), rule.what, rule.remedy)
    point, point_ids = pd.factorize(frame["point_id"].str.lower())
    start, seconds, withdrawn_wh, injected_wh, quality = (frame[name].to_numpy(np.int64) for name in _INTEGERS)
    return ReadingBatch(
        tuple(point_ids), point.astype(np.int64), start, seconds, withdrawn_wh, injected_wh, quality.astype(np.uint8)
    )


def _refuse_cut_off(path: Path) -> None:
    """A file that does not end with its last line's end may stop in the middle of a number."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - 1))
            last = file.read(1)
            file.seek(0)
            lines = 0 if last == b"\n" else sum(1 for _ in file)
    except OSError as error:
        raise MalformedInput(f"{path} cannot be read: {error.strerror}", remedy="Check the path.") from error
    if size == 0:
        raise MalformedInput(f"{path} is empty", remedy=f"Its first line must be {_HEADER}.")
    if lines:
        raise MalformedInput(
            f"{path}, line {lines}: the file ends in the middle of a line",
            remedy="It was probably cut off: copy or export it again.",
        )


def _read_frame(path: Path) -> pd.DataFrame:
    """The table with integer columns; a second, slower look finds the line that stands in the way."""
    try:
        _refuse_header(path, list(pd.read_csv(path, nrows=0, **_AS_TEXT).columns))
        types = dict.fromkeys(_INTEGERS, np.int64) | {"point_id": str}
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a field too many would be lost with a warning
            frame: pd.DataFrame = pd.read_csv(path, **(_AS_TEXT | {"dtype": types}))
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        what = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise MalformedInput(f"{path}: {what}", remedy=f"Every line has the fields {_HEADER}.") from error
    except UnicodeDecodeError as error:
        raise MalformedInput(f"{path} is not UTF-8 text", remedy="Export it as plain CSV.") from error
    except (ValueError, OverflowError):
        raise _bad_number(path, pd.read_csv(path, **_AS_TEXT).fillna("")) from None
    return frame


def _refuse_header(path: Path, found: list[str]) -> None:
    if found == list(COLUMNS):
        return
    what = f"{path}, line 1: the columns are {','.join(found)}"
    if any(name.lower().endswith(("kwh", "mwh", "_kw", "_w")) for name in found):
        raise UnitError(what, remedy=f"Energies are whole Wh (1 kWh = 1000 Wh, halves to even): write {_HEADER}.")
    raise MalformedInput(what, remedy=f"The first line must be {_HEADER}.")


def _bad_number(path: Path, frame: pd.DataFrame) -> InputError:
    """The error about the first field that is no whole number."""
    is_bad = pd.DataFrame({name: ~frame[name].str.fullmatch(r"-?\d{1,18}") for name in _INTEGERS})
    row = int(np.argmax(is_bad.any(axis=1)))
    name = next((name for name in _INTEGERS if is_bad[name].iloc[row]), COLUMNS[0])
    text = frame[name].iloc[row]
    if text == "":
        remedy = "Give all fields; if the line was cut off, copy the file again."
        return _line_error(MalformedInput, path, frame, row, f"{name} is empty", remedy)
    if name.endswith("_wh") and "." in text:
        remedy = "Energies are whole Wh, not kWh: 0.512 kWh is 512."
        return _line_error(UnitError, path, frame, row, f"{name} is no whole number", remedy)
    return _line_error(MalformedInput, path, frame, row, f"{name} is no whole number", "Write digits only.")


def _line_error(
    error: type[InputError], path: Path, frame: pd.DataFrame, row: int, what: str, remedy: str
) -> InputError:
    line = ",".join(str(frame[name].iloc[row]) for name in COLUMNS)
    return error(f"{path}, line {row + 2}: {what}: {line}", remedy=remedy)


@dataclass(frozen=True)
class _Rule:
    """What no line may do; checked over all lines at once."""

    what: str
    is_broken: Callable[[pd.DataFrame], "pd.Series[bool]"]
    remedy: str
    error: type[InputError] = MalformedInput


_RULES = (
    _Rule(
        "the point id is malformed",
        lambda frame: ~frame["point_id"].str.fullmatch("0x[0-9a-fA-F]{64}"),
        "Write 0x and 64 hex digits.",
    ),
    _Rule(
        "the seconds are no length of a reading",
        lambda frame: (frame["seconds"] <= 0) | (_HOUR_SECONDS % frame["seconds"].clip(lower=1) != 0),
        "They must divide an hour, as 900 and 3600 do.",
        UnitError,
    ),
    _Rule(
        "the start is not aligned",
        lambda frame: (frame["start"] < 0) | (frame["start"] % frame["seconds"] != 0),
        "It must be in epoch seconds (UTC) and a multiple of the reading's seconds.",
        UnitError,
    ),
    _Rule(
        "an energy is negative",
        lambda frame: (frame["withdrawn_wh"] < 0) | (frame["injected_wh"] < 0),
        "What the point gave to the grid is injected_wh, what it took is withdrawn_wh, neither has a sign.",
        UnitError,
    ),
    _Rule(
        "an energy is impossibly large",
        lambda frame: (frame["withdrawn_wh"] >= QUANTITY_LIMIT) | (frame["injected_wh"] >= QUANTITY_LIMIT),
        f"Energies are whole Wh below {QUANTITY_LIMIT}.",
        UnitError,
    ),
    _Rule(
        "the quality is unknown",
        lambda frame: ~frame["quality"].isin([quality.value for quality in Quality]),
        "It must be 0 measured, 1 estimated or 2 missing.",
    ),
    _Rule(
        "a missing reading has energy",
        lambda frame: (frame["quality"] == Quality.MISSING) & (frame["withdrawn_wh"] + frame["injected_wh"] != 0),
        "With quality 2 both energies are 0.",
    ),
)
