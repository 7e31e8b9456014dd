"""The last part of an audit: every movement of money in the session, against what it must be."""

from collections import Counter

import numpy as np

from commons.addresses import Address
from commons.orders import Order
from commons.records import ReleaseReason
from commons.units import EnergyWh, MoneyUe, euro_up, show_eur
from oracle.audit.types import Differs, Evidence, NotYet
from oracle.publication.outcome import OutcomeDocument
from oracle.publication.settlement import SettlementDocument
from oracle.session.types import DepositForfeited, Executed, LockReleased, PotSwept, UnfilledFreed


def freed(evidence: Evidence, outcome: OutcomeDocument) -> str:
    """What was freed of an order is what it locked beyond its fill."""
    events = [m for m in evidence.view.movements if isinstance(m, UnfilledFreed)]
    twice = [index for index, count in Counter(event.index for event in events).items() if count > 1]
    if twice:
        raise Differs(f"order {twice[0]} was freed twice")
    for event in events:
        order, fill = _order_and_fill(evidence, outcome, event.index)
        required = MoneyUe(_locked(evidence, order, order.quantity_wh) - _locked(evidence, order, fill))
        if event.amount != required:
            raise Differs(f"order {event.index} freed {show_eur(event.amount)}, and {show_eur(required)} is right")
    return f"{len(events)} orders"


def bounds(evidence: Evidence, own: SettlementDocument) -> str:
    """No leaf is beyond what the trader's revealed orders can cost or bring."""
    reveals = {reveal.trader: reveal for reveal in evidence.view.reveals}
    for leaf in own.members:
        most = evidence.view.bounds(reveals[leaf.trader])
        for figure, value, bound in (
            ("debit", leaf.debit, most.max_debit),
            ("penalty", leaf.penalty, most.max_penalty),
            ("credit", leaf.credit, most.max_credit),
        ):
            if value > bound:
                raise Differs(f"{figure} of {leaf.trader} is {show_eur(value)}, and its bound {show_eur(bound)}")
    return f"{len(own.members)} leaves within what their members locked"


def executions(evidence: Evidence, own: SettlementDocument) -> str:
    """Every execution moved what the member's leaf says, and gave back the rest of the lock."""
    leaves = {leaf.trader: leaf for leaf in own.members}
    locks, freed_before = {reveal.trader: reveal.lock for reveal in evidence.view.reveals}, _freed_by(evidence)
    for done in evidence.view.executions:
        leaf = leaves.get(done.trader)
        if leaf is None:
            raise Differs(f"{done.trader} was executed and has no leaf")
        for figure in ("debit", "credit", "penalty"):
            here, there = getattr(leaf, figure), getattr(done, figure)
            if here != there:
                raise Differs(f"{figure} of {done.trader}: {show_eur(here)} by its leaf, {show_eur(there)} executed")
        left = MoneyUe(locks[done.trader] - freed_before[done.trader] - done.debit - done.penalty)
        if done.unlocked != left:
            raise Differs(f"{done.trader} got back {show_eur(done.unlocked)} of its lock, not {show_eur(left)}")
    return f"{len(evidence.view.executions)} of {len(leaves)} leaves executed"


def releases(evidence: Evidence) -> str:
    """Locks that ended without execution were released whole, and for a reason that held."""
    view = evidence.view
    committed = {commitment.trader: commitment.max_lock for commitment in view.commitments}
    revealed = {reveal.trader: reveal.lock for reveal in view.reveals}
    events, freed_before = [m for m in view.movements if isinstance(m, LockReleased)], _freed_by(evidence)
    for event in events:
        is_revealed = event.trader in revealed
        _require_reason(evidence, event, is_revealed)
        lock = revealed[event.trader] if is_revealed else committed.get(event.trader, MoneyUe(0))
        required = MoneyUe(lock - freed_before[event.trader])
        if event.amount != required:
            raise Differs(f"{event.trader} got back {show_eur(event.amount)}, and had {show_eur(required)} locked")
    return f"{len(events)} locks released"


