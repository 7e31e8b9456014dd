"""`commonwatt rewards set|show|compute|post|claim|explain`: tokens for energy behaviour, by models kept in the open.

`set` puts a model's parameters in force from a day that has not begun; oracle admin only. `compute` and `explain`
reckon from an operator's own frozen readings and change nothing: `explain` tells a member every number that led to its
tokens.
`post` lets an operator post or attest a day's rewards, and pay them once they are final, without waiting for its turn;
`oracle run` does so by itself. `claim` has a published reward minted for its member; anybody may. What was set, posted
or minted cannot be undone. Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`, `COMMONWATT_VAR_DIR`.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from commons.actions import rewards as onchain
from commons.actions.rewards import BatchOnChain, Claim, SetParameters
from commons.addresses import Address
from commons.chain.sentences import show_moment
from commons.contracts import CommunityReader
from commons.errors import InputError, MalformedInput, UnknownMember
from commons.records import ModelKind, RewardParameters
from commons.roster import RosterReader
from commons.slots import numbered_day, read_day
from commons.units import BasisPoints, show_tokens, tokens_from_text
from oracle.archive.archive import Archive
from oracle.duty import Wait
from oracle.operator import operator_database
from oracle.options import Options
from oracle.publication.reading import read_rewards
from oracle.publication.rewards import RewardsDocument
from oracle.rewarding.reckoner import DayReckoning, Reckoner
from oracle.rewarding.rewarder import claim_of
from oracle.rewards.explanation import explain
from oracle.rewards.leaves import reward_tree
from oracle.session.types import Operators
from scripts.on_chain import agreed_rewards
from scripts.oracle import FAILED, Data, Folder, PublishedIn, at_desk, build, folder_of
from scripts.rewards_told import told_day, told_model
from scripts.surroundings import (
    As,
    CommunityAt,
    DataAt,
    Json,
    Keystore,
    Network,
    PasswordFile,
    Rpc,
    SignIn,
    Yes,
    confirm,
    open_community,
    published_at,
    show,
    shown,
    table,
    wallet,
)

app = typer.Typer(no_args_is_help=True, help="Reward models: parameters, a day's rewards, claims, and why.")
MODELS = {kind.name.lower().replace("_", "-"): kind for kind in ModelKind if kind}
Day = Annotated[str, typer.Argument(metavar="DAY", help="The local day, such as 2026-11-22.")]
Operator = Annotated[str, typer.Option("--operator", metavar="NAME", help="Whose frozen readings to reckon from.")]
Bps = "basis points (10000 is all of it)"


@app.command("set")
def set_parameters(
    model: Annotated[str, typer.Option("--model", help=f"{', '.join(MODELS)}.")],
    own: Annotated[int, typer.Option("--own", help=f"What own production used at once counts, {Bps}.")] = 5000,
    load: Annotated[int, typer.Option("--load", help=f"What others' surplus used counts, {Bps}.")] = 10_000,
    production: Annotated[int, typer.Option("--production", help=f"What surplus used by others counts, {Bps}.")] = 7500,
    threshold: Annotated[int, typer.Option("--threshold", help=f"Least part of the consumption so met, {Bps}.")] = 0,
    tokens_per_kwh: Annotated[
        str, typer.Option("--tokens-per-kwh", help="Tokens for a kWh that counts in full.")
    ] = "0",
    full: Annotated[int, typer.Option("--full", help=f"Part of the usual peak to cut for all tokens, {Bps}.")] = 0,
    most: Annotated[str, typer.Option("--max-tokens", help="Tokens for a peak cut in full.")] = "0",
    weights: Annotated[
        tuple[int, int], typer.Option("--weights", help=f"Of self-consumption and of no peaks, {Bps}.")
    ] = (5000, 5000),
    from_day: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="First local day; the next that may be, if not given.")
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Put a reward model in force from a day that has not begun. Oracle admin only."""
    if model not in MODELS:
        raise MalformedInput(f"--model {model!r} is unknown", remedy=f"Choose {', '.join(MODELS)}.")
    parameters = RewardParameters(
        model=MODELS[model],
        own_bps=_share(own),
        load_bps=_share(load),
        production_bps=_share(production),
        threshold_bps=_share(threshold),
        full_bps=_share(full),
        self_consumption_weight_bps=_share(weights[0]),
        no_peaks_weight_bps=_share(weights[1]),
        tokens_per_kwh=tokens_from_text(tokens_per_kwh),
        max_tokens=tokens_from_text(most),
    )
    reader = open_community(network, rpc, community)
    admin = SignIn(as_name, keystore, password_file).signer(reader.chain, "community-admin")
    first = onchain.first_day_for_parameters(reader) if from_day is None else read_day(from_day)
    if not as_json:
        confirm([f"From {first} on: {told_model(parameters)}."], yes)
    number = onchain.set_parameters(reader, admin, parameters, first)
    found = SetParameters(number, first, parameters)
    show(as_json, found, lambda: [f"Parameters {number} are in force from {first} on."])


