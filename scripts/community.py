"""`commonwatt community …`: an energy community, one set of contracts: created, looked at, its roles and its rules.

`create` sends one transaction as the platform admin and notes the addresses in `deployments/<network>.json`. It cannot
be undone. `list` asks the network's factory, so it shows communities that others created as well. Settings:
`COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from commons.actions import community as communities
from commons.addresses import Address
from commons.chain import Call
from commons.contracts import CommunityReader, Contracts
from commons.deployments import DeployedCommunity
from commons.records import EVIDENCE_OPEN, CommunityParameters, MemberStatus, OperatorTerms, WindowLimits
from commons.slots import day_number, read_day
from commons.units import TOKEN, BasisPoints, MoneyUe, show_eur, show_percent
from commons.wallets import known_signer, require_embedded
from scripts.community_rules import add_rule_verbs
from scripts.surroundings import (
    As,
    CommunityAt,
    Json,
    Keystore,
    Network,
    PasswordFile,
    Place,
    Rpc,
    SignIn,
    Yes,
    confirm,
    euros,
    known_community,
    open_community,
    open_network,
    show,
    shown,
    table,
    wallet,
)

app = typer.Typer(no_args_is_help=True, help="Create energy communities and look at them.")

add_rule_verbs(app)
DAY = 24 * 3600
DEFAULT_OPERATORS = 3


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="The community's name.")],
    symbol: Annotated[str, typer.Option("--symbol", help="Symbol of its token.")] = "CWT",
    admin: Annotated[
        str | None,
        typer.Option("--admin", metavar="ADDRESS|NAME", help="Its first admin; community-admin if embedded."),
    ] = None,
    operator: Annotated[
        list[str] | None,
        typer.Option("--operator", metavar="ADDRESS|NAME", help="An oracle operator; repeat. Embedded: three of them."),
    ] = None,
    threshold: Annotated[
        int | None, typer.Option("--threshold", help="How many operators must agree; the least majority if not given.")
    ] = None,
    bond: Annotated[str, typer.Option("--bond", metavar="EUR", help="Least bond of an operator.")] = "100",
    bond_share_bps: Annotated[
        int, typer.Option("--bond-share-bps", help="Least bond as a share of a session's locks, basis points.")
    ] = 1000,
    least_commit: Annotated[int, typer.Option("--least-commit", help="Least seconds to commit.")] = 60,
    least_reveal: Annotated[int, typer.Option("--least-reveal", help="Least seconds to reveal.")] = 60,
    least_challenge: Annotated[int, typer.Option("--least-challenge", help="Least challenge window, seconds.")] = 60,
    least_settlement: Annotated[
        int, typer.Option("--least-settlement", help="Least seconds from delivery to the settlement timeout.")
    ] = DAY,
    least_execution: Annotated[int, typer.Option("--least-execution", help="Least execution timeout, seconds.")] = DAY,
    replacement_days: Annotated[
        int, typer.Option("--replacement-days", help="Days in which the replacement of a wallet may be vetoed.")
    ] = 30,
    notice_days: Annotated[
        int,
        typer.Option("--notice-days", help="Notice of payments, new operators, fees and incentives, days: 1 to 365."),
    ] = 1,
    emission_cap: Annotated[int, typer.Option("--emission-cap", help="Most tokens issued in a year.")] = 1_000_000,
    leaver_days: Annotated[
        int,
        typer.Option(
            "--leaver-days", help="Days after which the treasury gets what a leaver still has; 0: never. For good."
        ),
    ] = 365,
    evidence_from: Annotated[
        str | None,
        typer.Option("--evidence-from", metavar="DAY", help="Local day from which settlements need evidence."),
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Create a community in one transaction. Platform admin only."""
    place = open_network(network, rpc)
    signer = SignIn(as_name, keystore, password_file).signer(place.chain, "platform-admin")
    operators = _operators(place, operator or [])
    parameters = CommunityParameters(
        name=name,
        token_symbol=symbol,
        admin=wallet(admin) if admin else _embedded(place, "community-admin"),
        settlement_token=place.deployment.euro,
        replacement_delay=replacement_days * DAY,
        notice_period=notice_days * DAY,
        emission_cap=emission_cap * TOKEN,
        evidence_from=EVIDENCE_OPEN if evidence_from is None else day_number(read_day(evidence_from)),
        leaver_period=leaver_days * DAY,
        window_limits=WindowLimits(least_commit, least_reveal, least_challenge, least_settlement, least_execution),
        operator_terms=OperatorTerms(
            len(operators) // 2 + 1 if threshold is None else threshold, euros(bond), BasisPoints(bond_share_bps)
        ),
        operators=operators,
    )
    if not as_json:
        confirm(_plan_lines(parameters), yes)
    created, _ = communities.create_community(place.chain, signer, place.deployment, parameters)
    show(as_json, created, lambda: [f"{name} is created at {shown(created.contracts.community)}."])


