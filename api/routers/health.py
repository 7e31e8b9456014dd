"""Whether the service is there."""

from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter(tags=["service"])


class Liveness(BaseModel):
    """The service answers."""

    status: str = "ok"


@router.get("/health")
async def health() -> Liveness:
    """Whether the service is there."""
    return Liveness()