@app.command("show")
def show_rewards(
    day: Annotated[str | None, typer.Argument(metavar="[DAY]", help="A local day; all parameters if none.")] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_json: Json = False,
) -> None:
    """Show every reward model that was ever set; for a day, the one in force and the rewards agreed on."""
    reader = open_community(network, rpc, community)
    if day is None:
        history = onchain.parameters_history(reader)
        rows = [(one.number, one.from_day, told_model(one.parameters)) for one in history]
        header = ("number", "from", "model")
        show(as_json, history, lambda: table(header, rows) if rows else ["No reward model was ever set."])
        return
    at = read_day(day)
    in_force, batch = onchain.parameters_on(reader, at), onchain.batch_of(reader, at)
    model = "No reward model is in force on" if in_force is None else f"{told_model(in_force.parameters)} on"
    show(as_json, {"parameters": in_force, "batch": batch}, lambda: [f"{model} {at}.", _batch_line(batch)])


@app.command()
def compute(
    day: Day,
    operator: Operator = "operator-1",
    folder: Folder = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_json: Json = False,
) -> None:
    """Reckon what everybody earned on a notarised day from an operator's own readings; nothing is sent."""
    reader = open_community(network, rpc, community)
    found = reckoned(reader, operator, folder, read_day(day))
    claims, batch = found.claims, onchain.batch_of(reader, found.day)
    round_ = 1 if batch is None else batch.batch_id & ((1 << onchain.ROUND_BITS) - 1)
    root = reward_tree(onchain.batch_id_of(found.day, round_), claims).root if claims else None
    total = sum(claim.amount for claim in claims)
    document = {
        "day": found.day.isoformat(),
        "parameters": found.parameters.number,
        "dataset_version": found.versions[-1].version,
        "round": round_,
        "root": root,
        "total": str(total),
        "claims": [{"member": claim.member, "amount": str(claim.amount)} for claim in claims],
    }
    version = found.versions[-1].version
    lines = [
        f"{found.day}, by parameters {found.parameters.number} and version {version} of its dataset:",
        *table(("member", "earned"), [(shown(claim.member), show_tokens(claim.amount)) for claim in claims]),
        f"All together {show_tokens(total)} to {len(claims)} of {len(found.rewards.members)} members; root "
        + ("none" if root is None else "0x" + root.hex()),
    ]
    show(as_json, document, lambda: lines)


