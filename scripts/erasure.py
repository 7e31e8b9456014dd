"""`commonwatt member erase MEMBER`: delete everything about a member at one operator. It cannot be undone.

Deletes name, contact, meters, readings, anomalies, derived series, frozen readings, the member's key, and what journal
and logs say of them; where this installation serves the API, the adhesion documents with their salts, and the sign-ins;
and, with `--broker`, what the MQTT broker has of them;
then writes the databases anew. Of frozen days the salted hashes stay, so that everybody else's proofs hold. None of
those must be running. Killed at any moment, it is repeated. Settings: `COMMONWATT_NETWORK`,
`COMMONWATT_RPC_URL`, `COMMONWATT_VAR_DIR`, `COMMONWATT_API_DATABASE`.
"""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commons.addresses import Address
from commons.contracts import CommunityReader
from commons.errors import UnknownMember
from commons.roster import RosterReader
from commons.settings import settings
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
    from scripts.oracle import Desk

_MEMBER_ID = re.compile(r"0x[0-9a-fA-F]{64}")

STAYS = (
    "What stays: on the chain, for good, the wallet with its orders, fills, counted energy and payments, as the "
    "adhesion says, and roots and salted ids that no reading can be linked to any more; and bundles that the member "
    "handed out.",
    "What you must see to: erase at every operator; let backups made before now, and the write-ahead log of a "
    "PostgreSQL server, expire; name the MQTT broker's folder (--broker); delete files of readings that partners sent.",
)


def erase_member(
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="Wallet, member id, or name on the embedded chain.")],
    name: Annotated[str, typer.Option("--operator", metavar="NAME", help="The operator.")] = "operator-1",
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="FOLDER", help="Another folder than var/operators/NAME.")
    ] = None,
    broker: Annotated[
        Path | None, typer.Option("--broker", metavar="DIR", help="The MQTT broker's folder, where there is one.")
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Delete everything about a member at one operator, its API and broker, all stopped. It cannot be undone."""
    from oracle.intake.mqtt.erasure import require_stopped  # these load what no other verb of `member` needs
    from scripts.oracle import at_desk

    if broker is not None:
        require_stopped(broker)
    with at_desk(name, folder, network, rpc, community, SignIn(None, keystore, password_file)) as desk:
        names = ever_known_as(desk.reader, member)
        if not yes:
            confirm(
                [
                    f"Everything about {names[0]} in {desk.folder}, and with the API of {settings().var_dir}, is "
                    "deleted for good.",
                    "Readings of sessions that are not settled yet will count as missing.",
                ],
                yes,
            )
        erased = _erased(desk, names, broker)
    show(as_json, erased, lambda: lines(names[0], name, erased))


def _erased(desk: "Desk", names: Sequence[str], broker: Path | None) -> "Erased":
    """What was erased of a person; last in the operator's database, which alone knows all their wallets and flows."""
    from oracle.archive.erasure import Erased, erase, subject_of
    from oracle.archive.keys import KeyBook
    from oracle.intake.mqtt.erasure import erase_at_broker
    from oracle.operator import operator_database

    engine = operator_database(desk.folder)
    try:
        subject = subject_of(engine, names)
        if broker is not None and subject.is_known:
            erase_at_broker(broker, engine, subject.flows)
        handed_in = _erased_at_api(subject.names)
        keys = KeyBook(engine, desk.reader.contracts.community.address, desk.signer).opened()
        logs = (settings().var_dir, settings().var_dir / "api")
        try:
            erased = erase(engine, desk.folder, names, keys, lambda: int(time.time()), logs)
        except UnknownMember:
            if not handed_in:
                raise
            erased = Erased()
    finally:
        engine.dispose()
    return replace(erased, rows={**erased.rows, **handed_in})


def _erased_at_api(names: Sequence[str]) -> Mapping[str, int]:
    """What was erased of a person in the API's database and documents; nothing where no API was ever served."""
    from api.erasure import erase
    from scripts.serving import documents_of, kept_store

    engine = kept_store(settings())
    if engine is None:
        return {}
    try:
        return erase(engine, documents_of(settings()), names)
    finally:
        engine.dispose()


def ever_known_as(reader: CommunityReader, member: str) -> list[str]:
    """The wallet or member id as typed; the member id that the chain has for it; every wallet that this ever had."""
    names, roster = known_as(reader, member), RosterReader(reader).now()
    ids = {bytes.fromhex(one.removeprefix("0x")) for one in names if _MEMBER_ID.fullmatch(one)}
    ids |= {found for one in names if (found := roster.member_of(Address(one))) is not None}
    more = [name for one in sorted(ids) for name in ("0x" + one.hex(), *roster.wallets(one))]
    return list(dict.fromkeys([*names, *more]))


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
