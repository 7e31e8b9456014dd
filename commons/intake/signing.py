"""A meter's signature: secp256k1 over the keccak256 of the readings' canonical bytes, which tells its address.

    "Commonwatt readings, version 1" and two zero bytes        32 bytes
    point id                                                   32 bytes
    per reading, in the message's order                        29 bytes, big-endian
        uint64 start, uint32 seconds, int64 withdrawn Wh, int64 injected Wh, uint8 quality

A reading signed alone is a batch of one. The point's id is a salted hash that exists once, so a signed batch says the
same wherever it is shown, and showing it again changes nothing. The signature is r ‖ s ‖ v with v 27 or 28 (0 or 1).
"""

import struct
from collections.abc import Iterable, Sequence

import numpy as np
from coincurve import PrivateKey, PublicKey

from commons.addresses import Address, address_of
from commons.intake.message import Reading
from commons.keccak import keccak256, keccak256_rows

DOMAIN = b"Commonwatt readings, version 1".ljust(32, b"\0")
SIGNATURE_BYTES = 65
_READING = struct.Struct(">QIqqB")
_ELECTRUM = 27  # what v counts from


def canonical_bytes(point_id: str, readings: Iterable[Reading]) -> bytes:
    """What a meter signs."""
    pack = _READING.pack
    rows = (pack(one.start, one.seconds, one.withdrawn_wh, one.injected_wh, one.quality) for one in readings)
    return DOMAIN + bytes.fromhex(point_id[2:]) + b"".join(rows)


def sign(key: PrivateKey, payload: bytes) -> str:
    """The signature of canonical bytes, as messages carry it."""
    signature = key.sign_recoverable(keccak256(payload), hasher=None)
    return "0x" + signature[:-1].hex() + f"{signature[-1] + _ELECTRUM:02x}"


def signers_of(payloads: Sequence[bytes], signatures: Sequence[str]) -> list[Address | None]:
    """Who signed each payload; None where a signature is none at all.

    The hashes, a third of the work otherwise, are made over whole batches.
    """
    digests = _hashes(payloads)
    keys = [_key_of(digest, bytes.fromhex(text[2:])) for digest, text in zip(digests, signatures, strict=True)]
    found = [place for place, key in enumerate(keys) if key is not None]
    signers: list[Address | None] = [None] * len(keys)
    for place, hashed in zip(found, _hashes([keys[place] or b"" for place in found]), strict=True):
        signers[place] = address_of(hashed[-20:])
    return signers


def address_of_key(key: PrivateKey) -> Address:
    """The address under which a key is registered."""
    return address_of(keccak256(key.public_key.format(compressed=False)[1:])[-20:])


def _key_of(digest: bytes, signature: bytes) -> bytes | None:
    """The 64 bytes of the public key that made the signature."""
    v = signature[-1] - _ELECTRUM if signature[-1] >= _ELECTRUM else signature[-1]
    if v not in (0, 1):
        return None
    try:
        key = PublicKey.from_signature_and_message(signature[:-1] + bytes([v]), digest, hasher=None)
    except ValueError:
        return None
    return bytes(key.format(compressed=False)[1:])


def _hashes(messages: Sequence[bytes]) -> list[bytes]:
    """keccak256 of each message; those of one length are hashed together."""
    hashes = [b""] * len(messages)
    by_length: dict[int, list[int]] = {}
    for place, message in enumerate(messages):
        by_length.setdefault(len(message), []).append(place)
    for length, places in by_length.items():
        joined = b"".join(messages[place] for place in places)
        table = np.frombuffer(joined, dtype=np.uint8).reshape(len(places), length)
        for place, row in zip(places, keccak256_rows(table), strict=True):
            hashes[place] = row.tobytes()
    return hashes
