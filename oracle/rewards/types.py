"""What goes into a day's rewards and what comes out of them.

Energy is Wh, shares are basis points, token amounts are the token's smallest unit (10⁻¹⁸) in Python integers, because
they pass 64 bits. Tables have a row per member and a column per slot. Source: DESIGN.md section 10.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from commons.units import BasisPoints, EnergyWh

EnergyTable = npt.NDArray[np.int64]
FlagTable = npt.NDArray[np.bool_]

MOST_MISSING_S = 3600
"""A day of which more is missing (4 quarter-hours, or 1 hour) earns nothing."""
HISTORY_DAYS = 60
"""How far back the usual peak of a member is looked for."""
BASELINE_DAYS = 14
"""How many complete days of the same type the usual peak is taken from, the latest ones."""
LEAST_BASELINE_DAYS = 7
"""With fewer there is no usual peak."""


@dataclass(frozen=True, slots=True)
class SelfConsumptionModel:
    """Model 1: tokens for energy used where and when it is made, alone or together with the community."""

    own: BasisPoints
    """What a Wh counts that a member used of its own production."""
    load: BasisPoints
    """What a Wh counts that a member used of the others' surplus."""
    production: BasisPoints
    """What a Wh counts that the others used of a member's surplus."""
    tokens_per_kwh: int
    threshold: BasisPoints
    """The least part of its consumption that a member must have covered so, to earn anything."""


@dataclass(frozen=True, slots=True)
class NoPeaksModel:
    """Model 2: tokens for a day whose peak stays below the member's usual one."""

    max_tokens: int
    full: BasisPoints
    """The part of the usual peak to be cut for all of `max_tokens`."""


@dataclass(frozen=True, slots=True)
class CombinedModel:
    """Model 3: a weighted sum of the other two."""

    self_consumption: SelfConsumptionModel
    no_peaks: NoPeaksModel
    self_consumption_weight: BasisPoints
    no_peaks_weight: BasisPoints


RewardModel = SelfConsumptionModel | NoPeaksModel | CombinedModel


@dataclass(frozen=True, slots=True, eq=False)
class PeakHistory:
    """The members' peaks of the 60 days before the day to be rewarded; column d is the day d + 1 days before it."""

    peak_wh: EnergyTable
    complete: FlagTable
    """Whether no slot of the day is missing."""
    is_working: npt.NDArray[np.bool_]
    """(days,): whether the day was a working day."""

    def __post_init__(self) -> None:
        rows = len(self.peak_wh)
        if self.peak_wh.shape != (rows, HISTORY_DAYS) or self.complete.shape != (rows, HISTORY_DAYS):
            raise ValueError(f"a history has {HISTORY_DAYS} days, not the shapes {self.peak_wh.shape}")
        if self.is_working.shape != (HISTORY_DAYS,):
            raise ValueError(f"a history has {HISTORY_DAYS} types of day, not {self.is_working.shape}")


@dataclass(frozen=True, slots=True, eq=False)
class Circumstances:
    """What the no-peaks model wants to know beside the day's readings."""

    history: PeakHistory
    is_working: bool
    """Whether the day to be rewarded is a working day."""
    profiles: tuple[str, ...]
    """The energy profile of each member."""


class Reason(StrEnum):
    """Why a member earned what it earned under a model."""

    EARNED = "earned"
    TOO_MUCH_MISSING = "too_much_missing"
    BELOW_THRESHOLD = "below_threshold"
    NOTHING_COUNTED = "nothing_counted"
    NO_USUAL_PEAK = "no_usual_peak"
    PEAK_NOT_LOWER = "peak_not_lower"


@dataclass(frozen=True, slots=True, eq=False)
class SelfConsumption:
    """Model 1, number by number."""

    model: SelfConsumptionModel
    consumed_wh: EnergyTable
    produced_wh: EnergyTable
    own_wh: EnergyTable
    shared_wh: npt.NDArray[np.int64]
    """(slots,): what the community shared."""
    residual_load_wh: npt.NDArray[np.int64]
    """(slots,): what all members together still wanted after their own production."""
    residual_production_wh: npt.NDArray[np.int64]
    """(slots,): what all members together had left of it."""
    load_wh: EnergyTable
    production_wh: EnergyTable
    effective_wh: tuple[EnergyWh, ...]
    reasons: tuple[Reason, ...]
    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class NoPeaks:
    """Model 2, number by number; a median of −1 says that there is none."""

    model: NoPeaksModel
    peak_wh: npt.NDArray[np.int64]
    peak_slot: npt.NDArray[np.int64]
    """(members,): the first slot in which the peak was reached."""
    history: PeakHistory
    used: FlagTable
    """(members, 60): the days that the usual peak was taken from."""
    own_median_wh: npt.NDArray[np.int64]
    profile_median_wh: npt.NDArray[np.int64]
    """(members,): the median of `own_median_wh` among the members of the same energy profile."""
    usual_wh: npt.NDArray[np.int64]
    """(members,): the smaller of the two medians."""
    cut_wh: npt.NDArray[np.int64]
    """(members,): by how much the peak must be lower for all of `max_tokens`."""
    reasons: tuple[Reason, ...]
    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DayRewards:
    """What each member earned on a day under the model in force, with everything that led there."""

    members: tuple[str, ...]
    start: int
    slot_seconds: int
    missing_slots: npt.NDArray[np.int64]
    model: RewardModel
    self_consumption: SelfConsumption | None
    no_peaks: NoPeaks | None
    tokens: tuple[int, ...]
