"""Where messages of flows go, whoever brings them: the API and the MQTT service see no more of it than this."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from commons.intake.message import Message, Receipt


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow that may send now: what it is, whose point it measures, and what its readings have to be."""

    key: int
    point: int
    point_id: str
    measuring_seconds: int
    most_w: int
    starts: int
    ends: int | None
    takes_unsigned: bool


class Intake(Protocol):
    """Takes messages in."""

    def flow_of(self, token: str) -> Flow:
        """The flow whose credential this is.

        Raises:
            NotSignedIn: it is nobody's, or it was revoked.
            Unavailable: the store does not answer.
        """
        ...

    def offer(self, flow: Flow, message: Message) -> "Future[Receipt]":
        """Have a message taken in; the receipt is there once everything it says is committed.

        The future raises `Unavailable` where nothing was stored, and the message can be sent again.

        Raises:
            Unavailable: too much is waiting already.
        """
        ...
