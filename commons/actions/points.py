"""Points as people handle them: a binding signed on one machine and handed in on another, released, and listed."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commons import documents
from commons.actions.bindings import SignedBinding, sign_binding
from commons.addresses import Address
from commons.chain import Call
from commons.contracts import CommunityReader
from commons.errors import MalformedInput
from commons.records import OPEN_END, PointBinding, PointKind
from commons.roster import PointSpan, RosterReader
from commons.units import EpochSeconds
from commons.wallets import Signer

FORMAT = "commonwatt/binding/1"
_KEYS = {
    "format": FORMAT,
    "community": "address of the community's contract",
    "pointId": "0x and 64 hex digits",
    "memberId": "0x and 64 hex digits",
    "kind": "exchange or production",
    "validFrom": "UTC epoch seconds; 0: from when it is handed in",
    "validUntil": f"UTC epoch seconds; {OPEN_END}: until it is released",
    "documentHash": "keccak256 of the document and the salt",
    "number": "which binding of the point this is, from 1",
    "deadline": "UTC epoch seconds",
    "signature": "the member's signature",
    "salt": "32 bytes, kept by the member and the admin",
}
KINDS = {kind.name.lower(): kind for kind in PointKind if kind}


@dataclass(frozen=True, slots=True)
class HeldPoint:
    """A binding with the wallet that the member has now."""

    span: PointSpan
    wallet: Address | None


def relayed_call(reader: CommunityReader, admin: Signer, signed: SignedBinding) -> Call:
    """Hand a binding in that both have signed; anybody may send it."""
    agreed = sign_binding(reader, admin, signed.binding)
    return reader.contracts.community.call("bindPoint", signed.binding, admin.address, signed.signature, agreed)


def release_call(reader: CommunityReader, point_id: bytes, at: EpochSeconds | None = None) -> Call:
    """End a point's binding at a moment, or as soon as the sender may: the member at once, an admin with a notice."""
    return reader.contracts.community.call("releasePoint", point_id, at or 0)


def held_points(reader: CommunityReader, member: Address | None = None) -> list[HeldPoint]:
    """Every binding there ever was, or those of a wallet's member, as the chain tells of them."""
    roster = RosterReader(reader).now()
    head = reader.chain.block_number()
    wanted = None if member is None else roster.member_of(member)
    return [
        HeldPoint(span, roster.wallet(span.member_id, head))
        for span in roster.points()
        if member is None or span.member_id == wanted
    ]


def write_binding(reader: CommunityReader, signed: SignedBinding, file: Path) -> None:
    """Keep a signed binding for an admin to hand in; only its owner may read the file.

    Raises:
        MalformedInput: the file is there already, or cannot be written.
    """
    binding = signed.binding
    content = {
        "format": FORMAT,
        "community": reader.contracts.community.address,
        "pointId": "0x" + binding.point_id.hex(),
        "memberId": "0x" + binding.member_id.hex(),
        "kind": binding.kind.name.lower(),
        "validFrom": binding.valid_from,
        "validUntil": binding.valid_until,
        "documentHash": "0x" + binding.document_hash.hex(),
        "number": binding.number,
        "deadline": binding.deadline,
        "signature": "0x" + signed.signature.hex(),
        "salt": "0x" + signed.salt.hex(),
    }
    try:
        with file.open("x", encoding="utf-8") as stream:
            file.chmod(0o600)
            stream.write(json.dumps(content, indent=1) + "\n")
    except OSError as error:
        raise MalformedInput(f"{file} cannot be written ({error.strerror})", remedy="Name a new file.") from error


def read_binding(reader: CommunityReader, file: Path) -> SignedBinding:
    """A signed binding from its file.

    Raises:
        MalformedInput: it is none, or one of another community.
    """
    value = documents.record(documents.read_document(str(file)), _KEYS, str(file))
    if value["format"] != FORMAT:
        raise MalformedInput(f"{file} is no {FORMAT}", remedy="Make one with `commonwatt point sign`.")
    if value["community"] != reader.contracts.community.address:
        raise MalformedInput(
            f"{file} is for the community {value['community']}, not {reader.contracts.community.address}",
            remedy="Name its community, or have it signed for this one.",
        )
    documents.choice(value["kind"], tuple(KINDS), f"{file}.kind")
    binding = PointBinding(
        point_id=bytes32(value["pointId"], f"{file}.pointId"),
        member_id=bytes32(value["memberId"], f"{file}.memberId"),
        kind=KINDS[value["kind"]],
        valid_from=_seconds(value, "validFrom", file),
        valid_until=_seconds(value, "validUntil", file),
        document_hash=bytes32(value["documentHash"], f"{file}.documentHash"),
        number=documents.whole(value["number"], 1, (1 << 32) - 1, f"{file}.number", _KEYS["number"]),
        deadline=_seconds(value, "deadline", file),
    )
    return SignedBinding(
        binding, octets(value["signature"], f"{file}.signature"), bytes32(value["salt"], f"{file}.salt")
    )


def bytes32(text: Any, where: str) -> bytes:
    """32 bytes as people write them.

    Raises:
        MalformedInput: they are not.
    """
    found = octets(text, where)
    if len(found) != 32:
        raise MalformedInput(f"{where} has {len(found)} bytes", remedy="Write 0x and 64 hex digits.")
    return found


def octets(text: Any, where: str) -> bytes:
    """Bytes as people write them.

    Raises:
        MalformedInput: they are not.
    """
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except (AttributeError, ValueError) as error:
        raise MalformedInput(
            f"{where}: {str(text)[:80]!r} is not hexadecimal", remedy="Write 0x and digits."
        ) from error


def _seconds(value: dict[str, Any], key: str, file: Path) -> EpochSeconds:
    return EpochSeconds(documents.whole(value[key], 0, OPEN_END, f"{file}.{key}", _KEYS[key]))
