"""The division of an incentive: by which rule, of which readings, and what each member gets.

    head      chain_id, treasury, incentive, rule, start, end, amount, undivided, total_weight, root
    datasets  per local day of the period: day, version, root of the notarised readings
    hours     at most 1024 a record: start, and as lists of one length withdrawn_wh, injected_wh of all members
    shares    per member that gets something, by ascending wallet: member, amount

Readings are not published: a member recomputes its own share from its own readings and the hours' sums. Operators with
the same readings publish the same bytes. Money is µ€.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from commons.addresses import Address
from commons.merkle import StandardMerkleTree
from commons.publication import Dataset
from commons.slots import HOUR_S
from commons.units import MoneyUe
from oracle.incentive.leaves import incentive_claims
from oracle.incentive.types import CommunityHours, Division
from oracle.publication.fields import Fields, hexadecimal, malformed, tables_of
from oracle.rewards.leaves import MemberReward, reward_tree

KIND = "commonwatt/incentive/1"
HOURS_PER_RECORD = 1024

_HEAD = ("chain_id", "treasury", "incentive", "rule", "start", "end", "amount", "undivided", "total_weight", "root")
_WORD = 1 << 256
_LONG = 1 << 63
_DAY = 1 << 32


@dataclass(frozen=True, slots=True)
class UsedDataset:
    """The notarised readings of a local day that a division rests on; `day` counts days since 1970-01-01."""

    day: int
    version: int
    root: bytes


@dataclass(frozen=True, slots=True)
class IncentiveDocument:
    """A published division."""

    chain_id: int
    treasury: Address
    incentive_id: int
    rule: str
    start: int
    end: int
    amount: MoneyUe
    undivided: MoneyUe
    total_weight: int
    datasets: tuple[UsedDataset, ...]
    hours: CommunityHours
    claims: tuple[MemberReward, ...]
    root: bytes

    @classmethod
    def of(
        cls,
        chain_id: int,
        treasury: Address,
        incentive_id: int,
        datasets: Sequence[UsedDataset],
        division: Division,
    ) -> "IncentiveDocument":
        """The document of a division."""
        claims = incentive_claims(division)
        return cls(
            chain_id=chain_id,
            treasury=treasury,
            incentive_id=incentive_id,
            rule=division.rule,
            start=division.start,
            end=division.end,
            amount=division.amount,
            undivided=division.undivided,
            total_weight=division.total_weight,
            datasets=tuple(datasets),
            hours=division.weighing.hours,
            claims=claims,
            root=reward_tree(incentive_id, claims).root,
        )

    @property
    def total(self) -> MoneyUe:
        """What all members get together."""
        return MoneyUe(sum(claim.amount for claim in self.claims))

    def tree(self) -> StandardMerkleTree:
        """The tree over the members' leaves; proof i is that of the i-th claim."""
        return reward_tree(self.incentive_id, self.claims)


def to_dataset(document: IncentiveDocument) -> Dataset:
    """The document as it is published."""
    hours = document.hours
    return Dataset(
        kind=KIND,
        head={
            "chain_id": document.chain_id,
            "treasury": document.treasury,
            "incentive": document.incentive_id,
            "rule": document.rule,
            "start": document.start,
            "end": document.end,
            "amount": document.amount,
            "undivided": document.undivided,
            "total_weight": document.total_weight,
            "root": hexadecimal(document.root),
        },
        tables={
            "datasets": [
                {"day": one.day, "version": one.version, "root": hexadecimal(one.root)} for one in document.datasets
            ],
            "hours": [
                {
                    "start": hours.start + first * HOUR_S,
                    "withdrawn_wh": list(hours.withdrawn_wh[first : first + HOURS_PER_RECORD]),
                    "injected_wh": list(hours.injected_wh[first : first + HOURS_PER_RECORD]),
                }
                for first in range(0, len(hours.withdrawn_wh), HOURS_PER_RECORD)
            ],
            "shares": [{"member": claim.member, "amount": claim.amount} for claim in document.claims],
        },
    )


def from_dataset(dataset: Dataset, cid: str) -> IncentiveDocument:
    """The document that a published dataset says.

    Raises:
        DatasetMalformed: naming the dataset, the place, what is there and what should be.
    """
    where = f"incentive dataset {cid}"
    head = Fields.of(dict(dataset.head), _HEAD, where)
    datasets, hours, shares = tables_of(dataset, ("datasets", "hours", "shares"), where)
    start, end = head.integer("start", _LONG), head.integer("end", _LONG)
    document = IncentiveDocument(
        chain_id=head.integer("chain_id", _WORD),
        treasury=head.address("treasury"),
        incentive_id=head.integer("incentive", _WORD),
        rule=head.text("rule"),
        start=start,
        end=end,
        amount=MoneyUe(head.integer("amount", _WORD)),
        undivided=MoneyUe(head.integer("undivided", _WORD)),
        total_weight=head.integer("total_weight", _WORD),
        datasets=tuple(_used(record, f"{where}, dataset {place}") for place, record in enumerate(datasets)),
        hours=_hours(hours, start, end, where),
        claims=tuple(_claim(record, f"{where}, share {place}") for place, record in enumerate(shares)),
        root=head.hash("root"),
    )
    _require_consistent(document, where)
    return document


def _require_consistent(document: IncentiveDocument, where: str) -> None:
    members = [claim.member for claim in document.claims]
    if not members or members != sorted(set(members)):
        raise malformed(f"{where} lists no shares, or not each member once by ascending wallet")
    if document.total + document.undivided != document.amount:
        raise malformed(
            f"{where} gives out {document.total} µ€ of {document.amount} µ€ and leaves {document.undivided} undivided"
        )
    if document.tree().root != document.root:
        raise malformed(f"{where} lists shares that do not lead to its root")


def _used(record: Any, where: str) -> UsedDataset:
    fields = Fields.of(record, ("day", "version", "root"), where)
    return UsedDataset(fields.integer("day", _DAY), fields.integer("version", _LONG), fields.hash("root"))


def _claim(record: Any, where: str) -> MemberReward:
    fields = Fields.of(record, ("member", "amount"), where)
    return MemberReward(fields.address("member"), fields.integer("amount", _WORD))


def _hours(records: Sequence[Any], start: int, end: int, where: str) -> CommunityHours:
    withdrawn: list[int] = []
    injected: list[int] = []
    for place, record in enumerate(records):
        fields = Fields.of(record, ("start", "withdrawn_wh", "injected_wh"), f"{where}, hours {place}")
        if fields.integer("start", _LONG) != start + len(withdrawn) * HOUR_S:
            raise malformed(f"{where}, hours {place} do not begin where those before end")
        found = fields.integers("withdrawn_wh", _LONG)
        withdrawn += found
        injected += fields.integers("injected_wh", _LONG, len(found))
    if start + len(withdrawn) * HOUR_S != end:
        raise malformed(f"{where} has {len(withdrawn)} hours, which do not fill its period")
    return CommunityHours(start, tuple(withdrawn), tuple(injected))
