"""The outcome dataset: what each revealed order was filled, beside the results per slot that the chain has.

    head         chain_id, marketplace, session, round
    slots        per slot its number and the fields of Solidity's `SlotResult`
    allocations  per trader, by ascending order index, at most 1024 orders a record: trader, first_index, and as lists
                 of one length slot, side, quantity_wh, limit_price, filled_wh

Everybody who clears the same reveals publishes the same bytes. Prices are µ€/kWh.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commons.addresses import Address, address_bytes, address_of
from commons.publication import Dataset
from commons.units import PRICE_LIMIT, QUANTITY_LIMIT, SessionId
from oracle.clearing.types import Book, Outcome, SlotResult
from oracle.publication.fields import Fields, hexadecimal, malformed, tables_of
from oracle.session.types import MarketId, SessionView

KIND = "commonwatt/outcome/1"
SIDES = ("sell", "buy")
ORDERS_PER_RECORD = 1024

_HEAD = ("chain_id", "marketplace", "session", "round")
_RESULT = SlotResult._fields
_COLUMNS = ("slot", "side", "quantity_wh", "limit_price", "filled_wh")
_WORD = 1 << 256
_INDEX = 1 << 32
_SUM = 1 << 64
_SLOTS = 100


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeDocument:
    """A published outcome: the orders, what each was filled, and the results per slot."""

    market: MarketId
    session_id: SessionId
    round: int
    results: tuple[SlotResult, ...]
    book: Book
    filled: NDArray[np.int64]

    @classmethod
    def of(cls, view: SessionView, outcome: Outcome) -> "OutcomeDocument":
        """The document of an outcome that was computed from a session's reveals."""
        results = tuple(slot.to_chain() for slot in outcome.slots)
        return cls(view.market, view.session_id, view.round, results, view.book(), outcome.filled)


def to_dataset(document: OutcomeDocument) -> Dataset:
    """The document as it is published."""
    return Dataset(
        kind=KIND,
        head={
            "chain_id": document.market.chain_id,
            "marketplace": document.market.marketplace,
            "session": document.session_id,
            "round": document.round,
        },
        tables={
            "slots": [_slot_record(slot, result) for slot, result in enumerate(document.results)],
            "allocations": list(_allocation_records(document.book, document.filled)),
        },
    )


def from_dataset(dataset: Dataset, cid: str) -> OutcomeDocument:
    """The document that a published dataset says.

    Raises:
        DatasetMalformed: naming the dataset, the place, what is there and what should be.
    """
    where = f"outcome dataset {cid}"
    slots, allocations = tables_of(dataset, ("slots", "allocations"), where)
    head = Fields.of(dataset.head, _HEAD, f"{where}, head")
    results = tuple(_result(value, slot, f"{where}, slots[{slot}]") for slot, value in enumerate(slots))
    book, filled = _book([_allocation(v, f"{where}, allocations[{i}]") for i, v in enumerate(allocations)], where)
    return OutcomeDocument(
        market=MarketId(head.integer("chain_id", _WORD), head.address("marketplace")),
        session_id=SessionId(head.integer("session", _WORD)),
        round=head.integer("round", _WORD),
        results=results,
        book=book,
        filled=filled,
    )


def _slot_record(slot: int, result: SlotResult) -> dict[str, Any]:
    figures = {name: hexadecimal(v) if isinstance(v, bytes) else v for name, v in result._asdict().items()}
    return {"slot": slot, **figures}


def _allocation_records(book: Book, filled: NDArray[np.int64]) -> Iterator[dict[str, Any]]:
    for first, end in _runs(book):
        rows = slice(first, end)
        yield {
            "trader": address_of(book.trader[first].tobytes()),
            "first_index": int(book.index[first]),
            "slot": book.slot[rows].tolist(),
            "side": [SIDES[is_buy] for is_buy in book.is_buy[rows].tolist()],
            "quantity_wh": book.quantity[rows].tolist(),
            "limit_price": book.limit[rows].tolist(),
            "filled_wh": filled[rows].tolist(),
        }


def _runs(book: Book) -> Iterator[tuple[int, int]]:
    """Rows of one trader with consecutive indices, at most `ORDERS_PER_RECORD` of them at once."""
    if not len(book):
        return
    breaks = (book.trader[1:] != book.trader[:-1]).any(axis=1) | (np.diff(book.index.astype(np.int64)) != 1)
    for start, end in pairwise([0, *(np.flatnonzero(breaks) + 1).tolist(), len(book)]):
        for first in range(start, end, ORDERS_PER_RECORD):
            yield first, min(first + ORDERS_PER_RECORD, end)


def _result(value: Any, slot: int, where: str) -> SlotResult:
    fields = Fields.of(value, ("slot", *_RESULT), where)
    if fields.integer("slot", _SLOTS) != slot:
        raise malformed(f"{where}.slot is {fields.values['slot']}, and should be {slot}")
    figures: dict[str, Any] = {name: fields.integer(name, _SUM) for name in _RESULT if name != "root"}
    return SlotResult(**figures, root=fields.hash("root"))


@dataclass(frozen=True, slots=True)
class _Allocation:
    trader: Address
    first_index: int
    slot: list[int]
    side: list[str]
    quantity: list[int]
    limit: list[int]
    filled: list[int]


def _allocation(value: Any, where: str) -> _Allocation:
    fields = Fields.of(value, ("trader", "first_index", *_COLUMNS), where)
    slots = fields.integers("slot", _SLOTS)
    return _Allocation(
        trader=fields.address("trader"),
        first_index=fields.integer("first_index", _INDEX),
        slot=slots,
        side=fields.choices("side", SIDES, len(slots)),
        quantity=fields.integers("quantity_wh", QUANTITY_LIMIT, len(slots)),
        limit=fields.integers("limit_price", PRICE_LIMIT, len(slots)),
        filled=fields.integers("filled_wh", QUANTITY_LIMIT, len(slots)),
    )


def _book(allocations: Sequence[_Allocation], where: str) -> tuple[Book, NDArray[np.int64]]:
    counts = np.array([len(a.slot) for a in allocations], dtype=np.int64)
    firsts = np.array([a.first_index for a in allocations], dtype=np.int64)
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    index = np.repeat(firsts, counts) + within
    if (np.diff(index) <= 0).any() or (index >= _INDEX).any():
        raise malformed(f"{where}, allocations: the order indices do not ascend")
    raw = b"".join(address_bytes(a.trader) for a in allocations)
    book = Book(
        index=index.astype(np.uint32),
        trader=np.repeat(np.frombuffer(raw, dtype=np.uint8).reshape(-1, 20), counts, axis=0),
        slot=np.array([slot for a in allocations for slot in a.slot], dtype=np.uint16),
        is_buy=np.array([side == "buy" for a in allocations for side in a.side], dtype=bool),
        quantity=np.array([wh for a in allocations for wh in a.quantity], dtype=np.int64),
        limit=np.array([price for a in allocations for price in a.limit], dtype=np.int64),
    )
    return book, np.array([wh for a in allocations for wh in a.filled], dtype=np.int64)
