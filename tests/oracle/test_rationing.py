"""Sharing out: exact at the extremes of 128-bit products, odd units in ascending order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle.rationing import AMOUNT_LIMIT, ration
from tests.oracle.clearing.brute_force import share


def rationed(parts: list[int], rest: int) -> list[int]:
    groups = np.zeros(len(parts), dtype=np.int64)
    shares: list[int] = ration(np.array(parts, dtype=np.int64), groups, np.array([rest], dtype=np.int64)).tolist()
    return shares


def by_hand(parts: list[int], rest: int) -> list[int]:
    return list(share(list(enumerate(parts)), rest).values())


def test_ration__more_to_share_than_wanted__is_refused() -> None:
    assert rationed([1, 2], 3) == [1, 2]
    with pytest.raises(ValueError, match="add up"):
        rationed([1, 2], 4)


def test_ration__parts_that_reach_2_60__are_refused() -> None:
    largest = AMOUNT_LIMIT - 2
    assert rationed([largest, 1], largest) == by_hand([largest, 1], largest)
    with pytest.raises(OverflowError, match="2⁶⁰"):
        rationed([largest, 2], 1)


amounts = st.one_of(st.integers(0, 9), st.integers(0, (1 << 40) - 1), st.integers(0, (1 << 56) - 1))


@given(st.lists(amounts, min_size=1, max_size=15), st.fractions(0, 1))
def test_ration__any_parts__equals_python_integers(parts: list[int], portion: object) -> None:
    rest = int(sum(parts) * portion)  # type: ignore[operator]
    if sum(parts):
        assert rationed(parts, rest) == by_hand(parts, rest)


@given(st.lists(st.tuples(st.integers(0, 2), amounts), max_size=20))
def test_ration__several_groups__are_shared_apart(parts: list[tuple[int, int]]) -> None:
    totals = [sum(part for group, part in parts if group == g) for g in range(3)]
    rests = [totals[0], totals[1] // 2, totals[2] // 3]
    groups, wanted = (np.array([p[i] for p in parts], dtype=np.int64) for i in range(2))
    shares = ration(wanted, groups, np.array(rests, dtype=np.int64))
    for g in range(3):
        own = [part for group, part in parts if group == g]
        if sum(own):
            assert shares[groups == g].tolist() == by_hand(own, rests[g])
