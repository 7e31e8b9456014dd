"""Events of the rewards' contract and the quorum folded into days' batches; fed in the order of the chain."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from commons.chain.types import Event
from commons.slots import numbered_day
from oracle.publication.rewards import ROUND_BITS
from oracle.rewarding.types import BatchView, PostedBatch, RewardsId
from oracle.session.ballots import BY_QUESTION
from oracle.session.types import Ballot


class RewardsFold:
    """The batches that were posted among the events fed."""

    def __init__(self, rewards: RewardsId) -> None:
        self._rewards = rewards
        self._views: dict[bytes, BatchView] = {}
        self._stirred: set[date] = set()

    def feed(self, events: Iterable[Event]) -> None:
        """Take the next events, in the order of the chain; those that concern no batch are passed over."""
        for event in events:
            if event.address == self._rewards.rewards and event.name == "BatchPosted":
                self._post(event)
            elif event.address == self._rewards.rewards and event.name == "RewardClaimed":
                self._claim(event)
            elif event.name == "DatasetPosted":
                self._stirred.add(numbered_day(event.args["day"]))
            elif event.name in BY_QUESTION and event.args["question"] in self._views:
                view = self._views[event.args["question"]]
                ballot = BY_QUESTION[event.name](view.ballot, event.args)
                self._views[view.ballot.question] = replace(view, ballot=ballot)

    def clear(self) -> None:
        """Begin anew: the chain was set back."""
        self._views.clear()

    def stirred(self) -> set[date]:
        """The days of which a dataset was posted since this was asked last."""
        found, self._stirred = self._stirred, set()
        return found

    def view(self, day: date, round_: int) -> BatchView | None:
        """What the events fed so far say about a day's rewards in a round."""
        return self._views.get(self._rewards.question(day, round_))

    def views(self) -> tuple[BatchView, ...]:
        """All batches, by day and round."""
        return tuple(sorted(self._views.values(), key=lambda view: (view.day, view.round)))

    def forget(self, day: date) -> None:
        """Let go of a day that is over."""
        self._views = {question: view for question, view in self._views.items() if view.day != day}

    def _post(self, event: Event) -> None:
        args = event.args
        day, round_ = numbered_day(args["day"]), args["batchId"] & ((1 << ROUND_BITS) - 1)
        question = self._rewards.question(day, round_)
        view = self._views.get(question) or BatchView(day, round_, event.block, Ballot(question))
        posted = PostedBatch(args["operator"], args["answer"], args["batch"], args["dataCid"])
        self._views[question] = replace(view, posted=(*view.posted, posted))

    def _claim(self, event: Event) -> None:
        batch_id = event.args["batchId"]
        day, round_ = numbered_day(batch_id >> ROUND_BITS), batch_id & ((1 << ROUND_BITS) - 1)
        view = self.view(day, round_)
        if view is not None:
            claimed = view.claimed | {event.args["member"]}
            self._views[view.ballot.question] = replace(view, claimed=claimed)
