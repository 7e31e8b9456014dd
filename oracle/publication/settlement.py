"""The settlement dataset: per trader and slot what was filled, counted, settled and charged, and each trader's leaf.

    head     chain_id, marketplace, session, round, outcome (the CID of the outcome's dataset it rests on), debit,
             credit and penalty in total, root
    slots    per slot its number, price and settled_wh
    members  per trader that revealed, by ascending first order index: trader, first_index, its leaf's debit, credit
             and penalty, and, over its slots with filled energy, as lists of one length slot, side, filled_wh,
             counted_wh, missing, excused, scaled_wh, slot_debit, slot_credit, slot_penalty

Readings are not published, and cannot be told from this except where counted falls short of filled. Operators with
the same readings publish the same bytes. Money is µ€, prices µ€/kWh.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commons.addresses import address_bytes
from commons.merkle import StandardMerkleTree
from commons.publication import Dataset
from commons.units import PRICE_LIMIT, MoneyUe, SessionId
from oracle.publication.fields import Fields, hexadecimal, malformed, tables_of
from oracle.publication.outcome import SIDES
from oracle.session.types import MarketId, SessionView
from oracle.settlement.leaves import settlement_tree
from oracle.settlement.types import Counted, Fills, MemberSettlement, MoneyTable, Settlement, Totals

KIND = "commonwatt/settlement/1"

_HEAD = ("chain_id", "marketplace", "session", "round", "outcome", "debit", "credit", "penalty", "root")
_SLOT = ("slot", "price", "settled_wh")
_MEMBER = ("trader", "first_index", "debit", "credit", "penalty")
_ENERGY = ("filled_wh", "counted_wh", "scaled_wh")
_FLAGS = ("missing", "excused")
_MONEY = ("slot_debit", "slot_credit", "slot_penalty")
_WORD = 1 << 256
_SUM = 1 << 62
_INDEX = 1 << 32


@dataclass(frozen=True, slots=True, eq=False)
class SettlementDocument:
    """A published settlement: the tables of `oracle.settlement`, and the outcome they rest on."""

    market: MarketId
    session_id: SessionId
    round: int
    outcome_cid: str
    prices: tuple[int, ...]
    settled: tuple[int, ...]
    counted: Counted
    scaled: NDArray[np.int64]
    debit: MoneyTable
    credit: MoneyTable
    penalty: MoneyTable
    members: tuple[MemberSettlement, ...]
    totals: Totals
    root: bytes

    @classmethod
    def of(
        cls, view: SessionView, outcome_cid: str, prices: Sequence[int], counted: Counted, settlement: Settlement
    ) -> "SettlementDocument":
        """The document of a settlement that was computed for a session."""
        return cls(
            market=view.market,
            session_id=view.session_id,
            round=view.round,
            outcome_cid=outcome_cid,
            prices=tuple(prices),
            settled=settlement.settled,
            counted=counted,
            scaled=settlement.scaled,
            debit=settlement.debit,
            credit=settlement.credit,
            penalty=settlement.penalty,
            members=settlement.members,
            totals=settlement.totals,
            root=settlement.root,
        )

    def tree(self) -> StandardMerkleTree:
        """The tree over the members' leaves; proof i is that of the i-th member."""
        return settlement_tree(self.session_id, self.members)


def to_dataset(document: SettlementDocument) -> Dataset:
    """The document as it is published."""
    return Dataset(
        kind=KIND,
        head={
            "chain_id": document.market.chain_id,
            "marketplace": document.market.marketplace,
            "session": document.session_id,
            "round": document.round,
            "outcome": document.outcome_cid,
            "debit": document.totals.debit,
            "credit": document.totals.credit,
            "penalty": document.totals.penalty,
            "root": hexadecimal(document.root),
        },
        tables={
            "slots": [
                {"slot": slot, "price": price, "settled_wh": settled}
                for slot, (price, settled) in enumerate(zip(document.prices, document.settled, strict=True))
            ],
            "members": [_member_record(document, row) for row in range(len(document.members))],
        },
    )


