"""A stateful fuzz of the community's economy: payments, deals, purchases, loans, work, lost wallets, leavers, time.

After every act: all balances add up to what was issued; each exchange holds exactly the escrow of what is open; what
members and escrow gained together is what that act's payments explain; outside checked deals no payment earned more
than its fee; no deal gave more than it held. At the end everybody is gone and time passes: anybody moves everything
on, and no token is left in escrow.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.contracts.chain import Receipt, Refusal, ask_all, attempt, now, pass_to, request, send
from tests.contracts.community import DAY, STAKEHOLDER, Contracts, Person, join, person, replace_wallet
from tests.contracts.economy import (
    CITIZENS,
    CONTENT,
    EVIDENCE,
    STAKEHOLDERS,
    TO_CITIZEN,
    TO_COMMUNITY,
    TO_STAKEHOLDER,
    TOKEN,
    TRANSFER,
    WITH_STRUCTURE,
    Terms,
    allow,
    issue,
    set_all,
)
from tests.contracts.test_lost_wallet import give_tokens
from tests.contracts.test_market_fuzz import EveryRule

few = st.integers(0, 63)
tokens = st.sampled_from([1, 7, TOKEN // 3, TOKEN, 5 * TOKEN + 1, 40 * TOKEN])
shares = st.sampled_from([0, 1, 3_333, 5_000, 10_000])
waits = st.sampled_from([1, DAY, 3 * DAY, 7 * DAY, 31 * DAY])
CATEGORIES = (CITIZENS, WITH_STRUCTURE, TO_CITIZEN, STAKEHOLDERS, TO_STAKEHOLDER)
FINAL = 6
DEAL_STEPS = ("deliver", "check", "confirm", "deliver", "check", "dispute", "decide", "decline", "moveOn", "review")
LOAN_STEPS = ("handOver", "giveBack", "confirmReturn", "disputeLoan", "decideLoan", "cancelLoan", "moveLoanOn")
deal_steps = st.lists(st.sampled_from(DEAL_STEPS), min_size=2, max_size=6)
loan_steps = st.lists(st.sampled_from(LOAN_STEPS), min_size=1, max_size=4)
wanted = {
    "DealPaid",
    "DealRefunded",
    "DealDecided",
    "DealChecked",
    "LoanClosed",
    "PurchasePledged",
    "WalletReplaced",
    "MemberLeft",
}
"""What must have happened in some example: else the fuzz looks at nothing."""
seen: Counter[str] = Counter()


def every(function: Any, count: int) -> list[Any]:
    """The answers of a view for each number from 1."""
    return [one for (one,) in ask_all([(function, number) for number in range(1, count + 1)])] if count else []


class EconomyMachine(RuleBasedStateMachine):
    """People who pay each other, keep or break their word, and vanish."""

    def __init__(self, contracts: Contracts, admin: Person, second_admin: Person) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._rules_strategy.enabled_rules_strategy = st.just(EveryRule())
        self.snapshot = request("evm_snapshot")
        self.contracts, self.admin, self.second_admin = contracts, admin, second_admin
        self.token = contracts.token
        self.members = [person(name, place) for place, name in ((7, "alice"), (8, "bob"), (9, "carol"))]
        self.shops = [person("stranger", 10), person("relayer", 11)]
        self.spare = person("new wallet", 12)
        self.judges = [admin, second_admin]
        self.people = [*self.members, *self.shops, self.spare]
        self.exchanges = [contracts.services, contracts.purchases, contracts.works]
        self.given: Counter[tuple[str, int]] = Counter()
        self.expected = 0
        self.checked: set[bytes] = set()
        self._begin()

    def _begin(self) -> None:
        contracts, admin = self.contracts, self.admin
        give_tokens(contracts, admin, self.second_admin, Person("works", contracts.works.address, b""), 50 * TOKEN)
        for shop in self.shops:
            join(contracts, admin, shop, kind=STAKEHOLDER)
        issue(contracts, admin, 600 * TOKEN)
        for place, member in enumerate(self.people[:5]):
            asset = contracts.token.address
            send(contracts.treasury.proposePayment, asset, member.address, 100 * TOKEN, "start", by=admin)
            send(contracts.treasury.approvePayment, place + 2, by=self.second_admin)
        terms = dict.fromkeys(CATEGORIES, Terms(700, 900, 1_100)) | {TRANSFER: Terms(50), TO_COMMUNITY: Terms(100)}
        set_all(contracts, admin, terms)
        for place in range(5):
            send(contracts.treasury.makePayment, place + 2, by=admin)
        for exchange in (contracts.services, contracts.purchases, contracts.loans):
            allow(contracts, exchange, *self.people)
        self.expected = self._with_members()

    # ------------------------------------------------------------ acting

    def one_of(self, things: list[Any], choice: int) -> Any:
        """One of a list, by a number drawn."""
        return things[choice % len(things)]

    def act(self, function: Any, *arguments: Any, by: Person) -> Receipt | None:
        """Try something; to be refused is part of the game, to panic is not."""
        done = attempt(function, *arguments, by=by)
        if isinstance(done, Refusal):
            assert done.error != "Panic", f"{function._name}: {done}"
            assert done.error[0].isupper(), f"{function._name}: {done}"
            return None
        self._book(done)
        return done

    def _book(self, done: Receipt) -> None:
        """Note what the act's events say that members and escrow gained."""
        treasury = self.contracts.treasury.address.lower()
        for event in done.events:
            seen[event.name] += 1
            if event.name == "Paid":
                self._book_payment(event, treasury)
            elif event.name in ("DealPaid", "DealRefunded"):
                self.given[event.source, event["dealId"]] += event["amount"]
            elif event.name == "LeaverBalanceDonated":
                self.expected -= event["amount"]
            elif event.name == "DealChecked":
                exchange = next(one for one in self.exchanges if one.address.lower() == event.source)
                self.checked.add(bytes(exchange.referenceOf(event["dealId"])))

    def _book_payment(self, event: Any, treasury: str) -> None:
        incentives = event["payerIncentive"] + event["payeeIncentive"]
        if event["payer"] == treasury:
            assert (event["fee"], incentives) == (0, 0)
            self.expected += event["amount"]
            return
        if event["paymentReference"] not in self.checked:
            assert incentives <= event["fee"], "paying in a circle would gain"
        self.expected += incentives - event["fee"]

    # ------------------------------------------------------------ payments

    @rule(payer=few, payee=few, amount=tokens, category=st.sampled_from([TRANSFER, *CATEGORIES]))
    def pay(self, payer: int, payee: int, amount: int, category: int) -> None:
        """In the category of the two, or in any once in a while."""
        giver, taker = self.one_of(self.people, payer), self.one_of(self.people, payee)
        kind = category if payer % 4 == 0 else self._category(giver, taker)
        self.act(self.token.pay, taker.address, amount, kind, EVIDENCE, by=giver)

    def _category(self, payer: Person, payee: Person) -> int:
        kinds = (payer in self.shops, payee in self.shops)
        return {(False, False): CITIZENS, (False, True): TO_CITIZEN, (True, False): TO_STAKEHOLDER}.get(
            kinds, STAKEHOLDERS
        )

    @rule(start=few, amount=tokens)
    def pay_around(self, start: int, amount: int) -> None:
        """A circle of three: together they never have more than before."""
        before = self._with_members()
        for turn in range(3):
            payee = self.one_of(self.members, start + turn + 1)
            payer = self.one_of(self.members, start + turn)
            self.act(self.token.pay, payee.address, amount, CITIZENS, EVIDENCE, by=payer)
        assert self._with_members() <= before

    # ------------------------------------------------------------ deals

    @rule(maker=few, amount=tokens, places=st.integers(1, 2), hosted=few, is_request=st.booleans(), taker=few)
    def list_something(self, maker: int, amount: int, places: int, hosted: int, is_request: bool, taker: int) -> None:
        """An offer or request, and some who would accept it at once."""
        services = self.contracts.services
        who, other = self.one_of(self.people, maker), self.one_of(self.people, taker)
        kind = self._category(who, other) if is_request else self._category(other, who)
        kind = WITH_STRUCTURE if kind == CITIZENS and hosted % 3 == 0 else kind
        structure = self.shops[0].address if kind == WITH_STRUCTURE else "0x" + "00" * 20
        share = 2_500 if kind == WITH_STRUCTURE else 0
        terms = (kind, amount, places, now() + 5 * DAY, 4 * DAY, structure, share, CONTENT)
        done = self.act(services.request if is_request else services.offer, terms, by=who)
        if done:
            number = done.event("Listed")["listingId"]
            for place in range(2):
                self.act(services.accept, number, by=self.one_of(self.people, taker + place))

    @rule(amount=tokens, places=st.integers(1, 2), taker=few)
    def ask_for_work(self, amount: int, places: int, taker: int) -> None:
        terms = (TO_COMMUNITY, amount, places, now() + 5 * DAY, 4 * DAY, "0x" + "00" * 20, 0, CONTENT)
        done = self.act(self.contracts.works.requestWork, terms, by=self.admin)
        if done:
            self.act(self.contracts.works.accept, done.event("Listed")["listingId"], by=self.one_of(self.people, taker))

    @rule(supplier=few, price=tokens, units=st.lists(st.integers(0, 4), min_size=2, max_size=3))
    def buy_together(self, supplier: int, price: int, units: list[int]) -> None:
        purchases = self.contracts.purchases
        terms = (price, 3, 6, now() + 3 * DAY, 4 * DAY, CONTENT)
        done = self.act(purchases.open, terms, by=self.one_of(self.people, supplier))
        if done:
            for who, wanted in enumerate(units):
                number = done.event("PurchaseOpened")["purchaseId"]
                self.act(purchases.join, number, wanted, by=self.one_of(self.people, supplier + who + 1))

    @rule(exchange=few, which=few, steps=deal_steps, share=shares, other=few)
    def step_deals(self, exchange: int, which: int, steps: list[str], share: int, other: int) -> None:
        """Steps of the last deals of an exchange."""
        contract = self.one_of(self.exchanges, exchange)
        for place, step in enumerate(steps):
            self._step_deal(contract, which + place // 3, step, share, other)

    def _step_deal(self, contract: Any, which: int, step: str, share: int, other: int) -> None:
        """A step of one of the last deals, mostly by whose turn it is."""
        count = contract.dealCount()
        if not count:
            return
        number = count - which % min(count, 4)
        deal = contract.dealOf(number)
        arguments = {"deliver": (EVIDENCE,), "dispute": (EVIDENCE,), "review": (EVIDENCE,), "decide": (share,)}
        extra = (share, share) if step == "check" else arguments.get(step, ())
        self.act(getattr(contract, step), number, *extra, by=self._turn(contract, step, deal, other))

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
        self.act(contract.close, which % (contract.listingCount() + 1), by=by)
        self.act(self.contracts.purchases.cancelPurchase, which % 5, by=by)
        self.act(self.contracts.purchases.leavePurchase, which % 7, by=by)

    # ------------------------------------------------------------ loans

    @rule(lender=few, price=tokens, deposit=tokens, late=tokens, borrower=few)
    def lend(self, lender: int, price: int, deposit: int, late: int, borrower: int) -> None:
        loans = self.contracts.loans
        terms = (price, deposit, late, 9 * DAY, CONTENT)
        done = self.act(loans.offerGood, terms, by=self.one_of(self.people, lender))
        if done:
            number = done.event("GoodOffered")["goodId"]
            self.act(loans.borrow, number, 2 * DAY, by=self.one_of(self.people, borrower))

    @rule(which=few, steps=loan_steps, share=shares, other=few)
    def step_loans(self, which: int, steps: list[str], share: int, other: int) -> None:
        """Steps of one of the last loans."""
        for step in steps:
            self._step_loan(which, step, share, other)

    def _step_loan(self, which: int, step: str, share: int, other: int) -> None:
        loans = self.contracts.loans
        count = loans.loanCount()
        if not count:
            return
        number = count - which % min(count, 3)
        extra: tuple[Any, ...] = (share, share) if step == "decideLoan" else ()
        extra = (EVIDENCE,) if step in ("giveBack", "disputeLoan") else extra
        loan = loans.loanOf(number)
        wallet = loan[0] if step == "giveBack" or (step == "disputeLoan" and other % 2) else loan[3]
        by = next((who for who in self.people if who.address == wallet.lower()), self.admin)
        self.act(getattr(loans, step), number, *extra, by=self.one_of(self.judges, other) if "decide" in step else by)

    # ------------------------------------------------------------ people and time

    @rule(
        who=few, what=st.sampled_from(["suspendMember", "reinstateMember", "reinstateMember", "removeMember", "leave"])
    )
    def change_standing(self, who: int, what: str) -> None:
        """Once in a while; who is gone stays gone."""
        member = self.one_of(self.people, who)
        if (what == "suspendMember" and who % 3) or (what in ("removeMember", "leave") and who % 5):
            return
        if what == "leave":
            self.act(self.contracts.community.leave, by=member)
        else:
            self.act(getattr(self.contracts.community, what), member.address, by=self.admin)

    @rule(who=few)
    def lose_wallet(self, who: int) -> None:
        community, old = self.contracts.community, self.one_of(self.members, who)
        if who % 2 or community.statusOf(old.address) != 2 or community.statusOf(self.spare.address) != 0:
            return
        replace_wallet(self.contracts, self.admin, old, self.spare)
        seen["WalletReplaced"] += 1

    @rule(who=few)
    def move_or_settle(self, who: int) -> None:
        wallet = self.one_of(self.people, who).address
        self.act(self.token.moveBalance, wallet, by=self.admin)
        self.act(self.token.settleLeaver, wallet, by=self.admin)

    @rule(seconds=waits)
    def wait(self, seconds: int) -> None:
        pass_to(now() + seconds)

    # ------------------------------------------------------------ what must hold

    def _with_members(self) -> int:
        """What members and the exchanges hold in escrow, the community's own promises apart."""
        contracts = self.contracts
        holders = [*self.people, contracts.services, contracts.purchases, contracts.loans]
        return sum(answer[0] for answer in ask_all([(self.token.balanceOf, holder.address) for holder in holders]))

    def _open_escrow(self, exchange: Any) -> int:
        """The escrow of an exchange's open deals, and of what its requests still hold."""
        deals = every(exchange.dealOf, exchange.dealCount())
        total = sum(deal[8] for deal in deals if 0 < deal[2] < FINAL)
        if hasattr(exchange, "listingOf"):
            listings = every(exchange.listingOf, exchange.listingCount())
            total += sum(one[0][1] * one[0][2] for one in listings if one[2] and not one[3])
        for number, deal in enumerate(deals, start=1):
            given = self.given[exchange.address.lower(), number]
            assert given == (deal[8] if deal[2] >= FINAL else 0), "a deal gave more, or less, than it held"
        return int(total)

    @invariant()
    def books_agree(self) -> None:
        """Every sentence of the module's head but the last."""
        seen["act"] += 1
        contracts, token = self.contracts, self.token
        assert self._with_members() == self.expected
        rest = ask_all([(token.balanceOf, one.address) for one in (contracts.treasury, contracts.works)])
        assert self.expected + sum(answer[0] for answer in rest) == token.totalSupply() == token.issuedIn(0)
        for exchange in self.exchanges:
            held = exchange.held()
            assert held == self._open_escrow(exchange)
            balance = token.balanceOf(exchange.address)
            assert balance == held or (exchange is contracts.works and balance > held)
        loans = every(contracts.loans.loanOf, contracts.loans.loanCount())
        lent = sum(loan[8] + loan[9] for loan in loans if 0 < loan[7] < 5)
        assert contracts.loans.held() == lent == token.balanceOf(contracts.loans.address)

    def teardown(self) -> None:
        """Everybody is gone: a stranger moves everything on, and no escrow is left."""
        try:
            self._leave_all_to_time()
            for exchange in (*self.exchanges, self.contracts.loans):
                assert exchange.held() == 0
            self.books_agree()
        finally:
            request("evm_revert", self.snapshot)

    def _leave_all_to_time(self) -> None:
        nobody = person("nobody", 16)
        for member in self.people:
            self.act(self.contracts.community.suspendMember, member.address, by=self.admin)
        for _ in range(5):
            pass_to(now() + 60 * DAY)
            for exchange in self.exchanges:
                for number in range(1, exchange.dealCount() + 1):
                    self.act(exchange.moveOn, number, by=nobody)
            for number in range(1, self.contracts.loans.loanCount() + 1):
                self.act(self.contracts.loans.moveLoanOn, number, by=nobody)
        for exchange in (self.contracts.services, self.contracts.works):
            for number in range(1, exchange.listingCount() + 1):
                self.act(exchange.close, number, by=nobody)


@pytest.fixture
def machine(fontana: Contracts, admin: Person, second_admin: Person, isolation: None) -> Callable[[], EconomyMachine]:
    """Makes a machine over the community as it is."""
    return lambda: EconomyMachine(fontana, admin, second_admin)


def test_economy__under_any_sequence_of_acts__loses_nothing_locks_nothing_and_rewards_no_circle(
    machine: Callable[[], EconomyMachine],
) -> None:
    seen.clear()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=18,
            stateful_step_count=50,
            suppress_health_check=list(HealthCheck),
            # Shrinking takes as long again as all examples: what failed is printed as it was.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        ),
    )
    assert wanted - seen.keys() == set(), dict(seen)
