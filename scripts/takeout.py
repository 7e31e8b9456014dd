"""`commonwatt takeout MEMBER --from DAY --to DAY --out FILE`: a member's own readings, with what proves them.

The file has a line for each local day: readings, salts, proofs, the notarised root and its transaction. Whoever gets it
checks it with `commonwatt audit bundle FILE`, without any server. It shows nobody else's readings, and not the member's
key. The file is written for its owner alone; whoever is handed it keeps it, erasure or not. Settings:
`COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`, `COMMONWATT_VAR_DIR`.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from commons.errors import InputError, MalformedInput
from commons.slots import read_day
from oracle.evidence.bundle import encode
from oracle.notarisation.takeout import bundles_of
from oracle.operator import build_notariser, operator_database
from oracle.publication.reading import Places
from scripts.erasure import member_id_of
from scripts.oracle import Folder, open_desk, published_store
from scripts.surroundings import CommunityAt, Json, Keystore, Network, PasswordFile, Rpc, SignIn, show

_MOST_DAYS = 400


def run(
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="Wallet, member id, or name on the embedded chain.")],
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="First local day, such as 2026-06-01.")],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Last local day, itself included.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write; a new file.")],
    name: Annotated[str, typer.Option("--operator", metavar="NAME", help="The operator.")] = "operator-1",
    folder: Folder = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Write a member's readings of some days, each proved against the root that the chain has."""
    begin, end = read_day(first), read_day(last)
    count = (end - begin).days + 1
    if not 1 <= count <= _MOST_DAYS:
        raise InputError(f"{begin} to {end} are {count} days", remedy=f"Take out 1 to {_MOST_DAYS} at once.")
    desk = open_desk(name, folder, network, rpc, community, SignIn(None, keystore, password_file))
    published = published_store(None)
    engine = operator_database(desk.folder)
    notariser = build_notariser(desk.reader, desk.signer, engine, published, Places((published,)))
    days = [begin + timedelta(days=number) for number in range(count)]
    found = list(bundles_of(notariser, member_id_of(desk.reader, member), days))
    if not found:
        raise InputError(f"{member} had no point on these days", remedy="Check the member and the days.")
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(b"\n".join(encode(bundle) for bundle in found))
    except OSError as error:
        raise MalformedInput(f"{out} cannot be written ({error.strerror})", remedy="Name a new file.") from error
    readings = sum(len(bundle.readings) for bundle in found)
    told = {"file": str(out), "days": [bundle.dataset.day for bundle in found], "readings": readings}
    said = f"{readings} readings of {len(found)} days are in {out}. They tell habits: keep the file safe."
    show(as_json, told, lambda: [said])
