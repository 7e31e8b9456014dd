"""The parts of the API that a request needs, as dependencies of its route."""

from typing import Annotated, Any

from fastapi import Depends, Path, Request

from api.explorer import Explorer
from api.network import NetworkFacts
from api.read_model.model import ReadModel, require_community
from api.schemas.common import GivenAddress
from api.services import Services
from commons.errors import NotOffered
from commons.store import Reader

LARGEST_NUMBER = 2**63 - 1


def services_of(request: Request) -> Services:
    """All parts."""
    services: Services = request.app.state.services
    return services


def part(request: Request, name: str) -> Any:
    """A part by its name.

    Raises:
        NotOffered: this installation has it not.
    """
    found = getattr(services_of(request), name)
    if found is None:
        raise NotOffered(
            f"this installation does not offer {name.replace('_', ' ')}",
            which=name,
            remedy="Ask whoever keeps it, or use another one.",
        )
    return found


def _read_model(request: Request) -> ReadModel:
    found: ReadModel = part(request, "read_model")
    return found


def _explorer(request: Request) -> Explorer:
    found: Explorer = part(request, "explorer")
    return found


def _network(request: Request) -> NetworkFacts:
    found: NetworkFacts = part(request, "network")
    return found


def _published(request: Request) -> Reader:
    found: Reader = part(request, "published")
    return found


Look = Annotated[Explorer, Depends(_explorer)]
Facts = Annotated[NetworkFacts, Depends(_network)]
Publications = Annotated[Reader, Depends(_published)]
Read = Annotated[ReadModel, Depends(_read_model)]


def require_known(read: Read, community: "CommunityAt") -> None:
    """Refuse a community that the read model does not know; errors as `require_community`."""
    with read.rows() as rows:
        require_community(rows, community)


CommunityAt = Annotated[GivenAddress, Path(description="The community's contract.")]
SessionNumber = Annotated[int, Path(ge=1, le=LARGEST_NUMBER, description="The session's number, from 1.")]
Wallet = Annotated[GivenAddress, Path(description="A wallet.")]
