"""`commonwatt readings import|check|anomalies`: take files into an operator's database, and see what is wrong.

`import` checks every reading, stores what is right, and lists the rest as anomalies; a file that is not of its format
is refused whole. It can be repeated: what is known already stays as it is. Nothing is ever overwritten or deleted.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from commons.database.engine import open_existing
from commons.errors import InputError
from commons.slots import SLOT_LENGTHS_S, local_midnight, read_day, show_time
from commons.units import EpochSeconds
from oracle.intake.anomaly_book import AnomalyBook
from oracle.intake.examination import examine_day
from oracle.intake.formats import FORMATS
from oracle.intake.take_in import take_in
from oracle.measurement.store import ReadingStore
from oracle.quality.types import Anomalies, FlowRules
from oracle.registry.things import places

app = typer.Typer(no_args_is_help=True, help=__doc__)

Database = Annotated[str, typer.Option(metavar="FILE|URL", help="An operator's database.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_SHOWN = 20


@app.command(name="import")
def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Files of readings, all of one format.")],
    database: Database,
    form: Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")] = "long-wh",
    slot: Annotated[int, typer.Option(metavar="SECONDS", help="Length of the readings' slots: 900 or 3600.")] = 900,
    most_w: Annotated[int, typer.Option(metavar="W", min=1, help="The most power that a point can carry.")] = 100_000,
    as_json: AsJson = False,
) -> None:
    """Take files in: check, store what is right, list what is not."""
    if form not in FORMATS:
        raise InputError(f"there is no format {form!r}", remedy=f"Choose one of {', '.join(FORMATS)}.")
    if slot not in SLOT_LENGTHS_S:
        raise InputError(f"a slot of {slot} s is neither a quarter-hour nor an hour", remedy="Use 900 or 3600.")
    rules = FlowRules(slot, most_w)
    with _opened(database) as engine:
        store = ReadingStore(engine)
        with engine.connect() as connection:
            named = places(connection)
        for file in files:
            found = take_in(file, FORMATS[form], named, rules, store, int(time.time()))
            counts = {code.value: count for code, count in found.anomalies.counted().items()}
            if as_json:
                typer.echo(json.dumps({"file": str(file), "read": found.read, "added": found.added} | counts))
            else:
                wrong = ", ".join(f"{count} {code}" for code, count in counts.items()) or "nothing wrong"
                typer.echo(f"{file}: {found.read} readings, {found.added} new; {wrong}")


@app.command()
def check(
    database: Database,
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="First local day, such as 2026-06-01.")],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Last local day, itself included.")],
    slot: Annotated[int, typer.Option(metavar="SECONDS", help="Length of the slots: 900 or 3600.")] = 900,
    as_json: AsJson = False,
) -> None:
    """Look through stored days: list gaps and stuck meters, and fill gaps of up to 6 hours in the derived series."""
    if slot not in SLOT_LENGTHS_S:
        raise InputError(f"a slot of {slot} s is neither a quarter-hour nor an hour", remedy="Use 900 or 3600.")
    begin, end = read_day(first), read_day(last)
    with _opened(database) as engine:
        store = ReadingStore(engine)
        days = (begin + timedelta(days=day) for day in range((end - begin).days + 1))
        found = Anomalies.joined(examine_day(engine, store, day, slot, int(time.time())) for day in days)
    _show(found, as_json)


@app.command()
def anomalies(
    database: Database,
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="First local day, such as 2026-06-01.")],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Last local day, itself included.")],
    as_json: AsJson = False,
) -> None:
    """List and count the anomalies of local days."""
    start, end = local_midnight(read_day(first)), local_midnight(read_day(last) + timedelta(days=1))
    with _opened(database) as engine:
        found = AnomalyBook(engine).between(start, end)
    _show(found, as_json)


def _show(found: Anomalies, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([asdict(anomaly) for anomaly in found.listed], indent=1))
    else:
        typer.echo("\n".join(_lines(found)))


def _lines(found: Anomalies) -> Iterator[str]:
    if not found.listed:
        yield "No anomalies."
    for code, count in found.counted().items():
        yield f"{count:>8} {code}"
    for anomaly in found.listed[:_SHOWN]:
        yield (
            f"{show_time(EpochSeconds(anomaly.start))}  {anomaly.code:<18} {anomaly.point_id}  {anomaly.seconds} s, "
            f"withdrawn {anomaly.withdrawn_wh} Wh, injected {anomaly.injected_wh} Wh"
        )
    if len(found.listed) > _SHOWN:
        yield f"… and {len(found.listed) - _SHOWN} more: --json lists all."


@contextmanager
def _opened(database: str) -> Iterator[Engine]:
    engine = open_existing(database)
    try:
        yield engine
    finally:
        engine.dispose()
