"""Who vouches for a reading: its meter by a registered key; or nobody, where the community takes that.

A reading without a signature is at best an estimate of the sender's, and stored as one. A signature that does not hold
is refused everywhere: it is never taken for none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from commons.addresses import Address
from commons.intake.message import Reading
from commons.intake.port import Flow
from commons.intake.signing import canonical_bytes, signers_of
from oracle.intake.meter_keys import MeterKey, keys_of
from oracle.intake.types import Delivery
from oracle.measurement.types import Quality, QualityArray
from oracle.quality.types import ACCEPTED, CODES, AnomalyCode, Fates

_BAD, _UNSIGNED = CODES.index(AnomalyCode.BAD_SIGNATURE), CODES.index(AnomalyCode.UNSIGNED)


@dataclass(frozen=True, slots=True)
class Signed:
    """Readings under one signature: `rows` are their places among the readings of all deliveries."""

    flow: Flow
    readings: tuple[Reading, ...]
    rows: range
    signature: str
    payload: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Vouched:
    """For each reading why it is refused, or `ACCEPTED`, and its quality; and the signatures that hold.

    `by` are the signers of `signed`.
    """

    fates: Fates
    quality: QualityArray
    signed: tuple[Signed, ...]
    by: tuple[Address, ...]


def vouch(connection: Connection, deliveries: Sequence[Delivery]) -> Vouched:
    """Check every signature of the deliveries at once."""
    signed, fates, quality = _sorted_out(deliveries)
    keys = keys_of(connection, sorted({one.flow.point_id for one in signed})) if signed else {}
    signers = signers_of([one.payload for one in signed], [one.signature for one in signed])
    held = []
    for one, signer in zip(signed, signers, strict=True):
        counts = [signer is not None and _counts(keys, one.flow.point_id, signer, r.start) for r in one.readings]
        fates[one.rows.start : one.rows.stop][~np.array(counts)] = _BAD
        if signer is not None and any(counts):
            held.append((one, signer))
    return Vouched(fates, quality, tuple(one for one, _ in held), tuple(signer for _, signer in held))


def _sorted_out(deliveries: Sequence[Delivery]) -> tuple[list[Signed], Fates, QualityArray]:
    """What is signed, and the fates and qualities before any signature is looked at."""
    signed: list[Signed] = []
    fates: list[int] = []
    quality: list[int] = []
    for delivery in deliveries:
        flow, message = delivery.flow, delivery.message
        first = len(fates)
        alone = [place for place, one in enumerate(message.readings) if one.signature is not None]
        signed += [_one(flow, message.readings[place], first + place) for place in alone]
        if message.signature is not None and message.readings:
            rows = range(first, first + len(message.readings))
            payload = canonical_bytes(flow.point_id, message.readings)
            signed.append(Signed(flow, message.readings, rows, message.signature, payload))
        for reading in message.readings:
            is_signed = message.signature is not None or reading.signature is not None
            fates.append(ACCEPTED if is_signed or flow.takes_unsigned else _UNSIGNED)
            quality.append(reading.quality if is_signed else max(reading.quality, Quality.ESTIMATED))
    return signed, np.array(fates, dtype=np.int8), np.array(quality, dtype=np.uint8)


def _one(flow: Flow, reading: Reading, row: int) -> Signed:
    assert reading.signature is not None
    payload = canonical_bytes(flow.point_id, (reading,))
    return Signed(flow, (reading,), range(row, row + 1), reading.signature, payload)


def _counts(keys: Mapping[str, tuple[MeterKey, ...]], point_id: str, signer: Address, start: int) -> bool:
    return any(key.address == signer and key.counts_at(start) for key in keys.get(point_id, ()))
