"""`commonwatt service offer|request|accept|close|deliver|…|list|show`: goods, services and work, paid in tokens.

The payer's tokens are in escrow from acceptance on, and no role reaches them. Delivery is confirmed by the one served,
or by silence; a dispute is decided by a community admin who is no party; when a state's time is over anybody moves the
deal on. `--in works` is work for the community, paid out of the budget that the treasury gave; `--in purchases` are the
parts of group purchases. Texts stay off the chain, which keeps their hashes: keep the text. Settings:
`COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

from typing import Annotated, Any

import typer

from commons.actions import services
from commons.actions import tokens as token_actions
from commons.actions.services import DealView, ListingView
from commons.actions.tokens import word_of
from commons.addresses import ZERO_ADDRESS
from commons.chain import Call, Receipt
from commons.chain.sentences import show_moment
from commons.contracts import CommunityReader
from commons.errors import InputError
from commons.records import ListingTerms
from commons.records.economy import TokenCategory
from commons.units import BasisPoints, EpochSeconds, show_tokens
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
    Yes,
    confirm,
    open_community,
    percent,
    show,
    shown,
    table,
    tokens,
    wallet,
)

app = typer.Typer(no_args_is_help=True, help="Offer, ask for, deliver and confirm goods, services and work, in tokens.")
Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="Its number.")]
Place = Annotated[
    str, typer.Option("--in", metavar="PLACE", help="services, works (for the community), or purchases (by groups).")
]
ADMIN = "community-admin"
DAY = 24 * 3600
MOST_PLACES, MOST_DAYS = 65_535, 365


def _listing_verb(name: str, is_request: bool, help_text: str) -> None:
    """Add the verb that lists an offer or a request."""

    def verb(
        what: Annotated[str, typer.Argument(help="In a few words; the chain keeps the hash.")],
        amount: Annotated[str, typer.Argument(metavar="TOKENS", help="For one acceptance: 1 token is an hour.")],
        category: Annotated[
            str | None,
            typer.Option("--category", help="By default citizen-to-citizen; in works, to-community."),
        ] = None,
        places: Annotated[
            int, typer.Option("--places", min=1, max=MOST_PLACES, help="How often it may be accepted.")
        ] = 1,
        days: Annotated[
            int, typer.Option("--days", min=1, max=MOST_DAYS, help="Days in which it may be accepted.")
        ] = 30,
        deliver_days: Annotated[
            int, typer.Option("--deliver-days", min=1, max=MOST_DAYS, help="Days to deliver.")
        ] = 14,
        structure: Annotated[
            str | None, typer.Option("--structure", metavar="WALLET", help="The stakeholder that hosts.")
        ] = None,
        structure_share: Annotated[str, typer.Option("--structure-share", metavar="PERCENT", help="Its share.")] = "0",
        place: Place = "services",
        network: Network = None,
        rpc: Rpc = None,
        community: CommunityAt = None,
        as_name: As = None,
        keystore: Keystore = None,
        password_file: PasswordFile = None,
        yes: Yes = False,
        as_json: Json = False,
    ) -> None:
        each, named = tokens(amount), _category(category, place)
        host = ZERO_ADDRESS if structure is None else wallet(structure)
        share, content = percent(structure_share), services.text_hash(what)
        reader = open_community(network, rpc, community)
        signer = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN if place == "works" else None)
        until = EpochSeconds(reader.chain.now() + days * DAY)
        terms = ListingTerms(named, each, places, until, deliver_days * DAY, host, share, content)
        calls = _listing_calls(reader, place, is_request, terms)
        if not as_json:
            paid = "is paid" if is_request else "pays"
            confirm(
                [
                    f"{signer.name} {'asks for' if is_request else 'offers'}: {what} ({word_of(named)}).",
                    f"Who accepts {paid} {show_tokens(each)}, {places} times at most, until {show_moment(until)}.",
                ],
                yes,
            )
        receipt = _send_all(reader, signer, calls)
        number = services.numbers_of(receipt.events, "Listed", "listingId")[0]
        found = {"listing_id": number, "place": place, "content_hash": content}
        show(as_json, found, lambda: [f"It is listing {number} in {place}. Keep the text: its hash is on the chain."])

    app.command(name, help=help_text)(verb)


def _category(name: str | None, place: str) -> TokenCategory:
    """The category of a listing.

    Raises:
        InputError: there is none of that name, or it is not for what is listed there.
    """
    is_work = place == "works"
    usual = TokenCategory.TO_COMMUNITY if is_work else TokenCategory.CITIZEN_TO_CITIZEN
    named = usual if name is None else token_actions.category_named(name)
    if is_work and named not in services.WORK:
        raise InputError(
            f"work for the community is not paid as {word_of(named)}",
            remedy=f"Choose {' or '.join(word_of(one) for one in services.WORK)}.",
        )
    if not is_work and named in services.NOT_FOR_DEALS:
        raise InputError(
            f"no deal between members is paid as {word_of(named)}",
            remedy="Choose the category of the two members; work for the community is listed with --in works.",
        )
    return named


def _listing_calls(reader: CommunityReader, place: str, is_request: bool, terms: ListingTerms) -> list[Call]:
    contracts = reader.contracts
    if place == "works":
        if not is_request:
            raise InputError("the community asks for work, it does not offer any", remedy="Use `service request`.")
        return [services.work_call(contracts, terms)]
    if place != "services":
        raise InputError("group purchases are not listed here", remedy="Use `commonwatt purchase open`.")
    if not is_request:
        return [services.offer_call(contracts, terms)]
    call = services.request_call(contracts, terms)
    return services.escrow_calls(contracts, contracts.services, terms.amount * terms.places, call)


_listing_verb("offer", False, "Offer something: whoever accepts pays.")
_listing_verb("request", True, "Ask for something: your tokens go into escrow at once, and whoever accepts is paid.")


@app.command()
def accept(
    listing: Number,
    place: Place = "services",
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Accept a listing: a deal begins. Of an offer, your tokens go into escrow."""
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    view = _listing(reader, place, listing)
    at, amount = services.house(reader.contracts, place), view.listing.terms.amount
    calls = [services.accept_call(at, listing)]
    if not view.listing.is_request:
        token_actions.require_tokens(reader, signer.address, amount)
        calls = services.escrow_calls(reader.contracts, at, amount, calls[0])
    if not as_json:
        verb = "is to be paid" if view.listing.is_request else "puts into escrow"
        confirm([f"{signer.name} {verb} {show_tokens(amount)} for listing {listing}."], yes)
    receipt = _send_all(reader, signer, calls)
    number = services.numbers_of(receipt.events, "DealOpened", "dealId")[0]
    _tell(reader, place, number, as_json)


