"""Deals of the demonstration on its chain: services, group purchases, loans and community work, step by step.

Each step of all deals of a day is one batch, every call signed by whoever takes the step. What time has to pass for is
kept as a chore for a later day.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from commons.actions import services, treasury
from commons.addresses import ZERO_ADDRESS
from commons.chain import Call, Event
from commons.contracts import Contract
from commons.records import GoodTerms, ListingTerms, PurchaseTerms
from commons.records.economy import TokenCategory
from commons.units import TOKEN, BasisPoints, EpochSeconds
from commons.wallets import Signer
from scripts.economy.deeds import Ending, GroupPurchase, Loan, Service, Work
from scripts.economy.founding import DAY_S, NOTICE_S, Stage

Sending = tuple[Signer, Call]
HOST_BPS = BasisPoints(2_000)
"""What a structure that hosts gets of what is left after the fee."""
VALUES = ((10_000, 8_000), (6_000, 10_000), (4_000, 2_000))
"""Sustainability and social value, as the admin judges deal after deal."""
EVERY_UNCHECKED = 4
"""Each fourth deal is not checked, and paid when the time for it is over."""
CHECK_DAYS, SILENCE_DAYS = 4, 8
"""Days after which nobody can check, or confirm, any more: one more than the contract's."""
HALF = 5_000
BUDGET = 160 * TOKEN
"""For community work and energy bonuses."""
LATE_PER_DAY = TOKEN // 2
DELIVER_S = 2 * DAY_S
JOIN_DAYS = 2


