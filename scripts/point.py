"""`commonwatt point id|bind|sign|hand-in|end|list|key|revoke-key|keys`: whose a connection point and its meter are.

A binding is signed by the member's wallet and agreed to by a community admin. `bind` does both where both keys are at
hand; else the member signs a file (`sign`) that the admin hands in (`hand-in`). It begins now or later; the member ends
it at once, an admin with a notice of seven days (`end`). `key` says with which key a point's meter signs its readings.
What was bound or ended stays on the chain for good. Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from commons.actions import bindings, meters, points
from commons.actions.bindings import PointOfMember, SignedBinding
from commons.addresses import address
from commons.chain.sentences import show_moment
from commons.contracts import CommunityReader
from commons.errors import MalformedInput
from commons.records import OPEN_END, PointKind
from commons.slots import read_time
from commons.units import EpochSeconds
from commons.wallets import Signer, keystore_signer
from scripts.surroundings import (
    As,
    CommunityAt,
    Json,
    Keystore,
    Network,
    PasswordFile,
    Rpc,
    SignIn,
    open_community,
    show,
    shown,
    table,
    wallet,
)

app = typer.Typer(no_args_is_help=True, help="Bind connection points to members, and keys to their meters.")
ADMIN = "community-admin"
SALT_BYTES = 32

Point = Annotated[str, typer.Argument(metavar="POINT", help="The point's id: 0x and 64 hex digits.")]
Kind = Annotated[str, typer.Option("--kind", help="exchange (crosses the grid) or production (a plant behind it).")]
From = Annotated[
    str | None, typer.Option("--from", metavar="TIME", help="Start, such as 2026-12-01T00:00:00+01:00; now if none.")
]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help="End; until it is ended if not given.")]
Document = Annotated[
    Path | None, typer.Option("--document", metavar="FILE", help="What both agree on; a sentence of ours if not given.")
]


@app.command("id")
def name_point(
    pod: Annotated[str, typer.Argument(metavar="POD", help="The connection point's name, such as IT001E00000000.")],
    salt: Annotated[str | None, typer.Option("--salt", help="32 secret bytes in hex; random if not given.")] = None,
    as_json: Json = False,
) -> None:
    """Print the public id of a connection point, and the salt that keeps its name secret. Keep the salt."""
    from oracle.measurement.points import point_id  # nothing else here needs the oracle

    secret = secrets.token_bytes(SALT_BYTES) if salt is None else points.bytes32(salt, "--salt")
    found = point_id(secret, pod)
    show(as_json, {"point_id": found, "salt": secret}, lambda: [found, f"Salt, to keep: 0x{secret.hex()}"])


@app.command()
def bind(
    point: Point,
    member_as: Annotated[
        str | None, typer.Option("--member-as", metavar="NAME", help="The member, on the embedded chain.")
    ] = None,
    member_keystore: Annotated[Path | None, typer.Option("--member-keystore", help="The member's key file.")] = None,
    member_password_file: Annotated[Path | None, typer.Option("--member-password-file", help="Its password.")] = None,
    kind: Kind = "exchange",
    valid_from: From = None,
    valid_until: Until = None,
    document: Document = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Bind a point to a member, who signs; the community admin sends it, and agrees thereby."""
    reader = open_community(network, rpc, community)
    admin = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN)
    if member_keystore is not None:
        member = keystore_signer(member_keystore, member_password_file)
    else:
        member = SignIn(member_as, None, None).signer(reader.chain)
    signed = _signed(reader, member, point, kind, valid_from, valid_until, document)
    _hand_in(reader, admin, signed, None, as_json)


@app.command()
def sign(
    point: Point,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it, for an admin; a new file.")],
    kind: Kind = "exchange",
    valid_from: From = None,
    valid_until: Until = None,
    document: Document = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Sign, as the member, that a point is yours, for an admin to hand in within a week."""
    reader = open_community(network, rpc, community)
    member = SignIn(as_name, keystore, password_file).signer(reader.chain)
    signed = _signed(reader, member, point, kind, valid_from, valid_until, document)
    points.write_binding(reader, signed, out)
    show(as_json, {"file": str(out), "binding": signed.binding}, lambda: [f"{out} is signed; an admin hands it in."])


@app.command()
def hand_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What the member signed.")],
    relayer: Annotated[
        str | None,
        typer.Option("--relayer", metavar="NAME", help="Embedded account that sends it instead of the admin."),
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Agree, as a community admin, to a binding that a member has signed."""
    reader = open_community(network, rpc, community)
    admin = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN)
    signed = points.read_binding(reader, file)
    sender = SignIn(relayer, None, None).signer(reader.chain) if relayer else None
    _hand_in(reader, admin, signed, sender, as_json)


