"""`commonwatt dataset build|notarise|verify|list`: the readings of a local day, frozen and notarised.

`oracle run` does all of this by itself; these verbs are for looking, and for correcting a day. `build` freezes what had
arrived by the day's hour, once, into the operator's database, and publishes its hashes; before that hour it only shows
what would be frozen. `notarise` posts or attests, which cannot be undone; `--correct` opens another version with
everything that has arrived since. Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`, `COMMONWATT_VAR_DIR`,
`COMMONWATT_FREEZE_S`.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from commons.chain.sentences import show_moment
from commons.errors import CommonwattError, InputError
from commons.slots import day_number, read_day
from oracle.archive.archive import Frozen
from oracle.options import Options
from oracle.pipeline import Pipeline
from scripts.oracle import Data, Desk, Folder, PublishedIn, at_desk, build, open_desk
from scripts.surroundings import (
    CommunityAt,
    Json,
    Keystore,
    Network,
    PasswordFile,
    Rpc,
    SignIn,
    freeze_s,
    jsonable,
    show,
    table,
)
from scripts.verdicts import DIFFERS

app = typer.Typer(no_args_is_help=True, help="Freeze, notarise and check the readings of local days.")
Day = Annotated[str, typer.Argument(metavar="DAY", help="A local day, such as 2026-11-22.")]
Name = Annotated[str, typer.Option("--operator", metavar="NAME", help="The operator.")]
Version = Annotated[int | None, typer.Option("--version", min=1, help="The version; the last one frozen if none.")]


@app.command("build")
def build_dataset(
    day: Day,
    name: Name = "operator-1",
    folder: Folder = None,
    published: PublishedIn = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Freeze a day whose hour has come, or show what would be frozen."""
    wanted = read_day(day)
    desk = open_desk(name, folder, network, rpc, community, SignIn(None, keystore, password_file))
    pipeline = at_work(desk, published, [])
    block = pipeline.follower.advance()
    calendar, notariser = pipeline.days.calendar, pipeline.days.notariser
    work = calendar.work_on(wanted, block)
    known = notariser.archive.find(wanted, work.version)
    if known is None and block.timestamp < calendar.frozen_at(wanted):
        found = notariser.preview(wanted, work.version, None)
        if found is None:
            raise nothing_bound(wanted)
        one = found[0]
        told = {"day": wanted.isoformat(), "version": work.version, "root": one.dataset.root, "is_frozen": False}
        told |= {"points": len(found[1].member_ids), "missing": one.missing, "cid": one.cid}
        until = show_moment(calendar.frozen_at(wanted))
        show(as_json, told, lambda: [f"{wanted} freezes at {until}; until then readings are taken.", *_lines(told)])
        return
    own = notariser.own(work, block)
    if own is None:
        raise nothing_bound(wanted)
    missing = notariser.rebuild(wanted, work.version).missing
    answer = own.answer
    told = {"day": wanted.isoformat(), "version": work.version, "root": answer.root, "is_frozen": True}
    told |= {"points": answer.points, "missing": missing, "cid": answer.cid}
    show(as_json, told, lambda: [f"{wanted} is frozen as version {work.version}.", *_lines(told)])


