"""Weather of a place by the hour, from a file: read, checked, and kept as its source gave it.

    start,temperature_c,irradiance_w_m2,cloud_pct,wind_m_s

`start` is the beginning of the hour in ISO 8601 with its offset. The other columns name their units; at least one is
there, in any order, and an empty cell is missing. Nothing of it decides about money, so figures may have decimals.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select, text

from commons.database.tables import WeatherRow, table_of
from commons.errors import InputError, MalformedInput, UnitError
from commons.slots import HOUR_S, LAST_START, show_time
from commons.units import EpochSeconds
from oracle.intake.formats.table import epochs_of, read_table

BOUNDS = {
    "temperature_c": (-90.0, 60.0),
    "irradiance_w_m2": (0.0, 2_000.0),
    "cloud_pct": (0.0, 100.0),
    "wind_m_s": (0.0, 120.0),
}
"""Column → least and most that can be: °C in the air, W/m² on the level ground, % of the sky, m/s."""
_FIGURE = re.compile(r"-?[0-9]{1,4}(\.[0-9]{1,6})?")
_FIRST_LINE = 2
_LONGEST_NAME = 64
_WEATHER = table_of(WeatherRow)
_ADD = text(
    f"INSERT INTO weather (start, place, source, seconds, is_forecast, {', '.join(BOUNDS)}) "  # noqa: S608
    f"VALUES (:start, :place, :source, :seconds, :is_forecast, {', '.join(f':{name}' for name in BOUNDS)}) "
    "ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the weather is of, who says so, and whether they say it of hours to come."""

    place: str
    source: str
    is_forecast: bool = False

    def __post_init__(self) -> None:
        for what, name in (("place", self.place), ("source", self.source)):
            if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
                raise InputError(
                    f"{name[:_LONGEST_NAME]!r} is no name of a {what}", remedy=f"Use up to {_LONGEST_NAME} characters."
                )


@dataclass(frozen=True, slots=True)
class Hour:
    """The weather of an hour; figures in the order of `BOUNDS`, None where missing."""

    start: int
    figures: tuple[float | None, ...]


def read_weather(path: Path, latest: int | None) -> list[Hour]:
    """The hours of a file, in the order of its lines.

    Args:
        latest: the epoch second after which nothing can have been measured yet; None for forecasts.

    Raises:
        MalformedInput: it cannot be read, or a line is not of the format.
        UnitError: a figure is none, or cannot be in its unit. Both name the line.
    """
    frame = read_table(path)
    columns = list(frame.columns)
    if columns[:1] != ["start"] or len(columns) < 2 or not set(columns[1:]) <= set(BOUNDS):
        raise MalformedInput(
            f"{path}, line 1: the columns are {','.join(columns)[:200]}",
            remedy=f"The first is start, the others are among {', '.join(BOUNDS)}: the name states the unit.",
        )
    starts = epochs_of(path, frame["start"]).tolist()
    cells = [frame[name].tolist() if name in columns else [""] * len(frame) for name in BOUNDS]
    hours = []
    for place, start in enumerate(starts):
        where = f"{path}, line {place + _FIRST_LINE}"
        _require_hour(start, latest, where)
        hours.append(Hour(start, _figures([column[place] for column in cells], where)))
    _refuse_twice(path, starts)
    return hours


def keep_weather(connection: Connection, origin: Origin, hours: Sequence[Hour]) -> int:
    """Keep what is new, and say how many hours that is; what is known already has to be the same.

    Raises:
        InputError: an hour is known with another figure, or as what it is not, forecast or measured.
    """
    if not hours:
        return 0
    common = {"place": origin.place, "source": origin.source, "seconds": HOUR_S, "is_forecast": origin.is_forecast}
    of_origin = (_WEATHER.c.place == origin.place, _WEATHER.c.source == origin.source)
    count = select(func.count()).select_from(_WEATHER).where(*of_origin)
    rows = [{"start": one.start, **common, **dict(zip(BOUNDS, one.figures, strict=True))} for one in hours]
    before = connection.execute(count).scalar_one()
    connection.execute(_ADD, rows)
    between = _WEATHER.c.start.between(min(one.start for one in hours), max(one.start for one in hours))
    there = {row.start: row for row in connection.execute(select(_WEATHER).where(*of_origin, between))}
    for row in rows:
        _require_same(row, there[row["start"]])
    return int(connection.execute(count).scalar_one() - before)


