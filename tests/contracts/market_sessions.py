"""Sessions in the fuzz, from opening to an outcome: who orders what, and what operators say came of it."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from commons.orders import Order
from tests.contracts.chain import now, pass_to, send
from tests.contracts.community import HOUR, Person, mint
from tests.contracts.market import CID, COMMITTED, REVEALED, open_session, order_proof, order_tuples
from tests.contracts.market_model import Part, Told, Trade, honest, lying, random_order
from tests.contracts.market_people import People, few
from tests.contracts.refutation import outcome_proof

MOST_OPEN = 3
OPEN = ("Commit", "Reveal", "Clearing", "Challenge", "Delivery", "Objection", "Execution")
DEMAND_UE = 1_000_000
sizes = st.sampled_from([10, 11, 999, 1000, 1001, 4321])
prices = st.sampled_from([1, 7, 99_999, 100_000, 150_001, 200_000, 500_000])


@st.composite
def order_lists(draw: Any) -> list[Order]:
    """Orders of one trader over two slots, mostly well formed."""
    orders = []
    for slot in range(2):
        is_buy = draw(st.booleans())
        for _ in range(draw(st.integers(0, 2))):
            orders.append(random_order(slot, is_buy, draw(sizes), draw(prices)))
    return orders or [random_order(0, True, draw(st.sampled_from([9, 1000])), draw(prices))]


class Sessions(People):
    """What traders and operators do until an outcome is agreed on, or void."""

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
