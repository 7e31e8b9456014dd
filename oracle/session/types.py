"""What the chain says about one session: parameters, sealed and revealed orders, answers and votes, money moved.

Energy is Wh, prices µ€/kWh, money µ€, times epoch seconds; hashes are 32 bytes. Source: `IMarketplace.sol`,
`ISessionHandler.sol`, `IOracleQuorum.sol`.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from commons.addresses import Address, address_bytes
from commons.orders import Bounds, Order, bounds
from commons.records import DatasetVersion, ReleaseReason, SessionParameters
from commons.slots import SlotGrid
from commons.units import EpochSeconds, MoneyUe, OrderIndex, SessionId
from oracle.clearing.types import Book, SlotResult
from oracle.settlement.types import SettlementRules, Totals

NEVER = EpochSeconds(0)
"""The chain's way of saying that a time is not set."""
FIRST_ROUND = 1
"""The round of clearing in which a session begins; a refuted outcome begins another."""


class Stage(Enum):
    """What operators are asked about, as the contract names it."""

    OUTCOME = b"outcome"
    SETTLEMENT = b"settlement"

    @property
    def label(self) -> str:
        """Its name for people."""
        return self.value.decode()


@dataclass(frozen=True, slots=True)
class Operators:
    """The operators that a session opened under, by number from 0, and how many equal answers accept."""

    set_id: int
    operators: tuple[Address, ...]
    threshold: int

    def number_of(self, operator: Address) -> int | None:
        """The operator's number, or None for a stranger."""
        return self.operators.index(operator) if operator in self.operators else None


@dataclass(frozen=True, slots=True)
class Commitment:
    """A trader's sealed orders and what was locked for them."""

    trader: Address
    commitment: bytes
    max_lock: MoneyUe
    deposit: MoneyUe
    block: int


@dataclass(frozen=True, slots=True)
class Reveal:
    """A trader's orders, which have the indices from `first_index` on, and what stays locked for them."""

    trader: Address
    first_index: OrderIndex
    lock: MoneyUe
    orders: tuple[Order, ...]
    block: int


@dataclass(frozen=True, slots=True)
class PostedOutcome:
    """An outcome that an operator posted: a result per slot, and the CID of the published allocations."""

    round: int
    operator: Address
    answer: bytes
    data_cid: str
    results: tuple[SlotResult, ...]


@dataclass(frozen=True, slots=True)
class PostedSettlement:
    """A settlement that an operator posted: root and totals, dataset versions, and the CID of the published figures."""

    round: int
    operator: Address
    answer: bytes
    root: bytes
    totals: Totals
    versions: tuple[DatasetVersion, ...]
    data_cid: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """The votes on one question: who stands behind which answer now, and which answer has k votes.

    `final_at` is the second at which the accepted answer can no longer be objected to; 0 while none is accepted.
    """

    question: bytes
    votes: tuple[tuple[bytes, tuple[Address, ...]], ...] = ()
    accepted: bytes | None = None
    final_at: EpochSeconds = NEVER
    released: tuple[Address, ...] = ()
    """The operators whose bond is at stake here no more."""
    void: bytes | None = None
    """The answer that was refuted: whoever backs it loses its bond."""

    def voters(self, answer: bytes) -> tuple[Address, ...]:
        """The operators behind an answer, in the order of their votes."""
        return dict(self.votes).get(answer, ())

    def answer_of(self, operator: Address) -> bytes | None:
        """The answer that an operator stands behind."""
        return next((answer for answer, voters in self.votes if operator in voters), None)

    def is_final(self, now: int) -> bool:
        """Whether an answer is accepted and its window is over."""
        return self.accepted is not None and now >= self.final_at

    def frees(self, operator: Address, now: int, deadline: int) -> bool:
        """Whether an operator's stake here can be ended: it backs an answer that can no longer cost its bond.

        Args:
            deadline: when the question closes if nothing is accepted.
        """
        answer = self.answer_of(operator)
        if answer is None or operator in self.released or answer == self.void:
            return False
        return self.void is not None or now >= (self.final_at if self.accepted else deadline)


@dataclass(frozen=True, slots=True)
class Executed:
    """A leaf that was executed; `unlocked` is what of the lock came back."""

    trader: Address
    debit: MoneyUe
    credit: MoneyUe
    penalty: MoneyUe
    unlocked: MoneyUe


@dataclass(frozen=True, slots=True)
class LockReleased:
    """A lock that ended without execution."""

    trader: Address
    amount: MoneyUe
    reason: ReleaseReason


@dataclass(frozen=True, slots=True)
class DepositForfeited:
    """The deposit of a commitment that nobody revealed, lost to the treasury."""

    trader: Address
    deposit: MoneyUe


@dataclass(frozen=True, slots=True)
class UnfilledFreed:
    """What an order locked beyond its fill, freed before settlement."""

    trader: Address
    index: OrderIndex
    amount: MoneyUe


@dataclass(frozen=True, slots=True)
class PotSwept:
    """What was left of the pot after the last leaf, or at the execution timeout."""

    amount: MoneyUe


Movement = Executed | LockReleased | DepositForfeited | UnfilledFreed | PotSwept
"""Money of a session that moved, or came free."""


@dataclass(frozen=True, slots=True)
class MarketId:
    """Which market on which chain: part of every question's hash."""

    chain_id: int
    marketplace: Address


