"""Look through what is stored, day by day: gaps and stuck meters become anomalies, short gaps are filled in a series.

What is filled goes into `derived`, marked, for charts and forecasts; the readings stay as they are.
"""

from datetime import date

import numpy as np
from sqlalchemy import Connection, Engine, text

from commons.slots import HOUR_S, day_grid
from oracle.intake.anomaly_book import record
from oracle.measurement.store import ReadingStore, point_keys
from oracle.measurement.types import ReadingGrid
from oracle.quality.series import MOST_INTERPOLATED_S, STUCK_S, gaps, interpolate, stuck
from oracle.quality.types import Anomalies, DerivedSeries

FILLED = "filled"
"""The series of readings with short gaps filled: only its filled slots are kept."""
_KEEP = text(
    "INSERT INTO derived (series, start, point, seconds, withdrawn_wh, injected_wh, is_interpolated) "
    "VALUES (:series, :start, :point, :seconds, :withdrawn_wh, :injected_wh, :is_interpolated) ON CONFLICT DO NOTHING"
)
_FORGET = text("DELETE FROM derived WHERE series = :series AND start >= :start AND start < :end")


def examine_day(engine: Engine, store: ReadingStore, day: date, slot_seconds: int, now: int) -> Anomalies:
    """Find gaps and stuck meters of a local day, list them, and fill its short gaps in the derived series.

    A meter counts as stuck on a day that lies in, or touches, a whole day of the same energy.
    """
    grid = day_grid(day, slot_seconds)
    point_ids = [point.point_id for point in store.points()]
    if not point_ids:
        return Anomalies(())
    around = store.readings(point_ids, grid.start - STUCK_S, grid.end + MOST_INTERPOLATED_S + HOUR_S, slot_seconds)
    skipped = STUCK_S // slot_seconds
    of_day = slice(skipped, skipped + grid.count)
    until_end = _part(around, slice(0, skipped + grid.count))
    found = Anomalies.joined((gaps(_part(around, of_day)), _touching(stuck(until_end), grid.start)))
    with engine.begin() as connection:
        record(connection, found, now)
        _keep_filled(connection, interpolate(around), of_day)
    return found


def _touching(anomalies: Anomalies, start: int) -> Anomalies:
    """Those that last into what begins at `start`."""
    return Anomalies(tuple(one for one in anomalies.listed if one.start + one.seconds > start))


def _part(grid: ReadingGrid, slots: slice) -> ReadingGrid:
    return ReadingGrid(
        grid.point_ids,
        grid.start + slots.start * grid.slot_seconds,
        grid.slot_seconds,
        grid.withdrawn_wh[:, slots],
        grid.injected_wh[:, slots],
        grid.quality[:, slots],
    )


def _keep_filled(connection: Connection, derived: DerivedSeries, slots: slice) -> None:
    """Keep the filled slots of the day, in place of those that were filled before."""
    grid = derived.readings
    start = grid.start + slots.start * grid.slot_seconds
    end = grid.start + slots.stop * grid.slot_seconds
    connection.execute(_FORGET, {"series": FILLED, "start": start, "end": end})
    points, places = np.nonzero(derived.interpolated[:, slots])
    if not len(points):
        return
    keys = point_keys(connection, grid.point_ids)
    columns = (
        (start + places * grid.slot_seconds).tolist(),
        keys[points].tolist(),
        grid.withdrawn_wh[:, slots][points, places].tolist(),
        grid.injected_wh[:, slots][points, places].tolist(),
    )
    connection.execute(
        _KEEP,
        [
            {
                "series": FILLED,
                "start": at,
                "point": point,
                "seconds": grid.slot_seconds,
                "withdrawn_wh": withdrawn,
                "injected_wh": injected,
                "is_interpolated": True,
            }
            for at, point, withdrawn, injected in zip(*columns, strict=True)
        ],
    )
