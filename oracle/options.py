"""What an operator may choose about its own service; none of it changes a result."""

from dataclasses import dataclass

from commons.units import EpochSeconds
from oracle.session.types import SessionView

GRACE_SHARE = 2
"""Without a grace of its own, an operator waits for readings over 1/2 of the time until the settlement timeout."""

FREEZE_S = 12 * 3600
BATCH_SIZE = 50
STAGGER_BLOCKS = 3


@dataclass(frozen=True, slots=True)
class Options:
    """How an operator goes about its work.

    `batch_size` leaves are executed in one transaction, and as many locks released before the session is looked at
    again. `stagger_blocks` blocks pass between one operator's turn and the next one's for what needs to be done only
    once; 0: at once, whoever's turn it is. `readings_grace_s` seconds after delivery an operator settles although
    readings are missing, on days before evidence is required; None: half-way to the settlement timeout. A local day
    freezes `freeze_s` seconds after its end: all operators of a community keep to the same hour.
    """

    batch_size: int = BATCH_SIZE
    stagger_blocks: int = STAGGER_BLOCKS
    readings_grace_s: int | None = None
    freeze_s: int = FREEZE_S

    def readings_due(self, view: SessionView) -> EpochSeconds:
        """When missing readings are no longer waited for; always before the settlement timeout."""
        end, timeout = view.parameters.delivery_end, view.parameters.settlement_timeout
        half_way = (timeout - end) // GRACE_SHARE
        grace = half_way if self.readings_grace_s is None else min(self.readings_grace_s, half_way)
        return EpochSeconds(end + grace)
