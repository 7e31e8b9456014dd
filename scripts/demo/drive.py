"""Take one session through every phase: homes seal and reveal, operators clear and settle, the clock moves on.

What is to be done follows from the chain alone, so a session that was left half-done goes on where it stands. The
chain's clock is moved only when nobody has anything left to do before the moment it is moved to.
"""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from commons.actions import orders as market
from commons.addresses import Address
from commons.chain import Call
from commons.errors import CommonwattError
from commons.units import EpochSeconds, SessionId
from commons.wallets import Signer
from oracle.options import Options
from oracle.session.types import SessionView
from scripts.demo.bids import Bids
from scripts.demo.calendar import Pace
from scripts.demo.crew import FREEZE_S, Crew, stuck
from scripts.demo.fontana import Fontana
from scripts.demo.milestones import Milestones
from scripts.demo.screen import Screen
from scripts.demo.watch import days_of, is_over, look, waiting
from scripts.embedded import EmbeddedChain

POLL_S = 0.4
PATIENCE_S = 6
"""Real seconds that an operator gets to do what is due after others have done it; then time moves on without it."""
STANDSTILL_S = 600
"""Real seconds without anything new after which something must be wrong."""


@dataclass
class Drive:
    """The driver of one session; `without` are the wallets whose automatic bidder steps aside."""

    fontana: Fontana
    embedded: EmbeddedChain
    crew: Crew
    bids: Bids
    screen: Screen
    pace: Pace
    session_id: SessionId
    without: Collection[Address] = ()
    _opened_block: int | None = None
    _have_bid: bool = False
    _have_revealed: bool = False
    _milestones: Milestones = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._milestones = Milestones(self.screen)

    def run(self) -> SessionView:
        """Take the session to its end and give what the chain then says about it.

        Raises:
            CommonwattError: the operators do not get on with it.
        """
        while True:
            view, now = self._look()
            rules = view.parameters
            self._milestones.tell(view)
            if now < rules.commit_deadline:
                self._bid(view)
                self._pass_time("sealed orders are taken", rules.commit_deadline, self.pace.jumps)
            elif now < rules.reveal_deadline:
                self._reveal(view)
                self._pass_time("orders are revealed", rules.reveal_deadline, self.pace.jumps)
            elif is_over(view, now, self._operators):
                return view
            else:
                self._let_operators_work(view)

    def _look(self) -> tuple[SessionView, EpochSeconds]:
        view, now = look(self.fontana.reader, self.session_id, self._opened_block)
        self._opened_block = view.opened_block
        return view, now

    @property
    def _operators(self) -> list[Address]:
        return [operator.address for operator in self.fontana.operators]

    # ---------------------------------------------------------------- members

    def _bid(self, view: SessionView) -> None:
        """Let the homes that have not ordered yet seal what they bid, once."""
        if self._have_bid:
            return
        self._have_bid = True
        stay_out = {commitment.trader for commitment in view.commitments}.union(self.without)
        self.screen.doing("The homes look at comparable days, and bid")
        count = self.bids.seal(view, [wallet for wallet in self.fontana.homes.members if wallet not in stay_out])
        if count:
            self.screen.done(f"{count} homes forecast their day from comparable ones, bid, and sealed their orders")

    def _reveal(self, view: SessionView) -> None:
        """Reveal what the homes sealed, reopened from the chain by their wallets, once."""
        if self._have_revealed:
            return
        self._have_revealed = True
        self.screen.doing("The homes reveal their orders")
        calls = list(self._reveal_calls(view))
        self.fontana.chain.send_all(calls)
        if calls:
            self.screen.done(f"{len(calls)} homes opened their envelopes from the chain and revealed their orders")

    def _reveal_calls(self, view: SessionView) -> Iterator[tuple[Signer, Call]]:
        reader, homes = self.fontana.reader, self.fontana.homes
        events = market.commitments(reader, self.session_id)
        for commitment in view.unrevealed():
            wallet = commitment.trader
            if wallet not in homes.signers or wallet in self.without:
                continue
            try:
                opened = market.open_envelope(reader, self.session_id, homes.signers[wallet], events[wallet])
                market.require_committed(reader, self.session_id, wallet, opened)
            except CommonwattError as error:
                self.screen.note(f"{homes.members[wallet].home.home_id} has to reveal by itself: {error.message}")
                continue
            call = market.reveal_call(reader.contracts, self.session_id, wallet, opened.orders, opened.salt)
            yield homes.signers[wallet], call

    # ---------------------------------------------------------------- operators

    def _let_operators_work(self, view: SessionView) -> None:
        """Wait until the operators have done something, or have nothing to do before some moment; then go there."""
        began = time.monotonic()
        while True:
            latest, now = self._look()
            if latest != view or is_over(latest, now, self._operators):
                return
            days = days_of(self.fontana.reader, latest)
            self._milestones.tell_days(days, now)
            found = waiting(latest, now, self._operators, days, Options(freeze_s=FREEZE_S))
            idle_s = time.monotonic() - began
            if found.moments and (not found.is_busy or idle_s > PATIENCE_S):
                self._wait_for_moment(latest, found.moments[0])
                return
            if idle_s > STANDSTILL_S:
                raise stuck(self.crew.operators, f"session {self.session_id}")
            self._pause(f"Session {self.session_id}: the operators are at work")

    def _wait_for_moment(self, view: SessionView, until: EpochSeconds) -> None:
        """Go to the next moment of a session whose orders are revealed; live, windows are waited through."""
        is_window = until in (view.outcome_ballot.final_at, view.settlement_ballot.final_at)
        if until >= view.parameters.delivery_end:
            self.crew.deliver_readings(self.fontana.homes, until)
        self._pass_time("objections are taken", until, self.pace.jumps or not is_window)

    # ---------------------------------------------------------------- time

    def _pass_time(self, what: str, until: EpochSeconds, jumps: bool) -> None:
        """Move the chain's clock to `until`, or let time pass until then."""
        if jumps:
            self.embedded.jump_to(until)
            return
        while (now := self.fontana.chain.now()) < until:
            self._pause(f"Session {self.session_id}: {what} for {until - now} s more")

    def _pause(self, what: str) -> None:
        self.crew.look_after(self.screen)
        self.screen.doing(what)
        time.sleep(POLL_S)
