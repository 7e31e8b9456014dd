"""Datasets split into chunks of at most 1 MiB and join again, or say what is wrong."""

from collections.abc import Mapping
from typing import Any

import pytest

from commons import canonical
from commons.cid import Cid, cid_of
from commons.errors import DatasetMalformed, DatasetTruncated, InputError
from commons.publication import CHUNK_BYTES, FORMAT, Dataset, join, split

DATASET = Dataset("outcome", {"session": 7}, {"fills": [[n, 10 * n] for n in range(5)], "none": []})


def manifest_of(tables: Any) -> tuple[Cid, Mapping[Cid, bytes]]:
    raw = canonical.encode({"format": FORMAT, "kind": "outcome", "head": {}, "tables": tables})
    return cid_of(raw), {cid_of(raw): raw}


def test_split__record_larger_than_a_chunk__is_refused() -> None:
    fitting = "x" * (CHUNK_BYTES - 4)
    assert max(map(len, split(Dataset("k", {}, {"t": [fitting]})).files.values())) == CHUNK_BYTES
    with pytest.raises(InputError, match="1 MiB"):
        split(Dataset("k", {}, {"t": [fitting + "x"]}))


def test_join__another_kind__is_refused() -> None:
    published = split(DATASET)
    with pytest.raises(DatasetMalformed, match="of kind 'outcome', not 'settlement'"):
        join(published.cid, published.files.__getitem__, kind="settlement")


def test_join__cid_of_a_chunk__is_refused() -> None:
    published = split(DATASET)
    chunk = next(cid for cid in published.files if cid != published.cid)
    with pytest.raises(DatasetMalformed, match="not a manifest"):
        join(chunk, published.files.__getitem__)


NO_LISTS = [{"t": "chunk"}, {"t": [{"cid": "x"}]}, {"t": [{"cid": "../x", "bytes": 1, "records": 1}]}]


@pytest.mark.parametrize("tables", NO_LISTS)
def test_join__manifest_that_lists_no_chunks__is_refused(tables: Any) -> None:
    cid, files = manifest_of(tables)
    with pytest.raises(DatasetMalformed, match="chunk"):
        join(cid, files.__getitem__)


@pytest.mark.parametrize(("size", "records"), [(6, 1), (5, 2)])
def test_join__manifest_promises_more_than_the_chunk_holds__is_refused(size: int, records: int) -> None:
    chunk = b'["a"]'
    cid, files = manifest_of({"t": [{"cid": cid_of(chunk), "bytes": size, "records": records}]})
    with pytest.raises(DatasetTruncated, match="holds"):
        join(cid, {**files, cid_of(chunk): chunk}.__getitem__)


@pytest.mark.parametrize("size", [-5, 0, CHUNK_BYTES + 1])
def test_join__manifest_with_a_chunk_of_no_possible_length__is_refused(size: int) -> None:
    chunk = b'["a"]'
    cid, files = manifest_of({"t": [{"cid": cid_of(chunk), "bytes": size, "records": 1}]})
    with pytest.raises(DatasetMalformed, match="no possible length"):
        join(cid, files.__getitem__)


def test_join__one_chunk_listed_over_and_over__is_refused_before_it_is_fetched() -> None:
    """Small to publish, and more than any reader's memory holds."""
    entry = {"cid": cid_of(b"never fetched"), "bytes": CHUNK_BYTES, "records": 1}
    cid, files = manifest_of({"t": [entry] * 200, "u": [entry] * 57})
    with pytest.raises(DatasetMalformed, match="269,484,032 bytes, and what it is about takes 268,435,456 at most"):
        join(cid, files.__getitem__)


def test_join__one_byte_more_than_is_allowed__is_refused() -> None:
    published = split(DATASET)
    size = sum(len(raw) for cid, raw in published.files.items() if cid != published.cid)
    assert join(published.cid, published.files.__getitem__, most_bytes=size).kind == "outcome"
    with pytest.raises(DatasetMalformed, match="at most"):
        join(published.cid, published.files.__getitem__, most_bytes=size - 1)


def test_split__many_records__fills_chunks_up_to_the_limit() -> None:
    dataset = Dataset("readings", {}, {"t": [["x" * 1000, n] for n in range(3000)]})
    published = split(dataset)
    sizes = sorted(len(content) for content in published.files.values())
    assert sizes[-1] <= CHUNK_BYTES
    assert sizes[-2] > CHUNK_BYTES - 1020
    back = join(published.cid, published.files.__getitem__)
    assert [canonical.integer(n) for _, n in back.tables["t"]] == list(range(3000))


def test_split__same_dataset__has_the_same_name_and_files() -> None:
    reordered = dict(reversed(list(DATASET.tables.items())))
    assert split(DATASET) == split(Dataset("outcome", {"session": 7}, reordered))
    assert all(cid_of(content) == cid for cid, content in split(DATASET).files.items())


def test_join__what_was_split__comes_back_in_order() -> None:
    published = split(DATASET)
    back = join(published.cid, published.files.__getitem__, kind="outcome")
    assert back.head == {"session": "7"}
    assert back.tables == {"fills": [[str(n), str(10 * n)] for n in range(5)], "none": []}
