"""Published documents: what is refused when they are read back, and that they read back as they were."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.addresses import Address
from commons.errors import DatasetMalformed
from commons.orders import Order
from commons.publication import Dataset, split
from commons.records import SessionParameters
from commons.store import FolderStore
from commons.units import EnergyWh, OrderIndex, PriceUekwh, SessionId, SlotIndex
from oracle.attestation import own_outcome
from oracle.disagreement import outcome_differences, settlement_differences
from oracle.publication import outcome, settlement
from oracle.publication.outcome import ORDERS_PER_RECORD, OutcomeDocument
from oracle.publication.reading import read_outcome, read_settlement
from oracle.publication.settlement import SettlementDocument
from oracle.session.types import Ballot, MarketId, Reveal, SessionView
from oracle.settlement.rule import count, settle
from oracle.settlement.types import Readings, fills_of

MARKET = MarketId(31337, Address("0x" + "ab" * 20))
SLOTS = 3


def trader(number: int) -> Address:
    """A wallet."""
    return Address("0x" + f"{number + 1:040x}")


def view_of(books: list[list[Order]]) -> SessionView:
    """A session in which these orders were revealed, one list a trader."""
    parameters = SessionParameters(*([0] * 17))  # type: ignore[arg-type]
    object.__setattr__(parameters, "slot_count", SLOTS)
    object.__setattr__(parameters, "penalty_price", 50_000)
    object.__setattr__(parameters, "missing_allowance", 1)
    reveals, first = [], 0
    for number, orders in enumerate(books):
        reveals.append(Reveal(trader(number), OrderIndex(first), 0, tuple(orders), 1))  # type: ignore[arg-type]
        first += len(orders)
    return SessionView(
        market=MARKET,
        session_id=SessionId(7),
        opened_block=1,
        operator_set_id=1,
        parameters=parameters,
        outcome_ballot=Ballot(b"o" * 32),
        settlement_ballot=Ballot(b"s" * 32),
        reveals=tuple(reveals),
    )


def outcome_of(view: SessionView) -> OutcomeDocument:
    """The session's outcome document."""
    return own_outcome(view).document


def settlement_of(view: SessionView, seed: int = 1) -> SettlementDocument:
    """A settlement document of the session, by readings drawn from a seed."""
    document = outcome_of(view)
    fills = fills_of(document.book, document.filled, SLOTS)
    chance = np.random.default_rng(seed)
    metered = chance.integers(0, 2000, (2, *fills.filled.shape))
    counted = count(fills, Readings(metered[0], metered[1], chance.random(fills.filled.shape) < 0.8), 1)
    prices = [result.price for result in document.results]
    return SettlementDocument.of(view, "b" * 59, prices, counted, settle(counted, prices, view.settlement_rules))


def order(slot: int, is_buy: bool, quantity: int, limit: int) -> Order:
    """An order."""
    return Order(SlotIndex(slot), is_buy, EnergyWh(quantity), PriceUekwh(limit))


USUAL = [
    [order(0, True, 1000, 200_000), order(2, True, 300, 150_000)],
    [order(0, False, 700, 100_000), order(1, False, 50, 90_000)],
    [order(0, True, 400, 120_000), order(1, True, 40, 95_000), order(2, False, 500, 140_000)],
]


def plain(dataset: Dataset) -> Dataset:
    """The dataset as it reads back: figures as decimal strings."""

    def texts(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | dict | list):
            return value
        if isinstance(value, int):
            return str(value)
        return {k: texts(v) for k, v in value.items()} if isinstance(value, dict) else [texts(v) for v in value]

    return Dataset(dataset.kind, texts(dict(dataset.head)), {n: texts(list(t)) for n, t in dataset.tables.items()})


def put(*path: Any, value: Any) -> Callable[[Any], None]:
    """A change of one place."""

    def change(tables: Any) -> None:
        *way, last = path
        for key in way:
            tables = tables[key]
        tables[last] = value

    return change


def drop(*path: Any) -> Callable[[Any], None]:
    """Leaves one place out."""

    def change(tables: Any) -> None:
        *way, last = path
        for key in way:
            tables = tables[key]
        del tables[last]

    return change