@dataclass
class Deals:
    """What goes on between members; `chores` are what is due on later days."""

    stage: Stage
    chores: dict[int, list[Sending]] = field(default_factory=lambda: defaultdict(list))
    _judged: int = 0

    def due(self, day: int) -> None:
        """Do what was left for this day."""
        self.send(self.chores.pop(day, []))

    def send(self, sendings: Iterable[Sending]) -> list[Event]:
        """Send a batch, and give what the contracts said, in order."""
        listed = list(sendings)
        receipts = self.stage.chain.send_all(listed) if listed else []
        return [event for receipt in receipts for event in receipt.events]

    def _escrow(self, at: Contract, amount: int, call: Call) -> list[Call]:
        return services.escrow_calls(self.stage.contracts, at, amount, call)

    # ---------------------------------------------------------------- services

    def serve(self, day: int, deeds: Sequence[Service]) -> None:
        """Offer, accept, check, deliver, and end as planned."""
        contracts, at = self.stage.contracts, self.stage.contracts.services
        offers = [(one.provider.signer, services.offer_call(contracts, self._terms(one))) for one in deeds]
        numbers = services.numbers_of(self.send(offers), "Listed", "listingId")
        listed = zip(deeds, numbers, strict=True)
        parts = [(one, customer, number) for one, number in listed for customer in one.customers]
        opened = self.send(
            (customer.signer, call)
            for one, customer, number in parts
            for call in self._escrow(at, one.amount // len(one.customers), services.accept_call(at, number))
        )
        deals = services.numbers_of(opened, "DealOpened", "dealId")
        checked = self._check(at, deals)
        self.send(
            (one.provider.signer, services.step_call(at, "deliver", deal, services.text_hash(one.what)))
            for (one, _, _), deal in zip(parts, deals, strict=True)
        )
        endings: list[Sending] = []
        for (one, customer, _), deal in zip(parts, deals, strict=True):
            endings += self._end(day, at, one, customer.signer, deal, deal in checked)
        self.send(endings)

    def _terms(self, one: Service) -> ListingTerms:
        now = self.stage.chain.now()
        host = ZERO_ADDRESS if one.structure is None else one.structure.address
        return ListingTerms(
            category=one.category,
            amount=one.amount // len(one.customers),
            places=len(one.customers),
            accept_by=EpochSeconds(now + DAY_S),
            deliver_within=DELIVER_S,
            structure=host,
            structure_bps=BasisPoints(0) if one.structure is None else HOST_BPS,
            content_hash=services.text_hash(one.what),
        )

    def _check(self, at: Contract, deals: Sequence[int]) -> set[int]:
        """The admin judges three deals of four."""
        wanted: dict[int, tuple[int, int]] = {}
        for deal in deals:
            self._judged += 1
            if self._judged % EVERY_UNCHECKED:
                wanted[deal] = VALUES[self._judged % len(VALUES)]
        admin = self.stage.founders.admin
        self.send((admin, services.step_call(at, "check", deal, *value)) for deal, value in wanted.items())
        return set(wanted)

    def _end(
        self, day: int, at: Contract, one: Service, customer: Signer, deal: int, is_checked: bool
    ) -> list[Sending]:
        admin, move_on = self.stage.founders.admin, services.step_call(at, "move-on", deal)
        anybody = self.stage.founders.relayer
        if one.ending is Ending.CONFIRMED:
            if not is_checked:
                self.chores[day + CHECK_DAYS].append((anybody, move_on))
            return [(customer, services.step_call(at, "confirm", deal))]
        if one.ending is Ending.SILENT:
            self.chores[day + SILENCE_DAYS].append((anybody, move_on))
            if not is_checked:
                self.chores[day + SILENCE_DAYS + CHECK_DAYS].append((anybody, move_on))
            return []
        self.chores[day + 1].append((admin, services.step_call(at, "decide", deal, HALF)))
        return [(customer, services.step_call(at, "dispute", deal, services.text_hash("half of it was done")))]

    # ---------------------------------------------------------------- community work

    def fund_works(self) -> None:
        """Two admins agree that the treasury pays the budget; it is paid after the notice."""
        contracts, founders = self.stage.contracts, self.stage.founders
        works = contracts.works.address
        purpose = "community work and energy bonuses of the month"
        call = treasury.propose_call(contracts, contracts.token.address, works, BUDGET, purpose)
        number = services.numbers_of(self.send([(founders.admin, call)]), "PaymentProposed", "paymentId")[0]
        self.send([(self.stage.second_admin, treasury.approve_call(contracts, number))])
        self.chores[1 + NOTICE_S // DAY_S + 1].append((founders.relayer, treasury.pay_call(contracts, number)))

    def work(self, deeds: Sequence[Work]) -> None:
        """The admin asks for work, somebody does it, and the second admin judges and confirms."""
        contracts, at = self.stage.contracts, self.stage.contracts.works
        admin, second = self.stage.founders.admin, self.stage.second_admin
        asked = self.send((admin, services.work_call(contracts, self._work_terms(one))) for one in deeds)
        numbers = services.numbers_of(asked, "Listed", "listingId")
        pairs = list(zip(deeds, numbers, strict=True))
        opened = self.send((one.doer.signer, services.accept_call(at, number)) for one, number in pairs)
        deals = services.numbers_of(opened, "DealOpened", "dealId")
        done = list(zip(deeds, deals, strict=True))
        self.send((second, services.step_call(at, "check", deal, HALF, HALF)) for deal in deals)
        self.send(
            (one.doer.signer, services.step_call(at, "deliver", deal, services.text_hash(one.what)))
            for one, deal in done
        )
        self.send((second, services.step_call(at, "confirm", deal)) for deal in deals)

    def _work_terms(self, one: Work) -> ListingTerms:
        is_hosted = one.structure is not None
        category = TokenCategory.TO_COMMUNITY_WITH_STRUCTURE if is_hosted else TokenCategory.TO_COMMUNITY
        return ListingTerms(
            category=category,
            amount=one.amount,
            places=1,
            accept_by=EpochSeconds(self.stage.chain.now() + DAY_S),
            deliver_within=DELIVER_S,
            structure=ZERO_ADDRESS if one.structure is None else one.structure.address,
            structure_bps=HOST_BPS if is_hosted else BasisPoints(0),
            content_hash=services.text_hash(one.what),
        )

    # ---------------------------------------------------------------- loans

    def lend(self, day: int, deeds: Sequence[Loan]) -> None:
        """Offer, borrow, hand over; the first comes back in time, the second two days late."""
        contracts = self.stage.contracts
        goods = [(one.owner.signer, services.offer_good_call(contracts, _good(one))) for one in deeds]
        numbers = services.numbers_of(self.send(goods), "GoodOffered", "goodId")
        borrowed = self.send(
            (one.borrower.signer, call)
            for one, number in zip(deeds, numbers, strict=True)
            for call in self._escrow(
                contracts.loans, one.price + one.deposit, services.borrow_call(contracts, number, one.days * DAY_S)
            )
        )
        loans = services.numbers_of(borrowed, "LoanReserved", "loanId")
        pairs = list(zip(deeds, loans, strict=True))
        self.send((one.owner.signer, services.loan_call(contracts, "handOver", loan)) for one, loan in pairs)
        for place, (one, loan) in enumerate(pairs):
            back = day + one.days + (2 if place % 2 else -1)
            evidence = services.text_hash(f"{one.what} is back")
            self.chores[back].append((one.borrower.signer, services.loan_call(contracts, "giveBack", loan, evidence)))
            self.chores[back + 1].append((one.owner.signer, services.loan_call(contracts, "confirmReturn", loan)))

    # ---------------------------------------------------------------- group purchases

    def buy_together(self, day: int, deeds: Sequence[GroupPurchase]) -> None:
        """Open, join; once it has closed, deliver and confirm, or have everybody refunded."""
        contracts, at = self.stage.contracts, self.stage.contracts.purchases
        opened = self.send(
            (one.seller.signer, services.open_purchase_call(contracts, self._purchase_terms(one))) for one in deeds
        )
        numbers = services.numbers_of(opened, "PurchaseOpened", "purchaseId")
        parts = [(one, buyer, number) for one, number in zip(deeds, numbers, strict=True) for buyer in one.buyers]
        joined = self.send(
            (buyer.signer, call)
            for one, buyer, number in parts
            for call in self._escrow(at, one.price_each, services.join_call(contracts, number, 1))
        )
        deals = services.numbers_of(joined, "DealOpened", "dealId")
        for (one, buyer, _), deal in zip(parts, deals, strict=True):
            closed = day + JOIN_DAYS + 1
            if len(one.buyers) < one.least:
                self.chores[closed].append((self.stage.founders.relayer, services.step_call(at, "move-on", deal)))
                continue
            delivered = services.step_call(at, "deliver", deal, services.text_hash(one.what))
            self.chores[closed].append((one.seller.signer, delivered))
            self.chores[closed + 1].append((buyer.signer, services.step_call(at, "confirm", deal)))
            moved = services.step_call(at, "move-on", deal)
            self.chores[closed + 1 + CHECK_DAYS].append((self.stage.founders.relayer, moved))

    def _purchase_terms(self, one: GroupPurchase) -> PurchaseTerms:
        closes = EpochSeconds(self.stage.chain.now() + JOIN_DAYS * DAY_S)
        return PurchaseTerms(one.price_each, one.least, 100, closes, 3 * DAY_S, services.text_hash(one.what))


def _good(one: Loan) -> GoodTerms:
    return GoodTerms(one.price, one.deposit, LATE_PER_DAY, 30 * DAY_S, services.text_hash(one.what))
