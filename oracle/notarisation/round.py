"""One look of an operator at every local day that is due: freeze, publish, compare, post or attest.

A day that fails is told of, and tried again after more and more blocks; it never stops the others.
"""

from dataclasses import dataclass, field
from datetime import date

from commons.chain import Block
from commons.errors import CommonwattError, ContractRefusal, InputError, RpcUnreachable
from commons.slots import day_number, show_time
from commons.units import SessionId
from oracle.duty import Wait
from oracle.hands import Sending
from oracle.journal import FindingRow, Journal
from oracle.notarisation.calendar import DayCalendar, DayWork
from oracle.notarisation.notariser import Notariser, OwnDay
from oracle.outbox import Outbox
from oracle.report import DayReport
from oracle.session.types import Operators
from oracle.turns import Turns

LONGEST_RETREAT = 6
"""A failing day is looked at again after 2, 4, … and at last 2⁶ blocks."""
STAGE = "dataset"
NO_SESSION = SessionId(0)
"""The session under which the journal keeps findings about datasets, which concern none."""


@dataclass
class DayRound:
    """The days of one operator."""

    calendar: DayCalendar
    notariser: Notariser
    journal: Journal
    outbox: Outbox
    turns: Turns
    _failures: dict[date, tuple[int, int]] = field(default_factory=dict)

    def look(self, block: Block, operators: Operators) -> list[DayReport]:
        """What was done for each day that is due, and how it stands."""
        if operators.number_of(self.turns.operator) is None:
            return []
        return [report for work in self.calendar.works(block) if (report := self._day(work, block, operators))]

    def one(self, day: date, block: Block, correct: bool) -> DayReport | None:
        """See to one day at once, whoever's turn it is; None where no point is bound on it.

        Args:
            correct: open another version of a day that is notarised.

        Raises:
            InputError: the day's hour has not come, or there is nothing to correct.
        """
        work = self.calendar.work_on(day, block)
        if block.timestamp < self.calendar.frozen_at(day):
            until = show_time(self.calendar.frozen_at(day))
            raise InputError(f"{day} freezes at {until}", remedy="Until then readings are taken; come back after it.")
        if correct:
            final, _ = self.calendar.latest(day)
            if not final or final != work.version:
                raise InputError(f"the last version of {day} is not final yet", remedy="Correct it once it is.")
            work = DayWork(day, work.version + 1, None, None)
        return self._take_on(work, block, Operators(0, (self.turns.operator,), 1))

    def _day(self, work: DayWork, block: Block, operators: Operators) -> DayReport | None:
        """The round's edge: whatever goes wrong with a day fails that day, visibly."""
        failures, retry_block = self._failures.get(work.day, (0, 0))
        if self.turns.is_patient and block.number < retry_block:
            return None
        try:
            report = self._take_on(work, block, operators)
        except RpcUnreachable:
            raise
        except ContractRefusal as refusal:
            if self._has_moved_on(work, block):
                return DayReport(work.day, work.version, "somebody else was faster")
            return self._failed(work, block, failures, refusal)
        except Exception as error:  # noqa: BLE001
            return self._failed(work, block, failures, error)
        self._failures.pop(work.day, None)
        return report

    def _take_on(self, work: DayWork, block: Block, operators: Operators) -> DayReport | None:
        own = self.notariser.own(work, block)
        if own is None:
            self.calendar.close(work.day)
            return None
        self.notariser.publish(own)
        findings = self._findings(own)
        call = self.notariser.call(own)
        if isinstance(call, Wait):
            return DayReport(work.day, work.version, str(call), findings=findings)
        posts = call.name.endswith(".postDataset")
        what = (STAGE, work.day, work.version)
        if posts and (left := self.turns.blocks_left(day_number(work.day), operators, what, block.number)):
            stands = f"another operator's turn to post it for {left} more blocks"
            return DayReport(work.day, work.version, stands, findings=findings)
        verb = "posted" if posts else "attested"
        sending = Sending(f"{STAGE}/{work.day}/{work.version}", call, f"{verb} it ({own.answer.cid})")
        self.outbox.send(sending.purpose, sending.call)
        return DayReport(work.day, work.version, sending.what, (sending.what,), findings)

    def _findings(self, own: OwnDay) -> tuple[str, ...]:
        """What others' datasets differ in, kept in the journal; each is compared once."""
        view = own.work.view
        answers = {posted.answer.hex() for posted in view.posted} if view else set()
        kept = {row.answer: row for row in self.journal.findings(NO_SESSION) if row.stage == STAGE}
        if not answers - {own.digest.hex()} <= {answer for answer, row in kept.items() if row.is_compared}:
            for found in self.notariser.findings(own):
                answer = found.answer.hex()
                row = FindingRow(
                    session_id=NO_SESSION, stage=STAGE, answer=answer, text=found.text, is_compared=found.is_compared
                )
                self.journal.keep_finding(row)
                kept[answer] = row
        return tuple(kept[answer].text for answer in sorted(answers) if answer in kept)

    def _has_moved_on(self, work: DayWork, block: Block) -> bool:
        """A refusal is no failure where the chain has gone on since it was looked at."""
        return self.notariser.reader.chain.block().number != block.number and not any(
            later.day == work.day and later.version == work.version and later.view == work.view
            for later in self.calendar.works(self.notariser.reader.chain.block())
        )

    def _failed(self, work: DayWork, block: Block, failures: int, error: Exception) -> DayReport:
        message = error.message if isinstance(error, CommonwattError) else f"{type(error).__name__}: {error}"
        self._failures[work.day] = (failures + 1, block.number + 2 ** min(failures + 1, LONGEST_RETREAT))
        return DayReport(work.day, work.version, f"failed: {message}", failure=message)
