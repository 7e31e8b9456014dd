"""The division of an incentive, worked out by hand, against a slow reference, and what always holds."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commons.errors import InputError
from commons.units import MoneyUe
from oracle.incentive.rule import DEFAULT_RULE, divide, division_rule
from oracle.incentive.types import CENT_UE, Division
from tests.oracle.incentive import brute_force
from tests.oracle.incentive.brute_force import Reading
from tests.oracle.incentive.communities import T0, energy_of, wallet

SELLER: list[Reading] = [(0, 900)]
BUYERS: list[list[Reading]] = [[(400, 0)], [(200, 0)]]


def divided(members: list[list[Reading]], amount: int, seconds: int = 3600) -> Division:
    return divide(MoneyUe(amount), energy_of(members, seconds), division_rule(DEFAULT_RULE))


def cents(division: Division) -> list[int]:
    return [share.amount // CENT_UE for share in division.shares]


# ---------------------------------------------------------------- refusals


def test_rule__unknown_name__is_refused_with_those_known() -> None:
    with pytest.raises(InputError, match=r"no rule of division 'gse/1'.*shared-energy/1"):
        division_rule("gse/1")


def test_division__less_than_a_cent__is_refused() -> None:
    with pytest.raises(InputError, match="less than a cent"):
        divided([SELLER, *BUYERS], CENT_UE - 1)


@pytest.mark.parametrize("members", [[[(0, 900)]], [[(900, 0)]], [[(900, 0), (0, 900)]], [[None]]])
def test_division__nobody_shared__is_refused(members: list[list[Reading]]) -> None:
    with pytest.raises(InputError, match="nothing to divide the incentive by"):
        divided(members, CENT_UE)


def test_division__quarter_hours_that_make_no_hour__are_refused() -> None:
    with pytest.raises(ValueError, match="not whole hours"):
        divided([[(1, 1)] * 5], CENT_UE, 900)


# ---------------------------------------------------------------- by hand


def test_division__one_gives_two_take__counts_each_wh_on_both_sides() -> None:
    division = divided([SELLER, *BUYERS], 12 * CENT_UE)

    assert [share.weight for share in division.shares] == [600, 400, 200]
    assert cents(division) == [6, 4, 2]
    assert (division.start, division.end) == (T0, T0 + 3600)


def test_division__hour_with_too_little_production__shares_it_by_what_each_took() -> None:
    division = divided([[(0, 100)], [(300, 0)], [(100, 0)]], 200 * CENT_UE)

    assert [share.weight for share in division.shares] == [100, 75, 25]


def test_division__odd_wh_of_an_hour__goes_to_the_largest_remainder_then_the_lower_wallet() -> None:
    division = divided([[(1, 0)], [(1, 0)], [(1, 0)], [(0, 2)]], 100 * CENT_UE)

    assert [share.weight for share in division.shares] == [1, 1, 0, 2]


def test_division__odd_cents__go_to_the_largest_remainders() -> None:
    division = divided([SELLER, *BUYERS], 10 * CENT_UE)

    assert [(share.floor_cents, share.has_extra_cent) for share in division.shares] == [
        (5, False),
        (3, False),
        (1, True),
    ]
    assert division.extra_cents == 1


def test_division__part_of_a_cent__stays_undivided() -> None:
    division = divided([SELLER, *BUYERS], 12 * CENT_UE + 345)

    assert division.undivided == 345
    assert sum(share.amount for share in division.shares) == 12 * CENT_UE


def test_division__quarter_hours__are_added_up_to_the_hour_first() -> None:
    fed_first: list[Reading] = [(0, 400), (0, 0), (0, 0), (0, 0)]
    took_last: list[Reading] = [(0, 0), (0, 0), (0, 0), (300, 0)]

    assert [share.weight for share in divided([fed_first, took_last], CENT_UE, 900).shares] == [300, 300]


def test_division__missing_reading__counts_nothing_for_its_member_alone() -> None:
    seller: list[Reading] = [(0, 900), (0, 900)]
    division = divided([seller, [(400, 0), None], [(200, 0), (200, 0)]], CENT_UE)

    assert [share.weight for share in division.shares] == [800, 400, 400]


# ---------------------------------------------------------------- what always holds

READINGS = st.one_of(st.none(), st.tuples(st.integers(0, 30) | st.integers(0, 1 << 39), st.integers(0, 30)))
COMMUNITIES = st.integers(1, 4).flatmap(
    lambda hours: st.lists(st.lists(READINGS, min_size=4 * hours, max_size=4 * hours), min_size=1, max_size=6)
)


@given(COMMUNITIES, st.sampled_from([900, 3600]), st.integers(1, 10**9))
def test_division__any_community__equals_the_slow_reference(
    members: list[list[Reading]], seconds: int, amount: int
) -> None:
    slots_an_hour = 3600 // seconds
    assume(any(brute_force.counted(members, slots_an_hour)))
    division = divided(members, amount * CENT_UE, seconds)

    assert [share.weight for share in division.shares] == brute_force.counted(members, slots_an_hour)
    assert cents(division) == brute_force.cents(members, slots_an_hour, amount)


@given(COMMUNITIES, st.integers(1, 10**9), st.randoms(use_true_random=False))
def test_division__members_in_another_order__is_the_same(
    members: list[list[Reading]], amount: int, chance: Random
) -> None:
    assume(any(brute_force.counted(members, 1)))
    energy = energy_of(members)
    order = np.array(chance.sample(range(len(members)), len(members)))
    shuffled = replace(
        energy,
        members=tuple(wallet(int(row)) for row in order),
        withdrawn_wh=energy.withdrawn_wh[order],
        injected_wh=energy.injected_wh[order],
        produced_wh=energy.produced_wh[order],
        present=energy.present[order],
    )
    rule = division_rule(DEFAULT_RULE)

    assert (
        divide(MoneyUe(amount * CENT_UE), shuffled, rule).shares
        == divide(MoneyUe(amount * CENT_UE), energy, rule).shares
    )


@given(COMMUNITIES, st.integers(1, 10**9))
def test_division__any_community__pays_all_cents_and_each_within_one_of_its_exact_part(
    members: list[list[Reading]], amount: int
) -> None:
    assume(any(brute_force.counted(members, 1)))
    division = divided(members, amount * CENT_UE)

    assert sum(cents(division)) == amount
    assert sum(share.weight for share in division.shares) == division.total_weight
    for share in division.shares:
        assert abs(share.amount // CENT_UE * division.total_weight - amount * share.weight) < division.total_weight
        assert share.weight or not share.amount
