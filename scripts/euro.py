"""`commonwatt euro mint|redeem|show`: settlement euro, where the network has our own settlement token.

Each bank reference is minted once. On the embedded chain, where there is no bank, a random reference stands in if none
is given. Minted euro go back by their holder's `redeem` only: it burns them, and the issuer pays the same out by bank
under the reference, which cannot be undone. Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

from typing import Annotated

import typer

from commons.actions import funds
from commons.addresses import Address
from commons.contracts import Contract
from commons.errors import InputError, MalformedInput
from commons.units import MoneyUe, show_eur
from scripts.surroundings import (
    As,
    Json,
    Keystore,
    Network,
    PasswordFile,
    Place,
    Rpc,
    SignIn,
    Yes,
    confirm,
    euros,
    open_network,
    show,
    shown,
    wallet,
)

app = typer.Typer(no_args_is_help=True, help="Issue settlement euro, turn them back, and look at them.")


@app.command()
def mint(
    holder: Annotated[str, typer.Argument(metavar="WALLET", help="Who gets them: address, or embedded account.")],
    amount: Annotated[str, typer.Argument(metavar="EUR", help="Amount in €, such as 12.50.")],
    reference: Annotated[
        str | None, typer.Option("--reference", help="The bank payment's reference; random on the embedded chain.")
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Mint settlement euro against a bank payment. Issuer only."""
    money, at = euros(amount), wallet(holder)
    if reference is None and keystore is not None:
        raise MalformedInput("no bank reference is given", remedy="Name the payment with --reference.")
    place = open_network(network, rpc)
    signer = SignIn(as_name, keystore, password_file).signer(place.chain, "issuer")
    place.chain.send(signer, funds.mint_call(_token(place), at, money, reference))
    held = _held(place, at)
    found = {"holder": at, "minted_ue": money, "wallet_ue": held}
    show(as_json, found, lambda: [f"{show_eur(money)} minted; {shown(at)} holds {show_eur(held)}."])


@app.command()
def redeem(
    amount: Annotated[str, typer.Argument(metavar="EUR", help="Amount in €, such as 12.50.")],
    reference: Annotated[
        str | None,
        typer.Option("--reference", help="What the bank payment is to carry; random on the embedded chain."),
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Burn settlement euro of one's own; the issuer pays the same out by bank."""
    money = euros(amount)
    if reference is None and keystore is not None:
        raise MalformedInput("no reference is given", remedy="Say with --reference what the bank payment is to carry.")
    place = open_network(network, rpc)
    signer = SignIn(as_name, keystore, password_file).signer(place.chain)
    held = _held(place, signer.address)
    if held < money:
        raise InputError(
            f"{shown(signer.address)} holds {show_eur(held)} of settlement euro, and {show_eur(money)} are to go back",
            which=signer.address,
            remedy="Take euro out of escrow first (`commonwatt funds withdraw`), or give back less.",
        )
    if not as_json:
        confirm([f"Burn {show_eur(money)} of {shown(signer.address)}; the issuer pays them out by bank."], yes)
    place.chain.send(signer, funds.redeem_call(_token(place), money, reference))
    found = {"holder": signer.address, "redeemed_ue": money, "wallet_ue": _held(place, signer.address)}
    show(as_json, found, lambda: [f"{show_eur(money)} are burned; the issuer pays them out by bank."])


@app.command("show")
def show_euro(
    account: Annotated[str | None, typer.Argument(metavar="WALLET", help="Whose; the signer's if not given.")] = None,
    network: Network = None,
    rpc: Rpc = None,
    as_name: As = None,
    as_json: Json = False,
) -> None:
    """Show what an account holds outside escrow, and how much settlement euro there is in all."""
    place = open_network(network, rpc)
    at = wallet(account) if account else SignIn(as_name, None, None).signer(place.chain).address
    supply = MoneyUe(place.chain.call(_token(place).call("totalSupply")))
    found = {"token": place.deployment.euro, "account": at, "wallet_ue": _held(place, at), "supply_ue": supply}
    show(
        as_json,
        found,
        lambda: [f"{shown(at)} holds {show_eur(_held(place, at))}; there are {show_eur(supply)} in all."],
    )


def _token(place: Place) -> Contract:
    return Contract(place.deployment.euro, "SettlementEuro")


def _held(place: Place, at: Address) -> MoneyUe:
    return MoneyUe(place.chain.call(_token(place).call("balanceOf", at)))
