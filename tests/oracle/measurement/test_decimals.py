"""Decimal text becomes integers exactly, or not at all."""

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle.measurement.decimals import divide_half_even, scaled_integers


@pytest.mark.parametrize("text", ["", ".5", "-1.0", "1e3", "1.2.3", "1.23456", "nan", " 1", "1,5", "+1"])
def test_scaled_integers__not_a_plain_decimal__is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="plain decimal"):
        scaled_integers(np.array(["1.0", text]), 4)


def test_scaled_integers__up_to_four_decimals__are_exact() -> None:
    texts = np.array([["2.2758", "0.0"], ["3", "0.1"], ["8.846", "10."]])

    assert scaled_integers(texts, 4).tolist() == [[22758, 0], [30000, 1000], [88460, 100000]]


@given(st.lists(st.integers(0, 10**9), min_size=1))
def test_divide_half_even__any_values__round_as_decimal_does(values: list[int]) -> None:
    expected = [int((Decimal(value) / 10).quantize(Decimal(1), ROUND_HALF_EVEN)) for value in values]

    assert divide_half_even(np.array(values), 10).tolist() == expected
