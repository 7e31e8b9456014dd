"""Frozen datasets in an operator's database: a local day's readings as they were when it froze, version by version.

What arrives later changes none of them. They are what settlement reads, what is taken out, what proofs are made from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np
from sqlalchemy import Connection, Engine, insert, select

from commons.addresses import Address
from commons.cid import Cid
from commons.database.migrate import upgrade
from commons.database.tables import DatasetPointRow, DatasetRemainsRow, DatasetRow, PointRow, table_of
from commons.errors import NotFound
from commons.slots import day_number, numbered_day
from commons.units import EpochSeconds
from oracle.evidence.dataset import build_dataset
from oracle.evidence.day import pack_cells, unpack_cells
from oracle.evidence.types import ByteRows, Dataset, DatasetId
from oracle.measurement.types import Point, PointKind, ReadingGrid

_DATASETS, _CELLS, _REMAINS = (table_of(row) for row in (DatasetRow, DatasetPointRow, DatasetRemainsRow))
_POINTS = table_of(PointRow)
_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen dataset: its root, how many points and leaves it has, when it froze, and what was published of it."""

    dataset: DatasetId
    root: bytes
    points: int
    leaves: int
    frozen: EpochSeconds
    cid: Cid


@dataclass(frozen=True, slots=True, eq=False)
class FrozenReadings:
    """The readings of a frozen dataset, a grid for each length of slots, and what is left of members erased since."""

    frozen: Frozen
    grids: tuple[ReadingGrid, ...]
    points: tuple[Point, ...]
    member_ids: Mapping[str, bytes]
    """Point id → member id."""
    remains: ByteRows

    def dataset(self, keys: Mapping[bytes, bytes]) -> Dataset:
        """The dataset with its tree.

        Args:
            keys: member id → key.

        Raises:
            InputError: a member's key is not there.
        """
        of_points = {point: keys[member] for point, member in self.member_ids.items() if member in keys}
        return build_dataset(self.frozen.dataset, self.grids, of_points, self.remains)


class Archive:
    """The frozen datasets of a community."""

    def __init__(self, engine: Engine, community: Address) -> None:
        self._engine = engine
        self._community = community
        upgrade(engine)

    def freeze(self, frozen: Frozen, grids: Sequence[ReadingGrid], member_ids: Mapping[str, bytes]) -> None:
        """Keep a dataset, whole or not at all; one that is there already stays as it is.

        Args:
            member_ids: point id → member id.
        """
        with self._engine.begin() as connection:
            if _row_of(connection, frozen.dataset) is not None:
                return
            connection.execute(insert(_DATASETS).values(_values(frozen)))
            row = _row_of(connection, frozen.dataset)
            assert row is not None, "it was inserted"
            keys = _point_keys(connection)
            rows = [
                {
                    "dataset": row["id"],
                    "point": keys[point_id],
                    "member_id": "0x" + member_ids[point_id].hex(),
                    "seconds": grid.slot_seconds,
                    "cells": cells,
                }
                for grid in grids
                for point_id, cells in pack_cells(grid)
            ]
            connection.execute(insert(_CELLS), rows)

    def versions(self, day: date | None = None) -> list[Frozen]:
        """The frozen datasets, or those of a day, by day and version."""
        query = select(_DATASETS).where(_DATASETS.c.community == self._community)
        if day is not None:
            query = query.where(_DATASETS.c.day == day_number(day))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(_DATASETS.c.day, _DATASETS.c.version)).mappings().all()
        return [_frozen(dict(row)) for row in rows]

    def find(self, day: date, version: int) -> Frozen | None:
        """A frozen dataset, if this operator has it."""
        return next((found for found in self.versions(day) if found.dataset.version == version), None)

    def days_of(self, member_id: bytes) -> list[tuple[date, int]]:
        """The days and versions that hold points of a member, in their order."""
        query = (
            select(_DATASETS.c.day, _DATASETS.c.version)
            .join_from(_DATASETS, _CELLS, _CELLS.c.dataset == _DATASETS.c.id)
            .where(_DATASETS.c.community == self._community, _CELLS.c.member_id == "0x" + member_id.hex())
            .distinct()
            .order_by(_DATASETS.c.day, _DATASETS.c.version)
        )
        with self._engine.connect() as connection:
            return [(numbered_day(row.day), row.version) for row in connection.execute(query)]

    def readings(self, day: date, version: int) -> FrozenReadings:
        """The readings of a frozen dataset.

        Raises:
            NotFound: this operator has not frozen it.
        """
        with self._engine.connect() as connection:
            row = _row_of(connection, DatasetId(self._community, day, version))
            if row is None:
                raise NotFound(
                    f"version {version} of the dataset of {day} is not frozen here",
                    which=day.isoformat(),
                    remedy=f"See `commonwatt dataset build {day}`.",
                )
            columns = (_POINTS.c.point_id, _POINTS.c.wallet, _POINTS.c.kind)
            query = (
                select(*columns, _CELLS.c.member_id, _CELLS.c.seconds, _CELLS.c.cells)
                .join_from(_CELLS, _POINTS, _CELLS.c.point == _POINTS.c.id)
                .where(_CELLS.c.dataset == row["id"])
                .order_by(_CELLS.c.seconds, _POINTS.c.point_id)
            )
            cells = connection.execute(query).all()
            remains = connection.execute(select(_REMAINS.c.hashes).where(_REMAINS.c.dataset == row["id"])).scalar()
        grids = [
            unpack_cells(tuple(one.point_id for one in ones), day, seconds, [one.cells for one in ones])
            for seconds, group in groupby(cells, key=lambda one: int(one.seconds))
            if (ones := list(group))
        ]
        return FrozenReadings(
            frozen=_frozen(row),
            grids=tuple(grids),
            points=tuple(Point(one.point_id, one.wallet, PointKind(one.kind)) for one in cells),
            member_ids={one.point_id: _bytes32(one.member_id) for one in cells},
            remains=np.frombuffer(remains or b"", dtype=np.uint8).reshape(-1, _HASH_BYTES),
        )


def _row_of(connection: Connection, dataset: DatasetId) -> Mapping[str, object] | None:
    query = select(_DATASETS).where(
        _DATASETS.c.community == dataset.community,
        _DATASETS.c.day == day_number(dataset.day),
        _DATASETS.c.version == dataset.version,
    )
    found = connection.execute(query).mappings().one_or_none()
    return None if found is None else dict(found)


def _values(frozen: Frozen) -> dict[str, object]:
    return {
        "community": frozen.dataset.community,
        "day": day_number(frozen.dataset.day),
        "version": frozen.dataset.version,
        "frozen": frozen.frozen,
        "root": frozen.root,
        "points": frozen.points,
        "leaves": frozen.leaves,
        "cid": frozen.cid,
    }


def _frozen(row: Mapping[str, object]) -> Frozen:
    dataset = DatasetId(Address(str(row["community"])), numbered_day(int(str(row["day"]))), int(str(row["version"])))
    root = row["root"]
    assert isinstance(root, bytes)
    points, leaves, frozen = (int(str(row[name])) for name in ("points", "leaves", "frozen"))
    return Frozen(dataset, root, points, leaves, EpochSeconds(frozen), Cid(str(row["cid"])))


def _point_keys(connection: Connection) -> dict[str, int]:
    return {row.point_id: row.id for row in connection.execute(select(_POINTS.c.point_id, _POINTS.c.id))}


def _bytes32(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
