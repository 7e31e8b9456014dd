"""What the measurement stage hands on: readings as columns, readings over a grid, and the points they belong to."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
QualityArray = npt.NDArray[np.uint8]


class Quality(IntEnum):
    """How much a reading can be relied on; the larger the value, the less."""

    MEASURED = 0
    ESTIMATED = 1
    MISSING = 2


class PointKind(StrEnum):
    """What a meter sees: what crosses the grid (settles the market), or a plant behind it (rewards and indicators)."""

    EXCHANGE = "exchange"
    PRODUCTION = "production"


@dataclass(frozen=True)
class Point:
    """A connection point, the wallet it settles for, and what its meter sees."""

    point_id: str
    wallet: str
    kind: PointKind


@dataclass(frozen=True, eq=False)
class ReadingBatch:
    """Readings as columns of equal length, in any order and of any lengths of time.

    `point` indexes `point_ids` (0x-hex, 32 bytes); `start` is in epoch seconds; a reading covers
    `[start, start + seconds)`. Energies are whole Wh, both non-negative.
    """

    point_ids: tuple[str, ...]
    point: IntArray
    start: IntArray
    seconds: IntArray
    withdrawn_wh: IntArray
    injected_wh: IntArray
    quality: QualityArray

    def __post_init__(self) -> None:
        columns = (self.point, self.start, self.seconds, self.withdrawn_wh, self.injected_wh, self.quality)
        if len({column.shape for column in columns}) != 1:
            raise ValueError(f"columns of a batch differ in length: {[len(column) for column in columns]}")

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, eq=False)
class ReadingGrid:
    """Readings of points over equal slots from `start`: arrays of shape [points, slots].

    Where `quality` is `MISSING` both energies are 0 and mean nothing.
    """

    point_ids: tuple[str, ...]
    start: int
    slot_seconds: int
    withdrawn_wh: IntArray
    injected_wh: IntArray
    quality: QualityArray

    def __post_init__(self) -> None:
        shapes = {self.withdrawn_wh.shape, self.injected_wh.shape, self.quality.shape}
        if len(shapes) != 1 or self.withdrawn_wh.shape[0] != len(self.point_ids):
            raise ValueError(f"a grid of {len(self.point_ids)} points cannot hold arrays of shapes {sorted(shapes)}")

    @property
    def slots(self) -> int:
        return int(self.withdrawn_wh.shape[1])

    @property
    def end(self) -> int:
        return self.start + self.slots * self.slot_seconds

    def batch(self) -> ReadingBatch:
        """The readings that are there, as columns; missing ones have no row."""
        point, slot = np.nonzero(self.quality != Quality.MISSING)
        return ReadingBatch(
            point_ids=self.point_ids,
            point=point.astype(np.int64),
            start=self.start + slot.astype(np.int64) * self.slot_seconds,
            seconds=np.full(len(point), self.slot_seconds, dtype=np.int64),
            withdrawn_wh=self.withdrawn_wh[point, slot],
            injected_wh=self.injected_wh[point, slot],
            quality=self.quality[point, slot],
        )
