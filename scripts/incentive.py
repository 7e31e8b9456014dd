"""`commonwatt incentive record|list|compute|post|claim|explain`: incentives in euro, divided among members.

A token admin records the receipt and pays the euro into the treasury. Each oracle operator computes the division from
its own notarised readings and posts it, or attests what equals its own (`post`, through the operator's journal: killed
at any moment, it is simply run again). Once the window for objections is over anybody has the shares paid (`claim`), to
the members alone. `compute` and `explain` change nothing. What was posted cannot be undone. Settings:
`COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`, `COMMONWATT_VAR_DIR`.
"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from commons.actions import incentives
from commons.actions.incentives import IncentiveView, ShareClaim
from commons.addresses import address
from commons.chain.sentences import show_moment
from commons.contracts import CommunityReader
from commons.errors import InputError, NotFound
from commons.records import IncentiveSplit
from commons.roster import RosterReader
from commons.settings import settings
from commons.slots import local_midnight
from commons.store import FolderStore
from commons.units import MoneyUe, show_eur, show_kwh
from oracle.archive.archive import Archive
from oracle.dividing.own import OwnDivision, own_division
from oracle.dividing.posting import accepted_document, post_own
from oracle.incentive.explanation import explain_incentive, incentive_sentences
from oracle.incentive.rule import DEFAULT_RULE, division_rule
from oracle.journal import Journal
from oracle.operator import operator_database
from oracle.outbox import Outbox
from oracle.rewarding.reckoner import Reckoner
from oracle.session.types import MarketId
from scripts.oracle import at_desk, folder_of
from scripts.surroundings import (
    As,
    CommunityAt,
    Json,
    Keystore,
    Network,
    PasswordFile,
    Rpc,
    SignIn,
    Yes,
    confirm,
    day_named,
    euros,
    open_community,
    require_euro,
    show,
    shown,
    table,
    wallet,
)

app = typer.Typer(no_args_is_help=True, help="Record, divide and pay the incentives in euro that a community receives.")
Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The incentive's number.")]
Operator = Annotated[str, typer.Option("--operator", metavar="NAME", help="Whose readings: its folder.")]
PublishedIn = Annotated[
    Path | None, typer.Option("--published", metavar="FOLDER", help="Where divisions are published; var/published.")
]
CLAIMS_A_TRANSACTION = 30


@app.command()
def record(
    amount: Annotated[str, typer.Argument(metavar="EUR", help="What the bank received, such as 412.37.")],
    reference: Annotated[str, typer.Option("--reference", help="The bank payment's reference; once.")],
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="First local day that it is for.")],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Last local day, itself included.")],
    rule: Annotated[str, typer.Option("--rule", help="How it is to be divided.")] = DEFAULT_RULE,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Record an incentive, and pay its euro from the signer's wallet into the treasury. Token admin only."""
    money, named = euros(amount), division_rule(rule).name
    start, end = local_midnight(day_named(first)), local_midnight(day_named(last) + timedelta(days=1))
    if end <= start:
        raise InputError(f"{last} is before {first}", remedy="Give the first day with --from and the last with --to.")
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, "community-admin")
    require_euro(reader, signer.address, money)
    if not as_json:
        confirm([f"{signer.name} pays {show_eur(money)} into the treasury, for {first} to {last}, rule {named}."], yes)
    calls = incentives.record_calls(reader.contracts, reference, named, start, end, money)
    receipt = [reader.chain.send(signer, call) for call in calls][-1]
    number = next(event.args["incentiveId"] for event in receipt.events if event.name == "IncentiveReceived")
    view = incentives.incentive(reader, number)
    show(as_json, view, lambda: [f"It is incentive {number}: the operators may divide it now."])


@app.command("list")
def list_incentives(
    network: Network = None, rpc: Rpc = None, community: CommunityAt = None, as_json: Json = False
) -> None:
    """List the incentives with where they stand."""
    reader = open_community(network, rpc, community)
    found, now = incentives.incentives(reader), reader.chain.now()
    rows = [
        (
            one.incentive_id,
            show_eur(one.incentive.amount),
            one.rule,
            show_moment(one.incentive.period_start),
            show_moment(one.incentive.period_end),
            _stands(one, now),
        )
        for one in found
    ]
    header = ("incentive", "amount", "rule", "from", "to", "stands")
    show(as_json, found, lambda: table(header, rows) if rows else ["No incentive was recorded yet."])


@app.command()
def compute(
    incentive: Number,
    operator: Operator = "operator-1",
    folder: Annotated[Path | None, typer.Option("--folder", help="Another folder than var/operators/NAME.")] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_json: Json = False,
) -> None:
    """Divide an incentive by an operator's own readings; nothing is sent."""
    reader = open_community(network, rpc, community)
    own = _own(reader, incentive, operator, folder)
    division = own.division
    rows = [(shown(address(one.member)), show_kwh(one.weight), show_eur(one.amount)) for one in division.shares]
    found = {
        "incentive_id": incentive,
        "rule": division.rule,
        "root": own.document.root,
        "data_cid": own.published.cid,
        "amount_ue": division.amount,
        "undivided_ue": division.undivided,
        "shares": division.shares,
    }
    show(
        as_json,
        found,
        lambda: [
            f"{show_eur(division.amount)} by {division.rule}; root 0x{own.document.root.hex()}",
            *table(("member", "shared", "gets"), rows),
        ],
    )


