"""Synthetic communities: the same everywhere, of any size, and plausible."""

from datetime import date

import numpy as np
import pytest

from commons.errors import UnknownPoint
from commons.keccak import keccak256
from oracle.measurement.member_energy import member_energy
from oracle.measurement.synthetic import SyntheticCommunity
from oracle.measurement.types import PointKind, Quality
from oracle.quality.series import gaps, stuck

DAY = date(2026, 6, 10)


def test_readings__point_of_another_community__is_refused() -> None:
    community, stranger = SyntheticCommunity(2, seed=1), SyntheticCommunity(2, seed=2)
    with pytest.raises(UnknownPoint, match="none of this synthetic community"):
        community.readings([stranger.points[0].point_id], 0, 900, 900)


@pytest.mark.parametrize(
    ("start", "end", "seconds"), [(0, 900, 600), (1, 901, 900), (900, 900, 900), (900, 4500, 3600)]
)
def test_readings__no_slots__are_refused(start: int, end: int, seconds: int) -> None:
    with pytest.raises(ValueError, match="no quarter-hours or hours"):
        SyntheticCommunity(1, seed=1).readings([], start, end, seconds)


def test_day__same_seed__is_the_same_to_the_last_wh() -> None:
    grid = SyntheticCommunity(7, seed=42).day(DAY)
    digest = keccak256(np.stack((grid.withdrawn_wh, grid.injected_wh)).astype("<i8").tobytes()).hex()

    assert grid.withdrawn_wh.tolist() == SyntheticCommunity(7, seed=42).day(DAY).withdrawn_wh.tolist()
    assert digest[:16] == "f28071d7430f8a6d"


def test_day__another_seed_or_day__is_another() -> None:
    community = SyntheticCommunity(3, seed=1)

    assert not np.array_equal(community.day(DAY).withdrawn_wh, community.day(date(2026, 6, 11)).withdrawn_wh)
    assert SyntheticCommunity(3, seed=2).points != community.points


@pytest.mark.parametrize(("day", "slots"), [(date(2026, 3, 29), 92), (DAY, 96), (date(2026, 10, 25), 100)])
def test_day__of_any_length__is_whole_and_night_is_dark(day: date, slots: int) -> None:
    community = SyntheticCommunity(40, seed=3)
    grid = community.day(day)
    panels = [point.kind is PointKind.PRODUCTION for point in community.points]

    assert grid.slots == slots
    assert (grid.quality == Quality.MEASURED).all()
    assert not grid.injected_wh[panels][:, :12].any()
    assert not grid.injected_wh[panels][:, -12:].any()
    assert grid.injected_wh[panels].sum() > 0
    assert gaps(grid).listed == stuck(grid).listed == ()


def test_readings__hours__are_their_quarter_hours() -> None:
    community = SyntheticCommunity(5, seed=4)
    quarters, hours = community.day(DAY), community.day(DAY, 3600)

    assert hours.withdrawn_wh.tolist() == quarters.withdrawn_wh.reshape(-1, 24, 4).sum(axis=2).tolist()


def test_readings__over_midnight__are_those_of_both_days() -> None:
    community = SyntheticCommunity(3, seed=5)
    ids = [point.point_id for point in community.points[::-1]]
    day, after = community.day(DAY), community.day(date(2026, 6, 11))
    found = community.readings(ids, day.end - 1800, after.start + 900, 900)

    joined = np.concatenate((day.withdrawn_wh[:, -2:], after.withdrawn_wh[:, :1]), axis=1)
    assert found.withdrawn_wh.tolist() == joined[::-1].tolist()


def test_day__per_member__balances_and_uses_a_plausible_amount() -> None:
    community = SyntheticCommunity(200, seed=6)
    energy = member_energy(community.day(DAY), community.points)
    used_kwh = energy.consumed_wh.sum(axis=1) / 1000

    assert len(energy.members) == 200
    assert energy.present.all()
    assert used_kwh.min() > 2
    assert used_kwh.max() < 40
    assert (energy.consumed_wh == energy.withdrawn_wh - energy.injected_wh + energy.produced_wh).all()
