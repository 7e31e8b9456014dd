"""Model 2: a day whose peak stays below the member's usual one.

The usual peak is a median of medians: that of the member's own complete days of the same type, but no more than the
median of this figure among members of the same energy profile, so that nobody gains much by inflating its own.
Source: DESIGN.md section 10, model 2.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from commons.units import BPS
from oracle.measurement.member_energy import MemberEnergy
from oracle.rewards.types import (
    BASELINE_DAYS,
    HISTORY_DAYS,
    LEAST_BASELINE_DAYS,
    Circumstances,
    EnergyTable,
    FlagTable,
    NoPeaks,
    NoPeaksModel,
    PeakHistory,
    Reason,
)

_NONE = -1
_BEYOND = np.iinfo(np.int64).max


def peak_history(days: Iterable[MemberEnergy], is_working: Iterable[bool]) -> PeakHistory:
    """The history out of the readings of the 60 days before, the latest first; each day is read and let go.

    Raises:
        ValueError: the days are not 60, or have not the same members and length of slots.
    """
    peaks, complete, shapes = [], [], set()
    for energy in days:
        peaks.append(energy.withdrawn_wh.max(axis=1, initial=0))
        complete.append(energy.present.all(axis=1))
        shapes.add((energy.members, energy.slot_seconds))
    if len(shapes) > 1:
        raise ValueError("the days of a history have other members or slots of another length")
    if len(peaks) != HISTORY_DAYS:
        raise ValueError(f"a history has {HISTORY_DAYS} days, not {len(peaks)}")
    return PeakHistory(np.stack(peaks, axis=1), np.stack(complete, axis=1), np.fromiter(is_working, dtype=bool))


def no_peaks(
    energy: MemberEnergy, is_missing: npt.NDArray[np.bool_], around: Circumstances, model: NoPeaksModel
) -> NoPeaks:
    """What each member earned under model 2.

    Args:
        is_missing: (members,) whether too much of the member's day is missing.
    """
    history = around.history
    peak = energy.withdrawn_wh.max(axis=1, initial=0)
    used = _used_days(history, around.is_working)
    own_median = _medians(history.peak_wh, used)
    profile_median = _profile_medians(own_median, around.profiles)
    usual = np.where(own_median == _NONE, _NONE, np.minimum(own_median, profile_median))
    cut = np.array([max(wh, 0) * model.full // BPS for wh in usual.tolist()], dtype=np.int64)
    of_members = zip(is_missing.tolist(), usual.tolist(), peak.tolist(), cut.tolist(), strict=True)
    earned = [_earned(*of_member, model.max_tokens) for of_member in of_members]
    return NoPeaks(
        model=model,
        peak_wh=peak,
        peak_slot=energy.withdrawn_wh.argmax(axis=1),
        history=history,
        used=used,
        own_median_wh=own_median,
        profile_median_wh=profile_median,
        usual_wh=usual,
        cut_wh=cut,
        reasons=tuple(reason for reason, _ in earned),
        tokens=tuple(tokens for _, tokens in earned),
    )


def _earned(is_missing: bool, usual: int, peak: int, cut: int, max_tokens: int) -> tuple[Reason, int]:
    if is_missing:
        return Reason.TOO_MUCH_MISSING, 0
    if usual == _NONE:
        return Reason.NO_USUAL_PEAK, 0
    if peak >= usual:
        return Reason.PEAK_NOT_LOWER, 0
    tokens = max_tokens * min(usual - peak, cut) // cut if cut else 0
    return (Reason.EARNED if tokens else Reason.NOTHING_COUNTED), tokens


def _used_days(history: PeakHistory, is_working: bool) -> FlagTable:
    """The latest 14 complete days of the type, per member; none where there are fewer than 7."""
    fitting = history.complete & (history.is_working == is_working)
    used = fitting & (np.cumsum(fitting, axis=1) <= BASELINE_DAYS)
    return np.asarray(used & (used.sum(axis=1) >= LEAST_BASELINE_DAYS)[:, np.newaxis], dtype=bool)


def _medians(values: EnergyTable, used: FlagTable) -> npt.NDArray[np.int64]:
    """The median of the used values of each row, the floored mean of the middle two for an even count; −1 of none."""
    ascending = np.sort(np.where(used, values, _BEYOND), axis=1)
    counts = used.sum(axis=1)
    rows = np.arange(len(values))
    lower = ascending[rows, np.maximum(counts - 1, 0) // 2]
    upper = ascending[rows, counts // 2]
    return np.where(counts == 0, _NONE, lower + (upper - lower) // 2)


def _profile_medians(medians: npt.NDArray[np.int64], profiles: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """Per member the median among those of its profile that have one; −1 where none of them has."""
    found = np.full(len(medians), _NONE, dtype=np.int64)
    names, of_member = np.unique(np.array(profiles, dtype=np.str_), return_inverse=True)
    for profile in range(len(names)):
        rows = of_member == profile
        values = medians[rows][np.newaxis]
        found[rows] = _medians(values, values != _NONE)[0]
    return found
