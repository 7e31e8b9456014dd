"""Which local days an operator has to see to at a moment of the chain, and in which version each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from commons.chain import Block
from commons.contracts import CommunityReader
from commons.records import PostedDataset
from commons.slots import day_number, local_day, local_midnight
from commons.units import EpochSeconds
from oracle.notarisation.fold import DayFold
from oracle.notarisation.types import DayView, NotaryId


@dataclass(frozen=True, slots=True)
class DayWork:
    """A version of a day to see to; `view` is None where nobody has posted it.

    What arrived after `arrived_by` is not part of it; None: everything that is there.
    """

    day: date
    version: int
    view: DayView | None
    arrived_by: EpochSeconds | None


@dataclass
class DayCalendar:
    """The days of a community, from the one on which it was founded; remembers which are notarised."""

    reader: CommunityReader
    notary: NotaryId
    fold: DayFold
    freeze_s: int
    _over: set[date] = field(default_factory=set)
    _first: date | None = None

    def frozen_at(self, day: date) -> EpochSeconds:
        """The second at which the first version of a day freezes."""
        return EpochSeconds(local_midnight(day + timedelta(days=1)) + self.freeze_s)

    def works(self, block: Block) -> list[DayWork]:
        """The versions to see to now, by day."""
        self._reopen()
        days = [day for day in self._days(block) if day not in self._over]
        contract = self.reader.contracts.notary
        counts = self.reader.chain.calls([contract.call("versionCount", day_number(day)) for day in days])
        latest = self.reader.chain.calls([contract.call("latestNotarised", day_number(day)) for day in days])
        found = []
        for day, count, (final, _) in zip(days, counts, latest, strict=True):
            if final and final == count:
                self.close(day)
            else:
                found.append(self._work(day, int(count), block))
        return found

    def work_on(self, day: date, block: Block) -> DayWork:
        """The version of a day that is to be seen to, or the last one, which is notarised."""
        count = int(self.reader.chain.call(self.reader.contracts.notary.call("versionCount", day_number(day))))
        return self._work(day, count, block)

    def latest(self, day: date) -> tuple[int, PostedDataset]:
        """The last final version of a day, 0 where there is none, and its dataset."""
        found: tuple[int, PostedDataset] = self.reader.chain.call(
            self.reader.contracts.notary.call("latestNotarised", day_number(day))
        )
        return found

    def close(self, day: date) -> None:
        """Nothing is to be done about a day until another version of it is posted."""
        self._over.add(day)
        for view in self.fold.views():
            if view.day == day:
                self.fold.forget(view)

    def _reopen(self) -> None:
        """A version was posted of a day that was thought to be over."""
        for view in self.fold.views():
            self._over.discard(view.day)

    def _days(self, block: Block) -> Sequence[date]:
        if self._first is None:
            self._first = local_day(self.reader.chain.block(self.reader.first_block).timestamp)
        last = local_day(EpochSeconds(block.timestamp - self.freeze_s)) - timedelta(days=1)
        return [self._first + timedelta(days=n) for n in range((last - self._first).days + 1)]

    def _work(self, day: date, count: int, block: Block) -> DayWork:
        if count == 0:
            return DayWork(day, 1, None, self.frozen_at(day))
        question = self.reader.question(self.notary.question(day, count))
        if not question.accepted_at and block.timestamp >= question.deadline:
            return DayWork(day, count + 1, None, question.deadline)
        view = self.fold.view(day, count)
        return DayWork(day, count, view, self.frozen_at(day) if count == 1 else self._opened_at(view))

    def _opened_at(self, view: DayView | None) -> EpochSeconds | None:
        return None if view is None else self.reader.chain.block(view.opened_block).timestamp
