"""Joining: the signed adhesion contract, its review, and what is carried to the chain for those who signed it."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Header, Path, Request, Response

from api.adhesion.desk import KINDS, AdhesionDesk
from api.queries.communities import statuses
from api.relay import Relay
from api.schemas.adhesion import Adhesion, Forwarded, Given, GivenApplication, Review
from api.schemas.common import GivenHash
from api.web.callers import ADMIN, Admin, Caller, Here
from api.web.parts import CommunityAt, Read, part, require_known
from commons.actions.community import SignedApplication
from commons.addresses import Address
from commons.errors import NotAllowed
from commons.records import Application, EnergyProfile, MemberKind
from commons.units import EpochSeconds

PATH = "/v1/communities/{community}"
router = APIRouter(tags=["joining"])
Digest = Annotated[GivenHash, Path(description="The adhesion hash.")]
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_FILE = {"requestBody": {"required": True, "content": dict.fromkeys(KINDS, _BYTES)}}


def _desk(request: Request) -> AdhesionDesk:
    found: AdhesionDesk = part(request, "adhesion")
    return found


def _relay(request: Request) -> Relay:
    found: Relay = part(request, "relay")
    return found


Desk = Annotated[AdhesionDesk, Depends(_desk)]
Carry = Annotated[Relay, Depends(_relay)]


@router.post(PATH + "/adhesions", status_code=201, openapi_extra=_FILE, dependencies=[Depends(require_known)])
async def hand_in(
    community: CommunityAt,
    caller: Caller,
    desk: Desk,
    request: Request,
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
) -> Adhesion:
    """Hand in the signed adhesion contract; gives the hash to apply with, and the salt to keep."""
    content = await request.body()
    kind = content_type.partition(";")[0].strip().lower()
    return Adhesion.model_validate(desk.take(Address(community), caller, kind, content))


@router.get(PATH + "/adhesions/mine", dependencies=[Depends(require_known)])
def list_own(community: CommunityAt, caller: Caller, desk: Desk, response: Response) -> list[Adhesion]:
    """What the caller handed in."""
    _private(response)
    return [Adhesion.model_validate(row) for row in desk.listed(Address(community), caller)]


@router.get(PATH + "/adhesions", dependencies=[Depends(require_known)])
def list_for_review(admin: Admin, desk: Desk, read: Read, response: Response) -> list[Review]:
    """Everything that was handed in, beside what the chain has of each wallet; for the community's administrators."""
    _private(response)
    documents = desk.listed(admin.community)
    with read.rows() as rows:
        known = statuses(rows, admin.community, [row.wallet for row in documents])
    return [
        Review(
            document=Adhesion.model_validate(row),
            status=known[row.wallet].status if row.wallet in known else "none",
            matches=row.wallet in known and known[row.wallet].adhesion_hash == row.adhesion_hash,
        )
        for row in documents
    ]


@router.get(
    PATH + "/adhesions/{adhesion_hash}/document",
    response_class=Response,
    responses={200: {"content": {kind: {} for kind in KINDS}}},
)
def show_document(standing: Here, adhesion_hash: Digest, desk: Desk) -> Response:
    """The document itself; for whoever handed it in, and the community's administrators."""
    row = desk.found(standing.community, adhesion_hash)
    if row.wallet != standing.wallet and ADMIN not in standing.roles:
        raise NotAllowed("this document is somebody else's", which=adhesion_hash, remedy="Ask whoever handed it in.")
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{adhesion_hash[:18]}"'}
    return Response(desk.content(row), media_type=row.media_type, headers=headers)


@router.delete(PATH + "/adhesions/{adhesion_hash}", status_code=204)
def erase_document(standing: Here, adhesion_hash: Digest, desk: Desk) -> None:
    """Delete a document and its salt; for whoever handed it in, and the community's administrators."""
    row = desk.found(standing.community, adhesion_hash)
    if row.wallet != standing.wallet and ADMIN not in standing.roles:
        raise NotAllowed("this document is somebody else's", which=adhesion_hash, remedy="Ask whoever handed it in.")
    desk.erase(row)


@router.post(PATH + "/applications", status_code=202)
def carry_application(community: CommunityAt, given: GivenApplication, relay: Carry) -> Forwarded:
    """Carry an application, which the applicant signed, to the chain; anybody may hand it in."""
    application = Application(
        applicant=Address(given.applicant),
        kind=MemberKind[given.kind.upper()],
        profile=EnergyProfile[given.profile.upper()],
        adhesion_hash=bytes.fromhex(given.adhesion_hash[2:]),
        recovery_key=Address(given.recovery_key),
        nonce=given.nonce,
        deadline=EpochSeconds(given.deadline),
    )
    signed = SignedApplication(application, bytes.fromhex(given.signature[2:]), b"")
    return Forwarded(hash=relay.apply(Address(community), signed))


@router.post("/v1/relay", status_code=202)
def forward_transaction(given: Annotated[Given, Body()], relay: Carry) -> Forwarded:
    """Hand a signed transaction to the chain's node: to the communities' contracts and their settlement tokens only."""
    return Forwarded(hash=relay.forward(bytes.fromhex(given.raw[2:])))


def _private(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"
