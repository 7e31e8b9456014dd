"""Posting a settlement and executing it, leaf by leaf or many at once: `Marketplace`, the second half."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any, cast

import pytest
from eth_abi.abi import encode

from commons.keccak import keccak256
from tests.contracts.chain import mine_at, now, pass_to, refused, send
from tests.contracts.community import FUNDS_UE, Contracts, Person
from tests.contracts.evidence import day_of, notarise, pass_day
from tests.contracts.market import (
    CHAIN_ID,
    CID,
    ENDED,
    NO_VERSIONS,
    NONE,
    Leaves,
    Session,
    buy,
    commit_and_reveal,
    leaves,
    open_session,
    run_to_execution,
    run_to_metering,
    sell,
)

DEBIT, PENALTY, CREDIT = 200_000, 100_000, 500_000
"""The most that alice's bid and bob's ask of 1000 Wh may come to: at her limit, the penalty price, and the cap."""


@pytest.fixture
def metered(session: Session, alice: Person, bob: Person, operators: list[Person]) -> Session:
    """A session ready to be settled: alice bought 1000 Wh of bob at 200000 µ€/kWh, her limit."""
    orders = {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 200_000)]}
    return run_to_metering(session, orders, operators[:2])


def posting(session: Session, totals: tuple[int, int, int] = (0, 0, 0), cid: str = CID) -> tuple[Any, ...]:
    """`setValidTransactions` with its arguments."""
    market = session.contracts.marketplace
    return market.setValidTransactions, session.id, b"\1" * 32, totals, NO_VERSIONS, cid


def execution(session: Session, posted: Leaves, trader: Person) -> tuple[Any, ...]:
    """`execute` with its arguments."""
    return session.contracts.marketplace.execute, session.id, posted.leaf(trader), posted.proof(trader)


def batch(session: Session, posted: Leaves, traders: Sequence[Person]) -> tuple[Any, ...]:
    """`executeBatch` with its arguments."""
    every = [posted.leaf(trader) for trader in traders], [posted.proof(trader) for trader in traders]
    return session.contracts.marketplace.executeBatch, session.id, *every


# ---------------------------------------------------------------- posting


def test_settlement__where_nobody_revealed__is_refused(session: Session, operators: list[Person]) -> None:
    session.to_metering()
    refused("NothingRevealed", *posting(session), by=operators[0], sessionId=session.id)


def test_settlement__of_a_cancelled_session__is_refused(metered: Session, operators: list[Person]) -> None:
    metered.to_timeout()
    send(metered.contracts.marketplace.cancel, metered.id, by=operators[0])
    refused("SessionIsCancelled", *posting(metered), by=operators[0], sessionId=metered.id)


def test_settlement__that_names_no_data__is_refused(metered: Session, operators: list[Person]) -> None:
    refused("EmptyDataCid", *posting(metered, cid=""), by=operators[0])


def test_settlement__a_second_before_delivery_ends__is_refused(
    fontana: Contracts, admin: Person, alice: Person, bob: Person, operators: list[Person]
) -> None:
    session = open_session(fontana, admin, slot_count=24)
    commit_and_reveal(session, {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 200_000)]})
    session.accept_outcome(operators[:2])
    end = session.terms.delivery_end
    pass_to(end - 1)
    refused("TooEarly", *posting(session), by=operators[0], opensAt=end, timestamp=end - 1)
    pass_to(end)
    send(*posting(session), by=operators[0])


def test_settlement__before_the_outcome_is_final__is_refused(
    session: Session, alice: Person, bob: Person, operators: list[Person]
) -> None:
    commit_and_reveal(session, {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 200_000)]})
    pass_to(session.terms.delivery_end)
    refused("OutcomeNotFinal", *posting(session), by=operators[0], sessionId=session.id)
    session.accept_outcome(operators[:2])
    pass_to(now() + session.terms.challenge_window - 1)
    refused("OutcomeNotFinal", *posting(session), by=operators[0], sessionId=session.id)


def test_settlement__that_pays_more_than_it_takes__is_refused(metered: Session, operators: list[Person]) -> None:
    call = posting(metered, (1000, 1001, 500))
    refused("ImpossibleTotals", *call, by=operators[0], debit=1000, credit=1001, penalty=500)
    send(*posting(metered, (1000, 1000, 500)), by=operators[0])


def test_settlement__that_takes_more_than_is_locked__is_refused(metered: Session, operators: list[Person]) -> None:
    locks = DEBIT + PENALTY + PENALTY
    call = posting(metered, (DEBIT, 0, 2 * PENALTY + 1))
    refused("ImpossibleTotals", *call, by=operators[0], locks=locks)
    most = 2**128 - 1
    refused("ImpossibleTotals", *posting(metered, (most, most, most)), by=operators[0])
    send(*posting(metered, (DEBIT, 0, 2 * PENALTY)), by=operators[0])


def test_settlement__at_the_settlement_timeout__is_refused(metered: Session, operators: list[Person]) -> None:
    metered.to_timeout()
    refused("QuestionClosed", *posting(metered), by=operators[0], timestamp=metered.terms.settlement_timeout)


def test_settlement__of_the_honest_rule__is_posted_under_a_hash_that_anybody_can_recompute(
    metered: Session, operators: list[Person]
) -> None:
    market = metered.contracts.marketplace
    posted = metered.settlement()
    days = sorted({day_of(metered.terms.delivery_start), day_of(metered.terms.delivery_end - 1)})
    pass_day(days[-1])
    for day in days:
        notarise(metered.contracts, operators[:2], day)
    versions = [(day, 1) for day in days]
    call = (market.setValidTransactions, metered.id, posted.tree.root, posted.totals, versions, CID)
    told = send(*call, by=operators[0]).event("SettlementPosted")
    kind = b"settlement".ljust(32, b"\0")
    named = [CHAIN_ID, market.address, kind, metered.id, 1]
    question = keccak256(encode(["uint256", "address", "bytes32", "uint256", "uint256"], named))
    assert metered.settlement_question == question
    hashed = keccak256(encode(["(uint32,uint32)[]"], [versions])), keccak256(CID.encode())
    types = ["bytes32", "bytes32", "(uint128,uint128,uint128)", "bytes32", "bytes32"]
    answer = keccak256(encode(types, [question, posted.tree.root, posted.totals, *hashed]))
    assert told.values == {
        "sessionId": metered.id,
        "round": 1,
        "operator": operators[0].address,
        "answer": answer,
        "root": posted.tree.root,
        "totals": posted.totals,
        "versions": tuple(versions),
        "dataCid": CID,
    }
    assert market.postedSettlement(answer) == ("0x" + posted.tree.root.hex(), posted.totals)


# ---------------------------------------------------------------- executing


def test_execution__before_validation__is_refused(
    metered: Session, alice: Person, operators: list[Person], stranger: Person
) -> None:
    posted = metered.settlement()
    call = execution(metered, posted, alice)
    refused("SettlementNotFinal", *call, by=stranger, sessionId=metered.id)
    metered.accept_settlement(operators[:2], posted)
    metered.to_validation()
    refused("SettlementNotFinal", *call, by=stranger, sessionId=metered.id)
    refused("SettlementNotFinal", *batch(metered, posted, [alice]), by=stranger)


def test_execution__by_a_proof_of_something_else__is_refused(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    posted = metered.settlement()
    run_to_execution(metered, posted, operators[:2])
    execute = metered.contracts.marketplace.execute
    leaf, proof = posted.leaf(alice), posted.proof(alice)
    for wrong in ([], [b"\1" * 32], [*proof, proof[0]]):
        refused("InvalidProof", execute, metered.id, leaf, wrong, by=stranger, root=posted.tree.root)
    for place in (1, 2, 3):
        changed = (*leaf[:place], cast(int, leaf[place]) + 1, *leaf[place + 1 :])
        refused("InvalidProof", execute, metered.id, changed, proof, by=stranger)
    refused("InvalidProof", execute, metered.id, (bob.address, *leaf[1:]), proof, by=stranger)


def test_execution__by_a_leaf_of_another_session__is_refused(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    foreign = leaves(metered.id + 1, {alice: (0, 0, 0), bob: (0, 0, 0)})
    run_to_execution(metered, foreign, operators[:2])
    refused("InvalidProof", *execution(metered, foreign, alice), by=stranger)


def test_execution__a_second_time__is_refused(
    metered: Session, alice: Person, operators: list[Person], stranger: Person
) -> None:
    posted = metered.settlement()
    run_to_execution(metered, posted, operators[:2])
    metered.execute(posted, alice, by=stranger)
    refused("WrongPosition", *execution(metered, posted, alice), by=stranger, trader=alice, state=ENDED)


def twice(session: Session, alice: Person, bob: Person) -> Leaves:
    """A settlement in whose tree alice stands twice; bob is to get what both leaves take."""
    members = (
        *leaves(session.id, {alice: (DEBIT, 0, 0)}).members,
        *leaves(session.id, {alice: (DEBIT // 4, 0, 1), bob: (0, DEBIT + DEBIT // 4, 0)}).members,
    )
    return Leaves(session.id, members)


def leaf_at(posted: Leaves, place: int) -> tuple[Any, list[bytes]]:
    """The leaf at a place, with its proof."""
    member = posted.members[place]
    return (member.trader, member.debit, member.credit, member.penalty), posted.tree.proof(place)


@pytest.mark.parametrize(("first", "second", "taken"), [(0, 1, DEBIT), (1, 0, DEBIT // 4 + 1)])
def test_execution__of_a_trader_who_stands_in_the_tree_twice__takes_one_leaf_whichever_comes_first(
    metered: Session,
    alice: Person,
    bob: Person,
    operators: list[Person],
    stranger: Person,
    first: int,
    second: int,
    taken: int,
) -> None:
    posted, market = twice(metered, alice, bob), metered.contracts.marketplace
    run_to_execution(metered, posted, operators[:2])
    send(market.execute, metered.id, *leaf_at(posted, first), by=stranger)
    again = (market.execute, metered.id, *leaf_at(posted, second))
    refused("WrongPosition", *again, by=stranger, trader=alice, state=ENDED)
    assert market.checkFunds(alice.address) == (FUNDS_UE - taken, 0, FUNDS_UE - taken)
    missing = DEBIT + DEBIT // 4 - taken
    refused("PotTooSmall", *execution(metered, posted, bob), by=stranger, trader=bob, missing=missing)
    assert market.bookOf(metered.id)[2] == 1


def test_batch__with_two_leaves_of_one_trader__executes_the_first_of_them(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    posted, market = twice(metered, alice, bob), metered.contracts.marketplace
    run_to_execution(metered, posted, operators[:2])
    both = [leaf_at(posted, place) for place in (1, 0)]
    done = send(market.executeBatch, metered.id, [leaf for leaf, _ in both], [p for _, p in both], by=stranger)
    (told,) = [event for event in done.events if event.name == "Executed"]
    assert (told["trader"], told["debit"], told["penalty"]) == (alice.address, DEBIT // 4, 1)
    assert market.checkFunds(alice.address)[0] == FUNDS_UE - DEBIT // 4 - 1


def test_execution__of_one_who_revealed_nothing__is_refused(
    metered: Session, alice: Person, bob: Person, carol: Person, operators: list[Person], stranger: Person
) -> None:
    posted = leaves(metered.id, {alice: (0, 0, 0), bob: (0, 0, 0), carol: (0, 0, 0)})
    run_to_execution(metered, posted, operators[:2])
    refused("WrongPosition", *execution(metered, posted, carol), by=stranger, trader=carol, state=NONE)
    refused("WrongPosition", *batch(metered, posted, [alice, carol]), by=stranger, trader=carol, state=NONE)


ONE_TOO_MUCH = {
    "alice, debit": ("alice", (DEBIT + 1, 0, 0)),
    "alice, penalty": ("alice", (0, 0, PENALTY + 1)),
    "alice, credit": ("alice", (0, 1, 0)),
    "alice, debit out of her penalty": ("alice", (DEBIT + 1, 0, PENALTY - 1)),
    "bob, debit": ("bob", (1, 0, 0)),
    "bob, penalty": ("bob", (0, 0, PENALTY + 1)),
    "bob, credit": ("bob", (0, CREDIT + 1, 0)),
    "bob, the largest number": ("bob", (0, 2**256 - 1, 0)),
}


@pytest.mark.parametrize("case", ONE_TOO_MUCH)
def test_execution__one_beyond_what_the_orders_allow__is_refused(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person, case: str
) -> None:
    """Whatever k operators attest: the contract knows what each trader put at stake."""
    name, amounts = ONE_TOO_MUCH[case]
    trader, other = (alice, bob) if name == "alice" else (bob, alice)
    posted = leaves(metered.id, {trader: amounts, other: (0, 0, 0)})
    accept_whatever(metered, posted, operators)
    bounds = (DEBIT, 0, PENALTY) if name == "alice" else (0, CREDIT, PENALTY)
    refused(
        "BeyondBounds",
        *execution(metered, posted, trader),
        by=stranger,
        trader=trader,
        leaf=(trader.address, *amounts),
        debitBound=bounds[0],
        creditBound=bounds[1],
        penaltyBound=bounds[2],
    )


def accept_whatever(session: Session, posted: Leaves, operators: list[Person]) -> None:
    """Operators who agree on totals that pass, and on leaves that say something else."""
    market, quorum = session.contracts.marketplace, session.contracts.quorum
    call = (market.setValidTransactions, session.id, posted.tree.root, (0, 0, 0), NO_VERSIONS, CID)
    answer = send(*call, by=operators[0]).event("SettlementPosted")["answer"]
    send(quorum.attest, session.settlement_question, answer, by=operators[1])
    session.to_validation()
    session.validate(operators[0])


def test_execution__at_the_most_that_the_orders_allow__is_done(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    most = leaves(metered.id, {alice: (DEBIT, 0, PENALTY), bob: (0, DEBIT, PENALTY)})
    run_to_execution(metered, most, operators[:2])
    done = metered.execute(most, alice, by=stranger)
    assert done.event("Executed").values == {
        "sessionId": metered.id,
        "trader": alice.address,
        "debit": DEBIT,
        "credit": 0,
        "penalty": PENALTY,
        "unlocked": 0,
    }
    market = metered.contracts.marketplace
    assert market.checkFunds(alice.address) == (FUNDS_UE - DEBIT - PENALTY, 0, FUNDS_UE - DEBIT - PENALTY)
    metered.execute(most, bob, by=stranger)
    assert market.checkFunds(bob.address) == (FUNDS_UE + DEBIT - PENALTY, 0, FUNDS_UE + DEBIT - PENALTY)
    book = market.bookOf(metered.id)
    assert book[2] == 2
    assert book[6] == 2 * PENALTY


def test_execution__of_a_credit_before_the_debits__waits_for_the_pot(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    posted = metered.settlement()
    run_to_execution(metered, posted, operators[:2])
    refused("PotTooSmall", *execution(metered, posted, bob), by=stranger, trader=bob, missing=DEBIT)
    metered.execute(posted, alice, by=stranger)
    metered.execute(posted, bob, by=stranger)


def test_execution__of_credits_while_debits_come_in__says_each_time_what_is_missing(
    session: Session, alice: Person, bob: Person, carol: Person, operators: list[Person], stranger: Person
) -> None:
    orders = {
        alice: [buy(0, 1000, 200_000)],
        bob: [sell(0, 1600, 200_000)],
        carol: [buy(0, 600, 200_000)],
    }
    posted = run_to_metering(session, orders, operators[:2]).settlement()
    run_to_execution(session, posted, operators[:2])
    market, credit = session.contracts.marketplace, 1600 * 200
    call = execution(session, posted, bob)
    refused("PotTooSmall", *call, by=stranger, trader=bob, missing=credit)
    session.execute(posted, carol, by=stranger)
    refused("PotTooSmall", *call, by=stranger, trader=bob, missing=credit - 600 * 200)
    assert market.checkFunds(bob.address)[0] == FUNDS_UE
    session.execute(posted, alice, by=stranger)
    send(*call, by=stranger)
    assert market.checkFunds(bob.address) == (FUNDS_UE + credit, 0, FUNDS_UE + credit)
    assert market.bookOf(session.id)[6] == 0


def test_execution__of_a_credit_nobody_pays_for__never_comes(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    posted = leaves(metered.id, {alice: (DEBIT, 0, 0), bob: (0, DEBIT + 1, 0)})
    accept_whatever(metered, posted, operators)
    metered.execute(posted, alice, by=stranger)
    refused("PotTooSmall", *execution(metered, posted, bob), by=stranger, missing=1)
    pass_to(now() + metered.terms.execution_timeout)
    send(metered.contracts.marketplace.releaseLock, metered.id, bob.address, by=bob)
    assert metered.contracts.marketplace.checkFunds(bob.address) == (FUNDS_UE, 0, FUNDS_UE)


def test_execution__in_the_last_second__is_done_and_at_the_deadline_is_refused(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    posted = metered.settlement()
    run_to_execution(metered, posted, operators[:2])
    deadline = metered.contracts.marketplace.bookOf(metered.id)[7]
    pass_to(deadline - 1)
    metered.execute(posted, alice, by=stranger)
    pass_to(deadline)
    refused("TooLate", *execution(metered, posted, bob), by=stranger, deadline=deadline, timestamp=deadline)
    refused("TooLate", *batch(metered, posted, [bob]), by=stranger, deadline=deadline, timestamp=deadline)


# ---------------------------------------------------------------- many at once


def test_batch__of_leaves_and_proofs_that_are_not_as_many__is_refused(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    posted = metered.settlement()
    run_to_execution(metered, posted, operators[:2])
    function, number, shown, proofs = batch(metered, posted, [alice, bob])
    refused("LengthMismatch", function, number, shown, proofs[:1], by=stranger, leaves=2, proofs=1)


def test_batch__with_one_leaf_beyond_its_bounds__executes_none(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    posted = leaves(metered.id, {alice: (DEBIT, 0, 0), bob: (0, 0, PENALTY + 1)})
    accept_whatever(metered, posted, operators)
    refused("BeyondBounds", *batch(metered, posted, [alice, bob]), by=stranger, trader=bob)


def test_batch__with_a_credit_nobody_pays_for__executes_none(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    posted = leaves(metered.id, {alice: (DEBIT, 0, 0), bob: (0, DEBIT + 1, 0)})
    accept_whatever(metered, posted, operators)
    refused("PotTooSmall", *batch(metered, posted, [bob, alice]), by=stranger, trader=bob, missing=1)


def test_batch__in_any_order_with_leaves_twice_or_done__executes_each_once(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    posted = metered.settlement()
    run_to_execution(metered, posted, operators[:2])
    done = send(*batch(metered, posted, [bob, alice, bob, alice]), by=stranger)
    assert [(event.name, event["trader"]) for event in done.events] == [
        ("Executed", bob.address),
        ("Executed", alice.address),
    ]
    assert send(*batch(metered, posted, [alice, bob]), by=stranger).events == []
    market = metered.contracts.marketplace
    assert market.checkFunds(alice.address)[0] == FUNDS_UE - DEBIT
    assert market.checkFunds(bob.address)[0] == FUNDS_UE + DEBIT


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_batch__in_every_order__comes_to_the_same(
    fontana: Contracts,
    session: Session,
    alice: Person,
    bob: Person,
    carol: Person,
    operators: list[Person],
    stranger: Person,
    order: tuple[int, ...],
) -> None:
    """Carol delivers half of what she sold: she is paid for that half and fined beyond the tolerance."""
    orders = {
        alice: [buy(0, 1000, 200_000)],
        bob: [sell(0, 500, 100_000)],
        carol: [sell(0, 500, 100_000)],
    }
    run_to_metering(session, orders, operators[:2])
    posted = session.settlement(injected={carol: [250, 0]})
    # Price (100 + 200) / 2 = 150 on 750 Wh settled; carol falls 250 short, 50 of them within her tolerance.
    assert posted.totals == (112_500, 112_500, 20_000)
    run_to_execution(session, posted, operators[:2])
    people = [(alice, bob, carol)[place] for place in order]
    send(*batch(session, posted, people), by=stranger)
    balances = [fontana.marketplace.checkFunds(who.address) for who in (alice, bob, carol)]
    ends = [FUNDS_UE - 112_500, FUNDS_UE + 75_000, FUNDS_UE + 37_500 - 20_000]
    assert balances == [(end, 0, end) for end in ends]


# ---------------------------------------------------------------- what is left


def test_pot__before_validation_or_while_leaves_are_open__is_not_swept(
    metered: Session, alice: Person, operators: list[Person], stranger: Person
) -> None:
    sweep = (metered.contracts.marketplace.sweepPot, metered.id)
    refused("SettlementNotFinal", *sweep, by=stranger, sessionId=metered.id)
    posted = metered.settlement()
    run_to_execution(metered, posted, operators[:2])
    metered.execute(posted, alice, by=stranger)
    refused("ExecutionRunning", *sweep, by=stranger, sessionId=metered.id, executed=1, traders=2)


def test_pot__that_is_empty__is_not_swept(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    posted = metered.settlement()
    run_to_execution(metered, posted, operators[:2])
    send(*batch(metered, posted, [alice, bob]), by=stranger)
    refused("EmptyAmount", metered.contracts.marketplace.sweepPot, metered.id, by=stranger)


def test_pot__after_the_last_leaf__goes_to_the_treasury(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    posted = leaves(metered.id, {alice: (DEBIT, 0, 0), bob: (0, DEBIT - 7, PENALTY)})
    run_to_execution(metered, posted, operators[:2])
    send(*batch(metered, posted, [alice, bob]), by=stranger)
    market = metered.contracts.marketplace
    told = send(market.sweepPot, metered.id, by=stranger).event("PotSwept")
    assert told.values == {"sessionId": metered.id, "amount": PENALTY + 7}
    assert market.owedToTreasury() == PENALTY + 7
    assert market.bookOf(metered.id)[6] == 0
    refused("EmptyAmount", market.sweepPot, metered.id, by=stranger)


def test_pot__after_the_execution_timeout__goes_to_the_treasury_and_the_leaves_are_dead(
    metered: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    posted = metered.settlement()
    run_to_execution(metered, posted, operators[:2])
    metered.execute(posted, alice, by=stranger)
    market = metered.contracts.marketplace
    mine_at(market.bookOf(metered.id)[7])
    assert send(market.sweepPot, metered.id, by=stranger).event("PotSwept")["amount"] == DEBIT
    refused("TooLate", *execution(metered, posted, bob), by=stranger)
    done = send(market.releaseLock, metered.id, bob.address, by=stranger).event("LockReleased")
    assert done.values == {"sessionId": metered.id, "trader": bob.address, "amount": PENALTY, "reason": 2}
