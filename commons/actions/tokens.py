"""The community's token: paying, issuing, and what its admin sets, each with a notice that everybody sees running."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from commons.addresses import Address, checksummed
from commons.chain import Call
from commons.contracts import CommunityReader, Contracts
from commons.errors import InputError, MalformedInput, UnitError
from commons.keccak import keccak256
from commons.records.economy import LIMIT_UNIT, CategoryTerms, Quote, TokenAmount, TokenCategory
from commons.units import EpochSeconds, MoneyUe, show_eur, show_percent, show_tokens, tokens_from_text

REFERENCE_BYTES = 32
EURO_AMOUNTS = (TokenAmount.YEARLY_FEE, TokenAmount.TOKEN_PRICE)
"""Amounts in settlement euro; the others are tokens."""


@dataclass(frozen=True, slots=True)
class CategoryView:
    """The terms of a category now, and those announced; `effective_from` is 0 while none are."""

    category: TokenCategory
    terms: CategoryTerms
    announced: CategoryTerms
    effective_from: EpochSeconds

    @property
    def latest(self) -> CategoryTerms:
        """The terms that the next change starts from: those announced, or else those in force."""
        return self.announced if self.effective_from else self.terms


@dataclass(frozen=True, slots=True)
class AmountView:
    """An amount now, and the one announced; `effective_from` is 0 while none is."""

    which: TokenAmount
    value: int
    announced: int
    effective_from: EpochSeconds


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as it stands: amounts in its smallest unit."""

    name: str
    symbol: str
    supply: int
    treasury: int
    emission_cap: int
    issued_in_period: int
    period: int
    categories: tuple[CategoryView, ...]
    amounts: tuple[AmountView, ...]

    @property
    def circulation(self) -> int:
        """What is held outside the treasury."""
        return self.supply - self.treasury


# -------------------------------------------------------------------- calls


def pay_call(contracts: Contracts, payee: Address, amount: int, category: TokenCategory, reference: str = "") -> Call:
    """Pay another member."""
    return contracts.token.call("pay", payee, amount, category, reference_of(reference))


def reference_of(text: str) -> bytes:
    """What a payment is for, as the contract keeps it: text of at most 32 bytes as it is, longer by its keccak256."""
    raw = text.encode()
    return raw.ljust(REFERENCE_BYTES, b"\0") if len(raw) <= REFERENCE_BYTES else keccak256(raw)


def issue_call(contracts: Contracts, amount: int) -> Call:
    """Issue tokens to the treasury, within the cap of the period. Token admin only."""
    return contracts.token.call("issue", amount)


def schedule_call(contracts: Contracts, category: TokenCategory, terms: CategoryTerms) -> Call:
    """Announce the terms of a category. Token admin only."""
    return contracts.token.call("scheduleCategory", category, terms)


def schedule_amount_call(contracts: Contracts, which: TokenAmount, value: int) -> Call:
    """Announce an amount. Token admin only."""
    return contracts.token.call("scheduleAmount", which, value)


def yearly_fee_calls(contracts: Contracts, member_id: bytes, fee: MoneyUe) -> list[Call]:
    """Allow the desk to take the yearly fee, then pay it for a stakeholder."""
    allow = contracts.euro.call("approve", contracts.desk.address, fee)
    return [allow, contracts.desk.call("payYearlyFee", member_id)]


def buy_calls(contracts: Contracts, money: MoneyUe, least_tokens: int) -> list[Call]:
    """Allow the desk to take the money, then buy tokens of the treasury for it, one way."""
    allow = contracts.euro.call("approve", contracts.desk.address, money)
    return [allow, contracts.desk.call("buyTokens", money, least_tokens)]


# -------------------------------------------------------------------- questions


def quote(reader: CommunityReader, payer: Address, payee: Address, amount: int, category: TokenCategory) -> Quote:
    """What a payment would cost and earn now.

    Raises:
        ContractRefusal: one of the two is no active member, or both are the same.
    """
    found: Quote = reader.chain.call(reader.contracts.token.call("quote", payer, payee, amount, category))
    return found


def require_terms_within(reader: CommunityReader, terms: CategoryTerms) -> None:
    """Refuse terms above what the token's code allows, in the units in which people set them.

    Raises:
        InputError: naming the figure and the most.
    """
    names = ("MOST_FEE_BPS", "MOST_INCENTIVE_BPS", "MOST_PER_PAYMENT", "MOST_PER_PERIOD")
    fee, share, payment, period = reader.chain.calls([reader.contracts.token.call(name) for name in names])
    for what, bps, most in (
        ("a fee", terms.fee_bps, fee),
        ("an incentive", terms.payer_bps, share),
        ("an incentive", terms.payee_bps, share),
    ):
        _require_at_most(bps, most, f"{what} of {show_percent(bps)}", show_percent(most))
    for what, limit, most in (
        ("for a payment", terms.most_per_payment, payment),
        ("a member", terms.most_per_member, period),
        ("a pair", terms.most_per_pair, period),
    ):
        named, allowed = show_tokens(limit * LIMIT_UNIT), show_tokens(most * LIMIT_UNIT)
        _require_at_most(limit, most, f"an incentive of {named} {what}", allowed)


def require_amount_within(reader: CommunityReader, which: TokenAmount, value: int) -> None:
    """Refuse an amount above what the token's code allows.

    Raises:
        InputError: naming the amount and the most.
    """
    most = reader.chain.call(reader.contracts.token.call("mostOf", which))
    _require_at_most(value, most, f"{word_of(which)} of {show_amount(which, value)}", show_amount(which, most))


