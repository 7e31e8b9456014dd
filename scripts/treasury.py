"""`commonwatt treasury …`: the community's control wallet, payments out of it, and budget that comes back to it.

A payment is proposed by a token admin, approved by another person who is a community admin, and made by anybody once
its notice is over; until then it can be withdrawn. A payment made cannot be undone. Settings: `COMMONWATT_NETWORK`,
`COMMONWATT_RPC_URL`.
"""

from collections.abc import Callable
from typing import Annotated

import typer

from commons.actions import treasury as control_wallet
from commons.actions.treasury import TreasuryPayment
from commons.chain import Call
from commons.chain.sentences import show_moment
from commons.contracts import CommunityReader, Contracts
from commons.errors import MalformedInput
from commons.units import MoneyUe, show_eur, show_tokens
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
    show,
    shown,
    table,
    tokens,
    wallet,
)

app = typer.Typer(no_args_is_help=True, help="Look at the community's control wallet, and pay out of it.")
Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The payment's number.")]
ADMIN = "community-admin"


@app.command("show")
def show_treasury(
    network: Network = None, rpc: Rpc = None, community: CommunityAt = None, as_json: Json = False
) -> None:
    """Show what the treasury holds, and every payment out of it with where it stands."""
    reader = open_community(network, rpc, community)
    held, found = control_wallet.holdings(reader), control_wallet.payments(reader)
    rows = [(one.payment_id, one.state, _amount(reader, one), shown(one.payment.payee), one.purpose) for one in found]
    show(
        as_json,
        {"address": reader.contracts.treasury.address, "holdings": held, "payments": found},
        lambda: [
            f"The treasury of {reader.name} holds {show_eur(held.euro)} and {show_tokens(held.tokens)}.",
            *(table(("number", "state", "amount", "payee", "purpose"), rows) if rows else []),
        ],
    )


@app.command()
def propose(
    payee: Annotated[str, typer.Argument(metavar="WALLET", help="Who is to be paid.")],
    amount: Annotated[str, typer.Argument(help="How much: € such as 12.50, or tokens such as 3.5.")],
    purpose: Annotated[str, typer.Argument(help="What for; public, and for good.")],
    in_tokens: Annotated[bool, typer.Option("--tokens", help="The amount is in tokens, not in €.")] = False,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Propose a payment out of the treasury. Token admin only."""
    at, sum_of = wallet(payee), tokens(amount) if in_tokens else euros(amount)
    if not purpose.strip():
        raise MalformedInput("the payment has no purpose", remedy="Say in a few words what it is for.")
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN)
    asset = (reader.contracts.token if in_tokens else reader.contracts.euro).address
    said = show_tokens(sum_of) if in_tokens else show_eur(MoneyUe(sum_of))
    if not as_json:
        confirm([f"Propose that the treasury of {reader.name} pays {said} to {shown(at)} for: {purpose}"], yes)
    call = control_wallet.propose_call(reader.contracts, asset, at, sum_of, purpose)
    receipt = reader.chain.send(signer, call)
    number = next(event.args["paymentId"] for event in receipt.events if event.name == "PaymentProposed")
    _tell(reader, number, as_json, "is proposed; another person who is a community admin approves it")


def _step(name: str, build: Callable[[Contracts, int], Call], done: str, asked: str, help_text: str) -> None:
    """Add a verb that takes a payment one step on."""

    def verb(
        number: Number,
        network: Network = None,
        rpc: Rpc = None,
        community: CommunityAt = None,
        as_name: As = None,
        keystore: Keystore = None,
        password_file: PasswordFile = None,
        yes: Yes = False,
        as_json: Json = False,
    ) -> None:
        reader = open_community(network, rpc, community)
        signer = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN)
        wanted = control_wallet.payment(reader, number)
        if not as_json:
            said = f"{_amount(reader, wanted)} to {shown(wanted.payment.payee)} for: {wanted.purpose}"
            confirm([f"{asked} payment {number}: {said}"], yes)
        reader.chain.send(signer, build(reader.contracts, number))
        _tell(reader, number, as_json, done)

    app.command(name, help=help_text)(verb)


_step(
    "approve",
    control_wallet.approve_call,
    "is approved",
    "Approve",
    "Approve a payment, which starts its notice. Community admin only, another person than the proposer.",
)
_step(
    "withdraw",
    control_wallet.withdraw_call,
    "is withdrawn",
    "Withdraw",
    "Withdraw a payment not made yet. Token admin or community admin.",
)
_step("pay", control_wallet.pay_call, "is made", "Make", "Make an approved payment whose notice is over. Anybody.")


@app.command("return-budget")
def return_budget(
    amount: Annotated[str, typer.Argument(metavar="TOKENS", help="How many, such as 20.")],
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Take budget for community work back that no work was promised. Token admin only."""
    wanted = tokens(amount)
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN)
    if not as_json:
        confirm([f"{show_tokens(wanted)} of the budget for work go back to the treasury of {reader.name}."], yes)
    reader.chain.send(signer, reader.contracts.works.call("returnBudget", wanted))
    held = control_wallet.holdings(reader)
    found = {"returned": wanted, "holdings": held}
    show(as_json, found, lambda: [f"{show_tokens(wanted)} are back; the treasury holds {show_tokens(held.tokens)}."])


def _amount(reader: CommunityReader, one: TreasuryPayment) -> str:
    if one.payment.asset == reader.contracts.token.address:
        return show_tokens(one.payment.amount)
    return show_eur(MoneyUe(one.payment.amount))


def _tell(reader: CommunityReader, number: int, as_json: bool, done: str) -> None:
    one = control_wallet.payment(reader, number)
    due = f"; it can be made from {show_moment(one.payment.due_at)}" if one.state == "notice" else ""
    show(as_json, one, lambda: [f"Payment {number} {done}{due}."])
