"""What is published of a community's local day: the root of its readings, and a hash per point; never a reading.

    head    chain_id, community, day, version, root, leaves
    points  per point, by ascending id: point, seconds (the length of its slots), hash, hints (both as
            `oracle.evidence.point_hashes` makes them)

Operators with the same readings publish the same bytes. Operators who differ find the point, and mostly the slot, here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from commons.publication import Dataset as Publication
from commons.slots import SLOT_LENGTHS_S, day_grid
from oracle.evidence.point_hashes import HINT_BYTES, PointHash, point_hashes
from oracle.evidence.types import Dataset, DatasetId
from oracle.publication.fields import Fields, hexadecimal, malformed, tables_of

KIND = "commonwatt/evidence/1"

_HEAD = ("chain_id", "community", "day", "version", "root", "leaves")
_POINT = ("point", "seconds", "hash", "hints")
_WORD = 1 << 256
_NUMBER = 1 << 32


@dataclass(frozen=True, slots=True)
class EvidenceDocument:
    """A published day."""

    chain_id: int
    dataset: DatasetId
    root: bytes
    leaves: int
    points: tuple[PointHash, ...]

    @classmethod
    def of(cls, chain_id: int, dataset: Dataset) -> "EvidenceDocument":
        """The document of a dataset that was built."""
        return cls(chain_id, dataset.id, dataset.root, len(dataset.tree.positions), point_hashes(dataset))


def to_dataset(document: EvidenceDocument) -> Publication:
    """The document as it is published."""
    head = {
        "chain_id": document.chain_id,
        "community": document.dataset.community,
        "day": document.dataset.day.isoformat(),
        "version": document.dataset.version,
        "root": hexadecimal(document.root),
        "leaves": document.leaves,
    }
    points = [
        {
            "point": point.point_id,
            "seconds": point.seconds,
            "hash": hexadecimal(point.digest),
            "hints": hexadecimal(point.hints),
        }
        for point in document.points
    ]
    return Publication(KIND, head, {"points": points})


def from_dataset(published: Publication, cid: str) -> EvidenceDocument:
    """The document that a published dataset says.

    Raises:
        DatasetMalformed: naming the dataset, the place, what is there and what should be.
    """
    head = Fields.of(published.head, _HEAD, f"head of {cid}")
    (records,) = tables_of(published, ("points",), f"dataset {cid}")
    dataset = DatasetId(head.address("community"), _day(head), head.integer("version", _NUMBER))
    points = tuple(_points(records, dataset.day, cid))
    return EvidenceDocument(
        head.integer("chain_id", _WORD), dataset, head.hash("root"), head.integer("leaves", _NUMBER), points
    )


def _day(head: Fields) -> date:
    try:
        day = date.fromisoformat(head.text("day"))
    except ValueError as error:
        raise malformed(f"{head.where}.day should be a date, and is {head.text('day')[:40]!r}") from error
    if day.isoformat() != head.text("day"):
        raise malformed(f"{head.where}.day should be written {day.isoformat()}")
    return day


def _points(records: Any, day: date, cid: str) -> Iterator[PointHash]:
    before = ""
    for place, record in enumerate(records):
        fields = Fields.of(record, _POINT, f"points[{place}] of {cid}")
        point_id, seconds = hexadecimal(fields.hash("point")), fields.integer("seconds", _NUMBER)
        if seconds not in SLOT_LENGTHS_S:
            raise malformed(f"{fields.where}.seconds is {seconds}, and should be one of {SLOT_LENGTHS_S}")
        if point_id <= before:
            raise malformed(f"{fields.where} comes after {before}, and should come before it")
        hints = fields.octets("hints", HINT_BYTES * day_grid(day, seconds).count)
        yield PointHash(point_id, seconds, fields.hash("hash"), hints)
        before = point_id
