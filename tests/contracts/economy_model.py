"""What the events of the community's economy explain, counted beside the chain by its fuzz: plain sums and lists.

Every holder's tokens and euro change where an event says so and nowhere else. Each payment out of escrow or out of the
treasury must have been owed, and is owed once; fee and incentives follow from the terms that were in force, a deal's
fee from those of the moment when it was made. Tokens are in their smallest unit, money is µ€.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from tests.contracts.chain import Event, Receipt, ask_all
from tests.contracts.community import DAY, EMISSION_CAP, NOTICE_S, STAKEHOLDER, Contracts, Person, member_id
from tests.contracts.economy import AMOUNTS, CATEGORIES, TOKEN, TOKEN_PRICE, WELCOME_CITIZEN, YEARLY_FEE
from tests.contracts.incentives import Split

FULL_BPS = 10_000
LIMIT_UNIT = 10**12
YEAR = 365 * DAY
INCENTIVE_PERIOD = 30 * DAY
WELCOME_STAKEHOLDER = WELCOME_CITIZEN + 1
Value = TypeVar("Value")


class Schedule(Generic[Value]):
    """A value that changes when its notice is over."""

    def __init__(self, value: Value) -> None:
        self._steps = [(0, value)]

    def change(self, told_at: int, since: int, value: Value) -> None:
        """Another value from `since` on; what was told before and is not in force yet falls away."""
        assert since == told_at + NOTICE_S, "a change without its notice"
        self._steps = [step for step in self._steps if step[0] <= told_at] + [(since, value)]

    def at(self, moment: int) -> Value:
        """The value in force."""
        return next(value for since, value in reversed(self._steps) if since <= moment)

    def has_changed(self, moment: int) -> bool:
        """Whether it is another than in the beginning."""
        return moment >= max(since for since, _ in self._steps[:2]) > 0


@dataclass
class Promise:
    """An incentive in euro: what arrived, how it is divided, and who had a share or a bonus."""

    amount: int
    split: Split | None = None
    most: int = 0
    """What the operators say that the shares add up to."""
    claimed: dict[str, int] = field(default_factory=dict)
    rewarded: set[bytes] = field(default_factory=set)
    is_closed: bool = False

    @property
    def reserved(self) -> int:
        """What the treasury keeps for it."""
        return 0 if self.is_closed else self.amount - sum(self.claimed.values())


@dataclass
class Agreement:
    """A deal or a loan, by the reference of its payments."""

    holder: str
    opened_at: int
    is_checked: bool = False
    owed: int = 0
    """What was told to be paid and has not been yet."""


class EconomyBooks:
    """The economy as its events tell it, from a moment on at which no deal was open."""

    def __init__(self, contracts: Contracts, people: Sequence[Person], members: Sequence[Person]) -> None:
        self.contracts = contracts
        self.treasury = contracts.treasury.address.lower()
        self.works = contracts.works.address.lower()
        self.exchanges = [contracts.services, contracts.purchases, contracts.works, contracts.loans]
        holders = [contracts.treasury, *self.exchanges, *people]
        self.holders = [one.address.lower() for one in holders]
        self.id_of = {one.address: member_id(one) for one in members}
        self.active = {one.address for one in members}
        self.held: Counter[str] = Counter()
        self.escrow: dict[tuple[str, int], int] = {}
        self.requests: dict[tuple[str, int], list[int]] = {}
        self.agreements: dict[bytes, Agreement] = {}
        self.granted: Counter[Any] = Counter()
        self.welcome_due = dict.fromkeys(self.id_of.values(), 0)
        self.paid_until: Counter[bytes] = Counter()
        self.promises: dict[int, Promise] = {}
        self.payments: dict[int, tuple[str, str, int]] = {}
        self.made: set[int] = set()
        self.seen: Counter[str] = Counter()
        self._read()

    def _read(self) -> None:
        """What the chain says at the beginning."""
        contracts, token = self.contracts, self.contracts.token
        balances = ask_all([(asset.balanceOf, one) for asset in (token, contracts.euro) for one in self.holders])
        found = [answer[0] for answer in balances]
        self.tokens = Counter(dict(zip(self.holders, found, strict=False)))
        self.euro = Counter(dict(zip(self.holders, found[len(self.holders) :], strict=True)))
        self.issued = Counter({0: token.issuedIn(0)})
        terms = ask_all([(token.termsOf, category) for category in range(len(CATEGORIES))])
        self.terms = {category: Schedule(answer[0]) for category, answer in enumerate(terms)}
        amounts = ask_all([(token.amountOf, which) for which in range(len(AMOUNTS))])
        self.amounts = {which: Schedule(answer[0]) for which, answer in enumerate(amounts)}

    # ------------------------------------------------------------ reading events

    def book(self, done: Receipt) -> None:
        """Note what a transaction's events say; refuse what nothing explains."""
        for event in done.events:
            self.seen[event.name] += 1
            note = getattr(self, f"_book_{event.name}", None)
            if note is not None:
                note(event, done.timestamp)
        assert not any(one.owed for one in self.agreements.values()), "a payment was told and not made"
        ended = {(event.source, event["dealId"]) for event in done.events if event.name in ("DealPaid", "DealRefunded")}
        assert not any(self.escrow[one] for one in ended), "a deal ended and did not give all it held"

    def reserved(self) -> int:
        """What the treasury keeps for members' shares."""
        return sum(promise.reserved for promise in self.promises.values())

    def count(self, *exchanges: Any) -> int:
        """How many deals, or loans, these have seen."""
        addresses = {exchange.address.lower() for exchange in exchanges}
        return sum(source in addresses for source, _ in self.escrow)

    def open(self, *exchanges: Any) -> list[tuple[Any, int]]:
        """The deals, or loans, of these that hold escrow, each with its contract."""
        contracts = {exchange.address.lower(): exchange for exchange in exchanges}
        return [(contracts[one], number) for (one, number), left in self.escrow.items() if left and one in contracts]

    def open_or_last(self, *exchanges: Any) -> list[tuple[Any, int]]:
        """Those that are open; the last of each exchange where none is."""
        last = [(exchange, self.count(exchange)) for exchange in exchanges if self.count(exchange)]
        return self.open(*exchanges) or last

    def open_requests(self, exchange: Any) -> list[int]:
        """The requests that still hold what their places not taken would cost."""
        address = exchange.address.lower()
        return [number for (one, number), (_, places) in self.requests.items() if places and one == address]

    def _move(self, money: Counter[str], source: str, target: str, amount: int) -> None:
        money[source] -= amount
        money[target] += amount
        assert money[source] >= 0, f"{source} gave more than it had"

    # ------------------------------------------------------------ payments

    def _book_Issued(self, event: Event, _: int) -> None:
        self.tokens[self.treasury] += event["amount"]
        self.issued[event["period"]] += event["amount"]
        assert self.issued[event["period"]] == event["issuedInPeriod"] <= EMISSION_CAP

    def _book_Paid(self, event: Event, at: int) -> None:
        agreement = self.agreements.get(bytes(event["paymentReference"]))
        holder = agreement.holder if agreement else event["payer"]
        self._check_payment(event, at, agreement)
        incentives = event["payerIncentive"] + event["payeeIncentive"]
        left = event["amount"] - event["fee"] - event["structureAmount"]
        self._move(self.tokens, holder, event["payee"], left)
        self._move(self.tokens, holder, event["structure"], event["structureAmount"])
        self._move(self.tokens, holder, self.treasury, event["fee"])
        self._move(self.tokens, self.treasury, event["payer"], event["payerIncentive"])
        self._move(self.tokens, self.treasury, event["payee"], event["payeeIncentive"])
        if incentives:
            self._count_incentives(event, at)
            self.seen["paid by other terms than the first"] += self.terms[event["category"]].has_changed(at)
            if not (agreement and agreement.is_checked):
                assert incentives <= event["fee"], "paying in a circle would gain"

    def _check_payment(self, event: Event, at: int, agreement: Agreement | None) -> None:
        """Fee and incentives are those of the terms, and what a deal pays was owed."""
        fee_bps = self.terms[event["category"]].at(agreement.opened_at if agreement else at)[0]
        if event["payer"] == self.treasury:
            fee_bps = 0
            assert event["payerIncentive"] == event["payeeIncentive"] == 0
        assert event["fee"] == event["amount"] * fee_bps // FULL_BPS
        _, payer_bps, payee_bps, per_payment, *_ = self.terms[event["category"]].at(at)
        for party, bps in (("payer", payer_bps), ("payee", payee_bps)):
            most = min(event["amount"] * bps // FULL_BPS, per_payment * LIMIT_UNIT)
            assert event[f"{party}Incentive"] <= most
            assert event[f"{party}Incentive"] == 0 or event[party] in self.active
        if agreement:
            assert agreement.owed == event["amount"], "a deal paid what it did not owe"
            agreement.owed = 0
        else:
            assert {event["payer"], event["payee"]} <= self.active

    def _count_incentives(self, event: Event, at: int) -> None:
        """No member, by whatever wallet, and no two members get more than the limits of the period."""
        values = self.terms[event["category"]].at(at)
        per_member, per_pair = values[4] * LIMIT_UNIT, values[5] * LIMIT_UNIT
        period = at // INCENTIVE_PERIOD
        ids = [self.id_of[event["payer"]], self.id_of[event["payee"]]]
        for who, amount in zip(ids, (event["payerIncentive"], event["payeeIncentive"]), strict=True):
            self.granted[who, period] += amount
            assert amount == 0 or self.granted[who, period] <= per_member
        pair = (frozenset(ids), period)
        self.granted[pair] += event["payerIncentive"] + event["payeeIncentive"]
        assert self.granted[pair] <= per_pair

    def pass_on(self, source: str, target: str, amount: int) -> None:
        """A transfer that no event but the token's own tells: who left may send what is left."""
        assert source not in self.active
        self._move(self.tokens, source, target, amount)

    # ------------------------------------------------------------ deals and loans

    def _book_Listed(self, event: Event, _: int) -> None:
        if event["isRequest"]:
            _, amount, places, *_ = event["terms"]
            self.requests[event.source, event["listingId"]] = [amount, places]
            self._hold(event.source, event["maker"], amount * places)

    def _book_ListingEnded(self, event: Event, _: int) -> None:
        request = self.requests.get((event.source, event["listingId"]))
        if request:
            amount, places = request
            assert places == event["placesLeft"]
            self.held[event.source] -= amount * places
            request[1] = 0

    def _book_DealOpened(self, event: Event, at: int) -> None:
        request = None
        if event.source != self.contracts.purchases.address.lower():
            request = self.requests.get((event.source, event["listingId"]))
        if request:
            request[1] -= 1
            assert request[0] == event["amount"]
            assert request[1] >= 0
        else:
            self._hold(event.source, event["payer"], event["amount"])
        self.escrow[event.source, event["dealId"]] = event["amount"]
        self.agreements[reference_of(event.source, event["dealId"])] = Agreement(event.source, at)

    def _book_DealChecked(self, event: Event, _: int) -> None:
        self.agreements[reference_of(event.source, event["dealId"])].is_checked = True

    def _book_DealPaid(self, event: Event, _: int) -> None:
        self._give(event.source, event["dealId"], event["amount"])
        self.agreements[reference_of(event.source, event["dealId"])].owed = event["amount"]

    def _book_DealRefunded(self, event: Event, _: int) -> None:
        self._give(event.source, event["dealId"], event["amount"])

    def _book_LoanReserved(self, event: Event, at: int) -> None:
        self._hold(event.source, event["borrower"], event["price"] + event["deposit"])
        self.escrow[event.source, event["loanId"]] = event["price"] + event["deposit"]
        self.agreements[reference_of(event.source, event["loanId"])] = Agreement(event.source, at)

    def _book_LoanClosed(self, event: Event, _: int) -> None:
        self._give(
            event.source, event["loanId"], sum(event[part] for part in ("pricePaid", "compensation", "returned"))
        )
        assert self.escrow[event.source, event["loanId"]] == 0
        self.agreements[reference_of(event.source, event["loanId"])].owed = event["pricePaid"]

    def _book_EscrowReturned(self, event: Event, _: int) -> None:
        self._move(self.tokens, event["source"], event["wallet"], event["amount"])

    def _hold(self, exchange: str, payer: str, amount: int) -> None:
        self.held[exchange] += amount
        if exchange != self.works:  # the community's own promises are in its works already
            self._move(self.tokens, payer, exchange, amount)

    def _give(self, exchange: str, number: int, amount: int) -> None:
        self.escrow[exchange, number] -= amount
        self.held[exchange] -= amount
        assert self.escrow[exchange, number] >= 0, "a deal gave more than it held"

    # ------------------------------------------------------------ members

    def _book_MemberApproved(self, event: Event, at: int) -> None:
        self.id_of[event["wallet"]] = event["memberId"]
        self.active.add(event["wallet"])
        which = WELCOME_STAKEHOLDER if event["kind"] == STAKEHOLDER else WELCOME_CITIZEN
        self.welcome_due.setdefault(event["memberId"], self.amounts[which].at(at))

    def _book_Welcomed(self, event: Event, _: int) -> None:
        assert event["amount"] == self.welcome_due[event["memberId"]] != 0, "welcomed twice, or with another amount"
        self.welcome_due[event["memberId"]] = 0
        self._move(self.tokens, self.treasury, event["wallet"], event["amount"])

    def _book_WelcomeDelayed(self, event: Event, _: int) -> None:
        assert event["amount"] == self.welcome_due[event["memberId"]] > self.tokens[self.treasury]

    def _book_MemberSuspended(self, event: Event, _: int) -> None:
        self.active.discard(event["wallet"])

    def _book_MemberReinstated(self, event: Event, _: int) -> None:
        self.active.add(event["wallet"])

    def _book_MemberLeft(self, event: Event, _: int) -> None:
        self.active.discard(event["wallet"])

    def _book_WalletReplaced(self, event: Event, _: int) -> None:
        old, new = event["oldWallet"], event["newWallet"]
        self.id_of[new] = event["memberId"]
        self.seen["replaced while suspended"] += old not in self.active
        if old in self.active:
            self.active.add(new)
        self.active.discard(old)

    def _book_BalanceMoved(self, event: Event, _: int) -> None:
        assert self.id_of[event["oldWallet"]] == self.id_of[event["newWallet"]]
        self._move(self.tokens, event["oldWallet"], event["newWallet"], event["amount"])

    def _book_LeaverBalanceDonated(self, event: Event, _: int) -> None:
        assert event["wallet"] not in self.active
        self._move(self.tokens, event["wallet"], self.treasury, event["amount"])

    # ------------------------------------------------------------ rules, desk and treasury

    def _book_CategoryScheduled(self, event: Event, at: int) -> None:
        category, *values, since = event.values.values()
        self.terms[category].change(at, since, tuple(values))

    def _book_AmountScheduled(self, event: Event, at: int) -> None:
        self.amounts[event["which"]].change(at, event["effectiveFrom"], event["value"])

    def _book_YearlyFeePaid(self, event: Event, at: int) -> None:
        assert event["amount"] == self.amounts[YEARLY_FEE].at(at) != 0
        until = self.paid_until[event["memberId"]]
        assert until <= at + 60 * DAY, "paid for longer ahead than it may be"
        self.paid_until[event["memberId"]] = (until if until + YEAR > at else at) + YEAR
        assert event["paidUntil"] == self.paid_until[event["memberId"]]
        self._move(self.euro, event["source"], self.treasury, event["amount"])

    def _book_TokensBought(self, event: Event, at: int) -> None:
        buyer = event["buyer"]
        assert event["price"] == self.amounts[TOKEN_PRICE].at(at)
        assert event["tokens"] == event["paid"] * TOKEN // event["price"]
        assert buyer in self.active
        is_asked = self.amounts[YEARLY_FEE].at(at) != 0
        assert not is_asked or self.paid_until[self.id_of[buyer]] >= at, "bought in arrears"
        self._move(self.euro, buyer, self.treasury, event["paid"])
        self._move(self.tokens, self.treasury, buyer, event["tokens"])

    def _book_PaymentProposed(self, event: Event, _: int) -> None:
        self.payments[event["paymentId"]] = (event["asset"], event["payee"], event["amount"])

    def _book_PaymentMade(self, event: Event, _: int) -> None:
        assert event["paymentId"] not in self.made, "made twice"
        self.made.add(event["paymentId"])
        assert self.payments[event["paymentId"]] == (event["asset"], event["payee"], event["amount"])
        is_token = event["asset"] == self.contracts.token.address.lower()
        self._move(self.tokens if is_token else self.euro, self.treasury, event["payee"], event["amount"])

    # ------------------------------------------------------------ incentives in euro

    def _book_IncentiveReceived(self, event: Event, _: int) -> None:
        self.promises[event["incentiveId"]] = Promise(event["amount"])
        self.euro[self.treasury] += event["amount"]

    def _book_SharePaid(self, event: Event, _: int) -> None:
        promise, member = self.promises[event["incentiveId"]], event["member"]
        assert promise.split is not None
        assert not promise.is_closed
        assert member not in promise.claimed, "a share was paid twice"
        assert event["amount"] == promise.split.shares[member]
        promise.claimed[member] = event["amount"]
        assert sum(promise.claimed.values()) <= promise.most <= promise.amount
        assert self.id_of.get(event["wallet"], event["wallet"]) == self.id_of.get(member, member)
        self._move(self.euro, self.treasury, event["wallet"], event["amount"])

    def _book_IncentiveClosed(self, event: Event, _: int) -> None:
        promise = self.promises[event["incentiveId"]]
        assert event["left"] == promise.reserved
        promise.is_closed = True

    def _book_EnergyBonusPaid(self, event: Event, at: int) -> None:
        promise, who = self.promises[event["incentiveId"]], event["memberId"]
        assert who not in promise.rewarded, "an energy bonus was paid twice"
        assert who in {self.id_of.get(wallet) for wallet in promise.claimed}
        promise.rewarded.add(who)
        reference = keccak(encode(["address", "uint256", "bytes32"], [event.source, event["incentiveId"], who]))
        self.agreements[reference] = Agreement(event.source, at, owed=event["amount"])


def reference_of(exchange: str, number: int) -> bytes:
    """The reference of a deal's payment, or of a loan's."""
    return keccak(encode(["address", "uint256"], [exchange, number]))
