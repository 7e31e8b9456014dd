"""The readings of points put together per member: what rewards and indicators reckon with.

A member has a reading of a slot if all its points have one, and at least one of them is an exchange point: of a home
whose grid connection nobody meters, the consumption is unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oracle.measurement.types import IntArray, Point, PointKind, Quality, ReadingGrid


@dataclass(frozen=True, eq=False)
class MemberEnergy:
    """Wh of members over equal slots from `start`: arrays of shape [members, slots], 0 where not `present`.

    `members` are the wallets that the points settle for; `withdrawn_wh` and `injected_wh` are what their exchange
    points saw, `produced_wh` is what their production points fed in.
    """

    members: tuple[str, ...]
    start: int
    slot_seconds: int
    withdrawn_wh: IntArray
    injected_wh: IntArray
    produced_wh: IntArray
    present: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        tables = (self.withdrawn_wh, self.injected_wh, self.produced_wh, self.present)
        if {table.shape for table in tables} != {(len(self.members), self.slots)}:
            raise ValueError(
                f"tables of {len(self.members)} members have the shapes {[table.shape for table in tables]}"
            )

    @property
    def slots(self) -> int:
        """How many slots there are."""
        return int(self.withdrawn_wh.shape[1])

    def between(self, start: int, end: int) -> "MemberEnergy":
        """The slots of `[start, end)`.

        Raises:
            ValueError: these are no slots of the grid, or none at all.
        """
        first, rest = divmod(start - self.start, self.slot_seconds)
        last, rest_of_end = divmod(end - self.start, self.slot_seconds)
        if rest or rest_of_end or not 0 <= first < last <= self.slots:
            raise ValueError(f"[{start}, {end}) are no slots of {self.slot_seconds} s from {self.start}")
        tables = (self.withdrawn_wh, self.injected_wh, self.produced_wh)
        withdrawn, injected, produced = (table[:, first:last] for table in tables)
        return MemberEnergy(
            self.members, start, self.slot_seconds, withdrawn, injected, produced, self.present[:, first:last]
        )

    @property
    def consumed_wh(self) -> IntArray:
        """What each member used, wherever it came from: `max(0, withdrawn − injected + produced)`."""
        return np.asarray(np.maximum(self.withdrawn_wh - self.injected_wh + self.produced_wh, 0), dtype=np.int64)

    @property
    def missing_slots(self) -> IntArray:
        """(members,) the slots of which a member has no reading."""
        return np.asarray((~self.present).sum(axis=1), dtype=np.int64)


def member_energy(grid: ReadingGrid, points: Sequence[Point]) -> MemberEnergy:
    """The grid's readings per member, members in the order in which `points` first name them.

    Raises:
        ValueError: `points` are not the grid's points, in its order.
    """
    if tuple(point.point_id for point in points) != grid.point_ids:
        raise ValueError("the points are not those of the grid, in its order")
    members = tuple(dict.fromkeys(point.wallet for point in points))
    row_of = {member: row for row, member in enumerate(members)}
    owner = np.array([row_of[point.wallet] for point in points], dtype=np.int64)
    exchanges = np.array([point.kind is PointKind.EXCHANGE for point in points], dtype=bool)
    read = grid.quality != Quality.MISSING

    shape = (len(members), grid.slots)
    unread = _summed(~read, owner, shape)
    metered = np.bincount(owner[exchanges], minlength=len(members)) > 0
    present = (unread == 0) & metered[:, np.newaxis]
    withdrawn, injected, produced = (
        np.where(present, _summed(table[rows], owner[rows], shape), 0)
        for table, rows in (
            (grid.withdrawn_wh, exchanges),
            (grid.injected_wh, exchanges),
            (grid.injected_wh, ~exchanges),
        )
    )
    return MemberEnergy(members, grid.start, grid.slot_seconds, withdrawn, injected, produced, present)


def _summed(table: npt.NDArray[np.int64] | npt.NDArray[np.bool_], owner: IntArray, shape: tuple[int, int]) -> IntArray:
    """The table's rows added up per owner."""
    sums = np.zeros(shape, dtype=np.int64)
    np.add.at(sums, owner, table)
    return sums
