"""A watchtower: recomputes every accepted outcome within its window, refutes what is wrong, demands what is kept back.

Anybody runs it with an RPC and a key; without a key it only tells. It keeps nothing: what it has committed to, demanded
and been shown is on the chain, so it may be stopped and started at any moment. What it earns by that, it collects.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from commons.addresses import ZERO_ADDRESS, Address, checksummed
from commons.chain import Block, Chain, TransactionSigner
from commons.chain.sentences import show_moment
from commons.contracts import CommunityReader, Contracts
from commons.errors import ChainError, ContractRefusal, TransactionFailed
from commons.store import Reader
from oracle.demands import Asked, DemandBook
from oracle.earnings import Earnings
from oracle.publication.outcome import OutcomeDocument
from oracle.publication.reading import PATIENCE_S, Hurried, read_outcome
from oracle.refutation.examine import Examination, Right, Verdict, Withheld, Wrong
from oracle.refutation.opening import LEVELS
from oracle.refutation.sending import commitment, demanded_node, outcome_proof, refute_call
from oracle.session.fold import MarketFold
from oracle.session.types import MarketId, PostedOutcome, SessionView


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was seen of a session's outcome, and what was done about it."""

    session_id: int
    answer: bytes
    words: str
    is_right: bool
    done: tuple[str, ...] = ()
    trouble: str = ""
    """Why nothing, or not all, could be done about it now."""
    waits: str = ""
    """What is waited for before more can be done."""
    question: bytes = b""
    """What the operators answered: a session's outcome in one round."""


