"""What every payment was charged, beside the rule: the shares in force at its block, or what its deal agreed on."""

from dataclasses import dataclass

from commons.records.economy import TokenCategory
from commons.units import EpochSeconds
from oracle.books.read import Books
from oracle.economy.simulation import differences, simulate
from oracle.economy.types import Incentives


@dataclass(frozen=True, slots=True)
class WrongCharge:
    """A payment whose fee or incentives are not those of the rule."""

    at: EpochSeconds
    block: int
    tx_hash: str
    category: TokenCategory
    amount: int
    fee: int
    incentives: Incentives
    """As the chain has them."""
    due_fee: int
    due_incentives: Incentives
    """As the rule has them."""


def wrong_charges(books: Books) -> list[WrongCharge]:
    """The payments that the chain charged otherwise than the rule, in the chain's order."""
    told = simulate(books.payments, books.timeline.table, keeps_agreed_fees=True)
    found = []
    for place in differences(books.payments, told):
        payment, event, (fee, incentives) = books.payments[place], books.payment_events[place], told.each[place]
        found.append(
            WrongCharge(
                at=payment.at,
                block=event.block,
                tx_hash=event.tx_hash,
                category=payment.category,
                amount=payment.amount,
                fee=payment.fee,
                incentives=payment.incentives,
                due_fee=fee,
                due_incentives=incentives,
            )
        )
    return found
