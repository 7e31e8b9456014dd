"""`commonwatt member …`: who belongs to a community.

`apply` signs an application with the member's wallet and hands it in; whoever relays pays nothing either. The admin
approves, refuses, suspends, reinstates and removes; `replace-wallet` moves the membership of a lost wallet to a new
one at once, its money after the community's delay, in which `veto` takes it back: see `scripts/lost_wallet.py`; `erase`
deletes everything about a member at one operator. Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

from pathlib import Path
from typing import Annotated

import typer

from commons.actions import community as communities
from commons.addresses import ZERO_ADDRESS, Address
from commons.contracts import CommunityReader
from commons.errors import MalformedInput, UnknownMember
from commons.records import EnergyProfile, MemberKind, MemberStatus
from commons.wallets import Signer, keystore_signer
from scripts.erasure import erase_member
from scripts.lost_wallet import add_lost_wallet_verbs
from scripts.member_key import make_key
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

app = typer.Typer(no_args_is_help=True, help="Apply, approve, list, suspend, replace: the members of a community.")
Wallet = Annotated[
    str, typer.Argument(metavar="WALLET", help="The member's address, or its name on the embedded chain.")
]
ADMIN = "community-admin"


@app.command()
def apply(
    kind: Annotated[str, typer.Option("--kind", help="citizen or stakeholder.")] = "citizen",
    profile: Annotated[str, typer.Option("--profile", help="consumer, prosumer or prostormer.")] = "consumer",
    adhesion: Annotated[
        Path | None, typer.Option("--adhesion", help="The adhesion contract's file; the demo's own text if not given.")
    ] = None,
    recovery_key: Annotated[
        str | None, typer.Option("--recovery-key", metavar="ADDRESS", help="Who else may veto a replaced wallet.")
    ] = None,
    relayer: Annotated[
        str | None, typer.Option("--relayer", metavar="NAME", help="Embedded account that hands the application in.")
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Sign an application and hand it in. Keep the salt that is printed: with it you prove what you signed."""
    kinds, profiles = _choices(MemberKind, 1), _choices(EnergyProfile, 0)
    wanted = MemberKind(_choice(kind, kinds, "--kind")), EnergyProfile(_choice(profile, profiles, "--profile"))
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    document = communities.ADHESION if adhesion is None else _document(adhesion)
    recovery = wallet(recovery_key) if recovery_key else ZERO_ADDRESS
    signed = communities.application_for(reader, signer, *wanted, document, recovery)
    sender = SignIn(relayer, None, None).signer(reader.chain) if relayer else signer
    reader.chain.send(sender, communities.register_call(reader.contracts, signed))
    found = {"applicant": signer.address, "adhesion_hash": signed.application.adhesion_hash, "salt": signed.salt}
    show(
        as_json,
        found,
        lambda: [
            f"{shown(signer.address)} has applied to {reader.name}; an admin approves.",
            f"Salt of the adhesion, to keep: 0x{signed.salt.hex()}",
        ],
    )


