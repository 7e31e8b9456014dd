"""A settled day of the demo community, as the story and the comparison with the grid need it."""

from dataclasses import dataclass
from datetime import date

from commons.units import EnergyWh, EpochSeconds, MoneyUe, PriceUekwh
from scripts.demo.tariff import GridPrices


@dataclass(frozen=True)
class SlotTrade:
    """What was traded in a slot: the energy promised at the price, and the part that the meters confirmed.

    `price_uekwh` is None where nothing was traded.
    """

    start: EpochSeconds
    price_uekwh: PriceUekwh | None
    promised_wh: EnergyWh
    delivered_wh: EnergyWh


@dataclass(frozen=True)
class HomeDay:
    """What a home metered per slot, how much of it was settled in the market, and for how much money.

    `bought_wh` and `sold_wh` are the settled (scaled) energies, never more than the meter saw.
    """

    home_id: str
    label: str
    withdrawn_wh: tuple[EnergyWh, ...]
    injected_wh: tuple[EnergyWh, ...]
    bought_wh: tuple[EnergyWh, ...]
    sold_wh: tuple[EnergyWh, ...]
    debit_ue: MoneyUe
    credit_ue: MoneyUe
    penalty_ue: MoneyUe


@dataclass(frozen=True)
class MarketDay:
    """All homes and slots of one session, with what the grid would have charged and paid."""

    community: str
    session_id: int
    day: date
    slots: tuple[SlotTrade, ...]
    homes: tuple[HomeDay, ...]
    grid: GridPrices
