"""`commonwatt release SESSION`: end a lock that has no more purpose, one's own or anybody's.

It has none when the orders were not revealed in time (the deposit then goes to the treasury), when the session was
cancelled, or when its execution timed out. Anybody may send it. Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

from typing import Annotated

import typer

from commons.units import MoneyUe, SessionId, show_eur
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
    shown,
    wallet,
)


def run(
    session_id: Annotated[int, typer.Argument(metavar="SESSION", help="The session's number.")],
    trader: Annotated[str | None, typer.Option("--for", metavar="WALLET", help="Whose lock; the signer's.")] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Release a lock of a session that is cancelled or timed out, or of orders that were not revealed."""
    reader = open_community(network, rpc, community)
    number = SessionId(session_id)
    reader.require_session(number)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    at = wallet(trader) if trader else signer.address
    receipt = reader.chain.send(signer, reader.contracts.marketplace.call("releaseLock", number, at))
    freed = MoneyUe(sum(event.args["amount"] for event in receipt.events if event.name == "LockReleased"))
    lost = MoneyUe(sum(event.args["deposit"] for event in receipt.events if event.name == "DepositForfeited"))
    found = {"session_id": number, "trader": at, "released_ue": freed, "forfeited_ue": lost}
    forfeited = f"; the deposit of {show_eur(lost)} is forfeited" if lost else ""
    show(as_json, found, lambda: [f"{show_eur(freed)} of {shown(at)} are free again{forfeited}."])
