"""`commonwatt token simulate`: past payments under other terms, before anything is announced. Changes nothing.

The payments are those of the chain; the terms in force now are taken, with the changes that the options name. What
people would do differently is not part of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

import typer

from commons.actions import tokens as token_actions
from commons.actions.tokens import limit_from_text, show_terms, word_of
from commons.chain.sentences import show_moment
from commons.contracts import CommunityReader
from commons.errors import InputError
from commons.records.economy import TokenCategory
from commons.slots import local_midnight
from commons.units import EpochSeconds, show_tokens
from oracle.books.read import Books, read_books
from oracle.economy.comparison import Comparison, compare
from oracle.economy.simulation import recorded
from oracle.economy.simulation import simulate as tell_again
from oracle.economy.types import Effect, Flows, MemberFlows, PastPayment, Table
from scripts.surroundings import CommunityAt, Json, Network, Rpc, day_named, open_community, percent, show, table


def simulate(
    category: Annotated[str | None, typer.Argument(metavar="CATEGORY", help="Whose terms are to change.")] = None,
    fee: Annotated[str | None, typer.Option("--fee", metavar="PERCENT", help="The fee.")] = None,
    payer: Annotated[str | None, typer.Option("--payer", metavar="PERCENT", help="Incentive to the payer.")] = None,
    payee: Annotated[str | None, typer.Option("--payee", metavar="PERCENT", help="Incentive to the payee.")] = None,
    most: Annotated[str | None, typer.Option("--most", metavar="TOKENS", help="Most to each for a payment.")] = None,
    off: Annotated[bool | None, typer.Option("--off/--on", help="Switch the category off, or on.")] = None,
    per_member: Annotated[
        str | None, typer.Option("--per-member", metavar="TOKENS", help="Most incentive of a member in 30 days.")
    ] = None,
    per_pair: Annotated[
        str | None, typer.Option("--per-pair", metavar="TOKENS", help="Most incentive of a pair in 30 days.")
    ] = None,
    announced: Annotated[
        bool, typer.Option("--announced", help="Take what is announced, not what is in force.")
    ] = False,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day of payments.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day, itself included.")] = None,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_json: Json = False,
) -> None:
    """Tell past payments again under other terms: what the treasury, and each kind of member, would have had."""
    changes = {
        "fee_bps": None if fee is None else percent(fee),
        "payer_bps": None if payer is None else percent(payer),
        "payee_bps": None if payee is None else percent(payee),
        "most_per_payment": None if most is None else limit_from_text(most),
        "most_per_member": None if per_member is None else limit_from_text(per_member),
        "most_per_pair": None if per_pair is None else limit_from_text(per_pair),
        "is_off": off,
    }
    wanted = {name: value for name, value in changes.items() if value is not None}
    named = None if category is None else token_actions.category_named(category)
    if wanted and named is None:
        raise InputError(
            "no category is named whose terms are to change", remedy="Name it: see `commonwatt token show`."
        )
    reader = open_community(network, rpc, community)
    books = read_books(reader)
    moment = _moment(books, reader, announced)
    proposed = _proposed(books.timeline.table(moment), named, wanted)
    payments = payments_within(books, first, last)
    found = simulated(books, payments, proposed)
    show(as_json, document(found, payments, proposed), lambda: lines(found, payments, proposed))


def payments_within(books: Books, first: str | None, last: str | None) -> list[PastPayment]:
    """The payments of the days named; all of them where none is.

    Raises:
        InputError: there are none.
    """
    begins = 0 if first is None else local_midnight(day_named(first))
    ends = None if last is None else local_midnight(day_named(last) + timedelta(days=1))
    found = [one for one in books.payments if begins <= one.at and (ends is None or one.at < ends)]
    if not found:
        raise InputError("no payment was made in that time", remedy="Choose other days with --from and --to.")
    return found


def simulated(books: Books, payments: list[PastPayment], proposed: Table) -> Comparison:
    """What happened beside what the proposal would have made of it."""
    kinds = {entry.wallet: entry.member.kind.name.lower() for entry in books.members}
    return compare(recorded(payments), tell_again(payments, lambda _: proposed), kinds)


def document(found: Comparison, payments: list[PastPayment], proposed: Table) -> dict[str, Any]:
    """The simulation as JSON; token amounts in the smallest unit."""
    return {
        "from": payments[0].at,
        "to": payments[-1].at,
        "terms": {word_of(category): terms for category, terms in proposed.terms.items()},
        "happened": _effect(found.was, found.groups_were),
        "simulated": _effect(found.would_be, found.groups_would_be),
        "treasury_gain": found.treasury_gain,
    }


def lines(found: Comparison, payments: list[PastPayment], proposed: Table) -> list[str]:
    """The simulation for people: every figure as it was, and as it would have been."""
    days = f"{show_moment(payments[0].at)} to {show_moment(payments[-1].at)}"
    rows = [_category_row(category, *found.flows(category)) for category in found.categories]
    rows.append(_category_row(None, found.was.total, found.would_be.total))
    groups = [
        (name, show_tokens(found.groups_were[name].net), show_tokens(found.groups_would_be[name].net))
        for name in found.groups_were
    ]
    effect, gain = found.would_be, found.treasury_gain
    return [
        f"{len(payments)} payments, {days}, told again:",
        *(f"  {word_of(category)}: {show_terms(terms)}" for category, terms in sorted(proposed.terms.items())),
        "",
        *table(("category", "payments", "amount", "fee", "would be", "incentives", "would be"), rows),
        "",
        *table(("members", "net of payments", "would be"), groups),
        "",
        f"The treasury would hold {show_tokens(abs(gain))} {'more' if gain >= 0 else 'less'}, and members so much "
        f"{'less' if gain >= 0 else 'more'}; at the least it would have held {show_tokens(effect.treasury_lowest)}.",
        f"{effect.short} payments would have found the treasury short, {effect.capped} a limit of the period; "
        f"{effect.refused} would have been refused.",
    ]


def _effect(effect: Effect, groups: Mapping[str, MemberFlows]) -> dict[str, Any]:
    return {
        "by_category": {word_of(category): flows for category, flows in effect.by_category.items()},
        "by_kind": groups,
        "total": effect.total,
        "treasury_start": effect.treasury_start,
        "treasury_end": effect.treasury_end,
        "treasury_lowest": effect.treasury_lowest,
        "short": effect.short,
        "capped": effect.capped,
        "refused": effect.refused,
    }


def _category_row(category: TokenCategory | None, was: Flows, would_be: Flows) -> tuple[str, ...]:
    name = "all" if category is None else word_of(category)
    figures = (was.amount, was.fee, would_be.fee, was.incentives, would_be.incentives)
    return (name, str(was.payments), *(show_tokens(figure) for figure in figures))


def _moment(books: Books, reader: CommunityReader, announced: bool) -> EpochSeconds:
    """Now; or when everything that is announced is in force."""
    now = reader.chain.now()
    starts = [track.starts[-1] for track in books.timeline.categories.values()]
    starts += [track.starts[-1] for track in books.timeline.amounts.values()]
    return max([now, *starts]) if announced else now


def _proposed(table_now: Table, category: TokenCategory | None, changes: Mapping[str, Any]) -> Table:
    terms = dict(table_now.terms)
    if category is not None:
        terms[category] = replace(table_now.of(category), **changes)
    return Table(terms)
