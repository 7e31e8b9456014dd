"""The rewards of a local day: by which parameters, from which notarised datasets, and what each member may claim.

    head      chain_id, rewards (the contract), day, round, parameters, dataset, total, root
    datasets  per local day that counted, the rewarded one last: day, version, root of the notarised readings
    claims    per member that earned something, by ascending wallet: member, amount

Readings are not published, nor what a member used: whoever has the readings recomputes every amount, and a member its
own. Operators with the same readings publish the same bytes. Days count from 1970-01-01, amounts are the token's
smallest unit.
"""

from dataclasses import dataclass
from typing import Any

from commons.addresses import Address
from commons.merkle import StandardMerkleTree
from commons.publication import Dataset
from oracle.publication.fields import Fields, hexadecimal, malformed, tables_of
from oracle.publication.incentive import UsedDataset
from oracle.rewards.leaves import MemberReward, reward_tree

KIND = "commonwatt/rewards/1"
ROUND_BITS = 32

_HEAD = ("chain_id", "rewards", "day", "round", "parameters", "dataset", "total", "root")
_WORD = 1 << 256
_LONG = 1 << 63
_DAY = 1 << 32


def batch_id_of(day: int, round_: int) -> int:
    """The id of a day's batch in a round, as `RewardModels` numbers it."""
    return day << ROUND_BITS | round_


@dataclass(frozen=True, slots=True)
class RewardsDocument:
    """A day's published rewards."""

    chain_id: int
    rewards: Address
    day: int
    round: int
    parameters: int
    dataset_version: int
    datasets: tuple[UsedDataset, ...]
    claims: tuple[MemberReward, ...]
    root: bytes

    @property
    def batch_id(self) -> int:
        """The batch's id."""
        return batch_id_of(self.day, self.round)

    @property
    def total(self) -> int:
        """What all members may claim together."""
        return sum(claim.amount for claim in self.claims)

    def tree(self) -> StandardMerkleTree:
        """The tree over the claims; proof i is that of the i-th."""
        return reward_tree(self.batch_id, self.claims)


def to_dataset(document: RewardsDocument) -> Dataset:
    """The document as it is published."""
    return Dataset(
        kind=KIND,
        head={
            "chain_id": document.chain_id,
            "rewards": document.rewards,
            "day": document.day,
            "round": document.round,
            "parameters": document.parameters,
            "dataset": document.dataset_version,
            "total": document.total,
            "root": hexadecimal(document.root),
        },
        tables={
            "datasets": [
                {"day": one.day, "version": one.version, "root": hexadecimal(one.root)} for one in document.datasets
            ],
            "claims": [{"member": claim.member, "amount": claim.amount} for claim in document.claims],
        },
    )


def from_dataset(dataset: Dataset, cid: str) -> RewardsDocument:
    """The document that a published dataset says.

    Raises:
        DatasetMalformed: naming the dataset, the place, what is there and what should be.
    """
    where = f"rewards dataset {cid}"
    head = Fields.of(dict(dataset.head), _HEAD, f"{where}, head")
    datasets, claims = tables_of(dataset, ("datasets", "claims"), where)
    document = RewardsDocument(
        chain_id=head.integer("chain_id", _WORD),
        rewards=head.address("rewards"),
        day=head.integer("day", _DAY),
        round=head.integer("round", _DAY),
        parameters=head.integer("parameters", _WORD),
        dataset_version=head.integer("dataset", _DAY),
        datasets=tuple(_used(record, f"{where}, datasets[{place}]") for place, record in enumerate(datasets)),
        claims=tuple(_claim(record, f"{where}, claims[{place}]") for place, record in enumerate(claims)),
        root=head.hash("root"),
    )
    _require_consistent(document, head.integer("total", _WORD), where)
    return document


def _require_consistent(document: RewardsDocument, total: int, where: str) -> None:
    members = [claim.member for claim in document.claims]
    if not members or members != sorted(set(members)):
        raise malformed(f"{where} lists no claims, or not each member once by ascending wallet")
    days = [used.day for used in document.datasets]
    if not days or days != sorted(set(days)) or days[-1] != document.day:
        raise malformed(f"{where} does not list the days that counted once each, the rewarded one last")
    if document.total != total:
        raise malformed(f"{where} lists claims of {document.total} together, and says {total}")
    if document.tree().root != document.root:
        raise malformed(f"{where} lists claims that do not lead to its root")


def _used(record: Any, where: str) -> UsedDataset:
    fields = Fields.of(record, ("day", "version", "root"), where)
    return UsedDataset(fields.integer("day", _DAY), fields.integer("version", _DAY), fields.hash("root"))


def _claim(record: Any, where: str) -> MemberReward:
    fields = Fields.of(record, ("member", "amount"), where)
    return MemberReward(fields.address("member"), fields.integer("amount", _LONG << 64))
