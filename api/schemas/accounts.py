"""What accounts and operators hold, as the contracts say now."""

from api.schemas.common import AddressText, Amount, Record, Seconds


class Account(Record):
    """A wallet's money in a community: escrow and settlement euro in µ€, tokens with 18 decimals."""

    wallet: AddressText
    escrow: Amount
    locked: Amount
    free: Amount
    euro: Amount
    tokens: Amount
    block: int
    """The block at which it was asked."""


class Operator(Record):
    """An oracle operator with its bond, µ€."""

    address: AddressText
    bond: Amount
    stakes: int
    pledged: Amount


class Operators(Record):
    """The set of operators in force."""

    threshold: int
    bond: Amount
    bond_share_bps: int
    effective_from: Seconds
    operators: list[Operator]
