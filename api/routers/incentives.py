"""Incentives in euro: what arrived, how operators would divide it, and what members got."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.queries import economy as ask
from api.schemas.common import Page
from api.schemas.economy import Incentive, Share
from api.web.fresh import fresh
from api.web.paging import Paging
from api.web.parts import LARGEST_NUMBER, CommunityAt, Read

router = APIRouter(prefix="/v1/communities/{community}/incentives", tags=["incentives"], dependencies=[Depends(fresh)])
Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER, description="The incentive's number, from 1.")]


@router.get("")
def list_incentives(community: CommunityAt, read: Read, cut: Paging) -> Page[Incentive]:
    """Incentives with their splits and votes, newest first."""
    with read.rows() as rows:
        page = cut.page(ask.incentives(rows, community, cut.cursor, cut.limit + 1), lambda entry: entry[0])
    return Page(items=[incentive for _, incentive in page.items], next=page.next)


@router.get("/{incentive}/shares")
def list_shares(community: CommunityAt, incentive: Number, read: Read, cut: Paging) -> Page[Share]:
    """Shares that were paid, newest first."""
    with read.rows() as rows:
        page = cut.page(ask.shares(rows, community, incentive, cut.cursor, cut.limit + 1), lambda entry: entry[0])
    return Page(items=[share for _, share in page.items], next=page.next)
