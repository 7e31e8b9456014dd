"""A prudent home seals valid orders, between what the grid pays and what it charges, the same on every run."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from commons.orders import Order, OrderRules, require_valid
from commons.units import EnergyWh, EpochSeconds, PriceUekwh
from scripts.demo.bidding import PrudentBidder
from scripts.demo.forecast import ExpectedDay
from scripts.demo.tariff import GridPrices

GRID = GridPrices(
    retail_uekwh=(PriceUekwh(260_000),) * 12 + (PriceUekwh(341_234),) * 12, feed_in_uekwh=PriceUekwh(91_111)
)
RULES = OrderRules(24, PriceUekwh(1), PriceUekwh(500_000), EnergyWh(10), 24)
BIDDER = PrudentBidder()

energies = st.lists(st.one_of(st.just(0), st.integers(0, 20_000)), min_size=24, max_size=24)


def day(withdrawn: list[int], injected: list[int], home_id: str = "H01") -> ExpectedDay:
    return ExpectedDay(home_id, EpochSeconds(0), tuple(map(EnergyWh, withdrawn)), tuple(map(EnergyWh, injected)))


def bids(expected: ExpectedDay, rules: OrderRules = RULES) -> tuple[Order, ...]:
    return BIDDER.orders(expected, GRID, rules)


def test_orders__nothing_expected__are_none() -> None:
    assert bids(day([0] * 24, [0] * 24)) == ()


def test_orders__below_the_smallest__are_left_out() -> None:
    withdrawn = [10, 11, *[0] * 22]  # 95 % of 10 Wh is 9, of 11 Wh is 10

    assert [order.slot for order in bids(day(withdrawn, [0] * 24))] == [1]


def test_orders__more_than_the_session_takes__are_the_largest_ones() -> None:
    orders = bids(day([100, 900, 500, *[0] * 20, 800], [0] * 24), replace(RULES, most_orders=2))

    assert [order.slot for order in orders] == [1, 23]


def test_orders__both_sides_expected__are_of_the_larger() -> None:
    withdrawn, injected = [1000, 400, *[0] * 22], [400, 1000, *[0] * 22]

    assert [order.is_buy for order in bids(day(withdrawn, injected))] == [True, False]


@given(withdrawn=energies, injected=energies, home=st.integers(1, 17))
def test_orders__any_expectation__are_valid_prudent_and_no_worse_than_the_grid(
    withdrawn: list[int], injected: list[int], home: int
) -> None:
    expected = day(withdrawn, injected, f"H{home:02d}")
    orders = bids(expected)

    assert orders == bids(expected)
    if orders:
        require_valid(orders, RULES)
    for order in orders:
        assert order.quantity_wh < (withdrawn if order.is_buy else injected)[order.slot]
        assert GRID.feed_in_uekwh <= order.limit_price <= GRID.retail_uekwh[order.slot]


def test_orders__floor_and_cap__bound_the_limits() -> None:
    tight = replace(RULES, floor_price=PriceUekwh(215_000), cap_price=PriceUekwh(215_001))
    orders = bids(day([1000] * 12 + [0] * 12, [0] * 12 + [1000] * 12), tight)

    assert {order.limit_price for order in orders} <= {215_000, 215_001}


def test_orders__the_same_need__differ_from_home_to_home() -> None:
    limits = {bids(day([1000] * 24, [0] * 24, f"H{home:02d}"))[0].limit_price for home in range(1, 18)}

    assert len(limits) > 5


def test_orders__the_larger_need__is_bid_for_keener() -> None:
    calm = PrudentBidder(mood_bps=0)
    buys = calm.orders(day([1000, 10_000, *[0] * 22], [0] * 24), GRID, RULES)
    sells = calm.orders(day([0] * 24, [1000, 10_000, *[0] * 22]), GRID, RULES)

    assert buys[1].limit_price > buys[0].limit_price
    assert sells[1].limit_price < sells[0].limit_price