@app.command("require-evidence")
def require_evidence(
    day: Annotated[str, typer.Argument(metavar="DAY", help="A coming local day, such as 2026-12-01.")],
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Let settlements name notarised readings from a coming day on. It cannot be taken back. Community admin only."""
    first = read_day(day)
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, "community-admin")
    if not as_json:
        confirm([f"From {first} on, {reader.name} settles from notarised readings alone; this is for good."], yes)
    reader.chain.send(signer, reader.contracts.notary.call("requireEvidence", day_number(first)))
    show(as_json, {"evidence_from": first}, lambda: [f"From {first} on, settlements name notarised readings."])


@app.command("list")
def list_communities(network: Network = None, rpc: Rpc = None, as_json: Json = False) -> None:
    """List every community of the network, as its factory has them, with token and active members."""
    place = open_network(network, rpc)
    known = {one.contracts.community for one in place.deployment.communities}
    found = [_listed(place, one, known) for one in communities.communities_of(place.chain, place.deployment)]
    rows = [(shown(one["community"]), one["name"], one["token_symbol"], one["active_members"]) for one in found]
    header = ("community", "name", "token", "active members")
    show(as_json, found, lambda: table(header, rows) if rows else ["There is no community yet."])


def _listed(place: Place, one: DeployedCommunity, known: set[Address]) -> dict[str, Any]:
    contracts = Contracts.bind(one.contracts, place.deployment.euro)
    entries = communities.member_list(CommunityReader(place.chain, contracts, one.created_block))
    return {
        "community": one.contracts.community,
        "name": one.name,
        "created_block": one.created_block,
        "token": one.contracts.token,
        "token_symbol": place.chain.call(contracts.token.call("symbol")),
        "active_members": sum(entry.member.status == MemberStatus.ACTIVE for entry in entries),
        "is_in_file": one.contracts.community in known,
    }


def _role_verb(name: str, build: Callable[[Contracts, str, Address], Call], done: str, help_text: str) -> None:
    """Add a verb by which the default admin changes who has a role."""

    def verb(
        role: Annotated[str, typer.Argument(metavar="ROLE", help=f"One of {', '.join(communities.ROLES)}.")],
        account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Address, or name on the embedded chain.")],
        network: Network = None,
        rpc: Rpc = None,
        community: CommunityAt = None,
        as_name: As = None,
        keystore: Keystore = None,
        password_file: PasswordFile = None,
        yes: Yes = False,
        as_json: Json = False,
    ) -> None:
        at, hashed = wallet(account), communities.role_hash(role.upper().replace("-", "_"))
        reader = open_community(network, rpc, community)
        signer = SignIn(as_name, keystore, password_file).signer(reader.chain, "community-admin")
        if not as_json:
            confirm([f"{name.capitalize()} {role} of {reader.name}: {shown(at)}"], yes)
        reader.chain.send(signer, build(reader.contracts, role.upper().replace("-", "_"), at))
        found = {"account": at, "role": role, "has_role": reader.has_role(hashed, at)}
        show(as_json, found, lambda: [f"{shown(at)} {done} {role} of {reader.name}."])

    app.command(name, help=help_text)(verb)


_role_verb("grant", communities.grant_call, "now has the role", "Give an account a role. Default admin only.")
_role_verb("revoke", communities.revoke_call, "no longer has the role", "Take a role away. Default admin only.")


@app.command("show")
def show_community(
    network: Network = None, rpc: Rpc = None, community: CommunityAt = None, as_json: Json = False
) -> None:
    """Show a community: its contracts, members and operators; with several on the network, list them."""
    place = open_network(network, rpc)
    known = place.deployment.communities
    if community is None and len(known) != 1:
        rows = [(shown(c.contracts.community), c.name) for c in known]
        show(as_json, known, lambda: table(("community", "name"), rows) if rows else ["There is no community yet."])
        return
    found = known_community(place.deployment, community)
    contracts = Contracts.bind(found.contracts, place.deployment.euro)
    described = describe(CommunityReader(place.chain, contracts, found.created_block), found)
    show(as_json, described, lambda: _lines(described))


def describe(reader: CommunityReader, found: DeployedCommunity) -> dict[str, object]:
    """What there is to know of a community."""
    entries = communities.member_list(reader)
    operators = reader.current_operators()
    counts = {status.name.lower(): sum(e.member.status == status for e in entries) for status in MemberStatus}
    return {
        "name": found.name,
        "created_block": found.created_block,
        "contracts": found.contracts,
        "settlement_token": reader.contracts.euro.address,
        "members": {status: count for status, count in counts.items() if count},
        "operators": [
            {"operator": operator, "bond_ue": reader.bond(operator).amount} for operator in operators.operators
        ],
        "threshold": operators.terms.threshold,
        "least_bond_ue": operators.terms.bond,
        "sessions": reader.session_count(),
        "window_limits": reader.window_limits(),
    }


def _lines(described: dict[str, object]) -> list[str]:
    from scripts.surroundings import jsonable

    plain = jsonable(described)
    members = ", ".join(f"{count} {status}" for status, count in plain["members"].items()) or "none"
    rows = [(part, shown(Address(at))) for part, at in plain["contracts"].items()]
    rows.append(("settlement token", shown(Address(plain["settlement_token"]))))
    return [
        f"{plain['name']}: {plain['sessions']} sessions, members: {members}",
        f"{plain['threshold']} of {len(plain['operators'])} operators must agree",
        *[f"  {shown(Address(o['operator']))}  bond {show_eur(MoneyUe(o['bond_ue']))}" for o in plain["operators"]],
        *table(("contract", "address"), rows),
    ]


def _operators(place: Place, given: list[str]) -> tuple[Address, ...]:
    names = given or [f"operator-{number}" for number in range(1, DEFAULT_OPERATORS + 1)]
    return tuple(wallet(one) if given else _embedded(place, one) for one in names)


def _embedded(place: Place, name: str) -> Address:
    require_embedded(place.chain)
    return known_signer(name).address


def _plan_lines(parameters: CommunityParameters) -> list[str]:
    terms = parameters.operator_terms
    return [
        f"Community “{parameters.name}”, token {parameters.token_symbol}, admin {shown(parameters.admin)}.",
        f"{terms.threshold} of {len(parameters.operators)} operators must agree, each with a bond of "
        f"{show_eur(terms.bond)} or {show_percent(terms.bond_share_bps)} of a session's locks.",
        f"Emission cap {parameters.emission_cap // TOKEN:,} tokens a year.",
        f"What a leaver still has goes to the treasury after {parameters.leaver_period // DAY} days."
        if parameters.leaver_period
        else "What a leaver still has is kept for ever.",
    ]
