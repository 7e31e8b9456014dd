"""The community of the economy's fuzz, and what its admins, its desk, its treasury and its operators do in it."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.contracts.chain import Receipt, Refusal, attempt, now, pass_to, request, send
from tests.contracts.community import (
    NOTICE_S,
    STAKEHOLDER,
    Contracts,
    Person,
    join,
    member_id,
    mint,
    person,
)
from tests.contracts.economy import (
    CITIZENS,
    ENERGY_PROSUMER,
    EVIDENCE,
    MICRO,
    STAKEHOLDERS,
    TO_CITIZEN,
    TO_COMMUNITY,
    TO_STAKEHOLDER,
    TOKEN,
    TOKEN_PRICE,
    TRANSFER,
    WELCOME_CITIZEN,
    WELCOME_STAKEHOLDER,
    WITH_STRUCTURE,
    YEARLY_FEE,
    Terms,
    allow,
    issue,
    set_all,
)
from tests.contracts.economy_model import EconomyBooks
from tests.contracts.incentives import CID, OBJECTION_S, RULE, Split, reference
from tests.contracts.market_people import EveryRule
from tests.contracts.test_lost_wallet import give_tokens

few = st.integers(0, 63)
tokens = st.sampled_from([1, 7, TOKEN // 3, TOKEN, 5 * TOKEN + 1, 40 * TOKEN])
euros = st.sampled_from([1, 999_999, 2_500_000, 7_000_000])
CATEGORIES = (CITIZENS, WITH_STRUCTURE, TO_CITIZEN, STAKEHOLDERS, TO_STAKEHOLDER)
AMOUNTS = (WELCOME_CITIZEN, WELCOME_STAKEHOLDER, ENERGY_PROSUMER, YEARLY_FEE, TOKEN_PRICE)
FIRST = (700, 900, 1_100)
"""Fee and incentives in the beginning, for payer and payee."""
incentive_steps = st.lists(
    st.sampled_from(("record", "split", "claim", "claim", "reward", "reward", "close")), min_size=2, max_size=5
)
bps = st.tuples(*[st.sampled_from([0, 300, 1_000, 2_000])] * 3)
limits = st.tuples(*[st.sampled_from([0, 1, 5, 100])] * 3)


class Economy:
    """The community before anything happens, founded once: members, shops, newcomers, wallets in reserve, judges."""

    def __init__(self, contracts: Contracts, admin: Person, second_admin: Person, operators: list[Person]) -> None:
        self.contracts, self.admin, self.operators = contracts, admin, operators
        self.judges = [admin, second_admin]
        self.members = [person(name, place) for place, name in ((7, "alice"), (8, "bob"), (9, "carol"))]
        self.shops = [person("stranger", 10), person("relayer", 11)]
        self.newcomers = [person("newcomer", 13), person("new shop", 14)]
        self.stakeholders = [*self.shops, self.newcomers[1]]
        self.spares = [person("new wallet", 12), person("newer wallet", 15)]
        self.people = [*self.members, *self.shops, *self.newcomers, *self.spares]
        alice, bob, _ = self.members
        self.pairs = dict.fromkeys((TRANSFER, CITIZENS, WITH_STRUCTURE), (alice, bob))
        self.pairs |= {TO_CITIZEN: (alice, self.shops[0]), TO_STAKEHOLDER: (self.shops[0], alice)}
        self.pairs[STAKEHOLDERS] = (self.shops[0], self.shops[1])

    def begin(self, issuer: Person) -> None:
        """Tokens and euro for everybody, terms for every category, and leave for the exchanges to take escrow."""
        contracts, admin, treasury = self.contracts, self.admin, self.contracts.treasury
        give_tokens(contracts, admin, self.judges[1], Person("works", contracts.works.address, b""), 50 * TOKEN)
        for shop in self.shops:
            join(contracts, admin, shop, kind=STAKEHOLDER)
        issue(contracts, admin, 520 * TOKEN)
        payees = [*self.members, *self.shops]
        for place, member in enumerate(payees):
            send(treasury.proposePayment, contracts.token.address, member.address, 100 * TOKEN, "start", by=admin)
            send(treasury.approvePayment, place + 2, by=self.judges[1])
        terms = dict.fromkeys(CATEGORIES, Terms(*FIRST)) | {TRANSFER: Terms(50), TO_COMMUNITY: Terms(100)}
        amounts = {YEARLY_FEE: 1_000_000, TOKEN_PRICE: 2_000_000, ENERGY_PROSUMER: TOKEN}
        amounts |= {WELCOME_CITIZEN: 15 * TOKEN, WELCOME_STAKEHOLDER: 15 * TOKEN}
        set_all(contracts, admin, terms, amounts)
        for place in range(len(payees)):
            send(treasury.makePayment, place + 2, by=admin)
        for exchange in (contracts.services, contracts.purchases, contracts.loans):
            allow(contracts, exchange, *self.people)
        for who in (admin, *self.people):
            mint(contracts, issuer, who, 100_000_000)
            send(contracts.euro.approve, (treasury if who is admin else contracts.desk).address, 2**256 - 1, by=who)


class CommunityActs(RuleBasedStateMachine):
    """The acts that concern everybody: rules, the desk, the treasury, incentives in euro."""

    def __init__(self, economy: Economy) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._rules_strategy.enabled_rules_strategy = st.just(EveryRule())
        self.snapshot = request("evm_snapshot")
        self.economy = economy
        self.contracts, self.admin, self.judges = economy.contracts, economy.admin, economy.judges
        self.members, self.shops, self.people = economy.members, economy.shops, economy.people
        self.token = self.contracts.token
        self.exchanges = [self.contracts.services, self.contracts.purchases, self.contracts.works]
        self.books = EconomyBooks(self.contracts, self.people, [*self.members, *self.shops])

    # ------------------------------------------------------------ acting

    def one_of(self, things: Any, choice: int) -> Any:
        """One of a list, by a number drawn."""
        return things[choice % len(things)]

    def somebody(self, choice: int) -> Person:
        """An active member mostly, or whoever it is."""
        active = [who for who in self.people if who.address in self.books.active]
        found: Person = self.one_of(active if active and choice % 8 else self.people, choice)
        return found

    def act(self, function: Any, *arguments: Any, by: Person) -> Receipt | None:
        """Try something; to be refused is part of the game, to panic is not."""
        done = attempt(function, *arguments, by=by)
        if isinstance(done, Refusal):
            assert done.error != "Panic", f"{function._name}: {done}"
            assert done.error[0].isupper(), f"{function._name}: {done}"
            return None
        self.books.book(done)
        return done

    def give(self, giver: Person, taker: Person, amount: int, category: int) -> None:
        """A payment; who left passes on what is left, in the category of transfers and without an event of its own."""
        done = self.act(self.token.pay, taker.address, amount, category, EVIDENCE, by=giver)
        if done and not any(event.name == "Paid" for event in done.events):
            assert category == TRANSFER
            self.books.pass_on(giver.address, taker.address, amount)

    # ------------------------------------------------------------ rules, desk, treasury

    @rule(category=st.sampled_from([TRANSFER, *CATEGORIES]), bps=bps, most=limits, is_off=few)
    def change_terms(self, category: int, bps: tuple[int, int, int], most: tuple[int, int, int], is_off: int) -> None:
        """Other terms after their notice, and payments before and after; now and then the category is off."""
        shares = bps if category != TRANSFER else (bps[0], 0, 0)
        per_payment, per_member, per_pair = (one * MICRO for one in most)
        terms = Terms(*shares, per_payment, per_member, per_pair, is_off=is_off % 8 == 0)
        self.act(self.token.scheduleCategory, category, terms.values, by=self.one_of(self.judges, is_off % 3))
        payer, payee = self.economy.pairs[category]
        self.give(payer, payee, 3 * TOKEN + 1, category)
        pass_to(now() + NOTICE_S - is_off % 2 * 10)
        self.give(payer, payee, 3 * TOKEN + 1, category)

    @rule(which=st.sampled_from(AMOUNTS), size=few)
    def change_amount(self, which: int, size: int) -> None:
        value = size % 4 * (1_000_000 if which in (YEARLY_FEE, TOKEN_PRICE) else 15 * TOKEN)
        self.act(self.token.scheduleAmount, which, value, by=self.admin)

    @rule(who=few, amount=euros, is_paying=st.booleans())
    def go_to_the_desk(self, who: int, amount: int, is_paying: bool) -> None:
        """Whoever it is for, anybody pays the year; who buys has paid it or not, and is a stakeholder or not."""
        desk, buyer = self.contracts.desk, self.one_of(self.shops, who) if who % 4 else self.somebody(who)
        if is_paying:
            self.act(desk.payYearlyFee, member_id(buyer), by=self.somebody(who))
        self.act(desk.buyTokens, amount, amount * TOKEN // 3_000_000 if who % 5 == 0 else 0, by=buyer)

    @rule(which=few, payee=few, amount=tokens, euro=euros)
    def spend(self, which: int, payee: int, amount: int, euro: int) -> None:
        """The treasury issues, or proposes a payment of what it may not have; then it makes one of the last."""
        treasury = self.contracts.treasury
        if which % 4 == 0:
            self.act(self.token.issue, amount, by=self.admin)
        asset, size = (self.contracts.euro, euro) if which % 2 else (self.token, amount)
        wallet = self.somebody(payee).address
        done = self.act(treasury.proposePayment, asset.address, wallet, size, "something", by=self.admin)
        if done:
            number = done.event("PaymentProposed")["paymentId"]
            self.act(treasury.approvePayment, number, by=self.judges[1])
            pass_to(now() + which % 3 * NOTICE_S)
            self.act(treasury.makePayment, number - which % 3 // 2, by=self.admin)

    # ------------------------------------------------------------ incentives in euro

    @rule(which=few, steps=incentive_steps, parts=st.lists(few, min_size=2, max_size=4), amount=euros)
    def share_incentive(self, which: int, steps: list[str], parts: list[int], amount: int) -> None:
        """Steps of one of the last incentives, a new one where there is none."""
        for place, step in enumerate(steps if self.books.promises else ["record", "split", *steps]):
            number = max(self.books.promises, default=0) - which % 3
            if step == "record":
                values = (reference(), RULE, 1, now(), amount)
                self.act(self.contracts.treasury.recordIncentive, *values, by=self.admin)
            elif number in self.books.promises:
                getattr(self, f"_{step}")(number, parts, which + place)

    def _split(self, number: int, parts: list[int], choice: int) -> None:
        """Shares of whoever it is; once in a while more than the operators say, and more than there is."""
        promise = self.books.promises[number]
        if promise.split is not None:
            return
        whole = promise.amount * 2 if choice % 5 == 0 else promise.amount
        of_whom = {self.somebody(choice + place): part for place, part in enumerate(parts) if part}
        amounts = {who: whole * part // sum(parts) for who, part in of_whom.items()}
        split = Split.among(number, amounts or {self.members[0]: whole})
        total = min(promise.amount, split.values[1])
        operators, treasury = self.economy.operators, self.contracts.treasury
        done = self.act(treasury.postSplit, number, (split.tree.root, total, len(split.shares)), CID, by=operators[0])
        if done:
            promise.split, promise.most = split, total
            question = bytes(treasury.splitQuestion(number))
            self.act(self.contracts.quorum.attest, question, done.event("SplitPosted")["answer"], by=operators[1])
            if choice % 4:
                pass_to(now() + OBJECTION_S)

    def _claim(self, number: int, _: list[int], choice: int) -> None:
        """Anybody claims for one, or for all at once."""
        split = self.books.promises[number].split
        if split is None:
            return
        due = [who for who in self.people if who.address in split.shares]
        treasury, by = self.contracts.treasury, self.somebody(choice)
        self.act(treasury.claimShare, *split.claim(self.one_of(due, choice)), by=by)
        if choice % 2:
            self.act(treasury.claimShares, *split.claims(due), by=by)

    def _reward(self, number: int, _: list[int], choice: int) -> None:
        """The energy bonus that goes with an incentive, confirmed once and asked for by all who have a share."""
        works = self.contracts.works
        self.act(works.confirmEnergyBonus, number, by=self.admin)
        split = self.books.promises[number].split
        for wallet in split.shares if split else [self.members[0].address]:
            self.act(works.claimEnergyBonus, number, wallet, by=self.somebody(choice))

    def _close(self, number: int, _: list[int], choice: int) -> None:
        self.act(self.contracts.treasury.closeIncentive, number, by=self.somebody(choice))
