"""The community's own economy on the test chain: tokens for members, terms of payments, and what a payment told."""

from dataclasses import dataclass
from typing import Any

from tests.contracts.chain import Receipt, now, pass_to, send
from tests.contracts.community import DAY, NOTICE_S, ZERO, Contracts, Person

TOKEN = 10**18
MICRO = 10**6
"""A token, in the unit of the limits."""
NO_REFERENCE = bytes(32)
CATEGORIES = (
    "Transfer",
    "CitizenToCitizen",
    "WithStructure",
    "StakeholderToCitizen",
    "SellerBonus",
    "EnergyBonus",
    "StakeholderToStakeholder",
    "CitizenToStakeholder",
    "ToCommunity",
    "ToCommunityWithStructure",
)
TRANSFER, CITIZENS, WITH_STRUCTURE, TO_CITIZEN, SELLER_BONUS = range(5)
ENERGY_BONUS, STAKEHOLDERS, TO_STAKEHOLDER, TO_COMMUNITY, TO_COMMUNITY_WITH_STRUCTURE = range(5, 10)
AMOUNTS = (
    "WelcomeCitizen",
    "WelcomeStakeholder",
    "EnergyConsumer",
    "EnergyProsumer",
    "EnergyProstormer",
    "YearlyFee",
    "TokenPrice",
)
(
    WELCOME_CITIZEN,
    WELCOME_STAKEHOLDER,
    ENERGY_CONSUMER,
    ENERGY_PROSUMER,
    ENERGY_PROSTORMER,
    YEARLY_FEE,
    TOKEN_PRICE,
) = range(7)


@dataclass(frozen=True, slots=True)
class Terms:
    """A category's terms; the limits in millionths of a token."""

    fee_bps: int = 0
    payer_bps: int = 0
    payee_bps: int = 0
    per_payment: int = 100 * MICRO
    per_member: int = 1000 * MICRO
    per_pair: int = 1000 * MICRO
    is_off: bool = False

    @property
    def values(self) -> tuple[Any, ...]:
        """`CategoryTerms`."""
        limits = (self.per_payment, self.per_member, self.per_pair)
        return (self.fee_bps, self.payer_bps, self.payee_bps, *limits, self.is_off, 0)


def set_terms(contracts: Contracts, admin: Person, category: int, terms: Terms) -> None:
    """Set a category's terms and let the notice pass."""
    _let_pass(send(contracts.token.scheduleCategory, category, terms.values, by=admin).event("CategoryScheduled"))


def set_amount(contracts: Contracts, admin: Person, which: int, value: int) -> None:
    """Set an amount and let the notice pass."""
    _let_pass(send(contracts.token.scheduleAmount, which, value, by=admin).event("AmountScheduled"))


def set_all(
    contracts: Contracts, admin: Person, terms: dict[int, Terms] | None = None, amounts: dict[int, int] | None = None
) -> None:
    """Set many at once, and let one notice pass."""
    for category, values in (terms or {}).items():
        send(contracts.token.scheduleCategory, category, values.values, by=admin)
    for which, value in (amounts or {}).items():
        send(contracts.token.scheduleAmount, which, value, by=admin)
    pass_to(now() + NOTICE_S)


def _let_pass(told: Any) -> None:
    pass_to(told["effectiveFrom"])


def issue(contracts: Contracts, admin: Person, amount: int) -> None:
    """Tokens for the treasury."""
    send(contracts.token.issue, amount, by=admin)


def balances(contracts: Contracts, *holders: Any) -> tuple[int, ...]:
    """What each holds of the token."""
    return tuple(contracts.token.balanceOf(getattr(holder, "address", holder)) for holder in holders)


def pay(
    contracts: Contracts, payer: Person, payee: Person, amount: int, category: int = CITIZENS, reference: bytes = b"\1"
) -> Receipt:
    """A payment in a category."""
    return send(contracts.token.pay, payee.address, amount, category, reference.ljust(32, b"\0"), by=payer)


# ---------------------------------------------------------------- deals

NONE, PLEDGED, ACCEPTED, DELIVERED, CONFIRMED, DISPUTED, PAID, REFUNDED = range(8)
SILENCE_S, CHECK_S, DECISION_S = 7 * DAY, 3 * DAY, 30 * DAY
CONTENT = b"what it is about".ljust(32, b"\0")
EVIDENCE = b"evidence".ljust(32, b"\0")


def listing_terms(
    *,
    category: int = CITIZENS,
    amount: int = 10 * TOKEN,
    places: int = 1,
    accept_by: int | None = None,
    deliver_within: int = 5 * DAY,
    structure: Any = ZERO,
    structure_bps: int = 0,
    content: bytes = CONTENT,
) -> tuple[Any, ...]:
    """`ListingTerms`."""
    until = now() + 10 * DAY if accept_by is None else accept_by
    return category, amount, places, until, deliver_within, str(structure), structure_bps, content


def allow(contracts: Contracts, exchange: Any, *members: Person) -> None:
    """Let an exchange take whatever it needs of these members' tokens."""
    for member in members:
        send(contracts.token.approve, exchange.address, 2**256 - 1, by=member)


def offered(contracts: Contracts, maker: Person, **changes: Any) -> int:
    """An offer; its number."""
    done = send(contracts.services.offer, listing_terms(**changes), by=maker)
    number: int = done.event("Listed")["listingId"]
    return number


def accepted(exchange: Any, number: int, by: Person) -> int:
    """A listing accepted; the deal's number."""
    deal: int = send(exchange.accept, number, by=by).event("DealOpened")["dealId"]
    return deal


def state_of(exchange: Any, deal: int) -> int:
    """Where a deal stands."""
    state: int = exchange.dealOf(deal)[2]
    return state


def end_of(exchange: Any, deal: int) -> int:
    """When the deal's state is over."""
    deadline: int = exchange.dealOf(deal)[10]
    return deadline
