"""An explanation in plain sentences, each with its numbers, for the member who asks why."""

from commons.units import BPS, WH_PER_KWH, BasisPoints, show_percent, show_tokens
from oracle.rewards.explanation import Explanation, NoPeaksNumbers, SelfConsumptionNumbers
from oracle.rewards.types import BASELINE_DAYS, HISTORY_DAYS, LEAST_BASELINE_DAYS, CombinedModel, Reason


def sentences(explanation: Explanation) -> tuple[str, ...]:
    """The explanation, step by step; the last sentence says what was earned."""
    said = [*_missing(explanation)]
    if explanation.self_consumption:
        said += _self_consumption(explanation.self_consumption)
    if explanation.no_peaks:
        said += _no_peaks(explanation.no_peaks)
    return (*said, _total(explanation))


def _missing(explanation: Explanation) -> list[str]:
    minutes = explanation.missing_slots * explanation.slot_seconds // 60
    if not minutes:
        return []
    numbers = (explanation.self_consumption, explanation.no_peaks)
    lost = any(found and found.reason is Reason.TOO_MUCH_MISSING for found in numbers)
    rule = "more than the hour that may be, so the day earns nothing" if lost else "which an hour a day may be"
    return [f"{minutes} minutes of the day have no reading, {rule}."]


def _self_consumption(found: SelfConsumptionNumbers) -> list[str]:
    model = found.model
    covered = found.own_wh + found.load_wh
    counts = (
        f"{found.own_wh} Wh × {show_percent(model.own)} + {found.load_wh} Wh × {show_percent(model.load)} + "
        f"{found.production_wh} Wh × {show_percent(model.production)} = {found.effective_wh} Wh"
    )
    said = [
        f"You used {found.consumed_wh} Wh and produced {found.produced_wh} Wh.",
        f"You used {found.own_wh} Wh of your own production as it was made; of the community's surplus "
        f"{found.load_wh} Wh fell to you, and the community used {found.production_wh} Wh of yours.",
        f"That counts {counts} (rounded down).",
    ]
    if found.reason is Reason.BELOW_THRESHOLD:
        least = -(-found.consumed_wh * model.threshold // BPS)
        said.append(
            f"{covered} Wh of your consumption were covered so, less than the {least} Wh "
            f"({show_percent(model.threshold)}) from which tokens are given."
        )
    elif found.reason is not Reason.TOO_MUCH_MISSING:
        said.append(
            f"{found.effective_wh} Wh × {show_tokens(model.tokens_per_kwh)} per kWh ÷ {WH_PER_KWH} = "
            f"{show_tokens(found.tokens)} for using energy where and when it is made."
        )
    return said


def _no_peaks(found: NoPeaksNumbers) -> list[str]:
    said = [f"Your largest withdrawal in a slot was {found.peak_wh} Wh."]
    if found.usual_wh is None:
        return [
            *said,
            f"You have no usual peak yet: it takes {LEAST_BASELINE_DAYS} complete days of the same type within "
            f"{HISTORY_DAYS} days.",
        ]
    peaks = ", ".join(str(day.peak_wh) for day in found.days)
    said.append(
        f"The peaks of your last {len(found.days)} complete days of this type (at most {BASELINE_DAYS}) were {peaks} "
        f"Wh: their median is {found.own_median_wh} Wh; that of homes like yours is {found.profile_median_wh} Wh; the "
        f"smaller one, {found.usual_wh} Wh, is your usual peak."
    )
    if found.reason is Reason.PEAK_NOT_LOWER:
        return [*said, "Your peak was not below it."]
    if found.reason is Reason.TOO_MUCH_MISSING:
        return said
    cut = min(found.usual_wh - found.peak_wh, found.cut_wh)
    return [
        *said,
        f"You stayed {found.usual_wh - found.peak_wh} Wh below it; {found.cut_wh} Wh "
        f"({show_percent(found.model.full)}) earn everything: {show_tokens(found.model.max_tokens)} × {cut} ÷ "
        f"{found.cut_wh} = {show_tokens(found.tokens)}.",
    ]


def _total(explanation: Explanation) -> str:
    model = explanation.model
    if isinstance(model, CombinedModel) and explanation.self_consumption and explanation.no_peaks:
        parts = (
            f"{show_tokens(found.tokens)} × {show_percent(BasisPoints(weight))}"
            for found, weight in (
                (explanation.self_consumption, model.self_consumption_weight),
                (explanation.no_peaks, model.no_peaks_weight),
            )
        )
        return f"You earned {' + '.join(parts)} = {show_tokens(explanation.tokens)}."
    return f"You earned {show_tokens(explanation.tokens)}."
