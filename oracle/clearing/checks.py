"""What the contract refuses to let be posted, as a pure function: for whoever posts, watches or audits.

Source: DESIGN.md section 7, "Posting is refused on chain unless".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commons.units import PriceUekwh
from oracle.clearing.types import MOST_ORDERS_PER_SLOT, NO_ROOT, NO_SUMS, NO_WITNESS, SlotResult


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that a posted result may not say; `slot` is None where it concerns the session."""

    slot: int | None
    what: str

    def __str__(self) -> str:
        return self.what if self.slot is None else f"slot {self.slot}: {self.what}"


def posting_violations(
    results: Sequence[SlotResult], floor_price: PriceUekwh, cap_price: PriceUekwh, revealed_count: int
) -> list[Violation]:
    """Everything for which the contract would refuse these results; empty for every honest outcome.

    Args:
        floor_price: the session's floor, µ€/kWh; `cap_price` its cap.
        revealed_count: the orders revealed in the session.
    """
    found = [
        Violation(slot, what)
        for slot, result in enumerate(results)
        for what in _violations(result, floor_price, cap_price, revealed_count)
    ]
    counted = sum(result.order_count for result in results)
    if counted != revealed_count:
        found.append(Violation(None, f"the slots count {counted} orders, and {revealed_count} were revealed"))
    return found


def _violations(result: SlotResult, floor_price: int, cap_price: int, revealed_count: int) -> Iterator[str]:
    if not result.buy_filled == result.sell_filled == result.volume:
        yield f"bought {result.buy_filled} Wh, sold {result.sell_filled} Wh, and volume {result.volume} Wh differ"
    if result.order_count > MOST_ORDERS_PER_SLOT:
        yield f"{result.order_count} orders are more than 2²⁰"
    yield from _margin_violations(result)
    if result.order_count == 0 and (result.root != NO_ROOT or result[8:] != NO_SUMS):
        yield "there are no orders, and yet a tree"
    if result.volume == 0:
        yield from _idle_violations(result)
    else:
        yield from _price_violations(result, floor_price, cap_price, revealed_count)


def _margin_violations(result: SlotResult) -> Iterator[str]:
    unfilled_buys = result.margin_buy_quantity - result.margin_buy_filled
    unfilled_sells = result.margin_sell_quantity - result.margin_sell_filled
    if unfilled_buys < 0 or unfilled_sells < 0:
        yield "more is filled at the margin than stands there"
    if unfilled_buys > 0 and unfilled_sells > 0:
        yield f"{unfilled_buys} Wh to buy and {unfilled_sells} Wh to sell at the price are both left unfilled"


def _idle_violations(result: SlotResult) -> Iterator[str]:
    if (result.price, result.lo, result.hi) != (0, 0, 0):
        yield "nothing trades, and yet there is a price"
    if result[10:] != NO_SUMS[2:]:
        yield "nothing trades, and yet orders stand at the margin"
    if (result.lo_witness, result.hi_witness) != (NO_WITNESS, NO_WITNESS):
        yield "nothing trades, and yet there is a witness"


def _price_violations(result: SlotResult, floor_price: int, cap_price: int, revealed_count: int) -> Iterator[str]:
    if not floor_price <= result.lo <= result.price <= result.hi <= cap_price:
        yield (
            f"floor {floor_price}, lo {result.lo}, price {result.price}, hi {result.hi} and cap {cap_price} "
            "are not in ascending order"
        )
    if result.price != (result.lo + result.hi) // 2:
        yield f"price {result.price} is not the rounded-down middle of {result.lo} and {result.hi}"
    if result.price == 0:
        yield "energy trades at the price 0, and limits are at least 1"
    for witness in (result.lo_witness, result.hi_witness):
        if witness >= revealed_count:
            yield f"witness {witness} is no revealed order: there are {revealed_count}"
