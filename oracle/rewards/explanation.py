"""Why a member earned what it earned: every number that led there, for one member and day."""

from dataclasses import dataclass

import numpy as np

from oracle.rewards.types import (
    DayRewards,
    NoPeaks,
    NoPeaksModel,
    Reason,
    RewardModel,
    SelfConsumption,
    SelfConsumptionModel,
)


@dataclass(frozen=True, slots=True)
class SlotNumbers:
    """One slot under model 1, Wh; what begins with `community` is the sum over all members."""

    start: int
    consumed_wh: int
    produced_wh: int
    own_wh: int
    residual_load_wh: int
    residual_production_wh: int
    community_residual_load_wh: int
    community_residual_production_wh: int
    shared_wh: int
    load_wh: int
    production_wh: int


@dataclass(frozen=True, slots=True)
class SelfConsumptionNumbers:
    """Model 1 for one member: its slots, their sums, and what came of them."""

    model: SelfConsumptionModel
    slots: tuple[SlotNumbers, ...]
    consumed_wh: int
    produced_wh: int
    own_wh: int
    load_wh: int
    production_wh: int
    effective_wh: int
    reason: Reason
    tokens: int


@dataclass(frozen=True, slots=True)
class UsedDay:
    """A day that the usual peak was taken from."""

    days_ago: int
    peak_wh: int


@dataclass(frozen=True, slots=True)
class NoPeaksNumbers:
    """Model 2 for one member; a median or usual peak of None says that there is none."""

    model: NoPeaksModel
    peak_wh: int
    peak_start: int
    days: tuple[UsedDay, ...]
    own_median_wh: int | None
    profile_median_wh: int | None
    usual_wh: int | None
    cut_wh: int
    reason: Reason
    tokens: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A member's day: what was missing, the models that count, and the tokens in the token's smallest unit."""

    member: str
    start: int
    slot_seconds: int
    missing_slots: int
    model: RewardModel
    self_consumption: SelfConsumptionNumbers | None
    no_peaks: NoPeaksNumbers | None
    tokens: int


def explain(rewards: DayRewards, member: str) -> Explanation:
    """The numbers of one member.

    Raises:
        ValueError: the member is none of those that the rewards are about.
    """
    row = rewards.members.index(member)
    first, second = rewards.self_consumption, rewards.no_peaks
    starts = [rewards.start + slot * rewards.slot_seconds for slot in range(_slots(first))]
    return Explanation(
        member=member,
        start=rewards.start,
        slot_seconds=rewards.slot_seconds,
        missing_slots=int(rewards.missing_slots[row]),
        model=rewards.model,
        self_consumption=None if first is None else _self_consumption(first, row, starts),
        no_peaks=None if second is None else _no_peaks(second, row, rewards),
        tokens=rewards.tokens[row],
    )


def _slots(found: SelfConsumption | None) -> int:
    return 0 if found is None else len(found.shared_wh)


def _self_consumption(found: SelfConsumption, row: int, starts: list[int]) -> SelfConsumptionNumbers:
    consumed, produced, own, load, production = (
        table[row] for table in (found.consumed_wh, found.produced_wh, found.own_wh, found.load_wh, found.production_wh)
    )
    columns = (
        consumed,
        produced,
        own,
        consumed - own,
        produced - own,
        found.residual_load_wh,
        found.residual_production_wh,
        found.shared_wh,
        load,
        production,
    )
    figures = zip(*(column.tolist() for column in columns), strict=True)
    return SelfConsumptionNumbers(
        model=found.model,
        slots=tuple(SlotNumbers(start, *of_slot) for start, of_slot in zip(starts, figures, strict=True)),
        consumed_wh=int(consumed.sum()),
        produced_wh=int(produced.sum()),
        own_wh=int(own.sum()),
        load_wh=int(load.sum()),
        production_wh=int(production.sum()),
        effective_wh=found.effective_wh[row],
        reason=found.reasons[row],
        tokens=found.tokens[row],
    )


def _no_peaks(found: NoPeaks, row: int, rewards: DayRewards) -> NoPeaksNumbers:
    days = np.flatnonzero(found.used[row]).tolist()
    return NoPeaksNumbers(
        model=found.model,
        peak_wh=int(found.peak_wh[row]),
        peak_start=rewards.start + int(found.peak_slot[row]) * rewards.slot_seconds,
        days=tuple(UsedDay(day + 1, int(found.history.peak_wh[row, day])) for day in days),
        own_median_wh=_known(int(found.own_median_wh[row])),
        profile_median_wh=_known(int(found.profile_median_wh[row])),
        usual_wh=_known(int(found.usual_wh[row])),
        cut_wh=int(found.cut_wh[row]),
        reason=found.reasons[row],
        tokens=found.tokens[row],
    )


def _known(median: int) -> int | None:
    return None if median < 0 else median
