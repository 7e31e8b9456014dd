"""Receipts, meter to money."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from api.receipts import Receipts
from api.schemas.receipts import Receipt
from api.web.fresh import fresh
from api.web.parts import CommunityAt, SessionNumber, Wallet, part

router = APIRouter(prefix="/v1/communities/{community}", tags=["receipts"], dependencies=[Depends(fresh)])


def _receipts(request: Request) -> Receipts:
    found: Receipts = part(request, "receipts")
    return found


@router.get("/sessions/{session}/receipts/{wallet}")
def show_receipt(
    community: CommunityAt, session: SessionNumber, wallet: Wallet, receipts: Annotated[Receipts, Depends(_receipts)]
) -> Receipt:
    """All public parts of one member's receipt: fills and leaf with their proofs, to be rechecked against the chain."""
    return receipts.receipt(community, session, wallet)
