"""What a refutation costs at most: 2²⁰ orders in one slot of 24, a trader of 24 orders, three operators.

No chain of a test can hold so many reveals, so the count on record is set by hand, and of the tree only what a proof
opens is made: its siblings are made up. Every byte of the paths is random, which costs most.
"""

import random
import re
from collections.abc import Sequence

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from commons.addresses import address_bytes
from commons.records import Refutation, RevealedOrder, TreePlace
from commons.settings import PROJECT_DIR
from oracle.clearing.types import NO_ROOT, NO_WITNESS, SlotResult
from oracle.refutation.judge import refusal
from oracle.refutation.places import BUY, Leaf, Proof
from oracle.refutation.search import NOTHING_REVEALED
from tests.contracts.chain import request, undone
from tests.contracts.community import Contracts, Person
from tests.contracts.market import Session, buy, commit_and_reveal, open_session
from tests.contracts.refutation import Challenge, crowd, market_of

DEPTH, ORDERS = 20, 1 << 20
MOST_GAS = 400_000
TOLD_TO = 1000
"""The page tells thousands of gas; a zero byte more or less in an address is some dozen."""
FIGURE = r"(\d{3},\d{3})"
PRICE, MARGIN = 150_007, 77_777_777
EMPTY = SlotResult(0, 0, 0, NO_WITNESS, NO_WITNESS, 0, 0, bytes(32), 0, 0, 0, 0, 0, 0)
VOLUME = 123_456_789_012
TRADES = SlotResult(
    PRICE, PRICE - 3, PRICE + 3, 9, 11, VOLUME, ORDERS, bytes(32), VOLUME, VOLUME, MARGIN, MARGIN // 3, MARGIN, MARGIN
)
IDLE = EMPTY._replace(order_count=ORDERS)
PADDED = TRADES._replace(order_count=ORDERS // 2 + 1)
"""As high as a tree of all orders, with padding in it."""


def mine(index: int, side: int = BUY, quantity: int = 1234, limit: int = PRICE, filled: int = 411) -> Leaf:
    """An order of somebody's."""
    return Leaf(index, bytes(range(1, 21)), side, quantity, limit, filled)


SHARE = 1234 * (MARGIN // 3) // MARGIN
CASES: dict[Refutation, tuple[SlotResult, Sequence[Leaf | bytes]]] = {
    Refutation.PADDING_MISPLACED: (TRADES, [b""]),
    Refutation.PADDING_REPLACED: (PADDED, [b"\x77" * 32]),
    Refutation.INDICES_NOT_ASCENDING: (TRADES, [mine(9), mine(9)]),
    Refutation.LEAF_UNLIKE_REVEAL: (TRADES, [mine(1)]),
    Refutation.ORDER_MISSING: (TRADES, [mine(2), mine(4)]),
    Refutation.WRONG_LEAF_SUMS: (TRADES, [mine(1)]),
    Refutation.WRONG_PADDING_SUMS: (TRADES, [b""]),
    Refutation.WRONG_NODE_SUMS: (TRADES, [bytes(range(160))]),
    Refutation.OVERFILLED: (TRADES, [mine(1, filled=1235)]),
    Refutation.BETTER_NOT_FULL: (TRADES, [mine(1, limit=PRICE + 1)]),
    Refutation.WORSE_FILLED: (TRADES, [mine(1, limit=PRICE - 1)]),
    Refutation.WRONG_SHARE: (TRADES, [mine(1, filled=SHARE + 2)]),
    Refutation.UNIT_MISPLACED: (TRADES, [mine(8, filled=SHARE + 1), mine(7, filled=SHARE)]),
    Refutation.BEYOND_BOUND: (TRADES, [mine(1, limit=PRICE + 9)]),
    Refutation.LOWER_WITNESS: (TRADES, [mine(1, limit=PRICE + 3)]),
    Refutation.IDLE_WITNESS: (TRADES, [mine(9)]),
    Refutation.WITNESS_ABSENT: (TRADES, [mine(8), mine(10)]),
    Refutation.FILL_WITHOUT_TRADE: (IDLE, [mine(1)]),
    Refutation.CROSSING_UNCLEARED: (IDLE, [mine(1), mine(2, side=0)]),
}


@pytest.fixture(scope="module")
def rng() -> random.Random:
    return random.Random(20)


@pytest.fixture
def huge(fontana: Contracts, admin: Person, alice: Person) -> Session:
    """A session of 24 slots in which a million orders are on record, Alice's 24 first."""
    return with_orders(open_session(fontana, admin, slot_count=24), alice)


def with_orders(session: Session, alice: Person) -> Session:
    """A million orders on record, the first 24 of them Alice's."""
    commit_and_reveal(session, {alice: [buy(0, 1000 + n, PRICE) for n in range(24)]})
    set_order_count(session, ORDERS)
    return session


def set_order_count(session: Session, count: int) -> None:
    """Write the count of revealed orders into the market's storage, wherever the compiler put it."""
    address = session.contracts.marketplace.address
    book = session.contracts.marketplace.bookOf(session.id)
    for mapping in range(64):
        slot = "0x" + keccak(encode(["uint256", "uint256"], [session.id, mapping])).hex()
        word = int(request("eth_getStorageAt", address, slot, "latest"), 16)
        if word & 0xFFFFFFFF == book[0] and word >> 32 & 0xFFFFFFFF == book[1] != 0:
            request("anvil_setStorageAt", address, slot, f"0x{word - book[0] + count:064x}")
            break
    assert session.contracts.marketplace.bookOf(session.id)[0] == count


def proof_of(kind: Refutation, result: SlotResult, contents: Sequence[Leaf | bytes], rng: random.Random) -> Proof:
    """A proof over one or two neighbouring places, and the root that it leads to, in the proof's words."""
    packed = [c.packed() if isinstance(c, Leaf) else c for c in contents]
    level = 1 if kind is Refutation.WRONG_NODE_SUMS else 0
    position = rng.randrange(1 << (DEPTH - level)) & ~1
    if kind is Refutation.PADDING_REPLACED:
        position |= PADDED.order_count + 1
    above = [rng.randbytes(128) for _ in range(DEPTH - level - 1)]
    hashes = [_hash(content, level) for content in packed]
    own = [rng.randbytes(48) for _ in packed]
    if len(packed) == 1:
        hashes.append(rng.randbytes(32))
        own.append(rng.randbytes(48))
    paths = [own[side] + hashes[1 - side] + own[1 - side] for side in (0, 1)]
    paths = [path + b"".join(above) for path in paths]
    places = [TreePlace(level, position + n, packed[n], paths[n]) for n in range(len(packed))]
    return Proof(0, kind, tuple(places), NOTHING_REVEALED, root_of(places[0], hashes[0]).hex())


def _hash(content: bytes, level: int) -> bytes:
    if not content or len(content) == len(NO_ROOT):
        return content or NO_ROOT  # padding, and what stands there closed
    return keccak((b"\1" if level else b"\0") + content)


def root_of(place: TreePlace, hash_: bytes) -> bytes:
    """Where a path leads."""
    position = place.position
    for start in range(0, len(place.path), 128):
        sums, sibling = place.path[start : start + 48], place.path[start + 48 : start + 128]
        hash_ = keccak(b"\1" + (sibling + hash_ + sums if position % 2 else hash_ + sums + sibling))
        position //= 2
    return hash_


@pytest.mark.parametrize("kind", Refutation)
def test_refutation__of_a_slot_of_a_million_orders__costs_little(
    huge: Session, operators: list[Person], stranger: Person, alice: Person, rng: random.Random, kind: Refutation
) -> None:
    set_order_count(huge, CASES[kind][0].order_count)
    gas = gas_of(huge, operators, stranger, alice, rng, kind)
    assert gas <= MOST_GAS
    least, most = told_gas()[len(CASES[kind][1]) == 2]
    assert least - TOLD_TO <= gas <= most + TOLD_TO, "docs/proofs.md tells another gas"
    print(f"{kind.name.lower()}: {gas:,}")


@pytest.mark.parametrize("backers", [3, 10, 64])
def test_refutation__however_many_operators_backed_the_answer__costs_the_same(
    fontana: Contracts, admin: Person, issuer: Person, stranger: Person, alice: Person, backers: int
) -> None:
    """The kind that costs most. Lost bonds are collected later, by others."""
    operators = crowd(fontana, admin, issuer, backers)
    session = with_orders(open_session(fontana, admin, slot_count=24), alice)
    gas = gas_of(session, operators, stranger, alice, random.Random(20), Refutation.UNIT_MISPLACED)
    assert gas <= MOST_GAS
    print(f"{backers} backers: {gas:,}")


def told_gas() -> list[tuple[int, int]]:
    """The least and the most that docs/proofs.md tells, with one place opened and with two."""
    text = (PROJECT_DIR / "docs" / "proofs.md").read_text(encoding="utf-8")
    told = re.search(rf"costs {FIGURE} to {FIGURE} gas with one place opened and {FIGURE}\s+to {FIGURE} with two", text)
    assert told is not None
    one, most_of_one, two, most_of_two = (int(figure.replace(",", "")) for figure in told.groups())
    return [(one, most_of_one), (two, most_of_two)]


def gas_of(
    session: Session,
    operators: list[Person],
    challenger: Person,
    alice: Person,
    rng: random.Random,
    kind: Refutation,
) -> int:
    """What a refutation of this kind costs where these operators accepted the outcome."""
    result, contents = CASES[kind]
    proof = proof_of(kind, result, contents, rng)
    record = market_of(session).records.by_trader[address_bytes(alice.address)]  # type: ignore[arg-type]
    if kind is Refutation.LEAF_UNLIKE_REVEAL:
        leaf = Leaf(1, address_bytes(record.trader), BUY, 999, PRICE, 411)
        proof = proof_of(kind, result, [leaf], rng)
    revealed = RevealedOrder(record.trader, 3, record.encoded)
    results = [result._replace(root=bytes.fromhex(proof.words)), *[EMPTY] * 23]
    whole = Proof(0, kind, proof.places, revealed, "")
    assert refusal(market_of(session).records, 0, results[0], kind, proof.places, revealed) is None
    with undone():
        session.accept_outcome(operators, results)
        against = Challenge(session, results, whole)
        against.commit(challenger)
        return against.refute(challenger).gas_used
