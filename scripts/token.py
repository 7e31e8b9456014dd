"""`commonwatt token …`: the community's token: what it costs and earns, who gets it, who holds it.

What its admin sets is announced on the chain and in force after the community's notice period; what was announced
before of the same thing falls away. No setting passes the limits that the contract has, whoever asks. `simulate` tells
past payments again under other terms and changes nothing. Issued tokens go to the treasury and cannot be taken back.
Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

from typing import Annotated

import typer

from commons.actions import tokens as token_actions
from commons.actions.tokens import (
    AmountView,
    CategoryView,
    TokenView,
    limit_from_text,
    show_amount,
    show_terms,
    word_of,
)
from commons.chain import Call
from commons.chain.sentences import show_moment
from commons.contracts import CommunityReader
from commons.records.economy import LIMIT_UNIT, CategoryTerms, TokenAmount, TokenCategory
from commons.units import show_percent, show_tokens, tokens_from_text, ue_from_eur
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
    chosen,
    confirm,
    open_community,
    percent,
    show,
    table,
    tokens,
)
from scripts.token_desk import add_desk_verbs
from scripts.token_grants import add_grant_verbs
from scripts.token_simulation import simulate

app = typer.Typer(no_args_is_help=True, help="Look at the community's token, and set what it costs and earns.")
app.command("simulate")(simulate)
add_desk_verbs(app)
add_grant_verbs(app)

CATEGORIES = ", ".join(word_of(category) for category in TokenCategory)
Category = Annotated[str, typer.Argument(metavar="CATEGORY", help=f"One of {CATEGORIES}.")]
Percent = Annotated[str, typer.Argument(metavar="PERCENT", help="Such as 2.5.")]
ADMIN = "community-admin"
TERMS = ("category", "fee", "to payer", "to payee", "each, a payment", "a member, 30 days", "a pair, 30 days")
BONUSES = {
    "welcome-citizen": TokenAmount.WELCOME_CITIZEN,
    "welcome-stakeholder": TokenAmount.WELCOME_STAKEHOLDER,
    "consumer": TokenAmount.ENERGY_CONSUMER,
    "prosumer": TokenAmount.ENERGY_PROSUMER,
    "prostormer": TokenAmount.ENERGY_PROSTORMER,
}


@app.command("show")
def show_token(network: Network = None, rpc: Rpc = None, community: CommunityAt = None, as_json: Json = False) -> None:
    """Show the token: how much there is and where, its emission, and everything that is set or announced."""
    reader = open_community(network, rpc, community)
    found = token_actions.token_view(reader)
    show(as_json, found, lambda: _lines(found))


@app.command()
def fee(
    category: Category,
    share: Percent,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Set the fee of a category, in per cent of the amount, at most 20. Token admin only."""
    sign_in = SignIn(as_name, keystore, password_file)
    changes: dict[str, int | bool | None] = {"fee_bps": percent(share)}
    _set_terms(open_community(network, rpc, community), sign_in, category, changes, yes, as_json)