@dataclass(frozen=True, slots=True)
class SessionView:
    """All that the chain's events say about a session, up to some block."""

    market: MarketId
    session_id: SessionId
    opened_block: int
    operator_set_id: int
    parameters: SessionParameters
    outcome_ballot: Ballot
    settlement_ballot: Ballot
    commitments: tuple[Commitment, ...] = ()
    """Those that stand, or stood until they were revealed or released; by order of their submission."""
    reveals: tuple[Reveal, ...] = ()
    outcomes: tuple[PostedOutcome, ...] = ()
    settlements: tuple[PostedSettlement, ...] = ()
    settlement_root: bytes | None = None
    """The root of the final settlement, once execution is open."""
    execution_deadline: EpochSeconds = NEVER
    """Leaves are dead from then on; 0 until execution is open."""
    movements: tuple[Movement, ...] = ()
    """In the order of the chain."""
    is_cancelled: bool = False
    round: int = FIRST_ROUND
    past_ballots: tuple[Ballot, ...] = ()
    """Those of the rounds before; stakes in them may still be open."""

    @property
    def ballots(self) -> tuple[Ballot, ...]:
        """All votes about the session, in whatever round."""
        return (self.outcome_ballot, self.settlement_ballot, *self.past_ballots)

    @property
    def grid(self) -> SlotGrid:
        """The slots of delivery."""
        delivery = self.parameters
        return SlotGrid(delivery.delivery_start, delivery.slot_seconds, delivery.slot_count)

    @property
    def settlement_rules(self) -> SettlementRules:
        """What the session says about settling."""
        rules = self.parameters
        return SettlementRules(self.session_id, rules.penalty_price, rules.tolerance_bps, rules.missing_allowance)

    def bounds(self, reveal: Reveal) -> Bounds:
        """The most that a trader's orders can cost and bring."""
        return bounds(reveal.orders, self.parameters.penalty_price, self.parameters.cap_price)

    @property
    def order_count(self) -> int:
        """The orders revealed."""
        return sum(len(reveal.orders) for reveal in self.reveals)

    @property
    def ended(self) -> frozenset[Address]:
        """The traders whose part is over: executed or released."""
        return frozenset(m.trader for m in self.movements if isinstance(m, (Executed, LockReleased)))

    @property
    def executions(self) -> tuple[Executed, ...]:
        """The leaves executed, in the order of the chain."""
        return tuple(m for m in self.movements if isinstance(m, Executed))

    @property
    def pot(self) -> MoneyUe:
        """Debits and penalties taken, less credits paid and what was swept."""
        taken = sum(m.debit + m.penalty - m.credit for m in self.executions)
        return MoneyUe(taken - sum(m.amount for m in self.movements if isinstance(m, PotSwept)))

    def unrevealed(self) -> tuple[Commitment, ...]:
        """The commitments that nobody revealed and nobody released."""
        gone = self.ended | {reveal.trader for reveal in self.reveals}
        return tuple(commitment for commitment in self.commitments if commitment.trader not in gone)

    def unsettled(self) -> tuple[Reveal, ...]:
        """The reveals whose lock has not ended."""
        ended = self.ended
        return tuple(reveal for reveal in self.reveals if reveal.trader not in ended)

    def ballot(self, stage: Stage) -> Ballot:
        """The votes on the outcome, or on the settlement, in the present round."""
        return self.outcome_ballot if stage is Stage.OUTCOME else self.settlement_ballot

    def posted(self, stage: Stage) -> "tuple[PostedOutcome, ...] | tuple[PostedSettlement, ...]":
        """The outcomes, or settlements, posted in the present round."""
        if stage is Stage.OUTCOME:
            return tuple(outcome for outcome in self.outcomes if outcome.round == self.round)
        return tuple(settlement for settlement in self.settlements if settlement.round == self.round)

    def accepted_outcome(self) -> PostedOutcome | None:
        """The outcome with k votes."""
        return next((o for o in self.outcomes if o.answer == self.outcome_ballot.accepted), None)

    def accepted_settlement(self) -> PostedSettlement | None:
        """The settlement with k votes."""
        return next((s for s in self.settlements if s.answer == self.settlement_ballot.accepted), None)

    def book(self) -> Book:
        """The revealed orders as clearing takes them, by ascending index."""
        reveals = sorted(self.reveals, key=lambda reveal: reveal.first_index)
        orders = [order for reveal in reveals for order in reveal.orders]
        counts = [len(reveal.orders) for reveal in reveals]
        firsts = np.array([reveal.first_index for reveal in reveals], dtype=np.int64)
        ends = np.cumsum(counts, dtype=np.int64)
        within = np.arange(len(orders)) - np.repeat(ends - counts, counts) if orders else np.empty(0, np.int64)
        traders = np.frombuffer(b"".join(address_bytes(r.trader) for r in reveals), dtype=np.uint8).reshape(-1, 20)
        return Book(
            index=(np.repeat(firsts, counts) + within).astype(np.uint32),
            trader=np.repeat(traders, counts, axis=0),
            slot=np.array([order.slot for order in orders], dtype=np.uint16),
            is_buy=np.array([order.is_buy for order in orders], dtype=bool),
            quantity=np.array([order.quantity_wh for order in orders], dtype=np.int64),
            limit=np.array([order.limit_price for order in orders], dtype=np.int64),
        )
