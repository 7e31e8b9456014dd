"""`commonwatt order commit|reveal|withdraw|show`: sealed orders in a session.

`commit` reads orders from a CSV or JSON file (`slot,side,quantity_wh,limit_price`: whole Wh and µ€/kWh), locks what
they may need, and puts an encrypted envelope of them on the chain. `reveal` and `show` need nothing but the same
wallet: they reopen the envelope. A commitment may be replaced or withdrawn until the commit deadline; what is revealed
is public for good. Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from commons.actions import orders as market
from commons.addresses import Address
from commons.contracts import CommunityReader
from commons.errors import InputError, MalformedInput
from commons.orders import SALT_BYTES, Order
from commons.orders_file import read_orders
from commons.records import PositionState
from commons.units import SessionId, show_eur, show_eur_kwh, show_kwh
from commons.wallets import Signer
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
    table,
    wallet,
)

app = typer.Typer(no_args_is_help=True, help="Commit, reveal, withdraw and look at sealed orders.")
Session = Annotated[int, typer.Argument(metavar="SESSION", help="The session's number.")]


@app.command()
def commit(
    session_id: Session,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Orders: CSV slot,side,quantity_wh,limit_price, or JSON.")
    ],
    max_lock: Annotated[
        str | None, typer.Option("--max-lock", metavar="EUR", help="Lock more than needed, to hide what they come to.")
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Commit to orders; replaces an earlier commitment in the same session."""
    orders = read_orders(file)
    lock = None if max_lock is None else euros(max_lock)
    reader = open_community(network, rpc, community)
    trader = SignIn(as_name, keystore, password_file).signer(reader.chain)
    sealed = market.commit(reader, SessionId(session_id), trader, orders, lock)
    found = {
        "session_id": session_id,
        "trader": trader.address,
        "commitment": sealed.commitment,
        "orders": len(sealed.orders),
        "max_lock_ue": sealed.max_lock,
        "deposit_ue": sealed.deposit,
    }
    show(
        as_json,
        found,
        lambda: [
            f"{len(sealed.orders)} orders of {shown(trader.address)} are committed in session {session_id}: "
            f"{show_eur(sealed.max_lock)} locked, {show_eur(sealed.deposit)} deposit.",
            "Reveal them after the commit deadline with the same wallet: the deposit is lost otherwise.",
        ],
    )


@app.command()
def reveal(
    session_id: Session,
    trader: Annotated[
        str | None, typer.Option("--for", metavar="WALLET", help="Reveal for this trader, with --orders and --salt.")
    ] = None,
    orders_file: Annotated[Path | None, typer.Option("--orders", metavar="FILE", help="The committed orders.")] = None,
    salt: Annotated[str | None, typer.Option("--salt", metavar="HEX", help="The commitment's salt, 32 bytes.")] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Reveal orders: the wallet's own, reopened from the chain, or another's, given with their salt."""
    given = None if orders_file is None else read_orders(orders_file)
    if (given is None) != (salt is None) or (trader is not None and given is None):
        raise InputError("orders and salt come together", remedy="Give both --orders FILE and --salt HEX, or neither.")
    salt_bytes = b"" if salt is None else _salt(salt)
    reader = open_community(network, rpc, community)
    sender = SignIn(as_name, keystore, password_file).signer(reader.chain)
    number = SessionId(session_id)
    at = wallet(trader) if trader else sender.address
    if given is None:
        given = list(market.reveal(reader, number, sender).orders)
    else:
        market.reveal_for(reader, number, sender, at, given, salt_bytes)
    position = reader.position(number, at)
    found = {"session_id": session_id, "trader": at, "orders": given, "position": position}
    show(
        as_json,
        found,
        lambda: [
            f"{len(given)} orders of {shown(at)} are revealed in session {session_id}, numbers {position.first_index} "
            f"to {position.first_index + position.order_count - 1}; {show_eur(position.lock)} stay locked."
        ],
    )


@app.command()
def withdraw(
    session_id: Session,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Withdraw a commitment before the commit deadline; lock and deposit are free again."""
    reader = open_community(network, rpc, community)
    trader = SignIn(as_name, keystore, password_file).signer(reader.chain)
    market.withdraw(reader, SessionId(session_id), trader)
    held = reader.funds(trader.address)
    found = {"session_id": session_id, "trader": trader.address, "free_ue": held.free}
    show(as_json, found, lambda: [f"The commitment is withdrawn; {show_eur(held.free)} are free in escrow."])


@app.command("show")
def show_orders(
    session_id: Session,
    trader: Annotated[str | None, typer.Argument(metavar="WALLET", help="Whose; the signer's if not given.")] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Show a trader's part of a session; before the reveal, the orders to their own wallet alone, with their salt."""
    reader = open_community(network, rpc, community)
    signs = SignIn(as_name, keystore, password_file)
    signer = None if trader and not (as_name or keystore) else signs.signer(reader.chain)
    number = SessionId(session_id)
    at = wallet(trader) if trader else _address(signer)
    reader.require_session(number)
    position = reader.position(number, at)
    found = {"session_id": session_id, "trader": at, "position": position, **_content(reader, number, at, signer)}
    orders = found.get("orders")
    show(
        as_json,
        found,
        lambda: [
            f"{shown(at)} in session {session_id}: {position.state.name.lower()}, {show_eur(position.lock)} locked",
            *(_order_lines(orders) if orders else []),
        ],
    )


def _content(reader: CommunityReader, number: SessionId, at: Address, signer: Signer | None) -> dict[str, Any]:
    """The orders, as far as they are public or the signer's own."""
    for event in reader.session_events(number, "OrdersRevealed"):
        if event.args["trader"] == at:
            return {"orders": event.args["orders"], "tx": event.tx_hash}
    if signer is None or signer.address != at:
        return {}
    if reader.position(number, at).state == PositionState.NONE:
        return {}
    opened = market.reopen(reader, number, signer)
    return {"orders": opened.orders, "salt": opened.salt}


def _order_lines(orders: Sequence[Order]) -> list[str]:
    rows = [
        (o.slot, "buy" if o.is_buy else "sell", show_kwh(o.quantity_wh), show_eur_kwh(o.limit_price)) for o in orders
    ]
    return ["  " + line for line in table(("slot", "side", "quantity", "limit"), rows)]


def _address(signer: Signer | None) -> Address:
    if signer is None:
        raise InputError("nobody is named", remedy="Give a wallet, or --as NAME.")
    return signer.address


def _salt(text: str) -> bytes:
    try:
        found = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        found = b""
    if len(found) != SALT_BYTES:
        raise MalformedInput("the salt is not 32 bytes in hexadecimal", remedy="Write 0x and 64 digits.")
    return found
