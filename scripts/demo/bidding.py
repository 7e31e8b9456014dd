"""How a home bids. Replace `PrudentBidder` by anything that satisfies `Bidder`."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from commons.orders import Order, OrderRules
from commons.units import BPS, EnergyWh, PriceUekwh, SlotIndex
from scripts.demo.forecast import ExpectedDay
from scripts.demo.tariff import GridPrices

_CENT_UEKWH = 10_000


class Bidder(Protocol):
    """Turns what a home expects into the orders it seals."""

    def orders(self, expected: ExpectedDay, grid: GridPrices, rules: OrderRules) -> tuple[Order, ...]:
        """Orders by ascending slot, one side per slot, valid under the session's rules; none if it stays away."""
        ...


@dataclass(frozen=True)
class PrudentBidder:
    """Bids a fraction of what the home expects, at a price between what the grid pays and what it charges.

    Only a fraction, because energy that is sold and not injected, or bought and not withdrawn, is fined; less of an
    injection, which hangs on the weather. The price, in whole cents, divides the gap between feed-in and retail price
    by a share in bps that adds up

    - the home's character: anywhere in `buyers_bps` or `sellers_bps`;
    - its mood in this slot of this day: up to `mood_bps`;
    - its need: a buyer bids up to `need_bps` higher, a seller lower, the closer the slot comes to its day's largest.

    Character and mood come from hashes: they differ from home to home and are the same on every run.
    """

    buy_fraction_bps: int = 9_500
    sell_fraction_bps: int = 7_500
    buyers_bps: tuple[int, int] = (3_500, 6_000)
    sellers_bps: tuple[int, int] = (0, 2_500)
    mood_bps: int = 3_000
    need_bps: int = 1_000

    def orders(self, expected: ExpectedDay, grid: GridPrices, rules: OrderRules) -> tuple[Order, ...]:
        """See `Bidder`. The side of a slot is that of the larger expectation."""
        orders = []
        for slot, retail in enumerate(grid.retail_uekwh):
            withdrawn, injected = expected.withdrawn_wh[slot], expected.injected_wh[slot]
            is_buy = withdrawn > injected
            fraction = self.buy_fraction_bps if is_buy else self.sell_fraction_bps
            quantity = EnergyWh(max(withdrawn, injected) * fraction // BPS)
            if quantity >= max(1, rules.smallest_order_wh):
                share = self._share_bps(expected, SlotIndex(slot), is_buy)
                price = grid.feed_in_uekwh + (retail - grid.feed_in_uekwh) * share // BPS
                orders.append(Order(SlotIndex(slot), is_buy, quantity, _limit(price, is_buy, rules)))
        return _largest(orders, rules.most_orders)

    def _share_bps(self, expected: ExpectedDay, slot: SlotIndex, is_buy: bool) -> int:
        """Which share of the gap above the feed-in price the home puts its limit at."""
        side, span = ("buy", self.buyers_bps) if is_buy else ("sell", self.sellers_bps)
        flow = expected.withdrawn_wh if is_buy else expected.injected_wh
        need = self.need_bps * flow[slot] // max(flow)
        character = _drawn(f"{expected.home_id}|{side}", span)
        mood = _drawn(f"{expected.home_id}|{side}|{expected.start}|{slot}", (0, self.mood_bps))
        return character + mood + (need if is_buy else self.need_bps - need)


def _drawn(seed: str, span: tuple[int, int]) -> int:
    """A number of the span, ends included, that the seed alone decides."""
    low, high = span
    return low + int.from_bytes(sha256(seed.encode()).digest()[:8], "big") % (high - low + 1)


def _limit(price: int, is_buy: bool, rules: OrderRules) -> PriceUekwh:
    """The price in whole cents, as people bid, rounded in the home's favour and moved inside the session's range."""
    cents = price // _CENT_UEKWH if is_buy else -(-price // _CENT_UEKWH)
    return PriceUekwh(min(max(cents * _CENT_UEKWH, rules.floor_price, 1), rules.cap_price))


def _largest(orders: list[Order], most: int) -> tuple[Order, ...]:
    """The largest orders, if there are too many, still by ascending slot."""
    kept = sorted(orders, key=lambda order: (-order.quantity_wh, order.slot))[:most]
    return tuple(sorted(kept, key=lambda order: order.slot))
