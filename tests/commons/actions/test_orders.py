"""Sealed orders reopen from the chain with the wallet alone, and are refused before they cost anything."""

from collections.abc import Sequence

import pytest

from commons.actions import orders as market
from commons.actions import sessions
from commons.errors import (
    ContractRefusal,
    EnvelopeError,
    InputError,
    InsufficientEscrow,
    MalformedOrders,
    UnknownSession,
)
from commons.orders import Order
from commons.records import PositionState
from commons.units import EnergyWh, MoneyUe, PriceUekwh, SessionId, SlotIndex
from commons.wallets import Signer
from tests.support.chain import ESCROW, World


def order(slot: int, quantity_wh: int = 1000, limit: int = 200_000, is_buy: bool = True) -> Order:
    """An order."""
    return Order(SlotIndex(slot), is_buy, EnergyWh(quantity_wh), PriceUekwh(limit))


ORDERS = (order(0), order(1, 500), order(2, 700, 150_000, is_buy=False))


def revealing(world: World, session: SessionId) -> None:
    """Let the commit deadline pass."""
    world.jump_to(world.reader.parameters(session).commit_deadline)


# -------------------------------------------------------------------- committing


@pytest.mark.parametrize(
    "orders",
    [(), (order(24),), (order(0, 9),), (order(0, limit=500_001),), (order(0, limit=0),), (order(1), order(0))],
    ids=["none", "slot beyond", "too small", "above the cap", "below the floor", "unsorted"],
)
def test_commit__orders_the_session_does_not_take__are_refused(
    world: World, alice: Signer, orders: Sequence[Order]
) -> None:
    session = world.open_session()
    with pytest.raises(MalformedOrders):
        market.commit(world.reader, session, alice, orders)
    assert world.reader.position(session, alice.address).state == PositionState.NONE


def test_commit__unknown_session__is_refused(world: World, alice: Signer) -> None:
    with pytest.raises(UnknownSession):
        market.commit(world.reader, SessionId(1), alice, ORDERS)


def test_commit__escrow_too_small__says_how_much_is_missing(world: World, alice: Signer) -> None:
    session = world.open_session()
    with pytest.raises(InsufficientEscrow, match=r"Deposit 60\.125 € more"):
        market.commit(world.reader, session, alice, [order(0, 350_000, is_buy=False), order(1, 250_000, 490_000)])
    assert world.reader.funds(alice.address).locked == 0


def test_commit__lock_below_what_is_needed__is_refused(world: World, alice: Signer) -> None:
    session = world.open_session()
    with pytest.raises(MalformedOrders, match="may need"):
        market.commit(world.reader, session, alice, ORDERS, MoneyUe(1))


def test_commit__stranger__is_refused(world: World, stranger: Signer) -> None:
    session = world.open_session(deposit_fixed=MoneyUe(0), deposit_bps=0)
    with pytest.raises(InsufficientEscrow):
        market.commit(world.reader, session, stranger, ORDERS)


def test_commit__after_the_deadline__is_refused(world: World, alice: Signer) -> None:
    session = world.open_session()
    revealing(world, session)
    with pytest.raises(ContractRefusal, match="too late"):
        market.commit(world.reader, session, alice, ORDERS)


def test_commit__again__replaces_and_locks_once(world: World, alice: Signer) -> None:
    session = world.open_session()
    market.commit(world.reader, session, alice, [order(0, 90_000, 500_000)])
    sealed = market.commit(world.reader, session, alice, [order(0, 100_000, 500_000)])
    assert world.reader.funds(alice.address).locked == sealed.max_lock + sealed.deposit
    assert sessions.view(world.reader, session).committed == (alice.address,)


def test_withdraw__before_the_deadline__frees_everything(world: World, alice: Signer) -> None:
    session = world.open_session()
    market.commit(world.reader, session, alice, ORDERS)
    market.withdraw(world.reader, session, alice)
    assert world.reader.funds(alice.address).free == ESCROW
    assert sessions.view(world.reader, session).committed == ()
    with pytest.raises(InputError, match="no commitment"):
        market.reopen(world.reader, session, alice)