@app.command()
def notarise(
    day: Day,
    correct: Annotated[
        bool, typer.Option("--correct", help="Open another version of a day that is notarised, with all that arrived.")
    ] = False,
    name: Name = "operator-1",
    folder: Folder = None,
    published: PublishedIn = None,
    data: Data = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Post a day's dataset, or attest an equal one that was posted; the operator must not be running."""
    wanted = read_day(day)
    with at_desk(name, folder, network, rpc, community, SignIn(None, keystore, password_file)) as desk:
        pipeline = at_work(desk, published, data or [])
        pipeline.outbox.settle_open()
        report = pipeline.days.one(wanted, pipeline.follower.advance(), correct)
    if report is None:
        raise nothing_bound(wanted)
    show(as_json, report, lambda: [f"{wanted}, version {report.version}: {report.stands}", *report.findings])


@app.command()
def verify(
    day: Day,
    version: Version = None,
    name: Name = "operator-1",
    folder: Folder = None,
    published: PublishedIn = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Build a frozen day again from its readings, and compare with what was frozen, published and notarised."""
    wanted = read_day(day)
    desk = open_desk(name, folder, network, rpc, community, SignIn(None, keystore, password_file))
    pipeline = at_work(desk, published, [])
    versions = pipeline.days.notariser.archive.versions(wanted)
    number = version or max((found.dataset.version for found in versions), default=1)
    steps = checks(pipeline, wanted, number)
    wrong = [name for name, is_right, _ in steps if not is_right]
    found = {"day": wanted.isoformat(), "version": number, "verdict": "differs" if wrong else "right"}
    found["steps"] = [{"name": name, "right": is_right, "detail": detail} for name, is_right, detail in steps]
    show(as_json, found, lambda: [f"{'✓' if right else '✗'} {name}: {detail}" for name, right, detail in steps])
    if wrong:
        raise typer.Exit(DIFFERS)


@app.command("list")
def list_frozen(
    name: Name = "operator-1",
    folder: Folder = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """List the days that an operator has frozen, and what the chain says of each."""
    desk = open_desk(name, folder, network, rpc, community, SignIn(None, keystore, password_file))
    pipeline = at_work(desk, None, [])
    rows = [(frozen, on_chain(pipeline, frozen)) for frozen in pipeline.days.notariser.archive.versions()]
    found = [{**jsonable(frozen), "chain": said} for frozen, said in rows]
    header = ("day", "version", "points", "root", "on the chain")
    cells = [(f.dataset.day, f.dataset.version, f.points, f"0x{f.root.hex()[:16]}…", said) for f, said in rows]
    show(as_json, found, lambda: table(header, cells) if cells else ["No day is frozen yet."])


# -------------------------------------------------------------------- what the verbs share


def at_work(desk: Desk, published: Path | None, data: list[str]) -> Pipeline:
    """The operator, ready."""
    return build(desk, published, data, Options(stagger_blocks=0, freeze_s=freeze_s(None)))


def checks(pipeline: Pipeline, day: date, version: int) -> list[tuple[str, bool, str]]:
    """What is compared: name, whether it is right, and the figures.

    Raises:
        NotFound: the version is not frozen here.
    """
    notariser = pipeline.days.notariser
    frozen = notariser.archive.readings(day, version).frozen
    rebuilt = notariser.rebuild(day, version)
    same = rebuilt.dataset.root == frozen.root
    steps = [("root of the frozen readings", same, f"0x{rebuilt.dataset.root.hex()}")]
    remains = len(rebuilt.dataset.tree.positions) - len(rebuilt.dataset.readings)
    if remains:
        steps.append(("published hashes", True, f"{remains} readings were erased; what is published is not made again"))
    else:
        steps.append(("published hashes", rebuilt.cid == frozen.cid, rebuilt.cid))
    said = on_chain(pipeline, frozen)
    return [*steps, ("root on the chain", said in ("notarised", "not notarised yet"), said)]


def on_chain(pipeline: Pipeline, frozen: Frozen) -> str:
    """What the chain says of a frozen dataset."""
    contract = pipeline.reader.contracts.notary
    dataset, final_at = pipeline.chain.call(
        contract.call("datasetOf", day_number(frozen.dataset.day), frozen.dataset.version)
    )
    if not final_at:
        return "not notarised yet"
    if dataset.root != frozen.root:
        return f"another root is accepted: 0x{dataset.root.hex()}"
    return "notarised" if pipeline.chain.now() >= final_at else "not notarised yet"


def nothing_bound(day: date) -> CommonwattError:
    """The refusal of a day without points."""
    return InputError(f"no point that this operator knows is bound on {day}", remedy="Bind points first.")


def _lines(told: dict[str, Any]) -> list[str]:
    return [
        f"{told['points']} points, {told['missing']} readings missing",
        f"root 0x{told['root'].hex()}",
        f"published hashes {told['cid']}",
    ]
