"""`long-kwh`: one reading a line in kWh, as distribution companies export them.

    point,start,withdrawn_kwh,injected_kwh

`point` is the POD, `start` the beginning of the slot in ISO 8601 with its offset; slots have the flow's length. A line
without figures is a missing reading.
"""

from pathlib import Path

import numpy as np

from oracle.intake.formats.table import epochs_of, points_of, read_table, require_columns, wh_of
from oracle.intake.types import Places
from oracle.measurement.types import Quality
from oracle.quality.types import FlowRules, RawReadings

COLUMNS = ("point", "start", "withdrawn_kwh", "injected_kwh")


def read(path: Path, places: Places, rules: FlowRules) -> RawReadings:
    """Read a file of this format."""
    frame = read_table(path)
    require_columns(path, list(frame.columns), COLUMNS)
    point, point_ids = points_of(path, frame["point"], places)
    is_missing = ((frame["withdrawn_kwh"] == "") & (frame["injected_kwh"] == "")).to_numpy(dtype=bool)
    withdrawn, injected = (wh_of(path, frame[name].mask(is_missing, "0")) for name in COLUMNS[2:])
    return RawReadings(
        point_ids=point_ids,
        point=point,
        start=epochs_of(path, frame["start"]),
        seconds=np.full(len(frame), rules.slot_seconds, dtype=np.int64),
        withdrawn_wh=withdrawn,
        injected_wh=injected,
        quality=np.where(is_missing, np.uint8(Quality.MISSING), np.uint8(Quality.MEASURED)),
    )
