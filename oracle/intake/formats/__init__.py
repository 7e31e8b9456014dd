"""Formats of files, one small file each: a new partner's is another one, named in `FORMATS`."""

from pathlib import Path

from commons.errors import MalformedInput
from oracle.intake.formats import fontana17, long_kwh, long_wh, wide_kwh
from oracle.intake.types import Format

FORMATS: dict[str, Format] = {
    "long-wh": long_wh.read,
    "long-kwh": long_kwh.read,
    "wide-kwh": wide_kwh.read,
    "fontana17": fontana17.read,
}
"""By name."""

_LONGEST_LINE = 1 << 20


def recognised(path: Path) -> str:
    """The format of a file, told by its first line; that of a folder is the measured year's.

    Raises:
        MalformedInput: none of the formats begins so.
    """
    if path.is_dir():
        return "fontana17"
    try:
        with path.open(encoding="utf-8") as file:
            columns = tuple(file.readline(_LONGEST_LINE).rstrip("\r\n").split(","))
    except (OSError, UnicodeDecodeError) as error:
        raise MalformedInput(f"{path.name} cannot be read as text", remedy="Export it as plain CSV.") from error
    for name, known in (("long-wh", long_wh.COLUMNS), ("long-kwh", long_kwh.COLUMNS)):
        if columns == known:
            return name
    if columns[0] == "start" and len(columns) > 1:
        return "wide-kwh"
    raise MalformedInput(
        f"{path.name}, line 1 is that of no format: {','.join(columns)[:80]!r}",
        remedy=f"The formats are {', '.join(FORMATS)}: see docs/intake.md.",
    )
