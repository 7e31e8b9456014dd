"""`commonwatt books export|check`: the community's books as CSV, rebuilt from the chain's events alone.

Needs no key and changes nothing on the chain; `export` writes files into a folder. Every balance is rebuilt from the
token's events and compared with what the contract says, and every payment's fee and incentives with what the terms in
force at its block make of it; a difference ends the command with exit code 1. Amounts are exact decimals, tokens with
up to 18 places and euro with up to 6; times are UTC. Settings: `COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from commons.actions.tokens import show_amount, word_of
from commons.addresses import ZERO_ADDRESS, checksummed
from commons.errors import AuditMismatch, InputError
from commons.records.economy import LIMIT_UNIT, CategoryTerms
from commons.slots import iso_utc
from commons.units import TOKEN, UE_PER_EURO
from oracle.books.balances import BalanceLine, balance_lines
from oracle.books.charges import wrong_charges
from oracle.books.read import Books, read_books
from oracle.economy.ledger import Movement, by_reason, lines_of, supply
from oracle.economy.simulation import recorded
from oracle.economy.types import Incentives
from oracle.economy.velocity import VELOCITY_UNIT, monthly
from scripts.surroundings import CommunityAt, Json, Network, Rpc, open_community, show, shown, table

app = typer.Typer(no_args_is_help=True, help="Export the community's books, rebuilt from events alone.")
Rows = Iterable[Sequence[object]]


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where to write; made if it is not there.")],
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_json: Json = False,
) -> None:
    """Write payments, categories, emission, treasury, terms and balances as CSV into a folder."""
    reader = open_community(network, rpc, community)
    books = read_books(reader)
    balances = balance_lines(reader, books)
    written = write(out, books, balances)
    require_right(balances)
    require_charged_right(books)
    found = {"community": reader.name, "block": books.block, "folder": str(out), "files": written}
    show(
        as_json,
        found,
        lambda: [
            f"The books of {reader.name} up to block {books.block} are in {out}; all {len(balances)} balances agree, "
            f"and {len(books.payments)} payments were charged as the terms say.",
            *table(("file", "lines"), list(written.items())),
        ],
    )


@app.command()
def check(network: Network = None, rpc: Rpc = None, community: CommunityAt = None, as_json: Json = False) -> None:
    """Compare every balance and every payment's charges with the chain, and show the sums of the treasury."""
    reader = open_community(network, rpc, community)
    books = read_books(reader)
    balances = balance_lines(reader, books)
    require_right(balances)
    require_charged_right(books)
    flows = by_reason(books.token_movements, books.treasury)
    found = {
        "block": books.block,
        "accounts": len(balances),
        "supply": supply(books.token_movements),
        "payments": len(books.payments),
        "treasury_tokens": {reason: {"in": came, "out": left} for reason, (came, left) in flows.items()},
    }
    rows = [(reason, tokens_text(came), tokens_text(left)) for reason, (came, left) in flows.items()]
    show(
        as_json,
        found,
        lambda: [
            f"{len(balances)} balances rebuilt from {len(books.token_movements)} movements agree with the chain.",
            f"{len(books.payments)} payments bore the fee and got the incentives of the terms in force.",
            *table(("treasury", "tokens in", "tokens out"), rows),
        ],
    )


