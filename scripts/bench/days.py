"""Local days to measure with: random readings of as many points as asked for, the same in every run."""

from datetime import date

import numpy as np

from commons.slots import day_grid
from oracle.measurement.types import ReadingGrid

DAY = date(2026, 6, 10)
SLOTS = 96


def random_day(points: int) -> ReadingGrid:
    """96 quarter-hours of each point; one reading in a thousand is missing."""
    generator = np.random.default_rng(points)
    shape = (points, SLOTS)
    quality = np.where(generator.random(shape) < 0.001, 2, 0).astype(np.uint8)
    withdrawn, injected = (np.where(quality == 2, 0, generator.integers(0, 1_500, shape)) for _ in range(2))
    point_ids = tuple("0x" + row.tobytes().hex() for row in generator.integers(0, 256, (points, 32), dtype=np.uint8))
    return ReadingGrid(point_ids, int(day_grid(DAY).start), 900, withdrawn, injected, quality)
