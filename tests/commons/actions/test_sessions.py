"""A session's plan becomes parameters: windows from now, delivery on a local day."""

from datetime import date

import pytest

from commons.actions import sessions
from commons.actions.sessions import SessionPlan
from commons.errors import ContractRefusal, MalformedInput, UnitError, UnknownSession
from commons.records import SessionState
from commons.slots import local_midnight
from commons.units import EpochSeconds, SessionId
from tests.support.chain import World

NOON = EpochSeconds(local_midnight(date(2026, 7, 1)) + 12 * 3600)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"nonsense": 1}, MalformedInput),
        ({"cap_price_uekwh": "0.4"}, UnitError),
        ({"cap_price_uekwh": -1}, UnitError),
        ({"commit_seconds": True}, UnitError),
    ],
)
def test_plan__unknown_entry_or_no_whole_number__is_refused(changes: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        SessionPlan().changed(changes)


@pytest.mark.parametrize(
    "changes",
    [{"delivery_day": "soon"}, {"delivery_start": "2026-07-02T00:00:00"}, {"delivery_start": "tomorrow"}],
)
def test_parameters__unreadable_delivery__is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(MalformedInput):
        SessionPlan().changed(changes).parameters(NOON)


@pytest.mark.parametrize("changes", [{"slot_seconds": 1800}, {"slot_seconds": 0}, {"delivery_start": NOON + 60}])
def test_parameters__off_the_grid__is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(UnitError):
        SessionPlan().changed(changes).parameters(NOON)


def test_parameters__by_default__are_tomorrows_hours() -> None:
    parameters = SessionPlan().parameters(NOON)
    assert parameters.delivery_start == local_midnight(date(2026, 7, 2))
    assert (parameters.slot_count, parameters.slot_seconds) == (24, 3600)
    assert NOON < parameters.commit_deadline < parameters.reveal_deadline <= parameters.delivery_start


@pytest.mark.parametrize(("day", "seconds", "count"), [("2026-03-29", 3600, 23), ("2026-10-25", 900, 100)])
def test_parameters__day_of_the_clock_change__has_its_slots(day: str, seconds: int, count: int) -> None:
    parameters = SessionPlan(delivery_day=day, slot_seconds=seconds).parameters(EpochSeconds(0))
    assert parameters.slot_count == count


def test_parameters__reveals_end_at_midnight__delivery_may_start_then() -> None:
    evening = EpochSeconds(local_midnight(date(2026, 7, 2)) - 600)
    assert SessionPlan().parameters(evening).delivery_start == local_midnight(date(2026, 7, 2))
    late = EpochSeconds(evening + 1)
    assert SessionPlan().parameters(late).delivery_start == local_midnight(date(2026, 7, 3))


def test_open_session__stranger__is_refused(world: World) -> None:
    with pytest.raises(ContractRefusal, match="market operator"):
        sessions.open_session(world.reader, world.stranger, world.session_parameters())


def test_open_session__slots_taken__is_refused_with_the_slot(world: World) -> None:
    world.open_session()
    with pytest.raises(ContractRefusal, match="belongs to another session"):
        sessions.open_session(world.reader, world.market_operator, world.session_parameters())


def test_view__unknown_session__is_refused(world: World) -> None:
    with pytest.raises(UnknownSession, match="has opened 0"):
        sessions.view(world.reader, SessionId(1))


def test_view__fresh_session__has_nobody_and_no_answers(world: World) -> None:
    found = sessions.view(world.reader, world.open_session())
    assert found.state == SessionState.COMMIT
    assert (found.committed, found.revealed, found.outcome.answer, found.settlement.answer) == ((), (), None, None)
