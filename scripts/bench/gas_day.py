"""The session that gas is measured in: what everybody does, and now and then somebody does something else."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from commons.actions import orders as market
from commons.addresses import Address
from commons.chain import Call
from commons.records import AllocationProof
from commons.units import EnergyWh, MoneyUe, OrderIndex, PriceUekwh
from commons.wallets import Signer
from oracle.clearing.outcome import slot_hash
from oracle.clearing.tree import tree_of
from oracle.clearing.types import SlotResult
from oracle.execution.batches import batches
from oracle.publication.outcome import OutcomeDocument
from oracle.publication.reading import read_outcome, read_settlement
from scripts.bench.community import BenchCommunity
from scripts.bench.market_day import MarketDay, day_orders, open_day
from scripts.bench.row import Progress
from scripts.bench.stopwatch import Phase, timed
from scripts.embedded import jump_to

BATCHES = (50, 100)
SlotProof = tuple[int, tuple[bytes, ...], SlotResult, str]
"""`OutcomeProof`, field by field."""
FEW = 3
"""How many do what only some need to do."""


@dataclass
class GasDay:
    """Everything that is done in a session and around it, each at least once."""

    community: BenchCommunity
    _used: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def run(self, progress: Progress) -> dict[str, list[float]]:
        """Action → gas of each time that it was done."""
        progress("  members join and pay in")
        self._join()
        progress("  sealed orders")
        day = self._open()
        self._seal(day)
        progress("  outcome and settlement")
        self._clear(day)
        self._settle(day)
        progress("  execution, withdrawal, cancelling")
        self._pay(day)
        self._cancel()
        return dict(self._used)

    # ---------------------------------------------------------------- the session

    def _join(self) -> None:
        community = self.community
        self._note("apply", community.apply(), "registerUser")
        community.open_economy()
        self._note("approve a member", community.approve(), "approveMember")
        self._note("deposit", community.deposit(), "deposit")
        moved = self._timed(community.transfer_around)
        self._note("ERC-20 transfer of settlement euro", moved, "transfer")
        for action in (
            "pay in tokens with fee and incentives, a pair's first",
            "pay in tokens with fee and incentives",
        ):
            self._note(action, self._timed(community.pay_around), "pay")

    def _open(self) -> MarketDay:
        days: list[MarketDay] = []
        opened = self._timed(lambda: days.append(open_day(self.community)))
        self._note("open a session", opened, "newSession")
        return days[0]

    def _seal(self, day: MarketDay) -> None:
        """All commit; a few replace their commitment, one withdraws it and one is never heard of again."""
        self._note("commit with the envelope of 24 orders", day.commit(), "submitCommitments")
        reader, members = self.community.reader, self.community.members
        others = [(one, day_orders(len(members) + number)) for number, one in enumerate(members[:FEW])]
        replaced = self._timed(lambda: market.commit_all(reader, day.session_id, others))
        self._note("replace a commitment", replaced, "submitCommitments")
        withdrawn = self._timed(lambda: market.withdraw(reader, day.session_id, members[-1]))
        self._note("withdraw a commitment", withdrawn, "withdrawCommitment")
        day.begin_reveals()
        self._note("reveal 24 orders", day.reveal(but=members[-2:]), "revealOrders")
        day.begin_clearing()

    def _clear(self, day: MarketDay) -> None:
        posted = day.step(0, "post")
        self._note("post an outcome of 24 slots, each proposal", posted, "setFinalOrders")
        self._note("release a lock, not revealed", posted, "releaseLock")
        self._attest(day)
        day.begin_settling()
        self._free(day)

    def _free(self, day: MarketDay) -> None:
        """A few orders of the first hour that were not filled."""
        accepted = day.view.accepted_outcome()
        assert accepted is not None, "two operators agree"
        outcome = read_outcome(day.published, accepted.data_cid)
        free = partial(self.community.contracts.marketplace.call, "freeUnfilled", day.session_id)
        for row in np.flatnonzero((outcome.book.slot == 0) & (outcome.filled == 0))[:FEW]:
            self._send("free an unfilled order", free(*order_proof(outcome, accepted.data_cid, int(row))))

    def _settle(self, day: MarketDay) -> None:
        self._note("post a settlement", day.step(0, "post"), "setValidTransactions")
        self._attest(day)
        day.begin_executing()

    def _attest(self, day: MarketDay) -> None:
        self._note("attest, the deciding vote", day.step(1, "attest"), "attest")
        self._note("attest, a vote after it", day.step(2, "attest"), "attest")

    def _pay(self, day: MarketDay) -> None:
        """A few leaves one by one, a batch of each size, and the rest by an operator's pass."""
        self._send("validate", self.community.contracts.sessions.call("setPriorSessionValidation", day.session_id))
        accepted = day.view.accepted_settlement()
        assert accepted is not None, "two operators agree"
        document = read_settlement(day.published, accepted.data_cid)
        ordered = batches(document.members, document.tree(), [member.trader for member in document.members], 1)
        execute = partial(self.community.contracts.marketplace.call, "execute", day.session_id)
        for batch in ordered[:FEW]:
            self._send("execute one leaf", execute(batch.leaves[0], batch.proofs[0]))
        execute_all = partial(self.community.contracts.marketplace.call, "executeBatch", day.session_id)
        left = [batch.leaves[0].trader for batch in ordered[FEW:]]
        for size in BATCHES:
            batch = batches(document.members, document.tree(), left, size)[0]
            left = left[size:]
            self._send(f"execute, per leaf of a batch of {size}", execute_all(batch.leaves, batch.proofs), per=size)
        swept = day.step(0, "execute")
        self._note("sweep the pot", swept, "sweepPot")
        self._note("pay the treasury", swept, "payTreasury")
        day.require_paid()
        claim = self.community.contracts.marketplace.call("claimAvailableFunds", MoneyUe(1_000_000))
        for member in self.community.members[:FEW]:
            self._send("withdraw an amount", claim, member)

    def _cancel(self) -> None:
        """A session that nobody clears; then everybody draws everything."""
        day = self._open()
        few = dict(list(day.orders.items())[:FEW])
        market.commit_all(self.community.reader, day.session_id, list(few.items()))
        day.begin_reveals()
        market.reveal_all(self.community.reader, day.session_id, list(few))
        jump_to(self.community.chain, day.view.parameters.settlement_timeout)
        cancelled = day.step(0, "cancel")
        self._note("cancel", cancelled, "cancel")
        self._note("release a lock, cancelled", cancelled, "releaseLock")
        self._note("withdraw all", day.withdraw(), "withdrawAllFunds")

    # ---------------------------------------------------------------- measuring

    def _send(self, action: str, call: Call, signer: Signer | None = None, per: int = 1) -> None:
        receipt = self.community.chain.send(signer or self.community.admin, call)
        self._used[action].append(receipt.gas_used / per)

    def _timed(self, work: Callable[[], object]) -> Phase:
        return timed(self.community.chain, "", work)

    def _note(self, action: str, phase: Phase, function: str) -> None:
        self._used[action] += phase.gas_of(function)


def order_proof(outcome: OutcomeDocument, cid: str, row: int) -> tuple[SlotProof, AllocationProof]:
    """What shows how far an order, given by its row in the outcome's book, was filled."""
    book, slot = outcome.book, int(outcome.book.slot[row])
    orders = np.flatnonzero(book.slot == slot)
    position = int(np.flatnonzero(orders == row)[0])
    path = tree_of(book, outcome.filled, orders, outcome.results[slot].price).path(position)
    hashes = tuple(slot_hash(result) for result in outcome.results)
    order = AllocationProof(
        index=OrderIndex(int(book.index[row])),
        trader=Address("0x" + book.trader[row].tobytes().hex()),
        is_buy=bool(book.is_buy[row]),
        quantity_wh=EnergyWh(int(book.quantity[row])),
        limit_price=PriceUekwh(int(book.limit[row])),
        filled_wh=EnergyWh(int(outcome.filled[row])),
        position=position,
        siblings=tuple(node.hash for node in path),
        sibling_sums=tuple(tuple(node.sums) for node in path),
    )
    return (slot, hashes, outcome.results[slot], cid), order
