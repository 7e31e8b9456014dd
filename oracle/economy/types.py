"""What happened in a community's token, and the terms under which it did.

Token amounts are the token's smallest unit (10⁻¹⁸), times epoch seconds, shares basis points; all are Python integers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from commons.addresses import ZERO_ADDRESS, Address
from commons.records.economy import CategoryTerms, TokenCategory
from commons.units import BasisPoints, EpochSeconds

INCENTIVE_PERIOD_S = 30 * 24 * 3600
"""Limits to incentives count per member and pair in periods of this length, counted from the epoch."""
NO_TERMS = CategoryTerms(BasisPoints(0), BasisPoints(0), BasisPoints(0), 0, 0, 0, False, EpochSeconds(0))
"""What is in force of a category that nobody ever set."""


@dataclass(frozen=True, slots=True)
class Table:
    """The terms in force at a moment, per category."""

    terms: Mapping[TokenCategory, CategoryTerms]

    def of(self, category: TokenCategory) -> CategoryTerms:
        """The terms of a category."""
        return self.terms.get(category, NO_TERMS)


@dataclass(frozen=True, slots=True)
class Incentives:
    """What payer and payee get from the treasury for a payment."""

    payer: int
    payee: int

    @property
    def total(self) -> int:
        """Both."""
        return self.payer + self.payee


NO_INCENTIVES = Incentives(0, 0)


@dataclass(frozen=True, slots=True)
class Deal:
    """What a payment out of escrow brings along: the fee agreed on at acceptance, and what the check found it worth."""

    fee_bps: BasisPoints
    is_checked: bool
    """Whether the deal was confirmed and its value checked; only then incentives may exceed the fee."""
    value_bps: BasisPoints
    payer_is_entitled: bool = True
    payee_is_entitled: bool = True
    """Who was no active member when the deal was paid gets no incentive for it."""


@dataclass(frozen=True, slots=True)
class PastPayment:
    """A payment as the chain tells of it; `deal` is None for a payment from wallet to wallet.

    `payer_key` and `payee_key` stand for the persons behind the wallets: limits count for them, whatever wallet they
    have; the same key on both sides earns nothing.
    """

    at: EpochSeconds
    payer: Address
    payee: Address
    payer_key: str
    payee_key: str
    category: TokenCategory
    amount: int
    fee: int
    incentives: Incentives
    treasury_before: int
    """Tokens of the treasury just before the fee came in."""
    structure: Address = ZERO_ADDRESS
    structure_amount: int = 0
    deal: Deal | None = None
    is_from_treasury: bool = False


@dataclass(frozen=True, slots=True)
class Flows:
    """Sums over payments."""

    payments: int = 0
    amount: int = 0
    fee: int = 0
    structure_amount: int = 0
    payer_incentive: int = 0
    payee_incentive: int = 0

    def plus(self, amount: int, fee: int, structure_amount: int, incentives: Incentives) -> "Flows":
        """One payment more."""
        return Flows(
            self.payments + 1,
            self.amount + amount,
            self.fee + fee,
            self.structure_amount + structure_amount,
            self.payer_incentive + incentives.payer,
            self.payee_incentive + incentives.payee,
        )

    @property
    def incentives(self) -> int:
        """To payers and payees together."""
        return self.payer_incentive + self.payee_incentive


@dataclass(frozen=True, slots=True)
class MemberFlows:
    """What payments meant to one member."""

    paid: int = 0
    received: int = 0
    """Less fee and a structure's share, which are counted where they went."""
    hosted: int = 0
    """A structure's share."""
    incentives: int = 0

    @property
    def net(self) -> int:
        """What the member's balance changed by."""
        return self.received + self.hosted + self.incentives - self.paid


@dataclass(frozen=True, slots=True)
class Effect:
    """What a table does to a list of payments."""

    by_category: Mapping[TokenCategory, Flows]
    by_member: Mapping[Address, MemberFlows]
    treasury_start: int
    treasury_end: int
    treasury_lowest: int
    short: int
    """Payments whose incentives the treasury could not pay in full."""
    capped: int
    """Payments whose incentives a limit per member or pair cut."""
    refused: int
    """Payments of a category that is off: they are left out."""
    each: tuple[tuple[int, Incentives], ...] = field(repr=False, default=())
    """Fee and incentives of each payment, in order; of one left out, zero."""

    @property
    def total(self) -> Flows:
        """All categories together."""
        total = Flows()
        for flows in self.by_category.values():
            total = Flows(*(getattr(total, name) + getattr(flows, name) for name in Flows.__slots__))
        return total
