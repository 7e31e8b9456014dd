"""Indicators of small communities worked out by hand, and of the measured year."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from commons.calendar import Band
from oracle.indicators.rule import compare, indicators_of
from oracle.indicators.shared import shared_per_hour
from oracle.indicators.types import Conventions, Report
from oracle.measurement.measured_year import MeasuredYear, load_measured_year, year_energy
from oracle.measurement.member_energy import MemberEnergy
from oracle.measurement.replay import STANDARD_OFFSET_SECONDS

T0 = 1_799_996_400
Wh = tuple[int, int, int] | None


def energy_of(*members: Sequence[Wh], seconds: int = 3600) -> MemberEnergy:
    """Withdrawn, injected, produced per member and slot; None is missing."""
    table = np.array([[wh or (0, 0, 0) for wh in member] for member in members], dtype=np.int64)
    present = np.array([[wh is not None for wh in member] for member in members])
    names = tuple(f"m{row}" for row in range(len(members)))
    return MemberEnergy(names, T0, seconds, table[..., 0], table[..., 1], table[..., 2], present)


def report_of(energy: MemberEnergy, *bands: Band, past: MemberEnergy | None = None) -> Report:
    of_slots = np.array(bands or [Band.F1] * energy.slots)
    before = None if past is None else (past, np.zeros(past.slots, np.int64))
    return indicators_of(energy, of_slots, before, Conventions(co2_g_per_kwh=200))


@pytest.fixture(scope="module")
def year() -> MeasuredYear:
    return load_measured_year(Path(__file__).parents[3] / "data" / "fontana17")


# ---------------------------------------------------------------- refusals


def test_shared__quarter_hours_that_make_no_whole_hour__are_refused() -> None:
    five = np.ones((1, 5), np.int64)
    for start, seconds in ((T0, 900), (T0 + 900, 3600), (T0, 1000)):
        with pytest.raises(ValueError, match="not whole hours"):
            shared_per_hour(five, five, start, seconds)


def test_indicators__past_of_others__is_refused() -> None:
    energy = energy_of([(1, 0, 0)])
    with pytest.raises(ValueError, match="other members"):
        report_of(energy, past=replace(energy, members=("stranger",)))


def test_compare__stranger__is_refused() -> None:
    with pytest.raises(ValueError, match="not in list"):
        compare(report_of(energy_of([(1, 0, 0)])), "stranger")


# ---------------------------------------------------------------- by hand


def test_indicators__of_one_home__are_its_own_energy() -> None:
    """300 Wh from its own panels, 700 Wh from the grid in another hour, 100 Wh fed in."""
    found = report_of(energy_of([(0, 100, 400), (700, 0, 0)]), Band.F1, Band.F3).members[0]

    assert (found.consumed_wh, found.produced_wh, found.own_wh) == (1000, 400, 300)
    assert (found.withdrawn_wh, found.injected_wh, found.shared_wh) == (700, 100, None)
    assert (found.self_consumption_pct, found.self_sufficiency_pct) == (75.0, 30.0)
    assert found.load_factor_pct == pytest.approx(100 * 500 / 700)
    assert (found.band_wh, found.band_pct) == ((0, 0, 700), (0.0, 0.0, 100.0))
    assert found.co2_avoided_kg == pytest.approx(0.3 * 0.2)


def test_indicators__of_the_community__count_what_is_shared_too() -> None:
    report = report_of(energy_of([(0, 100, 400)], [(60, 0, 0)]))

    assert report.shared_wh == (60,)
    assert report.community.shared_wh == 60
    assert report.community.self_consumption_pct == 100 * 360 / 400
    assert report.community.self_sufficiency_pct == 100.0
    assert report.community.co2_avoided_kg == pytest.approx(0.36 * 0.2)


def test_indicators__quarter_hours__are_shared_within_the_hour() -> None:
    giver: list[Wh] = [(0, 80, 80), (0, 0, 0), (0, 0, 0), (0, 0, 0)]
    taker: list[Wh] = [(0, 0, 0), (0, 0, 0), (0, 0, 0), (50, 0, 0)]

    assert report_of(energy_of(giver, taker, seconds=900)).shared_wh == (50,)


def test_indicators__power__does_not_depend_on_the_length_of_slots() -> None:
    hourly = report_of(energy_of([(400, 0, 0)])).members[0]
    quarterly = report_of(energy_of([(100, 0, 0)] * 4, seconds=900)).members[0]

    assert hourly.peak_w == quarterly.peak_w == 400
    assert hourly.base_w == quarterly.base_w == 400


def test_indicators__peak_and_base__are_percentiles() -> None:
    found = report_of(energy_of([(wh, 0, 0) for wh in range(101)])).members[0]

    assert (found.base_w, found.peak_w) == (5, 95)


def test_indicators__nothing_used_or_produced__have_no_percentages() -> None:
    found = report_of(energy_of([(0, 0, 0)])).members[0]

    assert found.self_consumption_pct is None
    assert found.self_sufficiency_pct is None
    assert found.load_factor_pct is None
    assert found.band_pct is None


def test_indicators__missing_slots__are_counted_and_left_out_of_powers() -> None:
    report = report_of(energy_of([(100, 0, 0), None], [None, None]))

    assert [member.missing_slots for member in report.members] == [1, 2]
    assert report.members[0].load_factor_pct == 100
    assert report.members[1].peak_w == 0
    assert report.community.missing_slots == 2


def test_compare__with_a_past__sets_it_beside_now_and_the_median() -> None:
    now = energy_of([(0, 50, 100)], [(0, 0, 100)], [(30, 0, 0)])
    past = energy_of([(0, 80, 100)], [(0, 0, 0)], [(0, 0, 0)])
    found = {figure.name: figure for figure in compare(report_of(now, past=past), "m0")}["self_consumption_pct"]

    assert (found.value, found.past, found.community) == (50.0, 20.0, 75.0)


def test_compare__without_a_past__has_none() -> None:
    assert all(figure.past is None for figure in compare(report_of(energy_of([(1, 0, 0)])), "m0"))


# ---------------------------------------------------------------- the measured year


def test_shared__measured_year_in_the_files_decimals__is_17695_71_kwh(year: MeasuredYear) -> None:
    energy = year_energy(year, STANDARD_OFFSET_SECONDS)
    shared_dwh = shared_per_hour(year.withdrawn_dwh, year.injected_dwh, energy.start, energy.slot_seconds)

    assert len(shared_dwh) == 8760
    assert round(int(shared_dwh.sum()) / 10_000, 2) == 17_695.71


def test_indicators__measured_year_in_wh__share_17695_754_kwh(year: MeasuredYear) -> None:
    energy = year_energy(year, STANDARD_OFFSET_SECONDS)
    report = report_of(energy)

    assert report.community.shared_wh == sum(report.shared_wh) == 17_695_754
    assert len(report.members) == 17
    assert report.community.produced_wh == sum(member.produced_wh for member in report.members)
    assert report.community.missing_slots == 0
