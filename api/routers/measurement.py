"""Readings in: the flow that sends them is known by its credential, and gets a receipt for each of them."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.limits import Rate
from api.web.parts import part
from commons.errors import NotSignedIn
from commons.intake.message import Message, Receipt
from commons.intake.port import Flow, Intake

router = APIRouter(prefix="/v1/measurement", tags=["measurement"])

Bearer = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(HTTPBearer(auto_error=False, scheme_name="flow", description="The credential of a flow.")),
]
MESSAGES_A_SECOND = 20
MESSAGES_AT_ONCE = 200
FAILURES_A_SECOND = 1
FAILURES_AT_ONCE = 20


class Rates:
    """How often flows may send, and how often a caller may show a credential that is not valid."""

    def __init__(self) -> None:
        self.messages = Rate(MESSAGES_A_SECOND, MESSAGES_AT_ONCE)
        self.failures = Rate(FAILURES_A_SECOND, FAILURES_AT_ONCE)


def intake(request: Request) -> Intake:
    """Where messages go."""
    found: Intake = part(request, "intake")
    return found


def sender(request: Request, shown: Bearer, door: Annotated[Intake, Depends(intake)]) -> Flow:
    """The flow that sends, let in by its credential."""
    rates: Rates = request.app.state.flow_rates
    caller = request.client.host if request.client else "unknown"
    rates.failures.require_left(caller)
    if shown is None:
        raise NotSignedIn("no credential came along", remedy="Send Authorization: Bearer and the flow's credential.")
    try:
        flow = door.flow_of(shown.credentials)
    except NotSignedIn:
        rates.failures.spend(caller)
        raise
    rates.messages.spend(str(flow.key))
    return flow


@router.post("/readings", summary="Send readings")
async def send(
    message: Message, flow: Annotated[Flow, Depends(sender)], door: Annotated[Intake, Depends(intake)]
) -> Receipt:
    """Take readings and measurements of one flow.

    What the receipt calls stored or known is committed. Sending the same again is harmless. Of a message that was not
    answered nothing is certain: send it again.
    """
    return await asyncio.wrap_future(door.offer(flow, message))