def write(out: Path, books: Books, balances: Sequence[BalanceLine]) -> dict[str, int]:
    """Write the files and say how many lines each has.

    Raises:
        InputError: the folder cannot be written to.
    """
    tables = {
        "payments.csv": (PAYMENTS, list(_payments(books))),
        "categories.csv": (CATEGORIES, list(_categories(books))),
        "emission.csv": (EMISSION, list(_emission(books))),
        "treasury_tokens.csv": (TREASURY, list(_treasury(books, books.token_movements, TOKEN))),
        "treasury_euro.csv": (TREASURY, list(_treasury(books, books.euro_movements, UE_PER_EURO))),
        "terms.csv": (TERMS, list(_terms(books))),
        "velocity.csv": (VELOCITY, list(_velocity(books))),
        "balances.csv": (BALANCES, list(_balances(balances))),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, (header, rows) in tables.items():
            with (out / name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([header, *rows])
    except OSError as error:
        raise InputError(
            f"the books cannot be written to {out} ({error.strerror})", remedy="Name another folder with --out."
        ) from error
    return {name: len(rows) for name, (_, rows) in tables.items()}


def require_right(balances: Sequence[BalanceLine]) -> None:
    """Refuse books whose balances are not those of the chain.

    Raises:
        AuditMismatch: one differs.
    """
    wrong = [line for line in balances if not line.is_right]
    if wrong:
        first = wrong[0]
        raise AuditMismatch(
            f"{len(wrong)} balances differ from the chain, the first of {checksummed(first.account)}: rebuilt "
            f"{tokens_text(first.rebuilt)}, on the chain {tokens_text(first.on_chain)} tokens",
            which=first.account,
            remedy="Run it again: something may have happened since the events were read. Otherwise check the RPC.",
        )


def require_charged_right(books: Books) -> None:
    """Refuse books in which a payment was charged otherwise than the terms in force say.

    Raises:
        AuditMismatch: one differs.
    """
    wrong = wrong_charges(books)
    if wrong:
        first = wrong[0]
        raise AuditMismatch(
            f"charges of {len(wrong)} of {len(books.payments)} payments are not those of the terms in force, first in "
            f"block {first.block}, {word_of(first.category)}, of {tokens_text(first.amount)} tokens: by the terms "
            f"{_charges(first.due_fee, first.due_incentives)}; on the chain {_charges(first.fee, first.incentives)}",
            which=first.tx_hash,
            remedy="Look at the transaction; `books export` writes the terms over time to terms.csv.",
        )


def _charges(fee: int, incentives: Incentives) -> str:
    return (
        f"fee {tokens_text(fee)}, payer's incentive {tokens_text(incentives.payer)}, "
        f"payee's {tokens_text(incentives.payee)}"
    )


def tokens_text(amount: int) -> str:
    """A token amount as exact decimal text."""
    return decimal_text(amount, TOKEN)


def decimal_text(amount: int, unit: int) -> str:
    """An amount in the smallest unit as exact decimal text: `1500000` of a million is `1.5`."""
    whole, rest = divmod(abs(amount), unit)
    places = str(rest).rjust(len(str(unit)) - 1, "0").rstrip("0")
    return f"{'-' if amount < 0 else ''}{whole}{'.' + places if places else ''}"


# -------------------------------------------------------------------- the files

PAYMENTS = (
    "time",
    "block",
    "transaction",
    "category",
    "payer",
    "payee",
    "amount",
    "fee",
    "structure",
    "structure_amount",
    "payer_incentive",
    "payee_incentive",
    "reference",
)
CATEGORIES = ("category", "payments", "amount", "fee", "structure_amount", "payer_incentive", "payee_incentive")
EMISSION = ("time", "block", "transaction", "reason", "account", "amount", "supply")
TREASURY = ("time", "block", "transaction", "reason", "counterparty", "change", "balance")
TERMS = (
    "what",
    "in_force_from",
    "fee_bps",
    "payer_bps",
    "payee_bps",
    "most_per_payment",
    "most_per_member",
    "most_per_pair",
    "is_off",
    "amount",
)
VELOCITY = ("from", "until", "payments", "amount", "mean_circulation", "velocity")
BALANCES = ("account", "who", "member_id", "status", "rebuilt", "on_chain")


def _payments(books: Books) -> Iterator[Sequence[object]]:
    for payment, event in zip(books.payments, books.payment_events, strict=True):
        amounts = (payment.amount, payment.fee, payment.structure_amount)
        amount, fee, structure_amount = (tokens_text(figure) for figure in amounts)
        yield (
            iso_utc(payment.at),
            event.block,
            event.tx_hash,
            word_of(payment.category),
            shown(payment.payer),
            shown(payment.payee),
            amount,
            fee,
            "" if payment.structure == ZERO_ADDRESS else shown(payment.structure),
            structure_amount,
            tokens_text(payment.incentives.payer),
            tokens_text(payment.incentives.payee),
            reference_text(event.args["paymentReference"]),
        )


def reference_text(raw: bytes) -> str:
    """A payment's reference: the text that it is, or its hash in hexadecimal."""
    text = raw.rstrip(b"\0")
    return text.decode() if text.isascii() and text.decode().isprintable() else "0x" + raw.hex()


def _categories(books: Books) -> Iterator[Sequence[object]]:
    effect = recorded(books.payments)
    for name, flows in [*((word_of(c), f) for c, f in effect.by_category.items()), ("all", effect.total)]:
        figures = (flows.amount, flows.fee, flows.structure_amount, flows.payer_incentive, flows.payee_incentive)
        yield (name, flows.payments, *(tokens_text(figure) for figure in figures))


def _emission(books: Books) -> Iterator[Sequence[object]]:
    made = 0
    for one in books.token_movements:
        if ZERO_ADDRESS in (one.source, one.target):
            change = one.amount if one.source == ZERO_ADDRESS else -one.amount
            account = one.target if change > 0 else one.source
            made += change
            moment = (iso_utc(one.at), one.block, one.tx_hash)
            yield (*moment, one.reason, shown(account), tokens_text(change), tokens_text(made))


def _treasury(books: Books, movements: Sequence[Movement], unit: int) -> Iterator[Sequence[object]]:
    for line in lines_of(movements, books.treasury):
        one = line.movement
        other = one.source if line.change > 0 else one.target
        amounts = (decimal_text(line.change, unit), decimal_text(line.balance, unit))
        yield (iso_utc(one.at), one.block, one.tx_hash, one.reason, shown(other), *amounts)


def _terms(books: Books) -> Iterator[Sequence[object]]:
    for category, track in sorted(books.timeline.categories.items()):
        for start, terms in zip(track.starts, track.values, strict=True):
            yield (word_of(category), iso_utc(start), *_figures(terms), "")
    for which, amounts in sorted(books.timeline.amounts.items()):
        for start, value in zip(amounts.starts, amounts.values, strict=True):
            yield (word_of(which), iso_utc(start), *("",) * 7, show_amount(which, value))


def _figures(terms: CategoryTerms) -> tuple[object, ...]:
    limits = (terms.most_per_payment, terms.most_per_member, terms.most_per_pair)
    most = (tokens_text(limit * LIMIT_UNIT) for limit in limits)
    return terms.fee_bps, terms.payer_bps, terms.payee_bps, *most, "yes" if terms.is_off else "no"


def _velocity(books: Books) -> Iterator[Sequence[object]]:
    for month in monthly(books.token_movements, books.payments, books.treasury, books.until):
        figures = (tokens_text(month.amount), tokens_text(month.circulation))
        velocity = decimal_text(month.velocity, VELOCITY_UNIT)
        yield (iso_utc(month.start), iso_utc(month.end), month.payments, *figures, velocity)


def _balances(balances: Sequence[BalanceLine]) -> Iterator[Sequence[object]]:
    for line in balances:
        amounts = (tokens_text(line.rebuilt), tokens_text(line.on_chain))
        yield (shown(line.account), line.who, line.member_id, line.status, *amounts)