def endings(evidence: Evidence) -> str:
    """Nobody's part ended twice."""
    ended = Counter(m.trader for m in evidence.view.movements if isinstance(m, Executed | LockReleased))
    twice = [trader for trader, count in ended.items() if count > 1]
    if twice:
        raise Differs(f"the part of {twice[0]} ended {ended[twice[0]]} times")
    return f"{len(ended)} of {len(evidence.view.commitments)} parts ended"


def forfeits(evidence: Evidence) -> str:
    """Deposits were forfeited by those alone who did not reveal, and whole."""
    revealed = {reveal.trader for reveal in evidence.view.reveals}
    deposits = {commitment.trader: commitment.deposit for commitment in evidence.view.commitments}
    events = [m for m in evidence.view.movements if isinstance(m, DepositForfeited)]
    for event in events:
        if event.trader in revealed:
            raise Differs(f"{event.trader} lost its deposit, and has revealed")
        required = deposits.get(event.trader, MoneyUe(0))
        if event.deposit != required:
            raise Differs(f"{event.trader} lost {show_eur(event.deposit)}, and put down {show_eur(required)}")
    return f"{len(events)} deposits forfeited"


def pot(evidence: Evidence) -> str:
    """Debits and penalties cover credits, and what is left went to the treasury's due, no more."""
    view = evidence.view
    if view.settlement_root is None:
        raise NotYet("execution has not begun")
    if view.pot < 0:
        raise Differs(f"the session paid out {show_eur(MoneyUe(-view.pot))} more than it took")
    swept = MoneyUe(sum(m.amount for m in view.movements if isinstance(m, PotSwept)))
    return f"{show_eur(swept)} left for the treasury, {show_eur(view.pot)} still in the pot"


def solvency(evidence: Evidence) -> str:
    """The contract owes what its events add up to, and holds at least that."""
    money = evidence.money
    owed = money.deposited - money.withdrawn - money.paid_to_treasury
    if money.liabilities != owed:
        raise Differs(
            f"it says it owes {show_eur(money.liabilities)}, and its events add up to {show_eur(MoneyUe(owed))}"
        )
    if money.owed_to_treasury != money.due_to_treasury - money.paid_to_treasury:
        due = MoneyUe(money.due_to_treasury - money.paid_to_treasury)
        raise Differs(f"it says it owes the treasury {show_eur(money.owed_to_treasury)}, and {show_eur(due)} is right")
    if money.balance < money.liabilities:
        raise Differs(f"it owes {show_eur(money.liabilities)} and holds {show_eur(money.balance)}")
    return f"owes {show_eur(money.liabilities)}, holds {show_eur(money.balance)}"


def _require_reason(evidence: Evidence, event: LockReleased, is_revealed: bool) -> None:
    holds = {
        ReleaseReason.NOT_REVEALED: not is_revealed,
        ReleaseReason.CANCELLED: is_revealed and evidence.view.is_cancelled,
        ReleaseReason.EXECUTION_TIMEOUT: is_revealed and evidence.view.settlement_ballot.accepted is not None,
    }
    if not holds[event.reason]:
        reason = event.reason.name.lower().replace("_", " ")
        raise Differs(f"the lock of {event.trader} was released as {reason}, which does not hold")


def _freed_by(evidence: Evidence) -> Counter[Address]:
    """What was freed of each trader's lock before it ended."""
    found: Counter[Address] = Counter()
    for event in evidence.view.movements:
        if isinstance(event, UnfilledFreed):
            found[event.trader] += event.amount
    return found


def _order_and_fill(evidence: Evidence, outcome: OutcomeDocument, index: int) -> tuple[Order, EnergyWh]:
    for reveal in evidence.view.reveals:
        if reveal.first_index <= index < reveal.first_index + len(reveal.orders):
            row = int(np.flatnonzero(outcome.book.index == index)[0])
            return reveal.orders[index - reveal.first_index], EnergyWh(int(outcome.filled[row]))
    raise Differs(f"order {index} was freed, and nobody revealed it")


def _locked(evidence: Evidence, order: Order, quantity: EnergyWh) -> int:
    """What `quantity` of an order keeps locked."""
    penalty = euro_up(quantity, evidence.view.parameters.penalty_price)
    return penalty + (euro_up(quantity, order.limit_price) if order.is_buy else 0)
