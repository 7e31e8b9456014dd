"""The first part of an audit: what was committed and revealed, and what was locked for it."""

from commons.errors import MalformedOrders
from commons.orders import require_valid
from commons.units import MoneyUe, show_eur
from oracle.audit.types import Differs, Evidence, NotYet


def parameters(evidence: Evidence) -> str:
    """The session's parameters are such as a session may have."""
    p = evidence.view.parameters
    if not p.commit_deadline < p.reveal_deadline <= p.delivery_start < p.delivery_end <= p.settlement_timeout:
        raise Differs("its deadlines do not follow each other")
    if not (p.floor_price <= p.cap_price and p.cap_price > 0 and p.penalty_price > 0):
        raise Differs(f"floor {p.floor_price}, cap {p.cap_price} and penalty {p.penalty_price} µ€/kWh do not fit")
    return f"{p.slot_count} slots of {p.slot_seconds} s"


def deposits(evidence: Evidence) -> str:
    """Every commitment put down the deposit that the session asks for."""
    for commitment in evidence.view.commitments:
        required = evidence.view.parameters.deposit(commitment.max_lock)
        if commitment.deposit != required:
            raise Differs(
                f"{commitment.trader} put down {show_eur(commitment.deposit)}, and {show_eur(required)} is due"
            )
    return f"{len(evidence.view.commitments)} commitments"


def reveals(evidence: Evidence) -> str:
    """Revealed orders are valid, belong to a commitment, and are numbered without gaps."""
    view, next_index = evidence.view, 0
    if not view.reveals:
        raise NotYet("nobody has revealed")
    committed = {commitment.trader for commitment in view.commitments}
    for reveal in view.reveals:
        if reveal.trader not in committed:
            raise Differs(f"{reveal.trader} revealed without a commitment")
        if reveal.first_index != next_index:
            raise Differs(f"the orders of {reveal.trader} begin at index {reveal.first_index}, not {next_index}")
        try:
            require_valid(reveal.orders, view.parameters.order_rules)
        except MalformedOrders as error:
            raise Differs(f"{reveal.trader}: {error.what}") from error
        next_index += len(reveal.orders)
    return f"{next_index} orders of {len(view.reveals)} members"


def locks(evidence: Evidence) -> str:
    """What stays locked is the worst case of the orders, and no more than was committed."""
    view = evidence.view
    if not view.reveals:
        raise NotYet("nobody has revealed")
    most = {commitment.trader: commitment.max_lock for commitment in view.commitments}
    for reveal in view.reveals:
        worst = view.bounds(reveal).lock
        if reveal.lock != worst:
            raise Differs(
                f"{reveal.trader} has {show_eur(reveal.lock)} locked, and the worst case is {show_eur(worst)}"
            )
        if reveal.lock > most[reveal.trader]:
            raise Differs(
                f"{reveal.trader} has {show_eur(reveal.lock)} locked, more than the {show_eur(most[reveal.trader])} "
                "committed"
            )
    return f"{show_eur(MoneyUe(sum(reveal.lock for reveal in view.reveals)))} in all"
