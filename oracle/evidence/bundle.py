"""The take-out bundle: a member's own readings of a day, with what proves to anybody that they are the notarised ones.

A bundle is canonical JSON. It holds readings, salts and proofs of the member's points, the root, and the transaction
that notarised it. Verifying it needs no server: the leaves lead to the root, and the root is on the chain. It shows
nothing of anybody else, and does not hold the member's key. Source: DESIGN.md sections 2 and 9.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from commons import canonical
from commons.addresses import address
from commons.errors import AuditMismatch, DatasetMalformed, InputError, MalformedInput
from commons.merkle import leaf_hash, verify
from commons.slots import day_grid, local_midnight, show_time
from commons.units import EpochSeconds
from oracle.evidence.types import Dataset, DatasetId
from oracle.measurement.types import Quality

FORMAT = "commonwatt/bundle/1"
_HEAD_KEYS = {"format", "community", "day", "version", "root", "transaction", "readings"}
_READING_KEYS = {"point", "start", "seconds", "withdrawnWh", "injectedWh", "quality", "salt", "proof"}
_BITS = {"start": 64, "seconds": 32, "withdrawnWh": 64, "injectedWh": 64, "quality": 8}
_MOST_PROOF = 64


@dataclass(frozen=True, slots=True)
class ProvedReading:
    """One reading with its salt and its proof."""

    point_id: str
    start: int
    seconds: int
    withdrawn_wh: int
    injected_wh: int
    quality: int
    salt: bytes
    proof: tuple[bytes, ...]

    @property
    def leaf(self) -> bytes:
        """The hash under which the reading stands in the dataset's tree."""
        point = bytes.fromhex(self.point_id.removeprefix("0x"))
        integers = (self.start, self.seconds, self.withdrawn_wh, self.injected_wh, self.quality)
        return leaf_hash(b"".join((point, *(value.to_bytes(32, "big") for value in integers), self.salt)))


@dataclass(frozen=True, slots=True)
class Bundle:
    """A member's readings of a day; `transaction` notarised the root, None where that is not known yet."""

    dataset: DatasetId
    root: bytes
    transaction: bytes | None
    readings: tuple[ProvedReading, ...]


def take_out(dataset: Dataset, point_ids: Sequence[str], transaction: bytes | None = None) -> Bundle:
    """The bundle of the points, ordered by point and start.

    Raises:
        InputError: a point is not in the dataset, or none is named.
    """
    readings = dataset.readings
    unknown = [point_id for point_id in point_ids if point_id not in readings.point_ids]
    if unknown or not point_ids:
        raise InputError(
            f"the dataset of {dataset.id.day} holds no such point",
            which=unknown[0] if unknown else None,
            remedy="Name points that were bound to the member on that day.",
        )
    wanted = [readings.point_ids.index(point_id) for point_id in point_ids]
    rows = np.flatnonzero(np.isin(readings.point, wanted)).tolist()
    proved = [_proved(dataset, row) for row in rows]
    return Bundle(
        dataset.id, dataset.root, transaction, tuple(sorted(proved, key=lambda found: (found.point_id, found.start)))
    )


def verify_bundle(bundle: Bundle, notarised: bytes | None = None) -> None:
    """Check everything that the bundle claims, without any server.

    Args:
        notarised: the root that the chain has for this community, day and version, where the chain was asked.

    Raises:
        AuditMismatch: naming the first claim that does not hold.
    """
    day = bundle.dataset.day
    if notarised is not None and notarised != bundle.root:
        raise _mismatch(f"the chain notarised 0x{notarised.hex()} for {day}, not 0x{bundle.root.hex()}")
    for reading in bundle.readings:
        if not verify(bundle.root, reading.leaf, reading.proof):
            raise _mismatch(f"the reading {_named(reading)} does not lead to the root", reading.point_id)
        if reading.quality == Quality.MISSING and (reading.withdrawn_wh or reading.injected_wh):
            raise _mismatch(f"the reading {_named(reading)} is missing, and has energy", reading.point_id)
    for point_id in dict.fromkeys(reading.point_id for reading in bundle.readings):
        _refuse_gaps(bundle, point_id)


def encode(bundle: Bundle) -> bytes:
    """The canonical bytes of a bundle."""
    return canonical.encode(
        {
            "format": FORMAT,
            "community": bundle.dataset.community,
            "day": bundle.dataset.day.isoformat(),
            "version": bundle.dataset.version,
            "root": _hex(bundle.root),
            "transaction": None if bundle.transaction is None else _hex(bundle.transaction),
            "readings": [_document(reading) for reading in bundle.readings],
        }
    )


