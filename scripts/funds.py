"""`commonwatt funds deposit|withdraw|show`: a member's escrow in the market.

Amounts are typed in €, exact to the millionth. What is not locked can be withdrawn at any time, whatever the member's
status. Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

from typing import Annotated

import typer

from commons.actions import funds as escrow
from commons.addresses import Address
from commons.contracts import CommunityReader
from commons.records import Funds
from commons.units import show_eur
from scripts.surroundings import (
    As,
    CommunityAt,
    Json,
    Keystore,
    Network,
    PasswordFile,
    Rpc,
    SignIn,
    euros,
    open_community,
    show,
    shown,
    wallet,
)

app = typer.Typer(no_args_is_help=True, help="Pay escrow in and out, and look at it.")


@app.command()
def deposit(
    amount: Annotated[str, typer.Argument(metavar="EUR", help="Amount in €, such as 12.50.")],
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Pay settlement euro from the member's wallet into escrow."""
    money = euros(amount)
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    held = escrow.deposit(reader, signer, money)
    _show(reader, signer.address, held, as_json, f"{show_eur(money)} paid in.")


@app.command()
def withdraw(
    amount: Annotated[
        str | None, typer.Argument(metavar="EUR", help="Amount in €; all that is free if not given.")
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Pay free escrow out to the member's wallet."""
    money = None if amount is None else euros(amount)
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    before = reader.funds(signer.address)
    escrow.withdraw(reader, signer, money)
    paid = before.free if money is None else money
    _show(reader, signer.address, reader.funds(signer.address), as_json, f"{show_eur(paid)} paid out.")


@app.command("show")
def show_funds(
    account: Annotated[str | None, typer.Argument(metavar="WALLET", help="Whose; the signer's if not given.")] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    as_json: Json = False,
) -> None:
    """Show an account's escrow, what of it is locked, and its settlement euro outside."""
    reader = open_community(network, rpc, community)
    at = wallet(account) if account else SignIn(as_name, None, None).signer(reader.chain).address
    _show(reader, at, reader.funds(at), as_json)


def _show(reader: CommunityReader, at: Address, held: Funds, as_json: bool, done: str = "") -> None:
    outside = reader.euro_balance(at)
    found = {
        "account": at,
        "balance_ue": held.balance,
        "locked_ue": held.locked,
        "free_ue": held.free,
        "wallet_ue": outside,
    }
    show(
        as_json,
        found,
        lambda: [
            *([done] if done else []),
            f"{shown(at)}: escrow {show_eur(held.balance)}, of it locked {show_eur(held.locked)}, "
            f"free {show_eur(held.free)}; in the wallet {show_eur(outside)}",
        ],
    )
