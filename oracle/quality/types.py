"""Readings as they arrive, the anomalies found in them, and series derived from what was accepted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from oracle.measurement.types import IntArray, QualityArray, ReadingBatch, ReadingGrid


class AnomalyCode(StrEnum):
    """What is wrong; the comment says what becomes of the reading."""

    UNSIGNED = "unsigned"
    """No signature, and the community takes no unsigned readings: refused."""
    BAD_SIGNATURE = "bad_signature"
    """Not signed by a key registered for the point at that time: refused."""
    OUTSIDE_FLOW = "outside_flow"
    """Before the flow begins or after it ends: refused."""
    OFF_GRID = "off_grid"
    """Not a slot of the flow's UTC grid, or of another length: refused."""
    NEGATIVE_ENERGY = "negative_energy"
    """Refused: each direction is counted without a sign."""
    IMPLAUSIBLE_ENERGY = "implausible_energy"
    """More than the point can carry: refused."""
    CLOCK_AHEAD = "clock_ahead"
    """The slot was not over when the reading arrived: refused."""
    REPEATED = "repeated"
    """The same reading again: left out."""
    CONFLICTING = "conflicting"
    """Another value for a slot that has one: left out, the first stays."""
    OUT_OF_ORDER = "out_of_order"
    """Arrived after a later slot of its point: accepted."""
    CLOCK_STEP = "clock_step"
    """From here on, slots that were already reported come again with other values: the clock went back."""
    GAP = "gap"
    """Slots without a reading: they stay missing."""
    STUCK = "stuck"
    """The same energy for a day and more, too much for a home that rests: accepted, to be looked at."""


CODES = tuple(AnomalyCode)
ACCEPTED = -1
"""The fate of a reading with which nothing is wrong; other fates are places in `CODES`."""
Fates = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One thing wrong with one point over `[start, start + seconds)`; the energies are those that were reported."""

    code: AnomalyCode
    point_id: str
    start: int
    seconds: int
    withdrawn_wh: int
    injected_wh: int


@dataclass(frozen=True, slots=True)
class Anomalies:
    """Anomalies, listed; those of one reading or run each."""

    listed: tuple[Anomaly, ...]

    def counted(self) -> dict[AnomalyCode, int]:
        """How many there are of each code, in the order of the codes; codes that did not occur are left out."""
        counts = Counter(anomaly.code for anomaly in self.listed)
        return {code: counts[code] for code in AnomalyCode if code in counts}

    @classmethod
    def joined(cls, parts: Iterable["Anomalies"]) -> "Anomalies":
        """All of them, in the order given."""
        return cls(tuple(anomaly for part in parts for anomaly in part.listed))


@dataclass(frozen=True, slots=True, eq=False)
class RawReadings:
    """Readings as a flow delivered them, in the order of their arrival; anything may be wrong with them.

    `arrived` (n,) is the epoch second of each one's arrival, or None for files, which say nothing of it.
    """

    point_ids: tuple[str, ...]
    point: IntArray
    start: IntArray
    seconds: IntArray
    withdrawn_wh: IntArray
    injected_wh: IntArray
    quality: QualityArray
    arrived: IntArray | None = None

    def __post_init__(self) -> None:
        integers = (self.point, self.start, self.seconds, self.withdrawn_wh, self.injected_wh)
        lengths = {len(column) for column in (*integers, self.start if self.arrived is None else self.arrived)}
        if lengths != {len(self.quality)}:
            raise ValueError(f"columns of readings differ in length: {sorted(lengths | {len(self.quality)})}")

    def __len__(self) -> int:
        return len(self.start)

    def only(self, rows: IntArray) -> "RawReadings":
        """Those of some rows, in their order."""
        return RawReadings(
            point_ids=self.point_ids,
            point=self.point[rows],
            start=self.start[rows],
            seconds=self.seconds[rows],
            withdrawn_wh=self.withdrawn_wh[rows],
            injected_wh=self.injected_wh[rows],
            quality=self.quality[rows],
            arrived=None if self.arrived is None else self.arrived[rows],
        )

    def listed(self, code: AnomalyCode, rows: IntArray) -> "Anomalies":
        """Anomalies of one code, one for each of some rows."""
        columns = (self.point, self.start, self.seconds, self.withdrawn_wh, self.injected_wh)
        return listed(code, self.point_ids, *(column[rows] for column in columns))


@dataclass(frozen=True, slots=True)
class FlowRules:
    """What the readings of a flow have to be: the length of its slots, and the most power its points carry."""

    slot_seconds: int
    most_w: int


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What was accepted of a delivery, each point and start once, and what was wrong.

    `rows` are the places in the delivery of what was accepted; `fates` (n,) say of each reading why it was not, or
    `ACCEPTED`. Readings marked missing are neither.
    """

    accepted: ReadingBatch
    anomalies: Anomalies
    rows: IntArray
    fates: Fates


@dataclass(frozen=True, slots=True, eq=False)
class DerivedSeries:
    """Readings with short gaps filled by a straight line, for charts and forecasts; never for money or evidence.

    Where `interpolated` is True the energies are made up; where `readings.quality` is missing still, nothing is known.
    """

    readings: ReadingGrid
    interpolated: npt.NDArray[np.bool_]


def listed(
    code: AnomalyCode,
    point_ids: Sequence[str],
    point: IntArray,
    start: IntArray,
    seconds: IntArray,
    withdrawn_wh: IntArray,
    injected_wh: IntArray,
) -> Anomalies:
    """Anomalies of one code, out of columns."""
    columns = (column.tolist() for column in (point, start, seconds, withdrawn_wh, injected_wh))
    return Anomalies(tuple(Anomaly(code, point_ids[row], *figures) for row, *figures in zip(*columns, strict=True)))
