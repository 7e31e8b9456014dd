"""Operators who agree on something wrong: two of three post and attest it, with a dataset to match."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from commons.addresses import address_of
from commons.chain import Call
from commons.cid import Cid
from commons.publication import Dataset, split
from commons.store import FolderStore
from oracle.attestation import fills, own_outcome, own_settlement
from oracle.clearing.outcome import join, slot_hash
from oracle.clearing.tree import slot_tree, slot_trees
from oracle.clearing.types import Clearing
from oracle.notarisation.metering import Metered
from oracle.publication import outcome as outcome_data
from oracle.publication import settlement as settlement_data
from oracle.publication.outcome import OutcomeDocument
from oracle.publication.settlement import SettlementDocument
from oracle.session.types import SessionView, Stage
from oracle.settlement.leaves import settlement_tree
from tests.support.market import Day, OperatorDesk


def honest_outcome(view: SessionView) -> OutcomeDocument:
    """The right outcome."""
    return own_outcome(view).document


def honest_settlement(view: SessionView, operator: OperatorDesk) -> SettlementDocument:
    """The right settlement by an operator's readings."""
    outcome = own_outcome(view)
    filled = fills(view, outcome)
    metered = operator.pipeline.voter.metering.metered(view, filled.traders)
    assert isinstance(metered, Metered)
    return own_settlement(view, outcome, filled, metered).document


def free_call(day: Day, document: OutcomeDocument, index: int) -> Call:
    """The call that frees what an order locked beyond its fill."""
    row = int(np.flatnonzero(document.book.index == index)[0])
    slot = int(document.book.slot[row])
    position = int(np.flatnonzero(np.flatnonzero(document.book.slot == slot) == row)[0])
    tree = slot_tree(document.book, _clearing(document), slot)
    path = tree.path(position)
    hashes = [slot_hash(result) for result in document.results]
    posted = day.view.accepted_outcome()
    assert posted is not None
    order = (
        index,
        address_of(document.book.trader[row].tobytes()),
        bool(document.book.is_buy[row]),
        int(document.book.quantity[row]),
        int(document.book.limit[row]),
        int(document.filled[row]),
        position,
        [node.hash for node in path],
        [list(node.sums) for node in path],
    )
    outcome = (slot, hashes, document.results[slot], posted.data_cid)
    return day.world.contracts.marketplace.call("freeUnfilled", day.session_id, outcome, order)


def refilled(document: OutcomeDocument, fills: Mapping[int, int], **figures: Mapping[int, int]) -> OutcomeDocument:
    """The outcome with other fills by order index, and other figures by slot, its trees built to match."""
    filled = document.filled.copy()
    for index, energy in fills.items():
        filled[np.flatnonzero(document.book.index == index)[0]] = energy
    clearing = _clearing(replace(document, filled=filled))
    for name, values in figures.items():
        for slot, value in values.items():
            getattr(clearing, name)[slot] = value
    results = tuple(slot.to_chain() for slot in join(clearing, slot_trees(document.book, clearing)).slots)
    return replace(document, filled=filled, results=results)


def recharged(document: SettlementDocument, **leaf: Mapping[int, int]) -> SettlementDocument:
    """The settlement with other debits, credits or penalties of members (by row), totals and root to match."""
    members = list(document.members)
    for figure, changes in leaf.items():
        for row, value in changes.items():
            members[row] = replace(members[row], **{figure: value})  # type: ignore[arg-type]
    return with_members(replace(document, members=tuple(members)))


def with_members(document: SettlementDocument) -> SettlementDocument:
    """The settlement with totals and root that follow from its leaves."""
    sums: dict[str, Any] = {
        figure: sum(getattr(member, figure) for member in document.members) for figure in ("debit", "credit", "penalty")
    }
    root = settlement_tree(document.session_id, document.members).root
    return replace(document, totals=replace(document.totals, **sums), root=root)


def summed(document: SettlementDocument) -> SettlementDocument:
    """The settlement with leaves that follow from its tables, and totals and root that follow from these."""
    members = tuple(
        replace(
            member,
            debit=int(document.debit[row].sum()),  # type: ignore[arg-type]
            credit=int(document.credit[row].sum()),  # type: ignore[arg-type]
            penalty=int(document.penalty[row].sum()),  # type: ignore[arg-type]
        )
        for row, member in enumerate(document.members)
    )
    return with_members(replace(document, members=members))


def post_outcome(day: Day, operators: list[OperatorDesk], document: OutcomeDocument, cid: str | None = None) -> None:
    """Two operators accept an outcome; under another CID than its dataset's, where one is given."""
    name = cid or publish(operators[0].published, outcome_data.to_dataset(document))
    market = day.world.contracts.marketplace
    call = market.call("setFinalOrders", day.session_id, document.results, name)
    day.world.chain.send(operators[0].signer, call)
    _attest(day, operators[1], Stage.OUTCOME)


def post_settlement(
    day: Day, operators: list[OperatorDesk], document: SettlementDocument, cid: str | None = None
) -> None:
    """Two operators accept a settlement; under another CID than its dataset's, where one is given."""
    name = cid or publish(operators[0].published, settlement_data.to_dataset(document))
    totals = (document.totals.debit, document.totals.credit, document.totals.penalty)
    market = day.world.contracts.marketplace
    call = market.call("setValidTransactions", day.session_id, document.root, totals, (), name)
    day.world.chain.send(operators[0].signer, call)
    _attest(day, operators[1], Stage.SETTLEMENT)


def publish(store: FolderStore, dataset: Dataset) -> Cid:
    """Publish whatever it is."""
    return store.publish(split(dataset))


def _clearing(document: OutcomeDocument) -> Clearing:
    """The clearing that an outcome's figures say."""
    names = ("price", "lo", "hi", "lo_witness", "hi_witness", "volume")
    columns = {name: np.array([getattr(result, name) for result in document.results]) for name in names}
    return Clearing(**columns, filled=document.filled)


def _attest(day: Day, operator: OperatorDesk, stage: Stage) -> None:
    posted = day.view.posted(stage)[-1]
    call = day.world.contracts.quorum.call("attest", day.view.ballot(stage).question, posted.answer)
    day.world.chain.send(operator.signer, call)
