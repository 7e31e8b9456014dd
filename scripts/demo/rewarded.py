"""The tokens that homes earned on a session's days: the operators reward each day once its readings are notarised."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from commons.actions.rewards import BatchOnChain, batch_of, parameters_on
from commons.contracts import CommunityReader
from commons.units import EpochSeconds, show_tokens

PATIENCE_S = 20
"""Real seconds in which operators post and pay; nobody waits longer for a day on which nobody earned anything."""
POLL_S = 0.3


@dataclass(frozen=True)
class Rewarded:
    """What was paid for a local day's energy behaviour, in the token's smallest unit, and to how many."""

    day: date
    members: int
    tokens: int

    def told(self) -> str:
        """In a line."""
        return (
            f"{self.members} homes got {show_tokens(self.tokens)} for {self.day:%d %B}: for energy used where and "
            "when it was made"
        )


def wait_for_rewards(
    reader: CommunityReader, days: Iterable[date], jump_to: Callable[[EpochSeconds], None] | None
) -> list[Rewarded]:
    """The rewards of days, once they are paid; days without parameters, or on which nobody earned, are left out.

    Args:
        jump_to: moves the chain's clock to the end of a window; None where it is waited through.
    """
    rewarded = [day for day in days if parameters_on(reader, day) is not None]
    until = time.monotonic() + PATIENCE_S
    found: dict[date, BatchOnChain] = {}
    while len(found) < len(rewarded) and time.monotonic() < until:
        for day in rewarded:
            batch = None if day in found else batch_of(reader, day)
            if batch is None or not batch.final_at:
                continue
            if batch.claimed == batch.batch.total:
                found[day] = batch
            elif batch.final_at > reader.chain.now() and jump_to is not None:
                jump_to(batch.final_at)
        time.sleep(POLL_S)
    return [Rewarded(day, found[day].batch.claims, found[day].batch.total) for day in rewarded if day in found]