# -------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (drop("slots"), "should have the tables"),
        (drop("slots", 1, "price"), r"slots\[1\] should have the keys"),
        (put("slots", 1, "slot", value="2"), r"slots\[1\].slot is 2, and should be 1"),
        (put("slots", 0, "root", value="0x12"), "64 hexadecimal digits"),
        (put("slots", 0, "volume", value="-1"), "at least 0 and below"),
        (put("slots", 0, "volume", value=7), "integer as a decimal string"),
        (put("allocations", 0, "trader", value="0x12"), "is not an address"),
        (put("allocations", 0, "trader", value="0x" + "AB" * 20), "in lower case"),
        (put("allocations", 0, "side", 0, value="lend"), "should be one of"),
        (put("allocations", 0, "side", 0, value=["buy"]), "should be one of"),
        (put("allocations", 0, "filled_wh", value=["1"]), "should have 2 entries, and has 1"),
        (put("allocations", 0, "filled_wh", value="1"), "should be a list"),
        (put("allocations", 0, "quantity_wh", 0, value=str(1 << 40)), "below"),
        (put("allocations", 1, "first_index", value="0"), "order indices do not ascend"),
        (put("allocations", 0, value="what"), "and has str"),
    ],
)
def test_outcome_dataset__malformed__names_the_place(change: Callable[[Any], None], words: str) -> None:
    dataset = plain(outcome.to_dataset(outcome_of(view_of(USUAL))))
    change(dataset.tables)
    with pytest.raises(DatasetMalformed, match=words) as refusal:
        outcome.from_dataset(dataset, "bafy")
    assert "outcome dataset bafy" in refusal.value.what


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (drop("members"), "should have the tables"),
        (put("members", value=[]), "lists no member"),
        (put("members", 0, "missing", 0, value="false"), "should be one of"),
        (put("members", 0, "missing", 0, value=None), "should be one of"),
        (put("members", 0, "slot", 0, value="3"), "below 3"),
        (put("members", 2, "slot", 1, value="0"), "does not ascend"),
        (put("members", 0, "readings", value="5"), "should have the keys"),
        (put("members", 0, "slot_debit", 0, value="1.5"), "integer as a decimal string"),
        (put("slots", 0, "settled_wh", value="01"), "integer as a decimal string"),
    ],
)
def test_settlement_dataset__malformed__names_the_place(change: Callable[[Any], None], words: str) -> None:
    dataset = plain(settlement.to_dataset(settlement_of(view_of(USUAL))))
    change(dataset.tables)
    with pytest.raises(DatasetMalformed, match=words) as refusal:
        settlement.from_dataset(dataset, "bafy")
    assert "settlement dataset bafy" in refusal.value.what


def test_dataset__of_the_other_kind__is_refused(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    cid = store.publish(split(outcome.to_dataset(outcome_of(view_of(USUAL)))))
    with pytest.raises(DatasetMalformed, match="is of kind"):
        read_settlement(store, cid)


def test_dataset__named_by_a_path__is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetMalformed, match="which is no CID"):
        read_outcome(FolderStore(tmp_path), "../etc/passwd")


# -------------------------------------------------------------------- what reads back


def sides() -> st.SearchStrategy[list[Order]]:
    """A trader's orders: in each slot up to two, on one side."""
    one = st.builds(order, st.integers(0, SLOTS - 1), st.just(True), st.integers(1, 3000), st.integers(1, 9))
    flags = st.lists(st.booleans(), min_size=SLOTS, max_size=SLOTS)

    def sided(orders: list[Order], flags: list[bool]) -> list[Order]:
        turned = [order(o.slot, flags[o.slot], o.quantity_wh, o.limit_price) for o in orders]
        return sorted(turned, key=lambda o: o.slot)

    return st.builds(sided, st.lists(one, min_size=1, max_size=5), flags)


@given(st.lists(sides(), min_size=1, max_size=6), st.integers(0, 99))
def test_documents__any_session__read_back_as_they_were(books: list[list[Order]], seed: int) -> None:
    view = view_of(books)
    cleared, settled = outcome_of(view), settlement_of(view, seed)
    again = outcome.from_dataset(plain(outcome.to_dataset(cleared)), "bafy")
    assert (again.market, again.session_id, again.round) == (cleared.market, cleared.session_id, cleared.round)
    assert outcome_differences(cleared, again) == []
    after = settlement.from_dataset(plain(settlement.to_dataset(settled)), "bafy")
    assert settlement_differences(settled, after) == []
    assert after.tree().root == settled.root


def test_outcome_dataset__more_orders_than_a_record_takes__is_split_and_reads_back() -> None:
    many = [order(0, True, 10, 5)] * (ORDERS_PER_RECORD + 1)
    document = outcome_of(view_of([many, [order(0, False, 10, 5)]]))
    dataset = outcome.to_dataset(document)
    assert [len(record["slot"]) for record in dataset.tables["allocations"]] == [ORDERS_PER_RECORD, 1, 1]
    assert outcome_differences(document, outcome.from_dataset(plain(dataset), "bafy")) == []


def test_settlement_dataset__published__holds_no_reading() -> None:
    dataset = settlement.to_dataset(settlement_of(view_of(USUAL)))
    keys = {key for record in dataset.tables["members"] for key in record}
    assert not {key for key in keys if "read" in key or "withdrawn" in key or "injected" in key}
    assert all(filled > 0 for record in dataset.tables["members"] for filled in record["filled_wh"])
