"""Whose a point is: the binding that a member and a community admin both sign, and handing it in."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from commons.actions.community import SALT_BYTES, SIGNATURE_SECONDS, adhesion_hash, typed_message
from commons.chain import Call
from commons.contracts import CommunityReader
from commons.records import OPEN_END, BoundPoint, PointBinding, PointKind
from commons.units import EpochSeconds
from commons.wallets import Signer

DOCUMENT = b"Commonwatt: this connection point and its meter are the member's, version 1\n"
"""What both agree on where a community has no document of its own."""
FROM_NOW = EpochSeconds(0)
BINDING_FIELDS = (
    {"name": "pointId", "type": "bytes32"},
    {"name": "memberId", "type": "bytes32"},
    {"name": "kind", "type": "uint8"},
    {"name": "validFrom", "type": "uint40"},
    {"name": "validUntil", "type": "uint40"},
    {"name": "documentHash", "type": "bytes32"},
    {"name": "number", "type": "uint32"},
    {"name": "deadline", "type": "uint256"},
)


@dataclass(frozen=True)
class PointOfMember:
    """A point to be bound to the member behind a wallet."""

    point_id: bytes
    kind: PointKind
    member: Signer


@dataclass(frozen=True)
class SignedBinding:
    """A binding with the member's signature, for an admin to hand in; the salt belongs to both."""

    binding: PointBinding
    signature: bytes
    salt: bytes


def bindings_for(
    reader: CommunityReader,
    points: Sequence[PointOfMember],
    valid_from: EpochSeconds = FROM_NOW,
    valid_until: EpochSeconds = OPEN_END,
    document: bytes = DOCUMENT,
) -> list[SignedBinding]:
    """The members' bindings of many points, each the point's next, good for a week; with a handful of requests."""
    bound = bound_points(reader, [point.point_id for point in points])
    members = reader.members([point.member.address for point in points])
    deadline = EpochSeconds(reader.chain.now() + SIGNATURE_SECONDS)
    signed = []
    for point, last, member in zip(points, bound, members, strict=True):
        salt = secrets.token_bytes(SALT_BYTES)
        hashed = adhesion_hash(document, salt)
        dates = (valid_from, valid_until)
        binding = PointBinding(point.point_id, member.member_id, point.kind, *dates, hashed, last.number + 1, deadline)
        signed.append(SignedBinding(binding, sign_binding(reader, point.member, binding), salt))
    return signed


def bound_points(reader: CommunityReader, point_ids: Sequence[bytes]) -> list[BoundPoint]:
    """The last binding of each point; its number is 0 where there is none."""
    return reader.chain.calls([reader.contracts.community.call("pointOf", point_id) for point_id in point_ids])


def sign_binding(reader: CommunityReader, signer: Signer, binding: PointBinding) -> bytes:
    """The member's, or an admin's, EIP-712 signature."""
    message = {
        "pointId": binding.point_id,
        "memberId": binding.member_id,
        "kind": int(binding.kind),
        "validFrom": binding.valid_from,
        "validUntil": binding.valid_until,
        "documentHash": binding.document_hash,
        "number": binding.number,
        "deadline": binding.deadline,
    }
    return signer.sign_typed(typed_message(reader, "PointBinding", BINDING_FIELDS, message))


def bind_call(reader: CommunityReader, admin: Signer, signed: SignedBinding) -> Call:
    """Hand a binding in, to be sent by the admin, who agrees by sending it."""
    return reader.contracts.community.call("bindPoint", signed.binding, admin.address, signed.signature, b"")
