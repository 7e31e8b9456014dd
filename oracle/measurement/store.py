"""An operator's own copy of the readings, in a database of its own.

Readings are written in one transaction per batch: after a crash a batch is there or it is not, and can simply be
imported again. A reading is never overwritten; a second, different value for the same point and start is refused.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Engine, insert, select

from commons.database.bulk import insert_new, read_integers
from commons.database.engine import open_database
from commons.database.migrate import upgrade
from commons.database.tables import PointRow, table_of
from commons.errors import ConflictingPoint, ConflictingReading, UnitError, UnknownPoint
from oracle.measurement.tiling import tile
from oracle.measurement.types import IntArray, Point, PointKind, Quality, ReadingBatch, ReadingGrid

Flags = npt.NDArray[np.bool_]

__all__ = ["Kept", "ReadingStore", "open_database"]

_DAY_S = 24 * 3600
_SECONDS_LIMIT = 1 << 12  # a length is packed beside its reading's start
_FEW_POINTS = 500  # up to here the database picks the points, beyond it numpy does
_POINTS = table_of(PointRow)
_COLUMNS = ("start", "point", "seconds", "withdrawn_wh", "injected_wh", "quality")
_ARRIVAL = ("flow", "ingested")
# A reading in four integers instead of six: every one that Python makes of a database's row costs.
_PACKED = ("(start << 12) | seconds", "(point << 2) | quality", "withdrawn_wh", "injected_wh")


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What became of a batch: how many readings were new, and the rows of it that were not.

    `known` are those that were there already, the same; `conflicting` those that differ from what is there.
    """

    added: int
    known: IntArray
    conflicting: IntArray


class ReadingStore:
    """Points and readings in a database; a `ReadingSource`."""

    def __init__(self, engine: Engine) -> None:
        """Use the store of a database, brought to the present schema first.

        Raises:
            SettingsError: the database is of a newer version than this program.
        """
        self._engine = engine
        upgrade(engine)

    def close(self) -> None:
        self._engine.dispose()

    def transaction(self) -> AbstractContextManager[Connection]:
        """A connection whose work is committed at the end, or undone by an error."""
        return self._engine.begin()

    def add_points(self, points: Iterable[Point]) -> None:
        """Register points; again is harmless, but `ConflictingPoint` if one is known with another wallet or kind."""
        with self._engine.begin() as connection:
            known = {point.point_id: point for point in _points(connection)}
            new = {point.point_id: point for point in points}
            for point in new.values():
                _refuse_other_point(known.get(point.point_id, point), point)
            rows = [
                {"point_id": point.point_id, "wallet": point.wallet, "kind": point.kind.value}
                for point in new.values()
                if point.point_id not in known
            ]
            if rows:
                connection.execute(insert(_POINTS), rows)

    def points(self) -> tuple[Point, ...]:
        """All points, in the order of their registration."""
        with self._engine.connect() as connection:
            return _points(connection)

    def insert(self, batch: ReadingBatch) -> int:
        """Store the readings that are new and say how many; all of them or, with an error, none.

        A missing reading is the same as none and is not stored. Raises `UnknownPoint`, and `ConflictingReading` if a
        point already has another value (or the batch itself has two) for the same start; `UnitError` for a length of no
        reading.
        """
        with self._engine.begin() as connection:
            kept = keep(connection, batch)
            if len(kept.conflicting):
                _refuse_conflict(connection, batch, kept.conflicting)
        return kept.added

    def keep(self, batch: ReadingBatch, *, flow: int | None = None, ingested: int | None = None) -> Kept:
        """Store the readings that are new, in one transaction, and tell which contradict what was there.

        Args:
            flow: the flow that they came by.
            ingested: the epoch second of their arrival.

        Raises:
            UnknownPoint: a point of the batch is not registered; nothing was stored.
            UnitError: a reading is longer than an hour; nothing was stored.
        """
        with self._engine.begin() as connection:
            return keep(connection, batch, flow, ingested)

    def readings(self, point_ids: Sequence[str], start: int, end: int, slot_seconds: int) -> ReadingGrid:
        """See `ReadingSource`."""
        return tile(self.batch(point_ids, start, end), start, end, slot_seconds)

    def batch(self, point_ids: Sequence[str], start: int, end: int, arrived_by: int | None = None) -> ReadingBatch:
        """The readings of the points that begin in `[start, end)`, of whatever length, by start.

        Args:
            arrived_by: leave out those that are known to have arrived after this epoch second.

        Raises:
            UnknownPoint: a point is not registered.
        """
        with self._engine.connect() as connection:
            keys = point_keys(connection, point_ids)
            rows = _stored(connection, keys, start, end, arrived_by)
        by_key = np.argsort(keys)
        return ReadingBatch(
            point_ids=tuple(point_ids),
            point=by_key[np.searchsorted(keys, rows[:, 1], sorter=by_key)],
            start=rows[:, 0],
            seconds=rows[:, 2],
            withdrawn_wh=rows[:, 3],
            injected_wh=rows[:, 4],
            quality=rows[:, 5].astype(np.uint8),
        )


