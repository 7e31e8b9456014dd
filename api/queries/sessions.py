"""Sessions, their orders, outcomes and settlements as the read model has them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from api.read_model.events import Wanted, events_in_order, events_numbered
from api.read_model.model import require_community, require_session
from api.read_model.tables import BallotFactRow, EventRow, PositionFactRow, SessionFactRow
from api.schemas.sessions import (
    Ballot,
    DatasetVersion,
    Order,
    Outcome,
    Parameters,
    Position,
    PositionDetail,
    Reveal,
    SessionDetail,
    SessionSummary,
    Settlement,
    SlotOutcome,
    Trace,
    Vote,
)
from commons.errors import NotYet, UnknownMember

_NUMBERS = ("lo_witness", "hi_witness", "order_count")


def sessions(rows: Session, at: str, state: str | None, before: int | None, limit: int) -> list[SessionSummary]:
    """Sessions, newest first: those before a number, in a state if given."""
    require_community(rows, at)
    query = select(SessionFactRow).where(SessionFactRow.community == at)
    if state is not None:
        query = query.where(SessionFactRow.state == state)
    if before is not None:
        query = query.where(SessionFactRow.number < before)
    found = rows.exec(query.order_by(col(SessionFactRow.number).desc()).limit(limit))
    return [SessionSummary.model_validate(_summary(row)) for row in found]


def session(rows: Session, at: str, number: int) -> SessionDetail:
    """A session with parameters and votes; errors as `require_session`."""
    row = require_session(rows, at, number)
    ballots = rows.exec(
        select(BallotFactRow)
        .where(BallotFactRow.community == at, BallotFactRow.session == number)
        .order_by(col(BallotFactRow.round), col(BallotFactRow.stage))
    )
    return SessionDetail.model_validate(
        {
            **_summary(row),
            "parameters": Parameters.model_validate(row.parameters),
            "ballots": [_ballot(one) for one in ballots],
        }
    )


def reveals(rows: Session, at: str, number: int, after: int | None, limit: int) -> list[tuple[int, Reveal]]:
    """The book of a session, in the order of revealing, with the numbers of the events that carry it."""
    require_session(rows, at, number)
    wanted = Wanted(community=at, session=number, names=["OrdersRevealed"])
    return [(event.id, _reveal(event)) for event in events_in_order(rows, wanted, after, limit)]


def positions(rows: Session, at: str, number: int, after: int | None, limit: int) -> list[tuple[int, Position]]:
    """Traders' parts of a session, in the order of their latest commitments, whose events' numbers are the places."""
    require_session(rows, at, number)
    query = (
        select(PositionFactRow)
        .where(PositionFactRow.community == at, PositionFactRow.session == number)
        .order_by(col(PositionFactRow.committed))
        .limit(limit)
    )
    if after is not None:
        query = query.where(PositionFactRow.committed > after)
    return [(row.committed, Position.model_validate(row)) for row in rows.exec(query)]


def positions_of(rows: Session, at: str, trader: str, before: int | None, limit: int) -> list[Position]:
    """A trader's parts of all sessions, newest first: those before a session."""
    require_community(rows, at)
    query = select(PositionFactRow).where(PositionFactRow.community == at, PositionFactRow.trader == trader)
    if before is not None:
        query = query.where(PositionFactRow.session < before)
    found = rows.exec(query.order_by(col(PositionFactRow.session).desc()).limit(limit))
    return [Position.model_validate(row) for row in found]


def position(rows: Session, at: str, number: int, trader: str) -> PositionDetail:
    """A trader's part of a session, its envelope and traces.

    Raises:
        UnknownMember: the trader has none.
    """
    require_session(rows, at, number)
    row = rows.get(PositionFactRow, (at, number, trader))
    if row is None:
        raise UnknownMember(
            f"{trader} has no part in session {number}", which=trader, remedy="Check the wallet and the session."
        )
    events = events_numbered(rows, (row.committed, row.revealed, row.executed))
    committed = events[row.committed]
    return PositionDetail.model_validate(
        {
            **row.model_dump(),
            "envelope": committed.args["envelope"],
            "committed": trace(committed),
            "revealed": trace(events[row.revealed]) if row.revealed is not None else None,
            "executed": trace(events[row.executed]) if row.executed is not None else None,
            "orders": _reveal(events[row.revealed]).orders if row.revealed is not None else [],
        }
    )


def outcome(rows: Session, at: str, number: int) -> Outcome:
    """The accepted outcome of a session.

    Raises:
        NotYet: there is none, or it was refuted and the next round has not accepted one.
    """
    row = require_session(rows, at, number)
    event = _posting(rows, row.outcome, "outcome", row)
    args: Mapping[str, Any] = event.args
    length = int(str(row.parameters["slot_seconds"]))
    slots = [
        SlotOutcome(slot=slot, start=row.delivery_start + slot * length, **_slot(result))
        for slot, result in enumerate(args["slots"])
    ]
    return Outcome(
        session=number,
        round=int(args["round"]),
        answer=args["answer"],
        operator=args["operator"],
        data_cid=args["dataCid"],
        final_at=row.outcome_final_at or 0,
        posted=trace(event),
        slots=slots,
    )


def settlement(rows: Session, at: str, number: int) -> Settlement:
    """The accepted settlement of a session; errors as `outcome`."""
    row = require_session(rows, at, number)
    event = _posting(rows, row.settlement, "settlement", row)
    args: Mapping[str, Any] = event.args
    return Settlement(
        session=number,
        round=int(args["round"]),
        answer=args["answer"],
        operator=args["operator"],
        root=args["root"],
        **args["totals"],
        versions=[DatasetVersion(day=int(v["day"]), version=int(v["version"])) for v in args["versions"]],
        data_cid=args["dataCid"],
        final_at=row.settlement_final_at or 0,
        execution_deadline=row.execution_deadline,
        posted=trace(event),
    )


def trace(event: EventRow) -> Trace:
    """Where on the chain an event is."""
    return Trace.model_validate(event)


def _posting(rows: Session, number: int | None, stage: str, row: SessionFactRow) -> EventRow:
    event = rows.get(EventRow, number) if number is not None else None
    if event is None:
        raise NotYet(
            f"session {row.number} has no accepted {stage}",
            which=row.number,
            remedy=f"It stands at {row.state}; ask again later.",
        )
    return event


def _summary(row: SessionFactRow) -> dict[str, Any]:
    parameters = {key: int(str(row.parameters[key])) for key in ("commit_deadline", "reveal_deadline", "slot_seconds")}
    return {**row.model_dump(), **parameters}


def _ballot(row: BallotFactRow) -> Ballot:
    votes = [Vote(answer=answer, operators=operators) for answer, operators in row.votes.items() if operators]
    return Ballot.model_validate({**row.model_dump(), "votes": votes})


def _reveal(event: EventRow) -> Reveal:
    args: Mapping[str, Any] = event.args
    first = int(args["firstIndex"])
    return Reveal(
        trader=args["trader"],
        first_index=first,
        lock=args["lock"],
        orders=_orders(args["orders"], first),
        tx_hash=event.tx_hash,
        block=event.block,
        time=event.time,
    )


def _orders(orders: Sequence[Mapping[str, Any]], first: int) -> list[Order]:
    return [Order.model_validate({**order, "index": first + place}) for place, order in enumerate(orders)]


def _slot(result: Mapping[str, Any]) -> dict[str, Any]:
    return {name: int(value) if name in _NUMBERS else value for name, value in result.items()}
