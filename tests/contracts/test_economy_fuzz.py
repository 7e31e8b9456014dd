"""A stateful fuzz of the community's economy: payments, deals, purchases, loans, work, the desk, incentives in euro,
changes of the rules, newcomers, lost wallets, leavers, time.

After every act each holder has the tokens and the euro that the events explain (`economy_model`), all tokens add up to
what was issued, each exchange holds exactly the escrow of what is open, and the treasury has what it keeps for members'
shares. At the end everybody is gone and time passes: anybody moves everything on, and nothing is left in escrow or
kept back.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from tests.contracts.chain import ask_all, now, pass_to, request
from tests.contracts.community import (
    CITIZEN,
    DAY,
    HOUR,
    STAKEHOLDER,
    STATUS,
    Contracts,
    Person,
    application,
    member_id,
    person,
    sign_application,
    sign_replacement,
)
from tests.contracts.economy import (
    ACCEPTED,
    CITIZENS,
    CONFIRMED,
    CONTENT,
    DELIVERED,
    DISPUTED,
    EVIDENCE,
    PAID,
    PLEDGED,
    STAKEHOLDERS,
    TO_CITIZEN,
    TO_COMMUNITY,
    TO_STAKEHOLDER,
    TOKEN,
    TRANSFER,
    WITH_STRUCTURE,
)
from tests.contracts.economy_acts import CATEGORIES, CommunityActs, Economy, few, tokens

shares = st.sampled_from([0, 1, 3_333, 5_000, 10_000])
waits = st.sampled_from([1, DAY, 3 * DAY, 7 * DAY, 31 * DAY])
MAY_BE_LOST = (STATUS["Active"], STATUS["Suspended"])
RESERVED, LENT, GIVEN_BACK, LOAN_DISPUTED, CLOSED = range(1, 6)
DEAL_STEPS: dict[int, tuple[str, ...]] = {
    PLEDGED: ("moveOn", "deliver"),
    ACCEPTED: ("deliver", "deliver", "check", "confirm", "decline"),
    DELIVERED: ("check", "confirm", "confirm", "dispute"),
    CONFIRMED: ("check", "check", "moveOn"),
    DISPUTED: ("decide", "decide", "moveOn"),
}
LOAN_STEPS: dict[int, tuple[str, ...]] = {
    RESERVED: ("handOver", "handOver", "cancelLoan"),
    LENT: ("giveBack", "giveBack", "confirmReturn", "disputeLoan", "moveLoanOn"),
    GIVEN_BACK: ("confirmReturn", "disputeLoan", "moveLoanOn"),
    LOAN_DISPUTED: ("decideLoan", "moveLoanOn"),
}
"""What may come next, by the state: mostly one of these is tried, and any other now and then."""
steps_drawn = st.lists(few, min_size=3, max_size=9)
wanted = {
    "AmountScheduled",
    "CategoryScheduled",
    "DealPaid",
    "DealRefunded",
    "DealDecided",
    "DealChecked",
    "EnergyBonusPaid",
    "IncentiveClosed",
    "LoanClosed",
    "MemberLeft",
    "PaymentMade",
    "PurchasePledged",
    "SharePaid",
    "TokensBought",
    "WalletReplaced",
    "WelcomeDelayed",
    "Welcomed",
    "YearlyFeePaid",
    "paid by other terms than the first",
    "replaced while suspended",
}
"""What must have happened in some example: else the fuzz looks at nothing."""
seen: Counter[str] = Counter()


class EconomyMachine(CommunityActs):
    """People who pay each other, keep or break their word, and vanish."""

    @initialize(amount=tokens, maker=few)
    def begin(self, amount: int, maker: int) -> None:
        """Something of each kind is open from the first act on."""
        for turn in range(2):
            self.list_something(maker + turn, amount, 2, maker, turn == 1, maker + turn + 1)
        self.ask_for_work(TOKEN, 2, maker)
        self.buy_together(maker, amount, [2, 1])
        self.lend(maker, amount, TOKEN, TOKEN // 3, maker + 1)

    # ------------------------------------------------------------ payments

    @rule(payer=few, payee=few, amount=tokens, category=st.sampled_from([TRANSFER, *CATEGORIES]))
    def pay(self, payer: int, payee: int, amount: int, category: int) -> None:
        """In the category of the two, or in any once in a while."""
        giver, taker = self.somebody(payer), self.somebody(payee)
        kind = category if payer % 4 == 0 else self._category(giver, taker)
        self.give(giver, taker, amount, kind)

    def _category(self, payer: Person, payee: Person) -> int:
        kinds = (payer in self.economy.stakeholders, payee in self.economy.stakeholders)
        return {(False, False): CITIZENS, (False, True): TO_CITIZEN, (True, False): TO_STAKEHOLDER}.get(
            kinds, STAKEHOLDERS
        )

    @rule(start=few, amount=tokens)
    def pay_around(self, start: int, amount: int) -> None:
        """A circle of three: together they never have more than before."""
        before = self._with_members()
        for turn in range(3):
            payer, payee = (self.one_of(self.members, start + turn + place) for place in range(2))
            self.give(payer, payee, amount, CITIZENS)
        assert self._with_members() <= before

    def _with_members(self) -> int:
        return sum(answer[0] for answer in ask_all([(self.token.balanceOf, who.address) for who in self.members]))

    # ------------------------------------------------------------ deals

    @rule(maker=few, amount=tokens, places=st.integers(1, 2), hosted=few, is_request=st.booleans(), taker=few)
    def list_something(self, maker: int, amount: int, places: int, hosted: int, is_request: bool, taker: int) -> None:
        """An offer or request, and some who would accept it at once."""
        services = self.contracts.services
        who, other = self.somebody(maker), self.somebody(taker)
        kind = self._category(who, other) if is_request else self._category(other, who)
        kind = WITH_STRUCTURE if kind == CITIZENS and hosted % 3 == 0 else kind
        structure = self.shops[0].address if kind == WITH_STRUCTURE else "0x" + "00" * 20
        share = 2_500 if kind == WITH_STRUCTURE else 0
        terms = (kind, amount, places, now() + 5 * DAY, 4 * DAY, structure, share, CONTENT)
        done = self.act(services.request if is_request else services.offer, terms, by=who)
        if done:
            number = done.event("Listed")["listingId"]
            for place in range(2):
                self.act(services.accept, number, by=self.somebody(taker + place))

    @rule(amount=tokens, places=st.integers(1, 2), taker=few)
    def ask_for_work(self, amount: int, places: int, taker: int) -> None:
        terms = (TO_COMMUNITY, amount, places, now() + 5 * DAY, 4 * DAY, "0x" + "00" * 20, 0, CONTENT)
        done = self.act(self.contracts.works.requestWork, terms, by=self.admin)
        if done:
            self.act(self.contracts.works.accept, done.event("Listed")["listingId"], by=self.somebody(taker))

    @rule(supplier=few, price=tokens, units=st.lists(st.integers(0, 4), min_size=2, max_size=3))
    def buy_together(self, supplier: int, price: int, units: list[int]) -> None:
        purchases = self.contracts.purchases
        terms = (price, 3, 6, now() + 3 * DAY, 4 * DAY, CONTENT)
        done = self.act(purchases.open, terms, by=self.somebody(supplier))
        if done:
            for who, wanted in enumerate(units):
                number = done.event("PurchaseOpened")["purchaseId"]
                self.act(purchases.join, number, wanted, by=self.somebody(supplier + who + 1))

    @precondition(lambda self: self.books.count(*self.exchanges))
    @rule(which=few, steps=steps_drawn, share=shares, other=few)
    def step_deals(self, which: int, steps: list[int], share: int, other: int) -> None:
        """Steps of deals that are open, or of the last ones."""
        for place, step in enumerate(steps):
            self._step_deal(which + place // 4, step, share, other)

    def _step_deal(self, which: int, choice: int, share: int, other: int) -> None:
        """A step of a deal, mostly by whose turn it is."""
        contract, number = self.one_of(self.books.open_or_last(*self.exchanges), which)
        ((deal,),) = ask_all([(contract.dealOf, number)])
        step = self._step(DEAL_STEPS, deal[2], choice, "review")
        arguments = {"deliver": (EVIDENCE,), "dispute": (EVIDENCE,), "review": (EVIDENCE,), "decide": (share,)}
        extra = (share, share) if step == "check" else arguments.get(step, ())
        self.act(getattr(contract, step), number, *extra, by=self._turn(contract, step, deal, other))

    def _step(self, steps: dict[int, tuple[str, ...]], state: int, choice: int, last: str) -> str:
        """What may come next, or anything; `last` where it is over."""
        every = [step for some in steps.values() for step in some]
        return str(self.one_of(every if choice % 8 == 0 else steps.get(state, (last,)), choice // 8))

    def _turn(self, contract: Any, step: str, deal: Any, other: int) -> Person:
        if other == 0:
            return self.people[0]
        if step in ("check", "decide") or (contract is self.contracts.works and step in ("confirm", "dispute")):
            return self.judges[other % 2]
        wallet = deal[7] if step in ("deliver", "decline") else deal[0]
        return next((who for who in self.people if who.address == wallet.lower()), self.admin)

    @rule(exchange=few, which=few, who=few)
    def close_something(self, exchange: int, which: int, who: int) -> None:
        contract = self.one_of([self.contracts.services, self.contracts.works], exchange)
        by = self.one_of([*self.people, self.admin], who)
        self.act(contract.close, which % 9, by=by)
        self.act(self.contracts.purchases.cancelPurchase, which % 5, by=by)
        self.act(self.contracts.purchases.leavePurchase, which % 7, by=by)

    # ------------------------------------------------------------ loans

    @rule(lender=few, price=tokens, deposit=tokens, late=tokens, borrower=few)
    def lend(self, lender: int, price: int, deposit: int, late: int, borrower: int) -> None:
        loans = self.contracts.loans
        terms = (price, deposit, late, 9 * DAY, CONTENT)
        done = self.act(loans.offerGood, terms, by=self.somebody(lender))
        if done:
            number = done.event("GoodOffered")["goodId"]
            self.act(loans.borrow, number, 2 * DAY, by=self.somebody(borrower))

    @precondition(lambda self: self.books.count(self.contracts.loans))
    @rule(which=few, steps=steps_drawn, share=shares, other=few)
    def step_loans(self, which: int, steps: list[int], share: int, other: int) -> None:
        """Steps of loans that are open, or of the last ones."""
        for place, step in enumerate(steps):
            self._step_loan(which + place // 4, step, share, other)

    def _step_loan(self, which: int, choice: int, share: int, other: int) -> None:
        loans, number = self.one_of(self.books.open_or_last(self.contracts.loans), which)
        ((loan,),) = ask_all([(loans.loanOf, number)])
        step = self._step(LOAN_STEPS, loan[7], choice, "moveLoanOn")
        extra: tuple[Any, ...] = (share, share) if step == "decideLoan" else ()
        extra = (EVIDENCE,) if step in ("giveBack", "disputeLoan") else extra
        wallet = loan[0] if step == "giveBack" or (step == "disputeLoan" and other % 2) else loan[3]
        by = next((who for who in self.people if who.address == wallet.lower()), self.admin)
        self.act(getattr(loans, step), number, *extra, by=self.one_of(self.judges, other) if "decide" in step else by)

    # ------------------------------------------------------------ people and time

    @rule(
        who=few, what=st.sampled_from(["suspendMember", "reinstateMember", "reinstateMember", "removeMember", "leave"])
    )
    def change_standing(self, who: int, what: str) -> None:
        """Once in a while; who is gone stays gone, and who is suspended mostly comes back."""
        member = self.one_of(self.people, who)
        if member.address not in self.books.active and who % 4:
            what = "reinstateMember"
        if (what == "suspendMember" and who % 3) or (what in ("removeMember", "leave") and who % 3):
            return
        if what == "leave":
            self.act(self.contracts.community.leave, by=member)
        else:
            self.act(getattr(self.contracts.community, what), member.address, by=self.admin)

    @rule(who=few)
    def lose_wallet(self, who: int) -> None:
        """A wallet of an active member or of a suspended one."""
        community, old = self.contracts.community, self.one_of(self.members, who)
        new = self.one_of(self.economy.spares, who)
        statuses = ask_all([(community.statusOf, one.address) for one in (old, new)])
        if who % 2 or statuses[0][0] not in MAY_BE_LOST or statuses[1][0] != 0:
            return
        if who % 4 == 0:
            self.act(community.suspendMember, old.address, by=self.admin)
        deadline = now() + HOUR
        signature = sign_replacement(self.contracts, old, new, deadline, new)
        self.act(community.replaceWallet, old.address, new.address, deadline, signature, by=self.admin)

    @rule(who=few)
    def welcome(self, who: int) -> None:
        """A newcomer, or one who left, applies and is approved; anybody asks for a welcome that is owed."""
        community, one = self.contracts.community, self.one_of(self.economy.newcomers, who)
        kind = STAKEHOLDER if one in self.economy.stakeholders else CITIZEN
        values = application(self.contracts, one, kind=kind)
        if self.act(community.registerUser, values, sign_application(self.contracts, values, one), by=one):
            self.act(community.approveMember, one.address, member_id(one), values[3], by=self.admin)
        self.act(self.token.welcome, self.somebody(who).address, by=one)

    @rule(who=few)
    def move_or_settle(self, who: int) -> None:
        wallet = self.one_of(self.people, who).address
        self.act(self.token.moveBalance, wallet, by=self.admin)
        self.act(self.token.settleLeaver, wallet, by=self.admin)

    @rule(seconds=waits)
    def wait(self, seconds: int) -> None:
        pass_to(now() + seconds)

    # ------------------------------------------------------------ what must hold

    @invariant()
    def books_agree(self) -> None:
        """Every sentence of the module's head but the last."""
        seen["act"] += 1
        contracts, books = self.contracts, self.books
        views: list[tuple[Any, ...]] = [
            (asset.balanceOf, one) for asset in (self.token, contracts.euro) for one in books.holders
        ]
        views += [(exchange.held,) for exchange in books.exchanges]
        views += [(self.token.totalSupply,), (contracts.treasury.reserved,)]
        found = [answer[0] for answer in ask_all(views)]
        assert found[: len(books.holders)] == [books.tokens[one] for one in books.holders]
        assert found[len(books.holders) : -6] == [books.euro[one] for one in books.holders]
        *held, supply, reserved = found[-6:]
        assert held == [books.held[exchange.address.lower()] for exchange in books.exchanges]
        for exchange, amount in zip(books.exchanges, held, strict=True):
            balance = books.tokens[exchange.address.lower()]
            assert balance == amount or (exchange is contracts.works and balance > amount)
        assert supply == sum(books.tokens[one] for one in books.holders) == sum(books.issued.values())
        assert reserved == books.reserved() <= books.euro[books.treasury]

    def teardown(self) -> None:
        """Everybody is gone: a stranger moves everything on, and nothing is left in escrow or kept back."""
        try:
            self._leave_all_to_time()
            assert not any(self.books.held.values())
            assert not any(self.books.escrow.values())
            assert self.books.reserved() == 0
            self.books_agree()
            for exchange in self.exchanges:
                assert all(deal[2] >= PAID for deal in self._all(exchange.dealOf, exchange))
            assert all(loan[7] == CLOSED for loan in self._all(self.contracts.loans.loanOf, self.contracts.loans))
        finally:
            seen.update(self.books.seen)
            request("evm_revert", self.snapshot)

    def _all(self, view: Any, exchange: Any) -> list[Any]:
        """Every deal, or every loan."""
        calls = [(view, 1 + place) for place in range(self.books.count(exchange))]
        return [one for (one,) in ask_all(calls)] if calls else []

    def _leave_all_to_time(self) -> None:
        nobody, contracts = person("nobody", 16), self.contracts
        for member in self.people:
            self.act(contracts.community.suspendMember, member.address, by=self.admin)
        for _ in range(5):
            pass_to(now() + 60 * DAY)
            for contract, number in self.books.open(*self.books.exchanges):
                step = contract.moveLoanOn if contract is contracts.loans else contract.moveOn
                self.act(step, number, by=nobody)
        for contract in (contracts.services, contracts.works):
            for number in self.books.open_requests(contract):
                self.act(contract.close, number, by=nobody)
        pass_to(now() + 365 * DAY)
        for number, promise in self.books.promises.items():
            if not promise.is_closed:
                self.act(contracts.treasury.closeIncentive, number, by=nobody)


@pytest.fixture
def machine(
    fontana: Contracts,
    admin: Person,
    second_admin: Person,
    issuer: Person,
    operators: list[Person],
    isolation: None,
) -> Callable[[], EconomyMachine]:
    """Makes a machine over the community as it is."""
    economy = Economy(fontana, admin, second_admin, operators)
    economy.begin(issuer)
    return lambda: EconomyMachine(economy)


def test_economy__under_any_sequence_of_acts__loses_nothing_locks_nothing_and_rewards_no_circle(
    machine: Callable[[], EconomyMachine],
) -> None:
    seen.clear()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=24,
            stateful_step_count=50,
            suppress_health_check=list(HealthCheck),
            # Shrinking takes as long again as all examples: what failed is printed as it was.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        ),
    )
    assert wanted - (+seen).keys() == set(), dict(seen)
