"""`commonwatt purchase open|join|leave|cancel|list`: group purchases, paid in tokens.

Each member's part is a deal of its own: pledged until the purchase closes; then delivered, confirmed and paid like any
other (`commonwatt service … --in purchases`), or refunded where too few took part. Settings: `COMMONWATT_NETWORK`,
`COMMONWATT_RPC_URL`.
"""

from typing import Annotated

import typer

from commons.actions import services
from commons.actions import tokens as token_actions
from commons.chain.sentences import show_moment
from commons.errors import InputError
from commons.records import PurchaseTerms
from commons.units import EpochSeconds, show_tokens
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
    table,
    tokens,
)

app = typer.Typer(no_args_is_help=True, help="Buy together, in tokens: enough take part, or everybody is refunded.")
Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="Its number.")]
DAY = 24 * 3600
MOST_UNITS, MOST_DAYS = 2**32 - 1, 365


@app.command("open")
def open_purchase(
    what: Annotated[str, typer.Argument(help="In a few words; the chain keeps the hash.")],
    price: Annotated[str, typer.Argument(metavar="TOKENS", help="For a unit.")],
    least: Annotated[
        int, typer.Option("--least", min=1, max=MOST_UNITS, help="Units below which everybody is refunded.")
    ],
    most: Annotated[int, typer.Option("--most", min=1, max=MOST_UNITS, help="Units above which no more are taken.")],
    days: Annotated[int, typer.Option("--days", min=1, max=MOST_DAYS, help="Days in which members may join.")] = 14,
    deliver_days: Annotated[
        int, typer.Option("--deliver-days", min=1, max=MOST_DAYS, help="Days to deliver after that.")
    ] = 30,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Open a group purchase. Its supplier signs."""
    unit, content = tokens(price), services.text_hash(what)
    if least > most:
        raise InputError(
            f"at least {least} units are more than at most {most}", remedy="Give no more with --least than with --most."
        )
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    closes = EpochSeconds(reader.chain.now() + days * DAY)
    terms = PurchaseTerms(unit, least, most, closes, deliver_days * DAY, content)
    if not as_json:
        confirm(
            [
                f"{signer.name} supplies {what} for {show_tokens(unit)} a unit, {least} to {most} units, until "
                f"{show_moment(closes)}."
            ],
            yes,
        )
    receipt = reader.chain.send(signer, services.open_purchase_call(reader.contracts, terms))
    number = services.numbers_of(receipt.events, "PurchaseOpened", "purchaseId")[0]
    show(
        as_json, {"purchase_id": number, "content_hash": content}, lambda: [f"It is purchase {number}. Keep the text."]
    )


@app.command()
def join(
    purchase: Number,
    units: Annotated[int, typer.Argument(min=1, max=MOST_UNITS, help="How many units.")] = 1,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Join: the price of the units goes into escrow."""
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    at, found = reader.contracts.purchases, services.purchase(reader, purchase)
    amount = found.terms.unit_price * units
    token_actions.require_tokens(reader, signer.address, amount)
    if not as_json:
        confirm([f"{signer.name} puts {show_tokens(amount)} into escrow for {units} units."], yes)
    call = services.join_call(reader.contracts, purchase, units)
    events = [
        event
        for one in services.escrow_calls(reader.contracts, at, amount, call)
        for event in reader.chain.send(signer, one).events
    ]
    number = services.numbers_of(events, "DealOpened", "dealId")[0]
    show(as_json, services.deal(reader, "purchases", number), lambda: [f"It is deal {number} in purchases."])


def _verb(name: str, function: str, done: str, help_text: str) -> None:
    """Add a verb that takes a number and nothing else."""

    def verb(
        number: Number,
        network: Network = None,
        rpc: Rpc = None,
        community: CommunityAt = None,
        as_name: As = None,
        keystore: Keystore = None,
        password_file: PasswordFile = None,
        as_json: Json = False,
    ) -> None:
        reader = open_community(network, rpc, community)
        signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
        reader.chain.send(signer, reader.contracts.purchases.call(function, number))
        show(as_json, {"number": number, "done": name}, lambda: [f"{done} {number}."])

    app.command(name, help=help_text)(verb)


_verb("leave", "leavePurchase", "The escrow is back; left deal", "Leave by the deal's number while members may join.")
_verb("cancel", "cancelPurchase", "Cancelled purchase", "Cancel a purchase before it closes. Its supplier only.")


@app.command("list")
def list_purchases(
    network: Network = None, rpc: Rpc = None, community: CommunityAt = None, as_json: Json = False
) -> None:
    """List group purchases with the units pledged so far."""
    reader = open_community(network, rpc, community)
    found = services.purchases(reader)
    rows = [
        (
            number,
            show_tokens(one.terms.unit_price),
            f"{one.units} of {one.terms.least_units} to {one.terms.most_units}",
            "cancelled" if one.is_cancelled else show_moment(one.terms.closes_at),
            shown(one.supplier),
        )
        for number, one in enumerate(found, start=1)
    ]
    header = ("purchase", "a unit", "units", "closes", "supplier")
    show(as_json, found, lambda: table(header, rows) if rows else ["There is no group purchase yet."])
