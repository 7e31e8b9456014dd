"""What a pass of an operator did and found, for people and as JSON."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from commons.chain import Block
from commons.units import EpochSeconds, SessionId

Key = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class SessionReport:
    """How a session stands after a pass: what was done, what differs from others' answers, what went wrong."""

    session_id: SessionId
    stands: str
    done: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    failure: str | None = None

    @property
    def key(self) -> Key:
        """What it is about."""
        return ("session", self.session_id, 0)

    @property
    def subject(self) -> str:
        """What it is about, for people."""
        return f"session {self.session_id}"


@dataclass(frozen=True, slots=True)
class DayReport:
    """How a version of a local day's dataset stands after a pass."""

    day: date
    version: int
    stands: str
    done: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    failure: str | None = None

    @property
    def key(self) -> Key:
        """What it is about."""
        return ("day", self.day.toordinal(), self.version)

    @property
    def subject(self) -> str:
        """What it is about, for people."""
        return f"dataset of {self.day}, version {self.version}"


@dataclass(frozen=True, slots=True)
class RewardReport:
    """How a local day's rewards stand after a pass, in a round of answering."""

    day: date
    round: int
    stands: str
    done: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    failure: str | None = None

    @property
    def key(self) -> Key:
        """What it is about."""
        return ("rewards", self.day.toordinal(), self.round)

    @property
    def subject(self) -> str:
        """What it is about, for people."""
        return f"rewards of {self.day}" + (f", round {self.round}" if self.round > 1 else "")


@dataclass(frozen=True, slots=True)
class IncentiveReport:
    """How the division of an incentive in euro stands after a pass."""

    incentive_id: int
    stands: str
    done: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    failure: str | None = None

    @property
    def key(self) -> Key:
        """What it is about."""
        return ("incentive", self.incentive_id, 0)

    @property
    def subject(self) -> str:
        """What it is about, for people."""
        return f"incentive {self.incentive_id}"


Report = SessionReport | DayReport | RewardReport | IncentiveReport


@dataclass(frozen=True, slots=True)
class PassReport:
    """A pass: the block and chain time up to which it looked, and what it looked at."""

    block: int
    time: EpochSeconds
    sessions: tuple[SessionReport, ...]
    done: tuple[str, ...] = ()
    """What concerns nothing of these alone."""
    days: tuple[DayReport, ...] = ()
    rewards: tuple[RewardReport, ...] = ()
    incentives: tuple[IncentiveReport, ...] = ()

    @classmethod
    def of(cls, block: Block, reports: Iterable[Report], done: tuple[str, ...]) -> "PassReport":
        """The report of a pass that ended at a block."""
        ordered = sorted(reports, key=lambda report: report.key)
        return cls(
            block.number,
            block.timestamp,
            tuple(one for one in ordered if isinstance(one, SessionReport)),
            done,
            tuple(one for one in ordered if isinstance(one, DayReport)),
            tuple(one for one in ordered if isinstance(one, RewardReport)),
            tuple(one for one in ordered if isinstance(one, IncentiveReport)),
        )

    @property
    def all(self) -> tuple[Report, ...]:
        """Everything that was looked at."""
        return (*self.days, *self.sessions, *self.rewards, *self.incentives)

    @property
    def has_acted(self) -> bool:
        """Whether anything was sent."""
        return bool(self.done) or any(report.done for report in self.all)

    @property
    def has_failed(self) -> bool:
        """Whether something could not be taken on."""
        return any(report.failure for report in self.all)


def merged(before: Report | None, after: Report) -> Report:
    """One report on what was looked at several times in a pass."""
    return after if before is None else replace(after, done=before.done + after.done)
