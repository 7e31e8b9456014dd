"""One pass of an oracle operator: every open session of its market is taken as far as the chain now allows.

The one place that sees all stages. What is due follows from the chain alone (`oracle.duty`); what was sent is in the
journal before it is sent (`oracle.outbox`). A session that fails is noted, and tried again after more and more blocks;
it never stops the others.
"""

from dataclasses import dataclass, field

from commons.chain import Block, Chain
from commons.contracts import CommunityReader
from commons.errors import ChainError, CommonwattError, ContractRefusal, RpcUnreachable
from oracle.demands import Answerer
from oracle.dividing.round import IncentiveRound
from oracle.duty import Duty, Over, Vote, Wait, due
from oracle.follower import Follower
from oracle.hands import Hands, Sending
from oracle.journal import FindingRow, Journal, NoteRow
from oracle.notarisation.round import DayRound
from oracle.outbox import Outbox
from oracle.report import Key, PassReport, Report, SessionReport, merged
from oracle.rewarding.round import RewardRound
from oracle.session.types import Operators, SessionView, Stage
from oracle.turns import Turns, progress
from oracle.voting import Stance, Voter

MOST_ROUNDS = 16
"""A pass ends after so many looks at the chain, even if something could be sent after each."""
LONGEST_RETREAT = 6
"""A failing session is looked at again after 2, 4, … and at last 2⁶ blocks."""


