"""The three reward models, number by number, and against a slow reference."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.units import BasisPoints
from oracle.rewards.rule import reward
from oracle.rewards.types import (
    HISTORY_DAYS,
    CombinedModel,
    NoPeaksModel,
    PeakHistory,
    Reason,
    RewardModel,
    SelfConsumptionModel,
)
from tests.oracle.rewards import brute_force
from tests.oracle.rewards.brute_force import PastDay, Reading
from tests.oracle.rewards.communities import (
    COMBINED,
    NO_PEAKS,
    SELF_CONSUMPTION,
    TOKEN,
    USUAL_DAYS,
    around,
    energy_of,
)


def self_consumed(days: list[list[Reading]], model: SelfConsumptionModel = SELF_CONSUMPTION) -> tuple[int, ...]:
    return reward(energy_of(days), around([USUAL_DAYS] * len(days)), model).tokens


def usual_of(past: list[PastDay], *others: list[PastDay], profiles: list[str] | None = None) -> int:
    """The first member's usual peak, −1 if it has none."""
    pasts = [past, *others]
    found = reward(energy_of([[(0, 0, 0)]] * len(pasts)), around(pasts, profiles), NO_PEAKS).no_peaks
    assert found is not None
    return int(found.usual_wh[0])


def days(*peaks: int, complete: bool = True, working: bool = True) -> list[PastDay]:
    return [PastDay(peak, complete, working) for peak in peaks]


def past(*latest: PastDay) -> list[PastDay]:
    """Those days, yesterday first, and before them days that nothing is known of."""
    return [*latest, *[PastDay(0, complete=False, working=True)] * (HISTORY_DAYS - len(latest))]


# ---------------------------------------------------------------- refusals


def test_reward__other_members_than_circumstances__is_refused() -> None:
    with pytest.raises(ValueError, match="do not belong together"):
        reward(energy_of([[(1, 0, 0)]]), around([USUAL_DAYS] * 2), SELF_CONSUMPTION)


def test_history__of_fewer_days__is_refused() -> None:
    with pytest.raises(ValueError, match="60 days"):
        PeakHistory(np.zeros((1, 59), np.int64), np.zeros((1, 59), bool), np.zeros(59, bool))


