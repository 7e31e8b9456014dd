"""Check a delivery of readings before it is stored: what is refused, what is left out, what is only noted.

Everything is decided over whole columns; a delivery of a million readings takes about a second. The first reading of a
slot stays: whoever delivered another value for it later has to have it corrected by hand, as a new version.
"""

import numpy as np
import numpy.typing as npt

from commons.slots import LAST_START
from oracle.measurement.types import IntArray, Quality, ReadingBatch
from oracle.quality.types import ACCEPTED, CODES, Anomalies, AnomalyCode, Checked, Fates, FlowRules, RawReadings

Flags = npt.NDArray[np.bool_]

_HOUR_S = 3600
_STEP_READINGS = 2
"""So many conflicting readings of a point in a row are no mistake but a clock that went back."""


def check(raw: RawReadings, rules: FlowRules) -> Checked:
    """The readings that can be stored, and all anomalies. Readings marked missing are the same as none."""
    there = raw.quality != Quality.MISSING
    fates = np.full(len(raw), ACCEPTED, dtype=np.int8)
    for code, wrong in _refusals(raw, rules):
        fates[wrong & there & (fates == ACCEPTED)] = CODES.index(code)
    rows = np.flatnonzero(there & (fates == ACCEPTED))
    first, is_conflict = _doubles(raw, rows)
    again = first != np.arange(len(rows))
    fates[rows[again]] = CODES.index(AnomalyCode.REPEATED)
    fates[rows[is_conflict]] = CODES.index(AnomalyCode.CONFLICTING)
    anomalies = Anomalies.joined(
        (
            refused(raw, fates),
            raw.listed(AnomalyCode.OUT_OF_ORDER, rows[_out_of_order(raw, rows) & ~again]),
            clock_steps(raw, fates),
        )
    )
    return Checked(_batch(raw, rows[~again]), anomalies, rows[~again], fates)


def refused(raw: RawReadings, fates: Fates) -> Anomalies:
    """An anomaly for each reading that was not accepted."""
    return Anomalies.joined(
        raw.listed(CODES[fate], np.flatnonzero(fates == fate)) for fate in np.unique(fates).tolist() if fate != ACCEPTED
    )


def clock_steps(raw: RawReadings, fates: Fates) -> Anomalies:
    """The first of several conflicting readings of a point in a row, whatever was refused between them."""
    held = (AnomalyCode.REPEATED, AnomalyCode.CONFLICTING)
    kept = np.isin(fates, [ACCEPTED, *(CODES.index(code) for code in held)]) & (raw.quality != Quality.MISSING)
    rows = np.flatnonzero(kept)
    steps = _clock_steps(raw, rows, fates[rows] == CODES.index(AnomalyCode.CONFLICTING))
    return raw.listed(AnomalyCode.CLOCK_STEP, rows[steps])


def _refusals(raw: RawReadings, rules: FlowRules) -> list[tuple[AnomalyCode, Flags]]:
    """Codes for which a reading is refused, the gravest first; a reading is listed under its first."""
    most_wh = rules.most_w * rules.slot_seconds // _HOUR_S
    off_grid = (raw.seconds != rules.slot_seconds) | (raw.start % rules.slot_seconds != 0)
    off_grid |= (raw.start < 0) | (raw.start >= LAST_START)
    found = [
        (AnomalyCode.OFF_GRID, off_grid),
        (AnomalyCode.NEGATIVE_ENERGY, (raw.withdrawn_wh < 0) | (raw.injected_wh < 0)),
        (AnomalyCode.IMPLAUSIBLE_ENERGY, (raw.withdrawn_wh > most_wh) | (raw.injected_wh > most_wh)),
    ]
    if raw.arrived is not None:
        found.append((AnomalyCode.CLOCK_AHEAD, raw.start + raw.seconds > raw.arrived))
    return found


def _doubles(raw: RawReadings, rows: IntArray) -> tuple[IntArray, Flags]:
    """For each row the place of the first of its point and start, and whether it says something else than that."""
    order = np.lexsort((raw.start[rows], raw.point[rows]))  # stable: what arrived first stays first
    point, start = raw.point[rows][order], raw.start[rows][order]
    is_first = np.ones(len(rows), dtype=bool)
    is_first[1:] = (point[1:] != point[:-1]) | (start[1:] != start[:-1])
    leader = order[is_first][np.cumsum(is_first) - 1] if len(rows) else order
    first = np.empty(len(rows), dtype=np.int64)
    first[order] = leader
    differs = np.zeros(len(rows), dtype=bool)
    for column in (raw.withdrawn_wh, raw.injected_wh, raw.quality):
        differs |= column[rows] != column[rows[first]]
    return first, differs


def _by_arrival(raw: RawReadings, rows: IntArray) -> IntArray:
    """The places of the rows, point by point, in the order of arrival within each."""
    return np.argsort(raw.point[rows], kind="stable")


def _out_of_order(raw: RawReadings, rows: IntArray) -> Flags:
    """Whether a later slot of the same point arrived before."""
    wrong = np.zeros(len(rows), dtype=bool)
    if len(rows):
        order = _by_arrival(raw, rows)
        point, start = raw.point[rows][order], raw.start[rows][order]
        since = start - start.min()
        place = point * (int(since.max()) + 1) + since  # ascending from point to point, so one pass serves them all
        wrong[order] = place < np.maximum.accumulate(place)
    return wrong


def _clock_steps(raw: RawReadings, rows: IntArray, is_conflict: Flags) -> Flags:
    """The first of several conflicting readings of a point in a row."""
    steps = np.zeros(len(rows), dtype=bool)
    order = _by_arrival(raw, rows)
    conflict, point = is_conflict[order], raw.point[rows][order]
    joins = np.zeros(len(rows), dtype=bool)  # goes on with the run of the reading before
    joins[1:] = conflict[1:] & conflict[:-1] & (point[1:] == point[:-1])
    begins = np.flatnonzero(conflict & ~joins)
    lengths = np.diff(np.append(np.cumsum(conflict)[begins] - 1, conflict.sum())) if len(begins) else begins
    steps[order[begins[lengths >= _STEP_READINGS]]] = True
    return steps


def _batch(raw: RawReadings, rows: IntArray) -> ReadingBatch:
    return ReadingBatch(
        raw.point_ids,
        raw.point[rows],
        raw.start[rows],
        raw.seconds[rows],
        raw.withdrawn_wh[rows],
        raw.injected_wh[rows],
        raw.quality[rows],
    )
