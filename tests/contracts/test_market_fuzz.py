"""A stateful fuzz of the whole market: members, operators honest and not, lost wallets, and the clock.

After every step the model of `market_model` and the chain agree on every account, lock, pot and due. At the end the
operators vanish and everybody gets out alone. Refused transactions are part of the game; panics are not.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from commons.orders import Order
from tests.contracts.chain import Receipt, Refusal, attempt, now, pass_to, request, send
from tests.contracts.community import (
    DAY,
    FUNDS_UE,
    HOUR,
    Contracts,
    Person,
    bond,
    mint,
    person,
    replace_wallet,
)
from tests.contracts.market import (
    CID,
    COMMITTED,
    ENDED,
    NO_VERSIONS,
    REVEALED,
    Leaves,
    leaves,
    open_session,
    order_proof,
    order_tuples,
)
from tests.contracts.market_model import Model, Part, Told, Trade, honest, lying, random_order
from tests.contracts.refutation import outcome_proof

MOST_OPEN = 3
OPEN = ("Commit", "Reveal", "Clearing", "Challenge", "Delivery", "Objection", "Execution")
MOST_REPLACEMENTS = 1
DEMAND_UE = 1_000_000
LYING, STEALING = 4, 6
"""Days on which two operators agree on something wrong; the others are honest."""
few = st.integers(0, 63)
sizes = st.sampled_from([10, 11, 999, 1000, 1001, 4321])
prices = st.sampled_from([1, 7, 99_999, 100_000, 150_001, 200_000, 500_000])
amounts = st.sampled_from([1, 999_999, 1_000_000, 77_777_777, FUNDS_UE])


@st.composite
def order_lists(draw: Any) -> list[Order]:
    """Orders of one trader over two slots, mostly well formed."""
    orders = []
    for slot in range(2):
        is_buy = draw(st.booleans())
        for _ in range(draw(st.integers(0, 2))):
            orders.append(random_order(slot, is_buy, draw(sizes), draw(prices)))
    return orders or [random_order(0, True, draw(st.sampled_from([9, 1000])), draw(prices))]


class EveryRule:
    """Hypothesis leaves out some rules in each example; here a session comes to its end only if none is missing."""

    def is_enabled(self, name: str) -> bool:
        """Always."""
        return True


class MarketMachine(RuleBasedStateMachine):
    """The market's people doing what they may, and what they may not."""

    def __init__(self, contracts: Contracts, admin: Person, issuer: Person, operators: list[Person]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._rules_strategy.enabled_rules_strategy = st.just(EveryRule())
        self.snapshot = request("evm_snapshot")
        self.contracts, self.admin, self.issuer, self.operators = contracts, admin, issuer, operators
        self.market, self.quorum = contracts.marketplace, contracts.quorum
        self.stranger = person("stranger", 10)
        self.members = [person(name, number) for number, name in ((7, "alice"), (8, "bob"), (9, "carol"))]
        self.wallets = [person(f"wallet {number}", number) for number in (14, 15)]
        self.model = Model(contracts, dict.fromkeys(self.members, FUNDS_UE) | dict.fromkeys(self.wallets, 0))
        self.active = set(self.members)
        self.suspended: list[Person] = []
        self.bondless: dict[Person, None] = {}
        self.replaced: dict[Person, tuple[Person, int]] = {}
        self.deadlines: set[int] = set()
        self.acts, self.pace, self.diligence, self.is_resting = 0, 1, [1], False

    # ------------------------------------------------------------ helpers

    def attempt(self, function: Any, *arguments: Any, by: Person, may: str = "") -> Receipt | None:
        """Send; a refusal must be one of those named, or known to be impossible is a failure."""
        done = attempt(function, *arguments, by=by)
        if isinstance(done, Refusal):
            assert done.error in may.split(), f"{function._name}: {done}"
            return None
        return done

    def one_of(self, things: list[Any], choice: int) -> Any:
        """One of a list, by a number drawn."""
        return things[choice % len(things)]

    def trades(self, *states: str) -> list[Trade]:
        """The sessions that stood in one of these states after the last act, and are not past their timeout."""
        return [trade for trade in self.model.trades if trade.state in states and not self.overdue(trade)]

    def people(self) -> list[Person]:
        """Every wallet that ever held money."""
        return list(self.model.balance)

    def traders(self) -> list[Person]:
        """Active members with money to trade; all wallets where there is none."""
        able = [who for who in self.people() if who in self.active and self.model.free(who) > FUNDS_UE // 50]
        return able or self.people()

    def overdue(self, trade: Trade) -> bool:
        """Whether a session came to its settlement timeout without an end."""
        late = trade.session.terms.settlement_timeout <= self.model.checked_at
        return late and trade.state in ("Clearing", "Challenge", "Delivery")

    def wait(self, timestamp: int) -> None:
        """A moment worth jumping to."""
        self.deadlines.add(timestamp)

    # ------------------------------------------------------------ money

    @initialize(pace=st.integers(1, 5), diligence=st.lists(st.integers(0, 7), min_size=1, max_size=4))
    def begin(self, pace: int, diligence: list[int]) -> None:
        """How fast the world goes on, and how much of what is due is done in time."""
        self.pace, self.diligence = pace, diligence

    @rule(who=few, amount=amounts)
    def deposit(self, who: int, amount: int) -> None:
        member = self.one_of(self.people(), who)
        mint(self.contracts, self.issuer, member, amount)
        send(self.contracts.euro.approve, self.market.address, amount, by=member)
        if self.attempt(self.market.deposit, amount, by=member, may="" if member in self.active else "NotActive"):
            self.model.balance[member] += amount

    @rule(who=few, amount=amounts)
    def withdraw(self, who: int, amount: int) -> None:
        """An amount, or all there is once in a while."""
        member = self.one_of(self.people(), who)
        if amount == FUNDS_UE and who % 4 == 0:
            self._withdraw_all(member)
            return
        enough = amount <= self.model.free(member)
        may = "" if enough else "InsufficientEscrow"
        if self.attempt(self.market.claimAvailableFunds, amount, by=member, may=may):
            assert enough
            self.model.balance[member] -= amount

    def _withdraw_all(self, member: Person) -> None:
        free = self.model.free(member)
        if self.attempt(self.market.withdrawAllFunds, by=member, may="" if free else "EmptyAmount"):
            self.model.balance[member] -= free

    @precondition(lambda self: self.model.owed)
    @rule()
    def pay_treasury(self) -> None:
        send(self.market.payTreasury, by=self.stranger)
        self.model.owed = 0

    # ------------------------------------------------------------ sessions and orders

    @precondition(lambda self: len(self.trades(*OPEN)) < MOST_OPEN)
    @rule(
        bps=st.sampled_from([0, 100, 10_000]),
        penalty=st.sampled_from([1, 33_333, 100_000]),
        orders=st.lists(order_lists(), min_size=2, max_size=4),
        slack=st.sampled_from([-1, 0, 0, 5_000_000]),
    )
    def open_session(self, bps: int, penalty: int, orders: list[list[Order]], slack: int) -> None:
        """A new session, and some who commit to it at once."""
        start = max((trade.session.terms.delivery_end for trade in self.model.trades), default=now() + 3 * HOUR)
        earliest = -(-(now() + 2 * HOUR + 2) // HOUR) * HOUR
        session = open_session(
            self.contracts,
            self.admin,
            delivery_start=max(-(-start // HOUR) * HOUR, earliest),
            deposit_bps=bps,
            penalty_price=penalty,
        )
        self.model.trades.append(Trade(session))
        terms = session.terms
        for moment in (terms.commit_deadline, terms.reveal_deadline, terms.delivery_end, terms.settlement_timeout):
            self.wait(moment)
        for who, theirs in enumerate(orders):
            self._commit(self.model.trades[-1], self.one_of(self.traders(), who), theirs, 0 if who else slack)

    @precondition(lambda self: self.trades("Commit"))
    @rule(who=few, which=few, orders=order_lists(), slack=st.sampled_from([-1, 0, 5_000_000]))
    def commit(self, who: int, which: int, orders: list[Order], slack: int) -> None:
        trader = self.one_of(self.people() if who % 8 == 0 else self.traders(), who)
        self._commit(self.one_of(self.trades("Commit"), which), trader, orders, slack)

    def _commit(self, trade: Trade, member: Person, orders: list[Order], slack: int) -> None:
        session = trade.session
        prior = trade.parts.get(member)
        sealed = session.seal(member, orders, max_lock=session.lock_of(orders) + slack)
        deposit = session.deposit_of(sealed.max_lock)
        room = self.model.free(member) + (prior.locked if prior else 0)
        may = "NotActive" if member not in self.active else "TooLate"
        may += "" if sealed.max_lock + deposit <= room else " InsufficientEscrow"
        call = (self.market.submitCommitments, session.id, sealed.digest, sealed.max_lock, b"sealed")
        if self.attempt(*call, by=member, may=may):
            assert sealed.max_lock + deposit <= room
            session.sealed[member] = sealed
            trade.parts[member] = Part(sealed, sealed.max_lock, deposit, most_loss=deposit)

    @precondition(lambda self: any(trade.parts for trade in self.trades("Commit")))
    @rule(who=few, which=few)
    def withdraw_commitment(self, who: int, which: int) -> None:
        trade = self.one_of([trade for trade in self.trades("Commit") if trade.parts], which)
        member = self.one_of(list(trade.parts), who)
        if self.attempt(self.market.withdrawCommitment, trade.session.id, by=member, may="TooLate"):
            del trade.parts[member]

    @precondition(lambda self: self.trades("Reveal"))
    @rule(which=few, skipped=st.integers(0, 7))
    def reveal(self, which: int, skipped: int) -> None:
        trade = self.one_of(self.trades("Reveal"), which)
        for place, (member, part) in enumerate(trade.parts.items()):
            if part.state == COMMITTED and skipped >> place & 1 == 0:
                self._reveal(trade, member, part)

    def _reveal(self, trade: Trade, member: Person, part: Part) -> None:
        session, orders = trade.session, part.sealed.orders
        bounds = session.bounds_of(orders)
        may = "TooLate"
        may += " LockTooSmall" if bounds.lock > part.lock else ""
        may += " WrongQuantity" if any(order.quantity_wh < 10 for order in orders) else ""
        call = (self.market.revealOrders, session.id, member.address, order_tuples(orders), part.sealed.salt)
        if self.attempt(*call, by=self.stranger, may=may):
            session.revealed[member] = orders
            part.state, part.lock, part.most_loss = REVEALED, bounds.lock, bounds.lock
            part.debit_bound, part.credit_bound = bounds.max_debit, bounds.max_credit

    # ------------------------------------------------------------ outcomes

    @precondition(lambda self: self.trades("Clearing"))
    @rule(which=few, first=few)
    def clear_honestly(self, which: int, first: int) -> None:
        trade = self.one_of(self.trades("Clearing"), which)
        for turn in range(2):
            self._post_outcome(trade, self.one_of(self.operators, first + turn), honest(trade.session))

    @precondition(lambda self: self.trades("Clearing", "Challenge"))
    @rule(which=few, who=few, index=few, quantity_wh=sizes, limit=prices, trader=few, agreed=st.booleans())
    def post_lie(
        self, which: int, who: int, index: int, quantity_wh: int, limit: int, trader: int, agreed: bool
    ) -> None:
        """One operator, or two who agree, tell an outcome in which one order is another one."""
        trade = self.one_of(self.trades("Clearing", "Challenge"), which)
        session = trade.session
        index %= len(session.book)
        told = lying(session, index, quantity_wh, limit, self.one_of(list(session.revealed), trader))
        for turn in range(1 + agreed):
            self._post_outcome(trade, self.one_of(self.operators, who + turn), told)

    def _post_outcome(self, trade: Trade, operator: Person, told: Told) -> None:
        session = trade.session
        may = "AlreadyVoted OtherAnswerAccepted QuestionClosed BondTooSmall BondForfeited"
        done = self.attempt(self.market.setFinalOrders, session.id, told.results, CID, by=operator, may=may)
        if done:
            trade.outcomes[done.event("OutcomePosted")["answer"]] = told
            trade.votes.add((operator, session.outcome_question))
            self.wait(done.timestamp + session.terms.challenge_window)

    @precondition(lambda self: self.trades("Challenge"))
    @rule(which=few)
    def withhold(self, which: int) -> None:
        """Somebody demands a tree that operators keep back: the outcome is void, its backers' bonds are lost."""
        trade = self.one_of(self.trades("Challenge"), which)
        question, demands = trade.session.outcome_question, self.contracts.demands
        accepted = bytes(self.quorum.acceptedAnswer(question)[0])
        results = trade.outcomes[accepted].results
        slot = next(place for place, result in enumerate(results) if result.order_count)
        root = ((results[slot].order_count - 1).bit_length(), 0, results[slot].root, b"")
        mint(self.contracts, self.issuer, self.stranger, DEMAND_UE)
        send(self.contracts.euro.approve, demands.address, DEMAND_UE, by=self.stranger)
        call = (demands.demand, trade.session.id, outcome_proof(results, slot), root, 0)
        done = self.attempt(*call, by=self.stranger, may="WindowClosed")
        if done is None:
            return
        asked = done.event("NodeDemanded")
        backers = [who for who in self.operators if self.quorum.backs(question, accepted, who.address)]
        pass_to(asked["answerBy"])
        send(demands.voidUnanswered, asked["demandId"], by=self.stranger)
        send(demands.payBond, asked["demandId"], by=self.stranger)
        trade.outcomes.clear()
        trade.votes -= {(who, question) for who in backers}
        self.bondless |= dict.fromkeys(backers)

    @rule(most=st.integers(1, 3))
    def collect_bonds(self, most: int) -> None:
        """Somebody collects lost bonds, as many as they like."""
        self._collect(most)

    def _collect(self, most: int) -> None:
        may = "" if self.quorum.uncollectedAnswers() else "NothingToCollect"
        self.attempt(self.quorum.collectBonds, most, by=self.stranger, may=may)

    @precondition(lambda self: any(trade.outcomes or trade.settlements for trade in self.trades(*OPEN)))
    @rule(which=few, who=few, answer=few, withdrawn=st.booleans())
    def vote(self, which: int, who: int, answer: int, withdrawn: bool) -> None:
        """An operator attests any answer there is, or takes a vote back."""
        trade = self.one_of([trade for trade in self.trades(*OPEN) if trade.outcomes or trade.settlements], which)
        session, operator = trade.session, self.one_of(self.operators, who)
        chosen = self.one_of([*trade.outcomes, *trade.settlements], answer)
        question = session.settlement_question if chosen in trade.settlements else session.outcome_question
        if withdrawn:
            if self.attempt(self.quorum.withdrawVote, question, chosen, by=operator, may="NoVote NotRetractable"):
                trade.votes.discard((operator, question))
            return
        may = "AlreadyVoted OtherAnswerAccepted QuestionClosed BondTooSmall BondForfeited UnknownAnswer"
        if self.attempt(self.quorum.attest, question, chosen, by=operator, may=may):
            trade.votes.add((operator, question))
            self.wait(now() + session.terms.challenge_window)

    @precondition(lambda self: any(trade.outcomes for trade in self.trades(*OPEN)))
    @rule(which=few, index=few, answer=few)
    def free_unfilled(self, which: int, index: int, answer: int) -> None:
        trade = self.one_of([trade for trade in self.trades(*OPEN) if trade.outcomes], which)
        told = self.one_of(list(trade.outcomes.values()), answer)
        index %= len(told.book)
        outcome, order = order_proof(told.book, trade.session.terms.slot_count, index)
        # A lie may free what was never locked: arithmetic refuses that, in checked figures.
        lie = told.results != trade.session.results()
        may = "OutcomeNotFinal NotTheFinalOutcome NothingUnfilled WrongPosition SessionIsCancelled"
        call = (self.market.freeUnfilled, trade.session.id, outcome, order)
        done = self.attempt(*call, by=self.stranger, may=may + (" Panic InsufficientEscrow" if lie else ""))
        if done:
            assert index not in trade.freed
            trade.freed.add(index)
            (trader,) = (who for who in trade.parts if who.address == order[1])
            amount = self.model.free_unfilled(trade, trader, order[2], (order[3], order[5]), order[4])
            assert done.event("UnfilledFreed")["amount"] == amount

    # ------------------------------------------------------------ settlements

    @precondition(lambda self: self.trades("Delivery"))
    @rule(which=few, first=few, withdrawn=sizes, injected=sizes)
    def settle_honestly(self, which: int, first: int, withdrawn: int, injected: int) -> None:
        trade = self.one_of(self.trades("Delivery"), which)
        session = trade.session
        out = {who: [withdrawn * (place + 1)] * 2 for place, who in enumerate(session.revealed)}
        into = {who: [injected] * 2 for who in session.revealed}
        posted = session.settlement(out, into)
        debit, credit, _ = posted.totals
        assert 0 <= debit - credit < 2 * len(session.revealed), "payments sum to zero, odd millionths apart"
        for turn in range(2):
            self._post_settlement(trade, self.one_of(self.operators, first + turn), posted, posted.totals)

    @precondition(lambda self: self.trades("Delivery", "Objection"))
    @rule(which=few, who=few, share=st.lists(st.integers(0, 10), min_size=9, max_size=9), agreed=st.booleans())
    def settle_maliciously(self, which: int, who: int, share: list[int], agreed: bool) -> None:
        """One operator, or two who agree, take and give what they like, within every bound."""
        trade = self.one_of(self.trades("Delivery", "Objection"), which)
        figures = {}
        for place, trader in enumerate(trade.session.revealed):
            most = self.bounds(trade, trader)
            debit, credit, penalty = (bound * share[(3 * place + at) % 9] // 10 for at, bound in enumerate(most))
            figures[trader] = (debit, credit, penalty)
        posted = leaves(trade.session.id, figures)
        for turn in range(1 + agreed):
            self._post_settlement(trade, self.one_of(self.operators, who + turn), posted, posted.totals)

    @precondition(lambda self: self.trades("Delivery", "Objection"))
    @rule(which=few, who=few, victim=few, part=st.integers(0, 2))
    def settle_beyond_a_bound(self, which: int, who: int, victim: int, part: int) -> None:
        """Two agree on totals that look fine, and on leaves of which one is 1 µ€ beyond its trader's stake."""
        trade = self.one_of(self.trades("Delivery", "Objection"), which)
        figures = {}
        for place, trader in enumerate(trade.session.revealed):
            debit, credit, penalty = self.bounds(trade, trader)
            chosen = place == victim % len(trade.session.revealed)
            whole = (debit + (part == 0), (credit + 1) * (part == 1), penalty + (part == 2))
            figures[trader] = whole if chosen else (debit, 0, penalty)
        posted = leaves(trade.session.id, figures)
        for turn in range(2):
            self._post_settlement(trade, self.one_of(self.operators, who + turn), posted, (0, 0, 0))

    def bounds(self, trade: Trade, trader: Person) -> tuple[int, int, int]:
        """The most debit, credit and penalty of a trader."""
        part = trade.parts[trader]
        return part.debit_bound, part.credit_bound, part.penalty_bound

    def _post_settlement(self, trade: Trade, operator: Person, posted: Leaves, totals: tuple[int, int, int]) -> None:
        session = trade.session
        may = "AlreadyVoted OtherAnswerAccepted QuestionClosed BondTooSmall BondForfeited"
        may += " ImpossibleTotals TooEarly OutcomeNotFinal"
        call = (self.market.setValidTransactions, session.id, posted.tree.root, totals, NO_VERSIONS, CID)
        done = self.attempt(*call, by=operator, may=may)
        if done:
            trade.settlements[done.event("SettlementPosted")["answer"]] = posted
            trade.votes.add((operator, session.settlement_question))
            self.wait(done.timestamp + session.terms.challenge_window)

    @precondition(lambda self: any(trade.settlements and not trade.final for trade in self.model.trades))
    @rule(which=few)
    def validate(self, which: int) -> None:
        trade = self.one_of([trade for trade in self.model.trades if trade.settlements and not trade.final], which)
        self._validate(trade)

    def _validate(self, trade: Trade) -> None:
        validation = (self.contracts.sessions.setPriorSessionValidation, trade.session.id)
        done = self.attempt(*validation, by=self.stranger, may="SettlementNotFinal")
        if done:
            told = done.event("SettlementFinal")
            (trade.final,) = {
                posted.tree.root: posted for posted in trade.settlements.values() if posted.tree.root == told["root"]
            }.values()
            self.wait(told["executionDeadline"])

    @precondition(lambda self: any(trade.final for trade in self.trades(*OPEN)))
    @rule(which=few, who=few)
    def execute(self, which: int, who: int) -> None:
        trade = self.one_of([trade for trade in self.trades(*OPEN) if trade.final], which)
        trader = self.one_of(list(trade.session.revealed), who)
        self._execute(trade, [trader], batched=False)

    @precondition(lambda self: any(trade.final for trade in self.trades(*OPEN)))
    @rule(which=few, order=st.permutations(range(5)), count=st.integers(0, 5))
    def execute_batch(self, which: int, order: list[int], count: int) -> None:
        trade = self.one_of([trade for trade in self.trades(*OPEN) if trade.final], which)
        traders = list(trade.session.revealed)
        self._execute(trade, [traders[place % len(traders)] for place in order[:count]], batched=True)

    def _execute(self, trade: Trade, traders: list[Person], batched: bool) -> None:
        assert trade.final is not None
        posted, session = trade.final, trade.session
        shown, proofs = [posted.leaf(who) for who in traders], [posted.proof(who) for who in traders]
        may = "TooLate BeyondBounds PotTooSmall"
        if batched:
            done = self.attempt(self.market.executeBatch, session.id, shown, proofs, by=self.stranger, may=may)
        else:
            call = (self.market.execute, session.id, shown[0], proofs[0])
            # A lie that freed a buyer's penalty twice over leaves bounds that no leaf fits.
            done = self.attempt(*call, by=self.stranger, may=f"{may} WrongPosition")
        for event in done.events if done else []:
            (who,) = (who for who in trade.parts if who.address == event["trader"])
            leaf = (event["debit"], event["credit"], event["penalty"])
            assert (who.address, *leaf) == posted.leaf(who)
            self.model.execute(trade, who, *leaf)

    @precondition(lambda self: any(trade.pot for trade in self.model.trades))
    @rule(which=few)
    def sweep(self, which: int) -> None:
        trade = self.one_of([trade for trade in self.model.trades if trade.pot], which)
        if self.attempt(self.market.sweepPot, trade.session.id, by=self.stranger, may="ExecutionRunning"):
            self.model.owed += trade.pot
            trade.pot = 0

    # ------------------------------------------------------------ ways out

    @precondition(lambda self: any(self.overdue(trade) for trade in self.model.trades))
    @rule(which=few)
    def cancel(self, which: int) -> None:
        self._cancel(self.one_of([trade for trade in self.model.trades if self.overdue(trade)], which))

    def _cancel(self, trade: Trade) -> None:
        may = "NothingRevealed SettlementStands SessionIsCancelled"
        self.attempt(self.market.cancel, trade.session.id, by=self.stranger, may=may)

    @precondition(lambda self: any(trade.parts for trade in self.model.trades))
    @rule(which=few, who=few)
    def release(self, which: int, who: int) -> None:
        trade = self.one_of([trade for trade in self.model.trades if trade.parts], which)
        self._release(trade, self.one_of(list(trade.parts), who), may="LockHolds WrongPosition")

    def _release(self, trade: Trade, member: Person, may: str = "") -> None:
        part = trade.parts[member]
        done = self.attempt(self.market.releaseLock, trade.session.id, member.address, by=self.stranger, may=may)
        if done is None:
            return
        assert done.event("LockReleased")["amount"] == part.lock
        if part.state == COMMITTED:
            self.model.forfeit(trade, member)
        else:
            part.state = ENDED

    # ------------------------------------------------------------ membership and time

    @rule(who=few)
    def suspend_or_reinstate(self, who: int) -> None:
        """One member at most is suspended at a time."""
        if self.suspended:
            member = self.suspended.pop()
            send(self.contracts.community.reinstateMember, member.address, by=self.admin)
            self.active.add(member)
        elif self.active:
            member = self.one_of(sorted(self.active, key=str), who)
            send(self.contracts.community.suspendMember, member.address, by=self.admin)
            self.active.discard(member)
            self.suspended.append(member)

    @precondition(lambda self: len(self.replaced) < MOST_REPLACEMENTS and self.active)
    @rule(who=few)
    def lose_wallet(self, who: int) -> None:
        old = self.one_of([member for member in self.members if member in self.active] or [None], who)
        if old is None:
            return
        new = self.wallets[len(self.replaced)]
        moves_at = replace_wallet(self.contracts, self.admin, old, new)
        self.replaced[old] = (new, moves_at)
        self.active = (self.active - {old}) | {new}
        self.wait(moves_at)

    @precondition(lambda self: self.replaced)
    @rule(who=few)
    def move_escrow(self, who: int) -> None:
        self._move(self.one_of(list(self.replaced), who))

    def _move(self, old: Person) -> None:
        new, moves_at = self.replaced[old]
        free = self.model.free(old)
        may = "NoSuccessor" if now() + 1 < moves_at else ("" if free else "EmptyAmount")
        done = self.attempt(self.market.moveEscrow, old.address, by=self.stranger, may=may)
        if done:
            assert done.event("EscrowMoved")["amount"] == self.model.move(old, new)

    @rule(which=st.sampled_from([0, 0, 0, 1, 3]), off=st.sampled_from([-1, 0, 0]))
    def jump(self, which: int, off: int) -> None:
        """To one of the next moments at which something changes."""
        ahead = sorted(moment for moment in self.deadlines if moment + off > now() + 1)
        if ahead:
            pass_to(ahead[min(which, len(ahead) - 1)] + off)

    def keep_up(self, choice: int) -> None:
        """Do what is due in a session of each stage, mostly the honest way; a choice of 0 is a day off."""
        if not choice:
            return
        if self.bondless:
            self._collect(64)
        while self.bondless:
            bond(self.contracts, self.issuer, self.bondless.popitem()[0])
        self.model.check()
        if self.trades("Reveal"):
            self.reveal(choice, 0)
        if self.trades("Clearing"):
            if choice == LYING:
                self.post_lie(choice, choice, self.acts, 4321, 500_000, self.acts, agreed=True)
            self.clear_honestly(choice, choice)
        if self.trades("Delivery"):
            if choice >= STEALING:
                self.settle_beyond_a_bound(choice, choice, self.acts, (self.acts + len(self.model.trades)) % 3)
            self.settle_honestly(choice, choice, 1000, 999)
        for trade in self.trades("Execution"):
            if trade.settlements and not trade.final:
                self._validate(trade)
            if trade.final:
                traders = list(trade.session.revealed)
                self._execute(trade, traders[choice % len(traders) :], batched=True)

    # ------------------------------------------------------------ what must hold

    @invariant()
    def model_and_chain_agree(self) -> None:
        self.model.check()

    @invariant()
    def the_quorum_holds_bonds_and_bounties(self) -> None:
        """Nothing more, and nothing less."""
        bonds = sum(self.quorum.bondOf(operator.address)[0] for operator in self.operators)
        held = self.contracts.euro.balanceOf(self.quorum.address)
        assert held == bonds + self.quorum.bountyOf(self.stranger.address)

    @invariant()
    def the_world_goes_on(self) -> None:
        """Every few acts what is due is done, and the clock goes to the next moment at which something changes."""
        self.acts += 1
        if self.model.trades and self.acts % self.pace == 0:
            self.keep_up(self.diligence[self.acts // self.pace % len(self.diligence)])
            if not self.is_resting and self.trades("Execution"):
                self.is_resting = True
                return
            self.is_resting = False
            self.jump(0, 0)
            self.model.check()

    def teardown(self) -> None:
        """Every lock ends: the operators vanish, time passes, and everybody gets out alone."""
        try:
            self._drain()
            self.model.check()
            assert self.market.liabilities() == 0
            assert self.contracts.euro.balanceOf(self.market.address) == 0
            assert self.contracts.euro.balanceOf(self.quorum.address) == 0
        finally:
            request("evm_revert", self.snapshot)

    def _drain(self) -> None:
        pass_to(max([*self.deadlines, now()]) + 60 * DAY)
        for trade in self.model.trades:
            self._cancel(trade)
            for member, part in trade.parts.items():
                if part.state != ENDED:
                    self._release(trade, member)
        for trade in self.model.trades:
            if trade.settlements and not trade.final:
                self._validate(trade)
            if trade.pot:
                self.sweep([other for other in self.model.trades if other.pot].index(trade))
        for old in self.replaced:
            self._move(old)
        for member in self.people():
            self._withdraw_all(member)
        if self.model.owed:
            self.pay_treasury()
        self._collect(64)
        self.attempt(self.quorum.payBounty, self.stranger.address, by=self.stranger, may="NoBounty")
        for operator in self.operators:
            questions = [question for trade in self.model.trades for who, question in trade.votes if who == operator]
            send(self.quorum.releaseStakes, questions, by=operator)
            left = self.quorum.bondOf(operator.address)[0]
            if left:
                send(self.quorum.withdrawBond, left, by=operator)


@pytest.fixture
def machine(
    fontana: Contracts, admin: Person, issuer: Person, operators: list[Person], isolation: None
) -> Callable[[], MarketMachine]:
    """Makes a machine over the community as it is."""
    return lambda: MarketMachine(fontana, admin, issuer, operators)


def test_market__under_any_sequence_of_acts__is_solvent_and_lets_everybody_out(
    machine: Callable[[], MarketMachine],
) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=70,
            suppress_health_check=list(HealthCheck),
            # Shrinking takes as long again as all examples: what failed is printed as it was.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        ),
    )