def stored_weather(connection: Connection, start: int, end: int, place: str | None) -> list[dict[str, Any]]:
    """The hours that begin in `[start, end)`, of a place if named."""
    query = select(_WEATHER).where(_WEATHER.c.start >= start, _WEATHER.c.start < end)
    if place is not None:
        query = query.where(_WEATHER.c.place == place)
    rows = connection.execute(query.order_by(_WEATHER.c.place, _WEATHER.c.source, _WEATHER.c.start))
    return [dict(row._mapping) for row in rows]


def stored_spans(connection: Connection) -> list[dict[str, Any]]:
    """What is there of each place and source: how many hours, the first, and the last."""
    key = (_WEATHER.c.place, _WEATHER.c.source, _WEATHER.c.is_forecast)
    figures = (
        func.count().label("hours"),
        func.min(_WEATHER.c.start).label("first"),
        func.max(_WEATHER.c.start).label("last"),
    )
    rows = connection.execute(select(*key, *figures).group_by(*key).order_by(*key))
    return [dict(row._mapping) for row in rows]


def _require_hour(start: int, latest: int | None, where: str) -> None:
    if start % HOUR_S or not 0 <= start < LAST_START:
        raise MalformedInput(f"{where}: no hour begins then", remedy="Give one line for each full hour, in UTC's grid.")
    if latest is not None and start + HOUR_S > latest:
        raise MalformedInput(
            f"{where}: the hour is not over yet, so nobody can have measured it",
            remedy="Leave it out; weather that is foretold comes in with --forecast.",
        )


def _figures(cells: Sequence[str], where: str) -> tuple[float | None, ...]:
    found = tuple(
        _figure(cell, name, least, most, where)
        for cell, (name, (least, most)) in zip(cells, BOUNDS.items(), strict=True)
    )
    if all(figure is None for figure in found):
        raise MalformedInput(f"{where} has no figure", remedy="Leave the line out.")
    return found


def _figure(cell: str, name: str, least: float, most: float, where: str) -> float | None:
    if cell == "":
        return None
    if not _FIGURE.fullmatch(cell):
        raise UnitError(
            f"{where}: {cell[:40]!r} is no figure of {name}",
            remedy="Write digits with a point and at most six decimals, such as 21.5; leave it empty where missing.",
        )
    figure = float(cell)
    if not least <= figure <= most:
        raise UnitError(
            f"{where}: {name} cannot be {cell}", remedy=f"It is {least:g} to {most:g} in that unit: convert it first."
        )
    return figure


def _refuse_twice(path: Path, starts: Sequence[int]) -> None:
    seen: dict[int, int] = {}
    for line, start in enumerate(starts, start=_FIRST_LINE):
        if start in seen:
            raise MalformedInput(
                f"{path}, line {line} is of the same hour as line {seen[start]}", remedy="Give each hour once."
            )
        seen[start] = line


def _require_same(row: dict[str, Any], there: Any) -> None:
    wrong = [name for name in ("is_forecast", *BOUNDS) if getattr(there, name) != row[name]]
    if wrong:
        name = wrong[0]
        raise InputError(
            f"{row['source']} said of {row['place']} at {show_time(EpochSeconds(row['start']))} that {name} is "
            f"{getattr(there, name)}, and not {row[name]}; nothing was taken in",
            remedy="What is known is not overwritten: give revised figures, or forecasts, a --source of their own.",
        )
