"""Opening sessions, and where they stand: `SessionHandler`."""

from dataclasses import astuple
from typing import Any

import pytest

from tests.contracts.chain import mine_at, now, pass_to, refusal_of, refused, send
from tests.contracts.community import DAY, HOUR, WINDOW_LIMITS, Contracts, Person
from tests.contracts.market import (
    Session,
    Terms,
    buy,
    commit_and_reveal,
    open_session,
    run_to_execution,
    run_to_metering,
    sell,
    terms,
)

QUARTER = 900
WORD_S = 256 * QUARTER
"""The seconds that one word of the map of taken slots covers."""


def opening(contracts: Contracts, wanted: Terms) -> tuple[Any, ...]:
    """`newSession` with its argument."""
    return contracts.sessions.newSession, astuple(wanted)


# ---------------------------------------------------------------- who may


def test_opening__by_another_than_the_market_operator__is_refused(fontana: Contracts, alice: Person) -> None:
    role = bytes(fontana.community.MARKET_OPERATOR_ROLE())
    refused("MissingRole", *opening(fontana, terms()), by=alice, account=alice, role=role)


def test_window_limits__set_by_another_than_the_admin__are_refused(fontana: Contracts, alice: Person) -> None:
    role = bytes(fontana.community.COMMUNITY_ADMIN_ROLE())
    refused("MissingRole", fontana.sessions.setWindowLimits, WINDOW_LIMITS, by=alice, account=alice, role=role)


# ---------------------------------------------------------------- times


