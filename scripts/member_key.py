"""`commonwatt member key MEMBER`: make a member's key, sealed to each operator, once, when the member joins.

The key salts the member's readings in every dataset. It is random, kept nowhere in the open, and written only as sealed
to the operators' public keys (`commonwatt oracle public-key NAME`); they take the file in with `commonwatt oracle
import-keys`. Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from commons.errors import MalformedInput
from scripts.surroundings import CommunityAt, Json, Network, Rpc, open_community, show, shown, wallet


def make_key(
    member: Annotated[str, typer.Argument(metavar="WALLET", help="The member's address, or its embedded name.")],
    operators: Annotated[
        list[str], typer.Option("--for", metavar="KEY", help="An operator's public key, 33 bytes in hex; repeat.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write the sealed keys; a new file.")],
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_json: Json = False,
) -> None:
    """Make a member's key, sealed to each operator. Make it once: with another key old days are proved no more."""
    from oracle.archive.key_file import encode
    from oracle.archive.keys import seal_for  # these load cryptography, which no other verb of `member` needs

    reader = open_community(network, rpc, community)
    at = wallet(member)
    member_id = require_member_id(reader.member(at).member_id, member)
    public_keys = [_public_key(text) for text in operators]
    sealed = seal_for(secrets.token_bytes(32), reader.contracts.community.address, member_id, public_keys)
    try:
        with out.open("xb") as file:
            file.write(encode(sealed))
    except OSError as error:
        raise MalformedInput(f"{out} cannot be written ({error.strerror})", remedy="Name a new file.") from error
    found = {"member_id": member_id, "operators": [key.holder.operator for key in sealed], "file": str(out)}
    show(as_json, found, lambda: [f"The key of {shown(at)} is in {out}, sealed to {len(sealed)} operators."])


def require_member_id(member_id: bytes, member: str) -> bytes:
    """Refuse a wallet that was never approved.

    Raises:
        MalformedInput: it has no member id.
    """
    if member_id == bytes(32):
        raise MalformedInput(f"{member} has no member id", remedy="Approve the member first.")
    return member_id


def _public_key(text: str) -> bytes:
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError as error:
        raise MalformedInput(f"{text!r} is no public key", remedy="See `commonwatt oracle public-key NAME`.") from error
