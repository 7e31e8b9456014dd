"""Sealed orders: committed with their lock, replaced, withdrawn, revealed by whoever knows them."""

import secrets
from typing import Any

import pytest
from brownie.network.web3 import web3
from eth_abi.abi import encode

from commons.addresses import Address
from commons.envelope import EnvelopeContext, key_from_signature, key_text, local_signer, seal, unseal
from commons.keccak import keccak256
from commons.orders import Order, orders_hash
from commons.units import SessionId
from tests.contracts.chain import pass_to, receipt_of, refusal_of, refused, request, send
from tests.contracts.community import FUNDS_UE, Contracts, Person, fund
from tests.contracts.market import (
    CHAIN_ID,
    COMMITTED,
    ENDED,
    NONE,
    REVEALED,
    Session,
    buy,
    open_session,
    order_tuples,
    sell,
)

ORDERS = (buy(0, 1000, 200_001), sell(1, 777, 99_999))
NO_POSITION = ("0x" + "00" * 32, 0, 0, 0, 0, NONE, 0)


def commitment_of(contracts: Contracts, session: Session, digest: bytes = b"\1" * 32, max_lock: int = 1) -> Any:
    """`submitCommitments` with its arguments."""
    return contracts.marketplace.submitCommitments, session.id, digest, max_lock, b""


def revelation(
    contracts: Contracts, session: Session, trader: Person, orders: list[Any] | None = None, salt: bytes = bytes(32)
) -> Any:
    """`revealOrders` with its arguments."""
    shown = order_tuples(session.sealed[trader].orders) if orders is None else orders
    return contracts.marketplace.revealOrders, session.id, trader.address, shown, salt


# ---------------------------------------------------------------- commit


def test_commitment__by_a_stranger__is_refused(fontana: Contracts, session: Session, stranger: Person) -> None:
    refused("NotActive", *commitment_of(fontana, session), by=stranger, account=stranger)


def test_commitment__to_nothing__is_refused(fontana: Contracts, session: Session, alice: Person) -> None:
    refused("EmptyCommitment", *commitment_of(fontana, session, bytes(32)), by=alice)


def test_commitment__at_tc__is_refused(fontana: Contracts, session: Session, alice: Person) -> None:
    session.to_reveals()
    tc = session.terms.commit_deadline
    refused("TooLate", *commitment_of(fontana, session), by=alice, deadline=tc, timestamp=tc)
    refused("TooLate", fontana.marketplace.withdrawCommitment, session.id, by=alice, deadline=tc, timestamp=tc)


def test_commitment__a_second_before_tc__is_taken(fontana: Contracts, session: Session, alice: Person) -> None:
    pass_to(session.terms.commit_deadline - 1)
    send(*commitment_of(fontana, session), by=alice)


