"""Rewards of a day for 10,000 points, as a ratio to reading their day once (numpy's sum over it)."""

from functools import partial

import numpy as np

from commons.units import BasisPoints
from oracle.measurement.member_energy import MemberEnergy, member_energy
from oracle.measurement.types import Point, PointKind
from oracle.rewards.rule import reward
from oracle.rewards.types import (
    HISTORY_DAYS,
    Circumstances,
    CombinedModel,
    NoPeaksModel,
    PeakHistory,
    SelfConsumptionModel,
)
from scripts.bench.days import random_day
from scripts.bench.row import Progress, Row, Rows, median_ns, milliseconds

TITLE = "Rewards"
SIZES = (1_000, 10_000)
MODEL = CombinedModel(
    SelfConsumptionModel(BasisPoints(5_000), BasisPoints(10_000), BasisPoints(7_500), 10**17, BasisPoints(1_000)),
    NoPeaksModel(10**18, BasisPoints(2_000)),
    BasisPoints(6_000),
    BasisPoints(4_000),
)


def rows(progress: Progress) -> Rows:
    """Both models combined, for members with two points each."""
    for points in SIZES:
        progress(f"a day of {points:,} points")
        energy, around = _day(points)
        size = f"{points:,} points × {energy.slots} slots"
        yardstick = median_ns(partial(_read_once, energy))
        took = median_ns(partial(reward, energy, around, MODEL))
        yield Row("combined model", size, milliseconds(took), "ms", "sums of the day's tables", took / yardstick)


def _read_once(energy: MemberEnergy) -> None:
    for table in (energy.withdrawn_wh, energy.injected_wh, energy.produced_wh):
        table.sum(axis=0)


def _day(points: int) -> tuple[MemberEnergy, Circumstances]:
    grid = random_day(points)
    kinds = (PointKind.EXCHANGE, PointKind.PRODUCTION)
    energy = member_energy(
        grid, [Point(point_id, f"0x{row // 2:040x}", kinds[row % 2]) for row, point_id in enumerate(grid.point_ids)]
    )
    members = len(energy.members)
    generator = np.random.default_rng(members)
    history = PeakHistory(
        generator.integers(500, 1_500, (members, HISTORY_DAYS)),
        generator.random((members, HISTORY_DAYS)) < 0.95,
        np.arange(HISTORY_DAYS) % 7 < 5,
    )
    profiles = tuple(np.where(np.arange(members) % 3, "home", "shop").tolist())
    return energy, Circumstances(history, is_working=True, profiles=profiles)
