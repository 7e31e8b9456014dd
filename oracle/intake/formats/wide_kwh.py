"""`wide-kwh`: one slot a line and one point a column, in kWh with a sign: + withdrawn from the grid, − injected.

    start,POD-1,POD-2,…

`start` is the beginning of the slot in ISO 8601 with its offset; slots have the flow's length. An empty cell is a
missing reading. What a point took and gave within one slot is netted in such a file.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from commons.errors import MalformedInput
from oracle.intake.formats.table import epochs_of, points_of, read_table, wh_of
from oracle.intake.types import Places
from oracle.measurement.types import Quality
from oracle.quality.types import FlowRules, RawReadings


def read(path: Path, places: Places, rules: FlowRules) -> RawReadings:
    """Read a file of this format; the readings come slot by slot, as the file has them."""
    frame = read_table(path)
    labels = list(frame.columns)
    if labels[:1] != ["start"] or len(labels) < 2:
        raise MalformedInput(f"{path}, line 1 names no points", remedy="Write start and then each point once.")
    _, point_ids = points_of(path, pd.Series(labels[1:]), places)
    start = epochs_of(path, frame["start"])
    is_missing = (frame[labels[1:]] == "").to_numpy(dtype=bool)
    energy = np.empty(is_missing.shape, dtype=np.int64)
    for column, label in enumerate(labels[1:]):
        energy[:, column] = wh_of(path, frame[label].mask(is_missing[:, column], "0"))
    slots, points = energy.shape
    return RawReadings(
        point_ids=point_ids,
        point=np.tile(np.arange(points, dtype=np.int64), slots),
        start=np.repeat(start, points),
        seconds=np.full(energy.size, rules.slot_seconds, dtype=np.int64),
        withdrawn_wh=np.maximum(energy, 0).ravel(),
        injected_wh=np.maximum(-energy, 0).ravel(),
        quality=np.where(is_missing, np.uint8(Quality.MISSING), np.uint8(Quality.MEASURED)).ravel(),
    )