@app.command()
def incentive(
    category: Category,
    payer: Annotated[str | None, typer.Option("--payer", metavar="PERCENT", help="To the payer.")] = None,
    payee: Annotated[str | None, typer.Option("--payee", metavar="PERCENT", help="To the payee.")] = None,
    most: Annotated[
        str | None, typer.Option("--most", metavar="TOKENS", help="At most so much to each of the two for a payment.")
    ] = None,
    per_member: Annotated[
        str | None, typer.Option("--per-member", metavar="TOKENS", help="At most so much to a member in 30 days.")
    ] = None,
    per_pair: Annotated[
        str | None, typer.Option("--per-pair", metavar="TOKENS", help="At most so much to a pair in 30 days.")
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
    """Set the incentives of a category, in per cent of the amount, at most 20 each. Token admin only."""
    changes: dict[str, int | bool | None] = {
        "payer_bps": None if payer is None else percent(payer),
        "payee_bps": None if payee is None else percent(payee),
        "most_per_payment": None if most is None else limit_from_text(most),
        "most_per_member": None if per_member is None else limit_from_text(per_member),
        "most_per_pair": None if per_pair is None else limit_from_text(per_pair),
    }
    sign_in = SignIn(as_name, keystore, password_file)
    _set_terms(open_community(network, rpc, community), sign_in, category, changes, yes, as_json)


@app.command()
def switch(
    category: Category,
    off: Annotated[bool, typer.Option("--off/--on", help="Whether no payment of it can be begun.")],
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Switch a category off, or on again. Deals begun before are still paid. Token admin only."""
    sign_in = SignIn(as_name, keystore, password_file)
    _set_terms(open_community(network, rpc, community), sign_in, category, {"is_off": off}, yes, as_json)


def _amount_verb(name: str, known: dict[str, TokenAmount], of: str, help_text: str) -> None:
    """Add a verb that sets one of several amounts."""

    def verb(
        what: Annotated[str, typer.Argument(metavar="OF", help=of)],
        amount: Annotated[str, typer.Argument(metavar="TOKENS", help="How much, such as 1.5; 0 for none.")],
        network: Network = None,
        rpc: Rpc = None,
        community: CommunityAt = None,
        as_name: As = None,
        keystore: Keystore = None,
        password_file: PasswordFile = None,
        yes: Yes = False,
        as_json: Json = False,
    ) -> None:
        wanted, value = chosen(what, known), tokens_from_text(amount)
        sign_in = SignIn(as_name, keystore, password_file)
        _set_amount(open_community(network, rpc, community), sign_in, wanted, value, yes, as_json)

    app.command(name, help=help_text)(verb)


def _euro_verb(name: str, which: TokenAmount, help_text: str) -> None:
    """Add a verb that sets an amount of settlement euro."""

    def verb(
        amount: Annotated[str, typer.Argument(metavar="EUR", help="How much, such as 12.50; 0 for none.")],
        network: Network = None,
        rpc: Rpc = None,
        community: CommunityAt = None,
        as_name: As = None,
        keystore: Keystore = None,
        password_file: PasswordFile = None,
        yes: Yes = False,
        as_json: Json = False,
    ) -> None:
        value = ue_from_eur(amount)
        sign_in = SignIn(as_name, keystore, password_file)
        _set_amount(open_community(network, rpc, community), sign_in, which, value, yes, as_json)

    app.command(name, help=help_text)(verb)


_amount_verb(
    "bonus",
    BONUSES,
    f"One of {', '.join(BONUSES)}.",
    "Set a welcome bonus by kind of member, or the bonus per energy profile. Token admin only.",
)
_euro_verb("rate", TokenAmount.TOKEN_PRICE, "Set the price of a token for stakeholders; 0: none for sale.")
_euro_verb("yearly-fee", TokenAmount.YEARLY_FEE, "Set the yearly fee of stakeholders. Token admin only.")


@app.command("emit")
def emit_tokens(
    amount: Annotated[str, typer.Argument(metavar="TOKENS", help="How many, such as 1000.")],
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Issue tokens to the treasury, within the cap of the year. Token admin only."""
    wanted = tokens(amount)
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, ADMIN)
    before = token_actions.token_view(reader)
    left = before.emission_cap - before.issued_in_period
    if not as_json:
        confirm([f"Issue {show_tokens(wanted)} to the treasury; {show_tokens(left)} may still be issued."], yes)
    reader.chain.send(signer, token_actions.issue_call(reader.contracts, wanted))
    found = token_actions.token_view(reader)
    show(
        as_json,
        {"issued": wanted, "supply": found.supply, "treasury": found.treasury},
        lambda: [f"{show_tokens(wanted)} are issued; the treasury holds {show_tokens(found.treasury)}."],
    )


# -------------------------------------------------------------------- setting


def _set_terms(
    reader: CommunityReader,
    sign_in: SignIn,
    category: str,
    changes: dict[str, int | bool | None],
    yes: bool,
    as_json: bool,
) -> None:
    named = token_actions.category_named(category)
    view = token_actions.category_view(reader, named)
    terms = token_actions.changed_terms(view, changes)
    token_actions.require_terms_within(reader, terms)
    plan = [f"{word_of(named)} now: {show_terms(view.terms)}", f"To be announced: {show_terms(terms)}"]
    if view.effective_from:
        plan.append(f"What was announced falls away: {show_terms(view.announced)}")
    _announce(reader, sign_in, token_actions.schedule_call(reader.contracts, named, terms), plan, yes, as_json)
    after = token_actions.category_view(reader, named)
    show(as_json, after, lambda: [_when(word_of(named), show_terms(after.latest), after.effective_from)])


def _set_amount(
    reader: CommunityReader, sign_in: SignIn, which: TokenAmount, value: int, yes: bool, as_json: bool
) -> None:
    token_actions.require_amount_within(reader, which, value)
    view = token_actions.amount_views(reader, [which])[0]
    plan = [
        f"{word_of(which)} now: {show_amount(which, view.value)}",
        f"To be announced: {show_amount(which, value)}",
    ]
    call = token_actions.schedule_amount_call(reader.contracts, which, value)
    _announce(reader, sign_in, call, plan, yes, as_json)
    after = token_actions.amount_views(reader, [which])[0]
    said = show_amount(which, after.announced if after.effective_from else after.value)
    show(as_json, after, lambda: [_when(word_of(which), said, after.effective_from)])


def _announce(reader: CommunityReader, sign_in: SignIn, call: Call, plan: list[str], yes: bool, as_json: bool) -> None:
    signer = sign_in.signer(reader.chain, ADMIN)
    if not as_json:
        confirm(plan, yes)
    reader.chain.send(signer, call)


def _when(what: str, said: str, effective_from: int) -> str:
    return f"{what}: {said}, {f'from {show_moment(effective_from)}' if effective_from else 'at once'}."


# -------------------------------------------------------------------- words


def _lines(found: TokenView) -> list[str]:
    left = found.emission_cap - found.issued_in_period
    return [
        f"{found.name} ({found.symbol}): {show_tokens(found.supply)}, of which the treasury holds "
        f"{show_tokens(found.treasury)} and members {show_tokens(found.circulation)}.",
        f"Issued this year: {show_tokens(found.issued_in_period)}; {show_tokens(left)} may still be.",
        "",
        *table(TERMS, [row for view in found.categories for row in _category_rows(view)]),
        "",
        *table(("amount", "in force", "announced"), [_amount_row(view) for view in found.amounts]),
    ]


def _category_rows(view: CategoryView) -> list[tuple[str, ...]]:
    """A category's terms, and below them those announced."""
    rows = [(word_of(view.category), *_figures(view.terms))]
    if view.effective_from:
        rows.append((f"  from {show_moment(view.effective_from)}", *_figures(view.announced)))
    return rows


def _figures(terms: CategoryTerms) -> tuple[str, ...]:
    if terms.is_off:
        return ("off", *("",) * 5)
    shares = (show_percent(share) for share in (terms.fee_bps, terms.payer_bps, terms.payee_bps))
    if not terms.payer_bps and not terms.payee_bps:
        return (*shares, "", "", "")
    limits = (terms.most_per_payment, terms.most_per_member, terms.most_per_pair)
    return (*shares, *(show_tokens(limit * LIMIT_UNIT) for limit in limits))


def _amount_row(view: AmountView) -> tuple[str, str, str]:
    said = f"{show_amount(view.which, view.announced)}, from {show_moment(view.effective_from)}"
    return word_of(view.which), show_amount(view.which, view.value), said if view.effective_from else ""
