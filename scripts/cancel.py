"""`commonwatt cancel SESSION`: what anybody may do when a session has no settlement at its settlement timeout.

One transaction; it cannot be undone. Locks are then released one by one with `commonwatt release`. Settings:
`COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

from typing import Annotated

import typer

from commons.units import SessionId
from scripts.surroundings import (
    As,
    CommunityAt,
    Json,
    Keystore,
    Network,
    PasswordFile,
    Rpc,
    SignIn,
    open_community,
    show,
)


def run(
    session_id: Annotated[int, typer.Argument(metavar="SESSION", help="The session's number.")],
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Cancel a session whose operators have vanished, so that every member gets everything back."""
    reader = open_community(network, rpc, community)
    number = SessionId(session_id)
    reader.require_session(number)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    reader.chain.send(signer, reader.contracts.marketplace.call("cancel", number))
    found = {"session_id": number, "state": reader.state(number)}
    show(as_json, found, lambda: [f"Session {number} is cancelled; free each lock with `commonwatt release`."])