@app.command()
def end(
    point: Point,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="When it ends; as soon as may be if not given.")
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """End a point's binding: its member at once, a community admin with a notice of seven days."""
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN)
    point_id = points.bytes32(point, "POINT")
    reader.chain.send(signer, points.release_call(reader, point_id, None if at is None else read_time(at)))
    bound = bindings.bound_points(reader, [point_id])[0]
    show(as_json, bound, lambda: [f"The point is the member's until {show_moment(bound.valid_until)}."])


@app.command("list")
def list_points(
    member: Annotated[
        str | None, typer.Option("--member", metavar="WALLET", help="Only this member's: address, or embedded name.")
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_json: Json = False,
) -> None:
    """List every binding there ever was: point, member, kind, from when to when."""
    reader = open_community(network, rpc, community)
    held = points.held_points(reader, wallet(member) if member else None)
    rows = [
        (
            one.span.point_id,
            "–" if one.wallet is None else shown(one.wallet),
            one.span.kind.name.lower(),
            show_moment(one.span.valid_from),
            "until ended" if one.span.valid_until == OPEN_END else show_moment(one.span.valid_until),
        )
        for one in held
    ]
    header = ("point", "member", "kind", "from", "until")
    show(as_json, held, lambda: table(header, rows) if rows else ["No point is bound."])


# -------------------------------------------------------------------- meters' keys


@app.command("key")
def register_key(
    point: Point,
    key: Annotated[str, typer.Argument(metavar="ADDRESS", help="Address of the meter's secp256k1 key.")],
    valid_from: From = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Register the key with which a point's meter signs; it takes the present one's place. Community admin only."""
    reader = open_community(network, rpc, community)
    admin = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN)
    point_id = points.bytes32(point, "POINT")
    start = None if valid_from is None else read_time(valid_from)
    reader.chain.send(admin, meters.register_key_call(reader, point_id, address(key), start))
    found = meters.key_of(reader, point_id)
    assert found is not None, "it was registered"
    since = show_moment(found.registered.valid_from)
    show(as_json, found, lambda: [f"The point's meter signs as {shown(found.key)} from {since} on."])


@app.command()
def revoke_key(
    key: Annotated[str, typer.Argument(metavar="ADDRESS", help="Address of the meter's key.")],
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """End a meter's key at once; readings signed with it afterwards count no more. Community admin only."""
    reader = open_community(network, rpc, community)
    admin = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN)
    reader.chain.send(admin, meters.revoke_key_call(reader, address(key)))
    show(as_json, {"key": address(key)}, lambda: [f"{shown(address(key))} is no meter's key any more."])


@app.command("keys")
def list_keys(network: Network = None, rpc: Rpc = None, community: CommunityAt = None, as_json: Json = False) -> None:
    """List every meter's key that was ever registered."""
    found = meters.keys_ever(open_community(network, rpc, community))
    rows = [
        (
            "0x" + one.registered.point_id.hex(),
            shown(one.key),
            show_moment(one.registered.valid_from),
            "until ended" if one.registered.valid_until == OPEN_END else show_moment(one.registered.valid_until),
        )
        for one in found
    ]
    show(as_json, found, lambda: table(("point", "key", "from", "until"), rows) if rows else ["No key is registered."])


# -------------------------------------------------------------------- what the verbs share


def _signed(
    reader: CommunityReader,
    member: Signer,
    point: str,
    kind: str,
    valid_from: str | None,
    valid_until: str | None,
    document: Path | None,
) -> SignedBinding:
    start = bindings.FROM_NOW if valid_from is None else read_time(valid_from)
    until = OPEN_END if valid_until is None else read_time(valid_until)
    text = bindings.DOCUMENT if document is None else _document(document)
    wanted = PointOfMember(points.bytes32(point, "POINT"), _kind(kind), member)
    return bindings.bindings_for(reader, [wanted], start, EpochSeconds(until), text)[0]


def _hand_in(
    reader: CommunityReader, admin: Signer, signed: SignedBinding, sender: Signer | None, as_json: bool
) -> None:
    if sender is None:
        reader.chain.send(admin, bindings.bind_call(reader, admin, signed))
    else:
        reader.chain.send(sender, points.relayed_call(reader, admin, signed))
    bound = bindings.bound_points(reader, [signed.binding.point_id])[0]
    lines = [
        f"The point is the member's from {show_moment(bound.valid_from)} on (binding {bound.number}, "
        f"{bound.kind.name.lower()}).",
        f"Salt of the document, to keep: 0x{signed.salt.hex()}",
    ]
    show(as_json, {"bound": bound, "salt": signed.salt}, lambda: lines)


def _kind(text: str) -> PointKind:
    if text not in points.KINDS:
        raise MalformedInput(f"--kind {text!r} is unknown", remedy=f"Choose {' or '.join(points.KINDS)}.")
    return points.KINDS[text]


def _document(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise MalformedInput(f"{file} cannot be read ({error.strerror})", remedy="Check its name.") from error
