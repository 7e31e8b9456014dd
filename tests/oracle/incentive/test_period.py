"""Days of several lengths of slots, with members that come and go, as one table of hours."""

from dataclasses import replace

import numpy as np
import pytest

from commons.units import MoneyUe
from oracle.incentive.period import joined
from oracle.incentive.rule import DEFAULT_RULE, divide, division_rule
from oracle.measurement.member_energy import MemberEnergy
from tests.oracle.incentive.communities import T0, energy_of, wallet


def day(*members: list[tuple[int, int] | None], first: int = 0, at: int = 0, seconds: int = 3600) -> MemberEnergy:
    """Tables of 2 hours; members from wallet `first` on, starting `at` hours after the first."""
    energy = energy_of(list(members), seconds)
    names = tuple(wallet(first + number) for number in range(len(members)))
    return replace(energy, members=names, start=T0 + at * 3600)


def test_joined__no_days_or_a_gap_between__is_refused() -> None:
    one = day([(1, 0), (2, 0)])
    with pytest.raises(ValueError, match="do not follow"):
        joined([])
    with pytest.raises(ValueError, match="do not follow"):
        joined([[one], [day([(1, 0), (2, 0)], at=3)]])


def test_joined__tables_of_a_day_that_cover_other_times__are_refused() -> None:
    with pytest.raises(ValueError, match="2 different times"):
        joined([[day([(1, 0), (2, 0)]), day([(1, 0)])]])


def test_joined__members_that_come_and_go__count_only_their_days() -> None:
    found = joined([[day([(1, 0), (2, 0)])], [day([(3, 4), None], first=1, at=2)]])

    assert found.members == (wallet(0), wallet(1))
    assert found.withdrawn_wh.tolist() == [[1, 2, 0, 0], [0, 0, 3, 0]]
    assert found.injected_wh.tolist() == [[0, 0, 0, 0], [0, 0, 4, 0]]
    assert found.present.tolist() == [[True, True, False, False], [False, False, True, False]]
    assert (found.start, found.slot_seconds, found.slots) == (T0, 3600, 4)


def test_joined__quarter_hours_beside_hours__are_added_up() -> None:
    quarters = day([(1, 0)] * 4 + [None] + [(5, 1)] * 3, seconds=900)
    hours = day([(10, 0), (20, 0)])
    other = day([(7, 7), (7, 7)], first=1)

    found = joined([[quarters, hours, other]])
    assert found.withdrawn_wh.tolist() == [[14, 35], [7, 7]]
    assert found.injected_wh.tolist() == [[0, 3], [7, 7]]


def test_joined__then_divided__is_the_same_as_the_hours_alone() -> None:
    first, second = day([(0, 900), (0, 0)], [(400, 0), (5, 0)]), day([(0, 10), (0, 9)], [(4, 0), (5, 0)], at=2)
    both = replace(
        first,
        withdrawn_wh=np.hstack([first.withdrawn_wh, second.withdrawn_wh]),
        injected_wh=np.hstack([first.injected_wh, second.injected_wh]),
        produced_wh=np.hstack([first.produced_wh, second.produced_wh]),
        present=np.hstack([first.present, second.present]),
    )
    rule = division_rule(DEFAULT_RULE)

    found = divide(MoneyUe(10**7), joined([[first], [second]]), rule)
    assert found.shares == divide(MoneyUe(10**7), both, rule).shares
