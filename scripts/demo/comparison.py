"""What the market was good for: each home's bill with it, against the grid alone, for the same metered energy."""

from collections.abc import Sequence
from dataclasses import dataclass

from commons.units import EnergyWh, MoneyUe, euro_down, euro_up
from scripts.demo.market_day import HomeDay
from scripts.demo.tariff import GridPrices


@dataclass(frozen=True)
class Comparison:
    """A home's bill both ways, µ€; a positive bill is paid, a negative one received."""

    home_id: str
    grid_alone_ue: MoneyUe
    with_market_ue: MoneyUe

    @property
    def gain_ue(self) -> MoneyUe:
        """How much better off the home is with the market; negative if it is worse off."""
        return MoneyUe(self.grid_alone_ue - self.with_market_ue)


def compare(home: HomeDay, grid: GridPrices) -> Comparison:
    """The grid's bill for all that the meter saw, against its bill for the rest plus what the market took and gave.

    The grid's charges round up and its payments down, slot by slot, to whole µ€. Raises `ValueError` if more was
    settled than metered.
    """
    rest_withdrawn = _rest(home, "bought", home.withdrawn_wh, home.bought_wh)
    rest_injected = _rest(home, "sold", home.injected_wh, home.sold_wh)
    market_ue = home.debit_ue + home.penalty_ue - home.credit_ue
    return Comparison(
        home_id=home.home_id,
        grid_alone_ue=_grid_bill(home.withdrawn_wh, home.injected_wh, grid),
        with_market_ue=MoneyUe(_grid_bill(rest_withdrawn, rest_injected, grid) + market_ue),
    )


def _grid_bill(withdrawn_wh: Sequence[EnergyWh], injected_wh: Sequence[EnergyWh], grid: GridPrices) -> MoneyUe:
    charged = sum(euro_up(wh, retail) for wh, retail in zip(withdrawn_wh, grid.retail_uekwh, strict=True))
    paid = sum(euro_down(wh, grid.feed_in_uekwh) for wh in injected_wh)
    return MoneyUe(charged - paid)


def _rest(
    home: HomeDay, what: str, metered_wh: Sequence[EnergyWh], settled_wh: Sequence[EnergyWh]
) -> tuple[EnergyWh, ...]:
    """What was metered and not settled in the market, per slot."""
    rest = tuple(EnergyWh(metered - settled) for metered, settled in zip(metered_wh, settled_wh, strict=True))
    if min(rest, default=0) < 0:
        slot = next(slot for slot, wh in enumerate(rest) if wh < 0)
        raise ValueError(
            f"{home.home_id} {what} {settled_wh[slot]} Wh in slot {slot}, of which the meter saw {metered_wh[slot]} Wh"
        )
    return rest
