"""Events of the notary and the quorum folded into versions of local days; fed in the order of the chain."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from commons.chain.types import Event
from commons.slots import numbered_day
from oracle.notarisation.types import DayView, NotaryId, PostedDay
from oracle.session.ballots import BY_QUESTION
from oracle.session.types import Ballot


class DayFold:
    """The versions of days that were posted among the events fed."""

    def __init__(self, notary: NotaryId) -> None:
        self._notary = notary
        self._views: dict[bytes, DayView] = {}

    def feed(self, events: Iterable[Event]) -> None:
        """Take the next events, in the order of the chain; those that concern no day are passed over."""
        for event in events:
            if event.name == "DatasetPosted" and event.address == self._notary.notary:
                self._post(event)
            elif event.name in BY_QUESTION and event.args["question"] in self._views:
                view = self._views[event.args["question"]]
                ballot = BY_QUESTION[event.name](view.ballot, event.args)
                self._views[view.ballot.question] = replace(view, ballot=ballot)

    def clear(self) -> None:
        """Begin anew: the chain was set back."""
        self._views.clear()

    def view(self, day: date, version: int) -> DayView | None:
        """What the events fed so far say about a version of a day."""
        return self._views.get(self._notary.question(day, version))

    def views(self) -> tuple[DayView, ...]:
        """All versions, by day and number."""
        return tuple(sorted(self._views.values(), key=lambda view: (view.day, view.version)))

    def forget(self, view: DayView) -> None:
        """Let go of a version that is over."""
        self._views.pop(view.ballot.question, None)

    def _post(self, event: Event) -> None:
        args = event.args
        day, version = numbered_day(args["day"]), args["version"]
        question = self._notary.question(day, version)
        view = self._views.get(question) or DayView(day, version, event.block, Ballot(question))
        posted = PostedDay(args["operator"], args["answer"], args["dataset"].root, args["dataCid"])
        self._views[question] = replace(view, posted=(*view.posted, posted))
