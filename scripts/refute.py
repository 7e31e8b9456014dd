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
from commons.units import MoneyUe, SessionId, show_eur
from oracle.refutation.examine import Right, Withheld, Wrong
from oracle.refutation.places import Proof
from oracle.refutation.sending import check_call, refute_call
from oracle.session.types import PostedOutcome, SessionView
from oracle.watchtower import Watchtower, said
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
    open_community,
    published_at,
)
from scripts.watch import RelayAt, notes, through

WRONG = 1


def run(
    session_id: Annotated[int, typer.Argument(metavar="SESSION", help="The session's number.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Explain, and send nothing.")] = False,
    data: DataAt = None,
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
    datasets = published_at(data)
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
    if as_json:
        done, trouble, waits = ([], None, None) if not acted else (acted[0].done, acted[0].trouble, acted[0].waits)
        state = {"done": list(done), "trouble": trouble or None, "waits": waits or None}
        typer.echo(json.dumps({"session_id": session_id, **explained, **state}, ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join([*lines(explained), *(note for sighting in acted for note in notes(sighting))]))
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
    if isinstance(verdict, Right):
        return {"verdict": "right", "words": said(verdict)}
    bond, seconds = reader.chain.call(reader.contracts.demands.call("demandTerms", view.session_id))
    terms = {"bond": str(bond), "answer_window_s": seconds}
    return {"verdict": "withheld", "words": verdict.words, "demands": verdict.places, **terms}


def lines(explained: dict[str, Any]) -> list[str]:
    """An explanation for people."""
    match explained["verdict"]:
        case "right":
            return ["The accepted outcome is the one that the reveals lead to: nobody can refute it."]
        case "withheld":
            return [f"The accepted outcome is wrong: {explained['words']}.", *_demanding(explained)]
    opens = "one place" if explained["places"] == 1 else f"{explained['places']} places"
    return [
        f"The accepted outcome is wrong: {explained['words']}.",
        f"The proof opens {opens} of the tree and takes {explained['bytes']:,} bytes.",
        f"The chain {explained['chain']}.",
    ]


def _demanding(explained: dict[str, Any]) -> list[str]:
    """What can be done where nothing usable was published."""
    bond, minutes = show_eur(MoneyUe(int(explained["bond"]))), explained["answer_window_s"] / 60
    return [
        "If the operators published the file elsewhere, name that place with --data.",
        f"Otherwise make them open the tree on the chain ({explained['demands'] or 'all that is needed is demanded'}): "
        "`commonwatt watch` does it, or this command without --dry-run.",
        f"A demand takes a bond of {bond}; it comes back if nobody answers, or if who demanded refutes the outcome.",
        f"Where there is no answer within {minutes:g} min, the outcome becomes void.",
    ]


def _chain_says(reader: CommunityReader, view: SessionView, posted: PostedOutcome, proof: Proof) -> str:
    verifier = reader.chain.call(reader.contracts.refuter.call("verifier"))
    try:
        reader.chain.call(check_call(reader.contracts, verifier, view, posted, proof))
    except ContractRefusal as refusal:
        return f"would refuse it: {refusal.message}"
    return "would accept it"
