"""`commonwatt session new|list|show`: sealed-bid auctions over the slots of a delivery.

`new` sends one transaction as a market operator; a session cannot be changed afterwards. Its parameters come from a
TOML or JSON file, from options, and else from defaults that suit the embedded chain (`SessionPlan` in
`commons/actions/sessions.py` lists them all with their units). Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from commons import documents
from commons.actions import sessions
from commons.actions.sessions import SessionPlan, SessionView
from commons.chain import Event
from commons.chain.sentences import show_moment
from commons.errors import MalformedInput
from commons.records import AcceptedAnswer, SessionParameters, SessionState
from commons.units import SessionId, show_eur, show_eur_kwh, show_kwh, show_percent
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
    open_community,
    show,
    shown,
    table,
)

app = typer.Typer(no_args_is_help=True, help="Open market sessions and see where they stand.")

NEXT_STEP = {
    SessionState.COMMIT: "members commit sealed orders",
    SessionState.REVEAL: "members reveal what they committed",
    SessionState.CLEARING: "operators clear it and post the outcome",
    SessionState.CHALLENGE: "anybody may refute the outcome",
    SessionState.DELIVERY: "delivery and metering; then operators settle",
    SessionState.OBJECTION: "operators may withdraw their vote for the settlement",
    SessionState.EXECUTION: "leaves are executed",
    SessionState.CLOSED: "over",
    SessionState.CANCELLED: "cancelled: locks are released one by one",
}


@app.command()
def new(
    file: Annotated[Path | None, typer.Argument(help="TOML or JSON file with parameters by their names.")] = None,
    delivery_day: Annotated[
        str | None, typer.Option("--delivery-day", metavar="DAY", help="Local day, such as 2026-11-22.")
    ] = None,
    delivery_start: Annotated[
        str | None, typer.Option("--delivery-start", metavar="MOMENT", help="Instead: 2026-11-22T00:00:00+01:00.")
    ] = None,
    slot_seconds: Annotated[int | None, typer.Option("--slot-seconds", help="900 or 3600.")] = None,
    slot_count: Annotated[
        int | None, typer.Option("--slot-count", help="Slots; those of the day if not given.")
    ] = None,
    commit_seconds: Annotated[int | None, typer.Option("--commit-seconds", help="How long members may commit.")] = None,
    reveal_seconds: Annotated[int | None, typer.Option("--reveal-seconds", help="How long they may reveal.")] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Any other, such as cap_price_uekwh=400000; repeat."),
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
    """Open a session. Market operator only."""
    named = {
        "delivery_day": delivery_day,
        "delivery_start": delivery_start,
        "slot_seconds": slot_seconds,
        "slot_count": slot_count,
        "commit_seconds": commit_seconds,
        "reveal_seconds": reveal_seconds,
    }
    given = {name: value for name, value in named.items() if value is not None}
    plan = SessionPlan().changed({**(read_plan(file) if file else {}), **_pairs(parameter or []), **given})
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, "community-admin")
    parameters = plan.parameters(reader.chain.now())
    if not as_json:
        confirm(parameter_lines(parameters), yes)
    number = sessions.open_session(reader, signer, parameters)
    show(as_json, {"session_id": number, "parameters": parameters}, lambda: [f"Session {number} is open."])


@app.command("list")
def list_sessions(
    network: Network = None, rpc: Rpc = None, community: CommunityAt = None, as_json: Json = False
) -> None:
    """List the community's sessions with their state and deadlines."""
    reader = open_community(network, rpc, community)
    numbers = [SessionId(number) for number in range(1, reader.session_count() + 1)]
    states, parameters = reader.states(numbers), reader.all_parameters(numbers)
    found = [
        {
            "session_id": number,
            "state": state,
            "commit_deadline": one.commit_deadline,
            "reveal_deadline": one.reveal_deadline,
            "delivery_start": one.delivery_start,
            "delivery_end": one.delivery_end,
        }
        for number, state, one in zip(numbers, states, parameters, strict=True)
    ]
    times = ("commit_deadline", "reveal_deadline", "delivery_start")
    rows = [
        (f["session_id"], states[i].name.lower(), *(show_moment(int(f[t])) for t in times)) for i, f in enumerate(found)
    ]
    header = ("session", "state", "commit until", "reveal until", "delivery from")
    show(as_json, found, lambda: table(header, rows) if rows else ["No session was opened yet."])


@app.command("show")
def show_session(
    session_id: Annotated[int, typer.Argument(metavar="ID", help="The session's number.")],
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_json: Json = False,
) -> None:
    """Show a session: state, deadlines, who committed and revealed, outcome and settlement."""
    reader = open_community(network, rpc, community)
    view = sessions.view(reader, SessionId(session_id))
    now = reader.chain.now()
    show(as_json, as_document(view, now), lambda: lines(view, now))


