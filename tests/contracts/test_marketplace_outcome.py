"""Posting an outcome, and freeing what unfilled orders locked: `Marketplace`, the first half."""

from typing import Any

import pytest
from brownie.network.web3 import web3
from eth_abi.abi import decode, encode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commons.keccak import keccak256
from commons.orders import Order
from oracle.clearing.outcome import slots_hash
from oracle.clearing.types import SlotResult
from tests.contracts.chain import now, pass_to, receipt_of, refusal_of, refused, request, send, undone
from tests.contracts.community import FUNDS_UE, Contracts, Person
from tests.contracts.market import (
    CHAIN_ID,
    CID,
    ENDED,
    Session,
    buy,
    commit_and_reveal,
    leaves,
    open_session,
    run_to_execution,
    run_to_metering,
    sell,
)
from tests.contracts.test_outcome_verifier import SLOT_RESULT

OTHER_CID = "bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"


@pytest.fixture
def revealed(session: Session, alice: Person, bob: Person, carol: Person) -> Session:
    """Alice buys more than bob sells in slot 0; carol's bid is too low; slot 1 crosses nothing."""
    orders = {
        alice: [buy(0, 1000, 200_000), buy(0, 500, 200_000), buy(1, 100, 50_000)],
        bob: [sell(0, 1200, 100_000), sell(1, 100, 60_000)],
        carol: [buy(0, 300, 99_000)],
    }
    return commit_and_reveal(session, orders)


@pytest.fixture
def cleared(revealed: Session, operators: list[Person]) -> Session:
    """The same with a final outcome."""
    revealed.accept_outcome(operators[:2])
    revealed.to_metering()
    return revealed


def posting(session: Session, results: list[SlotResult] | None = None, cid: str = CID) -> tuple[Any, ...]:
    """`setFinalOrders` with its arguments."""
    posted = session.results() if results is None else results
    return session.contracts.marketplace.setFinalOrders, session.id, posted, cid


def freeing(session: Session, index: int) -> tuple[Any, ...]:
    """`freeUnfilled` with its arguments, by the honest outcome."""
    return session.contracts.marketplace.freeUnfilled, session.id, *session.proof_of(index)


# ---------------------------------------------------------------- posting


def test_outcome__a_second_before_tr__is_refused(session: Session, alice: Person, operators: list[Person]) -> None:
    session.commit(alice, [buy(0, 1000, 200_000)])
    session.to_reveals()
    session.reveal(alice)
    tr = session.terms.reveal_deadline
    pass_to(tr - 1)
    refused("TooEarly", *posting(session), by=operators[0], opensAt=tr, timestamp=tr - 1)


def test_outcome__where_nobody_revealed__is_refused(session: Session, alice: Person, operators: list[Person]) -> None:
    session.commit(alice, [buy(0, 1000, 200_000)])
    session.to_clearing()
    refused("NothingRevealed", *posting(session, []), by=operators[0], sessionId=session.id)


def test_outcome__of_a_cancelled_session__is_refused(revealed: Session, operators: list[Person]) -> None:
    revealed.to_timeout()
    send(revealed.contracts.marketplace.cancel, revealed.id, by=operators[0])
    refused("SessionIsCancelled", *posting(revealed), by=operators[0], sessionId=revealed.id)


def test_outcome__at_the_settlement_timeout__is_refused(revealed: Session, operators: list[Person]) -> None:
    revealed.to_timeout()
    refused("QuestionClosed", *posting(revealed), by=operators[0], timestamp=revealed.terms.settlement_timeout)


def test_outcome__that_names_no_data__is_refused(revealed: Session, operators: list[Person]) -> None:
    refused("EmptyDataCid", *posting(revealed, cid=""), by=operators[0])


def test_outcome__of_a_slot_too_few_or_too_many__is_refused(revealed: Session, operators: list[Person]) -> None:
    results = revealed.results()
    for wrong in (results[:1], [*results, results[1]], []):
        refused("WrongResultCount", *posting(revealed, wrong), by=operators[0], count=len(wrong), required=2)


def test_outcome__that_contradicts_itself_or_the_session__is_refused(
    revealed: Session, operators: list[Person]
) -> None:
    results = revealed.results()
    impossible = [results[0]._replace(price=results[0].price + 1), results[1]]
    name = b"midpoint".ljust(32, b"\0")
    refused("ImpossibleResult", *posting(revealed, impossible), by=operators[0], slot=0, check=name)
    miscounted = [results[0], results[1]._replace(order_count=3)]
    refused("WrongOrderTotal", *posting(revealed, miscounted), by=operators[0], counted=7, revealed=6)


