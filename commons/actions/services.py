"""Deals in tokens: goods and services among members, group purchases, loans of goods, and work for the community.

A deal's steps are the same in all three places where deals are made: `services`, `purchases` and `works`. Texts are not
on the chain; their hashes are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from commons.addresses import Address
from commons.chain import Call, Event
from commons.contracts import CommunityReader, Contract, Contracts
from commons.errors import InputError, MalformedInput
from commons.keccak import keccak256
from commons.records import Deal, Good, GoodTerms, Listing, ListingTerms, Loan, Purchase, PurchaseTerms
from commons.records.economy import TokenCategory

PLACES = ("services", "purchases", "works")
"""The contracts in which deals are made, by their field of `Contracts`."""
WORK = (TokenCategory.TO_COMMUNITY, TokenCategory.TO_COMMUNITY_WITH_STRUCTURE)
"""What work for the community is paid as; no deal among members is."""
NOT_FOR_DEALS = (TokenCategory.TRANSFER, TokenCategory.SELLER_BONUS, TokenCategory.ENERGY_BONUS, *WORK)
"""Nobody could ever accept an offer or a request of these among members."""
STEPS = {
    "deliver": "deliver",
    "decline": "decline",
    "confirm": "confirm",
    "dispute": "dispute",
    "decide": "decide",
    "check": "check",
    "move-on": "moveOn",
    "review": "review",
}
"""A step of a deal as people type it → the contract's function."""


@dataclass(frozen=True, slots=True)
class DealView:
    """A deal with its number."""

    deal_id: int
    deal: Deal


@dataclass(frozen=True, slots=True)
class ListingView:
    """An offer or request with its number."""

    listing_id: int
    listing: Listing


@dataclass(frozen=True, slots=True)
class LoanView:
    """A loan of a good with its number."""

    loan_id: int
    loan: Loan


def text_hash(text: str) -> bytes:
    """What stands for a text on the chain: its keccak256.

    Raises:
        MalformedInput: there is no text.
    """
    if not text.strip():
        raise MalformedInput("the text is empty", remedy="Say in a few words what it is about.")
    return keccak256(text.encode())


def house(contracts: Contracts, place: str) -> Contract:
    """The contract in which deals of that place are made.

    Raises:
        MalformedInput: there is no such place.
    """
    if place not in PLACES:
        raise MalformedInput(f"no deals are made in {place!r}", remedy=f"Choose one of {', '.join(PLACES)}.")
    found: Contract = getattr(contracts, place)
    return found


def escrow_calls(contracts: Contracts, at: Contract, amount: int, call: Call) -> list[Call]:
    """Allow a contract of the community to take the tokens, then make the call that takes them into escrow."""
    return [contracts.token.call("approve", at.address, amount), call]


# -------------------------------------------------------------------- listings and deals


def offer_call(contracts: Contracts, terms: ListingTerms) -> Call:
    """Offer something: whoever accepts pays."""
    return contracts.services.call("offer", terms)


def request_call(contracts: Contracts, terms: ListingTerms) -> Call:
    """Ask for something: the tokens go into escrow at once, and whoever accepts is paid."""
    return contracts.services.call("request", terms)


def work_call(contracts: Contracts, terms: ListingTerms) -> Call:
    """Ask for work for the community, out of the budget. Community admin only."""
    return contracts.works.call("requestWork", terms)


def accept_call(at: Contract, listing_id: int) -> Call:
    """Accept a listing: a deal begins."""
    return at.call("accept", listing_id)


def step_call(at: Contract, step: str, deal_id: int, *arguments: Any) -> Call:
    """Take a step of a deal, one of `STEPS`."""
    return at.call(STEPS[step], deal_id, *arguments)


def deals(reader: CommunityReader, place: str) -> list[DealView]:
    """All deals ever made in a place, by their numbers, as they stand now."""
    at = house(reader.contracts, place)
    count = int(reader.chain.call(at.call("dealCount")))
    found = reader.chain.calls([at.call("dealOf", number) for number in range(1, count + 1)])
    return [DealView(number, deal) for number, deal in enumerate(found, start=1)]


