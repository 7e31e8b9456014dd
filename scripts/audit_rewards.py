"""`commonwatt audit rewards DAY`: check a day's agreed rewards from the chain and what is published, as a stranger.

Needs no account and no readings. Changes nothing. Exit code 0: all is right. 1: something differs; the first step that
does is named. 2: it cannot be done (nothing agreed, no chain, the batch's file missing).
Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`, `COMMONWATT_VAR_DIR`.
"""

import json
from datetime import date
from typing import Annotated

import typer

from commons.actions import rewards as onchain
from commons.contracts import CommunityReader
from commons.errors import CommonwattError, InputError
from commons.settings import settings
from commons.slots import day_number, read_day
from commons.store import Reader, reader_at
from oracle.audit.datasets import load
from oracle.audit.rewards import RewardsEvidence, audit_rewards
from oracle.audit.types import Altered, Step, Verdict
from oracle.publication.reading import read_rewards
from oracle.publication.rewards import RewardsDocument
from scripts.surroundings import CommunityAt, Json, Network, Rpc, open_community

DIFFERS = 1
NOT_DONE = 2


def audit_rewards_of_day(
    day: Annotated[str, typer.Argument(metavar="DAY", help="The local day, as 2026-11-22.")],
    community: CommunityAt = None,
    rpc: Rpc = None,
    data: Annotated[
        str | None,
        typer.Option("--data", metavar="URL|FOLDER", help="Where an operator publishes; the embedded folder if none."),
    ] = None,
    network: Network = None,
    as_json: Json = False,
) -> None:
    """Check a day's agreed rewards: parameters, notarised readings, claims, root and payments; exit 0 if right."""
    try:
        reader = open_community(network, rpc, community)
        at = read_day(day)
        steps = audit_rewards(gather(reader, at, reader_at(data or str(settings().var_dir / "published"))))
    except CommonwattError as error:
        if as_json:
            typer.echo(json.dumps({"day": day, "verdict": "not done", "error": error.message}, indent=1))
        typer.echo(f"commonwatt: the audit cannot be done: {error.message}", err=True)
        raise typer.Exit(NOT_DONE) from error
    wrong = next((step for step in steps if step.verdict is Verdict.WRONG), None)
    typer.echo(_document(at, steps, wrong) if as_json else "\n".join(_lines(at, steps, wrong)))
    if wrong is not None:
        raise typer.Exit(DIFFERS)


def gather(reader: CommunityReader, day: date, published: Reader) -> RewardsEvidence:
    """All that the audit goes by.

    Raises:
        InputError: the operators have agreed on no rewards of the day. DatasetMissing: its file is not there.
    """
    chain, rewards = reader.chain, reader.contracts.rewards
    found = onchain.batch_of(reader, day)
    if found is None or not found.final_at:
        raise InputError(
            f"the operators have agreed on no rewards of {day}",
            which=day.isoformat(),
            remedy=f"See `commonwatt rewards show {day}`.",
        )
    accepted = reader.accepted(chain.call(rewards.call("batchQuestion", found.batch_id)))
    events = chain.events(rewards.address, reader.first_block, names=("BatchPosted", "RewardClaimed"))
    own = [event for event in events if event.args["batchId"] == found.batch_id]
    posted = [event for event in own if event.name == "BatchPosted" and event.args["answer"] == accepted.answer]
    document = load(read_rewards, published, posted[-1].args["dataCid"])
    return RewardsEvidence(
        chain_id=chain.chain_id,
        rewards=rewards.address,
        batch_id=found.batch_id,
        batch=found.batch,
        parameters=int(chain.call(rewards.call("parametersOn", day_number(day)))),
        document=document,
        datasets=() if isinstance(document, Altered) else _notarised(reader, document),
        paid={event.args["member"]: int(event.args["amount"]) for event in own if event.name == "RewardClaimed"},
        claimed=found.claimed,
    )


def _notarised(reader: CommunityReader, document: RewardsDocument) -> tuple[bytes | None, ...]:
    """The notarised root of each dataset that the document names, None where it is not accepted, or not final yet."""
    notary, now = reader.contracts.notary, reader.chain.now()
    found = reader.chain.calls([notary.call("datasetOf", one.day, one.version) for one in document.datasets])
    return tuple(dataset.root if 0 < final_at <= now else None for dataset, final_at in found)


def _lines(day: date, steps: tuple[Step, ...], wrong: Step | None) -> list[str]:
    told = [f"{'✗' if step.verdict is Verdict.WRONG else '✓'} {step.name}: {step.detail}" for step in steps]
    if wrong is None:
        return [
            *told,
            f"The rewards of {day} are right. The energy behind each amount needs the readings to recompute.",
        ]
    return [*told, f"The rewards of {day} differ, first at: {wrong.name}. {wrong.detail}"]


def _document(day: date, steps: tuple[Step, ...], wrong: Step | None) -> str:
    rows = [{"name": step.name, "verdict": step.verdict.value, "detail": step.detail} for step in steps]
    said = {"day": day.isoformat(), "verdict": "right" if wrong is None else "differs", "steps": rows}
    return json.dumps({**said, "first_difference": None if wrong is None else wrong.name}, indent=1, ensure_ascii=False)
