"""Where messages of flows come in: signatures checked, readings checked, what is right stored, each answered.

Several messages are one transaction: everything that their receipts say is committed before anybody sees a receipt, and
whoever is killed before leaves nothing.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from sqlalchemy import Connection, Engine, bindparam, select, text, update

from commons.database.migrate import upgrade
from commons.database.tables import AnomalyRow, FlowRow, PointRow, table_of
from commons.intake.message import Receipt, Result, Verdict, receipt_of
from commons.intake.port import Flow
from commons.keccak import keccak256
from commons.slots import LAST_START
from oracle.intake.anomaly_book import record
from oracle.intake.assurance import Vouched, vouch
from oracle.intake.credentials import flow_of_token, sending_flow
from oracle.intake.measurement_book import keep_measurements
from oracle.intake.take_in import store_checked
from oracle.intake.types import Delivery, Taken
from oracle.measurement.types import IntArray
from oracle.quality.delivery import refused
from oracle.quality.types import ACCEPTED, CODES, Anomalies, Anomaly, AnomalyCode, FlowRules, RawReadings

_FLOWS, _POINTS, _ANOMALIES = table_of(FlowRow), table_of(PointRow), table_of(AnomalyRow)
_KNOWN = (CODES.index(AnomalyCode.REPEATED),)
_OUTSIDE, _CONFLICTING = CODES.index(AnomalyCode.OUTSIDE_FLOW), CODES.index(AnomalyCode.CONFLICTING)
_ADVANCE = (
    update(_FLOWS)
    .where(_FLOWS.c.id == bindparam("key"))
    .values(last_start=bindparam("start"), last_arrived=bindparam("arrived"))
)
_KEEP_SIGNED = text(
    "INSERT INTO signed_deliveries (digest, flow, point, arrived, signer, signature, payload) "
    "VALUES (:digest, :flow, :point, :arrived, :signer, :signature, :payload) ON CONFLICT DO NOTHING"
)


class Door:
    """Takes messages into one database."""

    def __init__(self, engine: Engine, now: Callable[[], int]) -> None:
        """Use a database, brought to the present schema first; `now` gives epoch seconds."""
        self._engine = engine
        self._now = now
        upgrade(engine)

    def flow_of(self, token: str) -> Flow:
        """See `Intake.flow_of`."""
        with self._engine.connect() as connection:
            return flow_of_token(connection, token)

    def sending_flow(self, key: int) -> Flow:
        """A flow by its number, whose sender somebody else has let in.

        Raises:
            NotFound: there is no such flow. NotSignedIn: it has no credential any more.
        """
        with self._engine.connect() as connection:
            return sending_flow(connection, key)

    def take(self, deliveries: Sequence[Delivery]) -> list[Receipt]:
        """Take messages in and commit them; the receipts in their order."""
        now = self._now()
        with self._engine.begin() as connection:
            return _take(connection, deliveries, now)


def _take(connection: Connection, deliveries: Sequence[Delivery], now: int) -> list[Receipt]:
    flow = _each(deliveries, [one.flow.key for one in deliveries])
    vouched = vouch(connection, deliveries)
    raw = _columns(deliveries, vouched, now)
    taken = _store(connection, deliveries, raw, flow, _within(deliveries, raw, vouched), now)
    late = _late(connection, raw, flow, taken, now)
    record(connection, Anomalies.joined((taken.anomalies, late, _steps_over_messages(connection, raw, taken))), now)
    _keep_signed(connection, vouched, taken, now)
    verdicts = iter(_verdicts(raw, taken))
    return [
        receipt_of(
            one.message,
            [next(verdicts) for _ in one.message.readings],
            keep_measurements(connection, one.flow, one.message.measurements, now),
        )
        for one in deliveries
    ]


def _columns(deliveries: Sequence[Delivery], vouched: Vouched, now: int) -> RawReadings:
    point_ids = tuple(dict.fromkeys(one.flow.point_id for one in deliveries))
    place = {point_id: number for number, point_id in enumerate(point_ids)}
    readings = [reading for one in deliveries for reading in one.message.readings]

    def column(name: str) -> IntArray:
        return np.array([getattr(one, name) for one in readings], dtype=np.int64)

    return RawReadings(
        point_ids=point_ids,
        point=_each(deliveries, [place[one.flow.point_id] for one in deliveries]),
        start=column("start"),
        seconds=column("seconds"),
        withdrawn_wh=column("withdrawn_wh"),
        injected_wh=column("injected_wh"),
        quality=vouched.quality,
        arrived=np.full(len(readings), now, dtype=np.int64),
    )


def _each(deliveries: Sequence[Delivery], values: Sequence[int]) -> IntArray:
    """A value of each delivery, for each of its readings."""
    return np.repeat(np.array(values, dtype=np.int64), [len(one.message.readings) for one in deliveries])


def _within(deliveries: Sequence[Delivery], raw: RawReadings, vouched: Vouched) -> Vouched:
    """The same, with readings refused that begin outside of their flow's time."""
    starts = _each(deliveries, [one.flow.starts for one in deliveries])
    ends = _each(deliveries, [LAST_START if one.flow.ends is None else one.flow.ends for one in deliveries])
    outside = (raw.start < starts) | (raw.start >= ends)
    vouched.fates[outside & (vouched.fates == ACCEPTED)] = _OUTSIDE
    return vouched