def deal(reader: CommunityReader, place: str, deal_id: int) -> DealView:
    """One deal.

    Raises:
        InputError: there is none of this number.
    """
    at = house(reader.contracts, place)
    count = int(reader.chain.call(at.call("dealCount")))
    if not 1 <= deal_id <= count:
        raise InputError(
            f"there is no deal {deal_id} in {place}; there are {count}",
            which=deal_id,
            remedy="See `commonwatt service list`.",
        )
    found: Deal = reader.chain.call(at.call("dealOf", deal_id))
    return DealView(deal_id, found)


def listings(reader: CommunityReader, place: str) -> list[ListingView]:
    """All offers and requests of a place, by their numbers."""
    at = house(reader.contracts, place)
    count = int(reader.chain.call(at.call("listingCount")))
    found = reader.chain.calls([at.call("listingOf", number) for number in range(1, count + 1)])
    return [ListingView(number, listing) for number, listing in enumerate(found, start=1)]


def numbers_of(events: Sequence[Event], name: str, argument: str) -> list[int]:
    """The numbers that events of a name carry, in the chain's order."""
    return [int(event.args[argument]) for event in events if event.name == name]


# -------------------------------------------------------------------- group purchases


def open_purchase_call(contracts: Contracts, terms: PurchaseTerms) -> Call:
    """Open a group purchase. Its supplier signs."""
    return contracts.purchases.call("open", terms)


def join_call(contracts: Contracts, purchase_id: int, units: int) -> Call:
    """Join a group purchase: the price of the units goes into escrow."""
    return contracts.purchases.call("join", purchase_id, units)


def purchases(reader: CommunityReader) -> list[Purchase]:
    """All group purchases, the first the one with number 1."""
    at = reader.contracts.purchases
    count = int(reader.chain.call(at.call("purchaseCount")))
    return reader.chain.calls([at.call("purchaseOf", number) for number in range(1, count + 1)])


def purchase(reader: CommunityReader, purchase_id: int) -> Purchase:
    """One group purchase.

    Raises:
        InputError: there is none of this number.
    """
    found = purchases(reader)
    if not 1 <= purchase_id <= len(found):
        raise InputError(
            f"there is no group purchase {purchase_id}", which=purchase_id, remedy="See `commonwatt purchase list`."
        )
    return found[purchase_id - 1]


# -------------------------------------------------------------------- loans of goods


def offer_good_call(contracts: Contracts, terms: GoodTerms) -> Call:
    """Offer a good on loan."""
    return contracts.loans.call("offerGood", terms)


def borrow_call(contracts: Contracts, good_id: int, seconds: int) -> Call:
    """Reserve a good for so many seconds from its hand-over: price and deposit go into escrow."""
    return contracts.loans.call("borrow", good_id, seconds)


def loan_call(contracts: Contracts, function: str, loan_id: int, *arguments: Any) -> Call:
    """Take a step of a loan, by the contract's function."""
    return contracts.loans.call(function, loan_id, *arguments)


def goods(reader: CommunityReader) -> list[Good]:
    """All goods ever offered, the first the one with number 1."""
    at = reader.contracts.loans
    count = int(reader.chain.call(at.call("goodCount")))
    return reader.chain.calls([at.call("goodOf", number) for number in range(1, count + 1)])


def good(reader: CommunityReader, good_id: int) -> Good:
    """One good.

    Raises:
        InputError: there is none of this number.
    """
    found = goods(reader)
    if not 1 <= good_id <= len(found):
        raise InputError(f"there is no good {good_id}", which=good_id, remedy="See `commonwatt loan list`.")
    return found[good_id - 1]


def loans(reader: CommunityReader) -> list[LoanView]:
    """All loans ever made, by their numbers, as they stand now."""
    at = reader.contracts.loans
    count = int(reader.chain.call(at.call("loanCount")))
    found = reader.chain.calls([at.call("loanOf", number) for number in range(1, count + 1)])
    return [LoanView(number, loan) for number, loan in enumerate(found, start=1)]


# -------------------------------------------------------------------- energy bonus


def confirm_bonus_call(contracts: Contracts, incentive_id: int) -> Call:
    """Confirm the token bonus that goes with an incentive in euro. Community admin only."""
    return contracts.works.call("confirmEnergyBonus", incentive_id)


def claim_bonus_call(contracts: Contracts, incentive_id: int, wallet: Address) -> Call:
    """Pay a citizen's bonus by its energy profile, once its share of the incentive was paid. Anybody."""
    return contracts.works.call("claimEnergyBonus", incentive_id, wallet)
