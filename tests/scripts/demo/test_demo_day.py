"""Real days from forecast to bill, off the chain: the default strategy makes a market worth having."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from commons.addresses import Address, address_bytes
from commons.orders import Order, OrderRules, require_valid
from commons.units import BasisPoints, EnergyWh, PriceUekwh, SessionId
from oracle.clearing.outcome import outcome_of
from oracle.clearing.types import Book
from oracle.measurement.measured_year import load_measured_year
from oracle.measurement.points import point_id
from oracle.measurement.replay import DAY_SLOTS, SLOT_SECONDS, ReplaySource
from oracle.measurement.types import Point, PointKind
from oracle.settlement.readings import readings_of
from oracle.settlement.rule import count, settle
from oracle.settlement.types import SettlementRules, fills_of
from scripts.demo.assemble import DemoMember, SettledSession, market_day
from scripts.demo.bidding import PrudentBidder
from scripts.demo.comparison import compare
from scripts.demo.forecast import Forecast, forecast
from scripts.demo.households import households, replay_meters
from scripts.demo.market_day import MarketDay
from scripts.demo.tariff import DEMO_TARIFF, GridPrices

YEAR = load_measured_year(Path(__file__).parents[3] / "data" / "fontana17")
HOMES = households(YEAR)
SESSION = SessionId(1)
ORDER_RULES = OrderRules(DAY_SLOTS, PriceUekwh(1), PriceUekwh(500_000), EnergyWh(10), DAY_SLOTS)
SETTLEMENT_RULES = SettlementRules(SESSION, PriceUekwh(20_000), BasisPoints(2_000), 1)
FAIR_DAYS = (date(2026, 9, 16), date(2026, 10, 23), date(2027, 2, 11), date(2027, 6, 2), date(2027, 7, 9))
STORMY_SUNDAY = date(2026, 11, 29)


def salt_of(pod: str) -> bytes:
    return pod.encode().ljust(32, b"\0")


SOURCE = ReplaySource(YEAR, replay_meters(HOMES, salt_of))
MEMBERS = {
    wallet: DemoMember(home, wallet, point_id(salt_of(home.pod), home.pod))
    for home in HOMES
    if (wallet := Address(f"0x{home.home_id[1:]:0>40}"))
}
POINTS = [Point(member.point_id, member.wallet, PointKind.EXCHANGE) for member in MEMBERS.values()]


@dataclass(frozen=True)
class Played:
    expected: Forecast
    market: MarketDay

    @property
    def gains_ue(self) -> list[int]:
        return [compare(home, self.market.grid).gain_ue for home in self.market.homes]


def sealed(expected: Forecast, grid: GridPrices) -> list[tuple[Address, Order]]:
    orders = []
    for wallet, member in MEMBERS.items():
        mine = PrudentBidder().orders(expected.of(member.point_id, member.home.home_id), grid, ORDER_RULES)
        require_valid(mine, ORDER_RULES)
        orders += [(wallet, order) for order in mine]
    return orders


def book_of(orders: list[tuple[Address, Order]]) -> Book:
    return Book(
        index=np.arange(len(orders), dtype=np.uint32),
        trader=np.array([list(address_bytes(wallet)) for wallet, _ in orders], np.uint8),
        slot=np.array([order.slot for _, order in orders], np.uint16),
        is_buy=np.array([order.is_buy for _, order in orders]),
        quantity=np.array([order.quantity_wh for _, order in orders], np.int64),
        limit=np.array([order.limit_price for _, order in orders], np.int64),
    )


def play(day: date) -> Played:
    expected = forecast(SOURCE, [point.point_id for point in POINTS], day)
    end = expected.start + DAY_SLOTS * SLOT_SECONDS
    grid = DEMO_TARIFF.over(range(expected.start, end, SLOT_SECONDS))
    book = book_of(sealed(expected, grid))
    outcome = outcome_of(book, DAY_SLOTS)
    fills = fills_of(book, outcome.filled, DAY_SLOTS)
    metered = SOURCE.readings(expected.point_ids, expected.start, end)
    counted = count(fills, readings_of(fills.traders, POINTS, metered), SETTLEMENT_RULES.missing_allowance)
    settlement = settle(counted, [slot.price or 0 for slot in outcome.slots], SETTLEMENT_RULES)
    settled = SettledSession(SESSION, outcome, fills, settlement)
    return Played(expected, market_day("Fontana", day, MEMBERS, settled, metered, grid))


@pytest.fixture(scope="module", params=FAIR_DAYS, ids=str)
def fair(request: pytest.FixtureRequest) -> Played:
    return play(request.param)


def test_fair_day__of_what_could_be_shared__at_least_sixty_percent_is_traded(fair: Played) -> None:
    shareable_wh = np.minimum(fair.expected.withdrawn_wh.sum(axis=0), fair.expected.injected_wh.sum(axis=0)).sum()
    promised_wh = sum(slot.promised_wh for slot in fair.market.slots)

    assert promised_wh * 10 >= shareable_wh * 6


def test_fair_day__most_homes__gain_and_fines_stay_small(fair: Played) -> None:
    fined_ue = sum(home.penalty_ue for home in fair.market.homes)

    assert sum(gain > 0 for gain in fair.gains_ue) >= 15
    assert fined_ue * 5 < sum(fair.gains_ue)


def test_fair_day__energy_and_money__are_conserved(fair: Played) -> None:
    homes = fair.market.homes
    for slot, trade in enumerate(fair.market.slots):
        assert sum(home.bought_wh[slot] for home in homes) == trade.delivered_wh
        assert sum(home.sold_wh[slot] for home in homes) == trade.delivered_wh
    surplus_ue = sum(home.debit_ue for home in homes) - sum(home.credit_ue for home in homes)
    assert 0 <= surplus_ue < len(homes) * DAY_SLOTS


def test_fair_day__prices__follow_scarcity_within_the_grids_gap(fair: Played) -> None:
    grid = fair.market.grid
    trades = [slot for slot in fair.market.slots if slot.price_uekwh is not None]
    prices = [slot.price_uekwh or 0 for slot in trades]
    expected_noon = max(range(DAY_SLOTS), key=lambda slot: int(fair.expected.injected_wh[:, slot].sum()))

    assert grid.feed_in_uekwh <= min(prices) < max(prices) <= max(grid.retail_uekwh)
    assert (fair.market.slots[expected_noon].price_uekwh or 0) < sum(prices) / len(prices)


def test_night__nobody_injects__nothing_is_traded(fair: Played) -> None:
    assert all(fair.market.slots[hour].price_uekwh is None for hour in (0, 1, 2, 3, 22, 23))


def test_storm__nothing_to_deliver__costs_fines_only() -> None:
    played = play(STORMY_SUNDAY)

    assert sum(slot.delivered_wh for slot in played.market.slots) < 1000
    assert -1_000_000 < sum(played.gains_ue) < 0


def test_play__twice__is_the_same_to_the_last_unit() -> None:
    assert play(FAIR_DAYS[0]).market == play(FAIR_DAYS[0]).market
