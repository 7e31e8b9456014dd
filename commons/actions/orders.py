"""Sealed orders: committing them with an envelope, reopening the envelope from the chain, revealing, withdrawing.

A commitment needs the wallet alone: the salt is random, the envelope is encrypted under a signature of the wallet, and
whoever holds the same wallet reopens both from the chain. The functions named `…_all` serve many members at once with
a handful of requests.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from commons.addresses import Address, checksummed
from commons.chain import Call, Event, Receipt
from commons.contracts import CommunityReader, Contracts
from commons.envelope import EnvelopeContext, key_from_signature, key_text, seal, unseal
from commons.errors import EnvelopeError, InputError, InsufficientEscrow, MalformedOrders
from commons.orders import SALT_BYTES, Order, bounds, commitment, require_valid
from commons.records import Funds, Position, PositionState, SessionParameters
from commons.units import MoneyUe, SessionId, show_eur
from commons.wallets import Signer

MOST_LOCK = 1 << 96


@dataclass(frozen=True)
class SealedOrders:
    """Orders ready to be committed; `max_lock` is locked at once, with `deposit`, which the reveal returns (µ€)."""

    orders: tuple[Order, ...] = field(repr=False)
    salt: bytes = field(repr=False)
    commitment: bytes
    max_lock: MoneyUe
    deposit: MoneyUe
    envelope: bytes = field(repr=False)


@dataclass(frozen=True)
class OpenedOrders:
    """Orders and salt as an envelope on the chain holds them."""

    orders: tuple[Order, ...]
    salt: bytes = field(repr=False)
    commitment: bytes


def context(reader: CommunityReader, session_id: SessionId, trader: Address) -> EnvelopeContext:
    """Where and whose an envelope is."""
    return EnvelopeContext(reader.chain.chain_id, reader.contracts.marketplace.address, session_id, trader)


# -------------------------------------------------------------------- committing


def seal_orders(
    reader: CommunityReader,
    session_id: SessionId,
    parameters: SessionParameters,
    trader: Signer,
    orders: Sequence[Order],
    max_lock: MoneyUe | None = None,
) -> SealedOrders:
    """The orders under a fresh salt with their commitment and envelope; nothing is sent.

    `max_lock` may lock more than the orders need, to hide what they come to.

    Raises:
        MalformedOrders: the session takes no such orders, or `max_lock` is too small for them.
    """
    require_valid(orders, parameters.order_rules)
    needed = bounds(orders, parameters.penalty_price, parameters.cap_price).lock
    lock = needed if max_lock is None else max_lock
    if not needed <= lock < MOST_LOCK:
        raise MalformedOrders(
            f"the orders may need {show_eur(needed)}, and {show_eur(lock)} would be locked for them",
            remedy="Lock at least what they may need.",
        )
    salt = secrets.token_bytes(SALT_BYTES)
    where = context(reader, session_id, trader.address)
    digest = commitment(where.chain_id, where.marketplace, session_id, trader.address, orders, salt)
    envelope = seal(orders, salt, envelope_key(trader, where), where)
    return SealedOrders(tuple(orders), salt, digest, lock, parameters.deposit(lock), envelope)


def envelope_key(trader: Signer, where: EnvelopeContext) -> bytes:
    """The key that the wallet's signature makes."""
    return key_from_signature(trader.sign_text(key_text(where)), where)


def commit_call(contracts: Contracts, session_id: SessionId, sealed: SealedOrders) -> Call:
    """Commit to sealed orders; replaces the sender's commitment."""
    arguments = (session_id, sealed.commitment, sealed.max_lock, sealed.envelope)
    return contracts.marketplace.call("submitCommitments", *arguments)


def commit(
    reader: CommunityReader,
    session_id: SessionId,
    trader: Signer,
    orders: Sequence[Order],
    max_lock: MoneyUe | None = None,
) -> SealedOrders:
    """Commit to orders, in place of an earlier commitment of the same session.

    Raises:
        UnknownSession: there is no such session.
        MalformedOrders: the session takes no such orders.
        InsufficientEscrow: the member's escrow does not hold lock and deposit.
        ContractRefusal: the session takes no more commitments, or the wallet is no active member.
    """
    parameters = reader.parameters(session_id)
    sealed = seal_orders(reader, session_id, parameters, trader, orders, max_lock)
    prior, funds = reader.position(session_id, trader.address), reader.funds(trader.address)
    require_escrow(trader.address, parameters, sealed, prior, funds)
    reader.chain.send(trader, commit_call(reader.contracts, session_id, sealed))
    return sealed


def commit_all(
    reader: CommunityReader, session_id: SessionId, orders_of: Sequence[tuple[Signer, Sequence[Order]]]
) -> list[SealedOrders]:
    """Commit the orders of many members at once; errors as `commit`, before anything is sent."""
    parameters = reader.parameters(session_id)
    traders = [trader.address for trader, _ in orders_of]
    priors, funds = reader.positions(session_id, traders), reader.funds_of(traders)
    sealed = [seal_orders(reader, session_id, parameters, trader, orders) for trader, orders in orders_of]
    for trader, one, prior, held in zip(traders, sealed, priors, funds, strict=True):
        require_escrow(trader, parameters, one, prior, held)
    calls = [
        (trader, commit_call(reader.contracts, session_id, s)) for (trader, _), s in zip(orders_of, sealed, strict=True)
    ]
    reader.chain.send_all(calls)
    return sealed


