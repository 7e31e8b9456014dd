"""What payments in a community's token are for, what they cost and earn, and the amounts that its admin sets."""

from dataclasses import dataclass
from enum import IntEnum

from commons.addresses import Address
from commons.units import BasisPoints, EpochSeconds


class TokenCategory(IntEnum):
    """Who pays whom for what; `TRANSFER` is a plain ERC-20 transfer."""

    TRANSFER = 0
    CITIZEN_TO_CITIZEN = 1
    WITH_STRUCTURE = 2
    STAKEHOLDER_TO_CITIZEN = 3
    SELLER_BONUS = 4
    ENERGY_BONUS = 5
    STAKEHOLDER_TO_STAKEHOLDER = 6
    CITIZEN_TO_STAKEHOLDER = 7
    TO_COMMUNITY = 8
    TO_COMMUNITY_WITH_STRUCTURE = 9


class TokenAmount(IntEnum):
    """The amounts that a token admin sets: bonuses in tokens; yearly fee and price of a token in µ€."""

    WELCOME_CITIZEN = 0
    WELCOME_STAKEHOLDER = 1
    ENERGY_CONSUMER = 2
    ENERGY_PROSUMER = 3
    ENERGY_PROSTORMER = 4
    YEARLY_FEE = 5
    TOKEN_PRICE = 6


LIMIT_UNIT = 10**12
"""Limits to incentives count in millionths of a token."""


@dataclass(frozen=True, slots=True)
class CategoryTerms:
    """What a payment of a category costs and earns; limits in `LIMIT_UNIT`.

    Limits per member and pair are to what they got within the period, of all categories together. `since` is from when
    they are in force, 0 for those that every community begins with.
    """

    fee_bps: BasisPoints
    payer_bps: BasisPoints
    payee_bps: BasisPoints
    most_per_payment: int
    most_per_member: int
    most_per_pair: int
    is_off: bool
    since: EpochSeconds


@dataclass(frozen=True, slots=True)
class Quote:
    """What a payment costs and earns: the fee, and what payer and payee get from the treasury."""

    fee: int
    payer_incentive: int
    payee_incentive: int


@dataclass(frozen=True, slots=True)
class Grants:
    """What a member was given, by member id: incentives of the period, and a welcome bonus that waits."""

    granted: int
    period: int
    welcome_due: int
    is_welcomed: bool


@dataclass(frozen=True, slots=True)
class DealPayment:
    """What a contract of the community pays out of the escrow that it holds."""

    payer: Address
    payee: Address
    structure: Address
    category: TokenCategory
    fee_bps: BasisPoints
    is_checked: bool
    value_bps: BasisPoints
    amount: int
    structure_amount: int
    deal_reference: bytes
