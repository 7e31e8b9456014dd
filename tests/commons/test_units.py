"""Units round as the design says, exactly, at any size."""

from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.errors import UnitError
from commons.units import (
    EnergyWh,
    MoneyUe,
    PriceUekwh,
    euro_down,
    euro_up,
    show_eur,
    show_eur_kwh,
    show_kwh,
    wh_from_kwh,
)


@pytest.mark.parametrize("figure", ["", "1,5", "NaN", "Infinity", "12 kWh", 0.1])
def test_wh_from_kwh__no_exact_decimal__is_refused(figure: Any) -> None:
    with pytest.raises(UnitError):
        wh_from_kwh(figure)


@pytest.mark.parametrize(
    ("kwh", "wh"),
    [("0.0005", 0), ("0.0015", 2), ("0.0025", 2), ("0.00250000001", 3), ("-0.0015", -2), ("1e3", 1_000_000), (3, 3000)],
)
def test_wh_from_kwh__halves__round_to_even(kwh: str | int, wh: int) -> None:
    assert wh_from_kwh(kwh) == wh


@given(st.integers(0, 1 << 60), st.integers(0, 1 << 40))
def test_euro__any_size__is_exact_and_rounds_its_way(energy: int, price: int) -> None:
    exact = Fraction(energy * price, 1000)
    assert euro_up(EnergyWh(energy), PriceUekwh(price)) == ceil(exact)
    assert euro_down(EnergyWh(energy), PriceUekwh(price)) == floor(exact)


def test_show__for_people__is_exact() -> None:
    assert show_kwh(EnergyWh(-1_234_567)) == "-1,234.567 kWh"
    assert show_eur_kwh(PriceUekwh(150_000)) == "0.15 €/kWh"
    assert show_eur(MoneyUe(-1_002_500)) == "-1.0025 €"
    assert show_eur(MoneyUe(12_000_000)) == "12.00 €"
