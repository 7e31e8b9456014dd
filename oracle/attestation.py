"""What an operator stands for: its own answer to a session's question, with the data behind it, ready to be published.

Nothing here looks at what others answered.
"""

from dataclasses import dataclass, field

from commons.cid import Cid
from commons.publication import Published, split
from commons.records import DatasetVersion
from oracle.clearing.outcome import outcome_of
from oracle.notarisation.metering import Metered
from oracle.publication import outcome as outcome_data
from oracle.publication import settlement as settlement_data
from oracle.publication.outcome import OutcomeDocument
from oracle.publication.settlement import SettlementDocument
from oracle.session.answers import outcome_answer, settlement_answer
from oracle.session.types import SessionView
from oracle.settlement.rule import count, settle
from oracle.settlement.types import Fills, fills_of


@dataclass(frozen=True, slots=True)
class OwnOutcome:
    """An operator's own outcome of a session."""

    answer: bytes
    document: OutcomeDocument = field(repr=False)
    published: Published

    @property
    def cid(self) -> Cid:
        """The name of its dataset."""
        return self.published.cid


@dataclass(frozen=True, slots=True)
class OwnSettlement:
    """An operator's own settlement of a session; `missing` counts the slots with filled energy and no reading."""

    answer: bytes
    document: SettlementDocument = field(repr=False)
    versions: tuple[DatasetVersion, ...]
    published: Published
    missing: int

    @property
    def cid(self) -> Cid:
        """The name of its dataset."""
        return self.published.cid


def own_outcome(view: SessionView) -> OwnOutcome:
    """The outcome that the session's reveals lead to."""
    outcome = outcome_of(view.book(), view.parameters.slot_count)
    document = OutcomeDocument.of(view, outcome)
    published = split(outcome_data.to_dataset(document))
    return OwnOutcome(
        outcome_answer(view.outcome_ballot.question, document.results, published.cid), document, published
    )


def own_settlement(view: SessionView, outcome: OwnOutcome, fills: Fills, metered: Metered) -> OwnSettlement:
    """The settlement that an outcome, what it fills, and what the traders' points read lead to."""
    counted = count(fills, metered.readings, view.parameters.missing_allowance)
    prices = [result.price for result in outcome.document.results]
    settlement = settle(counted, prices, view.settlement_rules)
    document = SettlementDocument.of(view, outcome.cid, prices, counted, settlement)
    published = split(settlement_data.to_dataset(document))
    question, versions = view.settlement_ballot.question, metered.versions
    answer = settlement_answer(question, settlement.root, settlement.totals, versions, published.cid)
    return OwnSettlement(answer, document, versions, published, int(counted.missing.sum()))


def fills(view: SessionView, outcome: OwnOutcome) -> Fills:
    """What each trader's orders were filled in the session."""
    return fills_of(outcome.document.book, outcome.document.filled, view.parameters.slot_count)
