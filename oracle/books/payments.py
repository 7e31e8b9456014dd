"""Past payments out of the token's events, with all that decided their fees and incentives."""

from collections.abc import Iterable, Mapping

from commons.addresses import Address
from commons.chain import Event
from commons.contracts import Contracts
from commons.units import EpochSeconds
from oracle.books.deals import DealBook
from oracle.economy.timeline import Timeline
from oracle.economy.types import Deal, Incentives, PastPayment


def past_payments(
    events: Iterable[Event],
    contracts: Contracts,
    times: Mapping[int, EpochSeconds],
    persons: Mapping[Address, str],
    terms: Timeline,
) -> tuple[PastPayment, ...]:
    """The payments among members, and by the treasury, in the chain's order.

    The treasury's tokens are followed through the transfers. A payment's own transfers come before its event, so what
    the treasury had before it is what it has then, less the fee and with the incentives back.
    """
    token, treasury, held = contracts.token.address, contracts.treasury.address, 0
    found, deals = [], DealBook(terms, times)
    for event in events:
        deals.feed(event)
        if event.address != token:
            continue
        args = event.args
        if event.name == "Transfer":
            held += args["value"] * ((args["to"] == treasury) - (args["from"] == treasury))
        elif event.name == "Paid":
            found.append(_payment(event, held, treasury, times, persons, deals.deal(event)))
    return tuple(found)


def _payment(
    event: Event,
    held: int,
    treasury: Address,
    times: Mapping[int, EpochSeconds],
    persons: Mapping[Address, str],
    deal: Deal | None,
) -> PastPayment:
    args = event.args
    incentives = Incentives(args["payerIncentive"], args["payeeIncentive"])
    return PastPayment(
        at=times[event.block],
        payer=args["payer"],
        payee=args["payee"],
        payer_key=persons.get(args["payer"], args["payer"]),
        payee_key=persons.get(args["payee"], args["payee"]),
        category=args["category"],
        amount=args["amount"],
        fee=args["fee"],
        incentives=incentives,
        treasury_before=held - args["fee"] + incentives.total,
        structure=args["structure"],
        structure_amount=args["structureAmount"],
        deal=deal,
        is_from_treasury=args["payer"] == treasury,
    )
