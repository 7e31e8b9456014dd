"""What happened in a community, by topic: tokens, treasury, services, rewards, points, escrow, operators, members."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from api.queries import events as ask
from api.read_model.events import Wanted
from api.schemas.common import GivenAddress, Page
from api.schemas.events import ChainEvent
from api.web.fresh import fresh
from api.web.paging import Paging
from api.web.parts import CommunityAt, Read

TOPICS = {
    "members": ("community",),
    "tokens": ("token", "desk"),
    "treasury": ("treasury",),
    "services": ("services", "purchases", "loans", "works"),
    "rewards": ("rewards",),
    "datasets": ("notary",),
    "escrow": ("marketplace",),
    "sessions": ("sessions",),
    "operators": ("quorum", "refuter", "demands"),
}
"""Topic → the roles of the contracts that tell of it."""
Topic = Literal["members", "tokens", "treasury", "services", "rewards", "datasets", "escrow", "sessions", "operators"]
router = APIRouter(prefix="/v1/communities/{community}", tags=["history"], dependencies=[Depends(fresh)])


@router.get("/history/{topic}")
def list_history(
    community: CommunityAt,
    topic: Topic,
    read: Read,
    cut: Paging,
    wallet: Annotated[GivenAddress | None, Query(description="Only what speaks of this wallet.")] = None,
    name: Annotated[str | None, Query(pattern="^[A-Za-z]{1,40}$", description="Only events of this name.")] = None,
) -> Page[ChainEvent]:
    """What happened, newest first; flows of tokens are `tokens`, of the control wallet `treasury`."""
    wanted = Wanted(
        community=community, contracts=TOPICS[topic], subject=wallet, names=None if name is None else [name]
    )
    with read.rows() as rows:
        found = ask.of_community(rows, wanted, cut.cursor, cut.limit + 1)
    return cut.page(found, lambda event: event.id)