def as_document(view: SessionView, now: int) -> dict[str, Any]:
    """The view as JSON has it."""
    return {
        "session_id": view.session_id,
        "state": view.state,
        "chain_time": now,
        "parameters": view.parameters,
        "book": view.book,
        "committed": view.committed,
        "revealed": view.revealed,
        "executed": view.executed,
        "outcome": _answer(view.outcome, view.outcome_event, ("slots",)),
        "settlement": _answer(view.settlement, view.settlement_event, ("root", "totals")),
    }


def lines(view: SessionView, now: int) -> list[str]:
    """The view for people."""
    head = f"Session {view.session_id}: {view.state.name.lower()} ({NEXT_STEP.get(view.state, '')})"
    people = [
        f"committed ({len(view.committed)}): {', '.join(shown(t) for t in view.committed) or 'nobody'}",
        f"revealed ({len(view.revealed)}): {', '.join(shown(t) for t in view.revealed) or 'nobody'}",
    ]
    return [
        head,
        f"chain's time {show_moment(now)}",
        *parameter_lines(view.parameters),
        *people,
        *_outcome_lines(view),
        *_settlement_lines(view),
    ]


def parameter_lines(parameters: SessionParameters) -> list[str]:
    """A session's parameters for people."""
    p = parameters
    return [
        f"commit until {show_moment(p.commit_deadline)}, reveal until {show_moment(p.reveal_deadline)}",
        f"delivery {show_moment(p.delivery_start)} to {show_moment(p.delivery_end)}: {p.slot_count} slots of "
        f"{p.slot_seconds} s",
        f"no settlement after {show_moment(p.settlement_timeout)}; challenge {p.challenge_window} s, execution "
        f"{p.execution_timeout} s",
        f"limits {show_eur_kwh(p.floor_price)} to {show_eur_kwh(p.cap_price)}",
        f"penalty {show_eur_kwh(p.penalty_price)} beyond {show_percent(p.tolerance_bps)}",
        f"{p.missing_allowance} missing slots excused",
        f"orders: at most {p.most_orders}, from {show_kwh(p.smallest_order_wh)}",
        f"deposit {show_eur(p.deposit_fixed)} or {show_percent(p.deposit_bps)} of the lock",
    ]


def read_plan(file: Path) -> dict[str, Any]:
    """The parameters that a TOML or JSON file names.

    Raises:
        MalformedInput: it cannot be read, or is not what its ending says.
    """
    if file.suffix.lower() == ".json":
        found = documents.read_document(str(file))
    else:
        try:
            found = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise MalformedInput(f"{file} cannot be read ({error.strerror})", remedy="Check its name.") from error
        except ValueError as error:
            raise MalformedInput(
                f"{file} is not TOML ({error})", remedy="Write lines such as slot_count = 24."
            ) from error
    if not isinstance(found, dict):
        raise MalformedInput(f"{file} holds no parameters by name", remedy="Write an object.")
    return {name: value if isinstance(value, int | str) else str(value) for name, value in found.items()}


def _pairs(given: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign:
            raise MalformedInput(f"--set {text!r} sets nothing", remedy="Write --set name=value.")
        found[name.strip()] = int(value) if value.strip().isdecimal() else value.strip()
    return found


def _answer(accepted: AcceptedAnswer, event: Event | None, parts: tuple[str, ...]) -> dict[str, Any] | None:
    if accepted.answer is None or event is None:
        return None
    said = {part: event.args[part] for part in ("dataCid", "round", *parts)}
    return {"answer": accepted.answer, "final_at": accepted.final_at, "tx": event.tx_hash, **said}


def _outcome_lines(view: SessionView) -> list[str]:
    if view.outcome_event is None:
        return ["outcome: none accepted yet"]
    rows = [
        (slot, show_eur_kwh(r.price) if r.volume else "–", show_kwh(r.volume), r.order_count)
        for slot, r in enumerate(view.outcome_event.args["slots"])
    ]
    final = f"outcome, final {show_moment(view.outcome.final_at)}, data {view.outcome_event.args['dataCid']}"
    return [final, *("  " + line for line in table(("slot", "price", "volume", "orders"), rows))]


def _settlement_lines(view: SessionView) -> list[str]:
    if view.settlement_event is None:
        return ["settlement: none accepted yet"]
    totals = view.settlement_event.args["totals"]
    return [
        f"settlement, final {show_moment(view.settlement.final_at)}, data {view.settlement_event.args['dataCid']}",
        f"  debits {show_eur(totals.debit)}, credits {show_eur(totals.credit)}, penalties {show_eur(totals.penalty)}",
        f"  executed {view.book.executed} of {view.book.traders}",
    ]