@dataclass
class Watchtower:
    """Watches one market; `signer` is None for one that only tells."""

    reader: CommunityReader
    datasets: Reader
    signer: TransactionSigner | None = None
    _fold: MarketFold = field(init=False)
    _earnings: Earnings | None = field(init=False)
    _next_block: int = field(init=False)
    _judged: dict[bytes, Examination] = field(default_factory=dict)
    _documents: dict[bytes, OutcomeDocument] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._restart()

    @property
    def chain(self) -> Chain:
        """The chain."""
        return self.reader.chain

    @property
    def contracts(self) -> Contracts:
        """The community's contracts."""
        return self.reader.contracts

    def look(self, only: int | None = None) -> list[Sighting]:
        """One look at every outcome that can be challenged now, and the next step against those that are wrong.

        Args:
            only: a session's number, if the others are none of one's business.

        Raises:
            ChainError: the chain does not answer, or refuses a step; look again.
        """
        block = self._advance()
        found = self._open(block)
        self._forget_all_but({posted.answer for _, posted in found})
        wanted = [(view, posted) for view, posted in found if only in (None, view.session_id)]
        return [self._look_safely_at(view, posted, block) for view, posted in wanted]

    def fate(self, seen: Sighting) -> str | None:
        """What became of a wrong outcome that can be challenged no more; None while it can.

        Raises:
            ChainError: as `look`.
        """
        quorum, block = self.contracts.quorum, self.chain.block()
        challenger = Address(str(self.chain.call(quorum.call("refutedBy", seen.question))).lower())
        if challenger != ZERO_ADDRESS:
            who = "this watchtower" if self.signer and challenger == self.signer.address else checksummed(challenger)
            return f"that outcome is void: {who} saw to it, and the session is cleared again"
        accepted, final_at = self.chain.call(quorum.call("acceptedAnswer", seen.question))
        if accepted != seen.answer or block.timestamp < final_at:
            return None
        return "that outcome is final although it is wrong: nobody showed it while its window was open"

    def collect(self) -> list[str]:
        """Collect the bounties and bonds that are due to this watchtower; what they were.

        Raises:
            ChainError: as `look`.
        """
        self._advance()
        return self._earnings.collect(self.signer) if self._earnings and self.signer else []

    def examine(self, session_id: int) -> tuple[SessionView, PostedOutcome, Verdict] | None:
        """What is to be said of one session's accepted outcome, whether or not it can be challenged still."""
        self._advance()
        view = next((view for view in self._fold.sessions() if view.session_id == session_id), None)
        posted = None if view is None else view.accepted_outcome()
        if view is None or posted is None:
            return None
        return view, posted, self._verdict(view, posted, self._book.asked(view))

    # ---------------------------------------------------------------- looking

    @property
    def _book(self) -> DemandBook:
        return DemandBook(self.chain, self.contracts)

    def _restart(self) -> None:
        market = MarketId(self.chain.chain_id, self.contracts.marketplace.address)
        self._fold, self._next_block = MarketFold(market), self.reader.first_block
        self._earnings = None if self.signer is None else Earnings(self.reader, self.signer.address)

    def _forget_all_but(self, answers: AbstractSet[bytes]) -> None:
        """Datasets and trees of what can be challenged no more: kept, they would fill the memory in time."""
        for kept in (self._judged, self._documents):
            for answer in [answer for answer in kept if answer not in answers]:
                del kept[answer]

    def _advance(self) -> Block:
        block = self.chain.block()
        if block.number + 1 < self._next_block:
            self._restart()  # the chain was set back
        known = self.contracts
        addresses = [c.address for c in (known.sessions, known.marketplace, known.quorum, known.demands)]
        events = self.chain.events(addresses, self._next_block, block.number)
        self._fold.feed(events)
        if self._earnings:
            self._earnings.feed(events)
        self._next_block = block.number + 1
        return block

    def _open(self, block: Block) -> list[tuple[SessionView, PostedOutcome]]:
        found = ((view, view.accepted_outcome()) for view in self._fold.sessions())
        return [(v, posted) for v, posted in found if posted and not v.outcome_ballot.is_final(block.timestamp)]

    def _look_safely_at(self, view: SessionView, posted: PostedOutcome, block: Block) -> Sighting:
        """A session that breaks the watchtower's own program must not hide the others."""
        try:
            return self._look_at(view, posted, block)
        except ChainError:
            raise
        except Exception as error:  # noqa: BLE001
            trouble = f"{type(error).__name__}: {error}"
            words, question = "its outcome could not be judged", view.outcome_ballot.question
            return Sighting(view.session_id, posted.answer, words, False, trouble=trouble, question=question)

    def _look_at(self, view: SessionView, posted: PostedOutcome, block: Block) -> Sighting:
        examination = self._judge(view, posted)
        if not examination.wrong_slots:
            words = "the accepted outcome is the one that the reveals lead to"
            return Sighting(view.session_id, posted.answer, words, True)
        asked = self._book.asked(view)
        verdict = self._verdict(view, posted, asked)
        done, trouble = ([], "") if self.signer is None else self._try_to_act(view, posted, verdict, asked, block)
        waits = "" if done or trouble else self._waits(verdict, asked, block)
        question = view.outcome_ballot.question
        return Sighting(view.session_id, posted.answer, said(verdict), False, tuple(done), trouble, waits, question)

    def _waits(self, verdict: Verdict, asked: list[Asked], block: Block) -> str:
        """What this watchtower waits for, having done all that it can."""
        if self.signer is None or not isinstance(verdict, Withheld):
            return ""
        until = [
            one.demand.answer_by
            for one in asked
            if one.demander == self.signer.address and one.answer is None and block.timestamp < one.demand.answer_by
        ]
        return f"the operators have until {show_moment(max(until))} to answer" if until else ""

    def _judge(self, view: SessionView, posted: PostedOutcome) -> Examination:
        """Recomputed once per answer: reveals are over when one is accepted."""
        if posted.answer not in self._judged:
            self._judged[posted.answer] = Examination.of(view, posted)
        return self._judged[posted.answer]

    def _verdict(self, view: SessionView, posted: PostedOutcome, asked: list[Asked]) -> Verdict:
        answers = [one.answer for one in asked if one.answer is not None]
        return self._judge(view, posted).verdict(lambda: self._published(view, posted), answers)

    def _published(self, view: SessionView, posted: PostedOutcome) -> OutcomeDocument | None:
        """What was published with an answer, read once; None where it is kept back: the tree is demanded then."""
        if posted.answer not in self._documents:
            hurried = Hurried(self.datasets, PATIENCE_S)
            try:
                self._documents[posted.answer] = read_outcome(hurried, posted.data_cid, view.order_count)
            except Exception:  # noqa: BLE001  whoever lies may publish what breaks its readers: that is keeping it back
                return None
        return self._documents[posted.answer]

    # ---------------------------------------------------------------- acting

    def _try_to_act(
        self, view: SessionView, posted: PostedOutcome, verdict: Verdict, asked: list[Asked], block: Block
    ) -> tuple[list[str], str]:
        """What was done, and what went wrong: a session in which nothing can be done must not keep others waiting."""
        try:
            return self._act(view, posted, verdict, asked, block), ""
        except (ContractRefusal, TransactionFailed) as error:
            return [], f"the tree could not be demanded: {error}" if isinstance(verdict, Withheld) else str(error)

    def _act(
        self, view: SessionView, posted: PostedOutcome, verdict: Verdict, asked: list[Asked], block: Block
    ) -> list[str]:
        assert self.signer is not None
        if isinstance(verdict, Wrong):
            return self._refute(self.signer, view, posted, verdict, block)
        if isinstance(verdict, Withheld):
            own = [one for one in asked if one.demander == self.signer.address]
            silent = [one for one in asked if one.answer is None and block.timestamp >= one.demand.answer_by]
            if silent:
                self.chain.send(self.signer, self.contracts.demands.call("voidUnanswered", silent[0].number))
                return [f"made the outcome void: nobody answered demand {silent[0].number}"]
            return self._demand(self.signer, view, posted, verdict, own)
        return []

    def _refute(
        self, signer: TransactionSigner, view: SessionView, posted: PostedOutcome, wrong: Wrong, block: Block
    ) -> list[str]:
        """Commit first; prove as soon as the chain has gone on by a block."""
        refuter = self.contracts.refuter
        call = refute_call(self.contracts, view, posted, wrong.proof)
        digest = commitment(self.contracts, self.chain.chain_id, signer.address, call)
        committed_in = int(self.chain.call(refuter.call("committedIn", digest)))
        if not committed_in:
            self.chain.send(signer, refuter.call("commit", view.session_id, digest))
            return ["committed to the proof"]
        if block.number <= committed_in:
            return []
        self.chain.send(signer, call)
        return [f"refuted the outcome ({wrong.proof.kind.name.lower().replace('_', ' ')})"]

    def _demand(
        self, signer: TransactionSigner, view: SessionView, posted: PostedOutcome, kept: Withheld, own: list[Asked]
    ) -> list[str]:
        demanded = {(one.demand.slot, one.demand.level, one.demand.position) for one in own}
        done = []
        for level, position in kept.nodes:
            if (kept.slot, level, position) in demanded:
                continue
            self._allow(signer, view)
            node = demanded_node(kept.opened, level, position)
            outcome = outcome_proof(posted, kept.slot)
            number = _continued(own, kept.slot, level, position)
            self.chain.send(signer, self.contracts.demands.call("demand", view.session_id, outcome, node, number))
            done.append(f"demanded slot {kept.slot}'s tree at level {level}, position {position}")
        return done

    def _allow(self, signer: TransactionSigner, view: SessionView) -> None:
        """Let the contract of demands take one bond."""
        bond, _ = self.chain.call(self.contracts.demands.call("demandTerms", view.session_id))
        at = self.contracts.demands.address
        if int(self.chain.call(self.contracts.euro.call("allowance", signer.address, at))) < bond:
            self.chain.send(signer, self.contracts.euro.call("approve", at, bond))


def said(verdict: Verdict) -> str:
    """A verdict in words."""
    match verdict:
        case Right():
            return "right"
        case Wrong(proof):
            return proof.words
        case Withheld():
            return verdict.words


def _continued(own: list[Asked], slot: int, level: int, position: int) -> int:
    """The demand of one's own whose answer showed this node; 0 for none."""
    for one in own:
        demand = one.demand
        bottom = max(demand.level - LEVELS, 0)
        if demand.slot == slot and bottom == level and position >> (demand.level - level) == demand.position:
            return one.number
    return 0
