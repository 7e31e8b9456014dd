"""How topics and users are called.

    commonwatt/COMMUNITY/DEVICE/FLOW/readings     a flow's sender publishes its messages
    commonwatt/COMMUNITY/DEVICE/FLOW/feedback     and reads what became of them

COMMUNITY is the contract's address, DEVICE and FLOW are numbers of the operator's register. A flow's user is
`flow-FLOW`.
"""

import re
from dataclasses import dataclass

ALL_READINGS = "commonwatt/+/+/+/readings"
ALL_FEEDBACK = "commonwatt/+/+/+/feedback"
SERVICE_USER = "commonwatt-ingest"
NO_COMMUNITY = "none"
"""In the place of the community, where a point belongs to nobody yet."""
_READINGS = re.compile(r"(commonwatt/[^/]+/([1-9][0-9]{0,9})/([1-9][0-9]{0,9}))/readings")


@dataclass(frozen=True, slots=True)
class FlowTopics:
    """The topics of a flow."""

    stem: str
    device: int
    flow: int

    @property
    def readings(self) -> str:
        """Where its sender publishes."""
        return f"{self.stem}/readings"

    @property
    def feedback(self) -> str:
        """Where its sender is answered."""
        return f"{self.stem}/feedback"


def topics_of(community: str | None, device: int, flow: int) -> FlowTopics:
    """The topics of a flow of the register."""
    return FlowTopics(f"commonwatt/{community or NO_COMMUNITY}/{device}/{flow}", device, flow)


def parsed(topic: str) -> FlowTopics | None:
    """The flow whose messages come by this topic; None if it is none of ours."""
    found = _READINGS.fullmatch(topic)
    return FlowTopics(found[1], int(found[2]), int(found[3])) if found else None


def user_of(flow: int) -> str:
    """The name under which a flow's sender signs in at the broker."""
    return f"flow-{flow}"
