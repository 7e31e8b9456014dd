"""The network, the service's health, and published files."""

import time
from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.queries.communities import communities
from api.schemas.network import Health, Network, NetworkCommunity
from api.web.parts import Facts, Publications, Read
from commons.cid import parse_cid

STALLED_S = 60
router = APIRouter(prefix="/v1", tags=["network"])


@router.get("/config")
def show_network(facts: Facts, read: Read) -> Network:
    """The network's chain, contracts and communities."""
    with read.rows() as rows:
        known = communities(rows)
    deployment = facts.deployment
    return Network(
        network=deployment.network,
        chain_id=deployment.chain_id,
        rpc_url=facts.rpc_url,
        embedded=facts.is_embedded,
        first_block=deployment.first_block,
        contracts=dict(deployment.contracts),
        communities=[NetworkCommunity.model_validate(community) for community in known],
    )


@router.get("/health")
def show_health(read: Read) -> Health:
    """How far the chain is followed."""
    mark = read.mark()
    if mark is None:
        nothing = dict.fromkeys(set(Health.model_fields) - {"status", "version"})
        return Health.model_validate({**nothing, "status": "empty", "version": version("commonwatt")})
    behind = mark.head - mark.block
    status = "stalled" if time.time() - mark.asked_at > STALLED_S else "behind" if behind else "ok"
    return Health.model_validate(
        {**mark.model_dump(), "status": status, "version": version("commonwatt"), "behind": behind}
    )


@router.get("/published/{cid}", response_class=Response, responses={200: {"content": {"application/octet-stream": {}}}})
def show_published(
    cid: Annotated[str, Path(max_length=100, description="CIDv1, raw, sha2-256.")], places: Publications
) -> Response:
    """A published file by its CID, which tells whether it is whole; it never changes."""
    content = places.read(parse_cid(cid))
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": f'"{cid}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)
