"""Refuting: gas of judging each kind of proof, and a watchtower's time and memory, by the orders in one slot.

The gas is that of `RefutationVerifier.check`, calldata included, over paths of random bytes, which cost most. What a
refutation does beside it (commitment, bonds, bounty, new round) costs the same at every size; a test holds the whole to
400,000 at 2^20 orders.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from commons.addresses import address_of
from commons.contracts import Contract
from commons.orders import Order
from commons.records import Refutation
from commons.units import EnergyWh, PriceUekwh, SlotIndex
from oracle.clearing.outcome import outcome_of
from oracle.clearing.types import Book, SlotResult
from oracle.refutation.opening import is_posted, known_tree, leaves_of, reference_tree
from oracle.refutation.places import BUY, Leaf, WholeTree
from oracle.refutation.records import Record, Records
from oracle.refutation.search import NOTHING_REVEALED, cheapest_proof
from scripts.bench.books import random_book
from scripts.bench.community import BenchCommunity, community_of
from scripts.bench.memory import peak_bytes
from scripts.bench.proofs import CONTENTS, proof
from scripts.bench.row import Progress, Row, Rows, median_ns, milliseconds

TITLE = "Refutation"
YARDSTICK = "recomputing the outcome"
SIZES = (1_000, 10_000, 100_000)
DEPTHS = (10, 15, 20)
FIRST = "2^10 orders"


def rows(progress: Progress) -> Rows:
    """Gas of judging; time to recompute, and to find a proof where one better order got 1 Wh less; memory of both."""
    progress("gas of each kind")
    with community_of(0) as community:
        for kind in CONTENTS:
            yield from _gas(community, kind)
    for count in SIZES:
        progress(f"{count:,} orders")
        book = random_book(count, 1)
        right = median_ns(partial(outcome_of, book, 1))
        yield Row("recompute the outcome with its tree", f"{count:,} orders", milliseconds(right), "ms")
        wrong, records = wrong_slot(book)
        found = median_ns(partial(find, wrong, records))
        yield Row("find the cheapest proof", f"{count:,} orders", milliseconds(found), "ms", YARDSTICK, found / right)
        peak = peak_bytes("watchtower", count)
        if peak:
            yield Row("memory of recomputing and finding", f"{count:,} orders", peak / count, "bytes per order")


def _gas(community: BenchCommunity, kind: Refutation) -> Rows:
    """Gas of judging one kind at each height."""
    contracts, chain = community.contracts, community.chain
    verifier = Contract(chain.call(contracts.refuter.call("verifier")), "RefutationVerifier")
    name, first = kind.name.lower().replace("_", " "), None
    for depth in DEPTHS:
        result, places = proof(kind, depth)
        market = contracts.marketplace.address
        call = verifier.call("check", market, 1, 0, result, kind, places, NOTHING_REVEALED)
        message = {"to": call.to, "data": "0x" + call.data.hex(), "gasPrice": "0x0"}
        gas = int(chain.request("eth_estimateGas", message), 16)
        ratio = None if first is None else gas / first
        yield Row(f"judge: {name}", f"2^{depth} orders", gas, "gas", "" if ratio is None else FIRST, ratio)
        first = first or gas


def wrong_slot(book: Book) -> tuple[WholeTree, Records]:
    """A published tree in which the first full order lacks 1 Wh, and the records that it contradicts."""
    outcome = outcome_of(book, 1)
    leaves = leaves_of(book, outcome.filled, 0)
    place = next(place for place, leaf in enumerate(leaves) if leaf.filled == leaf.quantity)
    leaves[place] = replace(leaves[place], filled=leaves[place].filled - 1)
    result = outcome.slots[0].to_chain()
    known = known_tree(result, leaves)
    result = SlotResult(*result[:7], known.tree.root.hash, *known.tree.root.sums)
    return WholeTree(result, known.tree, known.leaves), records_of(leaves)


def records_of(leaves: list[Leaf]) -> Records:
    """A trader per order."""
    found = {}
    for leaf in leaves:
        order = Order(SlotIndex(0), leaf.side == BUY, EnergyWh(leaf.quantity), PriceUekwh(leaf.limit))
        found[leaf.trader] = Record(address_of(leaf.trader), leaf.index, (order,))
    return Records(found)


def find(wrong: WholeTree, records: Records) -> None:
    """What the watchtower does about a slot that differs."""
    assert not is_posted(reference_tree(wrong.result, records, 0))
    assert cheapest_proof(wrong, 0, records) is not None


def watch(book: Book) -> None:
    """All of it, for one slot."""
    wrong, records = wrong_slot(book)
    find(wrong, records)
    assert int(np.max(book.slot)) == 0
