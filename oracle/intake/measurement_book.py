"""Measurements of flows: what devices report beside the energy of a slot; the first of a flow and start stays."""

from collections.abc import Sequence

from sqlalchemy import Connection, select, text

from commons.database.tables import MeasurementRow, table_of
from commons.intake.message import Measurement, Result, Verdict
from commons.intake.port import Flow
from oracle.quality.types import AnomalyCode

_TABLE = table_of(MeasurementRow)
_FIGURES = (
    "seconds",
    "current_a",
    "voltage_v",
    "active_power_w",
    "reactive_power_var",
    "energy_wh",
    "state_of_charge_pct",
)
_NAMES = ("start", "flow", *_FIGURES, "ingested")
_INSERT = text(
    f"INSERT INTO measurements ({', '.join(_NAMES)}) "  # noqa: S608  names of our own
    f"VALUES ({', '.join(':' + name for name in _NAMES)}) ON CONFLICT DO NOTHING"
)


def keep_measurements(
    connection: Connection, flow: Flow, measurements: Sequence[Measurement], now: int
) -> list[Verdict]:
    """Store the measurements that are new, and tell what became of each."""
    if not measurements:
        return []
    wanted = [one.start for one in measurements]
    columns = [_TABLE.c.start, *(_TABLE.c[name] for name in _FIGURES)]
    query = select(*columns).where(_TABLE.c.flow == flow.key, _TABLE.c.start.in_(wanted))
    there = {row[0]: tuple(row)[1:] for row in connection.execute(query)}
    verdicts, rows = [], []
    for one in measurements:
        figures = tuple(getattr(one, name) for name in _FIGURES)
        code = _refusal(flow, one, now) or (
            AnomalyCode.CONFLICTING if there.get(one.start, figures) != figures else None
        )
        if code is not None:
            verdicts.append(Verdict(start=one.start, result=Result.REFUSED, code=code.value))
            continue
        verdicts.append(Verdict(start=one.start, result=Result.KNOWN if one.start in there else Result.STORED))
        if one.start not in there:
            there[one.start] = figures
            rows.append(dict(zip(_NAMES, (one.start, flow.key, *figures, now), strict=True)))
    if rows:
        connection.execute(_INSERT, rows)
    return verdicts


def _refusal(flow: Flow, one: Measurement, now: int) -> AnomalyCode | None:
    if one.start < flow.starts or (flow.ends is not None and one.start >= flow.ends):
        return AnomalyCode.OUTSIDE_FLOW
    return AnomalyCode.CLOCK_AHEAD if one.start + one.seconds > now else None
