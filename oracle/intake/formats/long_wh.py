"""`long-wh`: one reading a line in whole Wh, the form in which Commonwatt itself writes readings.

    point_id,start,seconds,withdrawn_wh,injected_wh,quality

`start` is in epoch seconds, `quality` 0 measured, 1 estimated, 2 missing. Labels are the ids themselves.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from commons.errors import MalformedInput
from oracle.intake.formats.table import points_of, read_table, require_columns
from oracle.intake.types import Places
from oracle.measurement.types import IntArray, Quality
from oracle.quality.types import FlowRules, RawReadings

COLUMNS = ("point_id", "start", "seconds", "withdrawn_wh", "injected_wh", "quality")
_DIGITS = 18


def read(path: Path, places: Places, rules: FlowRules) -> RawReadings:
    """Read a file of this format; lengths of other slots than the flow's are for the checks to find."""
    frame = read_table(path)
    require_columns(path, list(frame.columns), COLUMNS)
    point, point_ids = points_of(path, frame["point_id"], places)
    start, seconds, withdrawn, injected, quality = (_integers(path, frame[name]) for name in COLUMNS[1:])
    if not np.isin(quality, [known.value for known in Quality]).all():
        raise MalformedInput(f"{path} has an unknown quality", remedy="Write 0 measured, 1 estimated or 2 missing.")
    return RawReadings(point_ids, point, start, seconds, withdrawn, injected, quality.astype(np.uint8))


def _integers(path: Path, texts: "pd.Series[str]") -> IntArray:
    try:
        codes, values = pd.factorize(texts)  # times, lengths and energies repeat: each text is read once
        if len(values) and int(values.str.len().max()) > _DIGITS:
            raise ValueError("too long")
        return np.asarray(values.to_numpy(dtype=np.str_).astype(np.int64)[codes], dtype=np.int64)
    except ValueError as error:
        bad = ~texts.str.fullmatch(rf"-?[0-9]{{1,{_DIGITS - 1}}}")
        row = int(np.argmax(bad.to_numpy(dtype=bool)))
        raise MalformedInput(
            f"{path}, line {row + 2}: {texts.name} is {str(texts.iloc[row])[:40]!r}, no whole number",
            remedy="Energies are whole Wh (0.512 kWh is 512), times epoch seconds.",
        ) from error