def _require_at_most(value: int, most: int, said: str, allowed: str) -> None:
    if value > most:
        raise InputError(f"{said} is above the {allowed} that the code allows", remedy="Set at most that.")


def category_view(reader: CommunityReader, category: TokenCategory) -> CategoryView:
    """The terms of a category."""
    return category_views(reader, [category])[0]


def category_views(reader: CommunityReader, categories: list[TokenCategory]) -> list[CategoryView]:
    """The terms of many categories."""
    token = reader.contracts.token
    calls = [token.call(name, category) for category in categories for name in ("termsOf", "nextTermsOf")]
    found = reader.chain.calls(calls)
    return [
        CategoryView(category, terms, *announced)
        for category, terms, announced in zip(categories, found[::2], found[1::2], strict=True)
    ]


def amount_views(reader: CommunityReader, which: list[TokenAmount]) -> list[AmountView]:
    """The amounts that the token admin set."""
    token = reader.contracts.token
    found = reader.chain.calls([token.call(name, one) for one in which for name in ("amountOf", "nextAmountOf")])
    return [
        AmountView(one, value, *announced) for one, value, announced in zip(which, found[::2], found[1::2], strict=True)
    ]


def token_view(reader: CommunityReader) -> TokenView:
    """The token with everything that is set."""
    token, chain = reader.contracts.token, reader.chain
    period = chain.call(token.call("currentPeriod"))
    names = ("name", "symbol", "totalSupply", "emissionCap")
    name, symbol, supply, cap, treasury, issued = chain.calls(
        [
            *(token.call(one) for one in names),
            token.call("balanceOf", reader.contracts.treasury.address),
            token.call("issuedIn", period),
        ]
    )
    categories, amounts = category_views(reader, list(TokenCategory)), amount_views(reader, list(TokenAmount))
    return TokenView(name, symbol, supply, treasury, cap, issued, period, tuple(categories), tuple(amounts))


def token_balances(reader: CommunityReader, accounts: list[Address]) -> list[int]:
    """What accounts hold, in the token's smallest unit."""
    return reader.chain.calls([reader.contracts.token.call("balanceOf", account) for account in accounts])


def require_tokens(reader: CommunityReader, account: Address, amount: int) -> None:
    """Refuse a payment of more than the account holds.

    Raises:
        InputError: it holds less.
    """
    held = token_balances(reader, [account])[0]
    if held < amount:
        raise InputError(
            f"{checksummed(account)} holds {show_tokens(held)}, less than the {show_tokens(amount)} to be paid",
            which=account,
            remedy="Pay less, or earn some first.",
        )


# -------------------------------------------------------------------- words


def word_of(kind: TokenCategory | TokenAmount) -> str:
    """A category or amount as people type it, such as `citizen-to-citizen`."""
    return kind.name.lower().replace("_", "-")


def category_named(text: str) -> TokenCategory:
    """The category that people type as `text`, whatever its case.

    Raises:
        MalformedInput: there is none.
    """
    return TokenCategory(_named(text, {word_of(one): one for one in TokenCategory}, "category"))


def amount_named(text: str) -> TokenAmount:
    """The amount that people type as `text`; errors as `category_named`."""
    return TokenAmount(_named(text, {word_of(one): one for one in TokenAmount}, "amount"))


def show_amount(which: TokenAmount, value: int) -> str:
    """An amount for people, in its unit."""
    return show_eur(MoneyUe(value)) if which in EURO_AMOUNTS else show_tokens(value)


def show_terms(terms: CategoryTerms) -> str:
    """Terms for people."""
    if terms.is_off:
        return "off"
    incentives = f"incentive {show_percent(terms.payer_bps)} to the payer, {show_percent(terms.payee_bps)} to the payee"
    if not terms.payer_bps and not terms.payee_bps:
        return f"fee {show_percent(terms.fee_bps)}, no incentives"
    limits = (terms.most_per_payment, terms.most_per_member, terms.most_per_pair)
    payment, member, pair = (show_tokens(limit * LIMIT_UNIT) for limit in limits)
    most = f"at most {payment} each for a payment, {member} a member and {pair} a pair in 30 days"
    return f"fee {show_percent(terms.fee_bps)}, {incentives}, {most}"


def limit_from_text(text: str) -> int:
    """A limit to incentives in tokens, as typed, in the contract's millionths.

    Raises:
        UnitError: it is not written as an amount, or is finer than a millionth.
    """
    limit, rest = divmod(tokens_from_text(text), LIMIT_UNIT)
    if rest:
        raise UnitError(f"the limit {text} is finer than a millionth of a token", remedy="Give at most six decimals.")
    return limit


def changed_terms(view: CategoryView, changes: Mapping[str, int | bool | None]) -> CategoryTerms:
    """The category's latest terms with those entries replaced that are not None.

    Raises:
        InputError: nothing would change.
    """
    wanted = {name: value for name, value in changes.items() if value is not None}
    terms = replace(view.latest, since=EpochSeconds(0), **wanted)  # type: ignore[arg-type]
    if terms == replace(view.latest, since=EpochSeconds(0)):
        raise InputError(
            f"the terms of {word_of(view.category)} are that already: {show_terms(view.latest)}",
            which=word_of(view.category),
            remedy="Say what is to change.",
        )
    return terms


def _named(text: str, known: Mapping[str, TokenCategory | TokenAmount], what: str) -> TokenCategory | TokenAmount:
    plain = text.lower().replace("_", "-")
    if plain not in known:
        raise MalformedInput(f"there is no {what} {text!r}", remedy=f"Choose one of {', '.join(known)}.")
    return known[plain]
