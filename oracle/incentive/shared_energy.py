"""Rule `shared-energy/1`: a member counts as much as it took part in what the community shared.

Per hour, shared is the smaller of what all members fed into the grid and what all took out. It is divided among those
who took out, in proportion to what each took, and once more among those who fed in, in proportion to what each fed in;
both to the whole Wh by largest remainder, ties in the order of members. A member counts the sum of both over the hours
of the period. A slot without a reading counts nothing for its member.
"""

from dataclasses import dataclass

import numpy as np

from commons.slots import HOUR_S
from oracle.incentive.types import CommunityHours, DivisionRule, HourNumbers
from oracle.indicators.shared import per_hour
from oracle.largest_remainder import largest_remainder
from oracle.measurement.member_energy import MemberEnergy
from oracle.measurement.types import IntArray


@dataclass(frozen=True, slots=True, eq=False)
class SharedEnergy:
    """The rule's numbers: tables of shape (members, hours), `shared_wh` (hours,)."""

    start: int
    withdrawn_wh: IntArray
    injected_wh: IntArray
    shared_wh: IntArray
    used_wh: IntArray
    given_wh: IntArray

    @property
    def weights(self) -> tuple[int, ...]:
        """What each member shared: used and given."""
        return tuple((self.used_wh + self.given_wh).sum(axis=1).tolist())

    @property
    def hours(self) -> CommunityHours:
        """The sums that a member needs beside its own readings."""
        sums = (tuple(table.sum(axis=0).tolist()) for table in (self.withdrawn_wh, self.injected_wh))
        return CommunityHours(self.start, *sums)

    def numbers(self, row: int) -> tuple[HourNumbers, ...]:
        """The hours of one member."""
        columns = (
            self.withdrawn_wh[row],
            self.injected_wh[row],
            self.withdrawn_wh.sum(axis=0),
            self.injected_wh.sum(axis=0),
            self.shared_wh,
            self.used_wh[row],
            self.given_wh[row],
        )
        starts = range(self.start, self.start + HOUR_S * len(self.shared_wh), HOUR_S)
        figures = zip(*(column.tolist() for column in columns), strict=True)
        return tuple(HourNumbers(start, *of_hour) for start, of_hour in zip(starts, figures, strict=True))


def weigh(energy: MemberEnergy) -> SharedEnergy:
    """What each member counts.

    Raises:
        ValueError: the slots do not make whole hours.
    """
    withdrawn, injected = (
        per_hour(table, energy.start, energy.slot_seconds) for table in (energy.withdrawn_wh, energy.injected_wh)
    )
    shared = np.minimum(withdrawn.sum(axis=0), injected.sum(axis=0))
    return SharedEnergy(
        start=energy.start,
        withdrawn_wh=withdrawn,
        injected_wh=injected,
        shared_wh=shared,
        used_wh=largest_remainder(withdrawn, shared),
        given_wh=largest_remainder(injected, shared),
    )


SHARED_ENERGY = DivisionRule("shared-energy/1", weigh)
