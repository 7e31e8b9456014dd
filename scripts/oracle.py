"""`commonwatt oracle run|step|show|import-points|import-readings|bond|unbond`: the service of an oracle operator.

An operator works from a folder of its own (`var/operators/NAME`: journal, readings, lock) with its own key: on the
embedded chain the account of its name, elsewhere an encrypted key file. `run` and `step` send transactions: they post
and attest outcomes and settlements, pay, release and cancel. What was sent cannot be undone; a process killed at any
moment is simply started again. Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`, `COMMONWATT_VAR_DIR`.
"""

import json
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from commons.actions.funds import pay_bond, unbond
from commons.chain.sentences import show_moment
from commons.contracts import CommunityReader
from commons.errors import MalformedInput
from commons.ipfs import IpfsPusher, PushingStore
from commons.settings import settings
from commons.store import FolderStore, reader_at
from commons.units import show_eur
from commons.wallets import Signer
from oracle.archive import key_file
from oracle.archive.keys import KeyBook
from oracle.journal import Journal
from oracle.lock import folder_lock
from oracle.measurement.points_file import read_points_file
from oracle.measurement.store import ReadingStore
from oracle.operator import Market, build_pipeline, operator_database
from oracle.options import BATCH_SIZE, STAGGER_BLOCKS, Options
from oracle.pipeline import Pipeline
from oracle.report import DayReport, IncentiveReport, Key, PassReport, Report, RewardReport, SessionReport
from oracle.service import Service, changed
from oracle.session.types import MarketId
from scripts.oracle_votes import withdraw_vote
from scripts.surroundings import (
    CommunityAt,
    Json,
    Keystore,
    Network,
    PasswordFile,
    Rpc,
    SignIn,
    connect,
    euros,
    freeze_s,
    jsonable,
    open_community,
    show,
)

FAILED = 1

app = typer.Typer(no_args_is_help=True, help="Run an oracle operator: clear, attest, settle and pay sessions.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The operator's name: its folder, and its embedded account.")]
Folder = Annotated[
    Path | None, typer.Option("--folder", metavar="FOLDER", help="Another folder than var/operators/NAME.")
]
PublishedIn = Annotated[
    Path | None, typer.Option("--published", metavar="FOLDER", help="Where to publish; var/published if none.")
]
Data = Annotated[
    list[str] | None,
    typer.Option("--data", metavar="URL|FOLDER", help="Where else to look for others' datasets; repeat."),
]
Grace = Annotated[
    int | None,
    typer.Option("--grace", metavar="SECONDS", min=0, help="How long after delivery missing readings are waited for."),
]
Freeze = Annotated[
    int | None,
    typer.Option("--freeze", metavar="SECONDS", min=0, help="How long after its end a local day freezes; as settings."),
]
Batch = Annotated[int, typer.Option("--batch", min=1, max=200, help="Leaves executed in one transaction.")]


@dataclass(frozen=True)
class Desk:
    """Where an operator works, and for which community."""

    folder: Path
    reader: CommunityReader
    signer: Signer


