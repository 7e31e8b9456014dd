"""What wallets hold and who the operators are, as the contracts say now; all of it public on the chain."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.accounts import Accounts
from api.schemas.accounts import Account, Operators
from api.web.parts import CommunityAt, Wallet, part
from commons.addresses import Address

router = APIRouter(prefix="/v1/communities/{community}", tags=["accounts"])


def _accounts(request: Request) -> Accounts:
    found: Accounts = part(request, "accounts")
    return found


Ask = Annotated[Accounts, Depends(_accounts)]


@router.get("/accounts/{wallet}")
def show_account(community: CommunityAt, wallet: Wallet, ask: Ask, response: Response) -> Account:
    """A wallet's escrow, settlement euro and tokens."""
    response.headers["Cache-Control"] = "no-cache"
    return ask.account(Address(community), Address(wallet))


@router.get("/operators")
def show_operators(community: CommunityAt, ask: Ask, response: Response) -> Operators:
    """The oracle operators in force, with their terms and bonds."""
    response.headers["Cache-Control"] = "no-cache"
    return ask.operators(Address(community))
