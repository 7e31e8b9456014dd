"""The terms in force at any moment, from what was announced and when.

A change is in force from a moment that its announcement names. An announcement of the same thing that comes before that
moment takes its place: the earlier change never is in force.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from commons.records.economy import CategoryTerms, TokenAmount, TokenCategory
from commons.units import EpochSeconds
from oracle.economy.types import NO_TERMS, Table

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Announcement(Generic[Value]):
    """A change: when it was said, from when it is in force, and to what."""

    said_at: EpochSeconds
    effective_from: EpochSeconds
    value: Value


@dataclass(frozen=True, slots=True)
class Track(Generic[Value]):
    """The values of one thing over time, those that ever came into force, in order."""

    starts: tuple[EpochSeconds, ...]
    values: tuple[Value, ...]

    @classmethod
    def of(cls, announcements: Iterable[Announcement[Value]]) -> "Track[Value]":
        """The track of announcements, given in the order in which they were made."""
        kept: list[Announcement[Value]] = []
        for one in announcements:
            if kept and one.said_at < kept[-1].effective_from:
                kept.pop()
            kept.append(one)
        return cls(tuple(one.effective_from for one in kept), tuple(one.value for one in kept))

    def at(self, moment: EpochSeconds, before: Value) -> Value:
        """The value at a moment; `before` the first, that one."""
        place = bisect_right(self.starts, moment)
        return self.values[place - 1] if place else before


@dataclass(frozen=True, slots=True)
class Timeline:
    """The terms of all categories, and the amounts, over time."""

    categories: Mapping[TokenCategory, Track[CategoryTerms]] = field(default_factory=dict)
    amounts: Mapping[TokenAmount, Track[int]] = field(default_factory=dict)

    def amount(self, which: TokenAmount, moment: EpochSeconds) -> int:
        """An amount in force at a moment; 0 if it was never set."""
        return self.amounts[which].at(moment, 0) if which in self.amounts else 0

    def table(self, moment: EpochSeconds) -> Table:
        """The terms in force at a moment."""
        return Table({category: track.at(moment, NO_TERMS) for category, track in self.categories.items()})
