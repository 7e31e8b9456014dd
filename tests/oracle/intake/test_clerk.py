"""The clerk: what waits is taken together, what fails is told, and nobody takes others with them."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from commons.errors import Unavailable
from commons.intake.message import Receipt
from oracle.intake import clerk as clerks
from oracle.intake.clerk import Clerk
from oracle.intake.door import Door
from oracle.intake.types import Delivery
from tests.support.intake import NOW, furnish, message, reading
from tests.support.waiting import LONGEST_S

Take = Callable[[Door, Sequence[Delivery]], list[Receipt]]


class Slow(Door):
    """A door that waits until it is let, counts its rounds, and fails as it is told."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, lambda: NOW)
        self.let, self.is_busy = threading.Event(), threading.Event()
        self.rounds: list[int] = []
        self.failure: Callable[[Sequence[Delivery]], Exception | None] = lambda _: None

    def take(self, deliveries: Sequence[Delivery]) -> list[Receipt]:
        self.is_busy.set()
        assert self.let.wait(LONGEST_S)
        self.rounds.append(len(deliveries))
        error = self.failure(deliveries)
        if error is not None:
            raise error
        return super().take(deliveries)


@pytest.fixture
def door(sqlite_store: Engine) -> Slow:
    metered = furnish(sqlite_store, takes_unsigned=True)
    assert metered.flow == 1
    return Slow(sqlite_store)


def offered(door: Slow, count: int) -> tuple[Clerk, list[Any]]:
    """A clerk that is at the first of several messages, the others waiting."""
    clerk = Clerk(door)
    flow = door.sending_flow(1)
    futures = []
    for slot in range(count):
        futures.append(clerk.offer(flow, message(reading(slot))))
        assert door.is_busy.wait(LONGEST_S)  # else the clerk may take the next ones along with the first
    return clerk, futures


def test_offer__more_waiting_than_there_is_room__is_told_to_come_back(
    door: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clerks, "MOST_WAITING", 3)
    clerk, _ = offered(door, 1)
    flow = door.sending_flow(1)

    def fill() -> None:
        for slot in range(10):
            clerk.offer(flow, message(reading(slot)))

    with pytest.raises(Unavailable, match="too much is waiting"):
        fill()
    door.let.set()
    clerk.close()


def test_offer__to_a_closed_clerk__is_refused(door: Slow) -> None:
    door.let.set()
    clerk, _ = offered(door, 0)
    clerk.close()
    with pytest.raises(Unavailable, match="stopping"):
        clerk.offer(door.sending_flow(1), message(reading(0)))


def test_offer__while_the_store_is_away__fails_and_can_be_repeated(door: Slow) -> None:
    door.failure = lambda _: OperationalError("secret statement", {}, Exception("gone"))
    door.let.set()
    clerk, futures = offered(door, 2)
    for future in futures:
        with pytest.raises(Unavailable, match="nothing was stored") as refusal:
            future.result(LONGEST_S)
        assert "secret" not in str(refusal.value)

    door.failure = lambda _: None
    assert clerk.offer(door.sending_flow(1), message(reading(0))).result(LONGEST_S).stored == 1
    clerk.close()


def test_offer__one_message_that_nobody_foresaw__does_not_take_the_others_along(door: Slow) -> None:
    def failure(deliveries: Sequence[Delivery]) -> Exception | None:
        bad = any(one.message.readings[0].start == reading(2).start for one in deliveries)
        return KeyError("unforeseen") if bad else None

    door.failure = failure
    clerk, futures = offered(door, 5)
    door.let.set()

    assert [future.exception(LONGEST_S) is None for future in futures] == [True, True, False, True, True]
    clerk.close()


def test_offer__many_at_once__are_few_transactions(door: Slow) -> None:
    clerk, futures = offered(door, 20)
    door.let.set()
    clerk.close()

    assert [future.result(0).stored for future in futures] == [1] * 20
    assert sum(door.rounds) == 20
    assert len(door.rounds) <= 3


def test_offer__given_up_while_waiting__is_not_taken(door: Slow) -> None:
    clerk, futures = offered(door, 3)
    assert futures[2].cancel()
    door.let.set()
    clerk.close()

    assert sum(door.rounds) == 2
