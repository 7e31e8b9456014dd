"""What a signed transaction says of itself, before anybody hands it to a node."""

from dataclasses import dataclass, field

import rlp
from eth_account import Account
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes

from commons.addresses import Address
from commons.errors import MalformedInput
from commons.keccak import keccak256

_TYPES = 0x7F
"""A first byte up to this one is the type of a typed transaction (EIP-2718)."""
_PROTECTED = 35


@dataclass(frozen=True, slots=True)
class RawTransaction:
    """A signed transaction, decoded; `to` is None for a creation, `chain_id` for one that any chain takes."""

    hash: str
    sender: Address
    to: Address | None
    nonce: int
    gas: int
    chain_id: int | None
    data: bytes = field(repr=False)
    raw: bytes = field(repr=False)


def decode_transaction(raw: bytes) -> RawTransaction:
    """What a signed transaction says.

    Raises:
        MalformedInput: it is none.
    """
    try:
        sender = Address(str(Account.recover_transaction(raw)).lower())
        nonce, gas, to, data, chain_id = _typed(raw) if raw[0] <= _TYPES else _legacy(raw)
    except Exception as error:
        raise MalformedInput("this is no signed transaction", remedy="Send what a wallet signed, whole.") from error
    at = Address("0x" + to.hex()) if to else None
    return RawTransaction("0x" + keccak256(raw).hex(), sender, at, nonce, gas, chain_id, data, raw)


def _typed(raw: bytes) -> tuple[int, int, bytes, bytes, int | None]:
    fields = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
    to, data = (bytes(HexBytes(fields.get(name) or b"")) for name in ("to", "data"))
    return int(fields["nonce"]), int(fields["gas"]), to, data, int(fields["chainId"])


def _legacy(raw: bytes) -> tuple[int, int, bytes, bytes, int | None]:
    nonce, _, gas, to, _, data, v, *_ = rlp.decode(raw)
    v_value = int.from_bytes(v, "big")
    chain_id = (v_value - _PROTECTED) // 2 if v_value >= _PROTECTED else None
    return int.from_bytes(nonce, "big"), int.from_bytes(gas, "big"), to, data, chain_id