def test_outcome__of_the_honest_rule__is_posted_under_a_hash_that_anybody_can_recompute(
    revealed: Session, operators: list[Person]
) -> None:
    market = revealed.contracts.marketplace
    results = revealed.results()
    told = send(*posting(revealed), by=operators[0]).event("OutcomePosted")
    kind = b"outcome".ljust(32, b"\0")
    named = [CHAIN_ID, market.address, kind, revealed.id, 1]
    question = keccak256(encode(["uint256", "address", "bytes32", "uint256", "uint256"], named))
    assert revealed.outcome_question == question
    answer = keccak256(question + slots_hash(results) + keccak256(CID.encode()))
    posted = told.values.pop("slots")
    assert told.values == {
        "sessionId": revealed.id,
        "round": 1,
        "operator": operators[0].address,
        "answer": answer,
        "dataCid": CID,
    }
    assert decode([f"{SLOT_RESULT}[]"], posted)[0] == tuple(tuple(result) for result in results)
    assert revealed.contracts.quorum.votesFor(question, answer) == 1


@pytest.mark.parametrize("field", [0, 3, 6, 13])
def test_outcome__with_a_field_too_wide_for_its_type__is_refused(
    revealed: Session, operators: list[Person], field: int
) -> None:
    function, *arguments = posting(revealed)
    data = bytes.fromhex(function.encode_input(*arguments)[2:])
    at = 4 + 3 * 32 + 32 + field * 32
    wide = data[:at] + b"\x01" + data[at + 1 :]
    transaction = {"from": operators[0].address, "to": function._address}
    for sent, fine in ((data, True), (wide, False)):
        done = web3.provider.make_request("eth_call", [{**transaction, "data": "0x" + sent.hex()}, "pending"])
        assert ("error" not in done) == fine


def test_outcome__encoded_with_a_gap__is_the_same_answer(revealed: Session, operators: list[Person]) -> None:
    function, *arguments = posting(revealed)
    data = bytes.fromhex(function.encode_input(*arguments)[2:])
    offsets = [int.from_bytes(data[4 + place * 32 : 36 + place * 32], "big") + 64 for place in (1, 2)]
    head = data[:36] + b"".join(offset.to_bytes(32, "big") for offset in offsets)
    moved = head + b"\xff" * 64 + data[4 + 3 * 32 :]
    transaction = {"from": operators[0].address, "to": function._address, "gas": "0x7a1200", "gasPrice": "0x0"}
    receipt_of(request("eth_sendTransaction", {**transaction, "data": "0x" + moved.hex()}))
    answer = revealed.post_outcome(operators[1])
    assert revealed.contracts.quorum.votesFor(revealed.outcome_question, answer) == 2


# ---------------------------------------------------------------- freeing what is unfilled


def test_freeing__before_the_outcome_is_final__is_refused(
    revealed: Session, operators: list[Person], stranger: Person
) -> None:
    call = freeing(revealed, 1)
    refused("OutcomeNotFinal", *call, by=stranger, sessionId=revealed.id)
    revealed.accept_outcome(operators[:2])
    pass_to(now() + revealed.terms.challenge_window - 1)
    refused("OutcomeNotFinal", *call, by=stranger, sessionId=revealed.id)
    pass_to(now() + 2)
    send(*call, by=stranger)


def test_freeing__by_another_outcome_than_the_final_one__is_refused(
    revealed: Session, operators: list[Person], stranger: Person
) -> None:
    """Under another name of its data, or with another slot beside the order's."""
    revealed.accept_outcome(operators[:2])
    revealed.to_metering()
    market = revealed.contracts.marketplace
    outcome, order = revealed.proof_of(1)
    renamed = (*outcome[:3], OTHER_CID)
    call = (market.freeUnfilled, revealed.id, renamed, order)
    refused("NotTheFinalOutcome", *call, by=stranger, sessionId=revealed.id)
    swapped = (outcome[0], [outcome[1][0], b"\1" * 32], *outcome[2:])
    refused("NotTheFinalOutcome", market.freeUnfilled, revealed.id, swapped, order, by=stranger)
    answer = bytes(revealed.contracts.quorum.acceptedAnswer(revealed.outcome_question)[0])
    values = refused("NotTheFinalOutcome", *call, by=stranger)
    assert values["accepted"] == answer != values["given"]


def test_freeing__of_an_order_filled_in_full__is_refused(cleared: Session, stranger: Person) -> None:
    index = 3
    assert cleared.proof_of(index)[1][5] == 1200
    refused("NothingUnfilled", *freeing(cleared, index), by=stranger, sessionId=cleared.id, index=index)


def test_freeing__a_second_time__is_refused(cleared: Session, stranger: Person) -> None:
    send(*freeing(cleared, 1), by=stranger)
    refused("NothingUnfilled", *freeing(cleared, 1), by=stranger, index=1)


def test_freeing__by_a_wrong_path__is_refused(cleared: Session, stranger: Person) -> None:
    outcome, order = cleared.proof_of(1)
    wrong = (*order[:7], [b"\1" * 32, *order[7][1:]], order[8])
    refused("InvalidProof", cleared.contracts.marketplace.freeUnfilled, cleared.id, outcome, wrong, by=stranger)


