"""`commonwatt refute SESSION`: what is wrong with a session's accepted outcome, the proof in words, and sending it.

With `--dry-run` it recomputes the outcome, explains the cheapest proof, asks the chain whether it would accept it, and
sends nothing; it needs no account. Without, it takes one step like `commonwatt watch`: it commits to the proof or, a
block later, proves; that cannot be undone. Exit code 0: the outcome is right. 1: it is wrong. Settings:
`COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

import json
from typing import Annotated, Any

import typer

from commons.contracts import CommunityReader
from commons.errors import CommonwattError, ContractRefusal
from commons.settings import settings
from commons.store import reader_at
from commons.units import SessionId
from oracle.refutation.examine import Right, Withheld, Wrong
from oracle.refutation.places import Proof
from oracle.refutation.sending import check_call, refute_call
from oracle.session.types import PostedOutcome, SessionView
from oracle.watchtower import Watchtower, said
from scripts.surroundings import As, CommunityAt, Json, Keystore, Network, PasswordFile, Rpc, SignIn, open_community
from scripts.watch import Data, RelayAt, through

WRONG = 1


def run(
    session_id: Annotated[int, typer.Argument(metavar="SESSION", help="The session's number.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Explain, and send nothing.")] = False,
    data: Data = None,
    relay: RelayAt = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Explain what is wrong with a session's outcome, and refute it."""
    reader = through(open_community(network, rpc, community), relay)
    reader.require_session(SessionId(session_id))
    signer = None if dry_run else SignIn(as_name, keystore, password_file).signer(reader.chain, "relayer")
    datasets = reader_at(data or str(settings().var_dir / "published"))
    tower = Watchtower(reader, datasets, signer)
    found = tower.examine(session_id)
    if found is None:
        raise CommonwattError(
            f"no outcome of session {session_id} is accepted in its present round",
            which=session_id,
            remedy="Wait for the operators; `commonwatt session show` says where it stands.",
        )
    view, posted, verdict = found
    explained = explanation(reader, view, posted, verdict)
    acted = [] if signer is None else tower.look(session_id)
    done, trouble = [step for s in acted for step in s.done], "; ".join(s.trouble for s in acted if s.trouble)
    if as_json:
        document = {"session_id": session_id, **explained, "done": done, "trouble": trouble or None}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join([*lines(explained), *(f"→ {step}" for step in done), *([f"! {trouble}"] * bool(trouble))]))
    if not isinstance(verdict, Right):
        raise typer.Exit(WRONG)


def explanation(
    reader: CommunityReader, view: SessionView, posted: PostedOutcome, verdict: Right | Wrong | Withheld
) -> dict[str, Any]:
    """A verdict as JSON has it."""
    if isinstance(verdict, Wrong):
        proof = verdict.proof
        return {
            "verdict": "wrong",
            "words": proof.words,
            "kind": proof.kind.name.lower(),
            "places": len(proof.places),
            "bytes": len(refute_call(reader.contracts, view, posted, proof).data),
            "chain": _chain_says(reader, view, posted, proof),
        }
    return {"verdict": "right" if isinstance(verdict, Right) else "withheld", "words": said(verdict)}


def lines(explained: dict[str, Any]) -> list[str]:
    """An explanation for people."""
    match explained["verdict"]:
        case "right":
            return ["The accepted outcome is the one that the reveals lead to: nobody can refute it."]
        case "withheld":
            return [f"The accepted outcome is wrong: {explained['words']}."]
    return [
        f"The accepted outcome is wrong: {explained['words']}.",
        f"The proof opens {explained['places']} places of the tree and takes {explained['bytes']:,} bytes.",
        f"The chain {explained['chain']}.",
    ]


def _chain_says(reader: CommunityReader, view: SessionView, posted: PostedOutcome, proof: Proof) -> str:
    verifier = reader.chain.call(reader.contracts.refuter.call("verifier"))
    try:
        reader.chain.call(check_call(reader.contracts, verifier, view, posted, proof))
    except ContractRefusal as refusal:
        return f"would refuse it: {refusal.message}"
    return "would accept it"
