"""Who asks: the wallet behind an access token, and whether this is for it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.auth.desk import SignInDesk
from api.auth.roles import Roles, Standing
from api.queries.communities import replaced_wallets
from api.web.parts import CommunityAt, Read, Wallet, part
from commons.addresses import Address
from commons.errors import NotAllowed, NotSignedIn

ADMIN = "community_admin"
REPLACED = "replaced"
OVERSEERS = (ADMIN, "oracle_admin", "oracle_operator")
"""Who looks after the measuring and the operators."""
_BEARER = HTTPBearer(auto_error=False, description="The access token of /v1/auth/sign-in.")


def sign_in_desk(request: Request) -> SignInDesk:
    """The part that signs in."""
    found: SignInDesk = part(request, "sign_in")
    return found


def roles_of(request: Request) -> Roles:
    """The part that asks the contracts for roles."""
    found: Roles = part(request, "roles")
    return found


Desk = Annotated[SignInDesk, Depends(sign_in_desk)]
AskRoles = Annotated[Roles, Depends(roles_of)]


def _caller(desk: Desk, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> Address:
    if credentials is None:
        raise NotSignedIn("this is for those who signed in", remedy="Sign in, and send the access token.")
    return desk.wallet_of(credentials.credentials)


Caller = Annotated[Address, Depends(_caller)]


def _standing(caller: Caller, community: CommunityAt, roles: AskRoles) -> Standing:
    return roles.standing(Address(community), caller)


Here = Annotated[Standing, Depends(_standing)]


@dataclass(frozen=True, slots=True)
class Owner:
    """A wallet that asks about itself: the member behind it, and all wallets whose past is that member's."""

    community: Address
    wallet: Address
    wallets: tuple[str, ...]
    """The wallet, then those whose place it took for good."""
    member_id: bytes | None
    """None where it never was a member, or may still lose that to a wallet that it replaced."""


def _own(caller: Caller, community: CommunityAt, wallet: Wallet, roles: AskRoles, read: Read) -> Owner:
    """The caller as the owner of its past, if the path is about its own wallet.

    A wallet that was replaced is let in no more: it may be stolen. One that replaced another sees nothing of what was
    before until the other can veto no more: else an admin could name a wallet of their own to see a member's readings.
    """
    if caller != wallet:
        raise NotAllowed("this is for the wallet itself only", which=wallet, remedy="Sign in with that wallet.")
    standing = roles.standing(Address(community), caller)
    if standing.status == REPLACED:
        raise NotAllowed(
            "this wallet was replaced by another", which=wallet, remedy="Sign in with the wallet that took its place."
        )
    if standing.member_id is None:
        return Owner(standing.community, caller, (caller,), None)
    with read.rows() as rows:
        before = replaced_wallets(rows, standing.community, standing.member_id)
    if not roles.all_succeeded(standing.community, before):
        return Owner(standing.community, caller, (caller,), None)
    return Owner(standing.community, caller, (caller, *before), bytes.fromhex(standing.member_id[2:]))


def _admin(standing: Here) -> Standing:
    if ADMIN not in standing.roles:
        raise NotAllowed(
            "this is for the community's administrators", which=standing.community, remedy="Ask one of them."
        )
    return standing


def _overseer(standing: Here) -> Standing:
    if not set(OVERSEERS) & set(standing.roles):
        raise NotAllowed(
            "this is for the community's oracle operators and administrators",
            which=standing.community,
            remedy="Sign in with such a wallet.",
        )
    return standing


def _member(standing: Here) -> Standing:
    if not standing.is_member:
        raise NotAllowed("this is for the community's members", which=standing.community, remedy="Join it first.")
    return standing


Own = Annotated[Owner, Depends(_own)]
Admin = Annotated[Standing, Depends(_admin)]
Overseer = Annotated[Standing, Depends(_overseer)]
Member = Annotated[Standing, Depends(_member)]
