"""The history of peaks comes from the readings of 60 days, the latest first."""

from dataclasses import replace

import pytest

from oracle.measurement.member_energy import MemberEnergy
from oracle.rewards.no_peaks import peak_history
from tests.oracle.rewards.communities import energy_of

WORKING = [day % 7 < 5 for day in range(60)]


def days() -> list[MemberEnergy]:
    return [energy_of([[(day, 0, 0), (5, 0, 9)], [(7, 0, 0), None if day == 3 else (1, 0, 0)]]) for day in range(60)]


def test_history__of_other_members_or_slots__is_refused() -> None:
    with pytest.raises(ValueError, match="other members"):
        peak_history([*days()[:59], energy_of([[(0, 0, 0)]])], WORKING)
    with pytest.raises(ValueError, match="another length"):
        peak_history([*days()[:59], replace(days()[59], slot_seconds=3600)], WORKING)


def test_history__of_fewer_days__is_refused() -> None:
    with pytest.raises(ValueError, match="not 59"):
        peak_history(days()[:59], WORKING)


def test_history__of_days__has_peaks_and_what_is_complete() -> None:
    history = peak_history(iter(days()), iter(WORKING))

    assert history.peak_wh[0].tolist() == [max(day, 5) for day in range(60)]
    assert history.peak_wh[1].tolist() == [7] * 60
    assert history.complete[0].all()
    assert [day for day in range(60) if not history.complete[1, day]] == [3]
    assert history.is_working.tolist() == WORKING
