"""Events as they were kept, found by community, session, name, subject, transaction or block; newest first in lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from api.read_model.tables import EventRow, SubjectRow

POSTINGS = {"outcome": "OutcomePosted", "settlement": "SettlementPosted"}


@dataclass(frozen=True)
class Wanted:
    """Which events are asked for; what is None does not matter."""

    community: str | None = None
    session: int | None = None
    names: Sequence[str] | None = None
    subject: str | None = None
    tx_hash: str | None = None
    block: int | None = None
    contract: str | None = None
    contracts: Sequence[str] | None = None
    argument: tuple[str, str] | None = None
    """The name of an argument, and its value as it is kept."""
    since: int | None = None
    until: int | None = None
    """Times of blocks: from `since` on, before `until`."""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as conditions of a query."""
        found = [
            col(column) == value
            for column, value in (
                (EventRow.community, self.community),
                (EventRow.session, self.session),
                (EventRow.tx_hash, self.tx_hash),
                (EventRow.block, self.block),
                (EventRow.contract, self.contract),
            )
            if value is not None
        ]
        if self.names is not None:
            found.append(col(EventRow.name).in_(self.names))
        if self.contracts is not None:
            found.append(col(EventRow.contract).in_(self.contracts))
        if self.argument is not None:
            found.append(EventRow.args[self.argument[0]].as_string() == self.argument[1])  # type: ignore[attr-defined]
        if self.since is not None:
            found.append(col(EventRow.time) >= self.since)
        if self.until is not None:
            found.append(col(EventRow.time) < self.until)
        if self.subject is not None:
            spoken_of = select(SubjectRow.event).where(SubjectRow.subject == self.subject)
            found.append(col(EventRow.id).in_(spoken_of))
        return found


def page_of_events(rows: Session, wanted: Wanted, before: int | None, limit: int) -> list[EventRow]:
    """The newest events that are wanted, of those before event number `before`."""
    query = select(EventRow).where(*wanted.conditions()).order_by(col(EventRow.id).desc()).limit(limit)
    return list(rows.exec(query if before is None else query.where(col(EventRow.id) < before)))


def events_in_order(
    rows: Session, wanted: Wanted, after: int | None = None, limit: int | None = None
) -> list[EventRow]:
    """All events that are wanted, or the first `limit` after event number `after`, oldest first."""
    query = select(EventRow).where(*wanted.conditions()).order_by(col(EventRow.id)).limit(limit)
    return list(rows.exec(query if after is None else query.where(col(EventRow.id) > after)))


def events_numbered(rows: Session, numbers: Iterable[int | None]) -> dict[int, EventRow]:
    """The events of these numbers."""
    wanted = {number for number in numbers if number is not None}
    if not wanted:
        return {}
    return {row.id: row for row in rows.exec(select(EventRow).where(col(EventRow.id).in_(wanted)))}


def posting_of(rows: Session, community: str, session: int, stage: str, answer: str) -> int | None:
    """The event that posted an answer for a stage of a session."""
    wanted = Wanted(community=community, session=session, names=[POSTINGS[stage]])
    return next((row.id for row in events_in_order(rows, wanted) if row.args["answer"] == answer), None)


def newest_event(rows: Session) -> int:
    """The number of the newest event, 0 if there is none."""
    return int(rows.exec(select(func.max(col(EventRow.id)))).one() or 0)
