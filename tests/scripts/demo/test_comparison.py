"""What a home gains is the difference between two bills for the same energy."""

from dataclasses import replace

import pytest

from commons.units import EnergyWh, MoneyUe, PriceUekwh
from scripts.demo.comparison import compare
from scripts.demo.market_day import HomeDay
from scripts.demo.tariff import GridPrices

GRID = GridPrices(retail_uekwh=(PriceUekwh(300_000), PriceUekwh(260_000)), feed_in_uekwh=PriceUekwh(90_000))


def wh(*values: int) -> tuple[EnergyWh, ...]:
    return tuple(map(EnergyWh, values))


HOME = HomeDay("H01", "Casa Acacia", wh(1000, 500), wh(0, 2000), wh(0, 0), wh(0, 0), MoneyUe(0), MoneyUe(0), MoneyUe(0))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (replace(HOME, bought_wh=wh(1001, 0)), "H01 bought 1001 Wh in slot 0, of which the meter saw 1000 Wh"),
        (replace(HOME, sold_wh=wh(0, 2001)), "H01 sold 2001 Wh in slot 1"),
    ],
)
def test_compare__more_settled_than_metered__is_refused(changed: HomeDay, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        compare(changed, GRID)


def test_compare__nothing_traded__changes_nothing() -> None:
    result = compare(HOME, GRID)

    assert result.grid_alone_ue == result.with_market_ue == 300_000 + 130_000 - 180_000
    assert result.gain_ue == 0


def test_compare__bought_and_sold__gains_what_the_grid_did_not_take() -> None:
    traded = replace(
        HOME, bought_wh=wh(400, 0), sold_wh=wh(0, 1000), debit_ue=MoneyUe(80_000), credit_ue=MoneyUe(150_000)
    )

    result = compare(traded, GRID)

    assert result.with_market_ue == 180_000 + 130_000 - 90_000 + 80_000 - 150_000
    assert result.gain_ue == (120_000 - 80_000) + (150_000 - 90_000)


def test_compare__a_fine__makes_the_home_worse_off() -> None:
    assert compare(replace(HOME, penalty_ue=MoneyUe(7)), GRID).gain_ue == -7


def test_compare__odd_energies__round_the_grid_up_for_charges_and_down_for_payments() -> None:
    odd = replace(HOME, withdrawn_wh=wh(1, 0), injected_wh=wh(0, 1))
    grid = replace(GRID, retail_uekwh=(PriceUekwh(1_001), PriceUekwh(1_001)), feed_in_uekwh=PriceUekwh(1_999))

    assert compare(odd, grid).grid_alone_ue == 2 - 1