@pytest.mark.parametrize(("seconds", "most"), [(900, 4), (3600, 1)])
@pytest.mark.parametrize("model", [SELF_CONSUMPTION, NO_PEAKS, COMBINED])
def test_reward__more_than_an_hour_missing__is_nothing_and_says_so(seconds: int, most: int, model: RewardModel) -> None:
    day: list[Reading] = [(50, 0, 200)] * (24 * 3600 // seconds)
    still = energy_of([[*[None] * most, *day[most:]]], seconds)
    lost = energy_of([[*[None] * (most + 1), *day[most + 1 :]]], seconds)

    assert reward(still, around([USUAL_DAYS]), model).tokens[0] > 0
    found = reward(lost, around([USUAL_DAYS]), model)
    assert found.tokens == (0,)
    for part in (found.self_consumption, found.no_peaks):
        assert part is None or part.reasons == (Reason.TOO_MUCH_MISSING,)


def test_self_consumption__just_below_the_threshold__earns_nothing() -> None:
    model = replace(SELF_CONSUMPTION, threshold=BasisPoints(2_500))
    below: list[list[Reading]] = [[(751, 0, 249)]]  # 249 of 1000 Wh covered
    reached: list[list[Reading]] = [[(750, 0, 250)]]

    assert self_consumed(below, model) == (0,)
    assert self_consumed(reached, model) == (250 * 5_000 // 10_000 * TOKEN // 10 // 1000,)


def test_no_peaks__six_days_of_history__are_too_few() -> None:
    assert usual_of(past(*days(*[900] * 6))) == -1
    assert usual_of(past(*days(*[900] * 7))) == 900


def test_no_peaks__peak_as_usual__earns_nothing() -> None:
    found = reward(energy_of([[(1000, 0, 0)], [(999, 0, 0)]]), around([USUAL_DAYS] * 2), NO_PEAKS)

    assert found.tokens == (0, TOKEN // 200)
    assert found.no_peaks is not None
    assert found.no_peaks.reasons == (Reason.PEAK_NOT_LOWER, Reason.EARNED)


# ---------------------------------------------------------------- model 1


def test_self_consumption__one_gives_and_two_take__divides_what_is_shared() -> None:
    giver: Reading = (0, 900, 1000)  # uses 100 of its own
    takers: list[Reading] = [(400, 0, 0), (800, 0, 0)]
    found = reward(
        energy_of([[giver], [takers[0]], [takers[1]]]), around([USUAL_DAYS] * 3), SELF_CONSUMPTION
    ).self_consumption

    assert found is not None
    assert found.own_wh[:, 0].tolist() == [100, 0, 0]
    assert found.shared_wh.tolist() == [900]
    assert found.load_wh[:, 0].tolist() == [0, 300, 600]
    assert found.production_wh[:, 0].tolist() == [900, 0, 0]
    assert found.effective_wh == (50 + 675, 300, 600)
    assert found.tokens == tuple(wh * TOKEN // 10 // 1000 for wh in (725, 300, 600))


def test_self_consumption__odd_shares__floor_once_per_slot_and_member() -> None:
    found = reward(
        energy_of([[(0, 2, 2)] * 2, [(1, 0, 0)] * 2, [(1, 0, 0)] * 2, [(1, 0, 0)] * 2]),
        around([USUAL_DAYS] * 4),
        SELF_CONSUMPTION,
    ).self_consumption

    assert found is not None
    assert found.load_wh.sum() == 0  # 2 × 1 / 3 each
    assert found.effective_wh == (3, 0, 0, 0)  # 4 Wh × 7500 bps, floored after the sum over slots


def test_self_consumption__energy_that_passes_64_bits__stays_exact() -> None:
    much = 1 << 39
    model = replace(SELF_CONSUMPTION, threshold=BasisPoints(0))
    readings: list[list[Reading]] = [[(0, much, much)], [(much - 1, 0, 0)], [(7, 0, 0)]]

    assert self_consumed(readings, model) == tuple(
        brute_force.self_consumption(readings, 900, 5_000, 10_000, 7_500, TOKEN // 10, 0)
    )


def test_self_consumption__nobody_there_to_share_with__divides_nothing() -> None:
    assert self_consumed([[(0, 0, 0)], [(0, 0, 0)]]) == (0, 0)


# ---------------------------------------------------------------- model 2


def test_usual_peak__of_more_days__is_that_of_the_latest_14() -> None:
    assert usual_of(past(*days(*[500] * 14, *[9000] * 30))) == 500


def test_usual_peak__leaves_out_incomplete_days_and_those_of_the_other_type() -> None:
    latest = [*days(*[9000] * 5, complete=False), *days(*[1] * 5, working=False), *days(*[700] * 7)]

    assert usual_of(past(*latest)) == 700


def test_usual_peak__of_an_even_count__is_the_floored_mean_of_the_middle_two() -> None:
    assert usual_of(past(*days(1, 1, 1, 1, 4, 9, 9, 9))) == 2  # (1 + 4) / 2


def test_usual_peak__of_an_inflated_history__is_capped_within_the_profile() -> None:
    inflated, plain = past(*days(*[5000] * 14)), past(*days(*[1000] * 14))

    assert usual_of(inflated, plain, plain, profiles=["home"] * 3) == 1000
    assert usual_of(inflated, plain, plain, profiles=["shop", "home", "home"]) == 5000


def test_usual_peak__of_homes_without_one__does_not_count_in_the_profile() -> None:
    assert usual_of(past(*days(*[800] * 7)), past(), past()) == 800


@pytest.mark.parametrize(("peak", "share"), [(1000, 0), (900, 50), (801, 99), (800, 100), (0, 100)])
def test_no_peaks__cut_in_part__earns_that_part(peak: int, share: int) -> None:
    found = reward(energy_of([[(peak, 0, 0)]]), around([USUAL_DAYS]), NO_PEAKS)

    assert found.tokens == (TOKEN * share // 100 + (TOKEN // 200 if peak == 801 else 0),)


def test_no_peaks__cut_that_rounds_to_nothing__earns_nothing() -> None:
    few = [PastDay(1, complete=True, working=True)] * HISTORY_DAYS

    assert reward(energy_of([[(0, 0, 0)]]), around([few]), NO_PEAKS).tokens == (0,)


# ---------------------------------------------------------------- model 3, and all against the reference


def test_combined__weighs_both_and_floors_once() -> None:
    found = reward(energy_of([[(101, 0, 33)]]), around([USUAL_DAYS]), COMBINED)

    assert found.self_consumption is not None
    assert found.no_peaks is not None
    first, second = found.self_consumption.tokens[0], found.no_peaks.tokens[0]
    assert found.tokens == ((first * 6_000 + second * 4_000) // 10_000,)


def test_combined__of_odd_amounts__floors_after_the_sum() -> None:
    """Two halves of a token make one: (1 × 5000 + 1 × 5000) / 10000."""
    model = CombinedModel(
        replace(SELF_CONSUMPTION, own=BasisPoints(10_000), tokens_per_kwh=1, threshold=BasisPoints(0)),
        NoPeaksModel(max_tokens=1, full=BasisPoints(1)),
        BasisPoints(5_000),
        BasisPoints(5_000),
    )
    usual = [PastDay(10_000, complete=True, working=True)] * HISTORY_DAYS

    assert reward(energy_of([[(0, 1000, 1000)]]), around([usual]), model).tokens == (0,)
    assert reward(energy_of([[(0, 0, 1000)]]), around([usual]), model).tokens == (1,)


amounts = st.one_of(st.just(0), st.integers(0, 5), st.integers(0, 3_000), st.integers(0, 1 << 39))
readings = st.one_of(st.none(), st.tuples(amounts, amounts, amounts), st.tuples(amounts, amounts, amounts))
shares = st.one_of(st.sampled_from([0, 1, 5_000, 10_000]), st.integers(0, 20_000))
tokens = st.one_of(st.integers(0, 1_000), st.integers(0, 1 << 100))


@st.composite
def communities(draw: st.DrawFn) -> tuple[list[list[Reading]], list[list[PastDay]], list[str]]:
    members, slots = draw(st.integers(1, 5)), draw(st.integers(1, 8))
    energies = [draw(st.lists(readings, min_size=slots, max_size=slots)) for _ in range(members)]
    types = draw(st.lists(st.booleans(), min_size=HISTORY_DAYS, max_size=HISTORY_DAYS))
    base = draw(amounts)
    pasts = [
        [
            PastDay(base + (day * step) % 7, complete=(day + row) % every != 0, working=working)
            for day, working in enumerate(types)
        ]
        for row in range(members)
        for step, every in [(draw(st.integers(0, 6)), draw(st.sampled_from([1, 2, 3, 60])))]
    ]
    profiles = draw(st.lists(st.sampled_from(["home", "shop"]), min_size=members, max_size=members))
    return energies, pasts, profiles


@given(communities(), st.tuples(shares, shares, shares, shares, shares, shares, shares), tokens, tokens, st.booleans())
def test_reward__of_any_community__equals_the_slow_reference(
    community: tuple[list[list[Reading]], list[list[PastDay]], list[str]],
    bps: tuple[int, ...],
    per_kwh: int,
    max_tokens: int,
    working: bool,
) -> None:
    energies, pasts, profiles = community
    own, load, production, threshold, full, weight, other_weight = (BasisPoints(share) for share in bps)
    model = CombinedModel(
        SelfConsumptionModel(own, load, production, per_kwh, threshold),
        NoPeaksModel(max_tokens, full),
        weight,
        other_weight,
    )
    circumstances = around(pasts, profiles, working=working)

    for seconds in (900, 3600):
        first = brute_force.self_consumption(energies, seconds, own, load, production, per_kwh, threshold)
        second = brute_force.no_peaks(energies, seconds, pasts, working, profiles, max_tokens, full)
        found = reward(energy_of(energies, seconds), circumstances, model)
        assert found.self_consumption is not None
        assert found.no_peaks is not None
        assert list(found.self_consumption.tokens) == first
        assert list(found.no_peaks.tokens) == second
        assert list(found.tokens) == [
            (a * weight + b * other_weight) // 10_000 for a, b in zip(first, second, strict=True)
        ]
        for alone in (model.self_consumption, model.no_peaks):
            parts = reward(energy_of(energies, seconds), circumstances, alone)
            assert list(parts.tokens) == (first if isinstance(alone, SelfConsumptionModel) else second)


@given(communities())
def test_self_consumption__of_any_community__never_divides_more_than_is_shared(
    community: tuple[list[list[Reading]], list[list[PastDay]], list[str]],
) -> None:
    energies, pasts, _ = community
    found = reward(energy_of(energies), around(pasts), SELF_CONSUMPTION).self_consumption

    assert found is not None
    members = len(energies)
    for divided in (found.load_wh, found.production_wh):
        rest = found.shared_wh - divided.sum(axis=0)
        assert ((rest >= 0) & (rest < members)).all()
