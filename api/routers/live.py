"""Live changes as server-sent events.

event: chain   an event of the chain; its id, `<generation>-<number>`, resumes behind it (Last-Event-ID)
event: head    how far the chain is read, whenever that changes
event: reset   the chain was begun anew: forget everything, ask again
"""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.read_model.events import Wanted, events_in_order, newest_event
from api.read_model.model import ReadModel, require_community
from api.schemas.common import GivenAddress
from api.schemas.events import ChainEvent
from api.web.parts import Read, part
from api.web.pulse import Beat, Pulse
from commons.errors import Unavailable

QUIET_S = 15.0
AT_ONCE = 500
_ID = re.compile(r"([0-9]{1,9})-([0-9]{1,18})")
router = APIRouter(prefix="/v1", tags=["live"])


OfCommunity = Annotated[GivenAddress | None, Query(description="Only events of this community.")]


def _listening(request: Request, read: Read, community: OfCommunity = None) -> Pulse:
    """The pulse to listen to, refused before the stream begins, after which nothing can be said any more."""
    pulse: Pulse = part(request, "pulse")
    if community is not None:
        with read.rows() as rows:
            require_community(rows, community)
    if pulse.is_full:
        raise Unavailable("too many listen already", remedy="Ask again later, or ask for pages now and then.")
    return pulse


Listening = Annotated[Pulse, Depends(_listening)]


@router.get("/events", response_class=EventSourceResponse)
async def stream_events(
    read: Read,
    pulse: Listening,
    community: OfCommunity = None,
    last_event_id: Annotated[str | None, Header(max_length=40)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Live changes, from now on or from where the client was."""
    async with pulse:
        known = pulse.beat
        generation, number = _place(last_event_id)
        if generation != known.generation:
            if last_event_id is not None:
                yield ServerSentEvent(event="reset", data={"generation": known.generation})
            number = None
        if number is None:
            number = await asyncio.to_thread(_newest, read)
        yield _head(known)
        while True:
            for event in await asyncio.to_thread(_events_after, read, community, number):
                number = event.id
                yield ServerSentEvent(
                    event="chain", id=f"{known.generation}-{event.id}", data=event.model_dump(mode="json")
                )
            beat = await pulse.next(known, QUIET_S)
            if beat == known:
                yield ServerSentEvent(comment="still here")
                continue
            if beat.generation != known.generation:
                number = 0
                yield ServerSentEvent(event="reset", data={"generation": beat.generation})
            yield _head(beat)
            known = beat


def _place(last_event_id: str | None) -> tuple[int | None, int | None]:
    found = _ID.fullmatch(last_event_id or "")
    return (int(found[1]), int(found[2])) if found else (None, None)


def _head(beat: Beat) -> ServerSentEvent:
    facts = {
        "generation": beat.generation,
        "revision": beat.revision,
        "block": beat.block,
        "block_time": beat.block_time,
        "behind": beat.head - beat.block,
    }
    return ServerSentEvent(event="head", data=facts)


def _newest(read: ReadModel) -> int:
    with read.rows() as rows:
        return newest_event(rows)


def _events_after(read: ReadModel, community: str | None, number: int) -> list[ChainEvent]:
    with read.rows() as rows:
        found = events_in_order(rows, Wanted(community=community), number, AT_ONCE)
        return [ChainEvent.model_validate(event) for event in found]
