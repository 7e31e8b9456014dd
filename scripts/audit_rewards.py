"""`commonwatt audit rewards DAY`: check a day's agreed rewards from the chain and what is published, as a stranger.

Needs no account and no readings. Changes nothing. Exit code 0: all is right. 1: something differs; the first step that
does is named. 2: it cannot be done (nothing agreed, no chain, the batch's file missing).
Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`, `COMMONWATT_VAR_DIR`.
"""

import json
from datetime import date
from typing import Annotated

import typer

from commons.contracts import CommunityReader
from commons.slots import day_number, read_day
from commons.store import Reader
from oracle.audit.datasets import load
from oracle.audit.rewards import RewardsEvidence, audit_rewards
from oracle.audit.types import Altered, Step, Verdict
from oracle.publication.reading import read_rewards
from scripts.on_chain import agreed_rewards, notarised_roots
from scripts.surroundings import CommunityAt, DataAt, Json, Network, Rpc, open_community, published_at
from scripts.verdicts import DIFFERS, told_if_not_done


def audit_rewards_of_day(
    day: Annotated[str, typer.Argument(metavar="DAY", help="The local day, as 2026-11-22.")],
    community: CommunityAt = None,
    rpc: Rpc = None,
    data: DataAt = None,
    network: Network = None,
    as_json: Json = False,
) -> None:
    """Check a day's agreed rewards: parameters, notarised readings, claims, root and payments; exit 0 if right."""
    with told_if_not_done({"day": day}, as_json):
        reader, at = open_community(network, rpc, community), read_day(day)
        steps = audit_rewards(gather(reader, at, published_at(data)))
    wrong = next((step for step in steps if step.verdict is Verdict.WRONG), None)
    typer.echo(_document(at, steps, wrong) if as_json else "\n".join(_lines(at, steps, wrong)))
    if wrong is not None:
        raise typer.Exit(DIFFERS)


def gather(reader: CommunityReader, day: date, published: Reader) -> RewardsEvidence:
    """All that the audit goes by.

    Raises:
        InputError: the operators have agreed on no rewards of the day. DatasetMissing: its file is not there.
    """
    found, cid = agreed_rewards(reader, day)
    chain, rewards = reader.chain, reader.contracts.rewards
    block = chain.block_number()
    events = chain.events(rewards.address, reader.first_block, block, names=("RewardClaimed",))
    own = [event for event in events if event.args["batchId"] == found.batch_id]
    document = load(read_rewards, published, cid)
    return RewardsEvidence(
        chain_id=chain.chain_id,
        rewards=rewards.address,
        batch_id=found.batch_id,
        batch=found.batch,
        parameters=int(chain.call(rewards.call("parametersOn", day_number(day)))),
        document=document,
        datasets=() if isinstance(document, Altered) else notarised_roots(reader, document.datasets, block),
        paid={event.args["member"]: int(event.args["amount"]) for event in own},
        claimed=int(chain.call(rewards.call("claimedOf", found.batch_id), block)),
    )


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
