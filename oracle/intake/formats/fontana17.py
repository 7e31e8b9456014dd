"""`fontana17`: the demo's measured year, a folder with a wide table of load and one of production, both in kWh.

Labels are the home (`H01`) for its grid connection, netted per hour, and the home with `-PV` for its panels. The hours
are local standard time; they are read as that of Europe/Rome, where the demo's community lives.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from oracle.intake.formats.table import points_of
from oracle.intake.types import Places
from oracle.measurement.measured_year import load_measured_year, year_energy
from oracle.measurement.replay import STANDARD_OFFSET_SECONDS
from oracle.measurement.types import Quality
from oracle.quality.types import FlowRules, RawReadings


def read(path: Path, places: Places, rules: FlowRules) -> RawReadings:
    """Read the folder; the readings come point by point."""
    energy = year_energy(load_measured_year(path), STANDARD_OFFSET_SECONDS)
    labels = [*energy.members, *(f"{home}-PV" for home in energy.members)]
    point, point_ids = points_of(path, pd.Series(labels), places)
    starts = energy.start + np.arange(energy.slots, dtype=np.int64) * energy.slot_seconds
    count = len(labels) * energy.slots
    return RawReadings(
        point_ids=point_ids,
        point=np.repeat(point, energy.slots),
        start=np.tile(starts, len(labels)),
        seconds=np.full(count, energy.slot_seconds, dtype=np.int64),
        withdrawn_wh=np.concatenate((energy.withdrawn_wh, np.zeros_like(energy.withdrawn_wh))).ravel(),
        injected_wh=np.concatenate((energy.injected_wh, energy.produced_wh)).ravel(),
        quality=np.full(count, Quality.MEASURED, dtype=np.uint8),
    )
