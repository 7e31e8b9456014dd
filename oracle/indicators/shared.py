"""Energy shared within a community: per hour, the smaller of what its members fed in and what they took out.

Quarter-hours are added up to the hour before the minimum is taken, as the Italian rules for shared energy do.
"""

import numpy as np

from commons.slots import HOUR_S
from oracle.measurement.types import IntArray


def shared_per_hour(withdrawn: IntArray, injected: IntArray, start: int, slot_seconds: int) -> IntArray:
    """(hours,) what was shared in each hour, in the unit of the energies.

    Args:
        withdrawn: (members, slots), integers of any unit, as is `injected`.
        start: epoch second of the first slot, a full hour.

    Raises:
        ValueError: the slots do not make whole hours.
    """
    sums = (per_hour(table, start, slot_seconds).sum(axis=0) for table in (withdrawn, injected))
    return np.asarray(np.minimum(*sums), dtype=np.int64)


def per_hour(table: IntArray, start: int, slot_seconds: int) -> IntArray:
    """(members, hours) the energies (members, slots) added up to the hour; errors as `shared_per_hour`."""
    of_hour, rest = divmod(HOUR_S, slot_seconds)
    if rest or start % HOUR_S or table.shape[1] % of_hour:
        raise ValueError(f"{table.shape[1]} slots of {slot_seconds} s from {start} are not whole hours")
    return np.asarray(table.reshape(len(table), -1, of_hour).sum(axis=2), dtype=np.int64)
