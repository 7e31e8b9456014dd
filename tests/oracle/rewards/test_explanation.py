"""The explanation shows each number, and the sentences say them."""

from dataclasses import replace

import pytest

from commons.units import BasisPoints
from oracle.rewards.explanation import Explanation, explain
from oracle.rewards.rule import reward
from oracle.rewards.types import Reason, RewardModel
from oracle.rewards.words import sentences
from tests.oracle.rewards.brute_force import PastDay, Reading
from tests.oracle.rewards.communities import (
    COMBINED,
    NO_PEAKS,
    SELF_CONSUMPTION,
    T0,
    TOKEN,
    USUAL_DAYS,
    around,
    energy_of,
    member,
)

GIVER: list[Reading] = [(0, 900, 1000), (500, 0, 0)]
TAKER: list[Reading] = [(600, 0, 0), (400, 0, 0)]


def explained(model: RewardModel, *days: list[Reading], pasts: list[list[PastDay]] | None = None) -> Explanation:
    """Why the last of the members earned what it earned."""
    around_them = around(pasts or [USUAL_DAYS] * len(days))
    return explain(reward(energy_of(days), around_them, model), member(len(days) - 1))


def test_explain__stranger__is_refused() -> None:
    rewards = reward(energy_of([TAKER]), around([USUAL_DAYS]), SELF_CONSUMPTION)

    with pytest.raises(ValueError, match="not in tuple"):
        explain(rewards, member(7))


def test_explain__self_consumption__shows_every_slot_and_sum() -> None:
    found = explained(SELF_CONSUMPTION, GIVER, TAKER).self_consumption

    assert found is not None
    first, second = found.slots
    assert (first.start, first.consumed_wh, first.produced_wh, first.own_wh) == (T0, 600, 0, 0)
    assert (first.residual_load_wh, first.residual_production_wh) == (600, 0)
    assert (first.community_residual_load_wh, first.community_residual_production_wh) == (600, 900)
    assert (first.shared_wh, first.load_wh, first.production_wh) == (600, 600, 0)
    assert (second.start, second.shared_wh, second.load_wh) == (T0 + 900, 0, 0)
    assert (found.consumed_wh, found.own_wh, found.load_wh, found.effective_wh) == (1000, 0, 600, 600)
    assert (found.reason, found.tokens) == (Reason.EARNED, 600 * TOKEN // 10_000)


def test_explain__no_peaks__shows_the_days_and_medians() -> None:
    past = [PastDay(900 + day % 2 * 10, complete=day != 1, working=True) for day in range(60)]
    found = explained(NO_PEAKS, [(0, 0, 0)] * 2, [(500, 0, 0), (800, 0, 0)], pasts=[USUAL_DAYS, past]).no_peaks

    assert found is not None
    assert (found.peak_wh, found.peak_start) == (800, T0 + 900)
    assert [day.days_ago for day in found.days] == [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    assert [day.peak_wh for day in found.days[:3]] == [900, 900, 910]
    assert (found.own_median_wh, found.profile_median_wh, found.usual_wh, found.cut_wh) == (900, 950, 900, 180)
    assert found.tokens == TOKEN * 100 // 180


def test_sentences__of_both_models__say_each_number() -> None:
    said = " ".join(sentences(explained(COMBINED, GIVER, TAKER)))

    for figure in ("1000 Wh", "600 Wh × 100 %", "0.06 tokens", "usual peak", "400 Wh below it", "60 %", "40 %"):
        assert figure in said
    assert said.endswith("= 0.436 tokens.")


@pytest.mark.parametrize("model", [SELF_CONSUMPTION, NO_PEAKS, COMBINED])
def test_sentences__too_much_missing__say_so_first(model: RewardModel) -> None:
    said = sentences(explained(model, [*[None] * 5, (1, 0, 0)]))

    assert said[0] == "75 minutes of the day have no reading, more than the hour that may be, so the day earns nothing."
    assert said[-1].endswith("0 tokens.")


def test_sentences__an_hour_missing__say_that_it_may_be() -> None:
    assert sentences(explained(NO_PEAKS, [*[None] * 4, (1, 0, 0)]))[0].endswith("which an hour a day may be.")


def test_sentences__below_the_threshold__say_what_was_needed() -> None:
    model = replace(SELF_CONSUMPTION, threshold=BasisPoints(6_001))
    said = " ".join(sentences(explained(model, GIVER, TAKER)))

    assert "600 Wh of your consumption were covered so, less than the 601 Wh (60.01 %)" in said


@pytest.mark.parametrize(
    ("past", "sentence"),
    [([PastDay(9, complete=False, working=True)] * 60, "no usual peak yet"), (USUAL_DAYS, "Your peak was not below")],
)
def test_sentences__no_usual_peak_or_none_cut__say_so(past: list[PastDay], sentence: str) -> None:
    assert sentence in " ".join(sentences(explained(NO_PEAKS, [(1000, 0, 0)], pasts=[past])))
