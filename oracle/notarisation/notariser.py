"""An operator's part in notarising local days: freeze its readings, compare, and the call that posts or attests.

An operator stands for nothing but what it froze itself, and says in words where others' datasets differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from commons.addresses import Address
from commons.chain import Block, Call
from commons.contracts import CommunityReader
from commons.errors import DataError
from commons.records import PostedDataset
from commons.roster import PointSpan, RosterReader
from commons.slots import day_grid, day_number
from commons.store import FolderStore, Reader
from commons.units import EpochSeconds
from oracle.archive.archive import Archive, Frozen
from oracle.archive.freezing import Built, DayPoints, build_dataset_of, built, freeze
from oracle.archive.keys import KeyBook
from oracle.duty import Wait
from oracle.evidence.types import DatasetId
from oracle.measurement.store import ReadingStore
from oracle.notarisation.calendar import DayWork
from oracle.notarisation.differences import tell_differences
from oracle.notarisation.points import bound_on, within_bindings
from oracle.notarisation.types import DayAnswer, NotaryId, PostedDay
from oracle.publication.reading import PATIENCE_S, Hurried, read_evidence


@dataclass(frozen=True, slots=True)
class OwnDay:
    """An operator's own answer about a version of a day."""

    work: DayWork
    answer: DayAnswer
    question: bytes

    @property
    def digest(self) -> bytes:
        """The answer's hash."""
        return self.answer.digest(self.question)


@dataclass(frozen=True, slots=True)
class DayFinding:
    """Another operator's dataset, and where it differs from one's own; or, not compared, why it cannot be told."""

    answer: bytes
    text: str
    is_compared: bool


@dataclass(frozen=True, slots=True)
class Notariser:
    """Freezes, compares and answers for one operator; `published` is its own folder."""

    reader: CommunityReader
    rosters: RosterReader
    notary: NotaryId
    operator: Address
    store: ReadingStore
    archive: Archive
    keys: KeyBook
    published: FolderStore
    elsewhere: Reader

    def own(self, work: DayWork, block: Block) -> OwnDay | None:
        """The operator's own answer, its readings frozen if they were not; None where no point is bound on that day.

        Raises:
            InputError: a member's key is not here.
        """
        found = self.archive.find(work.day, work.version) or self._freeze(work, block)
        if found is None:
            return None
        answer = DayAnswer(found.root, found.points, found.leaves, found.cid)
        return OwnDay(work, answer, self.notary.question(work.day, work.version))

    def publish(self, own: OwnDay) -> None:
        """Keep what is published of the day where others find it."""
        if not (self.published.folder / own.answer.cid).is_file():
            self.published.publish(self.rebuild(own.work.day, own.work.version).published)

    def rebuild(self, day: date, version: int) -> Built:
        """A frozen dataset, built again from the frozen readings.

        Raises:
            NotFound: it is not frozen here. InputError: a member's key is not here.
        """
        frozen = self.archive.readings(day, version)
        return built(self.notary.chain_id, frozen.dataset(self.keys.opened()), frozen.grids)

    def preview(self, day: date, version: int, arrived_by: EpochSeconds | None) -> tuple[Built, DayPoints] | None:
        """The dataset as it would be frozen now; None where no point is bound on that day."""
        bindings = self._bindings(day)
        if not bindings:
            return None
        points = DayPoints({point: one.member_id for point, one in bindings.items()}, self.keys.opened())
        slots = day_grid(day)
        batch = within_bindings(self.store.batch(sorted(bindings), slots.start, slots.end, arrived_by), bindings)
        dataset = DatasetId(self.reader.contracts.community.address, day, version)
        return build_dataset_of(batch, self.notary.chain_id, dataset, points), points

    def call(self, own: OwnDay) -> Call | Wait:
        """The call that attests an equal answer, or posts this one; none where another was accepted, or it is given."""
        view, contracts = own.work.view, self.reader.contracts
        if view is not None:
            if view.ballot.answer_of(self.operator) == own.digest:
                return self._wait(own)
            if view.ballot.accepted not in (None, own.digest):
                return Wait("another dataset was accepted than this operator's", view.ballot.final_at)
            if own.digest in {posted.answer for posted in view.posted}:
                return contracts.quorum.call("attest", own.question, own.digest)
        answer = own.answer
        dataset = PostedDataset(answer.root, answer.points, answer.leaves)
        return contracts.notary.call("postDataset", day_number(own.work.day), own.work.version, dataset, answer.cid)

    def findings(self, own: OwnDay) -> Iterator[DayFinding]:
        """Where each different dataset that was posted differs."""
        view = own.work.view
        others = {} if view is None else {one.answer: one for one in view.posted if one.answer != own.digest}
        for other in others.values():
            yield self._finding(own, other)

    # ---------------------------------------------------------------- parts

    def _freeze(self, work: DayWork, block: Block) -> Frozen | None:
        found = self.preview(work.day, work.version, work.arrived_by)
        if found is None:
            return None
        one, points = found
        self.published.publish(one.published)
        return freeze(self.archive, one, points, block.timestamp)

    def _bindings(self, day: date) -> dict[str, PointSpan]:
        """The points of this operator's store that are bound on a day."""
        point_ids = [point.point_id for point in self.store.points()]
        return bound_on(self.rosters.now(), day, point_ids)

    def _wait(self, own: OwnDay) -> Wait:
        view = own.work.view
        assert view is not None
        if view.ballot.accepted is None:
            return Wait("other operators are freezing it")
        return Wait("it may be objected to", view.ballot.final_at)

    def _finding(self, own: OwnDay, other: PostedDay) -> DayFinding:
        named = f"dataset of {own.work.day}, version {own.work.version}"
        who = f"operator {other.operator} posted another {named}"
        try:
            here = read_evidence(self.published, own.answer.cid)
            told = tell_differences(here, read_evidence(Hurried(self.elsewhere, PATIENCE_S), other.data_cid))
        except DataError as error:
            text = f"{who}, which cannot be compared: {error.message}"
            return DayFinding(other.answer, text, is_compared=False)
        return DayFinding(other.answer, f"{who}: {told}", is_compared=True)
