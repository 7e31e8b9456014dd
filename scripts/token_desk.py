"""`commonwatt token buy|pay-fee`: what stakeholders pay to the community in settlement euro.

Both go to the treasury at once and cannot be taken back: nobody sells tokens back to the community.
"""

from typing import Annotated

import typer

from commons.actions import tokens as token_actions
from commons.chain.sentences import show_moment
from commons.errors import InputError
from commons.records.economy import TokenAmount
from commons.units import TOKEN, MoneyUe, show_eur, show_tokens
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
    euros,
    open_community,
    require_euro,
    show,
    shown,
    tokens,
    wallet,
)


def add_desk_verbs(app: typer.Typer) -> None:
    """Add the verbs of the stakeholders' desk."""
    app.command("buy")(buy)
    app.command("pay-fee")(pay_fee)


def buy(
    amount: Annotated[str, typer.Argument(metavar="EUR", help="For how much, such as 50.")],
    least: Annotated[
        str | None, typer.Option("--least", metavar="TOKENS", help="Refuse fewer tokens; those of now's price if none.")
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Buy tokens of the treasury, one way. Stakeholders whose yearly fee is paid only."""
    money = euros(amount)
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    price = token_actions.amount_views(reader, [TokenAmount.TOKEN_PRICE])[0].value
    if price == 0:
        raise InputError("the community sells no tokens: no price is set", remedy="Ask its token admin.")
    require_euro(reader, signer.address, money)
    wanted = money * TOKEN // price if least is None else tokens(least)
    if not as_json:
        at_price = f"at {show_eur(MoneyUe(price))} a token: at least {show_tokens(wanted)}"
        confirm([f"{signer.name} pays {show_eur(money)} {at_price}. They cannot be sold back."], yes)
    for call in token_actions.buy_calls(reader.contracts, money, wanted):
        reader.chain.send(signer, call)
    held = token_actions.token_balances(reader, [signer.address])[0]
    found = {"buyer": signer.address, "paid_ue": money, "price_ue": price, "tokens": held}
    show(as_json, found, lambda: [f"{shown(signer.address)} now holds {show_tokens(held)}."])


def pay_fee(
    stakeholder: Annotated[
        str | None, typer.Argument(metavar="WALLET", help="Whose fee; the signer's own if not given.")
    ] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Pay a stakeholder's fee for a year. Anybody may."""
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    at = signer.address if stakeholder is None else wallet(stakeholder)
    member_id = reader.member(at).member_id
    fee = MoneyUe(token_actions.amount_views(reader, [TokenAmount.YEARLY_FEE])[0].value)
    require_euro(reader, signer.address, fee)
    if not as_json:
        confirm([f"{signer.name} pays the yearly fee of {show_eur(fee)} for {shown(at)}."], yes)
    for call in token_actions.yearly_fee_calls(reader.contracts, member_id, fee):
        reader.chain.send(signer, call)
    until = int(reader.chain.call(reader.contracts.desk.call("paidUntil", member_id)))
    found = {"stakeholder": at, "fee_ue": fee, "paid_until": until}
    show(as_json, found, lambda: [f"The fee of {shown(at)} is paid until {show_moment(until)}."])
