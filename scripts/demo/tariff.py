"""What the grid charges and pays in the demo: the yardstick that the market has to beat.

Figures of the size a household in Italy knows, all included: a retail price by the hour bands F1, F2, F3, and a
buy-back price for what is fed in. Energy traded inside the community is taken to replace both; a real community also
owes network charges on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from commons.slots import LOCAL_ZONE
from commons.units import PriceUekwh

_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True)
class GridTariff:
    """Retail prices by hour band, and the price for energy fed in; µ€/kWh."""

    f1_uekwh: PriceUekwh
    f2_uekwh: PriceUekwh
    f3_uekwh: PriceUekwh
    feed_in_uekwh: PriceUekwh

    def retail_uekwh(self, when: int) -> PriceUekwh:
        """What the grid charges at an epoch second.

        F1 is Monday to Friday 8–19, F2 Monday to Friday 7–8 and 19–23 and Saturday 7–23, F3 all else, in civil time;
        public holidays are not told from other days.
        """
        local = datetime.fromtimestamp(when, LOCAL_ZONE)
        if local.weekday() == _SUNDAY or not 7 <= local.hour < 23:
            return self.f3_uekwh
        if local.weekday() != _SATURDAY and 8 <= local.hour < 19:
            return self.f1_uekwh
        return self.f2_uekwh

    def over(self, slot_starts: Iterable[int]) -> "GridPrices":
        """The tariff laid over slots."""
        return GridPrices(tuple(self.retail_uekwh(start) for start in slot_starts), self.feed_in_uekwh)


@dataclass(frozen=True)
class GridPrices:
    """The tariff of each slot of a session; µ€/kWh."""

    retail_uekwh: tuple[PriceUekwh, ...]
    feed_in_uekwh: PriceUekwh


DEMO_TARIFF = GridTariff(
    f1_uekwh=PriceUekwh(340_000),
    f2_uekwh=PriceUekwh(300_000),
    f3_uekwh=PriceUekwh(260_000),
    feed_in_uekwh=PriceUekwh(90_000),
)