def decode(raw: bytes, name: str = "the bundle") -> Bundle:
    """The bundle that canonical bytes hold; whether what it says is true is for `verify_bundle` to find out.

    Raises:
        DatasetMalformed: the bytes are no bundle.
    """
    head = canonical.decode(raw, name)
    if not isinstance(head, dict) or head.keys() != _HEAD_KEYS or head["format"] != FORMAT:
        raise _malformed(f"{name} is no bundle of the format {FORMAT}")
    readings = head["readings"]
    if not isinstance(readings, list) or not readings:
        raise _malformed(f"{name} lists no readings")
    try:
        dataset = DatasetId(
            address(str(head["community"])), date.fromisoformat(str(head["day"])), canonical.integer(head["version"])
        )
    except (ValueError, MalformedInput) as error:
        raise _malformed(f"{name} does not say of which community and day it is") from error
    transaction = None if head["transaction"] is None else _bytes32(head["transaction"], f"the transaction of {name}")
    proved = tuple(_reading(item, f"readings[{place}] of {name}") for place, item in enumerate(readings))
    return Bundle(dataset, _bytes32(head["root"], f"the root of {name}"), transaction, proved)


def _proved(dataset: Dataset, row: int) -> ProvedReading:
    readings = dataset.readings
    return ProvedReading(
        point_id=readings.point_ids[int(readings.point[row])],
        start=int(readings.start[row]),
        seconds=int(readings.seconds[row]),
        withdrawn_wh=int(readings.withdrawn_wh[row]),
        injected_wh=int(readings.injected_wh[row]),
        quality=int(readings.quality[row]),
        salt=dataset.salts[row].tobytes(),
        proof=tuple(dataset.tree.proof(row)),
    )


def _refuse_gaps(bundle: Bundle, point_id: str) -> None:
    """The readings of a point follow each other from midnight to midnight: none left out, none twice."""
    day = bundle.dataset.day
    expected = int(local_midnight(day))
    for reading in bundle.readings:
        if reading.point_id != point_id:
            continue
        if reading.start != expected:
            raise _mismatch(
                f"after {show_time(EpochSeconds(expected))} the bundle goes on with {_named(reading)}", point_id
            )
        expected = reading.start + reading.seconds
    if expected != day_grid(day).end:
        raise _mismatch(f"the readings end at {show_time(EpochSeconds(expected))}, not with the day {day}", point_id)


def _document(reading: ProvedReading) -> dict[str, Any]:
    return {
        "point": reading.point_id,
        "start": reading.start,
        "seconds": reading.seconds,
        "withdrawnWh": reading.withdrawn_wh,
        "injectedWh": reading.injected_wh,
        "quality": reading.quality,
        "salt": _hex(reading.salt),
        "proof": [_hex(sibling) for sibling in reading.proof],
    }


def _reading(item: Any, where: str) -> ProvedReading:
    if not isinstance(item, dict) or item.keys() != _READING_KEYS or not isinstance(item["proof"], list):
        raise _malformed(f"{where} is no reading with its proof")
    if len(item["proof"]) > _MOST_PROOF:
        raise _malformed(f"{where} has a proof of {len(item['proof'])} steps")
    start, seconds, withdrawn, injected, quality = (_unsigned(item[key], bits, where) for key, bits in _BITS.items())
    if seconds <= 0 or quality not in [known.value for known in Quality]:
        raise _malformed(f"{where} has no such length or quality")
    return ProvedReading(
        point_id=_hex(_bytes32(item["point"], where)),
        start=start,
        seconds=seconds,
        withdrawn_wh=withdrawn,
        injected_wh=injected,
        quality=quality,
        salt=_bytes32(item["salt"], where),
        proof=tuple(_bytes32(sibling, where) for sibling in item["proof"]),
    )


def _unsigned(value: object, bits: int, where: str) -> int:
    figure = canonical.integer(value, where)
    if not 0 <= figure < 1 << bits:
        raise _malformed(f"{where} has a figure that is negative or takes more than {bits} bits")
    return figure


def _bytes32(text: object, where: str) -> bytes:
    try:
        raw = bytes.fromhex(text[2:]) if isinstance(text, str) and text.startswith("0x") else b""
    except ValueError:
        raw = b""
    if len(raw) != 32 or _hex(raw) != text:
        raise _malformed(f"{where} should have 32 bytes in lower-case hexadecimal where it has {str(text)[:80]!r}")
    return raw


def _hex(raw: bytes) -> str:
    return "0x" + raw.hex()


def _named(reading: ProvedReading) -> str:
    return f"of {reading.seconds} s from {show_time(EpochSeconds(reading.start))}"


def _mismatch(what: str, which: str | None = None) -> AuditMismatch:
    return AuditMismatch(what, which=which, remedy="This bundle proves nothing: ask the operator for another.")


def _malformed(what: str) -> DatasetMalformed:
    return DatasetMalformed(what, remedy="Ask whoever made the bundle for the file as it was made.")