def _points(connection: Connection) -> tuple[Point, ...]:
    columns = _POINTS.c
    rows = connection.execute(select(columns.point_id, columns.wallet, columns.kind).order_by(columns.id))
    return tuple(Point(point_id, wallet, PointKind(kind)) for point_id, wallet, kind in rows)


def _refuse_other_point(known: Point, point: Point) -> None:
    if known != point:
        raise ConflictingPoint(
            f"the point is already registered as {known.kind} point of {known.wallet}, "
            f"not as {point.kind} point of {point.wallet}",
            which=point.point_id,
            remedy="A point settles for one wallet: check the binding.",
        )


def point_keys(connection: Connection, point_ids: Sequence[str]) -> IntArray:
    """The store's own short keys of points, in the order given.

    Raises:
        UnknownPoint: naming the first that is not registered.
    """
    query = select(_POINTS.c.point_id, _POINTS.c.id)
    if len(point_ids) <= _FEW_POINTS:
        query = query.where(_POINTS.c.point_id.in_(point_ids))
    rows = connection.execute(query)
    known: dict[str, int] = {row.point_id: row.id for row in rows}
    unknown = [point_id for point_id in point_ids if point_id not in known]
    if unknown:
        raise UnknownPoint(
            f"{len(unknown)} of {len(point_ids)} points are not registered with this operator",
            which=unknown[0],
            remedy="Register the point before its readings.",
        )
    return np.array([known[point_id] for point_id in point_ids], dtype=np.int64)


def keep(
    connection: Connection, batch: ReadingBatch, flow: IntArray | int | None = None, ingested: int | None = None
) -> Kept:
    """See `ReadingStore.keep`, in a transaction of the caller's; `flow` may be one for each reading."""
    there = np.flatnonzero(batch.quality != Quality.MISSING)
    if not len(there):
        return Kept(0, there, there)
    if batch.seconds.min() < 1 or batch.seconds.max() >= _SECONDS_LIMIT:
        raise UnitError("a reading is longer than an hour, or shorter than a second", remedy="Check its length's unit.")
    columns, rows, there = _rows(connection, batch, there, flow, ingested)
    known, differs = _compared(rows, _stored_near(connection, rows))
    new = np.flatnonzero(~known)
    added = insert_new(connection, "readings", columns, rows[new])
    if added < len(new):  # the batch names a slot twice, or another process was faster
        _, differs[new] = _compared(rows[new], _stored_near(connection, rows[new]))
    return Kept(added, np.sort(there[known & ~differs]), np.sort(there[differs]))


