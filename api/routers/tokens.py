"""Payments in the community's token, and what they come to by category; all of it public on the chain."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from api.queries import economy as ask
from api.schemas.common import GivenAddress, Page
from api.schemas.economy import Flow, Payment
from api.web.fresh import fresh
from api.web.paging import Paging
from api.web.parts import CommunityAt, Read

LATEST_S = 2**40 - 1
router = APIRouter(prefix="/v1/communities/{community}/tokens", tags=["tokens"], dependencies=[Depends(fresh)])
Of = Annotated[GivenAddress | None, Query(description="Only those of this wallet.")]
Moment = Annotated[int | None, Query(ge=0, le=LATEST_S, description="UTC epoch seconds.")]
Category = Literal[
    "transfer",
    "citizen_to_citizen",
    "with_structure",
    "stakeholder_to_citizen",
    "seller_bonus",
    "energy_bonus",
    "stakeholder_to_stakeholder",
    "citizen_to_stakeholder",
    "to_community",
    "to_community_with_structure",
]


@router.get("/payments")
def list_payments(
    community: CommunityAt, read: Read, cut: Paging, wallet: Of = None, category: Category | None = None
) -> Page[Payment]:
    """Payments with what they cost and earned, newest first."""
    with read.rows() as rows:
        found = ask.payments(rows, community, wallet, category, cut.cursor, cut.limit + 1)
        page = cut.page(found, lambda entry: entry[0])
    return Page(items=[payment for _, payment in page.items], next=page.next)


@router.get("/flows")
def list_flows(
    community: CommunityAt, read: Read, wallet: Of = None, since: Moment = None, until: Moment = None
) -> list[Flow]:
    """What payments came to, by category; from `since` on and before `until`, by the blocks' times."""
    with read.rows() as rows:
        return ask.flows(rows, community, wallet, since, until)
