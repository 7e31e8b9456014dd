"""`commonwatt member recovery-key|move-funds`: before a wallet is lost, and after.

A recovery key may take back what an admin did with a wallet, within the community's delay; it moves no money. When the
delay is over, `move-funds` brings free escrow and tokens of a replaced wallet to the new one: to nobody else, whoever
asks. Escrow that a session still locks follows when that session is over: run it again.
"""

from typing import Annotated

import typer

from commons.actions.tokens import token_balances
from commons.addresses import ZERO_ADDRESS
from commons.chain.sentences import show_moment
from commons.errors import InputError
from commons.units import show_eur, show_tokens
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


def add_lost_wallet_verbs(app: typer.Typer) -> None:
    """Add the verbs about a lost wallet's money."""
    app.command("recovery-key")(recovery_key)
    app.command("move-funds")(move_funds)


def recovery_key(
    key: Annotated[str, typer.Argument(metavar="ADDRESS", help="Of a key that lies elsewhere than the wallet's.")],
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Name the key that may veto the replacement of the signer's wallet; it can do nothing else."""
    at = wallet(key)
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    reader.chain.send(signer, reader.contracts.community.call("setRecoveryKey", at))
    found = {"wallet": signer.address, "recovery_key": at}
    show(as_json, found, lambda: [f"{shown(at)} may veto a replacement of {shown(signer.address)}, and nothing else."])


def move_funds(
    old: Annotated[str, typer.Argument(metavar="WALLET", help="The wallet that was replaced.")],
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Move free escrow and tokens of a replaced wallet to its successor, once the delay is over. Anybody."""
    lost = wallet(old)
    reader = open_community(network, rpc, community)
    contracts = reader.contracts
    replacement = reader.chain.call(contracts.community.call("replacementOf", lost))
    if replacement.new_wallet == ZERO_ADDRESS:
        raise InputError(f"{shown(lost)} was not replaced", which=lost, remedy="See `commonwatt member list`.")
    if reader.chain.call(contracts.community.call("successorOf", lost)) == ZERO_ADDRESS:
        told = "it was vetoed" if replacement.vetoed else f"it may move from {show_moment(replacement.moves_at)} on"
        raise InputError(f"the money of {shown(lost)} stays: {told}", which=lost, remedy="Wait, or ask the admin.")
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, "relayer")
    free, tokens = reader.funds(lost).free, token_balances(reader, [lost])[0]
    if free:
        reader.chain.send(signer, contracts.marketplace.call("moveEscrow", lost))
    if tokens:
        reader.chain.send(signer, contracts.token.call("moveBalance", lost))
    locked = reader.funds(lost).locked
    found = {"old": lost, "new": replacement.new_wallet, "escrow_ue": free, "tokens": tokens, "locked_ue": locked}
    moved = f"{show_eur(free)} of escrow and {show_tokens(tokens)} moved to {shown(replacement.new_wallet)}."
    later = [f"{show_eur(locked)} are still locked by sessions; run this again when they are over."] if locked else []
    show(as_json, found, lambda: [moved, *later])
