"""From frozen readings of points to members' energy and peaks: bindings decide, and slots have one length."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from commons.addresses import Address
from commons.chain import Event
from commons.cid import Cid
from commons.records import OPEN_END
from commons.roster import Roster
from commons.slots import HOUR_S, QUARTER_HOUR_S, day_grid
from commons.units import EpochSeconds
from oracle.archive.archive import Frozen, FrozenReadings
from oracle.evidence.types import DatasetId
from oracle.measurement.types import Quality, ReadingGrid
from oracle.rewarding.energy import DayPeaks, energy_of, history_of, peaks_of, slot_seconds_of

COMMUNITY = Address("0x" + "cc" * 20)
DAY = date(2026, 11, 25)
ALICE, BOB = b"\1" * 32, b"\2" * 32
GRID, ROOF, OTHER = (bytes([number]) * 32 for number in (11, 12, 13))
SLOTS = day_grid(DAY)


def bound(point: bytes, member: bytes, kind: int = 1, start: int = 0, end: int = OPEN_END, number: int = 1) -> Event:
    """The event of a binding."""
    dates = {"validFrom": start, "validUntil": end}
    args: dict[str, Any] = {"pointId": point, "memberId": member, "kind": kind, "number": number, **dates}
    return Event(COMMUNITY, "PointBound", args, number, 0, "0x00")


def roster(*events: Event) -> Roster:
    found = Roster()
    found.feed(events)
    return found


def read(points: Sequence[bytes], seconds: int, withdrawn: int, injected: int = 0, missing: int = 0) -> ReadingGrid:
    """Points that read the same in every slot of the day; the first `missing` slots have no reading."""
    slots = day_grid(DAY, seconds)
    shape = (len(points), slots.count)
    quality = np.full(shape, Quality.MEASURED, dtype=np.uint8)
    quality[:, :missing] = Quality.MISSING
    takes, gives = (np.where(quality == Quality.MISSING, 0, wh).astype(np.int64) for wh in (withdrawn, injected))
    return ReadingGrid(tuple("0x" + point.hex() for point in points), slots.start, seconds, takes, gives, quality)


def frozen(*grids: ReadingGrid) -> FrozenReadings:
    """A frozen day."""
    one = Frozen(DatasetId(COMMUNITY, DAY, 1), b"\5" * 32, 1, 1, EpochSeconds(0), Cid("cid"))
    return FrozenReadings(one, grids, (), {}, np.zeros((0, 32), dtype=np.uint8))


def test_energy__of_a_point_bound_to_nobody__counts_for_nobody() -> None:
    found = energy_of(frozen(read([GRID, OTHER], HOUR_S, 100)), roster(bound(GRID, ALICE)), HOUR_S)
    assert found.members == (ALICE.hex(),)
    assert found.withdrawn_wh.sum() == 24 * 100


def test_energy__of_a_point_that_changed_hands__is_the_members_of_that_day() -> None:
    before = bound(GRID, ALICE, end=SLOTS.start)
    after = bound(GRID, BOB, start=SLOTS.end, number=3)
    during = bound(GRID, BOB, start=SLOTS.start, end=SLOTS.end, number=2)
    found = energy_of(frozen(read([GRID], HOUR_S, 100)), roster(before, during, after), HOUR_S)
    assert found.members == (BOB.hex(),)
    assert energy_of(frozen(read([GRID], HOUR_S, 100)), roster(before, after), HOUR_S).members == ()


def test_energy__of_a_plant__is_production_as_its_binding_says() -> None:
    members = roster(bound(GRID, ALICE), bound(ROOF, ALICE, kind=2))
    day = frozen(read([GRID], HOUR_S, 100), read([ROOF], HOUR_S, 0, 300))
    found = energy_of(day, members, HOUR_S)
    assert found.produced_wh[0].tolist() == [300] * 24
    assert found.injected_wh[0].tolist() == [0] * 24
    assert found.consumed_wh[0].tolist() == [400] * 24


def test_slots__of_a_day_with_a_meter_by_the_hour__are_hours_for_all() -> None:
    quarters, hours = read([GRID], QUARTER_HOUR_S, 25), read([OTHER], HOUR_S, 70)
    assert slot_seconds_of(frozen(quarters)) == QUARTER_HOUR_S
    assert slot_seconds_of(frozen(hours)) == slot_seconds_of(frozen(quarters, hours)) == HOUR_S
    members = roster(bound(GRID, ALICE), bound(OTHER, BOB))
    found = energy_of(frozen(quarters, hours), members, HOUR_S)
    assert found.withdrawn_wh.tolist() == [[100] * 24, [70] * 24]


def test_slots__of_a_day_before_that_are_longer__are_not_there() -> None:
    found = energy_of(frozen(read([GRID], HOUR_S, 100)), roster(bound(GRID, ALICE)), QUARTER_HOUR_S)
    assert not found.present.any()
    assert not peaks_of(found).complete.any()


def test_peaks__of_a_day_with_a_slot_missing__are_not_complete() -> None:
    members = roster(bound(GRID, ALICE), bound(OTHER, BOB))
    day = frozen(read([GRID], HOUR_S, 100), read([OTHER], HOUR_S, 70, missing=1))
    found = peaks_of(energy_of(day, members, HOUR_S))
    assert found.peak_wh.tolist() == [100, 70]
    assert found.complete.tolist() == [True, False]


def test_history__of_days_without_a_dataset_or_the_member__is_complete_for_nobody() -> None:
    def peaks(members: tuple[str, ...], *wh: int) -> DayPeaks:
        return DayPeaks(members, np.array(wh, dtype=np.int64), np.ones(len(members), dtype=bool))

    yesterday, third = (DAY - timedelta(days=ago) for ago in (1, 3))
    known = {yesterday: peaks(("bob", "alice"), 7, 9), third: peaks(("carla", "bob"), 5, 6)}
    found = history_of(DAY, ("alice", "bob"), known)
    assert found.peak_wh[:, :4].tolist() == [[9, 0, 0, 0], [7, 0, 6, 0]]
    assert found.complete[:, :4].tolist() == [[True, False, False, False], [True, False, True, False]]
    assert found.complete.sum() == 3
    assert found.is_working[:7].tolist() == [True, True, False, False, True, True, True]