def test_times__that_do_not_follow_each_other__are_refused(fontana: Contracts, admin: Person) -> None:
    soon = now() + 1
    tc, tr = soon + HOUR, soon + 2 * HOUR
    start = -(-tr // 3600) * 3600
    wrong = (
        terms(commit_deadline=soon, reveal_deadline=tr, delivery_start=start),
        terms(commit_deadline=tc, reveal_deadline=tc, delivery_start=start),
        terms(commit_deadline=tc, reveal_deadline=start + 1, delivery_start=start),
    )
    for wanted in wrong:
        refused(
            "WrongTimes",
            *opening(fontana, wanted),
            by=admin,
            timestamp=soon,
            commitDeadline=wanted.commit_deadline,
            revealDeadline=wanted.reveal_deadline,
            deliveryStart=wanted.delivery_start,
        )


def test_times__with_reveal_until_delivery_starts__are_taken(fontana: Contracts, admin: Person) -> None:
    start = -(-now() // 3600) * 3600 + 4 * HOUR
    open_session(fontana, admin, commit_deadline=start - HOUR, reveal_deadline=start, delivery_start=start)


@pytest.mark.parametrize(
    ("window", "least", "field"),
    [
        ("commit", WINDOW_LIMITS[0], "commit_deadline"),
        ("reveal", WINDOW_LIMITS[1], "reveal_deadline"),
        ("challenge", WINDOW_LIMITS[2], "challenge_window"),
        ("settlement", WINDOW_LIMITS[3], "settlement_timeout"),
        ("execution", WINDOW_LIMITS[4], "execution_timeout"),
    ],
)
def test_window__a_second_shorter_than_the_least__is_refused(
    fontana: Contracts, admin: Person, window: str, least: int, field: str
) -> None:
    soon = now() + 1
    tc = soon + HOUR
    usual = terms(commit_deadline=tc, reveal_deadline=tc + HOUR)
    begins = {
        "commit_deadline": soon,
        "reveal_deadline": tc,
        "settlement_timeout": usual.delivery_end,
    }.get(field, 0)
    fixed = {"reveal_deadline": soon + 2 * HOUR} if field == "commit_deadline" else {"commit_deadline": tc}
    fixed["delivery_start"] = usual.delivery_start
    short = terms(**{**fixed, field: begins + least - 1})
    name = window.encode().ljust(32, b"\0")
    refused("WindowTooShort", *opening(fontana, short), by=admin, window=name, length=least - 1, least=least)
    send(*opening(fontana, terms(**{**fixed, field: begins + least})), by=admin)


@pytest.mark.parametrize(
    ("window", "field"),
    [("challenge", "challenge_window"), ("execution", "execution_timeout"), ("settlement", "settlement_timeout")],
)
def test_window__longer_than_the_code_allows__is_refused_whatever_the_community_allows(
    fontana: Contracts, admin: Person, window: str, field: str
) -> None:
    most = 366 * 24 * HOUR
    usual = terms()
    begins = usual.delivery_end if field == "settlement_timeout" else 0
    fixed = {"commit_deadline": usual.commit_deadline, "delivery_start": usual.delivery_start}
    long = terms(**{**fixed, field: begins + most + 1})
    name = window.encode().ljust(32, b"\0")
    refused("WindowTooLong", *opening(fontana, long), by=admin, window=name, length=most + 1, most=most)
    send(*opening(fontana, terms(**{**fixed, field: begins + most})), by=admin)


def test_delivery__more_than_a_year_after_the_reveals__is_refused(fontana: Contracts, admin: Person) -> None:
    usual = terms()
    late = usual.delivery_start + 366 * 24 * HOUR
    wanted = terms(commit_deadline=usual.commit_deadline, delivery_start=late, settlement_timeout=late + 60 * 24 * HOUR)
    refused("WindowTooLong", *opening(fontana, wanted), by=admin, window=b"delivery".ljust(32, b"\0"))


def test_window__of_no_length__is_refused_whatever_the_community_allows(fontana: Contracts, admin: Person) -> None:
    send(fontana.sessions.setWindowLimits, (0, 0, 0, 0, 0), by=admin)
    usual = terms()
    for name, change in (
        ("challenge", {"challenge_window": 0}),
        ("execution", {"execution_timeout": 0}),
        ("settlement", {"settlement_timeout": usual.delivery_end}),
        ("settlement", {"settlement_timeout": usual.delivery_end - 1}),
    ):
        wanted = terms(**{"commit_deadline": usual.commit_deadline, **change})
        refused("WindowTooShort", *opening(fontana, wanted), by=admin, window=name.encode().ljust(32, b"\0"), length=0)


def test_window_limits__set_by_the_admin__hold_for_new_sessions(fontana: Contracts, admin: Person) -> None:
    limits = (600, 600, 7 * HOUR, HOUR, HOUR)
    assert send(fontana.sessions.setWindowLimits, limits, by=admin).event("WindowLimitsSet")["limits"] == limits
    assert fontana.sessions.windowLimits() == limits
    refused("WindowTooShort", *opening(fontana, terms()), by=admin, length=6 * HOUR, least=7 * HOUR)


# ---------------------------------------------------------------- slots


@pytest.mark.parametrize("seconds", [0, 899, 901, 1800, 7200])
def test_slots__of_another_length_than_a_quarter_or_an_hour__are_refused(
    fontana: Contracts, admin: Person, seconds: int
) -> None:
    usual = terms()
    wanted = terms(delivery_start=usual.delivery_start, slot_seconds=seconds, settlement_timeout=now() + 90 * DAY)
    refused("OffGrid", *opening(fontana, wanted), by=admin, deliveryStart=usual.delivery_start, slotSeconds=seconds)


@pytest.mark.parametrize(("seconds", "off"), [(900, 1), (900, 899), (3600, 900), (3600, 1800)])
def test_slots__off_the_grid__are_refused(fontana: Contracts, admin: Person, seconds: int, off: int) -> None:
    start = terms().delivery_start + off
    refused("OffGrid", *opening(fontana, terms(delivery_start=start, slot_seconds=seconds)), by=admin)


@pytest.mark.parametrize("number", [0, 101])
def test_slots__none_or_one_too_many__are_refused(fontana: Contracts, admin: Person, number: int) -> None:
    refused("WrongSlotCount", *opening(fontana, terms(slot_count=number)), by=admin, slotCount=number, most=100)


def test_slots__a_hundred__are_taken(fontana: Contracts, admin: Person) -> None:
    open_session(fontana, admin, slot_count=100, slot_seconds=900)


@pytest.mark.parametrize("seconds", [900, 3600])
@pytest.mark.parametrize("offset", [-8 * 3600, 0, 3600])
def test_slots__of_another_session__are_refused_each_of_them(
    fontana: Contracts, admin: Person, seconds: int, offset: int
) -> None:
    """Around a border of the map's words: before, across and after it."""
    border = -(-(now() + 3 * DAY) // WORD_S) * WORD_S
    start = border + offset
    first = open_session(fontana, admin, slot_seconds=seconds, slot_count=16, delivery_start=start)
    end = first.terms.delivery_end
    for taken in range(start, end, 900):
        wanted = terms(slot_seconds=900, slot_count=1, delivery_start=taken)
        refused("SlotTaken", *opening(fontana, wanted), by=admin, start=taken)
    wanted = terms(slot_seconds=900, slot_count=80, delivery_start=start - 900)
    refused("SlotTaken", *opening(fontana, wanted), by=admin, start=start)
    open_session(fontana, admin, slot_seconds=900, slot_count=1, delivery_start=start - 900)
    open_session(fontana, admin, slot_seconds=900, slot_count=1, delivery_start=end)


@pytest.mark.parametrize("hours", [64, 100])
def test_slots__that_fill_a_whole_word_of_the_map__are_taken(fontana: Contracts, admin: Person, hours: int) -> None:
    border = -(-(now() + 3 * DAY) // WORD_S) * WORD_S
    open_session(fontana, admin, slot_count=hours, delivery_start=border)
    for taken in (border, border + WORD_S - 900, border + hours * HOUR - 900):
        refused("SlotTaken", *opening(fontana, terms(slot_seconds=900, slot_count=1, delivery_start=taken)), by=admin)
    open_session(fontana, admin, slot_seconds=900, slot_count=1, delivery_start=border + hours * HOUR)


# ---------------------------------------------------------------- terms


@pytest.mark.parametrize(
    "change",
    [{"floor_price": 500_001}, {"cap_price": 0, "floor_price": 0}, {"penalty_price": 0}],
    ids=["floor above cap", "no cap", "no penalty"],
)
def test_prices__that_contradict_each_other__are_refused(
    fontana: Contracts, admin: Person, change: dict[str, int]
) -> None:
    refused("WrongPrices", *opening(fontana, terms(**change)), by=admin)


def test_prices__with_floor_at_cap__are_taken(fontana: Contracts, admin: Person) -> None:
    open_session(fontana, admin, floor_price=500_000)


def test_prices__of_forty_bits_or_more__are_refused_by_their_type(fontana: Contracts, admin: Person) -> None:
    for name in ("floor_price", "cap_price", "penalty_price"):
        with pytest.raises(OverflowError):
            refusal_of(*opening(fontana, terms(**{name: 2**40})), by=admin)


@pytest.mark.parametrize("change", [{"smallest_order": 0}, {"most_orders": 0}])
def test_order_limits__of_zero__are_refused(fontana: Contracts, admin: Person, change: dict[str, int]) -> None:
    refused("WrongOrderLimits", *opening(fontana, terms(**change)), by=admin)


@pytest.mark.parametrize("field", ["deposit_bps", "tolerance_bps"])
def test_share__above_the_whole__is_refused(fontana: Contracts, admin: Person, field: str) -> None:
    refused("ShareTooLarge", *opening(fontana, terms(**{field: 10_001})), by=admin, bps=10_001)
    send(*opening(fontana, terms(**{field: 10_000})), by=admin)


# ---------------------------------------------------------------- opened


def test_opening__by_the_market_operator__is_told_with_all_terms(fontana: Contracts, admin: Person) -> None:
    wanted = terms()
    told = send(*opening(fontana, wanted), by=admin).event("SessionOpened").values
    assert told == {"sessionId": 1, "operator": admin.address, "operatorSetId": 1, "parameters": astuple(wanted)}
    sessions = fontana.sessions
    assert sessions.sessionCount() == 1
    assert sessions.parametersOf(1) == astuple(wanted)
    assert sessions.operatorSetOf(1) == 1
    assert sessions.getCommitDeadline(1) == wanted.commit_deadline
    assert sessions.getRevealDeadline(1) == wanted.reveal_deadline
    assert sessions.commitTerms(1)[:3] == (wanted.commit_deadline, wanted.deposit_fixed, wanted.deposit_bps)
    assert not sessions.isValidated(1)


def test_unknown_session__asked_for_anything__is_refused(fontana: Contracts, session: Session, alice: Person) -> None:
    unknown = session.id + 1
    sessions = fontana.sessions
    for view in (
        sessions.parametersOf,
        sessions.operatorSetOf,
        sessions.getCommitDeadline,
        sessions.getRevealDeadline,
        sessions.commitTerms,
        sessions.setPriorSessionValidation,
    ):
        refused("UnknownSession", view, unknown, by=alice, sessionId=unknown)
    market = fontana.marketplace
    refused("UnknownSession", market.submitCommitments, unknown, b"\1" * 32, 1, b"", by=alice, sessionId=unknown)
    refused("UnknownSession", market.withdrawCommitment, unknown, by=alice, sessionId=unknown)
    refused("UnknownSession", market.revealOrders, unknown, alice.address, [], bytes(32), by=alice, sessionId=unknown)
    refused("UnknownSession", market.setFinalOrders, unknown, [], "cid", by=alice, sessionId=unknown)
    refused("UnknownSession", market.cancel, unknown, by=alice, sessionId=unknown)
    assert sessions.stateOf(unknown) == 0


# ---------------------------------------------------------------- states and validation


def test_state__of_an_honest_session__goes_through_all_stages(
    fontana: Contracts, session: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    orders = {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 100_000)]}
    assert session.state == "Commit"
    for trader, theirs in orders.items():
        session.commit(trader, theirs)
    mine_at(session.terms.commit_deadline)
    assert session.state == "Reveal"
    for trader in orders:
        session.reveal(trader)
    mine_at(session.terms.reveal_deadline)
    assert session.state == "Clearing"
    session.accept_outcome(operators[:2])
    assert session.state == "Challenge"
    mine_at(now() + session.terms.challenge_window)
    assert session.state == "Delivery"
    session.to_metering()
    posted = session.settlement()
    session.accept_settlement(operators[:2], posted)
    assert session.state == "Objection"
    mine_at(now() + session.terms.challenge_window)
    assert session.state == "Execution"
    session.validate(stranger)
    assert session.state == "Execution"
    session.execute(posted, alice, by=stranger)
    session.execute(posted, bob, by=stranger)
    assert session.state == "Closed"


def test_state__without_reveals__is_closed_after_the_reveals(session: Session, alice: Person) -> None:
    session.commit(alice, [buy(0, 1000, 200_000)])
    mine_at(session.terms.reveal_deadline)
    assert session.state == "Closed"


def test_state__after_the_execution_timeout__is_closed(
    session: Session, alice: Person, bob: Person, operators: list[Person]
) -> None:
    run_to_metering(session, {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 100_000)]}, operators[:2])
    run_to_execution(session, session.settlement(), operators[:2])
    mine_at(now() + session.terms.execution_timeout)
    assert session.state == "Closed"


def test_state__of_a_settlement_nobody_validated__is_closed_after_the_timeout(
    session: Session, alice: Person, bob: Person, operators: list[Person]
) -> None:
    run_to_metering(session, {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 100_000)]}, operators[:2])
    session.accept_settlement(operators[:2], session.settlement())
    mine_at(now() + session.terms.challenge_window + session.terms.execution_timeout)
    assert session.state == "Closed"


