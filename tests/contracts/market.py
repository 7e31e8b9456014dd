"""A market session as its people live it: committed, revealed, cleared, settled, executed.

`Session` keeps what its traders sealed and what was revealed, so that tests can ask for the honest outcome and
settlement, or for others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from commons.addresses import Address
from commons.merkle import StandardMerkleTree
from commons.orders import Order, bounds, commitment
from commons.units import BasisPoints, EnergyWh, MoneyUe, PriceUekwh, SessionId, SlotIndex
from oracle.clearing.outcome import outcome_of, slot_hash
from oracle.clearing.rule import clear
from oracle.clearing.tree import slot_tree
from oracle.clearing.types import Book, Outcome, SlotResult
from oracle.settlement.leaves import settlement_tree
from oracle.settlement.rule import count, settle
from oracle.settlement.types import MemberSettlement, Readings, SettlementRules, fills_of
from tests.contracts.chain import Receipt, now, pass_to, send
from tests.contracts.community import DAY, HOUR, Contracts, Person

CHAIN_ID = 31337
CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
NO_VERSIONS: list[tuple[int, int]] = []
STATES = (
    "Unknown",
    "Commit",
    "Reveal",
    "Clearing",
    "Challenge",
    "Delivery",
    "Objection",
    "Execution",
    "Closed",
    "Cancelled",
)
NONE, COMMITTED, REVEALED, ENDED = range(4)

SlotTuple = tuple[Any, ...]


@dataclass(frozen=True)
class Terms:
    """`SessionParameters`, field by field."""

    commit_deadline: int
    reveal_deadline: int
    deposit_fixed: int
    deposit_bps: int
    most_orders: int
    slot_count: int
    slot_seconds: int
    missing_allowance: int
    tolerance_bps: int
    floor_price: int
    cap_price: int
    penalty_price: int
    smallest_order: int
    challenge_window: int
    execution_timeout: int
    delivery_start: int
    settlement_timeout: int

    @property
    def delivery_end(self) -> int:
        """When the last slot is over."""
        return self.delivery_start + self.slot_count * self.slot_seconds


def terms(**changes: int) -> Terms:
    """Terms of a session of two hours' slots, opened now; what hangs on a changed time follows unless given too."""
    tc = changes.get("commit_deadline", now() + HOUR)
    tr = changes.get("reveal_deadline", tc + HOUR)
    seconds = changes.get("slot_seconds", 3600)
    start = changes.get("delivery_start", -(-tr // max(seconds, 1)) * seconds)
    end = start + changes.get("slot_count", 2) * seconds
    usual = Terms(
        commit_deadline=tc,
        reveal_deadline=tr,
        deposit_fixed=1_000_000,
        deposit_bps=100,
        most_orders=24,
        slot_count=2,
        slot_seconds=seconds,
        missing_allowance=1,
        tolerance_bps=1000,
        floor_price=1,
        cap_price=500_000,
        penalty_price=100_000,
        smallest_order=10,
        challenge_window=6 * HOUR,
        execution_timeout=7 * DAY,
        delivery_start=start,
        settlement_timeout=end + 5 * DAY,
    )
    return replace(usual, **changes)


def buy(slot: int, wh: int, limit: int) -> Order:
    """A bid."""
    return Order(SlotIndex(slot), True, EnergyWh(wh), PriceUekwh(limit))


def sell(slot: int, wh: int, limit: int) -> Order:
    """An ask."""
    return Order(SlotIndex(slot), False, EnergyWh(wh), PriceUekwh(limit))


def order_tuples(orders: Iterable[Order]) -> list[tuple[int, bool, int, int]]:
    """`Order[]`."""
    return [(o.slot, o.is_buy, o.quantity_wh, o.limit_price) for o in orders]


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a trader committed to."""

    orders: tuple[Order, ...]
    salt: bytes
    max_lock: int
    digest: bytes


@dataclass(frozen=True)
class Leaves:
    """A settlement as operators post it: leaves, tree, totals."""

    session_id: int
    members: tuple[MemberSettlement, ...]

    @cached_property
    def tree(self) -> StandardMerkleTree:
        """The tree over the leaves."""
        return settlement_tree(SessionId(self.session_id), self.members)

    @property
    def totals(self) -> tuple[int, int, int]:
        """`SettlementTotals`: the sums of debits, credits and penalties."""
        return tuple(sum(getattr(m, part) for m in self.members) for part in ("debit", "credit", "penalty"))

    def leaf(self, trader: Person) -> tuple[str, int, int, int]:
        """`SettlementLeaf` of a trader."""
        member = self.members[self._place(trader)]
        return (member.trader, member.debit, member.credit, member.penalty)

    def proof(self, trader: Person) -> list[bytes]:
        """The trader's proof."""
        return self.tree.proof(self._place(trader))

    def _place(self, trader: Person) -> int:
        return [member.trader for member in self.members].index(Address(trader.address))


def leaves(session_id: int, amounts: dict[Person, tuple[int, int, int]]) -> Leaves:
    """A settlement that says what each trader's debit, credit and penalty are."""
    return Leaves(
        session_id,
        tuple(
            MemberSettlement(Address(who.address), MoneyUe(debit), MoneyUe(credit), MoneyUe(penalty))
            for who, (debit, credit, penalty) in amounts.items()
        ),
    )


def order_proof(book: Book, slot_count: int, index: int) -> tuple[Any, Any]:
    """`OutcomeProof` and `AllocationProof` of the order with that index in a book's honest outcome."""
    results = [slot.to_chain() for slot in outcome_of(book, slot_count).slots]
    cleared = clear(book, slot_count)
    slot = int(book.slot[index])
    position = int(np.flatnonzero(np.flatnonzero(book.slot == slot) == index)[0])
    path = slot_tree(book, cleared, slot).path(position)
    order = (
        index,
        "0x" + book.trader[index].tobytes().hex(),
        bool(book.is_buy[index]),
        int(book.quantity[index]),
        int(book.limit[index]),
        int(cleared.filled[index]),
        position,
        [node.hash for node in path],
        [list(node.sums) for node in path],
    )
    return (slot, [slot_hash(result) for result in results], results[slot], CID), order


def book_of(orders: Iterable[tuple[Person, Order]]) -> Book:
    """The book of orders in the sequence of their indices."""
    rows = list(orders)
    traders = b"".join(bytes.fromhex(trader.address[2:]) for trader, _ in rows)
    return Book(
        index=np.arange(len(rows), dtype=np.uint32),
        trader=np.frombuffer(traders, dtype=np.uint8).reshape(-1, 20),
        slot=np.array([o.slot for _, o in rows], dtype=np.uint16),
        is_buy=np.array([o.is_buy for _, o in rows], dtype=bool),
        quantity=np.array([o.quantity_wh for _, o in rows], dtype=np.int64),
        limit=np.array([o.limit_price for _, o in rows], dtype=np.int64),
    )


@dataclass
class Session:
    """A session, and what its traders did in it."""

    contracts: Contracts
    id: int
    terms: Terms
    sealed: dict[Person, Sealed] = field(default_factory=dict)
    revealed: dict[Person, tuple[Order, ...]] = field(default_factory=dict)

    # ------------------------------------------------------------ sealed orders

    def seal(
        self, trader: Person, orders: Sequence[Order], salt: bytes = bytes(32), max_lock: int | None = None
    ) -> Sealed:
        """A commitment to orders, locking what they may need or `max_lock`."""
        digest = commitment(
            CHAIN_ID,
            Address(self.contracts.marketplace.address.lower()),
            SessionId(self.id),
            Address(trader.address),
            orders,
            salt,
        )
        return Sealed(tuple(orders), salt, self.lock_of(orders) if max_lock is None else max_lock, digest)

    def lock_of(self, orders: Sequence[Order]) -> int:
        """What orders lock once revealed."""
        lock: int = self.bounds_of(orders).lock
        return lock

    def bounds_of(self, orders: Sequence[Order]) -> Any:
        """What a settlement of these orders may move at most."""
        return bounds(orders, PriceUekwh(self.terms.penalty_price), PriceUekwh(self.terms.cap_price))

    def deposit_of(self, max_lock: int) -> int:
        """The deposit of a commitment that locks `max_lock`."""
        return max(self.terms.deposit_fixed, -(-max_lock * self.terms.deposit_bps // 10_000))

    def commit(self, trader: Person, orders: Sequence[Order], envelope: bytes = b"sealed", **changes: Any) -> Receipt:
        """Commit to orders, or replace the trader's commitment."""
        sealed = self.seal(trader, orders, **changes)
        done = send(
            self.contracts.marketplace.submitCommitments, self.id, sealed.digest, sealed.max_lock, envelope, by=trader
        )
        self.sealed[trader] = sealed
        return done

    def reveal(self, trader: Person, by: Person | None = None) -> Receipt:
        """Reveal what a trader committed to."""
        sealed = self.sealed[trader]
        orders = order_tuples(sealed.orders)
        done = send(
            self.contracts.marketplace.revealOrders, self.id, trader.address, orders, sealed.salt, by=by or trader
        )
        self.revealed[trader] = sealed.orders
        return done

    # ------------------------------------------------------------ outcome

    @property
    def book(self) -> Book:
        """The revealed orders."""
        return book_of((trader, order) for trader, orders in self.revealed.items() for order in orders)

    def outcome(self) -> Outcome:
        """The honest outcome."""
        return outcome_of(self.book, self.terms.slot_count)

    def results(self) -> list[SlotResult]:
        """The honest outcome as it is posted."""
        return [slot.to_chain() for slot in self.outcome().slots]

    def post_outcome(self, operator: Person, results: Sequence[SlotResult] | None = None, cid: str = CID) -> bytes:
        """Post an outcome, the honest one unless another is given; its answer hash."""
        posted = list(self.results() if results is None else results)
        done = send(self.contracts.marketplace.setFinalOrders, self.id, posted, cid, by=operator)
        answer: bytes = done.event("OutcomePosted")["answer"]
        return answer

    def proof_of(self, index: int) -> tuple[Any, Any]:
        """`OutcomeProof` and `AllocationProof` of the order with that index in the honest outcome."""
        return order_proof(self.book, self.terms.slot_count, index)

    # ------------------------------------------------------------ settlement

    def settlement(
        self,
        withdrawn: Mapping[Person, Sequence[int]] | None = None,
        injected: Mapping[Person, Sequence[int]] | None = None,
    ) -> Leaves:
        """The honest settlement by what the meters of each trader read; all delivered where nothing is given."""
        book, cleared = self.book, clear(self.book, self.terms.slot_count)
        fills = fills_of(book, cleared.filled, self.terms.slot_count)
        readings = Readings(
            self._table(withdrawn, fills.filled),
            self._table(injected, fills.filled),
            np.ones_like(fills.filled, dtype=bool),
        )
        rules = SettlementRules(
            SessionId(self.id),
            PriceUekwh(self.terms.penalty_price),
            BasisPoints(self.terms.tolerance_bps),
            self.terms.missing_allowance,
        )
        settled = settle(count(fills, readings, rules.missing_allowance), cleared.price.tolist(), rules)
        return Leaves(self.id, settled.members)

    def _table(self, metered: Mapping[Person, Sequence[int]] | None, filled: Any) -> Any:
        rows = [
            filled[row] if metered is None or who not in metered else metered[who]
            for row, who in enumerate(self.revealed)
        ]
        return np.array(rows, dtype=np.int64).reshape(filled.shape)

    def post_settlement(self, operator: Person, posted: Leaves, cid: str = CID) -> bytes:
        """Post a settlement; its answer hash."""
        values = (self.id, posted.tree.root, posted.totals, NO_VERSIONS, cid)
        done = send(self.contracts.marketplace.setValidTransactions, *values, by=operator)
        answer: bytes = done.event("SettlementPosted")["answer"]
        return answer

    def execute(self, posted: Leaves, trader: Person, by: Person) -> Receipt:
        """Execute a trader's leaf."""
        return send(self.contracts.marketplace.execute, self.id, posted.leaf(trader), posted.proof(trader), by=by)

    # ------------------------------------------------------------ the way there

    def to_reveals(self) -> None:
        """The next transaction is at tc."""
        pass_to(self.terms.commit_deadline)

    def to_clearing(self) -> None:
        """The next transaction is at tr."""
        pass_to(self.terms.reveal_deadline)

    def to_metering(self) -> None:
        """The next transaction is after delivery and the challenge window."""
        pass_to(max(self.terms.delivery_end, now() + self.terms.challenge_window))

    def to_validation(self) -> None:
        """The next transaction is after the objection window of a settlement accepted now."""
        pass_to(now() + self.terms.challenge_window)

    def to_timeout(self) -> None:
        """The next transaction is at the settlement timeout."""
        pass_to(self.terms.settlement_timeout)

    def accept_outcome(self, operators: Sequence[Person], results: Sequence[SlotResult] | None = None) -> bytes:
        """k operators agree on an outcome."""
        answer = self.post_outcome(operators[0], results)
        for operator in operators[1:]:
            send(self.contracts.quorum.attest, self.outcome_question, answer, by=operator)
        return answer

    def accept_settlement(self, operators: Sequence[Person], posted: Leaves) -> bytes:
        """k operators agree on a settlement."""
        answer = self.post_settlement(operators[0], posted)
        for operator in operators[1:]:
            send(self.contracts.quorum.attest, self.settlement_question, answer, by=operator)
        return answer

    def validate(self, by: Person) -> Receipt:
        """Open execution."""
        return send(self.contracts.sessions.setPriorSessionValidation, self.id, by=by)

    @property
    def outcome_question(self) -> bytes:
        """What the quorum is asked about the outcome."""
        return bytes(self.contracts.marketplace.outcomeQuestion(self.id))

    @property
    def settlement_question(self) -> bytes:
        """What the quorum is asked about the settlement."""
        return bytes(self.contracts.marketplace.settlementQuestion(self.id))

    @property
    def state(self) -> str:
        """Where the session stands as of the last block."""
        return STATES[self.contracts.sessions.stateOf(self.id)]


def open_session(contracts: Contracts, operator: Person, **changes: int) -> Session:
    """A session with the usual terms, or changed ones."""
    opened = terms(**changes)
    done = send(contracts.sessions.newSession, astuple(opened), by=operator)
    return Session(contracts, done.event("SessionOpened")["sessionId"], opened)


def commit_and_reveal(session: Session, orders: Mapping[Person, Sequence[Order]]) -> Session:
    """All commit, and all reveal; the next transaction is at tr."""
    for trader, theirs in orders.items():
        session.commit(trader, theirs)
    session.to_reveals()
    for trader in orders:
        session.reveal(trader)
    session.to_clearing()
    return session


def run_to_metering(session: Session, orders: Mapping[Person, Sequence[Order]], operators: Sequence[Person]) -> Session:
    """Up to a final outcome and the end of delivery."""
    commit_and_reveal(session, orders)
    session.accept_outcome(operators)
    session.to_metering()
    return session


def run_to_execution(session: Session, posted: Leaves, operators: Sequence[Person]) -> None:
    """From metering to a validated settlement."""
    session.accept_settlement(operators, posted)
    session.to_validation()
    session.validate(operators[0])