def _store(
    connection: Connection, deliveries: Sequence[Delivery], raw: RawReadings, flow: IntArray, vouched: Vouched, now: int
) -> Taken:
    """Check and store what is vouched for, the flows of equal rules together."""
    fates, is_new = vouched.fates, np.zeros(len(raw), dtype=bool)
    anomalies = [refused(raw, fates)]
    open_rows = fates == ACCEPTED
    rules = [FlowRules(one.flow.measuring_seconds, one.flow.most_w) for one in deliveries]
    kinds = list(dict.fromkeys(rules))
    kind = _each(deliveries, [kinds.index(one) for one in rules])
    for number, one in enumerate(kinds):
        rows = np.flatnonzero(open_rows & (kind == number))
        taken = store_checked(connection, raw.only(rows), one, flow[rows], now)
        fates[rows], is_new[rows] = taken.fates, taken.is_new
        anomalies.append(taken.anomalies)
    return Taken(fates, is_new, Anomalies.joined(anomalies))


def _late(connection: Connection, raw: RawReadings, flow: IntArray, taken: Taken, now: int) -> Anomalies:
    """New readings from before what their flow delivered in earlier messages; and how far each flow is now."""
    keys, of_flow = np.unique(flow, return_inverse=True)
    rows = connection.execute(select(_FLOWS.c.id, _FLOWS.c.last_start).where(_FLOWS.c.id.in_(keys.tolist())))
    known = {row.id: -1 if row.last_start is None else row.last_start for row in rows}
    last = np.array([known[key] for key in keys.tolist()], dtype=np.int64)
    new = np.flatnonzero(taken.is_new)
    latest = last.copy()
    np.maximum.at(latest, of_flow[new], raw.start[new])
    moves = [
        {"key": key, "start": None if start < 0 else start, "arrived": now}
        for key, start in zip(keys.tolist(), latest.tolist(), strict=True)
    ]
    if moves:
        connection.execute(_ADVANCE, moves)
    return raw.listed(AnomalyCode.OUT_OF_ORDER, new[raw.start[new] < last[of_flow[new]]])


def _steps_over_messages(connection: Connection, raw: RawReadings, taken: Taken) -> Anomalies:
    """Clock steps that show only from message to message: the slot before came with another value, too."""
    conflicting = np.flatnonzero(taken.fates == _CONFLICTING)
    _, firsts = np.unique(raw.point[conflicting], return_index=True)
    found = (_step_before(connection, raw, row) for row in conflicting[firsts].tolist())
    return Anomalies(tuple(one for one in found if one is not None))


def _step_before(connection: Connection, raw: RawReadings, row: int) -> Anomaly | None:
    start, seconds, point_id = int(raw.start[row]), int(raw.seconds[row]), raw.point_ids[raw.point[row]]
    columns = _ANOMALIES.c
    query = (
        select(columns.start, columns.withdrawn_wh, columns.injected_wh)
        .join_from(_ANOMALIES, _POINTS, columns.point == _POINTS.c.id)
        .where(
            columns.code == AnomalyCode.CONFLICTING.value,
            columns.start.in_([start - seconds, start - 2 * seconds]),
            _POINTS.c.point_id == point_id,
        )
    )
    before = {one.start: one for one in connection.execute(query)}
    if set(before) != {start - seconds}:
        return None
    one = before[start - seconds]
    return Anomaly(AnomalyCode.CLOCK_STEP, point_id, one.start, seconds, one.withdrawn_wh, one.injected_wh)


def _keep_signed(connection: Connection, vouched: Vouched, taken: Taken, now: int) -> None:
    """Keep what meters signed, as they signed it, where any of it is new."""
    rows = [
        {
            "digest": "0x" + keccak256(one.payload).hex(),
            "flow": one.flow.key,
            "point": one.flow.point,
            "arrived": now,
            "signer": signer,
            "signature": one.signature,
            "payload": one.payload,
        }
        for one, signer in zip(vouched.signed, vouched.by, strict=True)
        if taken.is_new[one.rows.start : one.rows.stop].any()
    ]
    if rows:
        connection.execute(_KEEP_SIGNED, rows)


def _verdicts(raw: RawReadings, taken: Taken) -> Iterator[Verdict]:
    """What became of each reading, in their order."""
    for start, fate, is_new in zip(raw.start.tolist(), taken.fates.tolist(), taken.is_new.tolist(), strict=True):
        if fate in _KNOWN or (fate == ACCEPTED and not is_new):
            yield Verdict(start=start, result=Result.KNOWN)
        elif fate == ACCEPTED:
            yield Verdict(start=start, result=Result.STORED)
        else:
            yield Verdict(start=start, result=Result.REFUSED, code=CODES[fate].value)