@dataclass
class Pipeline:
    """An operator at work."""

    chain: Chain
    reader: CommunityReader
    journal: Journal
    outbox: Outbox
    follower: Follower
    voter: Voter
    hands: Hands
    turns: Turns
    answerer: Answerer
    days: DayRound
    rewards: RewardRound
    incentives: IncentiveRound
    _operators: dict[int, Operators] = field(default_factory=dict)

    def step(self) -> PassReport:
        """One pass: look, do what is due, look again, until nothing more can be done now.

        Raises:
            RpcUnreachable: the chain cannot be reached; nothing is lost, pass again later.
        """
        self.outbox.settle_open()
        told: dict[Key, Report] = {}
        done: tuple[str, ...] = ()
        for _ in range(MOST_ROUNDS):
            block = self.follower.advance()
            reports = self._reports(block)
            paid = self._pay_treasury(block)
            for report in reports:
                told[report.key] = merged(told.get(report.key), report)
            done += paid
            if not paid and not any(report.done for report in reports):
                break
        return PassReport.of(block, told.values(), done)

    def _reports(self, block: Block) -> list[Report]:
        """One look: at the days to notarise, then at what rests on them: sessions, rewards, and incentives in euro."""
        operators = self._current_operators()
        days = self.days.look(block, operators)
        sessions = [self._session(view, block) for view in self.follower.sessions()]
        return [*days, *sessions, *self.rewards.look(block, operators), *self.incentives.look(block)]

    # ---------------------------------------------------------------- one session

    def _session(self, view: SessionView, block: Block) -> SessionReport:
        """The pipeline's edge: whatever goes wrong with a session fails that session, visibly."""
        note = self.journal.note(view.session_id)
        if self.turns.is_patient and block.number < note.retry_block:
            return SessionReport(view.session_id, note.stands, failure=f"tried again at block {note.retry_block}")
        try:
            report = self._take_on(view, block)
            failures, retry_block = 0, 0
        except RpcUnreachable:
            raise
        except ContractRefusal as refusal:
            report, failures, retry_block = self._refused(view, block, note, refusal)
        except Exception as error:  # noqa: BLE001
            report, failures, retry_block = _failed(view, block, note, error)
        new = NoteRow(session_id=view.session_id, stands=report.stands, failures=failures, retry_block=retry_block)
        if new.model_dump() != note.model_dump():
            self.journal.write_note(new)
        return report

    def _refused(
        self, view: SessionView, block: Block, note: NoteRow, refusal: ContractRefusal
    ) -> tuple[SessionReport, int, int]:
        """A refusal is no failure where somebody else has just done what was due."""
        operator = self.turns.operator
        latest = self.follower.advance()
        fresh = next((s for s in self.follower.sessions() if s.session_id == view.session_id), view)
        if due(fresh, latest.timestamp, operator) == due(view, block.timestamp, operator):
            return _failed(view, block, note, refusal)
        return SessionReport(view.session_id, "somebody else was faster"), 0, 0

    def _take_on(self, view: SessionView, block: Block) -> SessionReport:
        done: list[str] = []
        waits: list[str] = []
        self._compare(view)
        for duty in due(view, block.timestamp, self.turns.operator):
            result = self._perform(view, duty, block)
            if isinstance(result, Wait):
                waits.append(str(result))
            else:
                done += result
        done += self._open_trees(view, block)
        findings = tuple(finding.text for finding in self.journal.findings(view.session_id))
        return SessionReport(view.session_id, "; ".join(waits or done), tuple(done), findings)

    def _perform(self, view: SessionView, duty: Duty, block: Block) -> list[str] | Wait:
        match duty:
            case Wait():
                return duty
            case Over():
                released = self._release_stakes(view, block)
                if released:
                    return released
                self.follower.forget(view.session_id)
                self.turns.forget(view.session_id)
                self.voter.forget(view)
                return Wait("over")
            case Vote(stage):
                return self._vote(view, stage, block)
        left = self._blocks_left(view, progress(duty), block)
        if left:
            return Wait(f"another operator's turn for {left} more blocks: {type(duty).__name__.lower()}")
        return [self._send(sending) for sending in self.hands.sendings(view, duty)]

    def _vote(self, view: SessionView, stage: Stage, block: Block) -> list[str] | Wait:
        if self._operators_of(view).number_of(self.turns.operator) is None:
            return Wait(f"the operators of this session, of which this is none, work out the {stage.label}")
        released = self._release_stakes(view, block)
        if released:
            return released
        own = self.voter.answer(view, stage, block.timestamp)
        if isinstance(own, Wait):
            return own
        self._require_same_question(view, stage)
        self.voter.publish(own)
        call = self.voter.vote(view, own)
        self._keep_findings(view, stage, Stance.of(own))
        if isinstance(call, Wait):
            return call
        left = 0 if view.posted(stage) else self._blocks_left(view, stage, block)
        if left:
            return Wait(f"another operator's turn to post the {stage.label} for {left} more blocks")
        verb = "attested" if call.name.endswith(".attest") else "posted"
        purpose = f"{stage.label}/{view.session_id}/{view.round}"
        return [self._send(Sending(purpose, call, f"{verb} the {stage.label} ({own.cid})"))]

    def _release_stakes(self, view: SessionView, block: Block) -> list[str]:
        """End this operator's stakes in the session that are over, once more than half of its bond is pledged.

        A bond that nothing frees would at last cover no further session; below that, a transaction is spared.
        """
        operator, deadline = self.turns.operator, view.parameters.settlement_timeout
        over = [b.question for b in view.ballots if b.frees(operator, block.timestamp, deadline)]
        if not over:
            return []
        bond = self.reader.bond(operator)
        if 2 * bond.pledged <= bond.amount:
            return []
        call = self.hands.contracts.quorum.call("releaseStakes", over)
        purpose = f"release-stakes/{view.session_id}/{view.round}/{len(over)}/{block.number}"
        return [self._send(Sending(purpose, call, "ended the stakes that are over"))]

    def _open_trees(self, view: SessionView, block: Block) -> list[str]:
        """Answer demands to open the accepted outcome's trees, each operator in its turn."""
        if self._operators_of(view).number_of(self.turns.operator) is None:
            return []
        sendings = self.answerer.sendings(view, block.timestamp)
        return [self._send(sending) for sending in sendings if not self._blocks_left(view, sending.purpose, block)]

    def _require_same_question(self, view: SessionView, stage: Stage) -> None:
        """Refuse to answer a question other than the one that the contract puts."""
        ask = self.reader.outcome_question if stage is Stage.OUTCOME else self.reader.settlement_question
        if ask(view.session_id) != view.ballot(stage).question:
            raise ChainError(
                f"the contract asks another question about the {stage.label} than the events of the session lead to",
                which=view.session_id,
                remedy="A new round may have begun since the events were read; if it stays so, check the RPC.",
            )

    # ---------------------------------------------------------------- comparing

    def _compare(self, view: SessionView) -> None:
        """Keep what differs between this operator's posted or attested answers and others' posted later."""
        for stage in Stage:
            own = view.ballot(stage).answer_of(self.turns.operator)
            posted = next((p for p in view.posted(stage) if p.answer == own), None)
            if own is not None and posted is not None:
                self._keep_findings(view, stage, Stance.of(posted))

    def _keep_findings(self, view: SessionView, stage: Stage, own: Stance) -> None:
        known = {f.answer for f in self.journal.findings(view.session_id) if f.stage == stage.label and f.is_compared}
        if {posted.answer.hex() for posted in view.posted(stage)} - {own.answer.hex()} <= known:
            return
        for finding in self.voter.findings(view, stage, own):
            row = FindingRow(
                session_id=view.session_id,
                stage=stage.label,
                answer=finding.answer.hex(),
                text=finding.text,
                is_compared=finding.is_compared,
            )
            self.journal.keep_finding(row)

    # ---------------------------------------------------------------- sending

    def _send(self, sending: Sending) -> str:
        self.outbox.send(sending.purpose, sending.call)
        return sending.what

    def _pay_treasury(self, block: Block) -> tuple[str, ...]:
        """Pay the treasury what it is due; nothing is lost where that fails, since the due stays."""
        owed = int(self.chain.call(self.hands.contracts.marketplace.call("owedToTreasury")))
        if not owed or self.turns.blocks_left(0, self._current_operators(), ("treasury", owed), block.number):
            return ()
        try:
            return (self._send(self.hands.treasury_payment(owed, block.number)),)
        except ContractRefusal:  # somebody else was faster
            return ()

    def _blocks_left(self, view: SessionView, what: object, block: Block) -> int:
        return self.turns.blocks_left(view.session_id, self._operators_of(view), what, block.number)

    def _current_operators(self) -> Operators:
        found = self.reader.current_operators()
        return Operators(0, found.operators, found.terms.threshold)

    def _operators_of(self, view: SessionView) -> Operators:
        number = view.operator_set_id
        if number not in self._operators:
            found = self.reader.operator_set(number)
            self._operators[number] = Operators(number, found.operators, found.terms.threshold)
        return self._operators[number]


def _failed(view: SessionView, block: Block, note: NoteRow, error: Exception) -> tuple[SessionReport, int, int]:
    """The report on a failure, with the number of failures and the block at which the session is tried again."""
    message = error.message if isinstance(error, CommonwattError) else f"{type(error).__name__}: {error}"
    failures = note.failures + 1
    retry_block = block.number + 2 ** min(failures, LONGEST_RETREAT)
    return SessionReport(view.session_id, f"failed: {message}", failure=message), failures, retry_block
