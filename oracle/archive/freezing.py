"""Freeze a local day: from an operator's readings as they are now to a dataset that no later reading changes.

Which points belong to a day is for whoever calls to say; each of them needs its member's key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from commons.cid import Cid
from commons.errors import InputError
from commons.publication import Published, split
from commons.units import EpochSeconds
from oracle.archive.archive import Archive, Frozen
from oracle.evidence.dataset import build_dataset
from oracle.evidence.day import day_grids
from oracle.evidence.types import Dataset, DatasetId
from oracle.measurement.types import Quality, ReadingBatch, ReadingGrid
from oracle.publication.evidence import EvidenceDocument, to_dataset


@dataclass(frozen=True, slots=True)
class DayPoints:
    """The points of a day, whose each is (point id → member id), and the members' keys (member id → key)."""

    member_ids: Mapping[str, bytes]
    keys: Mapping[bytes, bytes] = field(repr=False)

    def of_points(self) -> dict[str, bytes]:
        """Point id → its member's key.

        Raises:
            InputError: there is no point, or a member's key is not here.
        """
        if not self.member_ids:
            raise InputError("no point is bound on this day", remedy="There is nothing to notarise.")
        for point_id, member_id in self.member_ids.items():
            if member_id not in self.keys:
                raise InputError(
                    f"the key of member 0x{member_id.hex()} is not here, and its readings cannot be salted",
                    which=point_id,
                    remedy="Ask for the member's key, sealed to this operator, and take it in with "
                    "`commonwatt oracle import-keys FILE`.",
                )
        return {point_id: self.keys[member_id] for point_id, member_id in self.member_ids.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A dataset that was built, with the grids of its readings and what is published of it."""

    dataset: Dataset
    grids: tuple[ReadingGrid, ...]
    document: EvidenceDocument
    published: Published

    @property
    def cid(self) -> Cid:
        """The name of what is published."""
        return self.published.cid

    @property
    def missing(self) -> int:
        """How many readings are missing."""
        return int((self.dataset.readings.quality == Quality.MISSING).sum())


def built(chain_id: int, dataset: Dataset, grids: Sequence[ReadingGrid]) -> Built:
    """A dataset with what is published of it."""
    document = EvidenceDocument.of(chain_id, dataset)
    return Built(dataset, tuple(grids), document, split(to_dataset(document)))


def build_dataset_of(batch: ReadingBatch, chain_id: int, dataset: DatasetId, points: DayPoints) -> Built:
    """The dataset of a day over these readings; the batch names exactly the points of the day.

    Raises:
        InputError: there is no point, or a member's key is not here.
    """
    keys = points.of_points()
    grids = day_grids(batch, dataset.day)
    return built(chain_id, build_dataset(dataset, grids, keys), grids)


def freeze(archive: Archive, one: Built, points: DayPoints, now: EpochSeconds) -> Frozen:
    """Keep a dataset as it was built, at the chain's second `now`; gives what the archive then has."""
    leaves = len(one.dataset.tree.positions)
    frozen = Frozen(one.dataset.id, one.dataset.root, len(points.member_ids), leaves, now, one.cid)
    archive.freeze(frozen, one.grids, points.member_ids)
    return archive.find(one.dataset.id.day, one.dataset.id.version) or frozen
