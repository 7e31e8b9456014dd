"""What formats in CSV have in common: exact figures, moments with their offset, points by their label."""

import csv
import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from commons.errors import MalformedInput, UnitError, UnknownPoint
from oracle.intake.types import Places
from oracle.measurement.decimals import divide_half_even, scaled_integers
from oracle.measurement.types import IntArray

_AS_TEXT: dict[str, Any] = {
    "dtype": str,
    "keep_default_na": False,
    "skip_blank_lines": False,
    "quoting": csv.QUOTE_NONE,
    "index_col": False,
}
_DECIMALS = 6  # of a kWh; meters and partners write at most so many
_UNITS_PER_WH = 10 ** (_DECIMALS - 3)
_LONGEST = 15  # characters of a figure; longer ones are no energies
_FIRST_LINE = 2
_PIECE = 1 << 20


def read_table(path: Path) -> pd.DataFrame:
    """The file's cells as text.

    Raises:
        MalformedInput: it cannot be read, is empty, cut off, or its lines differ in length.
    """
    _refuse_cut_off(path)
    _refuse_short_lines(path)
    try:
        _refuse_repeated_names(path)
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a field too many would be lost with a warning
            frame: pd.DataFrame = pd.read_csv(path, **_AS_TEXT)
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError) as error:
        what = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise MalformedInput(f"{path}: {what}", remedy="Every line has as many fields as the first.") from error
    except UnicodeDecodeError as error:
        raise MalformedInput(f"{path} is not UTF-8 text", remedy="Export it as plain CSV.") from error
    return frame


def require_columns(path: Path, found: list[str], wanted: tuple[str, ...]) -> None:
    """Refuse a file whose first line names other columns."""
    if tuple(found) != wanted:
        raise MalformedInput(
            f"{path}, line 1: the columns are {','.join(found)[:200]}", remedy=f"They must be {','.join(wanted)}."
        )


def epochs_of(path: Path, texts: "pd.Series[str]") -> IntArray:
    """Epoch seconds of moments in ISO 8601, each with its offset from UTC: without, an hour in October is two.

    Raises:
        MalformedInput: naming the first line that is no such moment.
    """
    codes, moments = pd.factorize(texts)
    epochs = np.empty(len(moments), dtype=np.int64)
    for place, moment in enumerate(moments):
        epoch = _epoch_of(str(moment))
        if epoch is None:
            line = int(np.argmax(codes == place)) + _FIRST_LINE
            raise MalformedInput(
                f"{path}, line {line}: {str(moment)[:40]!r} is no moment with its offset",
                remedy="Write it as 2026-06-10T00:15:00+02:00 or 2026-06-09T22:15:00Z.",
            )
        epochs[place] = epoch
    return epochs[codes]


def _epoch_of(moment: str) -> int | None:
    try:
        parsed = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return None if parsed.tzinfo is None or parsed.microsecond else int(parsed.timestamp())


def wh_of(path: Path, texts: "pd.Series[str]") -> IntArray:
    """Wh of figures in kWh with at most six decimals, rounded half to even, the sign kept; never through a float.

    Raises:
        UnitError: naming the first line that has no such figure.
    """
    cells = texts.to_numpy(dtype=np.str_)
    sign, _, after = np.strings.partition(cells, "-")
    is_negative = (np.strings.str_len(sign) == 0) & np.strings.startswith(cells, "-")
    plain = np.where(is_negative, after, cells)
    is_long = np.strings.str_len(cells) > _LONGEST
    try:
        if is_long.any():
            raise ValueError("too long")
        scaled = divide_half_even(scaled_integers(plain, _DECIMALS), _UNITS_PER_WH)
    except ValueError as error:
        raise _no_figure(path, texts) from error
    return np.where(is_negative, -scaled, scaled)


def points_of(path: Path, labels: "pd.Series[str]", places: Places) -> tuple[IntArray, tuple[str, ...]]:
    """The points of labels, as indices and ids.

    Raises:
        UnknownPoint: naming the first label that no point has.
    """
    codes, names = pd.factorize(labels)
    unknown = [str(name) for name in names if name not in places]
    if unknown:
        raise UnknownPoint(
            f"{path} names {len(unknown)} of {len(names)} points that are not registered",
            which=unknown[0][:80],
            remedy="Register the point before its readings, or correct its name.",
        )
    return codes.astype(np.int64), tuple(places[name] for name in names)


def _no_figure(path: Path, texts: "pd.Series[str]") -> UnitError:
    is_figure = texts.str.fullmatch(rf"-?[0-9]+(\.[0-9]{{0,{_DECIMALS}}})?") & (texts.str.len() <= _LONGEST)
    row = int(np.argmax(~is_figure.to_numpy(dtype=bool)))
    return UnitError(
        f"{path}, line {row + _FIRST_LINE}: {str(texts.iloc[row])[:40]!r} is no figure in kWh",
        remedy=f"Write digits with a point and at most {_DECIMALS} decimals, such as 0.512.",
    )


def _refuse_short_lines(path: Path) -> None:
    """A line with a field too few is filled up by pandas, and would pass for readings that are missing.

    A field too many pandas refuses itself, so all lines are whole where the file has as many commas as it should.
    """
    with path.open("rb") as file:
        wanted = file.readline().count(b",")
        first, excess = file.tell(), 0
        while part := file.read(_PIECE):
            excess += part.count(b",") - wanted * part.count(b"\n")
        if excess == 0:
            return
        file.seek(first)
        for line, fields in enumerate((text.count(b",") for text in file), start=_FIRST_LINE):
            if fields != wanted:
                raise MalformedInput(
                    f"{path}, line {line} has {fields + 1} fields, and the first {wanted + 1}",
                    remedy="Every line has as many fields as the first.",
                )


def _refuse_repeated_names(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        names = file.readline().rstrip("\r\n").split(",")
    if len(set(names)) < len(names):
        raise MalformedInput(f"{path}, line 1 names a column twice", remedy="Name each point or column once.")


def _refuse_cut_off(path: Path) -> None:
    """A file that does not end with its last line's end may stop in the middle of a number."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - 1))
            last = file.read(1)
    except OSError as error:
        raise MalformedInput(f"{path} cannot be read: {error.strerror}", remedy="Check the path.") from error
    if last != b"\n":
        raise MalformedInput(
            f"{path} is empty or ends in the middle of a line", remedy="It was probably cut off: copy it again."
        )
