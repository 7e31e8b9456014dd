"""Largest remainder against Hamilton's method with fractions, and its properties."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle.largest_remainder import largest_remainder

BIG = 1 << 40


def shared_out(parts: list[int], rest: int) -> list[int]:
    column = np.array(parts, dtype=np.int64)[:, np.newaxis]
    return [int(share) for share in largest_remainder(column, np.array([rest], dtype=np.int64))[:, 0]]


def hamilton(parts: list[int], rest: int) -> list[int]:
    """One unit at a time: to whoever is furthest below its exact share once that is rounded down."""
    exact = [Fraction(rest * part, sum(parts)) for part in parts]
    shares = [share.numerator // share.denominator for share in exact]
    while sum(shares) < rest:
        behind = [quota - share for quota, share in zip(exact, shares, strict=True)]
        shares[behind.index(max(behind))] += 1
    return shares


@pytest.mark.parametrize(("parts", "rest"), [([0, 0], 1), ([-1, 2], 1), ([1, 2], -1)])
def test_sharing__nothing_to_share_by_or_negative__is_refused(parts: list[int], rest: int) -> None:
    with pytest.raises(ValueError, match=r"nothing to share it by|negative"):
        shared_out(parts, rest)


def test_sharing__equal_remainders__go_to_the_earlier() -> None:
    assert shared_out([1, 1, 1], 2) == [1, 1, 0]
    assert shared_out([5, 5, 5, 5], 6) == [2, 2, 1, 1]


def test_sharing__larger_remainder_later__comes_first() -> None:
    assert shared_out([1, 2], 1) == [0, 1]


def test_sharing__nothing__gives_nothing() -> None:
    assert shared_out([0, 0], 0) == [0, 0]
    assert shared_out([3, 4], 0) == [0, 0]


def test_sharing__columns__are_independent() -> None:
    parts = np.array([[1, 0, 7], [1, 5, 7], [1, 0, 7]], dtype=np.int64)

    assert largest_remainder(parts, np.array([4, 3, 22])).tolist() == [[2, 0, 8], [1, 3, 7], [1, 0, 7]]


@given(
    st.lists(st.integers(0, BIG) | st.integers(0, 5), min_size=1, max_size=12).filter(any),
    st.integers(0, BIG) | st.integers(0, 40),
)
def test_sharing__any_parts__equals_hamilton(parts: list[int], rest: int) -> None:
    shares = shared_out(parts, rest)

    assert shares == hamilton(parts, rest)
    assert sum(shares) == rest