def test_freeing__in_a_session_without_reveals__is_refused(cleared: Session, admin: Person, stranger: Person) -> None:
    other = open_session(cleared.contracts, admin)
    call = (cleared.contracts.marketplace.freeUnfilled, other.id, *cleared.proof_of(1))
    refused("NothingRevealed", *call, by=stranger, sessionId=other.id)


def test_freeing__in_a_cancelled_session__is_refused(cleared: Session, stranger: Person) -> None:
    cleared.to_timeout()
    send(cleared.contracts.marketplace.cancel, cleared.id, by=stranger)
    refused("SessionIsCancelled", *freeing(cleared, 1), by=stranger)


def test_freeing__once_the_trader_was_executed__is_refused(
    cleared: Session, alice: Person, bob: Person, carol: Person, operators: list[Person], stranger: Person
) -> None:
    nothing = leaves(cleared.id, {alice: (0, 0, 0), bob: (0, 0, 0), carol: (0, 0, 0)})
    run_to_execution(cleared, nothing, operators[:2])
    cleared.execute(nothing, alice, by=stranger)
    refused("WrongPosition", *freeing(cleared, 1), by=stranger, trader=alice, state=ENDED)


def test_freeing__of_all_orders__leaves_locked_what_the_fills_can_cost(
    cleared: Session, fontana: Contracts, alice: Person, bob: Person, carol: Person, stranger: Person
) -> None:
    """Slot 0: bob's 1200 Wh go to alice's 1500 pro rata, 800 and 400; the price is 200000 µ€/kWh."""
    market = fontana.marketplace
    freed = {index: send(*freeing(cleared, index), by=stranger).event("UnfilledFreed") for index in (0, 1, 2, 4, 5)}
    assert {index: event["amount"] for index, event in freed.items()} == {
        0: 200 * 200 + 200 * 100,
        1: 100 * 200 + 100 * 100,
        2: 100 * 50 + 100 * 100,
        4: 100 * 100,
        5: 300 * 99 + 300 * 100,
    }
    assert freed[5].values == {"sessionId": cleared.id, "trader": carol.address, "index": 5, "amount": 59_700}
    assert market.checkFunds(alice.address)[1] == 1200 * 200 + 1200 * 100
    assert market.checkFunds(bob.address)[1] == 1200 * 100
    assert market.checkFunds(carol.address) == (FUNDS_UE, 0, FUNDS_UE)
    assert market.positionOf(cleared.id, alice.address)[1:3] == (360_000, 240_000)
    assert market.positionOf(cleared.id, bob.address)[6] == 1200 * 500


@st.composite
def books(draw: Any) -> list[list[Order]]:
    """Orders of three traders over two slots, one side per trader and slot, with many equal limits."""
    traders = []
    for _ in range(3):
        orders = []
        for slot in range(2):
            side = draw(st.booleans())
            sizes = draw(st.lists(st.tuples(st.integers(10, 3_000), st.integers(1, 5)), max_size=3))
            orders += [(buy if side else sell)(slot, wh, limit * 33_333) for wh, limit in sizes]
        traders.append(orders)
    return traders


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(traders=books())
def test_freeing__of_every_order_of_random_books__leaves_each_trader_able_to_pay_the_settlement(
    fontana: Contracts,
    admin: Person,
    alice: Person,
    bob: Person,
    carol: Person,
    operators: list[Person],
    stranger: Person,
    traders: list[list[Order]],
) -> None:
    orders = {who: theirs for who, theirs in zip((alice, bob, carol), traders, strict=True) if theirs}
    if not orders:
        return
    with undone():
        session = open_session(fontana, admin)
        run_to_metering(session, orders, operators[:2])
        filled = session.outcome().filled.tolist()
        for index, order in enumerate(order for theirs in orders.values() for order in theirs):
            if filled[index] < order.quantity_wh:
                send(*freeing(session, index), by=stranger)
            assert refusal_of(*freeing(session, index), by=stranger) is not None
        settle_at_the_worst(session, orders, filled, operators, stranger)


def settle_at_the_worst(
    session: Session, orders: dict[Person, list[Order]], filled: list[int], operators: list[Person], by: Person
) -> None:
    """What is locked is the bound over the fills, and delivery of everything or nothing stays within it."""
    at = 0
    for trader, theirs in orders.items():
        fills = [order for order in zip(theirs, filled[at : at + len(theirs)], strict=True) if order[1]]
        at += len(theirs)
        kept = session.bounds_of([(buy if o.is_buy else sell)(o.slot, wh, o.limit_price) for o, wh in fills])
        position = session.contracts.marketplace.positionOf(session.id, trader.address)
        assert (position[1], position[2], position[6]) == (kept.lock, kept.max_debit, kept.max_credit)
    nothing = {trader: [0] * session.terms.slot_count for trader in orders}
    for posted in (session.settlement(), session.settlement(withdrawn=nothing, injected=nothing)):
        with undone():
            run_to_execution(session, posted, operators[:2])
            everybody = [posted.leaf(trader) for trader in orders], [posted.proof(trader) for trader in orders]
            send(session.contracts.marketplace.executeBatch, session.id, *everybody, by=by)
