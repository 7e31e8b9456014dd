"""Sign-in with Ethereum (EIP-4361).

The refresh token travels in a cookie that scripts cannot read and other sites cannot send; the access token is for the
page's memory. Neither is ever in an address.
"""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Cookie, Response

from api.auth.desk import SignInDesk, Tokens
from api.queries.communities import communities
from api.schemas.auth import Access, Me, Nonce, SignedMessage, Standing
from api.web.callers import AskRoles, Caller, Desk
from api.web.parts import Read
from commons.addresses import Address
from commons.errors import NotSignedIn

COOKIE = "commonwatt_refresh"
PATH = "/v1/auth"
router = APIRouter(prefix=PATH, tags=["sign-in"])
Refresh = Annotated[str | None, Cookie(alias=COOKIE, max_length=200)]


@router.post("/nonce")
def make_nonce(desk: Desk, response: Response) -> Nonce:
    """A nonce for one sign-in message within ten minutes."""
    row = desk.nonce()
    response.headers["Cache-Control"] = "no-store"
    return Nonce(
        nonce=row.nonce,
        expires_at=row.expires,
        domain=urlsplit(desk.origin).netloc,
        uri=desk.origin,
        chain_id=desk.chain.chain_id,
    )


@router.post("/sign-in")
def sign_in(signed: SignedMessage, desk: Desk, response: Response) -> Access:
    """Sign in with a signed message."""
    return _given(desk, desk.sign_in(signed.message, bytes.fromhex(signed.signature[2:])), response)


@router.post("/refresh")
def refresh(desk: Desk, response: Response, commonwatt_refresh: Refresh = None) -> Access:
    """A new access token for the cookie's refresh token, which rotates."""
    if commonwatt_refresh is None:
        raise NotSignedIn("no refresh token came along", remedy="Sign in.")
    return _given(desk, desk.refresh(commonwatt_refresh), response)


@router.post("/sign-out", status_code=204)
def sign_out(desk: Desk, response: Response, commonwatt_refresh: Refresh = None) -> None:
    """End the sign-in, and with it every access token of it."""
    desk.sign_out(commonwatt_refresh)
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict", secure=_is_secure(desk))


@router.get("/me")
def show_me(caller: Caller, roles: AskRoles, read: Read, response: Response) -> Me:
    """Who is signed in, and what the contracts say of it in every community."""
    response.headers["Cache-Control"] = "no-store"
    with read.rows() as rows:
        known = communities(rows)
    standings = []
    for community in known:
        found = roles.standing(Address(community.address), caller)
        if found.roles or found.status != "none":
            standings.append(
                Standing(
                    community=found.community,
                    name=community.name,
                    status=found.status,
                    member_id=found.member_id,
                    kind=found.kind,
                    roles=list(found.roles),
                )
            )
    return Me(wallet=caller, communities=standings)


def _given(desk: SignInDesk, tokens: Tokens, response: Response) -> Access:
    response.headers["Cache-Control"] = "no-store"
    if tokens.refresh is not None:
        response.set_cookie(
            COOKIE,
            tokens.refresh,
            path=PATH,
            max_age=tokens.refresh_expires - int(desk.clock()),
            httponly=True,
            samesite="strict",
            secure=_is_secure(desk),
        )
    return Access(wallet=tokens.wallet, access_token=tokens.access, expires_at=tokens.access_expires)


def _is_secure(desk: SignInDesk) -> bool:
    return desk.origin.startswith("https://")
