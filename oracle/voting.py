"""Voting: an operator's own answer, posted, or attested where an equal one was posted, and compared with the others.

An operator stands for nothing but what it worked out itself. Where another answer was accepted it sends nothing, and
says in words which figures differ.
"""

from dataclasses import dataclass, field

from commons.chain import Call
from commons.cid import Cid
from commons.contracts import Contracts
from commons.errors import DataError
from commons.records import DatasetVersion
from commons.store import FolderStore, Reader
from commons.units import EpochSeconds
from oracle import disagreement
from oracle.attestation import OwnOutcome, OwnSettlement, fills, own_outcome, own_settlement
from oracle.duty import Wait
from oracle.notarisation.metering import Metering
from oracle.options import Options
from oracle.publication.reading import PATIENCE_S, Hurried, read_outcome, read_settlement
from oracle.session.types import PostedOutcome, PostedSettlement, SessionView, Stage


@dataclass(frozen=True, slots=True)
class Stance:
    """An answer that the operator stands for: its hash, its data, and the readings that a settlement rests on."""

    answer: bytes
    cid: Cid
    versions: tuple[DatasetVersion, ...] = ()

    @classmethod
    def of(cls, given: OwnOutcome | OwnSettlement | PostedOutcome | PostedSettlement) -> "Stance":
        """What was worked out, or posted by whomever."""
        cid = Cid(given.data_cid) if isinstance(given, PostedOutcome | PostedSettlement) else given.cid
        versions = given.versions if isinstance(given, OwnSettlement | PostedSettlement) else ()
        return cls(given.answer, cid, versions)


@dataclass(frozen=True, slots=True)
class Finding:
    """Another operator's answer, and where it differs from one's own; or, not compared yet, why it cannot be told."""

    stage: Stage
    answer: bytes
    text: str
    is_compared: bool


@dataclass(frozen=True, slots=True)
class Voter:
    """Works out answers and turns them into calls; `published` is the operator's own folder of datasets."""

    contracts: Contracts
    metering: Metering
    published: FolderStore
    elsewhere: Reader
    options: Options
    _outcomes: dict[bytes, OwnOutcome] = field(default_factory=dict, repr=False)

    def answer(self, view: SessionView, stage: Stage, now: EpochSeconds) -> OwnOutcome | OwnSettlement | Wait:
        """The operator's own answer, or what it waits for."""
        outcome = self._outcome(view)
        if stage is Stage.OUTCOME:
            return outcome
        if outcome.answer != view.outcome_ballot.accepted:
            return Wait("another outcome was accepted than this operator's; it does not vouch for what rests on it")
        filled = fills(view, outcome)
        metered = self.metering.metered(view, filled.traders)
        if isinstance(metered, Wait):
            return metered
        settlement = own_settlement(view, outcome, filled, metered)
        due = self.options.readings_due(view)
        if settlement.missing and not settlement.versions and now < due:
            return Wait(f"readings of {settlement.missing} filled slots are missing; they are waited for", due)
        return settlement

    def forget(self, view: SessionView) -> None:
        """Let go of a session that is over."""
        self._outcomes.pop(view.outcome_ballot.question, None)

    def publish(self, own: OwnOutcome | OwnSettlement) -> None:
        """Keep the data behind an answer where others find it."""
        self.published.publish(own.published)

    def vote(self, view: SessionView, own: OwnOutcome | OwnSettlement) -> Call | Wait:
        """The call that attests an equal answer, or posts this one; none where another was accepted."""
        ballot = view.ballot(stage_of(own))
        if ballot.accepted not in (None, own.answer):
            return Wait(f"another {stage_of(own).label} was accepted than this operator's")
        if own.answer in {posted.answer for posted in view.posted(stage_of(own))}:
            return self.contracts.quorum.call("attest", ballot.question, own.answer)
        return self._post(view, own)

    def findings(self, view: SessionView, stage: Stage, own: Stance) -> list[Finding]:
        """Where each different answer that was posted differs; those that cannot be read say why."""
        others = {posted.answer: posted for posted in view.posted(stage) if posted.answer != own.answer}
        return [self._finding(view, stage, own, other) for other in others.values()]

    def _outcome(self, view: SessionView) -> OwnOutcome:
        """The outcome, worked out once: reveals are over."""
        question = view.outcome_ballot.question
        if question not in self._outcomes:
            self._outcomes[question] = own_outcome(view)
        return self._outcomes[question]

    def _post(self, view: SessionView, own: OwnOutcome | OwnSettlement) -> Call:
        market = self.contracts.marketplace
        if isinstance(own, OwnOutcome):
            return market.call("setFinalOrders", view.session_id, own.document.results, own.cid)
        document = own.document
        totals = (document.totals.debit, document.totals.credit, document.totals.penalty)
        return market.call("setValidTransactions", view.session_id, document.root, totals, own.versions, own.cid)

    def _finding(
        self, view: SessionView, stage: Stage, own: Stance, other: PostedOutcome | PostedSettlement
    ) -> Finding:
        readings = disagreement.version_differences(own.versions, Stance.of(other).versions)
        who = "; ".join([f"operator {other.operator} posted another {stage.label}", *readings])
        try:
            text = f"{who}: {self._compared(view, stage, own.cid, other.data_cid)}"
        except DataError as error:
            return Finding(stage, other.answer, f"{who}, which cannot be compared: {error.message}", is_compared=False)
        return Finding(stage, other.answer, text, is_compared=True)

    def _compared(self, view: SessionView, stage: Stage, own_cid: Cid, other_cid: str) -> str:
        elsewhere = Hurried(self.elsewhere, PATIENCE_S)
        if stage is Stage.OUTCOME:
            pair = (read_outcome(self.published, own_cid), read_outcome(elsewhere, other_cid, view.order_count))
            return disagreement.tell(disagreement.outcome_differences(*pair), view.grid)
        sheets = (read_settlement(self.published, own_cid), read_settlement(elsewhere, other_cid, view.order_count))
        return disagreement.tell(disagreement.settlement_differences(*sheets), view.grid)


def stage_of(own: OwnOutcome | OwnSettlement) -> Stage:
    """The stage that an answer belongs to."""
    return Stage.OUTCOME if isinstance(own, OwnOutcome) else Stage.SETTLEMENT
