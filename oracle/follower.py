"""Following a market on its chain: each block's events are read once, and a restart reads from where it has to.

What unfinished sessions, days and rewards said is kept in memory alone; the journal keeps the block at which the oldest
of them was opened. A chain that was set back, or started anew under the same addresses, is noticed by the hash of the
last block seen, and read again from the beginning.
"""

from commons.chain import Block, Chain
from commons.contracts import Contracts
from commons.units import SessionId
from oracle.journal import Journal
from oracle.notarisation.fold import DayFold
from oracle.notarisation.types import NotaryId
from oracle.rewarding.fold import RewardsFold
from oracle.rewarding.types import RewardsId
from oracle.session.fold import MarketFold
from oracle.session.types import MarketId, SessionView


class Follower:
    """The market's sessions, and local days' datasets and rewards, up to the latest block that was read."""

    def __init__(self, chain: Chain, contracts: Contracts, journal: Journal, first_block: int) -> None:
        """Begin to follow; `first_block` is where the community was created."""
        self._chain = chain
        self._addresses = [
            contract.address
            for contract in (
                contracts.sessions,
                contracts.marketplace,
                contracts.quorum,
                contracts.notary,
                contracts.rewards,
            )
        ]
        self._market = MarketId(chain.chain_id, contracts.marketplace.address)
        self._journal = journal
        self._first_block = first_block
        self._fold = MarketFold(self._market)
        self.days = DayFold(NotaryId(chain.chain_id, contracts.notary.address))
        self.rewards = RewardsFold(RewardsId(chain.chain_id, contracts.rewards.address))
        self._head: Block | None = None

    def advance(self) -> Block:
        """Read what happened since the last time; gives the block up to which that is."""
        latest = self._chain.block()
        first = self._next_block(latest)
        events = self._chain.events(self._addresses, first, latest.number)
        self._fold.feed(events)
        self.days.feed(events)
        self.rewards.feed(events)
        self._head = latest
        opened = [view.opened_block for view in self.sessions()]
        opened += [view.opened_block for view in self.days.views()]
        opened += [view.opened_block for view in self.rewards.views()]
        oldest = min(opened, default=latest.number + 1)
        self._journal.move(oldest, latest.number, latest.hash)
        return latest

    def sessions(self) -> tuple[SessionView, ...]:
        """The sessions that are not known to be over."""
        return self._fold.sessions()

    def forget(self, session_id: SessionId) -> None:
        """Let go of a session that is over."""
        self._fold.forget(session_id)

    def _next_block(self, latest: Block) -> int:
        """The first block to be read: the one after the last, or where a beginning or a new beginning starts."""
        if self._head is not None:
            if self._stands(self._head.number, self._head.hash, latest):
                return self._head.number + 1
            self._fold = MarketFold(self._market)
            self.days.clear()
            self.rewards.clear()
            return self._first_block
        cursor = self._journal.cursor()
        if cursor is not None and self._stands(cursor.head_block, cursor.head_hash, latest):
            return cursor.from_block
        return self._first_block

    def _stands(self, number: int, digest: str, latest: Block) -> bool:
        """Whether the chain still holds a block that was read before."""
        return number <= latest.number and self._chain.block(number).hash == digest