@app.command()
def post(
    day: Day,
    operator: Annotated[str, typer.Option("--operator", metavar="NAME", help="Who posts.")] = "operator-1",
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
    """Post or attest a day's rewards as an operator, or pay them where they are final; `oracle run` does it alone."""
    at = read_day(day)
    with at_desk(operator, folder, network, rpc, community, SignIn(None, keystore, password_file)) as desk:
        pipeline = build(desk, published, data or [], Options(stagger_blocks=0))
        pipeline.outbox.settle_open()
        operators = desk.reader.current_operators()
        known = Operators(0, operators.operators, operators.terms.threshold)
        reports = pipeline.rewards.look(pipeline.follower.advance(), known, at)
    if not reports:
        raise InputError(
            f"nothing is to be done about the rewards of {at}",
            which=at.isoformat(),
            remedy=f"See `commonwatt rewards show {at}`: it may be paid out, not notarised yet, or without a model.",
        )
    (report,) = reports
    show(as_json, report, lambda: [f"{report.subject}: {report.stands}", *(f"! {text}" for text in report.findings)])
    if report.failure is not None:
        raise typer.Exit(FAILED)


@app.command()
def claim(
    day: Day,
    member: Annotated[
        str | None, typer.Option("--member", metavar="WALLET", help="Only this member's: address, or embedded name.")
    ] = None,
    data: DataAt = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Have a day's rewards minted for the members that earned them, or one member's; anybody may send it."""
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    document = published_rewards(reader, read_day(day), data)
    chosen = [one.member for one in document.claims] if member is None else [wallet(member)]
    claims = _due(reader, document, chosen, is_one=member is not None)
    for first in range(0, len(claims), onchain.MOST_CLAIMS):
        part = claims[first : first + onchain.MOST_CLAIMS]
        reader.chain.send(signer, onchain.claim_call(reader, document.batch_id, part))
    rows = [(shown(one.member), show_tokens(one.amount)) for one in claims]
    paid = [{"member": one.member, "amount": str(one.amount)} for one in claims]
    show(as_json, paid, lambda: table(("member", "got"), rows) if rows else ["Everybody has been paid."])


@app.command("explain")
def explain_reward(
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="The member's wallet, or its embedded name.")],
    day: Day,
    operator: Operator = "operator-1",
    folder: Folder = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_json: Json = False,
) -> None:
    """Tell a member every number that led to its tokens of a day, from an operator's frozen readings."""
    reader = open_community(network, rpc, community)
    at = wallet(member)
    member_id = RosterReader(reader).now().member_of(at)
    if member_id is None:
        raise UnknownMember(f"{shown(at)} is no member", which=at, remedy="See `commonwatt member list`.")
    found = reckoned(reader, operator, folder, read_day(day))
    if member_id.hex() not in found.rewards.members:
        raise InputError(
            f"no point was bound to {shown(at)} on {found.day}",
            which=at,
            remedy="See `commonwatt point list`; without a meter there is nothing to reward.",
        )
    told = explain(found.rewards, member_id.hex())
    show(as_json, told, lambda: told_day(found, told))


# -------------------------------------------------------------------- what the verbs share


def reckoned(reader: CommunityReader, operator: str, folder: Path | None, day: date) -> DayReckoning:
    """A day's rewards as an operator reckons them.

    Raises:
        InputError: the day is not notarised, not frozen here, or had no model in force.
    """
    archive = Archive(operator_database(folder_of(operator, folder)), reader.contracts.community.address)
    reckoner = Reckoner(reader, archive, RosterReader(reader))
    final = reckoner.version_at(day, reader.chain.now())
    found = Wait("its dataset is not notarised") if final is None else reckoner.reckon(final)
    if isinstance(found, Wait):
        raise InputError(
            f"the rewards of {day} cannot be reckoned: {found}",
            which=day.isoformat(),
            remedy="Wait until its dataset is final, or ask an operator who froze it.",
        )
    return found


def published_rewards(reader: CommunityReader, day: date, data: str | None) -> RewardsDocument:
    """The published batch of a day that the operators accepted, checked against the root on the chain.

    Raises:
        InputError: none is accepted. DataError: it is missing, or not what the chain names.
    """
    _, cid = agreed_rewards(reader, day)
    return read_rewards(published_at(data), cid)


def _due(reader: CommunityReader, document: RewardsDocument, members: Sequence[Address], is_one: bool) -> list[Claim]:
    """The claims of these members that were not paid."""
    rows = {one.member: row for row, one in enumerate(document.claims)}
    if is_one and members[0] not in rows:
        day = numbered_day(document.day)
        raise InputError(f"{shown(members[0])} earned nothing on {day}", which=members[0], remedy="Nothing is due.")
    left = onchain.unclaimed(reader, document.batch_id, members)
    if is_one and not left:
        raise InputError(f"{shown(members[0])} has got its reward", which=members[0], remedy="Nothing needs doing.")
    tree = document.tree()
    return [claim_of(document, tree, rows[member]) for member in left]


def _share(value: int) -> BasisPoints:
    if not 0 <= value <= 10_000:
        raise MalformedInput(f"a share of {value} basis points", remedy="Give 0 to 10000; 10000 is all of it.")
    return BasisPoints(value)


def _batch_line(batch: BatchOnChain | None) -> str:
    if batch is None:
        return "Nobody has posted its rewards."
    if not batch.final_at:
        return "The operators have not agreed on its rewards yet."
    return (
        f"{show_tokens(batch.batch.total)} to {batch.batch.claims} members, from version {batch.batch.dataset_version} "
        f"of its dataset, final at {show_moment(batch.final_at)}; {show_tokens(batch.claimed)} are paid."
    )
