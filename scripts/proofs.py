"""Oracle's reading of published datasets, behind the API's port of proofs."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from api.ports import FilledOrder, SettledSlot, SettledTrader, TreeNode
from commons.addresses import Address, address_bytes
from commons.merkle import leaf_hash as merkle_leaf
from commons.store import Reader
from oracle.clearing.tree import AllocationTree, leaf_hash, tree_of
from oracle.publication.outcome import OutcomeDocument
from oracle.publication.reading import read_outcome, read_settlement
from oracle.publication.settlement import SettlementDocument

KEPT = 16
"""Documents and trees that are kept read, for receipts of one session are asked for together."""


@dataclass(frozen=True)
class PublishedProofs:
    """Proofs out of what operators published; a CID never means anything else, so what was read stays good."""

    reader: Reader
    _outcome: Any = field(init=False, repr=False)
    _settlement: Any = field(init=False, repr=False)
    _tree: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_outcome", lru_cache(KEPT)(lambda cid: read_outcome(self.reader, cid)))
        object.__setattr__(self, "_settlement", lru_cache(KEPT)(self._read_settlement))
        object.__setattr__(self, "_tree", lru_cache(KEPT * 24)(self._build_tree))

    def orders(self, outcome_cid: str, trader: Address) -> tuple[FilledOrder, ...]:
        """A trader's orders with fills and proofs, by ascending index."""
        document: OutcomeDocument = self._outcome(outcome_cid)
        wanted = np.frombuffer(address_bytes(trader), dtype=np.uint8)
        rows = np.flatnonzero((document.book.trader == wanted).all(axis=1))
        return tuple(self._order(outcome_cid, document, int(row)) for row in rows)

    def settled(self, settlement_cid: str, trader: Address) -> SettledTrader | None:
        """A trader's leaf with its proof, and its slots."""
        document, tree = self._settlement(settlement_cid)
        row = next((row for row, member in enumerate(document.members) if member.trader == trader), None)
        if row is None:
            return None
        member = document.members[row]
        words = (document.session_id, int(trader, 16), member.debit, member.credit, member.penalty)
        return SettledTrader(
            debit=int(member.debit),
            credit=int(member.credit),
            penalty=int(member.penalty),
            leaf=merkle_leaf(b"".join(int(word).to_bytes(32, "big") for word in words)),
            proof=tuple(tree.proof(row)),
            slots=_slots(document, row),
        )

    def _read_settlement(self, cid: str) -> tuple[SettlementDocument, Any]:
        document = read_settlement(self.reader, cid)
        return document, document.tree()

    def _build_tree(self, cid: str, slot: int) -> AllocationTree:
        document: OutcomeDocument = self._outcome(cid)
        orders = np.flatnonzero(document.book.slot == slot)
        return tree_of(document.book, document.filled, orders, document.results[slot].price)

    def _order(self, cid: str, document: OutcomeDocument, row: int) -> FilledOrder:
        book = document.book
        slot, index = int(book.slot[row]), int(book.index[row])
        tree: AllocationTree = self._tree(cid, slot)
        position = int(np.searchsorted(book.index[book.slot == slot], index))
        figures = (int(book.quantity[row]), int(book.limit[row]), int(document.filled[row]))
        return FilledOrder(
            index=index,
            slot=slot,
            is_buy=bool(book.is_buy[row]),
            quantity_wh=figures[0],
            limit_price=figures[1],
            filled_wh=figures[2],
            position=position,
            leaf=leaf_hash(index, book.trader[row].tobytes(), bool(book.is_buy[row]), *figures),
            path=tuple(TreeNode(node.hash, tuple(map(int, node.sums))) for node in tree.path(position)),
        )


def _slots(document: SettlementDocument, row: int) -> tuple[SettledSlot, ...]:
    counted, fills = document.counted, document.counted.fills
    return tuple(
        SettledSlot(
            slot=slot,
            is_buy=bool(fills.is_buy[row, slot]),
            filled_wh=int(fills.filled[row, slot]),
            counted_wh=int(counted.counted[row, slot]),
            missing=bool(counted.missing[row, slot]),
            excused=bool(counted.excused[row, slot]),
            scaled_wh=int(document.scaled[row, slot]),
            debit=int(document.debit[row, slot]),
            credit=int(document.credit[row, slot]),
            penalty=int(document.penalty[row, slot]),
        )
        for slot in np.flatnonzero(fills.filled[row]).tolist()
    )
