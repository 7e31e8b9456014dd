"""`commonwatt pay`: tokens from one member to another.

The fee and the incentives of the category are said before anything is signed. A payment made cannot be undone.
Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

from typing import Annotated, Any

import typer

from commons.actions import tokens as token_actions
from commons.actions.tokens import word_of
from commons.chain import Event
from commons.errors import MalformedInput
from commons.records.economy import TokenCategory
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
    tokens,
    wallet,
)

DIRECT = (
    TokenCategory.TRANSFER,
    TokenCategory.CITIZEN_TO_CITIZEN,
    TokenCategory.STAKEHOLDER_TO_CITIZEN,
    TokenCategory.SELLER_BONUS,
    TokenCategory.STAKEHOLDER_TO_STAKEHOLDER,
    TokenCategory.CITIZEN_TO_STAKEHOLDER,
)
"""What members pay from wallet to wallet; the other categories go through a service or come from the treasury."""
CHOICES = ", ".join(word_of(category) for category in DIRECT)


def run(
    payee: Annotated[str, typer.Argument(metavar="WALLET", help="Who is paid: address, or embedded account.")],
    amount: Annotated[str, typer.Argument(metavar="TOKENS", help="How many, such as 1.5.")],
    category: Annotated[str, typer.Option("--category", metavar="CATEGORY", help=f"One of {CHOICES}.")] = "transfer",
    reference: Annotated[str, typer.Option("--reference", help="What for; public, and for good.")] = "",
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Pay another member in tokens."""
    at, sum_of, named = wallet(payee), tokens(amount), token_actions.category_named(category)
    if named not in DIRECT:
        raise MalformedInput(
            f"{word_of(named)} is not paid from wallet to wallet",
            remedy="Use `commonwatt service`, or the treasury.",
        )
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    token_actions.require_tokens(reader, signer.address, sum_of)
    expected = token_actions.quote(reader, signer.address, at, sum_of, named)
    if not as_json:
        confirm(
            [
                f"{signer.name} pays {show_tokens(sum_of)} to {shown(at)} ({word_of(named)}).",
                f"Fee {show_tokens(expected.fee)}; incentive {show_tokens(expected.payer_incentive)} to the payer, "
                f"{show_tokens(expected.payee_incentive)} to the payee, if the treasury has them.",
            ],
            yes,
        )
    call = token_actions.pay_call(reader.contracts, at, sum_of, named, reference)
    receipt = reader.chain.send(signer, call)
    paid = next(event for event in receipt.events if event.name == "Paid")
    short = any(event.name == "TreasuryShort" for event in receipt.events)
    show(as_json, {**paid.args, "treasury_was_short": short}, lambda: _lines(paid, short))


def _lines(paid: Event, short: bool) -> list[str]:
    args: dict[str, Any] = dict(paid.args)
    net = args["amount"] - args["fee"]
    return [
        f"{shown(args['payee'])} got {show_tokens(net)}; the fee was {show_tokens(args['fee'])}, the incentives "
        f"{show_tokens(args['payerIncentive'])} to the payer and {show_tokens(args['payeeIncentive'])} to the payee.",
        *(["The treasury could not pay all of the incentives."] if short else []),
    ]
