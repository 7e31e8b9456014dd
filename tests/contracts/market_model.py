"""What the market owes whom, kept beside the chain by the fuzz: plain sums, none of the contracts' own formulas.

Balances change where the model says so and nowhere else; that is how "nobody but the member moves a member's money" is
checked. Money is µ€.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from commons.orders import Order
from commons.units import EnergyWh, PriceUekwh, SlotIndex, euro_up
from oracle.clearing.outcome import outcome_of
from oracle.clearing.types import Book, SlotResult
from tests.contracts.chain import ask_all, now
from tests.contracts.community import Contracts, Person
from tests.contracts.market import COMMITTED, ENDED, REVEALED, STATES, Leaves, Sealed, Session


@dataclass
class Part:
    """A trader's part of a session."""

    sealed: Sealed
    lock: int
    deposit: int
    state: int = COMMITTED
    debit_bound: int = 0
    credit_bound: int = 0
    most_loss: int = 0
    lost: int = 0

    @property
    def penalty_bound(self) -> int:
        """The most penalty."""
        return self.lock - self.debit_bound

    @property
    def locked(self) -> int:
        """What it keeps from being withdrawn."""
        if self.state == ENDED:
            return 0
        return self.lock + (self.deposit if self.state == COMMITTED else 0)


@dataclass(frozen=True)
class Told:
    """An outcome that operators tell: the book they say it was, and what follows from it."""

    book: Book
    results: list[SlotResult]


@dataclass
class Trade:
    """A session, its traders, and what operators said about it."""

    session: Session
    parts: dict[Person, Part] = field(default_factory=dict)
    outcomes: dict[bytes, Told] = field(default_factory=dict)
    settlements: dict[bytes, Leaves] = field(default_factory=dict)
    freed: set[int] = field(default_factory=set)
    votes: set[tuple[Person, bytes]] = field(default_factory=set)
    final: Leaves | None = None
    pot: int = 0
    state: str = "Commit"
    """Where it stood when the model was last checked."""

    def revealed(self) -> list[Person]:
        """Those who revealed and are not done."""
        return [who for who, part in self.parts.items() if part.state == REVEALED]


@dataclass
class Model:
    """All accounts, all sessions, and what is owed to the treasury."""

    contracts: Contracts
    balance: dict[Person, int]
    trades: list[Trade] = field(default_factory=list)
    owed: int = 0
    checked_at: int = 0

    # ------------------------------------------------------------ what moves

    def locked(self, who: Person) -> int:
        """What a wallet has locked in all sessions."""
        return sum(trade.parts[who].locked for trade in self.trades if who in trade.parts)

    def free(self, who: Person) -> int:
        """What a wallet may withdraw."""
        return self.balance[who] - self.locked(who)

    def execute(self, trade: Trade, who: Person, debit: int, credit: int, penalty: int) -> None:
        """A leaf was executed: it must lie within what its trader put at stake."""
        part = trade.parts[who]
        assert debit <= part.debit_bound
        assert penalty <= part.penalty_bound
        assert credit <= part.credit_bound
        part.state = ENDED
        part.lost += debit + penalty - credit
        trade.pot += debit + penalty - credit
        self.balance[who] += credit - debit - penalty

    def free_unfilled(self, trade: Trade, who: Person, is_buy: bool, wh: tuple[int, int], limit: int) -> int:
        """What an order locked beyond its fill was freed; how much."""
        part, terms = trade.parts[who], trade.session.terms
        penalty = _beyond(wh, terms.penalty_price)
        debit = _beyond(wh, limit) if is_buy else 0
        part.debit_bound -= debit
        part.credit_bound -= 0 if is_buy else _beyond(wh, terms.cap_price)
        part.lock -= penalty + debit
        assert min(part.debit_bound, part.credit_bound, part.lock) >= 0
        return penalty + debit

    def forfeit(self, trade: Trade, who: Person) -> None:
        """A commitment was not revealed: its deposit is gone, and nothing else."""
        part = trade.parts[who]
        part.state = ENDED
        part.lost += part.deposit
        self.balance[who] -= part.deposit
        self.owed += part.deposit

    def move(self, old: Person, new: Person) -> int:
        """A lost wallet's free escrow moved on."""
        amount = self.free(old)
        self.balance[old] -= amount
        self.balance[new] += amount
        return amount

    # ------------------------------------------------------------ what must hold

    def check(self) -> None:
        """The chain says what the model says, and every invariant of the market holds."""
        market = self.contracts.marketplace
        people = list(self.balance)
        calls: list[tuple[Any, ...]] = [(market.checkFunds, who.address) for who in people]
        calls += [(market.bookOf, trade.session.id) for trade in self.trades]
        calls += [(market.owedToTreasury,), (market.liabilities,), (self.contracts.euro.balanceOf, market.address)]
        states = [(self.contracts.sessions.stateOf, trade.session.id) for trade in self.trades]
        answers, self.checked_at = ask_all(calls), now()
        for trade, (state,) in zip(self.trades, ask_all(states) if states else [], strict=True):
            trade.state = STATES[state]
        funds, books = answers[: len(people)], answers[len(people) : -3]
        owed, liabilities, tokens = (answer[0] for answer in answers[-3:])
        assert {who: fund[0] for who, fund in zip(people, funds, strict=True)} == self.balance, "balances"
        assert {who: fund[1] for who, fund in zip(people, funds, strict=True)} == {
            who: self.locked(who) for who in people
        }, "locks"
        assert all(fund[1] <= fund[0] for fund in funds), "nobody has more locked than there is"
        assert [book[0][6] for book in books] == [trade.pot for trade in self.trades], "pots"
        assert owed == self.owed, "the treasury's due"
        assert sum(fund[0] for fund in funds) + sum(trade.pot for trade in self.trades) + owed == liabilities
        assert liabilities <= tokens, "solvency"
        for trade in self.trades:
            assert trade.pot >= 0
            assert all(part.lost <= part.most_loss for part in trade.parts.values()), "nobody loses beyond the bounds"


def _beyond(wh: tuple[int, int], price: int) -> int:
    """What a quantity costs beyond its fill, both rounded up."""
    quantity, filled = (euro_up(EnergyWh(part), PriceUekwh(price)) for part in wh)
    return quantity - filled


def honest(session: Session) -> Told:
    """The outcome that follows from what was revealed."""
    return Told(session.book, session.results())


def lying(session: Session, index: int, quantity_wh: int, limit: int, trader: Person) -> Told:
    """An outcome of a book in which one order is another one: it looks right until somebody refutes it."""
    book = session.book
    changed = {name: getattr(book, name).copy() for name in ("trader", "quantity", "limit")}
    changed["quantity"][index] = quantity_wh
    changed["limit"][index] = limit
    changed["trader"][index] = list(bytes.fromhex(trader.address[2:]))
    told = replace(book, **changed)
    return Told(told, [slot.to_chain() for slot in outcome_of(told, session.terms.slot_count).slots])


def random_order(slot: int, is_buy: bool, quantity_wh: int, limit: int) -> Order:
    """An order."""
    return Order(SlotIndex(slot), is_buy, EnergyWh(quantity_wh), PriceUekwh(limit))
