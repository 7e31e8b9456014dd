"""Follow the chain: read the events of the factory and of all its communities into the read model.

Each range of blocks is one transaction that first moves the mark of how far we are, and only from where it was: whoever
is killed goes on from the mark, and of two followers one finds it moved and leaves the range to the other. A chain that
was begun anew, or went back (the embedded one does), has other hashes at block 0 or at the mark: then everything that
follows from the chain is thrown away and read again, under the next generation.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event as Flag

from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col, select

from api.read_model.intake import Intake
from api.read_model.tables import FACTS, FollowedContractRow, FollowedRow, SessionFactRow, table_of
from commons.addresses import Address
from commons.chain import Block, Chain, Event
from commons.chain.logs import LOG_RANGE
from commons.contracts import Contract
from commons.errors import CommonwattError, RpcUnreachable
from commons.records import SessionState

POLL_S = 1.0
PAUSE_S = 5.0
OVER = ("closed", "cancelled")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """Where following begins: the factory, and the block before which nothing of ours happened."""

    factory: Address
    first_block: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step came."""

    block: int
    head: int
    events: int

    @property
    def behind(self) -> int:
        """Blocks still to be read."""
        return self.head - self.block


class Moved(Exception):  # noqa: N818  not a failure
    """Another follower has moved the mark."""