@app.command()
def post(
    incentive: Number,
    name: Annotated[str, typer.Option("--operator", metavar="NAME", help="The operator: folder and account.")],
    folder: Annotated[Path | None, typer.Option("--folder", help="Another folder than var/operators/NAME.")] = None,
    published: PublishedIn = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Post an operator's own division, or attest an equal one. Again is harmless."""
    with at_desk(name, folder, network, rpc, community, SignIn(None, keystore, password_file)) as desk:
        engine = operator_database(desk.folder)
        market = MarketId(desk.reader.chain.chain_id, desk.reader.contracts.marketplace.address)
        journal = Journal(engine, desk.signer.address, market)
        outbox = Outbox(desk.reader.chain, desk.signer, journal)
        view = incentives.incentive(desk.reader, incentive)
        own = own_division(desk.reader, view, _reckoner(desk.reader, engine))
        store = _store(published)
        done = post_own(desk.reader, own, outbox, store, store)
    show(as_json, {"incentive_id": incentive, "done": done, "data_cid": own.published.cid}, lambda: [f"{name} {done}."])


@app.command()
def claim(
    incentive: Number,
    published: PublishedIn = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Have every share that is not paid yet paid to its member. Anybody may, once the division is final."""
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, "relayer")
    document = accepted_document(reader, incentive, _store(published))
    tree, paid = document.tree(), 0
    claims = [
        ShareClaim(one.member, MoneyUe(one.amount), tuple(tree.proof(place)))
        for place, one in enumerate(document.claims)
    ]
    for first in range(0, len(claims), CLAIMS_A_TRANSACTION):
        call = incentives.claim_call(reader.contracts, incentive, claims[first : first + CLAIMS_A_TRANSACTION])
        events = reader.chain.send(signer, call).events
        paid += sum(event.args["amount"] for event in events if event.name == "SharePaid")
    view = incentives.incentive(reader, incentive)
    found = {"incentive_id": incentive, "paid_ue": paid, "claimed_ue": view.incentive.claimed}
    show(as_json, found, lambda: [f"{show_eur(MoneyUe(paid))} are paid; {show_eur(view.incentive.claimed)} in all."])


@app.command()
def close(
    incentive: Number,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Give what nobody claimed within a year, or an incentive never divided, to the treasury. Anybody; for good."""
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, "relayer")
    view = incentives.incentive(reader, incentive)
    left = MoneyUe(view.incentive.amount - view.incentive.claimed)
    if not as_json:
        confirm([f"{show_eur(left)} of incentive {incentive} go to the treasury; nobody can claim them then."], yes)
    reader.chain.send(signer, reader.contracts.treasury.call("closeIncentive", incentive))
    show(
        as_json, {"incentive_id": incentive, "to_treasury_ue": left}, lambda: [f"{show_eur(left)} are the treasury's."]
    )


@app.command()
def explain(
    incentive: Number,
    member: Annotated[str, typer.Argument(metavar="WALLET", help="Whose share.")],
    operator: Operator = "operator-1",
    folder: Annotated[Path | None, typer.Option("--folder", help="Another folder than var/operators/NAME.")] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_json: Json = False,
) -> None:
    """Say why a member gets what it gets: every number, by an operator's readings."""
    at = wallet(member)
    reader = open_community(network, rpc, community)
    division = _own(reader, incentive, operator, folder).division
    if at not in {share.member for share in division.shares}:
        raise NotFound(f"{shown(at)} has no readings in that time", which=at, remedy="Check the wallet and its points.")
    found = explain_incentive(division, at)
    show(as_json, found, lambda: list(incentive_sentences(found)))


# -------------------------------------------------------------------- parts


def _own(reader: CommunityReader, number: int, operator: str, folder: Path | None) -> OwnDivision:
    view = incentives.incentive(reader, number)
    return own_division(reader, view, _reckoner(reader, operator_database(folder_of(operator, folder))))


def _reckoner(reader: CommunityReader, engine: Engine) -> Reckoner:
    return Reckoner(reader, Archive(engine, reader.contracts.community.address), RosterReader(reader))


def _store(folder: Path | None) -> FolderStore:
    return FolderStore(folder or settings().var_dir / "published")


def _stands(view: IncentiveView, now: int) -> str:
    if view.incentive.is_closed:
        return "closed"
    if not view.final_at:
        return "to be divided"
    if now < view.final_at:
        return f"divided, may be objected to until {show_moment(view.final_at)}"
    split: IncentiveSplit = view.split
    return f"{show_eur(view.incentive.claimed)} of {show_eur(split.total)} are paid"
