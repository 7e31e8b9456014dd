"""One measured figure, and the stopwatch that measures it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NewType

Nanoseconds = NewType("Nanoseconds", int)

_LEAST_RUNS = 3
_MOST_RUNS = 25
_ENOUGH_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of `docs/benchmarks.md`.

    `figure` is in `unit`; `ratio` is the figure over that of `yardstick`, both measured in this run, and None where
    there is nothing to compare with. `most` and `most_ratio` are aims: what figure and ratio are meant not to pass.
    `note` says what else came out.
    """

    name: str
    size: str
    figure: float
    unit: str
    yardstick: str = ""
    ratio: float | None = None
    most: float | None = None
    most_ratio: float | None = None
    note: str = ""

    @property
    def has_aim(self) -> bool:
        """Whether it is meant not to pass something."""
        return self.most is not None or self.most_ratio is not None

    @property
    def holds(self) -> bool:
        """Whether it passes none of its aims."""
        if self.most is not None and self.figure > self.most:
            return False
        return self.most_ratio is None or (self.ratio is not None and self.ratio <= self.most_ratio)


Rows = Iterator[Row]
Progress = Callable[[str], None]
"""Tells the person who waits what is being measured now."""


def median_ns(work: Callable[[], object]) -> Nanoseconds:
    """The median processor time of `work`, run once to warm up and then 3 to 25 times, for about a second."""
    return medians_ns(work)[0]


def medians_ns(*works: Callable[[], object]) -> tuple[Nanoseconds, ...]:
    """The median processor times of works to be compared, run by turns: what slows the machine slows them all.

    Processor time, since a busy machine makes wall time a matter of chance; nothing measured so uses several threads.
    """
    for work in works:
        work()
    times: list[list[int]] = [[] for _ in works]
    while len(times[0]) < _LEAST_RUNS or (max(map(sum, times)) < _ENOUGH_NS and len(times[0]) < _MOST_RUNS):
        for work, own in zip(works, times, strict=True):
            start = time.process_time_ns()
            work()
            own.append(time.process_time_ns() - start)
    return tuple(Nanoseconds(sorted(own)[len(own) // 2]) for own in times)


def milliseconds(time_ns: float) -> float:
    """The time in ms."""
    return time_ns / 1_000_000
