"""The published division of an incentive: what is refused when it is read back, and that it reads back as it was."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from commons.addresses import Address
from commons.errors import DatasetMalformed
from commons.publication import Dataset, split
from commons.store import FolderStore
from commons.units import MoneyUe
from oracle.incentive.rule import DEFAULT_RULE, divide, division_rule
from oracle.incentive.types import CENT_UE
from oracle.publication.incentive import HOURS_PER_RECORD, IncentiveDocument, UsedDataset, to_dataset
from oracle.publication.reading import read_incentive
from tests.oracle.incentive.communities import energy_of

TREASURY = Address("0x" + "ab" * 20)
DATASETS = (UsedDataset(20_000, 1, b"r" * 32), UsedDataset(20_001, 2, b"s" * 32))


@pytest.fixture
def document() -> IncentiveDocument:
    """Three members over more hours than a record holds; the third gets nothing."""
    hours = HOURS_PER_RECORD + 2
    energy = energy_of([[(0, 900)] * hours, [(400, 0)] * hours, [(0, 0)] * hours])
    division = divide(MoneyUe(1234 * CENT_UE + 5), energy, division_rule(DEFAULT_RULE))
    return IncentiveDocument.of(31337, TREASURY, 3, DATASETS, division)


Change = Callable[[Dataset], Dataset]


def head(**changes: Any) -> Change:
    return lambda dataset: replace(dataset, head={**dataset.head, **changes})


def table(name: str, change: Callable[[list[Any]], list[Any]]) -> Change:
    return lambda dataset: replace(dataset, tables={**dataset.tables, name: change(list(dataset.tables[name]))})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda dataset: replace(dataset, kind="commonwatt/outcome/1"), "commonwatt/incentive/1"),
        (head(amount="12340006"), "leaves"),
        (head(root="0x" + "00" * 32), "do not lead to its root"),
        (head(end="1799996400"), "do not fill its period"),
        (head(rule=["x"]), "should be text"),
        (table("shares", lambda rows: rows[::-1]), "ascending wallet"),
        (table("shares", lambda rows: []), "no shares"),
        (table("hours", lambda rows: rows[1:]), "do not begin"),
        (table("hours", lambda rows: rows[:1]), "do not fill"),
        (table("hours", lambda rows: [{**rows[0], "injected_wh": ["1"]}, rows[1]]), "entries"),
        (table("datasets", lambda rows: [{"day": "1", "version": "1"}]), "should have the keys"),
    ],
)
def test_read__not_such_a_document__is_refused_with_the_place(
    document: IncentiveDocument, tmp_path: Path, change: Change, said: str
) -> None:
    store = FolderStore(tmp_path)
    published = split(change(to_dataset(document)))
    store.publish(published)

    with pytest.raises(DatasetMalformed, match=said):
        read_incentive(store, published.cid)


def test_read__published__is_the_document(document: IncentiveDocument, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    published = split(to_dataset(document))
    store.publish(published)

    assert read_incentive(store, published.cid) == document
    assert document.total == 1234 * CENT_UE
    assert document.undivided == 5
    assert len(document.claims) == 2
