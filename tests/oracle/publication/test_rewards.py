"""A day's published rewards: what is refused when they are read back, and that they read back as they were."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from commons.addresses import Address
from commons.errors import DatasetMalformed
from commons.publication import Dataset, join, split
from oracle.publication.incentive import UsedDataset
from oracle.publication.rewards import KIND, RewardsDocument, batch_id_of, from_dataset, to_dataset
from oracle.rewards.leaves import MemberReward, reward_tree

CONTRACT = Address("0x" + "ab" * 20)
DAY, ROUND = 20_785, 2
CLAIMS = tuple(MemberReward(Address(f"0x{number:040x}"), number * 10**18) for number in (1, 2, 3))
DATASETS = tuple(UsedDataset(day, 1, bytes([day % 256]) * 32) for day in (DAY - 2, DAY - 1, DAY))


def document(claims: tuple[MemberReward, ...] = CLAIMS) -> RewardsDocument:
    """A whole one."""
    root = reward_tree(batch_id_of(DAY, ROUND), claims).root
    return RewardsDocument(31337, CONTRACT, DAY, ROUND, 7, 1, DATASETS, claims, root)


def as_read(found: RewardsDocument) -> Dataset:
    """What a reader gets of it: bytes and back."""
    published = split(to_dataset(found))
    return join(published.cid, published.files.__getitem__, KIND)


def test_rewards__published__read_back_as_they_were() -> None:
    read = from_dataset(as_read(document()), "the CID")
    assert read == document()
    assert read.batch_id == DAY << 32 | ROUND
    assert read.total == 6 * 10**18


SAID = (
    (lambda one: replace(one, claims=one.claims[::-1]), "ascending wallet"),
    (lambda one: replace(one, claims=(*one.claims, one.claims[-1])), "ascending wallet"),
    (lambda one: replace(one, claims=()), "lists no claims"),
    (lambda one: replace(one, root=b"\1" * 32), "do not lead to its root"),
    (lambda one: replace(one, round=ROUND + 1), "do not lead to its root"),
    (lambda one: replace(one, datasets=one.datasets[:-1]), "the rewarded one last"),
    (lambda one: replace(one, datasets=()), "the rewarded one last"),
    (lambda one: replace(one, datasets=(one.datasets[0], *one.datasets)), "once each"),
)


@pytest.mark.parametrize(("change", "said"), SAID)
def test_rewards__that_contradict_themselves__are_refused(
    change: Callable[[RewardsDocument], RewardsDocument], said: str
) -> None:
    with pytest.raises(DatasetMalformed, match=said):
        from_dataset(as_read(change(document())), "the CID")


@pytest.mark.parametrize(
    ("table", "place", "key", "value"),
    [
        ("claims", 0, "amount", "-1"),
        ("claims", 0, "amount", str(1 << 200)),
        ("claims", 1, "member", "0xAB"),
        ("claims", 1, "extra", "1"),
        ("datasets", 0, "root", "0x12"),
        ("datasets", 0, "day", str(1 << 32)),
    ],
)
def test_rewards__with_a_record_that_says_something_else__are_refused(
    table: str, place: int, key: str, value: str
) -> None:
    read = as_read(document())
    tables: dict[str, list[dict[str, Any]]] = {name: [dict(one) for one in rows] for name, rows in read.tables.items()}
    tables[table][place][key] = value
    with pytest.raises(DatasetMalformed):
        from_dataset(Dataset(read.kind, read.head, tables), "the CID")


def test_rewards__whose_total_is_another__are_refused() -> None:
    read = as_read(document())
    with pytest.raises(DatasetMalformed, match="and says 7"):
        from_dataset(Dataset(read.kind, {**read.head, "total": "7"}, read.tables), "the CID")
