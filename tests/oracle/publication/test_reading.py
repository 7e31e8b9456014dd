"""Reading what somebody published who may mean to wear the reader out."""

from pathlib import Path

import pytest

from commons.cid import Cid, cid_of
from commons.errors import DatasetMalformed, DatasetMissing
from commons.publication import Dataset, split
from commons.store import FolderStore
from oracle.publication import outcome, settlement
from oracle.publication.reading import ORDER_BYTES, Hurried, read_outcome, read_settlement
from tests.oracle.publication.test_documents import order, outcome_of, settlement_of, view_of

WIDEST = (1 << 40) - 1
LONE = view_of([[order(n % 3, n % 2 == 0, WIDEST, WIDEST)] for n in range(300)])
"""As many traders as orders, each with the longest figures."""


class Memory:
    """A reader of one content."""

    def read(self, _: Cid) -> bytes:
        """The content."""
        return b"x"


def test_hurried__out_of_patience__fetches_nothing_more() -> None:
    ticks = iter([100.0, 130.0, 160.0, 160.5])
    reader = Hurried(Memory(), 60, lambda: next(ticks))
    cid = cid_of(b"x")
    assert [reader.read(cid) for _ in range(3)] == [b"x"] * 3
    with pytest.raises(DatasetMissing, match="longer to arrive than 60 s"):
        reader.read(cid)


@pytest.mark.parametrize(
    ("dataset", "read"),
    [
        (outcome.to_dataset(outcome_of(LONE)), read_outcome),
        (settlement.to_dataset(settlement_of(LONE)), read_settlement),
    ],
    ids=["outcome", "settlement"],
)
def test_read__dataset_of_the_widest_orders__fits_and_of_more_than_there_are_is_refused(
    dataset: Dataset, read: object, tmp_path: Path
) -> None:
    assert callable(read)
    store = FolderStore(tmp_path)
    published = split(dataset)
    cid = store.publish(published)
    assert sum(map(len, published.files.values())) < ORDER_BYTES * LONE.order_count
    read(store, cid, LONE.order_count)
    read(store, cid)
    padded = Dataset(dataset.kind, dataset.head, {**dataset.tables, "more": ["x" * (ORDER_BYTES * 500)]})
    with pytest.raises(DatasetMalformed, match="at most"):
        read(store, store.publish(split(padded)), LONE.order_count)
