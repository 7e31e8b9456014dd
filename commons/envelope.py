"""The encrypted envelope: a trader's orders and salt, carried by the commitment's event, opened by the wallet alone.

The key comes from the wallet's signature over a text that names chain, marketplace, session and trader, so any device
with the same wallet reopens the envelope from the chain. A wallet that does not sign the same text twice alike needs a
random key of 32 bytes instead, which its owner must keep; `seal` and `unseal` take either.

    envelope  = version (1 byte: 0x01) ‖ nonce (12) ‖ AES-256-GCM(plain) with its tag (16)
    plain     = salt (32) ‖ orders, each: slot (2) ‖ side (1; 1 = buy) ‖ quantity in Wh (5) ‖ limit in µ€/kWh (5)
    bound to  = version ‖ chain id (32) ‖ marketplace (20) ‖ session id (32) ‖ trader (20)
    key       = HKDF-SHA256(r ‖ s of the EIP-191 signature over `key_text`), salt `commonwatt/envelope/1`, info bound to

Integers are big-endian. 24 orders take 373 bytes. The envelope's length tells the number of orders, nothing else.
Source: DESIGN.md section 5, step 1.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from eth_account import Account
from eth_account.messages import encode_defunct

from commons.addresses import Address, address_bytes, checksummed
from commons.errors import EnvelopeError
from commons.orders import SALT_BYTES, Order
from commons.units import EnergyWh, PriceUekwh, SessionId, SlotIndex

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
ORDER_BYTES = 13

Signer = Callable[[str], bytes]
"""Signs a text with a wallet as `personal_sign` does (EIP-191): 65 bytes r ‖ s ‖ v."""


@dataclass(frozen=True, slots=True)
class EnvelopeContext:
    """Where and whose an envelope is; it opens nowhere else and for nobody else."""

    chain_id: int
    marketplace: Address
    session_id: SessionId
    trader: Address

    @property
    def bound(self) -> bytes:
        """The bytes that encryption is bound to."""
        return b"".join(
            (
                bytes((VERSION,)),
                self.chain_id.to_bytes(32, "big"),
                address_bytes(self.marketplace),
                self.session_id.to_bytes(32, "big"),
                address_bytes(self.trader),
            )
        )


def key_text(context: EnvelopeContext) -> str:
    """The text that the wallet signs to make the key; the page shows and signs the same, to the byte."""
    return (
        "Commonwatt: key of my sealed orders\n\n"
        "This signature opens the orders that I seal for the session below. It moves no money.\n"
        "Only sign this on Commonwatt: whoever has this signature can read my orders before they are revealed.\n\n"
        f"Chain: {context.chain_id}\n"
        f"Marketplace: {checksummed(context.marketplace)}\n"
        f"Session: {context.session_id}\n"
        f"Trader: {checksummed(context.trader)}"
    )


def key_from_signature(signature: bytes, context: EnvelopeContext) -> bytes:
    """The 32-byte key that a signature over `key_text(context)` makes. v is left out: wallets write it differently."""
    hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=b"commonwatt/envelope/1", info=context.bound)
    return hkdf.derive(signature[:64])


def signs_deterministically(sign: Signer, context: EnvelopeContext) -> bool:
    """Whether the wallet signs the key's text twice alike, so that its signature may serve as the key."""
    text = key_text(context)
    return sign(text)[:64] == sign(text)[:64]


def local_signer(private_key: bytes | str) -> Signer:
    """A signer by a private key held here, for the operator's commands and tests."""
    account = Account.from_key(private_key)
    return lambda text: bytes(account.sign_message(encode_defunct(text=text)).signature)


def seal(orders: Sequence[Order], salt: bytes, key: bytes, context: EnvelopeContext) -> bytes:
    """The envelope of valid `orders` and their 32-byte `salt`, under a fresh random nonce."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = salt + b"".join(_pack(order) for order in orders)
    return bytes((VERSION,)) + nonce + AESGCM(key).encrypt(nonce, plain, context.bound)


def unseal(envelope: bytes, key: bytes, context: EnvelopeContext) -> tuple[list[Order], bytes]:
    """The orders and the salt in an envelope.

    Raises:
        EnvelopeError: another version, cut short, altered, or sealed by another wallet or for another session.
    """
    if len(envelope) < 1 + NONCE_BYTES + SALT_BYTES + TAG_BYTES:
        raise _refusal(context, f"is only {len(envelope)} bytes long", "Read it again from the commitment's event.")
    if envelope[0] != VERSION:
        raise _refusal(context, f"has version {envelope[0]}, not {VERSION}", "Use the release that sealed it.")
    nonce, sealed = envelope[1 : 1 + NONCE_BYTES], envelope[1 + NONCE_BYTES :]
    try:
        plain = AESGCM(key).decrypt(nonce, sealed, context.bound)
    except InvalidTag as error:
        raise _refusal(
            context, "does not open with this key", "Use the wallet that sealed it, or the key it was saved under."
        ) from error
    packed = plain[SALT_BYTES:]
    if len(packed) % ORDER_BYTES:
        raise _refusal(context, "does not hold whole orders", "Read the orders from where they were saved.")
    orders = [_unpack(packed[at : at + ORDER_BYTES]) for at in range(0, len(packed), ORDER_BYTES)]
    return orders, plain[:SALT_BYTES]


def _pack(order: Order) -> bytes:
    return b"".join(
        (
            order.slot.to_bytes(2, "big"),
            order.is_buy.to_bytes(1, "big"),
            order.quantity_wh.to_bytes(5, "big"),
            order.limit_price.to_bytes(5, "big"),
        )
    )


def _unpack(packed: bytes) -> Order:
    return Order(
        slot=SlotIndex(int.from_bytes(packed[:2], "big")),
        is_buy=packed[2] == 1,
        quantity_wh=EnergyWh(int.from_bytes(packed[3:8], "big")),
        limit_price=PriceUekwh(int.from_bytes(packed[8:], "big")),
    )


def _refusal(context: EnvelopeContext, how: str, remedy: str) -> EnvelopeError:
    return EnvelopeError(
        f"the envelope of {context.trader} in session {context.session_id} {how}",
        which=context.session_id,
        remedy=remedy,
    )
