"""What a member's actions cost at most, through clones: 24 orders, a settlement of 1,000, an outcome of 24 slots.

Figures as they come in earnest: half of the slots bought, half sold; limits of five to six digits (µ€/kWh), sizes of
three to four (Wh); the envelope that `commons.envelope` seals. A first commitment, a first reveal, a first execution:
storage that is written for the first time costs most.
"""

import random
from typing import Any

import pytest

from commons.addresses import Address
from commons.envelope import EnvelopeContext, key_from_signature, key_text, local_signer, seal
from commons.orders import Order
from commons.units import MoneyUe, SessionId
from oracle.settlement.types import MemberSettlement
from tests.contracts.chain import Receipt, send
from tests.contracts.community import Contracts, Person
from tests.contracts.market import CHAIN_ID, Leaves, Session, buy, open_session, run_to_execution, sell

COMMIT_LIMIT = 110_000
REVEAL_LIMIT = 185_000
EXECUTE_LIMIT = 95_000
OUTCOME_LIMIT = 380_000
ATTESTATION_LIMIT = 80_000
SLOTS = 24
MEMBERS = 1_000


@pytest.fixture
def day(fontana: Contracts, admin: Person) -> Session:
    """A session of a day's hours."""
    return open_session(fontana, admin, slot_count=SLOTS)


def day_orders(seed: int, starts_buying: bool) -> list[Order]:
    """One order an hour: bought in one half of the day, sold in the other."""
    chance = random.Random(seed)
    return [
        (buy if (slot < SLOTS // 2) == starts_buying else sell)(
            slot, chance.randrange(100, 9_999), chance.randrange(60_000, 320_000)
        )
        for slot in range(SLOTS)
    ]


def commit_sealed(session: Session, trader: Person, orders: list[Order]) -> Receipt:
    """Commit with the envelope that the page would make."""
    salt = random.Random(trader.address).randbytes(32)
    market = Address(session.contracts.marketplace.address.lower())
    context = EnvelopeContext(CHAIN_ID, market, SessionId(session.id), Address(trader.address))
    key = key_from_signature(local_signer(trader.key)(key_text(context)), context)
    return session.commit(trader, orders, envelope=seal(orders, salt, key, context), salt=salt)


def commit_all(session: Session, alice: Person, bob: Person, carol: Person) -> dict[str, int]:
    """Three members commit; the gas of each."""
    return {
        who.name: commit_sealed(session, who, day_orders(seed, starts_buying=seed % 2 == 0)).gas_used
        for seed, who in enumerate((alice, bob, carol))
    }


def test_gas__of_a_commitment_with_the_envelope_of_24_orders__is_within_its_limit(
    day: Session, alice: Person, bob: Person, carol: Person
) -> None:
    used = commit_all(day, alice, bob, carol)
    assert max(used.values()) <= COMMIT_LIMIT, used


def test_gas__of_a_commitment_replaced__is_within_its_limit(day: Session, alice: Person) -> None:
    commit_sealed(day, alice, day_orders(1, starts_buying=True))
    assert commit_sealed(day, alice, day_orders(2, starts_buying=False)).gas_used <= COMMIT_LIMIT


def test_gas__of_revealing_24_orders__is_within_its_limit(
    day: Session, alice: Person, bob: Person, carol: Person
) -> None:
    commit_all(day, alice, bob, carol)
    day.to_reveals()
    used = {who.name: day.reveal(who).gas_used for who in (alice, bob, carol)}
    assert max(used.values()) <= REVEAL_LIMIT, used


def revealed_day(day: Session, alice: Person, bob: Person, carol: Person) -> Session:
    """All revealed, time to clear."""
    commit_all(day, alice, bob, carol)
    day.to_reveals()
    for who in (alice, bob, carol):
        day.reveal(who)
    day.to_clearing()
    return day


def test_gas__of_an_outcome_of_24_slots__is_within_its_limit_for_each_proposal(
    day: Session, alice: Person, bob: Person, carol: Person, operators: list[Person]
) -> None:
    revealed_day(day, alice, bob, carol)
    assert sum(result.volume > 0 for result in day.results()) >= SLOTS // 2
    market = day.contracts.marketplace
    used = [
        send(market.setFinalOrders, day.id, day.results(), f"bafkrei{operator.address[2:]:a<52}", by=operator).gas_used
        for operator in operators
    ]
    assert max(used) <= OUTCOME_LIMIT, used


def test_gas__of_an_attestation__is_within_its_limit_the_deciding_one_included(
    day: Session, alice: Person, bob: Person, carol: Person, operators: list[Person]
) -> None:
    revealed_day(day, alice, bob, carol)
    answer = day.post_outcome(operators[0])
    attest, quorum = day.contracts.quorum.attest, day.contracts.quorum
    used = [send(attest, day.outcome_question, answer, by=operator).gas_used for operator in operators[1:]]
    assert bytes(quorum.acceptedAnswer(day.outcome_question)[0]) == answer
    assert max(used) <= ATTESTATION_LIMIT, used


def test_gas__of_executing_a_leaf_of_1000__is_within_its_limit(
    day: Session, alice: Person, bob: Person, carol: Person, operators: list[Person], stranger: Any
) -> None:
    revealed_day(day, alice, bob, carol)
    day.accept_outcome(operators[:2])
    day.to_metering()
    honest = day.settlement()
    others = [
        MemberSettlement(Address(f"0x{number:040x}"), MoneyUe(0), MoneyUe(0), MoneyUe(0))
        for number in range(1, MEMBERS - len(honest.members) + 1)
    ]
    posted = Leaves(day.id, (*honest.members, *others))
    run_to_execution(day, posted, operators[:2])
    traders = sorted((alice, bob, carol), key=lambda who: posted.leaf(who)[2])
    assert {len(posted.proof(who)) for who in traders} <= {9, 10}
    used = {who.name: day.execute(posted, who, by=stranger).gas_used for who in traders}
    assert max(used.values()) <= EXECUTE_LIMIT, used
