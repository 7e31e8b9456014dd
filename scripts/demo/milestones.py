"""A session's progress in words, each thing said once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from commons.units import EnergyWh, EpochSeconds, show_kwh
from oracle.session.types import SessionView
from scripts.demo.screen import Screen
from scripts.demo.watch import Day


@dataclass
class Milestones:
    """Says what has happened in a session since it was looked at last."""

    screen: Screen
    _told: set[str] = field(default_factory=set)

    def tell(self, view: SessionView) -> None:
        """Say what is new."""
        outcome = view.accepted_outcome()
        if outcome is not None:
            hours = sum(result.volume > 0 for result in outcome.results)
            volume = show_kwh(EnergyWh(sum(result.volume for result in outcome.results)))
            agreed = len(view.outcome_ballot.voters(outcome.answer))
            self._once("outcome", f"{agreed} operators agree on the prices: {volume} trade in {hours} hours")
        if view.settlement_ballot.accepted is not None:
            agreed = len(view.settlement_ballot.voters(view.settlement_ballot.accepted))
            self._once("settlement", f"{agreed} operators agree on who pays whom, from the notarised readings")
        if view.executions and not view.unsettled():
            self._once("executed", f"{len(view.executions)} members are settled out of escrow")
        if view.is_cancelled:
            self._once("cancelled", "The session was cancelled: it had no settlement in time, and every lock ends")
        self._tell_dissent(view)

    def tell_days(self, days: Iterable[Day], now: EpochSeconds) -> None:
        """Say which local days' readings are notarised."""
        for day in days:
            if day.is_notarised(now):
                text = f"The readings of {day.day:%d %B} are frozen and notarised: the operators found the same"
                self._once(f"day {day.day}", text)

    def _tell_dissent(self, view: SessionView) -> None:
        for stage, ballot in (("outcome", view.outcome_ballot), ("settlement", view.settlement_ballot)):
            if len([answer for answer, voters in ballot.votes if voters]) > 1:
                self._once(f"dissent {stage}", f"The operators disagree on the {stage}; `oracle show` says where")

    def _once(self, what: str, text: str) -> None:
        if what not in self._told:
            self._told.add(what)
            self.screen.done(text)
