"""`commonwatt store synthetic`: a community that does not exist, of any size, into a database or as files.

The same seed gives the same homes and readings anywhere. With `--database` its points are registered and its readings
taken in as any others are; with `--files` they are written as long-wh files, one a day, and a file of points.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from commons.errors import InputError
from commons.slots import SLOT_LENGTHS_S, read_day
from oracle.intake.formats import long_wh
from oracle.intake.take_in import take_readings
from oracle.measurement.points_file import COLUMNS
from oracle.measurement.store import ReadingStore
from oracle.measurement.synthetic import SyntheticCommunity
from oracle.measurement.types import ReadingBatch
from oracle.quality.types import FlowRules, RawReadings
from scripts.store.common import Json, now, opened
from scripts.surroundings import show

MOST_W = 100_000


def run(
    members: Annotated[int, typer.Option(min=1, help="How many homes.")],
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="First local day, such as 2026-06-01.")],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Last local day, itself included.")],
    seed: Annotated[int, typer.Option(min=0, help="Another seed gives another community.")] = 1,
    slot: Annotated[int, typer.Option(metavar="SECONDS", help="Length of the slots: 900 or 3600.")] = 900,
    database: Annotated[str | None, typer.Option(metavar="FILE|URL", help="Fill this database.")] = None,
    files: Annotated[Path | None, typer.Option(metavar="DIR", help="Write files into this folder.")] = None,
    as_json: Json = False,
) -> None:
    """Make a synthetic community's readings."""
    if (database is None) == (files is None):
        raise InputError("the readings go into a database or into files", remedy="Give --database or --files.")
    if slot not in SLOT_LENGTHS_S:
        raise InputError(f"a slot of {slot} s is neither a quarter-hour nor an hour", remedy="Use 900 or 3600.")
    days = list(_days(read_day(first), read_day(last)))
    community = SyntheticCommunity(members, seed)
    if database is not None:
        count = _fill(community, days, slot, database)
    else:
        assert files is not None
        count = _write(community, days, slot, files)
    found = {"members": members, "points": len(community.points), "days": len(days), "readings": count}
    show(as_json, found, lambda: [f"{count} readings of {len(community.points)} points on {len(days)} days."])


def _days(first: date, last: date) -> Iterator[date]:
    if last < first:
        raise InputError("the last day is before the first", remedy="Give --from and --to in their order.")
    return (first + timedelta(days=day) for day in range((last - first).days + 1))


def _fill(community: SyntheticCommunity, days: list[date], slot: int, database: str) -> int:
    """Take the readings in, a day at a time, and say how many were new."""
    with opened(database, may_make=True) as engine:
        store = ReadingStore(engine)
        store.add_points(community.points)
        rules = FlowRules(slot, MOST_W)
        return sum(take_readings(_raw(community.day(day, slot).batch()), rules, store, now()).added for day in days)


def _write(community: SyntheticCommunity, days: list[date], slot: int, folder: Path) -> int:
    """Write a file of points and a file of readings for each day, and say how many readings there are."""
    folder.mkdir(parents=True, exist_ok=True)
    points = [f"{point.point_id},{point.wallet},{point.kind}\n" for point in community.points]
    (folder / "points.csv").write_text(",".join(COLUMNS) + "\n" + "".join(points), encoding="ascii")
    return sum(_write_day(community.day(day, slot).batch(), folder / f"readings-{day}.csv") for day in days)


def _write_day(batch: ReadingBatch, path: Path) -> int:
    columns = (batch.start, batch.seconds, batch.withdrawn_wh, batch.injected_wh, batch.quality)
    names = np.array(batch.point_ids)[batch.point].tolist()
    with path.open("w", encoding="ascii") as out:
        out.write(",".join(long_wh.COLUMNS) + "\n")
        out.writelines(
            ",".join(map(str, line)) + "\n" for line in zip(names, *(c.tolist() for c in columns), strict=True)
        )
    return len(batch)


def _raw(batch: ReadingBatch) -> RawReadings:
    columns = (batch.point, batch.start, batch.seconds, batch.withdrawn_wh, batch.injected_wh, batch.quality)
    return RawReadings(batch.point_ids, *columns)
