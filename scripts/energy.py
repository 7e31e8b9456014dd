"""An operator's readings and oracle's indicators, behind the API's port of energy."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

import numpy as np

from api.ports import EnergySlot, Figure, Indicators
from commons.addresses import Address
from commons.calendar import hour_band
from commons.slots import local_midnight
from oracle.indicators.rule import compare, indicators_of
from oracle.indicators.types import Indicators as Computed
from oracle.indicators.types import Report
from oracle.measurement.member_energy import MemberEnergy, member_energy
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Point

HOUR_S = 3600
_TAKEN = tuple(field.name for field in fields(Indicators) if field.name != "members")


@dataclass(frozen=True)
class StoredEnergy:
    """Reads one operator's store, which is that of one community."""

    store: ReadingStore
    community: Address

    def readings(
        self, community: Address, wallets: Sequence[str], first: date, last: date, slot_seconds: int
    ) -> Sequence[EnergySlot]:
        """The member's slots; its points are asked for and no others."""
        points = self._own(community, wallets)
        if not points:
            return []
        energy = self._energy(points, first, last, slot_seconds)
        start, present = energy.start, energy.present[0]
        tables = (energy.withdrawn_wh, energy.injected_wh, energy.produced_wh, energy.consumed_wh)
        return [
            EnergySlot(
                start + slot * slot_seconds,
                slot_seconds,
                *(int(table[0, slot]) if present[slot] else None for table in tables),
            )
            for slot in range(energy.slots)
        ]

    def indicators(self, community: Address, wallets: Sequence[str], first: date, last: date) -> Indicators | None:
        """The member's indicators; its points are asked for and no others."""
        points = self._own(community, wallets)
        if not points:
            return None
        return _given(self._report(points, first, last).members[0], 1)

    def compared(
        self, community: Address, wallets: Sequence[str], first: date, last: date, least: int
    ) -> Sequence[Figure]:
        """The member's indicators beside its past and, where there are `least` members, their median."""
        mine, wallet = self._own(community, wallets), wallets[0]
        if not mine:
            return []
        points = [*mine, *(point for point in self._points(community) if point.wallet not in wallets)]
        report = self._report(points, first, last, with_past=True)
        is_told = len(report.members) >= least
        return [
            Figure(found.name, found.value, found.past, found.community if is_told else None)
            for found in compare(report, wallet)
        ]

    def community_indicators(self, community: Address, first: date, last: date) -> Indicators | None:
        """The indicators of all members together."""
        points = self._points(community)
        if not points:
            return None
        report = self._report(points, first, last)
        return _given(report.community, len(report.members))

    def _own(self, community: Address, wallets: Sequence[str]) -> list[Point]:
        """The member's points, whichever of its wallets they were registered for, as those of its present one."""
        return [replace(p, wallet=wallets[0]) for p in self._points(community) if p.wallet in wallets]

    def _points(self, community: Address) -> Sequence[Point]:
        return self.store.points() if community == self.community else ()

    def _report(self, points: Sequence[Point], first: date, last: date, with_past: bool = False) -> Report:
        energy = self._energy(points, first, last, HOUR_S)
        past = None
        if with_past:
            days = (last - first).days + 1
            before = self._energy(points, first - timedelta(days=days), first - timedelta(days=1), HOUR_S)
            past = (before, _bands(before)) if before.present.any() else None
        return indicators_of(energy, _bands(energy), past)

    def _energy(self, points: Sequence[Point], first: date, last: date, slot_seconds: int) -> MemberEnergy:
        start, end = local_midnight(first), local_midnight(last + timedelta(days=1))
        grid = self.store.readings([point.point_id for point in points], start, end, slot_seconds)
        return member_energy(grid, points)


def _bands(energy: MemberEnergy) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    starts = range(energy.start, energy.start + energy.slots * energy.slot_seconds, energy.slot_seconds)
    return np.array([hour_band(start) for start in starts], dtype=np.int64)


def _given(found: Computed, members: int) -> Indicators:
    return Indicators(members=members, **{name: getattr(found, name) for name in _TAKEN})
