"""Addresses of wallets and contracts: lower-case text inside, checksummed for people, 20 bytes in arrays."""

import re
from typing import NewType

from commons.errors import MalformedInput
from commons.keccak import keccak256

Address = NewType("Address", str)
"""`0x` and 40 lower-case hexadecimal digits."""

ZERO_ADDRESS = Address("0x" + "00" * 20)
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")


def address(text: str) -> Address:
    """The address that `text` writes, in lower case.

    Raises:
        MalformedInput: not 20 bytes in hexadecimal, or in mixed case with a wrong checksum (EIP-55): a typing error.
    """
    if not isinstance(text, str) or not _ADDRESS.fullmatch(text):
        raise MalformedInput(f"{text!r} is not an address", remedy="Write 0x and 40 hexadecimal digits.")
    lower = Address(text.lower())
    if text[2:] not in (text[2:].lower(), text[2:].upper()) and text != checksummed(lower):
        raise MalformedInput(
            f"the checksum of address {text} is wrong", remedy="Copy the address again: it was altered."
        )
    return lower


def checksummed(plain: Address) -> str:
    """The address as people see it: capitals by EIP-55."""
    digits = plain[2:]
    nibbles = keccak256(digits.encode()).hex()
    return "0x" + "".join(d.upper() if int(n, 16) >= 8 else d for d, n in zip(digits, nibbles, strict=False))


def address_bytes(plain: Address) -> bytes:
    """The 20 bytes of an address."""
    return bytes.fromhex(plain[2:])


def address_of(raw: bytes) -> Address:
    """The address of 20 bytes."""
    return Address("0x" + raw.hex())
