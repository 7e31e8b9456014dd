"""Communities and their members."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.queries import communities as ask
from api.schemas.common import Page
from api.schemas.communities import Community, Member
from api.web.fresh import fresh
from api.web.paging import Paging
from api.web.parts import CommunityAt, Read, Wallet
from commons.records import MemberStatus

STATUSES = "|".join(status.name.lower() for status in MemberStatus)
router = APIRouter(prefix="/v1/communities", tags=["communities"], dependencies=[Depends(fresh)])


@router.get("")
def list_communities(read: Read) -> list[Community]:
    """All communities of the network."""
    with read.rows() as rows:
        return ask.communities(rows)


@router.get("/{community}")
def show_community(community: CommunityAt, read: Read) -> Community:
    """One community and its contracts."""
    with read.rows() as rows:
        return ask.community(rows, community)


@router.get("/{community}/members")
def list_members(
    community: CommunityAt,
    read: Read,
    cut: Paging,
    status: Annotated[str | None, Query(pattern=f"^({STATUSES})$", description="Only members of this status.")] = None,
) -> Page[Member]:
    """Wallets that ever applied, in the order of applying."""
    with read.rows() as rows:
        found = ask.members(rows, community, status, cut.cursor, cut.limit + 1)
    page = cut.page(found, lambda entry: entry[0])
    return Page(items=[member for _, member in page.items], next=page.next)


@router.get("/{community}/members/{wallet}")
def show_member(community: CommunityAt, wallet: Wallet, read: Read) -> Member:
    """One wallet that ever applied."""
    with read.rows() as rows:
        return ask.member(rows, community, wallet)
