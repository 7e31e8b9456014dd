"""Reward models and a member's rewarded day, in words and tables for people."""

from commons.chain.sentences import show_moment
from commons.records import ModelKind, RewardParameters
from commons.units import show_percent, show_tokens
from oracle.rewarding.reckoner import DayReckoning
from oracle.rewards.explanation import Explanation
from oracle.rewards.words import sentences
from scripts.surroundings import table


def told_model(parameters: RewardParameters) -> str:
    """A model with its parameters."""
    first = (
        f"{show_tokens(parameters.tokens_per_kwh)} per kWh, own {show_percent(parameters.own_bps)}, load "
        f"{show_percent(parameters.load_bps)}, production {show_percent(parameters.production_bps)}, from "
        f"{show_percent(parameters.threshold_bps)} on"
    )
    second = f"{show_tokens(parameters.max_tokens)} for a peak cut by {show_percent(parameters.full_bps)}"
    match parameters.model:
        case ModelKind.SELF_CONSUMPTION:
            return f"self-consumption ({first})"
        case ModelKind.NO_PEAKS:
            return f"no peaks ({second})"
    weights = parameters.self_consumption_weight_bps, parameters.no_peaks_weight_bps
    return f"{show_percent(weights[0])} self-consumption ({first}) and {show_percent(weights[1])} no peaks ({second})"


def told_day(found: DayReckoning, told: Explanation) -> list[str]:
    """A member's day: what was in force, the sentences, and the slots that they sum up."""
    number, version = found.parameters.number, found.versions[-1]
    model = told_model(found.parameters.parameters)
    lines = [f"{found.day}: {model}; parameters {number}, dataset version {version.version}.", *sentences(told)]
    if told.self_consumption is None:
        return lines
    rows = [
        (
            show_moment(slot.start)[11:16],
            slot.consumed_wh,
            slot.produced_wh,
            slot.own_wh,
            f"{slot.shared_wh} × {slot.residual_load_wh} ÷ {slot.community_residual_load_wh} = {slot.load_wh}",
            f"{slot.shared_wh} × {slot.residual_production_wh} ÷ {slot.community_residual_production_wh} = "
            f"{slot.production_wh}",
        )
        for slot in told.self_consumption.slots
    ]
    header = ("from", "used", "made", "own", "of others’ surplus, Wh", "of yours by others, Wh")
    return [*lines, "", *table(header, rows)]