def require_escrow(
    trader: Address, parameters: SessionParameters, sealed: SealedOrders, prior: Position, funds: Funds
) -> None:
    """Refuse a commitment that the escrow does not cover; a commitment that it replaces frees its own lock first."""
    freed = 0
    if prior.state == PositionState.COMMITTED:
        freed = prior.lock + parameters.deposit(prior.lock)
    needed, free = sealed.max_lock + sealed.deposit, funds.free + freed
    if needed > free:
        raise InsufficientEscrow(
            f"the orders lock {show_eur(sealed.max_lock)} and a deposit of {show_eur(sealed.deposit)}, and "
            f"{checksummed(trader)} has {show_eur(MoneyUe(free))} free in escrow",
            which=trader,
            remedy=f"Deposit {show_eur(MoneyUe(needed - free))} more with `commonwatt funds deposit`, or order less.",
        )


def withdraw(reader: CommunityReader, session_id: SessionId, trader: Signer) -> Receipt:
    """Take a commitment back before the commit deadline, with its lock and deposit."""
    reader.require_session(session_id)
    return reader.chain.send(trader, reader.contracts.marketplace.call("withdrawCommitment", session_id))


# -------------------------------------------------------------------- reopening and revealing


def commitments(reader: CommunityReader, session_id: SessionId) -> dict[Address, Event]:
    """The last commitment event of each trader of a session, withdrawn ones left out."""
    events = reader.session_events(session_id, "CommitmentSubmitted", "CommitmentWithdrawn")
    standing: dict[Address, Event] = {}
    for event in events:
        trader = event.args["trader"]
        if event.name == "CommitmentSubmitted":
            standing[trader] = event
        else:
            standing.pop(trader, None)
    return standing


def open_envelope(reader: CommunityReader, session_id: SessionId, trader: Signer, event: Event) -> OpenedOrders:
    """The orders in a commitment's envelope, opened by the wallet that sealed it.

    Raises:
        EnvelopeError: it does not open with this wallet.
    """
    where = context(reader, session_id, trader.address)
    orders, salt = unseal(event.args["envelope"], envelope_key(trader, where), where)
    return OpenedOrders(tuple(orders), salt, event.args["commitment"])


def reopen(reader: CommunityReader, session_id: SessionId, trader: Signer) -> OpenedOrders:
    """A member's own orders, from the chain and the wallet alone.

    Raises:
        UnknownSession: there is no such session.
        InputError: the wallet has committed nothing there.
        EnvelopeError: the envelope does not open with this wallet.
    """
    reader.require_session(session_id)
    standing = commitments(reader, session_id)
    return open_envelope(reader, session_id, trader, _standing(standing, session_id, trader.address))


def reveal_call(
    contracts: Contracts, session_id: SessionId, trader: Address, orders: Sequence[Order], salt: bytes
) -> Call:
    """Reveal orders for a trader; anybody who knows them may."""
    return contracts.marketplace.call("revealOrders", session_id, trader, list(orders), salt)


def reveal(reader: CommunityReader, session_id: SessionId, trader: Signer) -> OpenedOrders:
    """Reveal a member's own orders, reopened from the chain.

    Raises:
        EnvelopeError: the envelope does not open, or holds other orders than were committed.
        ContractRefusal: it is too early, too late, or done already. Other errors as `reopen`.
    """
    opened = reopen(reader, session_id, trader)
    require_committed(reader, session_id, trader.address, opened)
    call = reveal_call(reader.contracts, session_id, trader.address, opened.orders, opened.salt)
    reader.chain.send(trader, call)
    return opened


def reveal_for(
    reader: CommunityReader,
    session_id: SessionId,
    sender: Signer,
    trader: Address,
    orders: Sequence[Order],
    salt: bytes,
) -> Receipt:
    """Reveal another's orders, given with their salt.

    Raises:
        UnknownSession: there is no such session.
        ContractRefusal: they are not what the trader committed to, or it is too early, too late, or done already.
    """
    reader.require_session(session_id)
    return reader.chain.send(sender, reveal_call(reader.contracts, session_id, trader, orders, salt))


def reveal_all(reader: CommunityReader, session_id: SessionId, traders: Sequence[Signer]) -> list[OpenedOrders]:
    """Reveal the orders of many members at once, each reopened from the chain by its own wallet; errors as `reveal`."""
    reader.require_session(session_id)
    standing = commitments(reader, session_id)
    opened = []
    for trader in traders:
        event = _standing(standing, session_id, trader.address)
        opened.append(open_envelope(reader, session_id, trader, event))
        require_committed(reader, session_id, trader.address, opened[-1])
    calls = [
        (trader, reveal_call(reader.contracts, session_id, trader.address, one.orders, one.salt))
        for trader, one in zip(traders, opened, strict=True)
    ]
    reader.chain.send_all(calls)
    return opened


def require_committed(reader: CommunityReader, session_id: SessionId, trader: Address, opened: OpenedOrders) -> None:
    """Refuse an envelope whose content is not what was committed: its maker's program was wrong."""
    where = context(reader, session_id, trader)
    digest = commitment(where.chain_id, where.marketplace, session_id, trader, opened.orders, opened.salt)
    if digest != opened.commitment:
        raise EnvelopeError(
            f"the envelope of {checksummed(trader)} in session {session_id} holds other orders than were committed",
            which=session_id,
            remedy="Reveal the very orders and salt of the commitment from where they were saved: --orders, --salt.",
        )


def _standing(standing: dict[Address, Event], session_id: SessionId, trader: Address) -> Event:
    if trader not in standing:
        raise InputError(
            f"{checksummed(trader)} has no commitment in session {session_id}",
            which=session_id,
            remedy="Commit orders with `commonwatt order commit` before the commit deadline.",
        )
    return standing[trader]
