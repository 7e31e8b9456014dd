"""Deals among members, loans of goods, and the incentives in euro that a community receives."""

from dataclasses import dataclass
from enum import IntEnum

from commons.addresses import Address
from commons.records.economy import TokenCategory
from commons.units import BasisPoints, EpochSeconds, MoneyUe


class DealState(IntEnum):
    """Where a deal stands; `PLEDGED` is a part of a group purchase that is not decided yet."""

    NONE = 0
    PLEDGED = 1
    ACCEPTED = 2
    DELIVERED = 3
    CONFIRMED = 4
    DISPUTED = 5
    PAID = 6
    REFUNDED = 7


class LoanState(IntEnum):
    """Where a loan of a good stands."""

    NONE = 0
    RESERVED = 1
    LENT = 2
    GIVEN_BACK = 3
    DISPUTED = 4
    CLOSED = 5


@dataclass(frozen=True, slots=True)
class Deal:
    """What two members agreed on, with the payer's `amount` in escrow; `deadline` is when the state's time is over."""

    payer: Address
    category: TokenCategory
    state: DealState
    fee_bps: BasisPoints
    structure_bps: BasisPoints
    value_bps: BasisPoints
    is_checked: bool
    payee: Address
    amount: int
    structure: Address
    deadline: EpochSeconds
    listing_id: int


@dataclass(frozen=True, slots=True)
class ListingTerms:
    """What is offered or asked for: `amount` tokens for each of `places` acceptances."""

    category: TokenCategory
    amount: int
    places: int
    accept_by: EpochSeconds
    deliver_within: int
    structure: Address
    structure_bps: BasisPoints
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class Listing:
    """An offer or request; the places of its terms are those left."""

    terms: ListingTerms
    maker: Address
    is_request: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class PurchaseTerms:
    """What a supplier offers to a group."""

    unit_price: int
    least_units: int
    most_units: int
    closes_at: EpochSeconds
    deliver_within: int
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class Purchase:
    """A group purchase, with the units pledged so far."""

    terms: PurchaseTerms
    supplier: Address
    units: int
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class GoodTerms:
    """What a good is lent for, in tokens; `longest` in seconds."""

    price: int
    deposit: int
    late_per_day: int
    longest: int
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class Good:
    """A good on offer; `loan_id` is the loan that it is out for, 0 while it is at home."""

    terms: GoodTerms
    lender: Address
    loan_id: int
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan, with price and deposit in escrow; while reserved, `due_at` is the loan's length in seconds."""

    borrower: Address
    good_id: int
    deadline: EpochSeconds
    lender: Address
    due_at: EpochSeconds
    given_back_at: EpochSeconds
    category: TokenCategory
    state: LoanState
    price: int
    deposit: int
    late_per_day: int
    fee_bps: BasisPoints


@dataclass(frozen=True, slots=True)
class Incentive:
    """An incentive in euro that the community received, for a period."""

    bank_reference: bytes
    rule_id: bytes
    amount: MoneyUe
    claimed: MoneyUe
    period_start: EpochSeconds
    period_end: EpochSeconds
    recorded_at: EpochSeconds
    set_id: int
    is_closed: bool


@dataclass(frozen=True, slots=True)
class IncentiveSplit:
    """How an incentive is divided: root over `(incentiveId, member, amount)`, their sum and number."""

    root: bytes
    total: MoneyUe
    claims: int