@pytest.mark.parametrize(("bps", "deposit"), [(0, 1_000_000), (99, 9_900_000), (10_000, 1_000_000_000)])
def test_commitment__one_beyond_the_free_escrow__is_refused_deposit_included(
    fontana: Contracts, admin: Person, alice: Person, bps: int, deposit: int
) -> None:
    """The deposit is the larger of the fixed one and the share of the lock, rounded up."""
    session = open_session(fontana, admin, deposit_bps=bps)
    most = next(lock for lock in (FUNDS_UE - deposit, 990_197_049, FUNDS_UE // 2) if fits(session, lock))
    call = commitment_of(fontana, session, max_lock=most + 1)
    required = most + 1 + session.deposit_of(most + 1)
    refused("InsufficientEscrow", *call, by=alice, account=alice, free=FUNDS_UE, required=required)
    send(*commitment_of(fontana, session, max_lock=most), by=alice)


def fits(session: Session, lock: int) -> bool:
    """Whether `lock` is the most that a member's funds allow."""
    return lock + session.deposit_of(lock) <= FUNDS_UE < lock + 1 + session.deposit_of(lock + 1)


def test_commitment__in_two_sessions__cannot_lock_the_same_money(
    fontana: Contracts, session: Session, admin: Person, alice: Person
) -> None:
    other = open_session(fontana, admin, delivery_start=session.terms.delivery_end)
    send(*commitment_of(fontana, session, max_lock=FUNDS_UE // 2), by=alice)
    refused("InsufficientEscrow", *commitment_of(fontana, other, max_lock=FUNDS_UE // 2), by=alice)


def test_commitment__of_orders__locks_them_and_carries_the_envelope(
    fontana: Contracts, session: Session, alice: Person
) -> None:
    done = session.commit(alice, ORDERS, envelope=b"for alice alone")
    sealed = session.sealed[alice]
    deposit = session.deposit_of(sealed.max_lock)
    assert [event.name for event in done.events] == ["CommitmentSubmitted"]
    assert done.event("CommitmentSubmitted").values == {
        "sessionId": session.id,
        "trader": alice.address,
        "commitment": sealed.digest,
        "maxLock": sealed.max_lock,
        "deposit": deposit,
        "envelope": b"for alice alone",
    }
    locked = sealed.max_lock + deposit
    assert fontana.marketplace.checkFunds(alice.address) == (FUNDS_UE, locked, FUNDS_UE - locked)
    position = fontana.marketplace.positionOf(session.id, alice.address)
    assert position == ("0x" + sealed.digest.hex(), sealed.max_lock, 0, 0, 0, COMMITTED, 0)


def test_commitment__made_again__replaces_the_one_before(fontana: Contracts, session: Session, alice: Person) -> None:
    session.commit(alice, ORDERS, max_lock=FUNDS_UE * 9 // 10)
    done = session.commit(alice, ORDERS[:1], max_lock=FUNDS_UE * 8 // 10)
    assert [event.name for event in done.events] == ["CommitmentWithdrawn", "CommitmentSubmitted"]
    locked = FUNDS_UE * 8 // 10 + session.deposit_of(FUNDS_UE * 8 // 10)
    assert fontana.marketplace.checkFunds(alice.address)[1] == locked
    session.to_reveals()
    stale = revelation(fontana, session, alice, order_tuples(ORDERS))
    refused("RevealMismatch", *stale, by=alice, committed=session.sealed[alice].digest)
    session.reveal(alice)


def test_commitment__withdrawn__leaves_nothing_behind(fontana: Contracts, session: Session, alice: Person) -> None:
    session.commit(alice, ORDERS)
    told = send(fontana.marketplace.withdrawCommitment, session.id, by=alice).event("CommitmentWithdrawn")
    assert told.values == {"sessionId": session.id, "trader": alice.address}
    assert fontana.marketplace.positionOf(session.id, alice.address) == NO_POSITION
    assert fontana.marketplace.checkFunds(alice.address) == (FUNDS_UE, 0, FUNDS_UE)
    call = (fontana.marketplace.withdrawCommitment, session.id)
    refused("WrongPosition", *call, by=alice, sessionId=session.id, trader=alice, state=NONE)
    session.commit(alice, ORDERS)


def test_envelope__reopened_from_the_chain__gives_what_the_reveal_needs(
    fontana: Contracts, session: Session, alice: Person, bob: Person, relayer: Person
) -> None:
    """Another device with the same wallet: nothing but the event and a signature."""
    market, salt = Address(fontana.marketplace.address.lower()), secrets.token_bytes(32)
    context = EnvelopeContext(CHAIN_ID, market, SessionId(session.id), Address(alice.address))
    key = key_from_signature(local_signer(alice.key)(key_text(context)), context)
    done = session.commit(alice, ORDERS, envelope=seal(ORDERS, salt, key, context), salt=salt)
    envelope = done.event("CommitmentSubmitted")["envelope"]
    again = key_from_signature(local_signer(alice.key)(key_text(context)), context)
    orders, found = unseal(envelope, again, context)
    session.to_reveals()
    send(*revelation(fontana, session, alice, order_tuples(orders), found), by=relayer)


# ---------------------------------------------------------------- reveal


def test_reveal__a_second_before_tc_or_at_tr__is_refused(fontana: Contracts, session: Session, alice: Person) -> None:
    session.commit(alice, ORDERS)
    call = revelation(fontana, session, alice)
    tc, tr = session.terms.commit_deadline, session.terms.reveal_deadline
    pass_to(tc - 1)
    refused("TooEarly", *call, by=alice, opensAt=tc, timestamp=tc - 1)
    pass_to(tr)
    refused("TooLate", *call, by=alice, deadline=tr, timestamp=tr)


def test_reveal__of_no_commitment__is_refused(fontana: Contracts, session: Session, alice: Person) -> None:
    session.to_reveals()
    call = revelation(fontana, session, alice, order_tuples(ORDERS))
    refused("WrongPosition", *call, by=alice, sessionId=session.id, trader=alice, state=NONE)


def test_reveal__a_second_time__is_refused(fontana: Contracts, session: Session, alice: Person) -> None:
    session.commit(alice, ORDERS)
    session.to_reveals()
    session.reveal(alice)
    refused("WrongPosition", *revelation(fontana, session, alice), by=alice, trader=alice, state=REVEALED)


def test_reveal__of_anything_else_than_was_committed__is_refused(
    fontana: Contracts, session: Session, alice: Person, bob: Person
) -> None:
    session.commit(alice, ORDERS)
    session.commit(bob, ORDERS)
    session.to_reveals()
    orders = order_tuples(ORDERS)
    others: tuple[list[Any], ...] = (
        [orders[0]],
        [*orders, orders[1]],
        [(1, True, 1000, 200_001), orders[1]],
        [(0, False, 1000, 200_001), orders[1]],
        [(0, True, 1001, 200_001), orders[1]],
        [(0, True, 1000, 200_000), orders[1]],
        [],
    )
    for other in others:
        call = revelation(fontana, session, alice, other)
        refused("RevealMismatch", *call, by=alice, sessionId=session.id, trader=alice)
    refused("RevealMismatch", *revelation(fontana, session, alice, salt=b"\1" * 32), by=alice)


def test_reveal__of_a_commitment_copied_from_another__is_refused(
    fontana: Contracts, session: Session, alice: Person, bob: Person
) -> None:
    session.commit(alice, ORDERS)
    send(*commitment_of(fontana, session, session.sealed[alice].digest, session.sealed[alice].max_lock), by=bob)
    session.sealed[bob] = session.sealed[alice]
    session.to_reveals()
    refused("RevealMismatch", *revelation(fontana, session, bob), by=bob, trader=bob)


def test_reveal__of_a_commitment_for_another_session__is_refused(
    fontana: Contracts, session: Session, admin: Person, alice: Person
) -> None:
    other = open_session(fontana, admin, delivery_start=session.terms.delivery_end)
    sealed = session.seal(alice, ORDERS)
    send(*commitment_of(fontana, other, sealed.digest, sealed.max_lock), by=alice)
    other.sealed[alice] = sealed
    other.to_reveals()
    refused("RevealMismatch", *revelation(fontana, other, alice), by=alice, sessionId=other.id)


MALFORMED: dict[str, tuple[list[Order], str, dict[str, int]]] = {
    "none": ([], "WrongOrderCount", {"count": 0, "most": 24}),
    "one too many": ([buy(0, 10, 1)] * 25, "WrongOrderCount", {"count": 25, "most": 24}),
    "slot beyond the last": ([buy(2, 10, 1)], "WrongSlot", {"position": 0, "slot": 2}),
    "slots not ascending": ([buy(1, 10, 1), buy(0, 10, 1)], "WrongSlot", {"position": 1, "slot": 0}),
    "both sides": ([buy(0, 10, 1), sell(0, 10, 2)], "BothSides", {"position": 1, "slot": 0}),
    "both sides, sell first": ([sell(0, 10, 1), buy(0, 10, 2)], "BothSides", {"position": 1, "slot": 0}),
    "too small": ([buy(0, 9, 1)], "WrongQuantity", {"position": 0, "quantityWh": 9, "smallest": 10}),
    "too large": ([sell(0, 2**40, 1)], "WrongQuantity", {"position": 0, "quantityWh": 2**40, "smallest": 10}),
    "the largest number": ([sell(0, 2**64 - 1, 1)], "WrongQuantity", {"position": 0, "quantityWh": 2**64 - 1}),
    "below the floor": ([buy(0, 10, 4)], "WrongLimit", {"position": 0, "limitPrice": 4, "floorPrice": 5}),
    "above the cap": ([buy(0, 10, 500_001)], "WrongLimit", {"limitPrice": 500_001, "capPrice": 500_000}),
    "the second one": ([buy(0, 10, 5), buy(1, 9, 5)], "WrongQuantity", {"position": 1, "quantityWh": 9}),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_reveal__of_malformed_orders__is_refused(fontana: Contracts, admin: Person, alice: Person, case: str) -> None:
    orders, error, values = MALFORMED[case]
    session = open_session(fontana, admin, floor_price=5 if case == "below the floor" else 1)
    session.commit(alice, orders, max_lock=FUNDS_UE // 2)
    session.to_reveals()
    refused(error, *revelation(fontana, session, alice), by=alice, **values)


def test_reveal__of_a_limit_of_zero__is_refused_where_the_floor_is_zero(
    fontana: Contracts, admin: Person, alice: Person
) -> None:
    session = open_session(fontana, admin, floor_price=0)
    session.commit(alice, [sell(0, 10, 0)], max_lock=FUNDS_UE // 2)
    session.to_reveals()
    refused("WrongLimit", *revelation(fontana, session, alice), by=alice, limitPrice=0, floorPrice=0)


def test_reveal__of_orders_at_every_limit__is_taken(
    fontana: Contracts, admin: Person, alice: Person, issuer: Person
) -> None:
    fund(fontana, issuer, alice, 2 * FUNDS_UE)
    session = open_session(fontana, admin, most_orders=3, penalty_price=1, floor_price=7, slot_count=2)
    session.commit(alice, [buy(0, 10, 7), buy(0, 10, 500_000), sell(1, 2**40 - 1, 500_000)])
    session.to_reveals()
    session.reveal(alice)
    assert fontana.marketplace.positionOf(session.id, alice.address)[6] == (2**40 - 1) * 500


def test_reveal__of_orders_that_need_one_more_than_was_locked__is_refused(
    fontana: Contracts, session: Session, alice: Person
) -> None:
    required = session.lock_of(ORDERS)
    session.commit(alice, ORDERS, max_lock=required - 1)
    session.to_reveals()
    refused("LockTooSmall", *revelation(fontana, session, alice), by=alice, required=required, maxLock=required - 1)


def test_reveal__of_orders_that_need_all_that_was_locked__is_taken(
    fontana: Contracts, session: Session, alice: Person
) -> None:
    session.commit(alice, ORDERS, max_lock=session.lock_of(ORDERS))
    session.to_reveals()
    session.reveal(alice)


def test_reveal__by_another__returns_the_deposit_and_shrinks_the_lock(
    fontana: Contracts, session: Session, alice: Person, bob: Person, relayer: Person
) -> None:
    session.commit(alice, ORDERS, max_lock=FUNDS_UE // 2)
    session.commit(bob, ORDERS[:1])
    session.to_reveals()
    session.reveal(bob)
    done = session.reveal(alice, by=relayer)
    bounds = session.bounds_of(ORDERS)
    # By hand: 1000 Wh at 200001 is 200001 µ€; penalties 1000 × 100 and 777 × 100; a sale at the cap 777 × 500.
    assert (bounds.max_debit, bounds.max_penalty, bounds.max_credit) == (200_001, 177_700, 388_500)
    assert done.event("OrdersRevealed").values == {
        "sessionId": session.id,
        "trader": alice.address,
        "firstIndex": 1,
        "lock": 377_701,
        "orders": tuple(order_tuples(ORDERS)),
    }
    assert fontana.marketplace.checkFunds(alice.address) == (FUNDS_UE, 377_701, FUNDS_UE - 377_701)
    position = fontana.marketplace.positionOf(session.id, alice.address)
    assert position == ("0x" + orders_hash(ORDERS).hex(), 377_701, 200_001, 1, 2, REVEALED, 388_500)
    book = fontana.marketplace.bookOf(session.id)
    assert book[:3] == (3, 2, 0)
    assert book[5] == 377_701 + session.lock_of(ORDERS[:1])


def test_reveal__rounds_every_order_up_by_itself(fontana: Contracts, session: Session, alice: Person) -> None:
    orders = [buy(0, 11, 1), buy(0, 13, 1), sell(1, 11, 3)]
    session.commit(alice, orders)
    session.to_reveals()
    assert session.reveal(alice).event("OrdersRevealed")["lock"] == (1 + 1) + (1100 + 1300 + 1100)
    assert fontana.marketplace.positionOf(session.id, alice.address)[6] == 5500


# ---------------------------------------------------------------- odd encodings


def encoded(contracts: Contracts, session: Session, trader: Person) -> bytes:
    """The reveal's calldata."""
    function, *arguments = revelation(contracts, session, trader)
    return bytes.fromhex(function.encode_input(*arguments)[2:])


def call_raw(contracts: Contracts, data: bytes, sender: Person) -> bool:
    """Whether the market accepts this calldata."""
    transaction = {"from": sender.address, "to": contracts.marketplace.address, "data": "0x" + data.hex()}
    return "error" not in web3.provider.make_request("eth_call", [transaction, "pending"])


def test_reveal__encoded_with_a_gap_before_the_orders__means_the_same(
    fontana: Contracts, session: Session, alice: Person
) -> None:
    """The array's bytes are hashed as they came in, wherever they lie: selector, four words of head, then the array."""
    session.commit(alice, ORDERS)
    session.to_reveals()
    data = encoded(fontana, session, alice)
    head, tail = data[: 4 + 4 * 32], data[4 + 4 * 32 :]
    moved = head[: 4 + 2 * 32] + (5 * 32).to_bytes(32, "big") + head[4 + 3 * 32 :] + b"\xff" * 32 + tail
    assert call_raw(fontana, data, alice)
    assert call_raw(fontana, moved, alice)
    assert call_raw(fontana, data + b"\xff" * 32, alice)
    transaction = {
        "from": alice.address,
        "to": fontana.marketplace.address,
        "data": "0x" + moved.hex(),
        "gas": "0x7a1200",
    }
    receipt_of(request("eth_sendTransaction", {**transaction, "gasPrice": "0x0"}))
    position = fontana.marketplace.positionOf(session.id, alice.address)
    assert (position[0], position[5]) == ("0x" + orders_hash(ORDERS).hex(), REVEALED)


@pytest.mark.parametrize("field", range(4))
def test_reveal__with_a_field_too_wide_for_its_type__is_refused(
    fontana: Contracts, session: Session, alice: Person, field: int
) -> None:
    """Committed to the wide value itself, so that the commitment alone would not stop it."""
    words = [0, 1, 1000, 200_000]
    words[field] += 2**128
    array = (1).to_bytes(32, "big") + b"".join(word.to_bytes(32, "big") for word in words)
    head = encode(
        ["uint256", "address", "uint256", "address", "uint256", "bytes32"],
        [CHAIN_ID, fontana.marketplace.address, session.id, alice.address, 0xC0, bytes(32)],
    )
    send(*commitment_of(fontana, session, keccak256(head + array), FUNDS_UE // 2), by=alice)
    session.to_reveals()
    selector = bytes.fromhex(fontana.marketplace.revealOrders.signature[2:])
    wide = selector + encode(["uint256", "address", "uint256", "bytes32"], [session.id, alice.address, 0x80, bytes(32)])
    assert not call_raw(fontana, wide + array, alice)


@pytest.mark.parametrize("offset", [2**256 - 1, 2**256 - 32, 2**255, 2**64, 10_000])
def test_reveal__with_an_offset_outside_the_calldata__is_refused(
    fontana: Contracts, session: Session, alice: Person, offset: int
) -> None:
    session.commit(alice, ORDERS)
    session.to_reveals()
    data = encoded(fontana, session, alice)
    assert not call_raw(fontana, data[: 4 + 2 * 32] + offset.to_bytes(32, "big") + data[4 + 3 * 32 :], alice)


# ---------------------------------------------------------------- not revealed


def test_commitment__not_revealed__holds_until_tr_and_forfeits_its_deposit_alone(
    fontana: Contracts, session: Session, alice: Person, stranger: Person
) -> None:
    session.commit(alice, ORDERS)
    lock = session.sealed[alice].max_lock
    deposit = session.deposit_of(lock)
    release = (fontana.marketplace.releaseLock, session.id, alice.address)
    pass_to(session.terms.reveal_deadline - 1)
    refused("LockHolds", *release, by=alice, sessionId=session.id, trader=alice)
    pass_to(session.terms.reveal_deadline)
    done = send(*release, by=stranger)
    assert done.timestamp == session.terms.reveal_deadline
    told = {"sessionId": session.id, "trader": alice.address}
    assert done.event("LockReleased").values == {**told, "amount": lock, "reason": 0}
    assert done.event("DepositForfeited").values == {**told, "deposit": deposit}
    left = FUNDS_UE - deposit
    assert fontana.marketplace.checkFunds(alice.address) == (left, 0, left)
    assert fontana.marketplace.owedToTreasury() == deposit
    refused("WrongPosition", *release, by=stranger, state=ENDED)
    assert refusal_of(fontana.marketplace.withdrawAllFunds, by=alice) is None


def test_release__of_one_who_never_committed__is_refused(
    fontana: Contracts, session: Session, alice: Person, bob: Person
) -> None:
    session.to_clearing()
    refused("WrongPosition", fontana.marketplace.releaseLock, session.id, bob.address, by=alice, trader=bob, state=NONE)
    refused("WrongPosition", fontana.marketplace.releaseLock, 99, bob.address, by=alice, sessionId=99, state=NONE)


def test_book__opened_by_another_than_the_session_handler__is_refused(fontana: Contracts, admin: Person) -> None:
    refused("NotSessionHandler", fontana.marketplace.openBook, 1, by=admin, account=admin)
