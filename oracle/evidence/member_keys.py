"""A member's key, which makes the salts of its readings, encrypted to each operator that has to know it.

One key per member, made when the member joins, kept nowhere in the open: each operator holds it sealed to the secp256k1
key it votes with. Erasing a member means deleting the sealed keys; whoever kept a salt or a reading can then no longer
tell which leaf of a root it belongs to.

    sealed    = version (1 byte: 0x01) ‖ ephemeral public key (33) ‖ AES-256-GCM(member key) with its tag (48)
    bound to  = version ‖ community (20) ‖ member id (32) ‖ operator (20)
    key       = HKDF-SHA256(x of ephemeral × operator key), salt `commonwatt/member-key/1`, info bound to; its nonce is
                all zeros, because the key seals this once
"""

from collections.abc import Callable
from dataclasses import dataclass

from coincurve import PrivateKey, PublicKey
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from commons.addresses import Address, address_bytes, address_of
from commons.errors import EnvelopeError, InputError
from commons.hmac import KEY_BYTES
from commons.keccak import keccak256

VERSION = 1
_POINT_BYTES = 33
_TAG_BYTES = 16
_NONCE = bytes(12)
SEALED_BYTES = 1 + _POINT_BYTES + KEY_BYTES + _TAG_BYTES


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Whose key it is, and which operator may open it."""

    community: Address
    member_id: bytes
    operator: Address

    @property
    def bound(self) -> bytes:
        """The bytes that the sealing is bound to."""
        return bytes((VERSION,)) + address_bytes(self.community) + self.member_id + address_bytes(self.operator)


def operator_of(public_key: bytes) -> Address:
    """The address of a secp256k1 public key."""
    return address_of(keccak256(PublicKey(public_key).format(compressed=False)[1:])[-20:])


def seal_key(member_key: bytes, holder: KeyHolder, public_key: bytes, ephemeral: bytes) -> bytes:
    """The member's key, sealed to the operator.

    Args:
        public_key: the operator's; its address is the holder's operator.
        ephemeral: 32 random bytes, used for this and then forgotten.

    Raises:
        InputError: a key of another length, or the public key of somebody else.
    """
    if len(member_key) != KEY_BYTES or len(holder.member_id) != 32:
        raise InputError("a member's key and id are 32 bytes each", remedy="Use them as they were made.")
    try:
        addressee = PublicKey(public_key)
        once = PrivateKey(ephemeral)
    except ValueError as error:
        raise InputError("not a key on secp256k1", remedy="Use the operator's public key and fresh chance.") from error
    if operator_of(public_key) != holder.operator:
        raise InputError(
            f"this public key is that of {operator_of(public_key)}", which=holder.operator, remedy="Seal it to its own."
        )
    shared = addressee.multiply(once.secret).format()[1:]
    sealed = AESGCM(_derived(shared, holder)).encrypt(_NONCE, member_key, holder.bound)
    return bytes((VERSION,)) + once.public_key.format() + sealed


def open_key(sealed: bytes, holder: KeyHolder, agree: Callable[[bytes], bytes]) -> bytes:
    """The member's key, opened by the operator.

    Args:
        agree: from a public key, the x that the operator shares with its owner (`commons.wallets.Signer.agree`).

    Raises:
        EnvelopeError: it was sealed to somebody else, for another member, or altered.
    """
    try:
        if len(sealed) != SEALED_BYTES or sealed[0] != VERSION:
            raise ValueError("no sealed key")
        shared = agree(sealed[1 : 1 + _POINT_BYTES])
        return AESGCM(_derived(shared, holder)).decrypt(_NONCE, sealed[1 + _POINT_BYTES :], holder.bound)
    except (ValueError, InvalidTag) as error:
        raise EnvelopeError(
            "the sealed key of the member does not open with this operator's key",
            which="0x" + holder.member_id.hex(),
            remedy="Ask another operator to seal it to this one again.",
        ) from error


def _derived(shared_x: bytes, holder: KeyHolder) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=b"commonwatt/member-key/1", info=holder.bound)
    return hkdf.derive(shared_x)
