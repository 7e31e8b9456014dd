"""`commonwatt weather import|list`: the weather of a community's place, by the hour, in an operator's database.

`import` takes files in whole or refuses them with the line and what to write instead; it can be repeated, and changes
nothing that is known. Weather is for reading beside the indicators: it decides about no money.
"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from commons.errors import InputError
from commons.slots import LAST_START, iso_utc, local_midnight, read_day
from commons.units import EpochSeconds
from oracle.intake.weather import BOUNDS, Origin, keep_weather, read_weather, stored_spans, stored_weather
from oracle.registry.people import communities
from scripts.store.common import Database, Json, now, register, show_list
from scripts.surroundings import show

app = typer.Typer(no_args_is_help=True, help="Take weather in by the hour, and list it.")


@app.command(name="import")
def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help=f"CSV: start and of {', '.join(BOUNDS)}.")],
    database: Database,
    source: Annotated[str, typer.Option(metavar="NAME", help="Who says so, such as a station or a forecaster.")],
    place: Annotated[
        str | None, typer.Option("--place", metavar="NAME", help="Where it is; the community's name if not given.")
    ] = None,
    is_forecast: Annotated[bool, typer.Option("--forecast", help="It is foretold, not measured.")] = False,
    as_json: Json = False,
) -> None:
    """Take files in: all of them, or none."""
    read = {file: read_weather(file, None if is_forecast else now()) for file in files}
    with register(database) as connection:
        origin = Origin(place or _only_community(connection), source, is_forecast)
        added = {file: keep_weather(connection, origin, hours) for file, hours in read.items()}
    found = [{"file": str(file), "hours": len(hours), "added": added[file]} for file, hours in read.items()]
    show(as_json, found, lambda: [f"{one['file']}: {one['hours']} hours, {one['added']} new" for one in found])


@app.command("list")
def list_hours(
    database: Database,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="First local day.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last local day, itself included.")] = None,
    place: Annotated[str | None, typer.Option("--place", metavar="NAME", help="Of this place alone.")] = None,
    as_json: Json = False,
) -> None:
    """List what there is of each place and source; with days, the hours themselves."""
    if first is None and last is None:
        with register(database) as connection:
            rows = [one for one in stored_spans(connection) if place in (None, one["place"])]
        columns: tuple[str, ...] = ("place", "source", "kind", "hours", "first", "last")
    else:
        start = 0 if first is None else local_midnight(read_day(first))
        end = LAST_START if last is None else local_midnight(read_day(last) + timedelta(days=1))
        with register(database) as connection:
            rows = stored_weather(connection, start, end, place)
        columns = ("place", "source", "kind", "start", *BOUNDS)
    show_list(as_json, [_shown(row) for row in rows], columns, "hours of weather")


def _only_community(connection: Connection) -> str:
    names = [str(one["name"]) for one in communities(connection)]
    if len(names) != 1:
        raise InputError(f"there are {len(names)} communities here", remedy="Say with --place where the weather is.")
    return names[0]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row with moments for people, and in a word whether it was foretold."""
    there = [name for name in ("start", "first", "last") if name in row]
    moments: dict[str, Any] = {name: iso_utc(EpochSeconds(row[name])) for name in there}
    return {**row, **moments, "kind": "forecast" if row["is_forecast"] else "measured"}
