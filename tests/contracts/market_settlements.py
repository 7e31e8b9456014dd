"""Settlements in the fuzz, honest and not, their execution, and the ways out where there is none."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.contracts.community import Person
from tests.contracts.market import CID, COMMITTED, ENDED, NO_VERSIONS, Leaves, leaves
from tests.contracts.market_model import Trade
from tests.contracts.market_people import few
from tests.contracts.market_sessions import OPEN, Sessions, sizes


class Settlements(Sessions):
    """What operators and strangers do from delivery to the last lock."""

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
