"""Services: offers and requests, deals, group purchases, goods and loans, as the contracts have them now."""

from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Depends, Query, Request

from api.exchange import DEAL, GOOD, LISTING, LOAN, PURCHASE, Exchange, Kind
from api.schemas.common import GivenAddress, Page, Record
from api.schemas.exchange import Deal, Good, Listing, Loan, Purchase
from api.web.fresh import fresh
from api.web.paging import Cut, Paging
from api.web.parts import CommunityAt, part
from commons.addresses import Address

R = TypeVar("R", bound=Record)
router = APIRouter(prefix="/v1/communities/{community}", tags=["services"], dependencies=[Depends(fresh)])


def _exchange(request: Request) -> Exchange:
    found: Exchange = part(request, "exchange")
    return found


Ask = Annotated[Exchange, Depends(_exchange)]
Of = Annotated[GivenAddress | None, Query(description="Only those whose beginning names this wallet.")]
ListingPlace = Annotated[Literal["services", "works"], Query(description="Among members, or for the community.")]
DealPlace = Annotated[Literal["services", "works", "purchases"], Query(description="The contract it was made in.")]


@router.get("/listings")
def list_listings(
    community: CommunityAt, ask: Ask, cut: Paging, place: ListingPlace = "services", wallet: Of = None
) -> Page[Listing]:
    """Offers and requests, newest first; with their texts."""
    return _page(ask, community, place, LISTING, wallet, cut, Listing)


@router.get("/deals")
def list_deals(
    community: CommunityAt, ask: Ask, cut: Paging, place: DealPlace = "services", wallet: Of = None
) -> Page[Deal]:
    """Exchanges that were agreed on, newest first."""
    return _page(ask, community, place, DEAL, wallet, cut, Deal)


@router.get("/purchases")
def list_purchases(community: CommunityAt, ask: Ask, cut: Paging, wallet: Of = None) -> Page[Purchase]:
    """Group purchases, newest first; the parts in them are deals of the place `purchases`."""
    return _page(ask, community, "purchases", PURCHASE, wallet, cut, Purchase)


@router.get("/goods")
def list_goods(community: CommunityAt, ask: Ask, cut: Paging, wallet: Of = None) -> Page[Good]:
    """Goods on loan, newest first."""
    return _page(ask, community, "loans", GOOD, wallet, cut, Good)


@router.get("/loans")
def list_loans(community: CommunityAt, ask: Ask, cut: Paging, wallet: Of = None) -> Page[Loan]:
    """Loans of goods, newest first."""
    return _page(ask, community, "loans", LOAN, wallet, cut, Loan)


def _page(
    ask: Exchange, community: str, place: str, kind: Kind, wallet: str | None, cut: Cut, body: type[R]
) -> Page[R]:
    found = ask.page(Address(community), place, kind, wallet, cut.cursor, cut.limit + 1)
    page = cut.page(found, lambda entry: entry[0])
    return Page[R](items=[body.model_validate(fields) for _, fields in page.items], next=page.next)
