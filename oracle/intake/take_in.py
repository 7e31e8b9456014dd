"""Take readings in: check them, store what is right, and keep a list of what is not, all in one transaction.

Repeating it is harmless: readings and anomalies that are known already stay as they are. Whoever is killed in between
leaves nothing, and just takes the same in again.
"""

from pathlib import Path

import numpy as np
from sqlalchemy import Connection

from oracle.intake.anomaly_book import record
from oracle.intake.types import Format, Intake, Places, Taken
from oracle.measurement.store import ReadingStore, keep
from oracle.measurement.types import IntArray
from oracle.quality.delivery import check, clock_steps
from oracle.quality.types import CODES, Anomalies, AnomalyCode, FlowRules, RawReadings


def take_in(path: Path, form: Format, places: Places, rules: FlowRules, store: ReadingStore, now: int) -> Intake:
    """Take a file in, at the epoch second `now`.

    Raises:
        MalformedInput, UnitError, UnknownPoint: the file is not of the format; nothing of it was stored.
    """
    return take_readings(form(path, places, rules), rules, store, now)


def take_readings(raw: RawReadings, rules: FlowRules, store: ReadingStore, now: int) -> Intake:
    """Take readings in that were read before."""
    with store.transaction() as connection:
        taken = store_checked(connection, raw, rules, None, now)
        record(connection, taken.anomalies, now)
    return Intake(len(raw), int(taken.is_new.sum()), taken.anomalies)


def store_checked(connection: Connection, raw: RawReadings, rules: FlowRules, flow: IntArray | None, now: int) -> Taken:
    """Check readings and store those that are right; their anomalies are for the caller to record.

    Args:
        flow: the flow by which each of them came, where there is one.
        now: the epoch second of their arrival.
    """
    checked = check(raw, rules)
    rows = checked.rows
    kept = keep(connection, checked.accepted, flow=None if flow is None else flow[rows], ingested=now)
    is_new = np.zeros(len(raw), dtype=bool)
    is_new[rows] = True
    is_new[rows[kept.known]] = False
    is_new[rows[kept.conflicting]] = False
    if not len(kept.conflicting):
        return Taken(checked.fates, is_new, checked.anomalies)
    checked.fates[rows[kept.conflicting]] = CODES.index(AnomalyCode.CONFLICTING)
    within = (one for one in checked.anomalies.listed if one.code is not AnomalyCode.CLOCK_STEP)
    against_store = raw.listed(AnomalyCode.CONFLICTING, rows[kept.conflicting])
    steps = clock_steps(raw, checked.fates)
    return Taken(checked.fates, is_new, Anomalies.joined((Anomalies(tuple(within)), against_store, steps)))
