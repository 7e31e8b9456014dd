"""Challengers: what they commit to, prove and demand, against whatever outcome operators accepted."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from commons.addresses import Address, address_bytes
from commons.records import Refutation, RevealedOrder, TreePlace
from oracle.clearing.outcome import slot_hash
from oracle.clearing.types import SlotResult
from oracle.refutation.places import Proof
from oracle.refutation.records import Record, Records
from oracle.refutation.search import cheapest_proof
from tests.contracts.chain import Receipt, contract_at, now, pass_to, request, send
from tests.contracts.community import BOND_SHARE_BPS, BOND_UE, NOTICE_S, Contracts, Person, bond
from tests.contracts.market import CHAIN_ID, CID, Session
from tests.oracle.refutation.posted import Market, Slot, market
from tests.oracle.refutation.test_search import CASES


def market_of(session: Session) -> Market:
    """The session's reveals, and the right outcome of them."""
    by_trader: dict[bytes, Record] = {}
    first = 0
    for person, orders in session.revealed.items():
        record = Record(Address(person.address), first, tuple(orders))
        by_trader[address_bytes(record.trader)] = record
        first += len(orders)
    return market(Records(by_trader), session.terms.slot_count)


def results_with(honest: Market, wrong: Slot) -> list[SlotResult]:
    """An outcome in which one slot is another."""
    return [wrong.result if slot.slot == wrong.slot else slot.result for slot in honest.slots]


def verifier_of(project: Any, contracts: Contracts) -> Any:
    """The contract that judges proofs."""
    return contract_at(project.RefutationVerifier, contracts.refuter.verifier())


def place_tuples(places: Sequence[TreePlace]) -> list[tuple[Any, ...]]:
    """`TreePlace[]`."""
    return [astuple(place) for place in places]


def check_arguments(
    session: Session,
    slot: Slot,
    kind: Refutation,
    places: Sequence[TreePlace],
    revealed: RevealedOrder,
) -> tuple[Any, ...]:
    """The arguments of `check`."""
    market = session.contracts.marketplace.address
    return (market, session.id, slot.slot, slot.result, int(kind), place_tuples(places), astuple(revealed))


def outcome_proof(results: Sequence[SlotResult], slot: int, cid: str = CID) -> tuple[Any, ...]:
    """`OutcomeProof`."""
    return (slot, [slot_hash(result) for result in results], results[slot], cid)


@dataclass(frozen=True)
class Challenge:
    """A proof on its way to the chain."""

    session: Session
    results: Sequence[SlotResult]
    proof: Proof

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The arguments of `refute`."""
        proof = self.proof
        outcome = outcome_proof(self.results, proof.slot)
        return (self.session.id, outcome, int(proof.kind), place_tuples(proof.places), astuple(proof.revealed))

    def commitment(self, challenger: Person) -> bytes:
        """What a challenger commits to."""
        refuter = self.session.contracts.refuter
        call = bytes.fromhex(refuter.refute.encode_input(*self.arguments)[2:])
        values = [CHAIN_ID, refuter.address, challenger.address, keccak(call)]
        return bytes(keccak(encode(["uint256", "address", "address", "bytes32"], values)))

    def commit(self, challenger: Person) -> Receipt:
        """Commit to the proof."""
        return send(self.session.contracts.refuter.commit, self.session.id, self.commitment(challenger), by=challenger)

    def refute(self, challenger: Person) -> Receipt:
        """Prove."""
        return send(self.session.contracts.refuter.refute, *self.arguments, by=challenger)


def wrong_in(session: Session, kind: Refutation) -> Challenge:
    """An outcome that is wrong in this way in its first slot, and the cheapest proof against it."""
    honest = market_of(session)
    wrong = CASES[kind][0](honest.slots[0])
    proof = cheapest_proof(wrong.sight(), 0, honest.records)
    assert proof is not None
    return Challenge(session, results_with(honest, wrong), proof)


def refuted(found: Challenge, challenger: Person) -> Receipt:
    """Commit, then prove."""
    found.commit(challenger)
    return found.refute(challenger)


def collect(contracts: Contracts, by: Person, most: int = 64) -> Receipt:
    """Collect lost bonds."""
    return send(contracts.quorum.collectBonds, most, by=by)


def crowd(contracts: Contracts, admin: Person, issuer: Person, count: int) -> list[Person]:
    """A set of so many bonded operators, in force from now on."""
    request("anvil_autoImpersonateAccount", True)
    crowd = [Person(f"operator {n}", f"0x{0xC0FFEE0000 + n:040x}", b"") for n in range(count)]
    terms = (count // 2 + 1, BOND_UE, BOND_SHARE_BPS)
    send(contracts.quorum.scheduleOperators, [one.address for one in crowd], terms, by=admin)
    for one in crowd:
        bond(contracts, issuer, one)
    pass_to(now() + NOTICE_S)
    return crowd
