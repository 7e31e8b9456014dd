"""Local days of readings for the tests of evidence."""

from datetime import date

import numpy as np

from commons.addresses import address
from commons.keccak import keccak256
from commons.slots import day_grid
from oracle.evidence.dataset import build_dataset
from oracle.evidence.types import Dataset, DatasetId
from oracle.measurement.types import Quality, ReadingGrid

DAY = date(2026, 3, 29)  # 92 quarter-hours
COMMUNITY = address("0x" + "c0" * 20)
ALICE_GRID, ALICE_PANELS, BOB_GRID = ("0x" + digits * 32 for digits in ("11", "22", "b0"))
ALICE_KEY, BOB_KEY = bytes(range(32)), bytes(range(100, 132))
KEYS = {ALICE_GRID: ALICE_KEY, ALICE_PANELS: ALICE_KEY, BOB_GRID: BOB_KEY}


def dataset_id(version: int = 1) -> DatasetId:
    return DatasetId(COMMUNITY, DAY, version)


def grid_of(*point_ids: str, seconds: int = 900, seed: int = 1) -> ReadingGrid:
    """Readings of the day, some estimated, some missing."""
    day = day_grid(DAY, seconds)
    chance = np.random.default_rng(seed)
    shape = (len(point_ids), day.count)
    quality = chance.choice([0, 0, 0, 1, 2], shape).astype(np.uint8)
    withdrawn, injected = (np.where(quality == Quality.MISSING, 0, chance.integers(0, 5_000, shape)) for _ in range(2))
    return ReadingGrid(point_ids, int(day.start), seconds, withdrawn, injected, quality)


def dataset() -> Dataset:
    """Two points read by the quarter-hour, and one by the hour."""
    return build_dataset(dataset_id(), [grid_of(ALICE_GRID, ALICE_PANELS), grid_of(BOB_GRID, seconds=3600)], KEYS)


def many_points(count: int) -> tuple[str, ...]:
    return tuple("0x" + keccak256(number.to_bytes(4, "big")).hex() for number in range(count))
