"""`commonwatt oracle withdraw-vote SESSION`: an operator takes back what it said of a session.

A vote can be taken back until its answer is accepted, and within the window after it where the question allows that;
what it is worth then is decided anew by those that stay. The operator's service votes again once it finds another
answer, such as after a reading was corrected. Effect: one transaction, which cannot be undone.
"""

from typing import Annotated

import typer

from commons.errors import InputError
from commons.units import SessionId
from oracle.session.types import Ballot
from scripts.on_chain import session_told
from scripts.surroundings import (
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
)


def withdraw_vote(
    session_id: Annotated[int, typer.Argument(metavar="SESSION", min=1, help="Number of the session.")],
    name: Annotated[str, typer.Option("--operator", metavar="NAME", help="The operator.")] = "operator-1",
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Take back the operator's vote on the settlement of a session, or on its outcome if there is none."""
    reader = open_community(network, rpc, community)
    signer = SignIn(None, keystore, password_file).signer(reader.chain, None if keystore else name)
    view, _ = session_told(reader, SessionId(session_id), reader.chain.block_number())
    backed = [
        (what, ballot, answer)
        for what, ballot in (("settlement", view.settlement_ballot), ("outcome", view.outcome_ballot))
        for answer in _backed(ballot, signer.address)
    ]
    if not backed:
        raise InputError(f"{name} has no vote on session {session_id}", which=signer.address, remedy="Name another.")
    what, ballot, answer = backed[0]
    if not as_json:
        confirm([f"{name} takes back its vote on the {what} of session {session_id}: 0x{answer.hex()}."], yes)
    reader.chain.send(signer, reader.contracts.quorum.call("withdrawVote", ballot.question, answer))
    found = {"session_id": session_id, "about": what, "question": ballot.question, "answer": answer}
    show(as_json, found, lambda: [f"{name} backs that {what} of session {session_id} no more."])


def _backed(ballot: Ballot, operator: str) -> list[bytes]:
    return [answer for answer, voters in ballot.votes if operator in voters]
