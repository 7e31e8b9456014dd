"""The second part of an audit: clearing and allocation trees, recomputed from the reveals on the chain."""

from collections.abc import Iterable

from commons.units import EnergyWh, show_kwh
from oracle.audit.types import Altered, Differs, Evidence, NotYet
from oracle.clearing.outcome import outcome_of
from oracle.disagreement import (
    Difference,
    Sides,
    fill_differences,
    order_differences,
    result_differences,
    tell,
)
from oracle.publication.outcome import OutcomeDocument
from oracle.session.answers import outcome_answer
from oracle.session.types import PostedOutcome, SessionView, Stage

PUBLISHED = Sides("recomputed", "published")
ON_CHAIN = Sides("recomputed", "on the chain")


def recompute(view: SessionView) -> OutcomeDocument:
    """The session's outcome as its reveals lead to it."""
    return OutcomeDocument.of(view, outcome_of(view.book(), view.parameters.slot_count))


def votes(evidence: Evidence, stage: Stage) -> str:
    """At least k different operators of the session's set stand behind the accepted answer, which was posted."""
    ballot, operators = evidence.view.ballot(stage), evidence.operators
    if ballot.accepted is None:
        raise NotYet(f"no {stage.label} is accepted")
    if ballot.accepted not in {posted.answer for posted in evidence.view.posted(stage)}:
        raise Differs(f"the accepted {stage.label} was never posted")
    voters = set(ballot.voters(ballot.accepted))
    strangers = voters - set(operators.operators)
    if strangers:
        raise Differs(f"{min(strangers)} voted and is no operator of this session")
    if len(voters) < operators.threshold:
        raise Differs(f"{len(voters)} operators stand behind it, and {operators.threshold} are needed")
    return f"{len(voters)} of {len(operators.operators)} operators, {operators.threshold} needed"


def dataset(evidence: Evidence) -> str:
    """The published dataset is what its CID names, and is about this session."""
    if isinstance(evidence.outcome, Altered):
        raise Differs(evidence.outcome.what)
    document, view = published(evidence), evidence.view
    if (document.market, document.session_id, document.round) != (view.market, view.session_id, view.round):
        raise Differs(
            f"it is about session {document.session_id}, round {document.round} of marketplace "
            f"{document.market.marketplace} on chain {document.market.chain_id}"
        )
    return posted(evidence).data_cid


def orders(evidence: Evidence, recomputed: OutcomeDocument) -> str:
    """The published orders are those revealed."""
    refuse(order_differences(recomputed, published(evidence)), evidence, PUBLISHED)
    return f"{len(recomputed.book)} orders"


def clearing(evidence: Evidence, recomputed: OutcomeDocument) -> str:
    """Every order is filled by what the rule gives it."""
    refuse(fill_differences(recomputed, published(evidence)), evidence, PUBLISHED)
    return f"{show_kwh(EnergyWh(sum(result.volume for result in recomputed.results)))} traded"


def prices(evidence: Evidence, recomputed: OutcomeDocument) -> str:
    """Prices, intervals, witnesses and volumes on the chain are those of the rule."""
    refuse(_results(evidence, recomputed, of_tree=False), evidence, ON_CHAIN)
    return f"{sum(1 for result in recomputed.results if result.volume)} of {len(recomputed.results)} slots trade"


def trees(evidence: Evidence, recomputed: OutcomeDocument) -> str:
    """The allocation trees on the chain have the roots and sums of the orders' trees; so do the published results."""
    refuse(_results(evidence, recomputed, of_tree=True), evidence, ON_CHAIN)
    refuse(result_differences(recomputed.results, published(evidence).results), evidence, PUBLISHED)
    return f"{len(recomputed.results)} trees"


def answer(evidence: Evidence, recomputed: OutcomeDocument) -> str:
    """The hash that the operators voted for is that of the recomputed results and the dataset."""
    own = outcome_answer(evidence.view.outcome_ballot.question, recomputed.results, posted(evidence).data_cid)
    refuse_hash(own, posted(evidence).answer)
    return f"0x{own.hex()}"


def posted(evidence: Evidence) -> PostedOutcome:
    """The accepted outcome as it was posted."""
    found = evidence.view.accepted_outcome()
    if found is None:
        raise NotYet("no outcome is accepted")
    return found


def published(evidence: Evidence) -> OutcomeDocument:
    """The accepted outcome's dataset."""
    if evidence.outcome is None:
        raise NotYet("there is no outcome dataset to check")
    if isinstance(evidence.outcome, Altered):
        raise NotYet("the outcome dataset cannot be used")
    return evidence.outcome


def refuse(differences: Iterable[Difference], evidence: Evidence, sides: Sides) -> None:
    """Say what differs, if anything does."""
    found = list(differences)
    if found:
        raise Differs(tell(found, evidence.view.grid, sides))


def refuse_hash(own: bytes, accepted: bytes) -> None:
    """Say that two hashes differ, if they do."""
    if own != accepted:
        raise Differs(f"0x{own.hex()} recomputed, 0x{accepted.hex()} accepted")


_TREE_FIGURES = frozenset(
    {
        "order count",
        "root of the allocation tree",
        "buy filled",
        "sell filled",
        "margin buy quantity",
        "margin buy filled",
        "margin sell quantity",
        "margin sell filled",
    }
)


def _results(evidence: Evidence, recomputed: OutcomeDocument, of_tree: bool) -> list[Difference]:
    """Where the chain's results differ in what concerns trees, or in all else."""
    found = result_differences(recomputed.results, posted(evidence).results)
    return [difference for difference in found if (difference.figure in _TREE_FIGURES) is of_tree]