class Follower:
    """Follows one chain into one database."""

    def __init__(
        self,
        chain: Chain,
        engine: Engine,
        source: Source,
        clock: Callable[[], float] = time.time,
        span: int = LOG_RANGE,
    ) -> None:
        self._chain = chain
        self._engine = engine
        self._source = source
        self._clock = clock
        self._span = min(span, LOG_RANGE)

    def run(self, stop: Flag, poll_s: float = POLL_S) -> None:
        """Follow until told to stop; what fails is logged and tried again, for the chain may come back."""
        while not stop.is_set():
            try:
                self.step()
                pause = poll_s
            except RpcUnreachable as error:
                _log.warning("the chain is not there: %s", error)
                pause = PAUSE_S
            except CommonwattError:
                _log.exception("following the chain failed and is tried again")
                pause = PAUSE_S
            stop.wait(pause)

    def step(self) -> Progress:
        """Read up to the chain's latest block."""
        head = self._chain.block()
        mark = self._mark(head)
        events = 0
        while mark.block < head.number:
            last = min(mark.block + self._span, head.number)
            try:
                events += self._follow(mark, last, head)
            except Moved:
                _log.info("another process follows this chain into the same database")
            mark = self._read_mark() or mark
        self._refresh(head)
        return Progress(mark.block, head.number, events)

    # ---------------------------------------------------------------- the mark

    def _mark(self, head: Block) -> FollowedRow:
        """The mark on this chain: the one kept, or a new one where the chain is not the one that was followed."""
        kept = self._read_mark()
        if kept is not None and self._is_same(kept, head):
            return kept
        if kept is not None:
            _log.warning("the chain was begun anew or went back: everything is read again")
        return self._begin(head, 0 if kept is None else kept.generation, 0 if kept is None else kept.revision)

    def _read_mark(self) -> FollowedRow | None:
        with Session(self._engine) as rows:
            return rows.get(FollowedRow, 1)

    def _is_same(self, kept: FollowedRow, head: Block) -> bool:
        if (kept.chain_id, kept.factory) != (self._chain.chain_id, self._source.factory) or kept.block > head.number:
            return False
        genesis, at_mark = self._chain.blocks([0, kept.block])
        return (
            genesis is not None
            and at_mark is not None
            and (genesis.hash, at_mark.hash) == (kept.genesis, kept.block_hash)
        )

    def _begin(self, head: Block, generation: int, revision: int) -> FollowedRow:
        """Throw away what was followed, and set the mark before the first block."""
        before = max(self._source.first_block - 1, 0)
        genesis, mark = self._chain.blocks([0, before])
        if genesis is None or mark is None:
            raise RpcUnreachable(
                f"the chain ends before block {before}", remedy="Check the network's file, or wait for the node."
            )
        row = FollowedRow(
            chain_id=self._chain.chain_id,
            genesis=genesis.hash,
            factory=self._source.factory,
            first_block=self._source.first_block,
            generation=generation + 1,
            revision=revision + 1,
            block=before,
            block_hash=mark.hash,
            block_time=mark.timestamp,
            head=head.number,
            head_time=head.timestamp,
            asked_at=int(self._clock()),
        )
        with Session(self._engine, expire_on_commit=False) as rows:
            for table in (FollowedRow, *FACTS):
                rows.connection().execute(delete(table_of(table)))
            rows.add(row)
            rows.commit()
        return row

    # ---------------------------------------------------------------- a range

    def _follow(self, mark: FollowedRow, last: int, head: Block) -> int:
        """Read the blocks after the mark up to `last`, in one transaction; how many events they hold."""
        new = self._new_communities(mark.block + 1, last)
        events = self._events(mark.block + 1, last, new)
        times, end = self._times(events, last)
        with Session(self._engine) as rows:
            self._move(rows, mark, end, head, is_news=bool(events))
            intake = Intake(rows, self._chain.chain_id, self._source.factory)
            intake.take(events, times)
            rows.commit()
        return len(events)

    def _new_communities(self, first: int, last: int) -> list[Event]:
        return self._chain.events(self._source.factory, first, last, ["CommunityCreated"])

    def _events(self, first: int, last: int, new: Sequence[Event]) -> list[Event]:
        with Session(self._engine) as rows:
            known = [Address(at) for at in rows.exec(select(FollowedContractRow.address))]
        created = [at for event in new for at in Intake.addresses_of(event).values()]
        return self._chain.events([self._source.factory, *known, *created], first, last)

    def _times(self, events: Sequence[Event], last: int) -> tuple[dict[int, int], Block]:
        """The time of every block with an event, and the block that the mark moves to."""
        numbers = sorted({event.block for event in events} | {last})
        found = self._chain.blocks(numbers)
        blocks = {block.number: block for block in found if block is not None}
        if len(blocks) < len(numbers):
            raise RpcUnreachable("the chain went back while it was read", remedy="It is read again by itself.")
        return {number: block.timestamp for number, block in blocks.items()}, blocks[last]

    def _move(self, rows: Session, mark: FollowedRow, end: Block, head: Block, is_news: bool) -> None:
        """Move the mark, if it is where it was; this takes the database's writing lock before anything else."""
        table = table_of(FollowedRow)
        moved = (
            update(table)
            .where(table.c.block == mark.block, table.c.generation == mark.generation)
            .values(
                block=end.number,
                block_hash=end.hash,
                block_time=end.timestamp,
                head=head.number,
                head_time=head.timestamp,
                asked_at=int(self._clock()),
                revision=table.c.revision + int(is_news),
            )
        )
        if rows.connection().execute(moved).rowcount != 1:
            raise Moved

    # ---------------------------------------------------------------- what time changes

    def _refresh(self, head: Block) -> None:
        """Note where unfinished sessions stand, which passes with time and no event, and that the chain answered."""
        states = self._states()
        with Session(self._engine) as rows:
            table = table_of(FollowedRow)
            seen = {"head": head.number, "head_time": head.timestamp, "asked_at": int(self._clock())}
            rows.connection().execute(update(table).values(**seen, revision=table.c.revision + int(bool(states))))
            for (community, number), state in states.items():
                row = rows.get(SessionFactRow, (community, number))
                if row is not None:
                    row.state = state
            rows.commit()

    def _states(self) -> dict[tuple[str, int], str]:
        """The sessions whose state is another one than the one kept."""
        with Session(self._engine) as rows:
            open_ones = list(rows.exec(select(SessionFactRow).where(col(SessionFactRow.state).not_in(OVER))))
            handlers = dict(
                rows.exec(
                    select(FollowedContractRow.community, FollowedContractRow.address).where(
                        FollowedContractRow.kind == "sessions"
                    )
                ).all()
            )
        calls = [
            Contract(Address(handlers[row.community]), "SessionHandler").call("stateOf", row.number)
            for row in open_ones
        ]
        found = [SessionState(state).name.lower() for state in self._chain.calls(calls)]
        return {
            (row.community, row.number): state
            for row, state in zip(open_ones, found, strict=True)
            if state != row.state
        }
