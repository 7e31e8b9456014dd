"""`commonwatt token welcome|settle-leaver`: what the token gives when a membership begins, and takes when it ended.

The bonus is paid at approval by itself; `welcome` pays one that waited for the treasury to have enough. A member who
left keeps its tokens for the period that the adhesion states; `settle-leaver` then brings the rest to the treasury,
which cannot be undone. Anybody may do either: the contract decides what is due, and to whom.
"""

from typing import Annotated

import typer

from commons.actions.tokens import token_balances
from commons.units import show_tokens
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
    wallet,
)

Wallet = Annotated[str, typer.Argument(metavar="WALLET", help="Whose, or its name on the embedded chain.")]


def add_grant_verbs(app: typer.Typer) -> None:
    """Add the verbs about what membership gives and takes."""
    app.command("welcome")(welcome)
    app.command("settle-leaver")(settle_leaver)


def welcome(
    member: Wallet,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Have a welcome bonus paid that waited for the treasury. Anybody."""
    at = wallet(member)
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, "relayer")
    receipt = reader.chain.send(signer, reader.contracts.token.call("welcome", at))
    paid = sum(event.args["amount"] for event in receipt.events if event.name == "Welcomed")
    said = f"{shown(at)} got its welcome bonus of {show_tokens(paid)}." if paid else "Nothing is due, or payable yet."
    show(as_json, {"wallet": at, "paid": paid}, lambda: [said])


def settle_leaver(
    leaver: Wallet,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Bring what a member who left still holds to the treasury, after the adhesion's period. Anybody; for good."""
    at = wallet(leaver)
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, "relayer")
    held = token_balances(reader, [at])[0]
    if not as_json:
        confirm([f"{show_tokens(held)} of {shown(at)}, who left, go to the treasury of {reader.name} for good."], yes)
    reader.chain.send(signer, reader.contracts.token.call("settleLeaver", at))
    show(as_json, {"wallet": at, "moved": held}, lambda: [f"{show_tokens(held)} went to the treasury."])
