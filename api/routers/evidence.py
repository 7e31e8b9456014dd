"""Datasets and reward batches that operators posted, and the points that are bound to members."""

from fastapi import APIRouter, Depends

from api.queries import communities as ask_communities
from api.queries import evidence as ask
from api.schemas.common import Page
from api.schemas.evidence import Batch, Dataset
from api.schemas.receipts import Binding
from api.web.fresh import fresh
from api.web.paging import Paging
from api.web.parts import CommunityAt, Read, Wallet

router = APIRouter(prefix="/v1/communities/{community}", tags=["evidence"], dependencies=[Depends(fresh)])


@router.get("/datasets")
def list_datasets(community: CommunityAt, read: Read, cut: Paging) -> Page[Dataset]:
    """Roots of local days' readings as operators posted them, newest first."""
    with read.rows() as rows:
        page = cut.page(ask.datasets(rows, community, cut.cursor, cut.limit + 1), lambda entry: entry[0])
    return Page(items=[dataset for _, dataset in page.items], next=page.next)


@router.get("/rewards/batches")
def list_batches(community: CommunityAt, read: Read, cut: Paging) -> Page[Batch]:
    """Rewards of local days as operators posted them, newest first."""
    with read.rows() as rows:
        page = cut.page(ask.batches(rows, community, cut.cursor, cut.limit + 1), lambda entry: entry[0])
    return Page(items=[batch for _, batch in page.items], next=page.next)


@router.get("/members/{wallet}/points")
def list_points(community: CommunityAt, wallet: Wallet, read: Read) -> list[Binding]:
    """The points bound to a member, by their salted hashes."""
    with read.rows() as rows:
        member = ask_communities.member(rows, community, wallet)
        return [] if member.member_id is None else ask.bindings(rows, community, member.member_id)
