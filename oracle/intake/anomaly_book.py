"""Anomalies as an operator keeps them: each once, listed and counted."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, select, text

from commons.database.migrate import upgrade
from commons.database.tables import AnomalyRow, PointRow, table_of
from oracle.measurement.store import point_keys
from oracle.quality.types import Anomalies, Anomaly, AnomalyCode

_POINTS, _ANOMALIES = table_of(PointRow), table_of(AnomalyRow)
_INSERT = text(
    "INSERT INTO anomalies (start, point, code, seconds, withdrawn_wh, injected_wh, found) "
    "VALUES (:start, :point, :code, :seconds, :withdrawn_wh, :injected_wh, :found) ON CONFLICT DO NOTHING"
)


class AnomalyBook:
    """The anomalies in a database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        upgrade(engine)

    def record(self, anomalies: Anomalies, found: int) -> None:
        """Keep the anomalies, found at an epoch second; those that are known already stay as they are."""
        with self._engine.begin() as connection:
            record(connection, anomalies, found)

    def between(self, start: int, end: int) -> Anomalies:
        """The anomalies that begin in `[start, end)`, by start, point and code."""
        columns = _ANOMALIES.c
        query = (
            select(
                columns.code,
                _POINTS.c.point_id,
                columns.start,
                columns.seconds,
                columns.withdrawn_wh,
                columns.injected_wh,
            )
            .join_from(_ANOMALIES, _POINTS, columns.point == _POINTS.c.id)
            .where(columns.start >= start, columns.start < end)
            .order_by(columns.start, _POINTS.c.point_id, columns.code, columns.withdrawn_wh, columns.injected_wh)
        )
        with self._engine.connect() as connection:
            rows: Sequence[tuple[str, str, int, int, int, int]] = [tuple(row) for row in connection.execute(query)]
        return Anomalies(tuple(Anomaly(AnomalyCode(code), *rest) for code, *rest in rows))  # type: ignore[arg-type]

    def counts(self, start: int, end: int) -> list[tuple[int, str, int]]:
        """Start, code and point's number of each anomaly that begins in `[start, end)`: no reading, no name."""
        columns = _ANOMALIES.c
        query = select(columns.start, columns.code, columns.point).where(columns.start >= start, columns.start < end)
        with self._engine.connect() as connection:
            return [(int(at), str(code), int(point)) for at, code, point in connection.execute(query)]


def record(connection: Connection, anomalies: Anomalies, found: int) -> None:
    """See `AnomalyBook.record`, in a transaction of the caller's."""
    if not anomalies.listed:
        return
    point_ids = sorted({anomaly.point_id for anomaly in anomalies.listed})
    keys = dict(zip(point_ids, point_keys(connection, point_ids).tolist(), strict=True))
    connection.execute(
        _INSERT,
        [
            {
                "start": anomaly.start,
                "point": keys[anomaly.point_id],
                "code": anomaly.code.value,
                "seconds": anomaly.seconds,
                "withdrawn_wh": anomaly.withdrawn_wh,
                "injected_wh": anomaly.injected_wh,
                "found": found,
            }
            for anomaly in anomalies.listed
        ],
    )