def from_dataset(dataset: Dataset, cid: str) -> SettlementDocument:
    """The document that a published dataset says.

    Raises:
        DatasetMalformed: naming the dataset, the place, what is there and what should be.
    """
    where = f"settlement dataset {cid}"
    slots, records = tables_of(dataset, ("slots", "members"), where)
    head = Fields.of(dataset.head, _HEAD, f"{where}, head")
    prices, settled = _slots(slots, where)
    rows = [_member(value, len(prices), f"{where}, members[{row}]") for row, value in enumerate(records)]
    if not rows:
        raise malformed(f"{where} lists no member")
    tables = _tables(rows, len(prices))
    return SettlementDocument(
        market=MarketId(head.integer("chain_id", _WORD), head.address("marketplace")),
        session_id=SessionId(head.integer("session", _WORD)),
        round=head.integer("round", _WORD),
        outcome_cid=head.text("outcome"),
        prices=prices,
        settled=settled,
        counted=_counted(rows, tables),
        scaled=tables["scaled_wh"].astype(np.int64),
        debit=tables["slot_debit"],
        credit=tables["slot_credit"],
        penalty=tables["slot_penalty"],
        members=tuple(row.leaf for row in rows),
        totals=Totals(*(MoneyUe(head.integer(key, _WORD)) for key in ("debit", "credit", "penalty"))),
        root=head.hash("root"),
    )


def _member_record(document: SettlementDocument, row: int) -> dict[str, Any]:
    member, fills = document.members[row], document.counted.fills
    slots = np.flatnonzero(fills.filled[row])
    columns = {
        "filled_wh": fills.filled,
        "counted_wh": document.counted.counted,
        "missing": document.counted.missing,
        "excused": document.counted.excused,
        "scaled_wh": document.scaled,
        "slot_debit": document.debit,
        "slot_credit": document.credit,
        "slot_penalty": document.penalty,
    }
    return {
        "trader": member.trader,
        "first_index": int(fills.first_index[row]),
        "debit": int(member.debit),
        "credit": int(member.credit),
        "penalty": int(member.penalty),
        "slot": slots.tolist(),
        "side": [SIDES[is_buy] for is_buy in fills.is_buy[row, slots].tolist()],
        **{name: table[row, slots].tolist() for name, table in columns.items()},
    }


def _slots(records: Sequence[Any], where: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Price and settled energy of each slot."""
    fields = [Fields.of(value, _SLOT, f"{where}, slots[{slot}]") for slot, value in enumerate(records)]
    for slot, field in enumerate(fields):
        if field.integer("slot", len(fields)) != slot:
            raise malformed(f"{field.where}.slot is {field.values['slot']}, and should be {slot}")
    return (
        tuple(field.integer("price", PRICE_LIMIT) for field in fields),
        tuple(field.integer("settled_wh", _SUM) for field in fields),
    )


@dataclass(frozen=True, slots=True)
class _Member:
    leaf: MemberSettlement
    first_index: int
    slots: list[int]
    columns: dict[str, list[Any]]


def _member(value: Any, slot_count: int, where: str) -> _Member:
    fields = Fields.of(value, (*_MEMBER, "slot", "side", *_ENERGY, *_FLAGS, *_MONEY), where)
    slots = fields.integers("slot", slot_count)
    if sorted(set(slots)) != slots:
        raise malformed(f"{where}.slot does not ascend")
    columns: dict[str, list[Any]] = {"is_buy": [s == "buy" for s in fields.choices("side", SIDES, len(slots))]}
    columns |= {name: fields.integers(name, _SUM, len(slots)) for name in _ENERGY}
    columns |= {name: fields.choices(name, (False, True), len(slots)) for name in _FLAGS}
    columns |= {name: fields.integers(name, _WORD, len(slots)) for name in _MONEY}
    leaf = MemberSettlement(
        fields.address("trader"), *(MoneyUe(fields.integer(key, _WORD)) for key in ("debit", "credit", "penalty"))
    )
    return _Member(leaf, fields.integer("first_index", _INDEX), slots, columns)


def _tables(rows: Sequence[_Member], slot_count: int) -> dict[str, NDArray[Any]]:
    """Each column laid out over traders and slots; nothing where nothing is filled."""
    kinds: dict[str, Any] = dict.fromkeys(("is_buy", *_FLAGS), bool) | dict.fromkeys(_ENERGY, np.int64)
    kinds |= dict.fromkeys(_MONEY, object)
    tables = {name: np.zeros((len(rows), slot_count), dtype=kind) for name, kind in kinds.items()}
    for place, row in enumerate(rows):
        for name, table in tables.items():
            table[place, row.slots] = row.columns[name]
    return tables


def _counted(rows: Sequence[_Member], tables: dict[str, NDArray[Any]]) -> Counted:
    raw = b"".join(address_bytes(row.leaf.trader) for row in rows)
    fills = Fills(
        trader=np.frombuffer(raw, dtype=np.uint8).reshape(-1, 20),
        first_index=np.array([row.first_index for row in rows], dtype=np.uint32),
        is_buy=tables["is_buy"],
        filled=tables["filled_wh"],
    )
    return Counted(fills, tables["counted_wh"], tables["missing"], tables["excused"])
