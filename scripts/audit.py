"""`commonwatt audit session ID`: recompute a session from the chain and the published datasets alone, as a stranger.

Needs no account, no server and no operator's database. Datasets are trusted by their CID alone, wherever they lie.
Changes nothing. Exit code 0: everything is right so far. 1: something differs; the first step that does is named, and
by how much. 2: the audit cannot be done (no chain, a dataset missing or cut short), with what to do about it.
Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`, `COMMONWATT_VAR_DIR`.
"""

import json
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import typer

from commons.chain import Event
from commons.contracts import CommunityReader
from commons.store import Reader
from commons.units import MoneyUe, SessionId
from oracle.audit.audit import audit
from oracle.audit.datasets import load
from oracle.audit.types import AuditReport, Evidence, MarketMoney, Step, Verdict
from oracle.publication.reading import read_outcome, read_settlement
from oracle.session.types import Operators
from scripts.audit_bundle import audit_bundle
from scripts.audit_rewards import audit_rewards_of_day
from scripts.on_chain import notarised_roots, session_told
from scripts.surroundings import CommunityAt, DataAt, Json, Network, Rpc, open_community, published_at
from scripts.verdicts import DIFFERS, told_if_not_done

MARKS = {Verdict.RIGHT: "✓", Verdict.WRONG: "✗", Verdict.NOT_YET: "–"}

app = typer.Typer(no_args_is_help=True, help="Recompute what was paid, and why, trusting nobody.")


@app.callback()
def verbs() -> None:
    """Recompute what was paid, and why, trusting nobody."""


app.command("bundle")(audit_bundle)
app.command("rewards")(audit_rewards_of_day)


@app.command("session")
def audit_session(
    session_id: Annotated[int, typer.Argument(metavar="ID", help="The session's number.")],
    community: CommunityAt = None,
    rpc: Rpc = None,
    data: DataAt = None,
    network: Network = None,
    as_json: Json = False,
) -> None:
    """Recompute clearing, settlement and every movement of money of a session; exit 0 if all is right."""
    with told_if_not_done({"session_id": session_id}, as_json):
        reader = open_community(network, rpc, community)
        report = audit(gather(reader, SessionId(session_id), published_at(data)))
    typer.echo(json.dumps(as_document(report), indent=1, ensure_ascii=False) if as_json else "\n".join(lines(report)))
    if report.first_wrong is not None:
        raise typer.Exit(DIFFERS)


def gather(reader: CommunityReader, session_id: SessionId, datasets: Reader) -> Evidence:
    """Everything the audit goes by, as of the chain's latest block.

    Raises:
        UnknownSession: there is no such session. ChainError: the chain does not answer.
        DatasetMissing, DatasetTruncated: a dataset that the chain names is not there, or not whole.
    """
    chain, contracts = reader.chain, reader.contracts
    block = chain.block_number()
    view, events = session_told(reader, session_id, block)
    found = reader.operator_set(view.operator_set_id)
    outcome, settlement = view.accepted_outcome(), view.accepted_settlement()
    cleared, settled = partial(read_outcome, orders=view.order_count), partial(read_settlement, orders=view.order_count)
    return Evidence(
        view=view,
        operators=Operators(view.operator_set_id, found.operators, found.terms.threshold),
        money=_money(reader, events, block),
        outcome=None if outcome is None else load(cleared, datasets, outcome.data_cid),
        settlement=None if settlement is None else load(settled, datasets, settlement.data_cid),
        evidence_from=int(chain.call(contracts.notary.call("evidenceFrom"), block)),
        datasets=() if settlement is None else notarised_roots(reader, settlement.versions, block),
    )


def _money(reader: CommunityReader, events: Sequence[Event], block: int) -> MarketMoney:
    """What the market owes and holds, and what its events add up to."""
    market, euro = reader.contracts.marketplace, reader.contracts.euro
    liabilities, owed, balance = reader.chain.calls(
        [market.call("liabilities"), market.call("owedToTreasury"), euro.call("balanceOf", market.address)], block
    )
    own = [event for event in events if event.address == market.address]

    def total(name: str, figure: str = "amount") -> int:
        return sum(int(event.args[figure]) for event in own if event.name == name)

    return MarketMoney(
        liabilities=MoneyUe(liabilities),
        balance=MoneyUe(balance),
        owed_to_treasury=MoneyUe(owed),
        deposited=MoneyUe(total("Deposited")),
        withdrawn=MoneyUe(total("Withdrawn")),
        paid_to_treasury=MoneyUe(total("TreasuryPaid")),
        due_to_treasury=MoneyUe(total("DepositForfeited", "deposit") + total("PotSwept")),
    )


def lines(report: AuditReport) -> list[str]:
    """The report for people."""
    told = [f"{MARKS[step.verdict]} {step.name}: {step.detail}" for step in report.steps]
    wrong = report.first_wrong
    if wrong is not None:
        return [*told, f"Session {report.session_id} differs, first at: {wrong.name}. {wrong.detail}"]
    pending = sum(step.verdict is Verdict.NOT_YET for step in report.steps)
    so_far = f" so far; {pending} steps have nothing to check yet" if pending else ""
    return [*told, f"Session {report.session_id} is right{so_far}."]


def as_document(report: AuditReport) -> dict[str, Any]:
    """The report as JSON has it."""
    wrong = report.first_wrong
    return {
        "session_id": report.session_id,
        "verdict": "right" if wrong is None else "differs",
        "first_difference": None if wrong is None else _step(wrong),
        "steps": [_step(step) for step in report.steps],
    }


def _step(step: Step) -> dict[str, str]:
    return {"name": step.name, "verdict": step.verdict.value, "detail": step.detail}
