"""Where the later stages get readings from, whoever keeps them."""

from collections.abc import Sequence
from typing import Protocol

from oracle.measurement.types import ReadingGrid


class ReadingSource(Protocol):
    """Anything that can lay readings over a grid of slots: an operator's store, or the measured year replayed."""

    def readings(self, point_ids: Sequence[str], start: int, end: int, slot_seconds: int) -> ReadingGrid:
        """Readings of the points, in the order asked, over the slots of `[start, end)` (epoch seconds).

        A slot that a point's readings do not tile exactly is missing. Raises `UnknownPoint` for a point that the
        source has never heard of.
        """
        ...
