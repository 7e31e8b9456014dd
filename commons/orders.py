"""Orders of a session: what one is, which ones a session takes, their commitment, and the most they can cost.

The encodings are those of `Marketplace`: `Order {uint16 slot; bool isBuy; uint64 quantityWh; uint64 limitPrice}`.
Source: DESIGN.md section 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from eth_abi.abi import encode

from commons.addresses import Address
from commons.errors import MalformedOrders
from commons.keccak import keccak256
from commons.units import (
    PRICE_LIMIT,
    QUANTITY_LIMIT,
    EnergyWh,
    MoneyUe,
    PriceUekwh,
    SessionId,
    SlotIndex,
    euro_up,
)

ORDERS_TYPE = "(uint16,bool,uint64,uint64)[]"
SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Order:
    """A bid or an ask for one slot: at most `quantity_wh`, at `limit_price` (µ€/kWh) or better."""

    slot: SlotIndex
    is_buy: bool
    quantity_wh: EnergyWh
    limit_price: PriceUekwh


@dataclass(frozen=True, slots=True)
class OrderRules:
    """What a session asks of a trader's orders; prices in µ€/kWh, `smallest_order_wh` in Wh."""

    slot_count: int
    floor_price: PriceUekwh
    cap_price: PriceUekwh
    smallest_order_wh: EnergyWh
    most_orders: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most a trader's orders can come to, each order rounded up by itself; µ€.

    `lock` is what stays locked from reveal to settlement: debit and penalty together. Credits are not locked.
    """

    max_debit: MoneyUe
    max_penalty: MoneyUe
    max_credit: MoneyUe

    @property
    def lock(self) -> MoneyUe:
        """The worst case of what the trader owes."""
        return MoneyUe(self.max_debit + self.max_penalty)


def require_valid(orders: Sequence[Order], rules: OrderRules) -> None:
    """Refuse orders that the contract would refuse at reveal.

    Raises:
        MalformedOrders: naming the first order at fault (counted from 1), its figure, and the figure required.
    """
    if not orders:
        raise MalformedOrders("there is no order", remedy="Commit at least one.")
    if len(orders) > rules.most_orders:
        raise MalformedOrders(
            f"there are {len(orders)} orders, and the session takes {rules.most_orders} per member",
            remedy="Merge or leave out some.",
        )
    for place, order in enumerate(orders):
        _require_valid_order(place, order, rules)
        if place:
            _require_in_sequence(place, orders[place - 1], order)


def _require_valid_order(place: int, order: Order, rules: OrderRules) -> None:
    if not 0 <= order.slot < rules.slot_count:
        last = rules.slot_count - 1
        raise _malformed(place, f"slot {order.slot} is not in the session", f"Use a slot from 0 to {last}.")
    if order.quantity_wh < max(1, rules.smallest_order_wh):
        least = max(1, rules.smallest_order_wh)
        raise _malformed(
            place,
            f"quantity {order.quantity_wh} Wh is below the smallest order of {least} Wh",
            "Quantities are in Wh: 1 kWh is 1000.",
        )
    if order.quantity_wh >= QUANTITY_LIMIT:
        raise _malformed(place, f"quantity {order.quantity_wh} Wh is not below 2⁴⁰", "Quantities are in Wh.")
    least_price, most_price = max(1, rules.floor_price), min(rules.cap_price, PRICE_LIMIT - 1)
    if not least_price <= order.limit_price <= most_price:
        raise _malformed(
            place,
            f"limit price {order.limit_price} µ€/kWh is outside {least_price} to {most_price}",
            "Prices are in µ€/kWh: 0.15 €/kWh is 150000.",
        )


def _require_in_sequence(place: int, before: Order, order: Order) -> None:
    if order.slot < before.slot:
        raise _malformed(place, f"slot {order.slot} comes after slot {before.slot}", "Sort the orders by slot.")
    if order.slot == before.slot and order.is_buy != before.is_buy:
        raise _malformed(place, f"slot {order.slot} has orders on both sides", "Either buy or sell in a slot.")


def _malformed(place: int, what: str, remedy: str) -> MalformedOrders:
    return MalformedOrders(f"order {place + 1}: {what}", remedy=remedy)


def bounds(orders: Sequence[Order], penalty_price: PriceUekwh, cap_price: PriceUekwh) -> Bounds:
    """The most that `orders` can cost and bring, summed over orders that are rounded up one by one."""
    return Bounds(
        max_debit=MoneyUe(sum(euro_up(o.quantity_wh, o.limit_price) for o in orders if o.is_buy)),
        max_penalty=MoneyUe(sum(euro_up(o.quantity_wh, penalty_price) for o in orders)),
        max_credit=MoneyUe(sum(euro_up(o.quantity_wh, cap_price) for o in orders if not o.is_buy)),
    )


def commitment(
    chain_id: int,
    marketplace: Address,
    session_id: SessionId,
    trader: Address,
    orders: Sequence[Order],
    salt: bytes,
) -> bytes:
    """What a trader commits to: `keccak256(abi.encode(chainid, marketplace, sessionId, trader, orders, salt))`.

    The orders' fields must fit their types, which `require_valid` sees to; `salt` is 32 bytes.
    """
    types = ["uint256", "address", "uint256", "address", ORDERS_TYPE, "bytes32"]
    return keccak256(encode(types, [chain_id, marketplace, session_id, trader, _tuples(orders), salt]))


def orders_hash(orders: Sequence[Order]) -> bytes:
    """What the contract keeps of revealed orders: `keccak256(abi.encode(orders))`."""
    return keccak256(encode([ORDERS_TYPE], [_tuples(orders)]))


def _tuples(orders: Sequence[Order]) -> list[tuple[int, bool, int, int]]:
    return [(o.slot, o.is_buy, o.quantity_wh, o.limit_price) for o in orders]