def _rows(
    connection: Connection, batch: ReadingBatch, there: IntArray, flow: IntArray | int | None, ingested: int | None
) -> tuple[tuple[str, ...], IntArray, IntArray]:
    """Columns and rows to insert, in the order of the primary key, which is far faster; and their places in the batch.

    Flow and time of arrival are left out where they are not known.
    """
    keys = point_keys(connection, batch.point_ids)[batch.point[there]]
    order = np.lexsort((keys, batch.start[there]))
    there, keys = there[order], keys[order]
    arrival = {name: value for name, value in zip(_ARRIVAL, (flow, ingested), strict=True) if value is not None}
    columns = (
        batch.start[there],
        keys,
        batch.seconds[there],
        batch.withdrawn_wh[there],
        batch.injected_wh[there],
        batch.quality[there].astype(np.int64),
        *(np.broadcast_to(value, batch.start.shape)[there] for value in arrival.values()),
    )
    return (*_COLUMNS, *arrival), np.column_stack(columns), there


def _stored(connection: Connection, keys: IntArray, start: int, end: int, arrived_by: int | None = None) -> IntArray:
    """Stored readings that begin in `[start, end)`: rows of (start, point, seconds, withdrawn, injected, quality)."""
    listed = ", ".join(map(str, keys.tolist())) or "NULL"
    chosen = f" AND point IN ({listed})" if len(keys) <= _FEW_POINTS else ""
    if arrived_by is not None:
        chosen += f" AND (ingested IS NULL OR ingested <= {int(arrived_by)})"
    source = f"FROM readings WHERE start >= {int(start)} AND start < {int(end)}{chosen} ORDER BY start, point"
    packed = read_integers(connection, _PACKED, source)
    table = np.column_stack(
        (packed[:, 0] >> 12, packed[:, 1] >> 2, packed[:, 0] & 0xFFF, packed[:, 2], packed[:, 3], packed[:, 1] & 3)
    )
    return table if len(keys) <= _FEW_POINTS else table[np.isin(table[:, 1], keys)]


def _stored_near(connection: Connection, rows: IntArray) -> IntArray:
    """Stored readings around rows that are in the order of the key: day by day, so that a straggler reads its own day.

    Among them is each row's, where there is one, and they are in the order of the key, too.
    """
    days = np.flatnonzero(np.diff(rows[:, 0] // _DAY_S, prepend=-1))
    parts = [
        _stored(connection, np.unique(part[:, 1]), int(part[0, 0]), int(part[-1, 0]) + 1)
        for part in np.split(rows, days[1:])
    ]
    return np.concatenate(parts)


def _compared(rows: IntArray, stored: IntArray) -> tuple[Flags, Flags]:
    """Whether each row's point and start are stored, and whether with something else; `stored` in their order."""
    if not len(stored) or not len(rows):
        return np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    spread = max(int(stored[:, 1].max()), int(rows[:, 1].max())) + 1
    wanted, there = (table[:, 0] * spread + table[:, 1] for table in (rows, stored))
    places = np.minimum(np.searchsorted(there, wanted), len(there) - 1)
    known = there[places] == wanted
    width = len(_COLUMNS)
    return known, known & (stored[places] != rows[:, :width]).any(axis=1)


def _refuse_conflict(connection: Connection, batch: ReadingBatch, conflicting: IntArray) -> None:
    row = int(conflicting[0])
    point_id = batch.point_ids[int(batch.point[row])]
    start = int(batch.start[row])
    kept = _stored(connection, point_keys(connection, [point_id]), start, start + 1)[0]
    columns = (batch.seconds, batch.withdrawn_wh, batch.injected_wh, batch.quality)
    offered = np.array([start, 0, *(column[row] for column in columns)], dtype=np.int64)
    raise ConflictingReading(
        f"the point already has another reading from {start}: kept {_described(kept)}, "
        f"offered {_described(offered)} ({len(conflicting)} such in all); nothing of this batch was stored",
        which=point_id,
        remedy="A reading is never overwritten: find out which value is true, and import a file without the other.",
    )


def _described(row: IntArray) -> str:
    seconds, withdrawn_wh, injected_wh, quality = (int(value) for value in row[2:])
    return (
        f"{seconds} s, withdrawn {withdrawn_wh} Wh, injected {injected_wh} Wh, quality {Quality(quality).name.lower()}"
    )
