"""CIDv1 of raw bytes under sha2-256, in base32: the name by which content is found and checked, IPFS or not.

`b` + base32(0x01 version, 0x55 raw codec, 0x12 sha2-256, 0x20 length, digest), lower case, unpadded. An IPFS node gives
a block added with `--cid-version=1 --raw-leaves` (at most 1 MiB, one block) the same name. Source: multiformats CID.
"""

import base64
import hashlib
import re
from typing import NewType

from commons.errors import CidMismatch, MalformedInput

Cid = NewType("Cid", str)

_PREFIX = bytes((0x01, 0x55, 0x12, 0x20))
_CID = re.compile(r"b[a-z2-7]{58}")


def cid_of(content: bytes) -> Cid:
    """The CID of `content`."""
    return cid_of_digest(hashlib.sha256(content).digest())


def cid_of_digest(digest: bytes) -> Cid:
    """The CID of content whose sha2-256 is `digest`: 32 bytes, which is all that the chain needs to keep."""
    return Cid("b" + base64.b32encode(_PREFIX + digest).decode().rstrip("=").lower())


def digest_of(cid: Cid) -> bytes:
    """The sha2-256 that the CID carries (32 bytes)."""
    return base64.b32decode(cid[1:].upper() + "======"[: -len(cid[1:]) % 8])[len(_PREFIX) :]


def parse_cid(text: str) -> Cid:
    """The CID that `text` writes.

    Raises:
        MalformedInput: not a CIDv1 of raw content under sha2-256 in base32. It could otherwise name a path.
    """
    if isinstance(text, str) and _CID.fullmatch(text) and cid_of_digest(digest_of(Cid(text))) == text:
        return Cid(text)
    raise MalformedInput(f"{text!r} is not a CID (version 1, raw, sha2-256, base32)", remedy="Copy it from the chain.")


def verify(cid: Cid, content: bytes, where: str) -> bytes:
    """The content, if it is what the CID names.

    Args:
        where: the place it was read from, for the error message.

    Raises:
        CidMismatch: it is not.
    """
    actual = cid_of(content)
    if actual != cid:
        raise CidMismatch(
            f"{where} was altered or cut short: its {len(content)} bytes have the CID {actual}, not {cid}",
            which=cid,
            remedy="Fetch the file again from another operator; its name tells whether it is whole.",
            found=content,
        )
    return content
