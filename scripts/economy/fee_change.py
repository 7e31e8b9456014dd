"""The fee that the admin changes half-way: simulated on the past, announced, in force after the notice, compared."""

from dataclasses import dataclass, replace

from commons.actions import tokens
from commons.records.economy import TokenCategory
from commons.units import BasisPoints, EpochSeconds
from oracle.books.read import Books, read_books
from oracle.economy.comparison import Comparison, compare
from oracle.economy.simulation import recorded, simulate
from oracle.economy.types import PastPayment, Table
from scripts.economy.founding import DAY_S, Stage

CATEGORY = TokenCategory.STAKEHOLDER_TO_CITIZEN
NEW_FEE = BasisPoints(500)


@dataclass(frozen=True)
class Announced:
    """What the admin saw before it announced the change, and from when the change is in force."""

    category: TokenCategory
    old_fee: BasisPoints
    new_fee: BasisPoints
    simulation: Comparison
    day: int
    """In whose evening it was announced."""
    effective_from: EpochSeconds
    first_day: int
    """The first whose payments bear the new fee."""


@dataclass(frozen=True)
class Outcome:
    """Predicted against happened: fees of the category, in the token's smallest unit, once the change was in force."""

    days_before: int
    """How many days of payments the prediction rests on."""
    days_after: int
    predicted: int
    """The simulated fees of the past, at the same pace over the time since."""
    happened: int
    without: int
    """What the payments since would have brought under the old fee."""


def announce(stage: Stage, start: EpochSeconds, day: int) -> Announced:
    """Simulate the new fee on everything paid since `start`, then announce it; in the evening of a day."""
    books = read_books(stage.reader)
    payments = [payment for payment in books.payments if payment.at >= start]
    old = tokens.category_view(stage.reader, CATEGORY).terms
    proposed = _with_fee(books.timeline.table(stage.chain.now()), NEW_FEE)
    kinds = {person.address: stage.people.group(person.address) for person in stage.people.everybody}
    simulation = compare(recorded(payments), simulate(payments, lambda _: proposed), kinds)
    call = tokens.schedule_call(stage.contracts, CATEGORY, replace(old, fee_bps=NEW_FEE))
    stage.chain.send(stage.founders.admin, call)
    view = tokens.category_view(stage.reader, CATEGORY)
    first_day = (view.effective_from - start) // DAY_S + 2
    return Announced(CATEGORY, old.fee_bps, NEW_FEE, simulation, day, view.effective_from, first_day)


def outcome(books: Books, announced: Announced, start: EpochSeconds, days: int) -> Outcome:
    """What came of the change, once it was in force, until the last of the days ended."""
    end = EpochSeconds(start + days * DAY_S)
    since = [one for one in books.payments if announced.effective_from <= one.at < end]
    before, after = announced.day, days - announced.first_day + 1
    simulated = announced.simulation.would_be.by_category[CATEGORY].fee
    old = _with_fee(books.timeline.table(end), announced.old_fee)
    return Outcome(
        days_before=before,
        days_after=after,
        predicted=simulated * after // before,
        happened=_fees(since),
        without=simulate(since, lambda _: old).by_category[CATEGORY].fee if _fees(since) else 0,
    )


def _fees(payments: list[PastPayment]) -> int:
    return sum(payment.fee for payment in payments if payment.category is CATEGORY)


def _with_fee(table: Table, fee: BasisPoints) -> Table:
    return Table({**table.terms, CATEGORY: replace(table.of(CATEGORY), fee_bps=fee)})
