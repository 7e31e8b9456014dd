"""What people of the demonstration do on a day, before anything is signed: plain facts, no chain."""

from dataclasses import dataclass
from enum import Enum

from commons.records.economy import TokenCategory
from scripts.economy.people import Person


class Ending(Enum):
    """How a service ends."""

    CONFIRMED = "confirmed"
    SILENT = "silent"
    """Nobody confirms: after the period anybody may have it paid."""
    DISPUTED = "disputed"
    """The one served disputes, and the community's admin decides."""


@dataclass(frozen=True)
class Payment:
    """Tokens from wallet to wallet."""

    payer: Person
    payee: Person
    category: TokenCategory
    amount: int
    what: str


@dataclass(frozen=True)
class Service:
    """A deal: agreed on, held in escrow, delivered, and paid when the one served confirms."""

    provider: Person
    customers: tuple[Person, ...]
    category: TokenCategory
    amount: int
    what: str
    ending: Ending = Ending.CONFIRMED
    structure: Person | None = None


@dataclass(frozen=True)
class Work:
    """Work for the community, paid by the treasury once the admin confirms."""

    doer: Person
    amount: int
    what: str
    structure: Person | None = None


@dataclass(frozen=True)
class Loan:
    """A good lent against a deposit, given back after some days."""

    owner: Person
    borrower: Person
    deposit: int
    price: int
    what: str
    days: int


@dataclass(frozen=True)
class GroupPurchase:
    """Something bought together: it takes place if enough take part."""

    seller: Person
    buyers: tuple[Person, ...]
    price_each: int
    least: int
    what: str


@dataclass(frozen=True)
class YearlyFee:
    """A stakeholder's fee for a year, in settlement euro."""

    stakeholder: Person


@dataclass(frozen=True)
class TokenPurchase:
    """Tokens that a stakeholder buys of the treasury, for settlement euro."""

    stakeholder: Person
    money_ue: int


Deed = Payment | Service | Work | Loan | GroupPurchase | YearlyFee | TokenPurchase


@dataclass(frozen=True)
class Day:
    """What happens on a day, in this order."""

    number: int
    deeds: tuple[Deed, ...]
