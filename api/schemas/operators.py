"""What an operator keeps about its own work, for operators and administrators."""

from datetime import date

from api.schemas.common import AddressText, Hash, Record


class AnomalyCount(Record):
    """How often something was wrong with readings of a local day (Europe/Rome), and at how many points."""

    day: date
    code: str
    """As docs/quality.md lists them."""
    count: int
    points: int


class Finding(Record):
    """Where another operator's answer differs from this one's, in the operator's words."""

    number: int
    session: int | None
    """Null for datasets, rewards and incentives."""
    stage: str
    answer: Hash
    """The other's answer."""
    text: str
    is_compared: bool
    """Whether both could be laid side by side; else the text says why not yet."""


class Trouble(Record):
    """A session that the operator could not take on; it tries again at a block."""

    session: int
    stands: str
    failures: int
    retry_block: int


class OperatorStanding(Record):
    """How the operator whose folder this service reads does."""

    operator: AddressText
    followed_block: int | None
    """The block that it has followed the chain to; null before the first time."""
    behind: int | None
    """Blocks that the service has read and it has not."""
    open_transactions: list[Hash]
    """Sent, and in no block yet."""
    troubles: list[Trouble]
