"""`commonwatt community schedule-operators|limits`: who clears the market, and how short its windows may be.

A new set of operators is announced on the chain and in force after the community's notice period; sessions keep the
set they opened under. Least windows hold for sessions opened from now on. What was announced can be announced anew,
never taken back.
"""

from typing import Annotated

import typer

from commons.addresses import Address
from commons.chain.sentences import show_moment
from commons.records import OperatorTerms, WindowLimits
from commons.units import BasisPoints, EpochSeconds, show_eur
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
    euros,
    open_community,
    show,
    shown,
    wallet,
)

ADMIN = "community-admin"


def add_rule_verbs(app: typer.Typer) -> None:
    """Add the verbs that change by what rules the market runs."""
    app.command("schedule-operators")(schedule_operators)
    app.command("limits")(set_limits)


def schedule_operators(
    operator: Annotated[list[str], typer.Argument(metavar="WALLET...", help="All operators of the new set.")],
    threshold: Annotated[int | None, typer.Option("--threshold", help="How many must agree; as now if none.")] = None,
    bond: Annotated[str | None, typer.Option("--bond", metavar="EUR", help="Least bond; as now if none.")] = None,
    bond_share_bps: Annotated[
        int | None, typer.Option("--bond-share-bps", help="Least bond as a share of what is at stake; as now if none.")
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
    """Announce another set of operators, in force after the notice period. Oracle admin only."""
    wanted: list[Address] = [wallet(name) for name in operator]
    reader = open_community(network, rpc, community)
    now = reader.current_operators().terms
    terms = OperatorTerms(
        now.threshold if threshold is None else threshold,
        now.bond if bond is None else euros(bond),
        now.bond_share_bps if bond_share_bps is None else BasisPoints(bond_share_bps),
    )
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN)
    if not as_json:
        who = ", ".join(shown(at) for at in wanted)
        confirm([f"{terms.threshold} of {who} are to agree, each with a bond of {show_eur(terms.bond)} or more."], yes)
    receipt = reader.chain.send(signer, reader.contracts.quorum.call("scheduleOperators", wanted, terms))
    event = next(event for event in receipt.events if event.name == "OperatorsScheduled")
    since = EpochSeconds(event.args["effectiveFrom"])
    found = {"set_id": event.args["setId"], "operators": wanted, "terms": terms, "effective_from": since}
    show(as_json, found, lambda: [f"Announced: in force from {show_moment(since)} on, for sessions opened then."])


def set_limits(
    commit: Annotated[int | None, typer.Option("--commit", metavar="SECONDS", help="To commit.")] = None,
    reveal: Annotated[int | None, typer.Option("--reveal", metavar="SECONDS", help="To reveal.")] = None,
    challenge: Annotated[int | None, typer.Option("--challenge", metavar="SECONDS", help="To refute.")] = None,
    settlement: Annotated[int | None, typer.Option("--settlement", metavar="SECONDS", help="To settle.")] = None,
    execution: Annotated[int | None, typer.Option("--execution", metavar="SECONDS", help="To execute.")] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Set the least lengths of a session's windows, for sessions opened from now on. Community admin only."""
    reader = open_community(network, rpc, community)
    now = reader.window_limits()
    limits = WindowLimits(
        now.commit if commit is None else commit,
        now.reveal if reveal is None else reveal,
        now.challenge if challenge is None else challenge,
        now.settlement if settlement is None else settlement,
        now.execution if execution is None else execution,
    )
    told = (
        f"at least {limits.commit} s to commit, {limits.reveal} s to reveal, {limits.challenge} s to refute, "
        f"{limits.settlement} s to settle, {limits.execution} s to execute"
    )
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN)
    if not as_json:
        confirm([f"Sessions of {reader.name} from now on: {told}."], yes)
    reader.chain.send(signer, reader.contracts.sessions.call("setWindowLimits", limits))
    show(as_json, limits, lambda: [f"Set: {told}."])
