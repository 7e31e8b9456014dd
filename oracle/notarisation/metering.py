"""What a settlement reads: the notarised datasets of its local days, as this operator froze them; never anything later.

For days before the community requires evidence, an operator's store is read as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from commons.addresses import Address
from commons.contracts import CommunityReader
from commons.records import DatasetVersion
from commons.slots import SlotGrid, day_number, local_days
from oracle.archive.archive import Archive, FrozenReadings
from oracle.duty import Wait
from oracle.measurement.store import ReadingStore
from oracle.measurement.tiling import tile
from oracle.measurement.types import Point, PointKind, ReadingBatch, ReadingGrid
from oracle.session.types import SessionView
from oracle.settlement.readings import readings_of, shared_by_members
from oracle.settlement.types import Readings


@dataclass(frozen=True, slots=True, eq=False)
class Metered:
    """What traders' exchange points read over a session, and the dataset versions that say so; none before evidence."""

    readings: Readings
    versions: tuple[DatasetVersion, ...] = ()


@dataclass(frozen=True, slots=True)
class Metering:
    """Reads for one operator."""

    reader: CommunityReader
    store: ReadingStore
    archive: Archive

    def metered(self, view: SessionView, traders: Sequence[Address]) -> Metered | Wait:
        """What the traders' points read, or what is waited for."""
        days = local_days(view.grid.start, view.grid.end)
        required_from = int(self.reader.chain.call(self.reader.contracts.notary.call("evidenceFrom")))
        if day_number(days[-1]) < required_from:
            return Metered(self._stored(view.grid, traders))
        return self._notarised(view.grid, traders, days)

    # ---------------------------------------------------------------- before evidence

    def _stored(self, grid: SlotGrid, traders: Sequence[Address]) -> Readings:
        """What the store's points read, each of them its wallet's member's: also where that wallet was replaced."""
        ids, trader_of = self._members(traders)
        known = [point for point in self.store.points() if point.kind is PointKind.EXCHANGE]
        owners = self.reader.members([Address(point.wallet.lower()) for point in known])
        points = [
            Point(point.point_id, trader_of[owner.member_id], point.kind)
            for point, owner in zip(known, owners, strict=True)
            if owner.member_id in trader_of
        ]
        batch = self.store.batch([point.point_id for point in points], grid.start, grid.end)
        read = readings_of(traders, points, tile(batch, grid.start, grid.end, grid.seconds))
        return shared_by_members(read, ids)

    # ---------------------------------------------------------------- evidence

    def _notarised(self, grid: SlotGrid, traders: Sequence[Address], days: Sequence[date]) -> Metered | Wait:
        """The frozen readings of all days, whose roots are those on the chain."""
        contract = self.reader.contracts.notary
        latest = self.reader.chain.calls([contract.call("latestNotarised", day_number(day)) for day in days])
        frozen: list[FrozenReadings] = []
        for day, (version, dataset) in zip(days, latest, strict=True):
            if not version:
                return Wait(f"the readings of {day} are not notarised yet")
            own = self.archive.find(day, version)
            if own is None:
                return Wait(f"version {version} of the readings of {day} is notarised, and not frozen here")
            if own.root != dataset.root:
                return Wait(f"other readings of {day} are notarised than this operator's; it does not vouch for them")
            frozen.append(self.archive.readings(day, version))
        versions = tuple(
            DatasetVersion(day_number(day), version) for day, (version, _) in zip(days, latest, strict=True)
        )
        return Metered(self._settled(grid, traders, frozen), versions)

    def _settled(self, grid: SlotGrid, traders: Sequence[Address], frozen: Sequence[FrozenReadings]) -> Readings:
        """What the points of each trader's member id read."""
        ids, trader_of = self._members(traders)
        points: dict[str, Point] = {}
        for one in frozen:
            for point in one.points:
                trader = trader_of.get(one.member_ids[point.point_id])
                if trader is not None and point.kind is PointKind.EXCHANGE:
                    points[point.point_id] = Point(point.point_id, trader, point.kind)
        batch = _joined([part for one in frozen for part in one.grids], list(points))
        read = readings_of(traders, list(points.values()), tile(batch, grid.start, grid.end, grid.seconds))
        return shared_by_members(read, ids)

    # ---------------------------------------------------------------- both

    def _members(self, traders: Sequence[Address]) -> tuple[list[bytes], dict[bytes, Address]]:
        """The member id of each trader, as the chain has it, and the first trader of each id.

        A wallet may be replaced in mid-session: then both may have revealed, and both are one member.
        """
        ids = [member.member_id for member in self.reader.members(list(traders))]
        first: dict[bytes, Address] = {}
        for member_id, wallet in zip(ids, traders, strict=True):
            first.setdefault(member_id, wallet)
        return ids, first


def _joined(grids: Sequence[ReadingGrid], point_ids: Sequence[str]) -> ReadingBatch:
    """The readings of these points in the grids, as one batch."""
    place = {point_id: row for row, point_id in enumerate(point_ids)}
    batches = [grid.batch() for grid in grids]
    columns: dict[str, list[np.ndarray]] = {name: [] for name in _COLUMNS}
    for batch in batches:
        rows = np.array([place.get(point_id, -1) for point_id in batch.point_ids], dtype=np.int64)[batch.point]
        kept = rows >= 0
        columns["point"].append(rows[kept])
        for name in _COLUMNS[1:]:
            columns[name].append(getattr(batch, name)[kept])
    return ReadingBatch(tuple(point_ids), **{name: np.concatenate(parts) for name, parts in columns.items()})


_COLUMNS = ("point", "start", "seconds", "withdrawn_wh", "injected_wh", "quality")
