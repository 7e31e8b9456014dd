"""The readings of a period put together from its local days, hour by hour, as the division of an incentive wants them.

A day may be read in slots of several lengths, one table for each; members may come and go between days. An hour in
which a member has no reading counts nothing for it.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from commons.slots import HOUR_S
from oracle.indicators.shared import per_hour
from oracle.measurement.member_energy import MemberEnergy
from oracle.measurement.types import IntArray


def joined(days: Sequence[Sequence[MemberEnergy]]) -> MemberEnergy:
    """One table of whole hours over all days, members by ascending wallet.

    Args:
        days: in order, each the tables of one day, all of which cover exactly that day.

    Raises:
        ValueError: there is no day, the days do not follow each other, or a day's tables cover different times.
    """
    bounds = [_bounds(tables) for tables in days]
    if not bounds or any(end != start for (_, end), (start, _) in pairwise(bounds)):
        raise ValueError("the days of a period do not follow each other")
    members = tuple(sorted({member for tables in days for table in tables for member in table.members}))
    start, end = bounds[0][0], bounds[-1][1]
    shape = (len(members), (end - start) // HOUR_S)
    withdrawn, injected, produced = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    present = np.zeros(shape, dtype=bool)
    row_of = {member: row for row, member in enumerate(members)}
    for tables in days:
        for table in tables:
            rows = np.array([row_of[member] for member in table.members], dtype=np.int64)
            first = (table.start - start) // HOUR_S
            hours = np.arange(first, first + table.slots * table.slot_seconds // HOUR_S)
            place = np.ix_(rows, hours)
            withdrawn[place] += _hourly(table, table.withdrawn_wh)
            injected[place] += _hourly(table, table.injected_wh)
            produced[place] += _hourly(table, table.produced_wh)
            present[place] |= _hourly(table, table.present.astype(np.int64)) > 0
    return MemberEnergy(members, start, HOUR_S, withdrawn, injected, produced, present)


def _bounds(tables: Sequence[MemberEnergy]) -> tuple[int, int]:
    found = {(table.start, table.start + table.slots * table.slot_seconds) for table in tables}
    if len(found) != 1:
        raise ValueError(f"the tables of a day cover {len(found)} different times")
    return found.pop()


def _hourly(table: MemberEnergy, values: IntArray) -> IntArray:
    return per_hour(values, table.start, table.slot_seconds)
