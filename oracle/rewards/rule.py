"""The rewards of a community and local day under the model in force, for all members at once.

The parameters are those in force when the day begins. All divisions floor, once, after the sum they divide, and are 0
where the divisor is 0. A day of which more than an hour is missing earns nothing. Source: DESIGN.md section 10.
"""

from commons.units import BPS
from oracle.measurement.member_energy import MemberEnergy
from oracle.rewards.no_peaks import no_peaks
from oracle.rewards.self_consumption import self_consumption
from oracle.rewards.types import (
    MOST_MISSING_S,
    Circumstances,
    CombinedModel,
    DayRewards,
    NoPeaks,
    NoPeaksModel,
    RewardModel,
    SelfConsumption,
    SelfConsumptionModel,
)


def reward(energy: MemberEnergy, around: Circumstances, model: RewardModel) -> DayRewards:
    """What each member earned on the day that `energy` covers, with every number that led there.

    Raises:
        ValueError: the circumstances are not those of as many members.
    """
    if not len(energy.members) == len(around.profiles) == len(around.history.peak_wh):
        raise ValueError(
            f"{len(energy.members)} members, {len(around.profiles)} profiles and {len(around.history.peak_wh)} "
            "histories do not belong together"
        )
    missing = energy.missing_slots
    too_much = missing * energy.slot_seconds > MOST_MISSING_S
    first: SelfConsumption | None = None
    second: NoPeaks | None = None
    match model:
        case SelfConsumptionModel():
            first = self_consumption(energy, too_much, model)
            tokens = first.tokens
        case NoPeaksModel():
            second = no_peaks(energy, too_much, around, model)
            tokens = second.tokens
        case CombinedModel():
            first = self_consumption(energy, too_much, model.self_consumption)
            second = no_peaks(energy, too_much, around, model.no_peaks)
            weights = model.self_consumption_weight, model.no_peaks_weight
            tokens = _weighted(first.tokens, second.tokens, weights)
    return DayRewards(energy.members, energy.start, energy.slot_seconds, missing, model, first, second, tokens)


def _weighted(first: tuple[int, ...], second: tuple[int, ...], weights: tuple[int, int]) -> tuple[int, ...]:
    return tuple((a * weights[0] + b * weights[1]) // BPS for a, b in zip(first, second, strict=True))
