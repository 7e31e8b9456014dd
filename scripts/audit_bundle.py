"""`commonwatt audit bundle FILE`: check a member's readings without trusting whoever handed them over.

Every reading must lead to its day's root, none may be left out, and the root must be the notarised one on the chain,
posted in the transaction named, for points that were bound on that day. Nothing else is asked than the chain. Exit
code 0: all is right; 1: something differs; 2: the check cannot be done. Settings: `COMMONWATT_NETWORK`,
`COMMONWATT_RPC_URL`.
"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from commons.contracts import CommunityReader
from commons.errors import AuditMismatch, CommonwattError, MalformedInput
from commons.slots import day_number
from oracle.evidence.bundle import Bundle, decode, verify_bundle
from oracle.notarisation.points import bindings_on
from oracle.notarisation.takeout import notarised_root
from scripts.surroundings import Json, Network, Rpc, open_community
from scripts.verdicts import DIFFERS, NOT_DONE

_LARGEST = 1 << 28


def audit_bundle(
    file: Annotated[Path, typer.Argument(help="What `commonwatt takeout` wrote: a day a line.")],
    rpc: Rpc = None,
    network: Network = None,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Only check that the readings lead to the root that the file itself names."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Check readings that a member handed over, against the chain alone."""
    told: list[dict[str, Any]] = []
    verdict, code = "right", 0
    try:
        for number, line in enumerate(_lines(file), start=1):
            told.append(check(decode(line, f"line {number} of {file}"), None if offline else (network, rpc)))
    except AuditMismatch as error:
        verdict, code = "differs", DIFFERS
        typer.echo(f"commonwatt: {error.message}", err=True)
    except CommonwattError as error:
        verdict, code = "not done", NOT_DONE
        typer.echo(f"commonwatt: the check cannot be done: {error.message}", err=True)
    if as_json:
        typer.echo(json.dumps({"verdict": verdict, "days": told}, indent=1))
    else:
        typer.echo("\n".join(_told(day) for day in told))
    if code:
        raise typer.Exit(code)


def check(bundle: Bundle, where: tuple[str | None, str | None] | None) -> dict[str, Any]:
    """Check a bundle, offline and, at the network and RPC given, against the chain; what it proves.

    Raises:
        AuditMismatch: something does not hold. NotFound, ChainError: it cannot be checked.
    """
    verify_bundle(bundle)
    found: dict[str, Any] = {
        "day": bundle.dataset.day.isoformat(),
        "version": bundle.dataset.version,
        "community": bundle.dataset.community,
        "root": "0x" + bundle.root.hex(),
        "points": list(dict.fromkeys(reading.point_id for reading in bundle.readings)),
        "readings": len(bundle.readings),
        "withdrawn_wh": sum(reading.withdrawn_wh for reading in bundle.readings),
        "injected_wh": sum(reading.injected_wh for reading in bundle.readings),
        "is_on_chain": where is not None,
    }
    if where is None:
        return found
    reader = open_community(*where, bundle.dataset.community)
    verify_bundle(bundle, notarised_root(reader, bundle.dataset.day, bundle.dataset.version))
    require_posted(reader, bundle)
    return {**found, "member_ids": member_ids(reader, bundle, found["points"])}


def require_posted(reader: CommunityReader, bundle: Bundle) -> None:
    """The transaction that the bundle names posted its root.

    Raises:
        AuditMismatch: it did not.
    """
    if bundle.transaction is None:
        return
    receipt = reader.chain.receipt("0x" + bundle.transaction.hex())
    dataset = bundle.dataset
    wanted = (day_number(dataset.day), dataset.version, bundle.root)
    events = [] if receipt is None else receipt.events
    posted = [e.args for e in events if e.name == "DatasetPosted" and e.address == reader.contracts.notary.address]
    if wanted not in [(args["day"], args["version"], args["dataset"].root) for args in posted]:
        raise AuditMismatch(
            f"transaction 0x{bundle.transaction.hex()} did not post the root of {dataset.day}",
            remedy="The root is notarised, but not by this transaction: ask for another bundle.",
        )


def member_ids(reader: CommunityReader, bundle: Bundle, points: list[str]) -> list[str]:
    """Whose the points were on that day, by their bindings.

    Raises:
        AuditMismatch: one was nobody's.
    """
    bindings = bindings_on(reader, bundle.dataset.day, points)
    for point in points:
        if point not in bindings:
            raise AuditMismatch(
                f"the point was bound to nobody on {bundle.dataset.day}",
                which=point,
                remedy="Its readings are notarised, but say nothing about a member.",
            )
    return sorted({"0x" + bindings[point].member_id.hex() for point in points})


def _lines(file: Path) -> list[bytes]:
    try:
        if file.stat().st_size > _LARGEST:
            raise MalformedInput(f"{file} is larger than any take-out", remedy="Check which file was meant.")
        return file.read_bytes().split(b"\n")
    except OSError as error:
        raise MalformedInput(f"{file} cannot be read ({error.strerror})", remedy="Check its name.") from error


def _told(day: dict[str, Any]) -> str:
    root = "is notarised on the chain" if day["is_on_chain"] else "is the file's own; the chain was not asked"
    return (
        f"✓ {day['day']}, version {day['version']}: {day['readings']} readings of {len(day['points'])} points lead to "
        f"root {day['root']}, which {root}"
    )
