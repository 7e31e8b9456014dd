"""`commonwatt loan …`: goods on loan.

Price and deposit are in escrow from `borrow` on. When the lender confirms the return, or is silent, the price is paid
and the deposit goes back less what lateness costs. A good that never comes back costs the deposit. Settings:
`COMMONWATT_NETWORK`, `COMMONWATT_RPC_URL`.
"""

from typing import Annotated

import typer

from commons.actions import services
from commons.actions import tokens as token_actions
from commons.actions.services import LoanView
from commons.chain.sentences import show_moment
from commons.contracts import CommunityReader
from commons.errors import InputError
from commons.records import GoodTerms, LoanState
from commons.units import show_tokens, tokens_from_text
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
)

app = typer.Typer(no_args_is_help=True, help="Lend and borrow goods, for tokens and a deposit.")
Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The loan's number.")]
DAY = 24 * 3600


@app.command()
def offer(
    what: Annotated[str, typer.Argument(help="In a few words; the chain keeps the hash.")],
    price: Annotated[str, typer.Option("--price", metavar="TOKENS", help="For a loan.")] = "0",
    deposit: Annotated[str, typer.Option("--deposit", metavar="TOKENS", help="Comes back with the good.")] = "0",
    late: Annotated[str, typer.Option("--late", metavar="TOKENS", help="Of the deposit, for each day late.")] = "0",
    longest: Annotated[int, typer.Option("--longest", min=1, metavar="DAYS", help="How long it is lent at most.")] = 14,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Offer a good on loan."""
    for_loan, held, each_day = (tokens_from_text(text) for text in (price, deposit, late))
    terms = GoodTerms(for_loan, held, each_day, longest * DAY, services.text_hash(what))
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    receipt = reader.chain.send(signer, services.offer_good_call(reader.contracts, terms))
    number = services.numbers_of(receipt.events, "GoodOffered", "goodId")[0]
    found = {"good_id": number, "content_hash": terms.content_hash}
    show(as_json, found, lambda: [f"It is good {number}. Keep the text: its hash is on the chain."])


@app.command()
def borrow(
    good: Annotated[int, typer.Argument(metavar="GOOD", min=1, help="The good's number.")],
    days: Annotated[int, typer.Option("--days", min=1, help="For how long, from the hand-over on.")] = 7,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Reserve a good: its price and deposit go into escrow."""
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    at, terms = reader.contracts.loans, services.good(reader, good).terms
    amount = terms.price + terms.deposit
    token_actions.require_tokens(reader, signer.address, amount)
    if not as_json:
        parts = f"{show_tokens(terms.price)} and a deposit of {show_tokens(terms.deposit)}"
        confirm([f"{signer.name} borrows good {good} for {days} days: {parts} go into escrow."], yes)
    call = services.borrow_call(reader.contracts, good, days * DAY)
    events = [
        event
        for one in services.escrow_calls(reader.contracts, at, amount, call)
        for event in reader.chain.send(signer, one).events
    ]
    _tell(reader, services.numbers_of(events, "LoanReserved", "loanId")[0], as_json)


def _step(name: str, function: str, default: str | None, has_text: str | None, help_text: str) -> None:
    """Add a verb that takes a loan one step on; `has_text` says what the text is that the step's hash stands for."""

    def verb(
        loan: Number,
        text: Annotated[str, typer.Option("--text", help=has_text or "Not used in this step.")] = "",
        network: Network = None,
        rpc: Rpc = None,
        community: CommunityAt = None,
        as_name: As = None,
        keystore: Keystore = None,
        password_file: PasswordFile = None,
        as_json: Json = False,
    ) -> None:
        arguments = () if has_text is None else (services.text_hash(text or name),)
        reader = open_community(network, rpc, community)
        signer = SignIn(as_name, keystore, password_file).signer(reader.chain, default)
        _loan(reader, loan)
        reader.chain.send(signer, services.loan_call(reader.contracts, function, loan, *arguments))
        _tell(reader, loan, as_json)

    app.command(name, help=help_text)(verb)


_step("hand-over", "handOver", None, None, "Say that the good is handed over: the loan begins. Lender only.")
_step("give-back", "giveBack", None, "In what state it is; keep it.", "Say that the good is back. Borrower only.")
_step("confirm", "confirmReturn", None, None, "Confirm that the good is back. Lender only.")
_step("dispute", "disputeLoan", None, "Why; keep it.", "Dispute the hand-over, or the return.")
_step("cancel", "cancelLoan", None, None, "Give up a reservation before the hand-over.")
_step("move-on", "moveLoanOn", "relayer", None, "Move a loan on whose state's time is over. Anybody.")


@app.command()
def decide(
    loan: Number,
    price_share: Annotated[str, typer.Argument(metavar="PERCENT", help="Of the price, to the lender.")],
    deposit_share: Annotated[str, typer.Argument(metavar="PERCENT", help="Of the deposit, to the lender.")],
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Decide a dispute: divide price and deposit between the two. Community admin who is neither."""
    shares = percent(price_share), percent(deposit_share)
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain, "community-admin")
    view = _loan(reader, loan)
    if not as_json:
        confirm([f"Decide loan {loan}: {_summary(view)}"], yes)
    reader.chain.send(signer, services.loan_call(reader.contracts, "decideLoan", loan, *shares))
    _tell(reader, loan, as_json)


@app.command()
def withdraw(
    good: Annotated[int, typer.Argument(metavar="GOOD", min=1, help="The good's number.")],
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
    as_name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Lend a good no more. Its lender."""
    reader = open_community(network, rpc, community)
    signer = SignIn(as_name, keystore, password_file).signer(reader.chain)
    reader.chain.send(signer, reader.contracts.loans.call("withdrawGood", good))
    show(as_json, {"good_id": good, "is_withdrawn": True}, lambda: [f"Good {good} is on offer no more."])


@app.command("list")
def list_loans(network: Network = None, rpc: Rpc = None, community: CommunityAt = None, as_json: Json = False) -> None:
    """List goods on offer, and all loans as they stand now."""
    reader = open_community(network, rpc, community)
    goods, found = services.goods(reader), services.loans(reader)
    told = [
        f"good {number}: {show_tokens(one.terms.price)}, deposit {show_tokens(one.terms.deposit)}, "
        f"by {shown(one.lender)}, {'withdrawn' if one.is_withdrawn else 'out' if one.loan_id else 'at home'}"
        for number, one in enumerate(goods, start=1)
    ]
    told += [f"loan {one.loan_id}: {_summary(one)}" for one in found]
    show(as_json, {"goods": goods, "loans": found}, lambda: told or ["Nothing is on loan or on offer."])


def _loan(reader: CommunityReader, number: int) -> LoanView:
    found = services.loans(reader)
    if not 1 <= number <= len(found):
        raise InputError(f"there is no loan {number}", which=number, remedy="See `commonwatt loan list`.")
    return found[number - 1]


def _tell(reader: CommunityReader, number: int, as_json: bool) -> None:
    view = _loan(reader, number)
    show(as_json, view, lambda: [f"Loan {number}: {_summary(view)}"])


def _summary(view: LoanView) -> str:
    loan = view.loan
    due = f", due back {show_moment(loan.due_at)}" if loan.state is LoanState.LENT else ""
    return (
        f"good {loan.good_id} from {shown(loan.lender)} to {shown(loan.borrower)}, {show_tokens(loan.price)} and a "
        f"deposit of {show_tokens(loan.deposit)}, {loan.state.name.lower()}{due}"
    )
