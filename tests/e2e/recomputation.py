"""A demo day computed again off the chain: the homes' bids cleared and settled by the slow reference rules."""

from dataclasses import dataclass
from datetime import date

from commons.orders import Order
from commons.settings import settings
from commons.units import EpochSeconds
from oracle.measurement.replay import standard_day_start
from scripts.demo.bidding import PrudentBidder
from scripts.demo.calendar import MAIN_JOB, grid_prices, parameters_for
from scripts.demo.fontana import Homes
from scripts.demo.forecast import forecast
from tests.oracle.clearing.brute_force import Bid, clear_slot
from tests.oracle.settlement.brute_force import Fill, settle


@dataclass(frozen=True)
class Recomputed:
    """Per slot price (None without a trade), promised and delivered Wh; per home (debit, credit, penalty) in µ€."""

    prices: list[int | None]
    promised: list[int]
    delivered: list[int]
    money: dict[str, tuple[int, int, int]]


def recompute(day: date) -> Recomputed:
    """The day as it must have come out."""
    homes = Homes.load(settings().data_dir)
    rules = parameters_for(day, MAIN_JOB, EpochSeconds(standard_day_start(day) - MAIN_JOB.lead_s))
    expected = forecast(homes.source, homes.exchange_points, day)
    names = [member.home.home_id for member in homes.members.values()]
    orders: list[tuple[int, Order]] = []
    for row, member in enumerate(homes.members.values()):
        mine = PrudentBidder().orders(
            expected.of(member.point_id, member.home.home_id), grid_prices(rules), rules.order_rules
        )
        orders += [(row, order) for order in mine]
    cleared = [
        clear_slot(
            [
                Bid(index, order.is_buy, order.quantity_wh, order.limit_price)
                for index, (_, order) in enumerate(orders)
                if order.slot == slot
            ]
        )
        for slot in range(rules.slot_count)
    ]
    firsts: dict[int, int] = {}
    for index, (row, _) in enumerate(orders):
        firsts.setdefault(row, index)
    fills = [
        Fill(row, firsts[row], order.slot, order.is_buy, cleared[order.slot].fills[index])
        for index, (row, order) in enumerate(orders)
    ]
    metered = homes.source.readings(homes.exchange_points, rules.delivery_start, rules.delivery_end)
    readings = {
        (row, slot): (int(metered.withdrawn_wh[row, slot]), int(metered.injected_wh[row, slot]))
        for row in range(len(names))
        for slot in range(rules.slot_count)
    }
    settled = settle(
        fills,
        readings,
        [slot.price or 0 for slot in cleared],
        rules.penalty_price,
        rules.tolerance_bps,
        rules.missing_allowance,
    )
    money = {names[row]: figures for row, figures in settled.members.items()}
    return Recomputed([slot.price for slot in cleared], [slot.volume for slot in cleared], settled.settled, money)
