"""What is kept of frozen readings whose member is erased: the salted hashes of their leaves, mixed and in no order."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select

from commons.addresses import Address
from commons.database.tables import DatasetPointRow, DatasetRemainsRow, DatasetRow, PointRow, table_of
from commons.slots import numbered_day
from oracle.evidence.dataset import hashes_of
from oracle.evidence.day import unpack_cells
from oracle.evidence.types import DatasetId

_CELLS, _REMAINS, _DATASETS, _POINTS = (
    table_of(row) for row in (DatasetPointRow, DatasetRemainsRow, DatasetRow, PointRow)
)
_HASH_BYTES = 32


def keep_hashes(
    connection: Connection, points: Sequence[int], member_ids: Sequence[str], keys: Mapping[bytes, bytes]
) -> int:
    """Keep the leaf hashes of these points in every frozen dataset; says of how many datasets that is impossible.

    Args:
        points: keys of rows of `points`.
        member_ids: whose points of earlier days, which are somebody else's by now, go as well; 0x-hex.
        keys: member id → key; of a member without one no leaf can be told any more.
    """
    query = (
        select(_DATASETS.c.id, _DATASETS.c.community, _DATASETS.c.day, _DATASETS.c.version)
        .add_columns(_POINTS.c.point_id, _CELLS.c.member_id, _CELLS.c.seconds, _CELLS.c.cells)
        .join_from(_CELLS, _DATASETS, _CELLS.c.dataset == _DATASETS.c.id)
        .join(_POINTS, _CELLS.c.point == _POINTS.c.id)
        .where(or_(_CELLS.c.point.in_(points), _CELLS.c.member_id.in_(member_ids)))
        .order_by(_DATASETS.c.id, _CELLS.c.seconds)
    )
    impossible = 0
    for number, group in groupby(connection.execute(query).all(), key=lambda row: int(row.id)):
        rows = list(group)
        hashes = [digest for row in rows for digest in _hashes(row, keys)]
        impossible += any(_bytes(row.member_id) not in keys for row in rows)
        _add(connection, number, hashes)
    return impossible


def _hashes(row: Any, keys: Mapping[bytes, bytes]) -> list[bytes]:
    """The leaf hashes of a point in a dataset; none without its key."""
    key = keys.get(_bytes(row.member_id))
    if key is None:
        return []
    day = numbered_day(row.day)
    grid = unpack_cells((row.point_id,), day, row.seconds, [row.cells])
    dataset = DatasetId(Address(row.community), day, row.version)
    return [digest.tobytes() for digest in hashes_of(dataset, [grid], {row.point_id: key})]


def _add(connection: Connection, number: int, hashes: list[bytes]) -> None:
    known = connection.execute(select(_REMAINS.c.hashes).where(_REMAINS.c.dataset == number)).scalar() or b""
    parts = [known[first : first + _HASH_BYTES] for first in range(0, len(known), _HASH_BYTES)]
    connection.execute(delete(_REMAINS).where(_REMAINS.c.dataset == number))
    connection.execute(insert(_REMAINS).values(dataset=number, hashes=b"".join(sorted({*parts, *hashes}))))


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