def test_state__of_a_cancelled_session__is_cancelled(session: Session, alice: Person, stranger: Person) -> None:
    commit_and_reveal(session, {alice: [buy(0, 1000, 200_000)]})
    session.to_timeout()
    send(session.contracts.marketplace.cancel, session.id, by=stranger)
    assert session.state == "Cancelled"


def test_validation__before_the_objection_window_is_over__is_refused(
    fontana: Contracts, session: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    run_to_metering(session, {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 100_000)]}, operators[:2])
    validate = (fontana.sessions.setPriorSessionValidation, session.id)
    refused("SettlementNotFinal", *validate, by=stranger, sessionId=session.id)
    session.accept_settlement(operators[:2], session.settlement())
    pass_to(now() + session.terms.challenge_window - 1)
    refused("SettlementNotFinal", *validate, by=stranger, sessionId=session.id)


def test_validation__a_second_time__is_refused(
    fontana: Contracts, session: Session, alice: Person, bob: Person, operators: list[Person], stranger: Person
) -> None:
    run_to_metering(session, {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 100_000)]}, operators[:2])
    posted = session.settlement()
    session.accept_settlement(operators[:2], posted)
    final_at = now() + session.terms.challenge_window
    session.to_validation()
    done = session.validate(stranger)
    assert done.event("SessionValidated")["sessionId"] == session.id
    assert done.event("SettlementFinal").values == {
        "sessionId": session.id,
        "root": posted.tree.root,
        "executionDeadline": final_at + session.terms.execution_timeout,
    }
    assert fontana.sessions.isValidated(session.id)
    refused(
        "AlreadyValidated", fontana.sessions.setPriorSessionValidation, session.id, by=stranger, sessionId=session.id
    )
    refused("NotSessionHandler", fontana.marketplace.finaliseSettlement, session.id, by=stranger, account=stranger)
