"""Slots: half-open intervals of delivery in UTC epoch seconds, and the local days that group them.

A slot `(start, seconds)` covers `[start, start + seconds)`, starts at a whole multiple of its length and lasts 900 s
or 3600 s. Local days (Europe/Rome) exist at the edges only: days have 92, 96 or 100 quarter-hours. Source: DESIGN.md
section 2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from commons.errors import MalformedInput, UnitError
from commons.units import EpochSeconds, SlotIndex

QUARTER_HOUR_S = 900
HOUR_S = 3600
SLOT_LENGTHS_S = (QUARTER_HOUR_S, HOUR_S)
LAST_START = 1 << 33
"""No slot begins then or later: such a figure is no time in epoch seconds."""
LOCAL_ZONE = ZoneInfo("Europe/Rome")
_FIRST_DAY = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Slot:
    """One half-open interval `[start, start + seconds)`."""

    start: EpochSeconds
    seconds: int

    @property
    def end(self) -> EpochSeconds:
        """The first second that no longer belongs to the slot."""
        return EpochSeconds(self.start + self.seconds)

    def holds(self, start: EpochSeconds, seconds: int) -> bool:
        """Whether `[start, start + seconds)` lies inside the slot, its bounds included."""
        return self.start <= start and start + seconds <= self.end


@dataclass(frozen=True, slots=True)
class SlotGrid:
    """The slots of a session: `count` of them, each `seconds` long, end to end from `start`.

    Raises:
        UnitError: the slots are neither 900 s nor 3600 s long, or do not start at a multiple of their length.
    """

    start: EpochSeconds
    seconds: int
    count: int

    def __post_init__(self) -> None:
        require_aligned(self.start, self.seconds)

    @property
    def end(self) -> EpochSeconds:
        """The end of the last slot."""
        return EpochSeconds(self.start + self.seconds * self.count)

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Slot:
        if not 0 <= index < self.count:
            raise IndexError(index)
        return Slot(EpochSeconds(self.start + index * self.seconds), self.seconds)

    def __iter__(self) -> Iterator[Slot]:
        return (self[index] for index in range(self.count))

    def index_at(self, when: EpochSeconds) -> SlotIndex | None:
        """The index of the slot that holds the second `when`, or None outside the grid."""
        index = (when - self.start) // self.seconds
        return SlotIndex(index) if 0 <= index < self.count else None


def require_aligned(start: EpochSeconds, seconds: int) -> None:
    """Refuse a slot length other than 900 s or 3600 s and a start that is not a multiple of it.

    Raises:
        UnitError: naming the length or the start, and the nearest start that would do.
    """
    if seconds not in SLOT_LENGTHS_S:
        raise UnitError(f"a slot of {seconds} s is neither a quarter-hour nor an hour", remedy="Use 900 or 3600.")
    if start % seconds:
        below = start - start % seconds
        raise UnitError(
            f"a slot of {seconds} s cannot start at {start}",
            remedy=f"Start at a multiple of its length, such as {below} or {below + seconds}.",
        )


def local_day(when: EpochSeconds) -> date:
    """The local date (Europe/Rome) on which the second `when` falls."""
    return datetime.fromtimestamp(when, LOCAL_ZONE).date()


def local_midnight(day: date) -> EpochSeconds:
    """The second at which the local day (Europe/Rome) begins."""
    return EpochSeconds(int(datetime(day.year, day.month, day.day, tzinfo=LOCAL_ZONE).timestamp()))


def day_number(day: date) -> int:
    """A local day as contracts number it: the days from 1970-01-01 to its date."""
    return day.toordinal() - _FIRST_DAY


def numbered_day(number: int) -> date:
    """The local day of that number."""
    return date.fromordinal(number + _FIRST_DAY)


def local_days(start: EpochSeconds, end: EpochSeconds) -> tuple[date, ...]:
    """The local days that `[start, end)` touches, in order."""
    first, last = local_day(start), local_day(EpochSeconds(end - 1))
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def day_grid(day: date, seconds: int = QUARTER_HOUR_S) -> SlotGrid:
    """The slots of a local day: 92, 96 or 100 quarter-hours, or 23, 24 or 25 hours."""
    start = local_midnight(day)
    return SlotGrid(start, seconds, (local_midnight(day + timedelta(days=1)) - start) // seconds)


def read_time(text: str | int) -> EpochSeconds:
    """A moment as people write it, with its zone, or UTC epoch seconds.

    Raises:
        MalformedInput: it is none, or says no zone.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return EpochSeconds(text)
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise MalformedInput(f"{text!r} is not a moment", remedy="Write 2026-11-22T00:00:00+01:00.") from error
    if moment.tzinfo is None:
        raise MalformedInput(f"the moment {text!r} says no time zone", remedy="Write 2026-11-22T00:00:00+01:00.")
    return EpochSeconds(int(moment.timestamp()))


def read_day(text: str) -> date:
    """A local day as people write it.

    Raises:
        MalformedInput: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise MalformedInput(f"{text!r} is not a day", remedy="Write it as 2026-11-22.") from error


def show_time(when: EpochSeconds) -> str:
    """The second for people, in local time with its offset: `2026-03-29 03:00 +0200`."""
    return datetime.fromtimestamp(when, LOCAL_ZONE).strftime("%Y-%m-%d %H:%M %z")


def iso_utc(when: EpochSeconds) -> str:
    """The second in ISO 8601, UTC: `2026-03-29T01:00:00+00:00`."""
    return datetime.fromtimestamp(when, UTC).isoformat()
