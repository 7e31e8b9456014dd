"""The synthetic day that sessions and gas are measured in."""

from commons.orders import bounds, require_valid
from commons.units import EpochSeconds, PriceUekwh
from scripts.bench.community import ESCROW
from scripts.bench.market_day import PLAN, SLOTS, day_orders, day_readings

RULES = PLAN.parameters(EpochSeconds(1_780_000_000))


def test_orders__of_a_member__are_the_same_in_every_run_and_another_member_has_others() -> None:
    assert day_orders(3) == day_orders(3)
    assert day_orders(3) != day_orders(5)


def test_orders__of_many_members__are_what_the_session_takes_and_their_escrow_covers() -> None:
    for member in range(200):
        orders = day_orders(member)
        require_valid(orders, RULES.order_rules)
        lock = bounds(orders, PriceUekwh(RULES.penalty_price), PriceUekwh(RULES.cap_price)).lock
        assert lock + RULES.deposit(lock) <= ESCROW


def test_orders__of_two_neighbours__face_each_other_in_every_slot() -> None:
    assert all(one.is_buy != other.is_buy for one, other in zip(day_orders(0), day_orders(1), strict=True))


def test_readings__of_every_tenth_member__fall_short_of_its_orders_by_half() -> None:
    orders = [day_orders(member) for member in range(20)]
    seen = day_readings(orders)
    assert seen.shape == (20, SLOTS)
    assert seen[10].tolist() == [order.quantity_wh // 2 for order in orders[10]]
    assert seen[11].tolist() == [order.quantity_wh for order in orders[11]]
