"""The third part of an audit: the settlement recomputed from counted energy, as far as a stranger can go.

What the meters read is not public: counted energy is taken from the dataset, held against the fills, and everything
after it is recomputed.
"""

from commons.errors import AuditMismatch
from commons.units import EnergyWh, show_eur, show_kwh
from oracle.audit.outcome import PUBLISHED, posted, refuse, refuse_hash
from oracle.audit.types import Altered, Differs, Evidence, NotYet
from oracle.disagreement import Difference, Sides, basis_differences, leaf_differences, money_differences
from oracle.publication.outcome import OutcomeDocument
from oracle.publication.settlement import SettlementDocument
from oracle.session.answers import settlement_answer
from oracle.session.types import PostedSettlement
from oracle.settlement.rule import settle
from oracle.settlement.types import Counted, fills_of

ON_CHAIN = Sides("recomputed", "on the chain")


def recompute(evidence: Evidence, outcome: OutcomeDocument) -> SettlementDocument:
    """The settlement that the recomputed outcome and the published counted energy lead to; see `basis`."""
    counted_ = published(evidence).counted
    fills = fills_of(outcome.book, outcome.filled, evidence.view.parameters.slot_count)
    table = Counted(fills, counted_.counted, counted_.missing, counted_.excused)
    prices = [result.price for result in outcome.results]
    settlement = settle(table, prices, evidence.view.settlement_rules)
    return SettlementDocument.of(evidence.view, posted(evidence).data_cid, prices, table, settlement)


def dataset(evidence: Evidence) -> str:
    """The published dataset is what its CID names, and is about this session."""
    if isinstance(evidence.settlement, Altered):
        raise Differs(evidence.settlement.what)
    document, view = published(evidence), evidence.view
    if (document.market, document.session_id, document.round) != (view.market, view.session_id, view.round):
        raise Differs(
            f"it is about session {document.session_id}, round {document.round} of marketplace "
            f"{document.market.marketplace} on chain {document.market.chain_id}"
        )
    return settled(evidence).data_cid


def basis(evidence: Evidence, outcome: OutcomeDocument) -> str:
    """It settles the accepted outcome: its members, prices and fills."""
    document = published(evidence)
    fills = fills_of(outcome.book, outcome.filled, evidence.view.parameters.slot_count)
    if len(document.prices) != len(outcome.results):
        raise Differs(f"it has {len(document.prices)} slots, and the session {len(outcome.results)}")
    if fills.traders != document.counted.fills.traders:
        settles, revealed = ", ".join(document.counted.fills.traders), ", ".join(fills.traders)
        raise Differs(f"it settles {settles}, and those who revealed are {revealed}")
    refuse(basis_differences(recompute(evidence, outcome), document), evidence, PUBLISHED)
    return f"{show_kwh(EnergyWh(int(fills.filled.sum()) // 2))} filled on each side"


def counted(evidence: Evidence) -> str:
    """No more is counted than was filled, nothing where a reading is missing, and the right readings are excused."""
    table = published(evidence).counted
    try:
        table.require_sound(evidence.view.parameters.missing_allowance)
    except AuditMismatch as error:
        raise Differs(error.what) from error
    missing, excused = int(table.missing.sum()), int(table.excused.sum())
    return f"{show_kwh(EnergyWh(int(table.counted.sum())))} counted; {missing} readings missing, {excused} excused"


def money(evidence: Evidence, own: SettlementDocument) -> str:
    """Settled energy, debits, credits and penalties follow from counted energy."""
    refuse(money_differences(own, published(evidence)), evidence, PUBLISHED)
    return f"{show_kwh(EnergyWh(sum(own.settled)))} settled"


def leaves(evidence: Evidence, own: SettlementDocument) -> str:
    """Each member's leaf is the sum over its slots, and the leaves lead to the published totals and root."""
    refuse(leaf_differences(own, published(evidence)), evidence, PUBLISHED)
    return f"{len(own.members)} leaves"


def totals(evidence: Evidence, own: SettlementDocument) -> str:
    """The totals on the chain are the sums of the leaves, and debits cover credits."""
    chain = settled(evidence).totals
    for figure in ("debit", "credit", "penalty"):
        here, there = getattr(own.totals, figure), getattr(chain, figure)
        if here != there:
            refuse([Difference(f"total {figure} in µ€", here, there)], evidence, ON_CHAIN)
    if own.totals.credit > own.totals.debit:
        raise Differs(f"credits of {show_eur(own.totals.credit)} exceed debits of {show_eur(own.totals.debit)}")
    return (
        f"debits {show_eur(own.totals.debit)}, credits {show_eur(own.totals.credit)}, "
        f"penalties {show_eur(own.totals.penalty)}"
    )


def root(evidence: Evidence, own: SettlementDocument) -> str:
    """The root on the chain is that of the leaves; so is the root that execution goes by."""
    refuse_hash(own.root, settled(evidence).root)
    final = evidence.view.settlement_root
    if final is not None:
        refuse_hash(own.root, final)
    return f"0x{own.root.hex()}"


def answer(evidence: Evidence, own: SettlementDocument) -> str:
    """The hash that the operators voted for is that of the recomputed settlement and the dataset."""
    chain, question = settled(evidence), evidence.view.settlement_ballot.question
    here = settlement_answer(question, own.root, own.totals, chain.versions, chain.data_cid)
    refuse_hash(here, chain.answer)
    return f"0x{here.hex()}"


def settled(evidence: Evidence) -> PostedSettlement:
    """The accepted settlement as it was posted."""
    found = evidence.view.accepted_settlement()
    if found is None:
        raise NotYet("no settlement is accepted")
    return found


def published(evidence: Evidence) -> SettlementDocument:
    """The accepted settlement's dataset."""
    if evidence.settlement is None:
        raise NotYet("there is no settlement dataset to check")
    if isinstance(evidence.settlement, Altered):
        raise NotYet("the settlement dataset cannot be used")
    return evidence.settlement
