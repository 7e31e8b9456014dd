"""`commonwatt member erase MEMBER`: delete everything about a member at one operator. It cannot be undone.

Deletes name, contact, meters, readings, anomalies, derived series, frozen readings, the member's key, and what journal
and logs say of them; then writes the database anew. Of frozen days the salted hashes stay, so that everybody else's
proofs hold. The operator must not be running. Settings: `COMMONWATT_NETWORK`,
`COMMONWATT_RPC_URL`, `COMMONWATT_VAR_DIR`.
"""

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commons.contracts import CommunityReader
from commons.errors import UnknownMember
from scripts.surroundings import (
    CommunityAt,
    Json,
    Keystore,
    Network,
    PasswordFile,
    Rpc,
    SignIn,
    Yes,
    confirm,
    show,
    wallet,
)

if TYPE_CHECKING:
    from oracle.archive.erasure import Erased

_MEMBER_ID = re.compile(r"0x[0-9a-fA-F]{64}")

STAYS = (
    "What stays: on the chain, for good, the wallet with its orders, fills, counted energy and payments, as the "
    "adhesion says, and roots and salted ids that no reading can be linked to any more; and bundles that the member "
    "handed out.",
    "What you must see to: erase at every operator; let backups made before now, and the write-ahead log of a "
    "PostgreSQL server, expire; delete files of readings that partners sent.",
)


def erase_member(
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="Wallet, member id, or name on the embedded chain.")],
    name: Annotated[str, typer.Option("--operator", metavar="NAME", help="The operator.")] = "operator-1",
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="FOLDER", help="Another folder than var/operators/NAME.")
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Delete everything about a member at one operator, which must not be running. It cannot be undone."""
    from oracle.archive.erasure import erase  # these load the database, which no other verb of `member` needs
    from oracle.archive.keys import KeyBook
    from oracle.operator import operator_database
    from scripts.oracle import at_desk

    with at_desk(name, folder, network, rpc, community, SignIn(None, keystore, password_file)) as desk:
        names = known_as(desk.reader, member)
        if not yes:
            confirm(
                [
                    f"Everything about {names[0]} in {desk.folder} is deleted for good.",
                    "Readings of sessions that are not settled yet will count as missing.",
                ],
                yes,
            )
        engine = operator_database(desk.folder)
        try:
            keys = KeyBook(engine, desk.reader.contracts.community.address, desk.signer).opened()
            erased = erase(engine, desk.folder, names, keys, lambda: int(time.time()))
        finally:
            engine.dispose()
    show(as_json, erased, lambda: lines(names[0], name, erased))


def known_as(reader: CommunityReader, member: str) -> list[str]:
    """The wallet or member id as typed, and the member id that the chain has for a wallet."""
    if _MEMBER_ID.fullmatch(member):
        return [member.lower()]
    at = wallet(member)
    member_id = reader.member(at).member_id
    return [at] if member_id == bytes(32) else [at, "0x" + member_id.hex()]


def member_id_of(reader: CommunityReader, member: str) -> bytes:
    """The member id of a wallet, or the one typed.

    Raises:
        UnknownMember: the wallet has none.
    """
    name = known_as(reader, member)[-1]
    if not _MEMBER_ID.fullmatch(name):
        raise UnknownMember(f"{member} has no member id", which=name, remedy="See `commonwatt member list`.")
    return bytes.fromhex(name.removeprefix("0x"))


def lines(member: str, operator: str, erased: "Erased") -> list[str]:
    """What was done, what stays, and what else there is to do."""
    counts = ", ".join(f"{count} of {table}" for table, count in erased.rows.items())
    told = [f"{member} is erased at {operator}: {counts or 'nothing was left but to clean up'}."]
    if erased.log_lines:
        told.append(f"{erased.log_lines} lines of its log named the member, and are gone.")
    if erased.days_without_proofs:
        told.append(
            f"The member's key was not here: of {erased.days_without_proofs} frozen days this operator can make no "
            "more proofs for others. Other operators can."
        )
    return [*told, *STAYS]