# -------------------------------------------------------------------- reopening and revealing


def test_reopen__another_wallet__learns_nothing(world: World, alice: Signer, bob: Signer) -> None:
    session = world.open_session()
    market.commit(world.reader, session, alice, ORDERS)
    event = market.commitments(world.reader, session)[alice.address]
    with pytest.raises(EnvelopeError):
        market.open_envelope(world.reader, session, bob, event)


def test_reopen__same_wallet__has_orders_and_salt_of_the_last_commitment(world: World, alice: Signer) -> None:
    session = world.open_session()
    market.commit(world.reader, session, alice, [order(5)])
    sealed = market.commit(world.reader, session, alice, ORDERS)
    opened = market.reopen(world.reader, session, alice)
    assert (opened.orders, opened.salt) == (sealed.orders, sealed.salt)


def test_reveal__too_early_or_twice__is_refused(world: World, alice: Signer) -> None:
    session = world.open_session()
    market.commit(world.reader, session, alice, ORDERS)
    with pytest.raises(ContractRefusal, match="Wait until then"):
        market.reveal(world.reader, session, alice)
    revealing(world, session)
    market.reveal(world.reader, session, alice)
    with pytest.raises(ContractRefusal, match="is revealed"):
        market.reveal(world.reader, session, alice)


def test_reveal__envelope_of_other_orders__is_refused_before_sending(world: World, alice: Signer) -> None:
    session = world.open_session()
    parameters = world.reader.parameters(session)
    sealed = market.seal_orders(world.reader, session, parameters, alice, ORDERS)
    other = market.seal_orders(world.reader, session, parameters, alice, [order(3)])
    call = world.contracts.marketplace.call(
        "submitCommitments", session, sealed.commitment, sealed.max_lock, other.envelope
    )
    world.chain.send(alice, call)
    revealing(world, session)
    with pytest.raises(EnvelopeError, match="other orders"):
        market.reveal(world.reader, session, alice)


def test_reveal_for__other_orders__do_not_match(world: World, alice: Signer, stranger: Signer) -> None:
    session = world.open_session()
    sealed = market.commit(world.reader, session, alice, ORDERS)
    revealing(world, session)
    with pytest.raises(ContractRefusal) as refused:
        market.reveal_for(world.reader, session, stranger, alice.address, [order(0)], sealed.salt)
    assert refused.value.error_name == "RevealMismatch"
    market.reveal_for(world.reader, session, stranger, alice.address, sealed.orders, sealed.salt)
    assert world.reader.position(session, alice.address).state == PositionState.REVEALED


def test_reveal__deposit_comes_back_and_the_worst_case_stays_locked(world: World, alice: Signer) -> None:
    session = world.open_session()
    market.commit(world.reader, session, alice, ORDERS, MoneyUe(5_000_000))
    revealing(world, session)
    market.reveal(world.reader, session, alice)
    position = world.reader.position(session, alice.address)
    assert world.reader.funds(alice.address).locked == position.lock < 5_000_000


# -------------------------------------------------------------------- many at once


def test_commit_all__one_cannot_afford_it__nobody_is_committed(world: World) -> None:
    session = world.open_session()
    dear = [order(0, 500_000, 500_000)]
    with pytest.raises(InsufficientEscrow):
        market.commit_all(world.reader, session, [(world.alice, ORDERS), (world.bob, dear)])
    assert world.reader.funds(world.alice.address).locked == 0


def test_reveal_all__everybody__is_in_the_book(world: World) -> None:
    session = world.open_session()
    market.commit_all(world.reader, session, [(member, ORDERS) for member in world.members])
    revealing(world, session)
    opened = market.reveal_all(world.reader, session, world.members)
    assert [one.orders for one in opened] == [ORDERS] * len(world.members)
    assert world.reader.book(session).order_count == len(ORDERS) * len(world.members)
