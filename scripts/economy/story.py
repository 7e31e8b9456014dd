"""What the demonstration tells at its end: what was paid, who earned, where the control wallet's tokens came from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType
from rich.table import Table as Grid

from commons.addresses import Address
from commons.records.economy import TokenCategory
from commons.units import TOKEN, EpochSeconds, MoneyUe, show_eur, show_percent
from oracle.books.read import Books
from oracle.books.reasons import category_word
from oracle.economy.comparison import by_group
from oracle.economy.ledger import balances, by_reason, lines_of, supply
from oracle.economy.simulation import differences, recorded, simulate
from oracle.economy.types import Effect, MemberFlows
from scripts.economy.fee_change import Announced, Outcome
from scripts.economy.people import People

GROUPS = ("citizens", "shops", "association", "municipality")


@dataclass(frozen=True)
class Finished:
    """The demonstration's end."""

    books: Books
    people: People
    start: EpochSeconds
    days: int
    announced: Announced | None
    outcome: Outcome | None
    notes: tuple[str, ...]
    """What happened beside the payments, in sentences."""

    @property
    def effect(self) -> Effect:
        """What was paid."""
        return recorded(self.books.payments)

    @property
    def wrong(self) -> list[int]:
        """Payments that the rule, told again, gives another fee or incentive than the chain: there should be none."""
        payments = self.books.payments
        return differences(payments, simulate(payments, self.books.timeline.table, keeps_agreed_fees=True))

    @property
    def held(self) -> Mapping[str, int]:
        """Tokens per group of members at the end."""
        sums: dict[str, int] = defaultdict(int)
        for account, amount in balances(self.books.token_movements).items():
            if account in self.people.by_wallet:
                sums[self.people.group(account)] += amount
        return sums

    @property
    def in_contracts(self) -> int:
        """Tokens in the community's contracts: escrow of deals that are not over, and budget that was not used."""
        held = balances(self.books.token_movements)
        mine = (*self.people.by_wallet, self.books.treasury)
        return sum(amount for account, amount in held.items() if account not in mine)

    def document(self) -> dict[str, Any]:
        """The end as JSON: token amounts in the smallest unit."""
        effect, books = self.effect, self.books
        treasury = by_reason(books.token_movements, books.treasury)
        return {
            "days": self.days,
            "members": len(self.people.everybody),
            "supply": supply(books.token_movements),
            "treasury": balances(books.token_movements).get(books.treasury, 0),
            "total": effect.total,
            "by_category": {category_word(category): flows for category, flows in effect.by_category.items()},
            "by_group": self.groups(),
            "held": dict(self.held),
            "in_contracts": self.in_contracts,
            "treasury_flows": {reason: {"in": came, "out": left} for reason, (came, left) in treasury.items()},
            "treasury_euro": _euro(books),
            "fee_change": None if self.outcome is None else self.outcome,
            "recomputed_differently": len(self.wrong),
            "notes": self.notes,
        }

    def groups(self) -> dict[str, MemberFlows]:
        """What the payments meant to each group of members."""
        group_of: dict[Address, str] = {at: self.people.group(at) for at in self.people.by_wallet}
        return by_group(self.effect, group_of)


def tell(finished: Finished) -> Iterator[RenderableType]:
    """The end for people: tables, and sentences below them."""
    yield _categories(finished)
    yield _groups(finished)
    yield _treasury(finished)
    yield from finished.notes
    yield euro_sentence(finished.books)
    if finished.announced is not None and finished.outcome is not None:
        yield from _change(finished.announced, finished.outcome)
    total = finished.effect.total
    held = balances(finished.books.token_movements).get(finished.books.treasury, 0)
    outside = supply(finished.books.token_movements) - held
    turned = f"{total.amount / outside:.2f}" if outside else "0"
    yield (
        f"{_tokens(outside)} tokens circulate ({_tokens(finished.in_contracts)} of them in escrow or budgets), "
        f"{_tokens(held)} are in the control wallet. {_tokens(total.amount)} tokens were paid in {finished.days} days: "
        f"each circulating token {turned} times."
    )


def _categories(finished: Finished) -> Grid:
    grid = _grid("What was paid", "payments", "tokens", "fees", "structures", "incentives")
    for category in TokenCategory:
        flows = finished.effect.by_category.get(category)
        if flows is not None:
            figures = (flows.amount, flows.fee, flows.structure_amount, flows.incentives)
            grid.add_row(category_word(category), str(flows.payments), *(_tokens(figure) for figure in figures))
    total = finished.effect.total
    grid.add_section()
    figures = (total.amount, total.fee, total.structure_amount, total.incentives)
    grid.add_row("all together", str(total.payments), *(_tokens(figure) for figure in figures))
    return grid


def _groups(finished: Finished) -> Grid:
    grid = _grid("Who", "members", "earned", "spent", "hosting", "incentives", "holds now")
    groups, held = finished.groups(), finished.held
    for name in GROUPS:
        flows = groups.get(name, MemberFlows())
        count = sum(finished.people.group(at) == name for at in finished.people.by_wallet)
        figures = (flows.received, flows.paid, flows.hosted, flows.incentives, held.get(name, 0))
        grid.add_row(name, str(count), *(_tokens(figure) for figure in figures))
    return grid


def _treasury(finished: Finished) -> Grid:
    grid = _grid("The control wallet", "tokens in", "tokens out")
    books = finished.books
    for reason, (came, left) in by_reason(books.token_movements, books.treasury).items():
        grid.add_row(reason, _tokens(came) if came else "", _tokens(left) if left else "")
    return grid


def _change(announced: Announced, outcome: Outcome) -> Iterator[str]:
    word = category_word(announced.category)
    gain = announced.simulation.treasury_gain
    yield (
        f"Half-way the admin simulated a fee of {show_percent(announced.new_fee)} instead of "
        f"{show_percent(announced.old_fee)} for “{word}”: the payments until then would have brought the control "
        f"wallet {_tokens(gain)} tokens more. It announced the change, in force from day {announced.first_day}."
    )
    yield (
        f"Since then: predicted {_tokens(outcome.predicted)} tokens of fees at the pace before, happened "
        f"{_tokens(outcome.happened)}; under the old fee these payments would have brought {_tokens(outcome.without)}."
    )


def _euro(books: Books) -> dict[str, int]:
    lines = list(lines_of(books.euro_movements, books.treasury))
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums[line.movement.reason] += line.change
    return {**sums, "balance": lines[-1].balance if lines else 0}


def euro_sentence(books: Books) -> str:
    """What the control wallet has in euro."""
    found = _euro(books)
    parts = ", ".join(
        f"{reason} {show_eur(MoneyUe(sum_of))}" for reason, sum_of in found.items() if reason != "balance"
    )
    return f"In euro the control wallet holds {show_eur(MoneyUe(found['balance']))} ({parts or 'nothing moved'})."


def _tokens(amount: int) -> str:
    return f"{amount / TOKEN:,.1f}"


def _grid(*header: str) -> Grid:
    grid = Grid(box=None, pad_edge=False)
    for place, text in enumerate(header):
        grid.add_column(text, justify="right" if place else "left")
    return grid
