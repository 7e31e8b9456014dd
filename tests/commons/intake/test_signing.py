"""The bytes that a meter signs, pinned, and whose signature is whose."""

import pytest
from coincurve import PrivateKey
from eth_keys.datatypes import PrivateKey as OtherKey

from commons.intake.message import Reading
from commons.intake.signing import address_of_key, canonical_bytes, sign, signers_of
from commons.keccak import keccak256

POINT = "0x" + "ab" * 32
KEY = PrivateKey(b"\x07" * 32)
READINGS = (
    Reading(start=1_781_042_400, seconds=900, withdrawn_wh=512, injected_wh=0),
    Reading(start=1_781_043_300, seconds=900, withdrawn_wh=-1, injected_wh=33, quality=1),
)

DIGEST = "0a70da90bb6e0047b97a0cfb11ea0cb2bcdb7106beaec3094f3c8806b2546970"
SIGNATURE = (
    "0x29e5a3c6d9525db1981c86a3d4f9310d6668126e2f3cb8ba04a0722cbff7a3451f"
    "7aac600eadd33850357b246cb3f475c3c519fd61d840e45f7d29bc3fbc15521b"
)
SIGNER = "0x4a62316623ad457f02cdc5d997ded67a383ec569"


def test_canonical_bytes__of_readings__are_as_the_page_says() -> None:
    assert canonical_bytes(POINT, READINGS).hex() == (
        b"Commonwatt readings, version 1\0\0".hex()
        + "ab" * 32
        + "000000006a288ce0" + "00000384" + "0000000000000200" + "0000000000000000" + "00"
        + "000000006a289064" + "00000384" + "ffffffffffffffff" + "0000000000000021" + "01"
    )  # fmt: skip


@pytest.mark.parametrize(
    "signature",
    ["0x" + "00" * 65, "0x" + "ff" * 65, "0x" + "11" * 64 + "1d", "0x" + "11" * 64 + "02", "0x" + "ff" * 64 + "1b"],
)
def test_signers_of__no_signature__is_nobody(signature: str) -> None:
    assert signers_of([b"payload"], [signature]) == [None]


def test_signers_of__of_many_lengths_and_some_bad__each_by_its_own() -> None:
    keys = [PrivateKey(bytes([n]) * 32) for n in range(1, 40)]
    payloads = [canonical_bytes(POINT, READINGS[:1] * (n % 4)) for n in range(len(keys))]
    signatures = [sign(key, payload) for key, payload in zip(keys, payloads, strict=True)]
    signatures[5] = "0x" + "00" * 65
    signatures[6] = signatures[7]
    found = signers_of(payloads, signatures)

    expected = [address_of_key(key) for key in keys]
    assert found[5] is None
    assert found[6] not in expected
    assert [one for n, one in enumerate(found) if n not in (5, 6)] == [
        one for n, one in enumerate(expected) if n not in (5, 6)
    ]


def test_sign__as_any_wallet_does__is_the_same_signature() -> None:
    """Another implementation signs the same hash with the same key to the same signer."""
    payload = canonical_bytes(POINT, READINGS)
    theirs = OtherKey(KEY.secret).sign_msg_hash(keccak256(payload)).to_bytes()

    assert signers_of([payload] * 2, ["0x" + theirs.hex(), sign(KEY, payload)]) == [address_of_key(KEY)] * 2
    assert address_of_key(KEY) == OtherKey(KEY.secret).public_key.to_address()


def test_sign__the_example__is_this_signature() -> None:
    """For makers of meters: key 0x0707…07, the point and readings above, RFC 6979."""
    payload = canonical_bytes(POINT, READINGS)

    assert keccak256(payload).hex() == DIGEST
    assert sign(KEY, payload) == SIGNATURE
    assert address_of_key(KEY) == SIGNER
