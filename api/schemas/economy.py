"""Incentives in euro, and payments in the community's token (18 decimals)."""

from api.schemas.common import AddressText, Amount, Hash, Record, Seconds
from api.schemas.sessions import Trace


class Split(Record):
    """How an operator would divide an incentive; the leaves are in its published file."""

    answer: Hash
    root: Hash
    total: Amount
    claims: int
    data_cid: str
    operators: list[AddressText]
    """Who backs it."""
    final_at: Seconds | None
    """When it is or was final; null while too few agree."""
    posted: Trace


class Incentive(Record):
    """An incentive that the community received for a period, µ€."""

    number: int
    state: str
    """received, divided (a split is accepted) or closed."""
    bank_reference: Hash
    rule_id: Hash
    period_start: Seconds
    period_end: Seconds
    amount: Amount
    shares_paid: int
    paid: Amount
    left: Amount | None
    """What went back to the treasury; null until it is closed."""
    splits: list[Split]
    received: Trace


class Share(Record):
    """A member's share of an incentive that was paid, µ€."""

    incentive: int
    member: AddressText
    """The wallet that the split names."""
    wallet: AddressText
    """Where it went: the member's present wallet."""
    amount: Amount
    paid: Trace


class Payment(Record):
    """A payment in tokens; the payee got `amount` less fee and structure's part, and its incentive."""

    payer: AddressText
    payee: AddressText
    category: str
    amount: Amount
    fee: Amount
    structure: AddressText
    structure_amount: Amount
    payer_incentive: Amount
    payee_incentive: Amount
    reference: Hash
    """What it was for: see docs/economy.md."""
    made: Trace


class Flow(Record):
    """All payments of a category, of one wallet or of all."""

    category: str
    payments: int
    paid: Amount
    """Given by the wallet; by all payers where none is named."""
    received: Amount
    """Got by the wallet, after fee and structure's part; by all payees where none is named."""
    fees: Amount
    """Borne out of what was paid: of payments that the wallet got, where one is named."""
    incentives: Amount
    """From the treasury, as payer and as payee."""
