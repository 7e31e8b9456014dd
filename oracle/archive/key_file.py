"""The file in which members' keys travel to operators: sealed, so that whoever carries it reads nothing.

{"format": "commonwatt/member-keys/1", "keys": [{"community", "member", "operator", "sealed"}, …]}
"""

from collections.abc import Sequence
from typing import Any

from commons import canonical
from commons.addresses import address
from commons.errors import DatasetMalformed, MalformedInput
from oracle.archive.keys import SealedKey
from oracle.evidence.member_keys import SEALED_BYTES, KeyHolder

FORMAT = "commonwatt/member-keys/1"
_KEY = {"community", "member", "operator", "sealed"}
_ID_BYTES = 32


def encode(keys: Sequence[SealedKey]) -> bytes:
    """The file's bytes."""
    return canonical.encode(
        {
            "format": FORMAT,
            "keys": [
                {
                    "community": key.holder.community,
                    "member": "0x" + key.holder.member_id.hex(),
                    "operator": key.holder.operator,
                    "sealed": "0x" + key.sealed.hex(),
                }
                for key in keys
            ],
        }
    )


def decode(raw: bytes, name: str) -> list[SealedKey]:
    """The keys in a file.

    Raises:
        MalformedInput: it is no such file.
    """
    try:
        value: Any = canonical.decode(raw, name)
    except DatasetMalformed as error:
        raise _malformed(error.what) from error
    if not isinstance(value, dict) or value.keys() != {"format", "keys"} or value["format"] != FORMAT:
        raise _malformed(f"{name} is not of the format {FORMAT}")
    if not isinstance(value["keys"], list):
        raise _malformed(f"{name} lists no keys")
    return [_key(item, f"keys[{place}] of {name}") for place, item in enumerate(value["keys"])]


def _key(item: Any, where: str) -> SealedKey:
    if not isinstance(item, dict) or item.keys() != _KEY:
        raise _malformed(f"{where} is no sealed key")
    member_id, sealed = _bytes(item["member"], _ID_BYTES, where), _bytes(item["sealed"], SEALED_BYTES, where)
    return SealedKey(KeyHolder(address(item["community"]), member_id, address(item["operator"])), sealed)


def _bytes(text: Any, count: int, where: str) -> bytes:
    try:
        raw = bytes.fromhex(text.removeprefix("0x")) if isinstance(text, str) else b""
    except ValueError:
        raw = b""
    if len(raw) != count:
        raise _malformed(f"{where} should have {count} bytes in hexadecimal where it has {str(text)[:80]!r}")
    return raw


def _malformed(what: str) -> MalformedInput:
    return MalformedInput(what, remedy="Make it with `commonwatt member key`, and carry it as it is.")