@app.command()
def run(
    name: Name = "operator-1",
    folder: Folder = None,
    published: PublishedIn = None,
    data: Data = None,
    grace: Grace = None,
    freeze: Freeze = None,
    batch: Batch = BATCH_SIZE,
    stagger: Annotated[
        int, typer.Option("--stagger", min=0, help="Blocks between operators' turns for what is done once.")
    ] = STAGGER_BLOCKS,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Watch the chain and take every open session through clearing, attestation, settlement and payment."""
    options = Options(batch, stagger, grace, freeze_s(freeze))
    with at_desk(name, folder, network, rpc, community, SignIn(None, keystore, password_file)) as desk:
        pipeline = build(desk, published, data or [], options)
        seen: dict[Key, Report] = {}
        service = Service(pipeline, say, lambda report: tell(report, changed(seen, report), as_json))
        stop_on_signals(service)
        say(f"{desk.signer.name} ({desk.signer.address}) works in {desk.folder}; Ctrl-C ends it after the pass.")
        service.run()


@app.command()
def step(
    name: Name = "operator-1",
    folder: Folder = None,
    published: PublishedIn = None,
    data: Data = None,
    grace: Grace = None,
    freeze: Freeze = None,
    batch: Batch = BATCH_SIZE,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """One pass over all open sessions, whoever's turn it is, then exit; exit code 1 if a session failed."""
    with at_desk(name, folder, network, rpc, community, SignIn(None, keystore, password_file)) as desk:
        report = build(desk, published, data or [], Options(batch, 0, grace, freeze_s(freeze))).step()
    tell(report, report.all, as_json)
    if not as_json and not report.all:
        typer.echo(f"No session is open at {show_moment(report.time)}.")
    if report.has_failed:
        raise typer.Exit(FAILED)


@app.command("show")
def show_operator(
    name: Name = "operator-1",
    folder: Folder = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Show the operator's bond, how its sessions stand, and where others' answers differ from its own."""
    desk = open_desk(name, folder, network, rpc, community, SignIn(None, keystore, password_file))
    market = MarketId(desk.reader.chain.chain_id, desk.reader.contracts.marketplace.address)
    journal = Journal(operator_database(desk.folder), desk.signer.address, market)
    bond = desk.reader.bond(desk.signer.address)
    notes, findings = journal.notes(), journal.findings()
    found = {
        "operator": desk.signer.address,
        "bond": bond,
        "sessions": [note.model_dump() for note in notes],
        "findings": [finding.model_dump() for finding in findings],
        "open_transactions": [row.tx_hash for row in journal.open_sendings()],
    }
    told = [f"{desk.signer.name} ({desk.signer.address}): bond {show_eur(bond.amount)}, {bond.stakes} votes at stake"]
    told += [f"session {note.session_id}: {note.stands}" for note in notes]
    told += [f"! {f'session {f.session_id}: ' if f.session_id else ''}{f.text}" for f in findings]
    show(as_json, found, lambda: told)


@app.command()
def import_points(
    file: Annotated[Path, typer.Argument(help="CSV: point_id,wallet,kind.")],
    name: Annotated[str, typer.Option("--operator", metavar="NAME", help="The operator.")] = "operator-1",
    folder: Folder = None,
) -> None:
    """Register connection points and whose they are with an operator. Again is harmless."""
    points = read_points_file(file)
    ReadingStore(operator_database(folder_of(name, folder))).add_points(points)
    typer.echo(f"{len(points)} points are registered with {name}.")


@app.command()
def import_readings(
    file: Annotated[
        Path, typer.Argument(help="CSV: point_id,start,seconds,withdrawn_wh,injected_wh,quality; whole Wh.")
    ],
    name: Annotated[str, typer.Option("--operator", metavar="NAME", help="The operator.")] = "operator-1",
    folder: Folder = None,
    as_json: Json = False,
) -> None:
    """Put readings into an operator's own store, all of the file or none; readings it has already are passed over."""
    from oracle.measurement.files import read_readings_file  # pandas is slow to load, and no other verb needs it

    batch = read_readings_file(file)
    added = ReadingStore(operator_database(folder_of(name, folder))).insert(batch)
    told = f"{added} of {len(batch)} readings of {len(batch.point_ids)} points are new to {name}, and are kept."
    show(as_json, {"readings": len(batch), "added": added, "points": len(batch.point_ids)}, lambda: [told])


@app.command()
def public_key(
    name: Name = "operator-1",
    network: Network = None,
    rpc: Rpc = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Print the operator's public key, to which members' keys are sealed."""
    _, chain = connect(network, rpc)
    signer = SignIn(None, keystore, password_file).signer(chain, None if keystore else name)
    show(
        as_json, {"operator": signer.address, "public_key": signer.public_key}, lambda: ["0x" + signer.public_key.hex()]
    )


@app.command()
def import_keys(
    file: Annotated[Path, typer.Argument(help="Members' keys, as `commonwatt member key` wrote them.")],
    name: Annotated[str, typer.Option("--operator", metavar="NAME", help="The operator.")] = "operator-1",
    folder: Folder = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Take in members' keys that are sealed to this operator. Again is harmless."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise MalformedInput(f"{file} cannot be read ({error.strerror})", remedy="Check its name.") from error
    desk = open_desk(name, folder, network, rpc, community, SignIn(None, keystore, password_file))
    book = KeyBook(operator_database(desk.folder), desk.reader.contracts.community.address, desk.signer)
    added = book.keep(key_file.decode(raw, str(file)))
    show(as_json, {"added": added}, lambda: [f"{added} members' keys are new to {name}, and are kept sealed."])


@app.command()
def bond(
    amount: Annotated[str, typer.Argument(metavar="EURO", help="How much settlement euro to add, such as 100.")],
    name: Annotated[str, typer.Option("--operator", metavar="NAME", help="The operator.")] = "operator-1",
    folder: Folder = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Add to the operator's bond, which stands behind its votes; after a bond was lost, this lets it vote again."""
    with at_desk(name, folder, network, rpc, community, SignIn(None, keystore, password_file)) as desk:
        now = pay_bond(desk.reader, desk.signer, euros(amount))
    show(as_json, {"operator": desk.signer.address, "bond": now}, lambda: [f"The bond is {show_eur(now.amount)}."])


@app.command("unbond")
def take_back(
    amount: Annotated[
        str | None, typer.Argument(metavar="EURO", help="How much to take back; the whole bond if not given.")
    ] = None,
    name: Annotated[str, typer.Option("--operator", metavar="NAME", help="The operator.")] = "operator-1",
    folder: Folder = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """End the stakes of votes that can no longer be lost, and take bond back; refused while a stake is open."""
    with at_desk(name, folder, network, rpc, community, SignIn(None, keystore, password_file)) as desk:
        now = unbond(desk.reader, desk.signer, None if amount is None else euros(amount))
    show(as_json, {"operator": desk.signer.address, "bond": now}, lambda: [f"The bond is {show_eur(now.amount)}."])


app.command("withdraw-vote")(withdraw_vote)


# -------------------------------------------------------------------- what the verbs share


def folder_of(name: str, folder: Path | None) -> Path:
    """The operator's folder."""
    return folder or settings().var_dir / "operators" / name


def open_desk(
    name: str, folder: Path | None, network: str | None, rpc: str | None, community: str | None, sign_in: SignIn
) -> Desk:
    """The operator's place of work."""
    reader = open_community(network, rpc, community)
    return Desk(folder_of(name, folder), reader, sign_in.signer(reader.chain, name if not sign_in.keystore else None))


@contextmanager
def at_desk(
    name: str, folder: Path | None, network: str | None, rpc: str | None, community: str | None, sign_in: SignIn
) -> Iterator[Desk]:
    """The operator's place of work, held for this process alone.

    Raises:
        SettingsError: another process works there.
    """
    with folder_lock(folder_of(name, folder)):
        yield open_desk(name, folder, network, rpc, community, sign_in)


def build(desk: Desk, published: Path | None, data: list[str], options: Options) -> Pipeline:
    """The operator at work."""
    market = Market(desk.reader.chain, desk.reader.contracts, desk.reader.first_block)
    store = published_store(published)
    others = [reader_at(place) for place in data]
    return build_pipeline(market, desk.signer, operator_database(desk.folder), store, others, options)


def published_store(folder: Path | None) -> FolderStore:
    """Where an operator publishes; its files also go to an IPFS node where one is set.

    Raises:
        SettingsError: the node's address is none.
    """
    at, api = folder or settings().var_dir / "published", settings().ipfs_api
    return FolderStore(at) if api is None else PushingStore(at, IpfsPusher(api, at, say).start())


def stop_on_signals(service: Service) -> None:
    """Let the first Ctrl-C, or SIGTERM, end the service after its pass; the second ends it at once."""

    def stop(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        service.stop.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def tell(report: PassReport, news: Sequence[Report], as_json: bool) -> None:
    """Print what a pass did: a JSON object a line, or sentences."""
    if as_json:
        if news or report.done:
            found = {
                "block": report.block,
                "time": report.time,
                "sessions": [one for one in news if isinstance(one, SessionReport)],
                "days": [one for one in news if isinstance(one, DayReport)],
                "rewards": [one for one in news if isinstance(one, RewardReport)],
                "incentives": [one for one in news if isinstance(one, IncentiveReport)],
                "done": report.done,
            }
            typer.echo(json.dumps(jsonable(found), ensure_ascii=False))
        return
    head = f"block {report.block}, {show_moment(report.time)}"
    for one in news:
        for deed in one.done:
            say(f"{head}: {one.subject}: {deed}")
        if one.stands not in one.done:
            say(f"{head}: {one.subject}: {one.stands}")
        for finding in one.findings:
            say(f"{head}: {one.subject}: ! {finding}")
    for deed in report.done:
        say(f"{head}: {deed}")


def say(text: str) -> None:
    """Print a line at once, wherever the output goes."""
    print(text, flush=True)
