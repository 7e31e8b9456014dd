"""A published dataset as bytes: chunks of at most 1 MiB of canonical JSON, and the manifest that lists them.

A dataset is a `kind`, a `head` of plain facts, and named tables of records. Each chunk is the canonical array of
consecutive records of one table; the manifest names each by its CID, and is itself named by its CID, which is what the
chain keeps. This module splits and joins; `commons.store` reads and writes. Source: DESIGN.md section 9.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commons import canonical
from commons.canonical import Json
from commons.cid import Cid, cid_of, parse_cid
from commons.errors import DatasetMalformed, DatasetTruncated, InputError, MalformedInput

CHUNK_BYTES = 1 << 20
MOST_BYTES = 1 << 28
"""A dataset's chunks together: a manifest may list one chunk thousands of times, and no reader's memory holds that."""
FORMAT = "commonwatt/dataset/1"
_MANIFEST_KEYS = {"format", "kind", "head", "tables"}
_CHUNK_KEYS = {"cid", "bytes", "records"}


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is published: read back, every integer in `head` and `tables` is a decimal string (`canonical.integer`)."""

    kind: str
    head: Mapping[str, Any]
    tables: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Published:
    """A dataset ready to be stored: the manifest's CID, and the bytes of manifest and chunks by their CIDs."""

    cid: Cid
    files: Mapping[Cid, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChunkEntry:
    """One chunk as its manifest lists it."""

    cid: Cid
    bytes: int
    records: int


def split(dataset: Dataset) -> Published:
    """The files of a dataset. The same dataset gives the same bytes and names anywhere.

    Raises:
        InputError: a single record, or the manifest, is larger than a chunk may be.
    """
    files: dict[Cid, bytes] = {}
    tables = {}
    for name, records in dataset.tables.items():
        entries = []
        for chunk, count in _chunks(records):
            cid = cid_of(chunk)
            files[cid] = chunk
            entries.append({"cid": cid, "bytes": len(chunk), "records": count})
        tables[name] = entries
    manifest = canonical.encode({"format": FORMAT, "kind": dataset.kind, "head": dataset.head, "tables": tables})
    _require_chunk_size(len(manifest), "the manifest")
    cid = cid_of(manifest)
    return Published(cid, {cid: manifest, **files})


def join(cid: Cid, read: Callable[[Cid], bytes], kind: str | None = None, most_bytes: int = MOST_BYTES) -> Dataset:
    """The dataset that the manifest `cid` names, its files fetched by `read`, which verifies each against its CID.

    Args:
        most_bytes: of all chunks together; a larger dataset is refused before any of them is fetched.

    Raises:
        DatasetMalformed: the manifest or a chunk is not what such a file says, or the dataset is of another kind.
        DatasetTruncated: a chunk has not the length or the records that the manifest states.
    """
    manifest = _manifest(canonical.decode(read(cid), f"manifest {cid}"), cid)
    if kind is not None and manifest["kind"] != kind:
        raise DatasetMalformed(
            f"dataset {cid} is of kind {manifest['kind']!r}, not {kind!r}", remedy="Check which dataset was asked for."
        )
    listed = {name: _entries(entries, cid) for name, entries in manifest["tables"].items()}
    size = sum(entry.bytes for entries in listed.values() for entry in entries)
    if size > most_bytes:
        raise DatasetMalformed(
            f"dataset {cid} lists {size:,} bytes, and what it is about takes {most_bytes:,} at most",
            remedy="Its publisher means to wear its readers out: ask another operator, and object.",
        )
    tables = {
        name: [record for entry in entries for record in _records(entry, read(entry.cid))]
        for name, entries in listed.items()
    }
    return Dataset(manifest["kind"], manifest["head"], tables)


def _chunks(records: Iterable[Any]) -> Iterator[tuple[bytes, int]]:
    """Canonical arrays of consecutive records, each filled up to the limit, with their counts."""
    parts: list[bytes] = []
    size = 2
    for record in records:
        part = canonical.encode(record)
        _require_chunk_size(len(part) + 2, "a record")
        if parts and size + len(part) + 1 > CHUNK_BYTES:
            yield b"[" + b",".join(parts) + b"]", len(parts)
            parts, size = [], 2
        size += len(part) + bool(parts)
        parts.append(part)
    if parts:
        yield b"[" + b",".join(parts) + b"]", len(parts)


def _require_chunk_size(size: int, what: str) -> None:
    if size > CHUNK_BYTES:
        raise InputError(f"{what} takes {size} bytes, more than 1 MiB", remedy="Publish it in smaller pieces.")


def _manifest(value: Json, cid: Cid) -> dict[str, Any]:
    if (
        isinstance(value, dict)
        and value.keys() == _MANIFEST_KEYS
        and value["format"] == FORMAT
        and isinstance(value["kind"], str)
        and isinstance(value["head"], dict)
        and isinstance(value["tables"], dict)
    ):
        return value
    raise DatasetMalformed(f"{cid} is not a manifest of the format {FORMAT}", remedy="Check which CID was asked for.")


def _entries(entries: Json, cid: Cid) -> list[ChunkEntry]:
    if not isinstance(entries, list) or not all(isinstance(e, dict) and e.keys() == _CHUNK_KEYS for e in entries):
        raise DatasetMalformed(f"manifest {cid} does not list its chunks", remedy="Check which CID was asked for.")
    try:
        listed = [
            ChunkEntry(
                parse_cid(e["cid"]), canonical.integer(e["bytes"], "bytes"), canonical.integer(e["records"], "records")
            )
            for e in entries
        ]
    except MalformedInput as error:
        raise DatasetMalformed(f"manifest {cid} names a chunk by no CID", remedy=error.message) from error
    if any(not 0 < entry.bytes <= CHUNK_BYTES for entry in listed):
        raise DatasetMalformed(f"manifest {cid} lists a chunk of no possible length", remedy="Ask its publisher.")
    return listed


def _records(entry: ChunkEntry, raw: bytes) -> list[Json]:
    if len(raw) != entry.bytes:
        raise _truncated(entry, f"{len(raw)} bytes, not {entry.bytes}")
    records = canonical.decode(raw, f"chunk {entry.cid}")
    if not isinstance(records, list):
        raise DatasetMalformed(f"chunk {entry.cid} is not a list of records", remedy="Ask its publisher.")
    if len(records) != entry.records:
        raise _truncated(entry, f"{len(records)} records, not {entry.records}")
    return records


def _truncated(entry: ChunkEntry, how: str) -> DatasetTruncated:
    return DatasetTruncated(
        f"chunk {entry.cid} holds {how} as its manifest says",
        which=entry.cid,
        remedy="The publisher wrote a manifest that does not match; ask for a correct version.",
    )
