"""The control wallet: what it holds, and payments out of it, proposed by one person and approved by another."""

from dataclasses import dataclass

from commons.addresses import ZERO_ADDRESS, Address
from commons.chain import Call
from commons.contracts import CommunityReader, Contracts
from commons.errors import InputError
from commons.records import Payment
from commons.units import EpochSeconds, MoneyUe

PAYMENT_STATES = ("proposed", "notice", "due", "paid", "withdrawn")


@dataclass(frozen=True, slots=True)
class TreasuryPayment:
    """A payment out of the treasury, with its purpose in words and where it stands: one of `PAYMENT_STATES`."""

    payment_id: int
    payment: Payment
    purpose: str
    state: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the treasury holds: settlement euro in µ€, tokens in their smallest unit."""

    euro: MoneyUe
    tokens: int


def holdings(reader: CommunityReader) -> Holdings:
    """What the treasury holds now."""
    at, contracts = reader.contracts.treasury.address, reader.contracts
    euro, tokens = reader.chain.calls([one.call("balanceOf", at) for one in (contracts.euro, contracts.token)])
    return Holdings(MoneyUe(euro), tokens)


def propose_call(contracts: Contracts, asset: Address, payee: Address, amount: int, purpose: str) -> Call:
    """Propose a payment of the settlement euro or the token. Token admin only."""
    return contracts.treasury.call("proposePayment", asset, payee, amount, purpose)


def approve_call(contracts: Contracts, payment_id: int) -> Call:
    """Approve a payment, which starts its notice. Community admin only, another person than the proposer."""
    return contracts.treasury.call("approvePayment", payment_id)


def withdraw_call(contracts: Contracts, payment_id: int) -> Call:
    """Withdraw a payment that was not made yet. Token admin or community admin."""
    return contracts.treasury.call("withdrawPayment", payment_id)


def pay_call(contracts: Contracts, payment_id: int) -> Call:
    """Make an approved payment whose notice is over. Anybody."""
    return contracts.treasury.call("makePayment", payment_id)


def payments(reader: CommunityReader) -> list[TreasuryPayment]:
    """All payments ever proposed, by their numbers, as they stand now."""
    treasury, now = reader.contracts.treasury, reader.chain.now()
    names = ("PaymentProposed", "PaymentWithdrawn")
    events = reader.chain.events(treasury.address, reader.first_block, names=names)
    purposes = {event.args["paymentId"]: event.args["purpose"] for event in events if event.name == "PaymentProposed"}
    withdrawn = {event.args["paymentId"] for event in events if event.name == "PaymentWithdrawn"}
    found = reader.chain.calls([treasury.call("paymentOf", number) for number in purposes])
    return [
        TreasuryPayment(number, payment, purpose, _state(payment, number in withdrawn, now))
        for (number, purpose), payment in zip(purposes.items(), found, strict=True)
    ]


def payment(reader: CommunityReader, payment_id: int) -> TreasuryPayment:
    """One payment.

    Raises:
        InputError: there is none of this number.
    """
    for one in payments(reader):
        if one.payment_id == payment_id:
            return one
    raise InputError(
        f"the treasury has no payment {payment_id}", which=payment_id, remedy="See `commonwatt treasury show`."
    )


def _state(payment: Payment, is_withdrawn: bool, now: EpochSeconds) -> str:
    if payment.done:
        return "withdrawn" if is_withdrawn else "paid"
    if payment.approver == ZERO_ADDRESS:
        return "proposed"
    return "due" if now >= payment.due_at else "notice"
