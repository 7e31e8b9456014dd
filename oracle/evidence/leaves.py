"""Leaves and salts of a dataset, by the million.

    leaf = (bytes32 pointId, uint64 start, uint32 seconds, uint64 withdrawnWh, uint64 injectedWh, uint8 quality,
            bytes32 salt), hashed as OpenZeppelin's StandardMerkleTree does
    salt = HMAC-SHA256(member key, community (20 bytes) ‖ pointId (32) ‖ start (8) ‖ version (8))

Integers in the salt are big-endian. Source: DESIGN.md section 9, whose widths are fixed here.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from commons import abi
from commons.addresses import address_bytes
from commons.errors import InputError, UnitError
from commons.hmac import KEY_BYTES, hmac_sha256_rows
from commons.merkle import leaf_hashes
from oracle.evidence.types import ByteRows, DatasetId
from oracle.measurement.types import ReadingBatch

LEAF_TYPES = ("bytes32", "uint64", "uint32", "uint64", "uint64", "uint8", "bytes32")
_POINT_BYTES = 32
_SLICE = 1 << 15
"""Leaves encoded at a time: encoded, each takes 224 bytes."""


def salts_of(dataset: DatasetId, readings: ReadingBatch, keys: Mapping[str, bytes]) -> ByteRows:
    """(n, 32) the salt of each reading.

    Args:
        keys: for each point of the readings the key of its member, 32 bytes.

    Raises:
        InputError: a point has no key: its member was erased, or never had one.
    """
    ids = _point_bytes(readings.point_ids)
    messages = np.empty((len(readings), 20 + _POINT_BYTES + 16), dtype=np.uint8)
    messages[:, :20] = np.frombuffer(address_bytes(dataset.community), dtype=np.uint8)
    messages[:, 20:52] = ids[readings.point]
    messages[:, 52:60] = abi.big_endian(readings.start, 8)
    messages[:, 60:] = np.frombuffer(dataset.version.to_bytes(8, "big"), dtype=np.uint8)
    return hmac_sha256_rows(_keys(readings.point_ids, keys), readings.point, messages)


def reading_leaves(readings: ReadingBatch, salts: ByteRows) -> ByteRows:
    """(n, 32) the leaf hash of each reading."""
    ids = _point_bytes(readings.point_ids)
    hashes = np.empty((len(readings), 32), dtype=np.uint8)
    for first in range(0, len(readings), _SLICE):
        rows = slice(first, first + _SLICE)
        integers = (readings.start, readings.seconds, readings.withdrawn_wh, readings.injected_wh, readings.quality)
        words = (abi.uint_words(column[rows].astype(np.uint64)) for column in integers)
        hashes[rows] = leaf_hashes(abi.rows(ids[readings.point[rows]], *words, salts[rows]))
    return hashes


def _point_bytes(point_ids: Sequence[str]) -> ByteRows:
    """(points, 32) the ids' bytes."""
    try:
        joined = b"".join(bytes.fromhex(point_id.removeprefix("0x")) for point_id in point_ids)
        return np.frombuffer(joined, dtype=np.uint8).reshape(len(point_ids), _POINT_BYTES)
    except ValueError as error:
        raise UnitError("a point id is not 32 bytes in hexadecimal", remedy="Check the points.") from error


def _keys(point_ids: Sequence[str], keys: Mapping[str, bytes]) -> ByteRows:
    """(points, 32) the keys of the points' members."""
    for point_id in point_ids:
        if len(keys.get(point_id, b"")) != KEY_BYTES:
            raise InputError(
                "the point's member has no key of 32 bytes here",
                which=point_id,
                remedy="Leave out the points of members that were erased; the others need their key.",
            )
    joined = b"".join(keys[point_id] for point_id in point_ids)
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(point_ids), KEY_BYTES)