@app.command()
def close(
    listing: Number,
    place: Place = "services",
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Close a listing; what a request holds for places not taken comes back."""
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    _listing(reader, place, listing)
    reader.chain.send(signer, services.house(reader.contracts, place).call("close", listing))
    show(as_json, {"listing_id": listing, "is_closed": True}, lambda: [f"Listing {listing} is closed."])


def _step_verb(step: str, has_text: str | None, default: str | None, help_text: str) -> None:
    """Add a verb that takes a deal one step on; `has_text` says what the text is that the step's hash stands for."""

    def taken(deal: int, text: str | None, place: str, where: tuple[Any, ...], sign_in: SignIn, as_json: bool) -> None:
        arguments = () if text is None else (services.text_hash(text),)
        reader = open_community(*where)
        signer = sign_in.signer(reader.chain, default)
        services.deal(reader, place, deal)
        call = services.step_call(services.house(reader.contracts, place), step, deal, *arguments)
        reader.chain.send(signer, call)
        _tell(reader, place, deal, as_json)

    def plain(
        deal: Number,
        place: Place = "services",
        network: Network = None,
        rpc: Rpc = None,
        community: CommunityAt = None,
        as_name: As = None,
        keystore: Keystore = None,
        password_file: PasswordFile = None,
        as_json: Json = False,
    ) -> None:
        sign_in = SignIn(as_name, keystore, password_file)
        taken(deal, None, place, (network, rpc, community), sign_in, as_json)

    def with_text(
        deal: Number,
        text: Annotated[str, typer.Argument(help=has_text)],
        place: Place = "services",
        network: Network = None,
        rpc: Rpc = None,
        community: CommunityAt = None,
        as_name: As = None,
        keystore: Keystore = None,
        password_file: PasswordFile = None,
        as_json: Json = False,
    ) -> None:
        sign_in = SignIn(as_name, keystore, password_file)
        taken(deal, text, place, (network, rpc, community), sign_in, as_json)

    app.command(step, help=help_text)(plain if has_text is None else with_text)


_step_verb("deliver", "What was delivered; keep it.", None, "Say that a deal is delivered. Who is paid only.")
_step_verb("decline", None, None, "Give the escrow back before delivery. Who is paid only.")
_step_verb("confirm", None, None, "Confirm a delivery. The one served; of work for the community an admin.")
_step_verb("dispute", "Why; keep it.", None, "Dispute a delivery before silence confirms it. Who would confirm it.")
_step_verb("review", "The review; keep it.", None, "Put the hash of a review on the chain, once per party.")
_step_verb("move-on", None, "relayer", "Move a deal on whose state's time is over. Anybody.")


@app.command()
def decide(
    deal: Number,
    share: Annotated[str, typer.Argument(metavar="PERCENT", help="Of the escrow, to the one who delivered.")],
    place: Place = "services",
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Decide a dispute: divide the deal's escrow between its parties. Community admin who is none of them."""
    bps = percent(share)
    _judge(deal, "decide", (bps,), place, (network, rpc, community), (as_name, keystore, password_file), yes, as_json)


@app.command()
def check(
    deal: Number,
    sustainability: Annotated[str, typer.Argument(metavar="PERCENT", help="How sustainable it is, 0 to 100.")],
    social: Annotated[str, typer.Argument(metavar="PERCENT", help="What social value it has, 0 to 100.")],
    place: Place = "services",
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Judge a deal's value: the mean is how much of the category's incentive it earns. Community admin, no party."""
    values = (percent(sustainability), percent(social))
    _judge(deal, "check", values, place, (network, rpc, community), (as_name, keystore, password_file), yes, as_json)


@app.command("list")
def list_deals(
    place: Place = "services",
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_json: Json = False,
) -> None:
    """List offers, requests and deals of a place, as they stand now."""
    reader = open_community(network, rpc, community)
    listed = [] if place == "purchases" else services.listings(reader, place)
    deals = services.deals(reader, place)
    show(as_json, {"listings": listed, "deals": deals}, lambda: _lines(listed, deals))


@app.command("show")
def show_deal(
    deal: Number,
    place: Place = "services",
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_json: Json = False,
) -> None:
    """Show a deal: who, how much, where it stands, and until when."""
    _tell(open_community(network, rpc, community), place, deal, as_json)


# -------------------------------------------------------------------- parts


def _judge(
    deal: int,
    step: str,
    values: tuple[BasisPoints, ...],
    place: str,
    where: tuple[Any, ...],
    sign_in: tuple[Any, ...],
    yes: bool,
    as_json: bool,
) -> None:
    reader = open_community(*where)
    signer = SignIn(*sign_in).signer(reader.chain, ADMIN)
    view = services.deal(reader, place, deal)
    if not as_json:
        confirm([f"{step.capitalize()} deal {deal}: {_summary(view)}"], yes)
    reader.chain.send(signer, services.step_call(services.house(reader.contracts, place), step, deal, *values))
    _tell(reader, place, deal, as_json)


def _send_all(reader: CommunityReader, signer: Signer, calls: list[Call]) -> Receipt:
    return [reader.chain.send(signer, call) for call in calls][-1]


def _listing(reader: CommunityReader, place: str, number: int) -> ListingView:
    found = [one for one in services.listings(reader, place) if one.listing_id == number]
    if not found:
        raise InputError(
            f"there is no listing {number} in {place}", which=number, remedy="See `commonwatt service list`."
        )
    return found[0]


def _tell(reader: CommunityReader, place: str, number: int, as_json: bool) -> None:
    view = services.deal(reader, place, number)
    show(as_json, view, lambda: [f"Deal {number}: {_summary(view)}"])


def _summary(view: DealView) -> str:
    deal = view.deal
    until = f", until {show_moment(deal.deadline)}" if deal.deadline else ""
    return (
        f"{show_tokens(deal.amount)} from {shown(deal.payer)} to {shown(deal.payee)} ({word_of(deal.category)}), "
        f"{deal.state.name.lower()}{until}"
    )


def _lines(listed: list[ListingView], deals: list[DealView]) -> list[str]:
    rows = [
        (
            one.listing_id,
            "asked" if one.listing.is_request else "offered",
            word_of(one.listing.terms.category),
            show_tokens(one.listing.terms.amount),
            0 if one.listing.is_closed else one.listing.terms.places,
            show_moment(one.listing.terms.accept_by),
            shown(one.listing.maker),
        )
        for one in listed
    ]
    header = ("listing", "kind", "category", "for", "places left", "until", "by")
    return [
        *(table(header, rows) if rows else ["Nothing was offered or asked for yet."]),
        *(f"deal {one.deal_id}: {_summary(one)}" for one in deals),
    ]