@app.command()
def approve(
    applicant: Wallet,
    member_id: Annotated[
        str | None, typer.Option("--member-id", help="Salted hash of the person, 32 bytes; random for somebody new.")
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Approve an application. Community admin only."""
    reader = open_community(network, rpc, community)
    admin = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN)
    at = wallet(applicant)
    granted = communities.approve(reader, admin, at, _hash(member_id) if member_id else None)
    show(as_json, {"wallet": at, "member_id": granted}, lambda: [f"{shown(at)} is a member of {reader.name}."])


@app.command("list")
def list_members(
    network: Network = None, rpc: Rpc = None, community: CommunityAt = None, as_json: Json = False
) -> None:
    """List everybody who ever applied, with status, kind and profile."""
    entries = communities.member_list(open_community(network, rpc, community))
    rows = [
        (shown(e.wallet), *(name.name.lower() for name in (e.member.status, e.member.kind, e.member.profile)))
        for e in entries
    ]
    header = ("wallet", "status", "kind", "profile")
    show(as_json, entries, lambda: table(header, rows) if rows else ["Nobody has applied yet."])


def _admin_verb(name: str, function: str, done: str, help_text: str) -> None:
    """Add a verb by which the admin changes a member's status."""

    def verb(
        member: Wallet,
        network: Network = None,
        rpc: Rpc = None,
        community: CommunityAt = None,
        as_name: As = None,
        keystore: Keystore = None,
        password_file: PasswordFile = None,
        as_json: Json = False,
    ) -> None:
        reader = open_community(network, rpc, community)
        at = wallet(member)
        require_known(reader, at)
        signer = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN)
        reader.chain.send(signer, reader.contracts.community.call(function, at))
        found = {"wallet": at, "status": reader.member(at).status}
        show(as_json, found, lambda: [f"{shown(at)} {done}."])

    app.command(name, help=help_text)(verb)


_admin_verb("refuse", "refuseMember", "was refused", "Refuse an application. Community admin only.")
_admin_verb(
    "suspend",
    "suspendMember",
    "is suspended: no new commitments and token payments; the way to money stays open",
    "Suspend a member. Community admin only.",
)
_admin_verb("reinstate", "reinstateMember", "is active again", "End a suspension. Community admin only.")
_admin_verb("remove", "removeMember", "is no member any more", "Remove a member. Community admin only.")


@app.command()
def leave(
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Leave the community; what is in escrow can still be withdrawn."""
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    reader.chain.send(signer, reader.contracts.community.call("leave"))
    show(as_json, {"wallet": signer.address, "status": MemberStatus.LEFT}, lambda: [f"{signer.name} has left."])


@app.command("replace-wallet")
def replace_wallet(
    old: Wallet,
    new_as: Annotated[str | None, typer.Option("--new-as", metavar="NAME", help="New wallet, embedded chain.")] = None,
    new_keystore: Annotated[Path | None, typer.Option("--new-keystore", help="New wallet's key file.")] = None,
    new_password_file: Annotated[Path | None, typer.Option("--new-password-file", help="Holds its password.")] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Move the membership of a lost wallet to a new one, which signs too. Community admin only."""
    reader = open_community(network, rpc, community)
    admin = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN)
    old_at = wallet(old)
    require_known(reader, old_at)
    new = _new_wallet(reader, new_as, new_keystore, new_password_file)
    communities.replace_wallet(reader, admin, old_at, new)
    moved = reader.chain.call(reader.contracts.community.call("replacementOf", old_at))
    from commons.chain.sentences import show_moment

    show(
        as_json,
        {"old": old_at, "replacement": moved},
        lambda: [f"{shown(new.address)} is the member now; money may follow from {show_moment(moved.moves_at)}."],
    )


@app.command()
def veto(
    old: Wallet,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Take the replacement of a wallet back within its delay. The old wallet or its recovery key only."""
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    at = wallet(old)
    reader.chain.send(signer, reader.contracts.community.call("vetoReplacement", at))
    show(as_json, {"wallet": at, "status": reader.member(at).status}, lambda: [f"{shown(at)} is the member again."])


add_lost_wallet_verbs(app)
app.command("erase")(erase_member)
app.command("key")(make_key)


def require_known(reader: CommunityReader, at: Address) -> None:
    """Refuse a wallet that never applied.

    Raises:
        UnknownMember: it did not.
    """
    if reader.member(at).status == MemberStatus.NONE:
        raise UnknownMember(
            f"{shown(at)} is no member of {reader.name}", which=at, remedy="See `commonwatt member list`."
        )


def _new_wallet(reader: CommunityReader, name: str | None, keystore: Path | None, password_file: Path | None) -> Signer:
    if keystore is not None:
        return keystore_signer(keystore, password_file)
    if name is None:
        raise MalformedInput("no new wallet is named", remedy="Give --new-as NAME or --new-keystore FILE.")
    return SignIn(name, None, None).signer(reader.chain)


def _choices(kinds: type[MemberKind] | type[EnergyProfile], first: int) -> dict[str, int]:
    return {kind.name.lower(): int(kind) for kind in kinds if kind >= first}


def _choice(text: str, choices: dict[str, int], option: str) -> int:
    if text not in choices:
        raise MalformedInput(f"{option} {text!r} is unknown", remedy=f"Choose {' or '.join(choices)}.")
    return choices[text]


def _hash(text: str) -> bytes:
    try:
        found = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        found = b""
    if len(found) != 32:
        raise MalformedInput(f"{text!r} is not 32 bytes in hexadecimal", remedy="Write 0x and 64 digits.")
    return found


def _document(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise MalformedInput(f"{file} cannot be read ({error.strerror})", remedy="Check its name.") from error
