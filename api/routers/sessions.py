"""Sessions: their book, outcome, settlement, and traders' parts; all of it public on the chain."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.queries import events as ask_events
from api.queries import sessions as ask
from api.schemas.common import Page
from api.schemas.events import ChainEvent
from api.schemas.sessions import Outcome, Position, PositionDetail, Reveal, SessionDetail, SessionSummary, Settlement
from api.web.fresh import fresh
from api.web.paging import Paging
from api.web.parts import CommunityAt, Read, SessionNumber, Wallet
from commons.records import SessionState

STATES = "|".join(state.name.lower() for state in SessionState)
router = APIRouter(prefix="/v1/communities/{community}", tags=["sessions"], dependencies=[Depends(fresh)])


@router.get("/sessions")
def list_sessions(
    community: CommunityAt,
    read: Read,
    cut: Paging,
    state: Annotated[str | None, Query(pattern=f"^({STATES})$", description="Only sessions in this state.")] = None,
) -> Page[SessionSummary]:
    """Sessions, newest first."""
    with read.rows() as rows:
        found = ask.sessions(rows, community, state, cut.cursor, cut.limit + 1)
    return cut.page(found, lambda session: session.number)


@router.get("/sessions/{session}")
def show_session(community: CommunityAt, session: SessionNumber, read: Read) -> SessionDetail:
    """A session with its parameters and the operators' votes."""
    with read.rows() as rows:
        return ask.session(rows, community, session)


@router.get("/sessions/{session}/orders")
def list_orders(community: CommunityAt, session: SessionNumber, read: Read, cut: Paging) -> Page[Reveal]:
    """The revealed orders, trader by trader, in the order of revealing."""
    with read.rows() as rows:
        found = ask.reveals(rows, community, session, cut.cursor, cut.limit + 1)
    page = cut.page(found, lambda entry: entry[0])
    return Page(items=[reveal for _, reveal in page.items], next=page.next)


@router.get("/sessions/{session}/positions")
def list_positions(community: CommunityAt, session: SessionNumber, read: Read, cut: Paging) -> Page[Position]:
    """What each trader has in the session."""
    with read.rows() as rows:
        found = ask.positions(rows, community, session, cut.cursor, cut.limit + 1)
    page = cut.page(found, lambda entry: entry[0])
    return Page(items=[position for _, position in page.items], next=page.next)


@router.get("/sessions/{session}/positions/{wallet}")
def show_position(community: CommunityAt, session: SessionNumber, wallet: Wallet, read: Read) -> PositionDetail:
    """One trader's part, with the sealed envelope that only its wallet opens."""
    with read.rows() as rows:
        return ask.position(rows, community, session, wallet)


@router.get("/traders/{wallet}/positions")
def list_positions_of(community: CommunityAt, wallet: Wallet, read: Read, cut: Paging) -> Page[Position]:
    """A trader's parts of all sessions, newest first."""
    with read.rows() as rows:
        found = ask.positions_of(rows, community, wallet, cut.cursor, cut.limit + 1)
    return cut.page(found, lambda position: position.session)


@router.get("/sessions/{session}/outcome")
def show_outcome(community: CommunityAt, session: SessionNumber, read: Read) -> Outcome:
    """The accepted outcome: price, volume and tree of every slot."""
    with read.rows() as rows:
        return ask.outcome(rows, community, session)


@router.get("/sessions/{session}/settlement")
def show_settlement(community: CommunityAt, session: SessionNumber, read: Read) -> Settlement:
    """The accepted settlement: its root, totals, and the datasets that it rests on."""
    with read.rows() as rows:
        return ask.settlement(rows, community, session)


@router.get("/sessions/{session}/events")
def list_session_events(community: CommunityAt, session: SessionNumber, read: Read, cut: Paging) -> Page[ChainEvent]:
    """Everything that happened to the session, newest first."""
    with read.rows() as rows:
        found = ask_events.of_session(rows, community, session, cut.cursor, cut.limit + 1)
    return cut.page(found, lambda event: event.id)
