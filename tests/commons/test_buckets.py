"""Turns of many callers: what is refused, what comes back, and what is forgotten."""

import pytest

from commons import buckets
from commons.buckets import SWEEP_S, Buckets


class Clock:
    """A clock that goes when it is told."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_take__more_than_is_left__is_refused_and_costs_nothing() -> None:
    clock = Clock()
    some = Buckets(1, 10, clock)
    assert some.take("a", 8)
    assert not any(some.take("a", 3) for _ in range(5))
    assert some.take("a", 2)
    assert not some.take("a")


def test_take__more_than_can_be_saved_up__is_never_allowed() -> None:
    clock = Clock()
    some = Buckets(1, 10, clock)
    clock.at += 1_000
    assert not some.take("a", 11)


def test_take__of_one_caller__is_not_anothers() -> None:
    some = Buckets(1, 1, Clock())
    assert [some.take(who) for who in "aabb"] == [True, False, True, False]


def test_turns__come_back_as_time_goes_by_and_no_more_than_can_be_saved_up() -> None:
    clock = Clock()
    some = Buckets(0.5, 4, clock)
    assert some.take("a", 4)
    assert some.wait_s("a") == 2
    clock.at += 2
    assert (some.wait_s("a"), some.take("a"), some.take("a")) == (0, True, False)
    clock.at += 1_000
    assert (some.take("a", 4), some.take("a")) == (True, False)


def test_callers__who_have_all_they_may__are_forgotten_and_the_others_are_not() -> None:
    clock = Clock()
    some = Buckets(1, 100, clock)
    for who in range(1_000):
        some.take(str(who))
    some.take("busy", 99)
    clock.at += SWEEP_S
    assert some.take("busy", 61)
    assert not some.take("busy")
    assert len(some) == 1


def test_callers__more_than_are_remembered__lose_the_one_not_seen_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "MOST_CALLERS", 3)
    some = Buckets(1, 1, Clock())
    assert [some.take(who) for who in ("a", "b", "c", "a")] == [True, True, True, False]
    assert some.take("d")  # in the place of b
    assert len(some) == 3
    assert [some.take(who) for who in ("a", "d")] == [False, False]
