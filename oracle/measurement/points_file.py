"""Import whose the points are: CSV, one connection point per line, kept by each operator until bindings are on chain.

    point_id,wallet,kind

`point_id` is 0x and 64 hex digits, `wallet` the address that the point settles for, `kind` exchange or production.
"""

import csv
import re
from pathlib import Path

from commons.addresses import address
from commons.errors import MalformedInput
from oracle.measurement.types import Point, PointKind

COLUMNS = ("point_id", "wallet", "kind")
_POINT_ID = re.compile("0x[0-9a-f]{64}")


def read_points_file(path: Path) -> list[Point]:
    """Read a file of points.

    Raises:
        MalformedInput: the file cannot be read, or a line is not what the format says; names line and remedy.
    """
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise MalformedInput(f"{path} cannot be read: {reason}", remedy="Check the path.") from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise MalformedInput(f"{path}, line 1: wrong columns", remedy=f"The first line must be {','.join(COLUMNS)}.")
    return [_point(row, f"{path}, line {line}") for line, row in enumerate(rows[1:], start=2)]


def _point(row: list[str], where: str) -> Point:
    if len(row) != len(COLUMNS):
        raise MalformedInput(f"{where} has {len(row)} fields", remedy=f"Give {','.join(COLUMNS)}.")
    name, wallet, kind = row[0].strip().lower(), row[1].strip(), row[2].strip().lower()
    if not _POINT_ID.fullmatch(name):
        raise MalformedInput(f"{where}: {row[0]!r} is no point id", remedy="Write 0x and 64 hex digits.")
    if kind not in set(PointKind):
        raise MalformedInput(f"{where}: {row[2]!r} is no kind", remedy="Write exchange or production.")
    return Point(name, address(wallet), PointKind(kind))
