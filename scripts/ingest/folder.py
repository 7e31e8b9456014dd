"""`commonwatt ingest folder DIR`: take files of readings that are dropped into a folder.

A file that does not change for a few seconds is taken whole, or refused whole; it is moved to DIR/done or DIR/refused
with a note beside it. Files carry no signatures: the community must take unsigned readings, and they count as
estimated. Can be killed at any time: a file that was not moved is taken again, which changes nothing.
"""

import json
import signal
import time
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from commons.errors import InputError
from commons.slots import SLOT_LENGTHS_S
from oracle.intake.formats import FORMATS, recognised
from oracle.intake.take_in import take_readings
from oracle.intake.types import Intake
from oracle.intake.unsigned import as_estimates, require_unsigned
from oracle.intake.watched_folder import Handled, WatchedFolder
from oracle.measurement.store import ReadingStore
from oracle.quality.types import FlowRules
from oracle.registry.people import community_of
from oracle.registry.things import places
from scripts.store.common import Database, InCommunity, Json, now, opened

LOOK_S = 1.0
SETTLE_S = 3.0
ANY = "any"


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to watch.")],
    database: Database,
    form: Annotated[
        str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}; {ANY}: told by its first line.")
    ] = ANY,
    slot: Annotated[int, typer.Option(metavar="SECONDS", help="Length of the readings' slots: 900 or 3600.")] = 900,
    most_w: Annotated[int, typer.Option(metavar="W", min=1, help="The most power that a point can carry.")] = 100_000,
    settle: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="How long a file must not change before it is taken.")
    ] = SETTLE_S,
    once: Annotated[bool, typer.Option("--once", help="Take what is there and complete, and stop.")] = False,
    community: InCommunity = None,
    as_json: Json = False,
) -> None:
    """Watch a folder until Ctrl-C."""
    if form not in (ANY, *FORMATS):
        raise InputError(f"there is no format {form!r}", remedy=f"Choose one of {ANY}, {', '.join(FORMATS)}.")
    if slot not in SLOT_LENGTHS_S:
        raise InputError(f"a slot of {slot} s is neither a quarter-hour nor an hour", remedy="Use 900 or 3600.")
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder", remedy="Make it, or name another.")
    rules = FlowRules(slot, most_w)
    with opened(database) as engine:
        store = ReadingStore(engine)

        def take(path: Path) -> Intake:
            with engine.connect() as connection:
                number = community_of(connection, community)
                require_unsigned(connection, number)
                named = places(connection, number)
            name = recognised(path) if form == ANY else form
            return take_readings(as_estimates(FORMATS[name](path, named, rules)), rules, store, now())

        watched = WatchedFolder(folder, take, time.time, settle)
        if not as_json:
            typer.echo(f"Files are taken from {folder}; Ctrl-C ends it.")
        _watch(watched, _stopping(), settle if once else None, as_json)


def _watch(watched: WatchedFolder, stop: Event, only_s: float | None, as_json: bool) -> None:
    """Look until told to stop, or until files that are there had so long to be complete."""
    end = None if only_s is None else time.monotonic() + only_s
    while True:
        is_last = end is not None and time.monotonic() >= end
        for handled in watched.look():
            typer.echo(json.dumps(dict(handled.note)) if as_json else _line(handled))
        if is_last or stop.wait(LOOK_S if only_s is None else min(LOOK_S, only_s)):
            return


def _line(handled: Handled) -> str:
    note = handled.note
    if not handled.was_taken:
        return f"{note['file']}: refused. {note['detail']}"
    wrong = ", ".join(f"{count} {code}" for code, count in note["anomalies"].items()) or "nothing wrong"
    return f"{note['file']}: {note['read']} readings, {note['added']} new; {wrong}"


def _stopping() -> Event:
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop
