"""What each cheat gains, computed; `docs/rewards.md` says the same figures in words."""

from dataclasses import replace
from pathlib import Path

import pytest

from commons.units import BasisPoints, show_tokens
from oracle.rewards.rule import reward
from oracle.rewards.types import HISTORY_DAYS, RewardModel
from tests.oracle.rewards.brute_force import PastDay, Reading
from tests.oracle.rewards.communities import NO_PEAKS, SELF_CONSUMPTION, USUAL_DAYS, around, energy_of

PAGE = Path(__file__).parents[3] / "docs" / "rewards.md"

Day = list[Reading]
EVENING, NIGHT = slice(72, 80), slice(0, 24)
SUN = slice(40, 56)
SURPLUS: Day = [(0, 500, 500)] * 16  # a neighbour's panels: what the sun slots share is never short


def day_of(base: int, *parts: tuple[slice, int]) -> Day:
    """96 quarter-hours of withdrawal in Wh: `base`, but in each part its own."""
    withdrawn = [base] * 96
    for part, wh in parts:
        withdrawn[part] = [wh] * len(withdrawn[part])
    return [(wh, 0, 0) for wh in withdrawn]


def past_of(*peaks: int) -> list[PastDay]:
    """The peaks repeated over 60 complete working days, yesterday first."""
    return [PastDay(peaks[day % len(peaks)], complete=True, working=True) for day in range(HISTORY_DAYS)]


def tokens(days: list[Day], model: RewardModel, pasts: list[list[PastDay]], cheats: int = 1) -> str:
    """What the first `cheats` members earned together."""
    return show_tokens(sum(reward(energy_of(days), around(pasts), model).tokens[:cheats]))


def no_peaks(day: Day, past: list[PastDay], neighbours: int = 4) -> str:
    """What a home earns under model 2 beside neighbours whose usual peak is 1000 Wh."""
    still = [day_of(500)] * neighbours
    return tokens([day, *still], NO_PEAKS, [past, *[USUAL_DAYS] * neighbours])


def self_consumption(*days: Day, cheats: int = 1, threshold: int = 0) -> str:
    model = replace(SELF_CONSUMPTION, threshold=BasisPoints(threshold))
    return tokens(list(days), model, [USUAL_DAYS] * len(days), cheats)


def with_surplus() -> Day:
    """A neighbour that feeds 500 Wh into each of the 16 quarter-hours of sun."""
    day: Day = [(0, 0, 0)] * 96
    day[SUN] = SURPLUS
    return day


def moved_off_the_day() -> dict[str, tuple[str, str]]:
    """Two days: as always; or a laundry that is done on one day for both, 600 Wh and 1400 Wh."""
    honest = no_peaks(day_of(200, (EVENING, 1000)), past_of(1000))
    light = no_peaks(day_of(200, (EVENING, 600)), past_of(1400, 600))
    heavy = no_peaks(day_of(200, (EVENING, 1400)), past_of(600, 1400))
    assert heavy == honest
    night = day_of(100, (NIGHT, 400))
    moved = day_of(100, (NIGHT, 0))
    return {
        "load moved off the day, model 2": (honest, light),
        "load moved off the day, model 1": (
            self_consumption(night, with_surplus(), threshold=1_500),
            self_consumption(moved, with_surplus(), threshold=1_500),
        ),
    }


def withheld() -> dict[str, tuple[str, str]]:
    """An hour of readings held back: that of the peak, or four quarter-hours of load without sun."""
    peak = day_of(200, (slice(72, 76), 1000))
    hidden: Day = [*peak[:72], *[None] * 4, *peak[76:]]
    longer: Day = [*peak[:72], *[None] * 5, *peak[77:]]
    assert no_peaks(longer, past_of(1000)) == "0 tokens"
    night = day_of(100, (slice(0, 4), 500))
    dark: Day = [*[None] * 4, *night[4:]]
    # On eight of its quiet days, a quarter-hour is held back: they are incomplete, and the loud ones remain.
    quiet = [PastDay(700, complete=day % 7 == 0, working=True) for day in range(32)]
    chosen = [*quiet, *past_of(1000)[32:]]
    return {
        "withheld readings, model 2": (no_peaks(peak, past_of(1000)), no_peaks(hidden, past_of(1000))),
        "withheld readings, quiet days left out of the usual peak, model 2": (
            no_peaks(day_of(700), past_of(700)),
            no_peaks(day_of(700), chosen),
        ),
        "withheld readings, model 1": (
            self_consumption(night, with_surplus(), threshold=1_500),
            self_consumption(dark, with_surplus(), threshold=1_500),
        ),
    }


def inflated() -> dict[str, tuple[str, str]]:
    """Everything switched on at once on 8 days of 14, 5000 Wh instead of 900 Wh."""
    usual = day_of(200, (EVENING, 900))
    inflated_past = past_of(*[5000] * 8, *[900] * 6)
    return {
        "inflated baseline, model 2": (no_peaks(usual, past_of(900)), no_peaks(usual, inflated_past)),
        "inflated baseline, alone in its profile, model 2": (
            no_peaks(usual, past_of(900), neighbours=0),
            no_peaks(usual, inflated_past, neighbours=0),
        ),
    }


def split_in_two() -> dict[str, tuple[str, str]]:
    """A home registered as two members: its panels apart from its load; or its load in halves."""
    whole: Day = [(100, 0, 0)] * 96
    whole[SUN] = [(0, 0, 300)] * 16
    load: Day = day_of(100, (SUN, 300))
    panels: Day = [(0, 0, 0)] * 96
    panels[SUN] = [(0, 300, 300)] * 16
    calm, half = day_of(200, (EVENING, 800)), day_of(100, (EVENING, 400))
    halves = [past_of(500)] * 2
    both = tokens([half, half, day_of(500)], NO_PEAKS, [*halves, USUAL_DAYS], cheats=2)
    return {
        "a home split in two, panels apart from the load, model 1": (
            self_consumption(whole),
            self_consumption(load, panels, cheats=2),
        ),
        "a home split in two, model 2": (no_peaks(calm, past_of(1000)), both),
    }


CHEATS = moved_off_the_day() | withheld() | inflated() | split_in_two()


def documented() -> dict[str, tuple[str, str]]:
    """The rows of the page's table of cheats: what it gives, with and without."""
    lines = [line.strip("| ").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines()]
    return {cells[0]: (cells[1], cells[2]) for cells in lines if len(cells) == 4 and "model" in cells[0]}


@pytest.mark.parametrize("cheat", CHEATS)
def test_cheat__computed__gains_what_the_page_says(cheat: str) -> None:
    assert documented().get(cheat) == CHEATS[cheat]


def test_page__every_cheat_in_it__is_computed() -> None:
    assert documented().keys() == CHEATS.keys()
