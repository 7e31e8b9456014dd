"""From the readings of points to those of traders: the sum over a trader's exchange points, or missing.

`oracle.measurement.tiling` has laid each point's readings over the session's slots already: a slot that they do not
tile exactly is missing there. Source: DESIGN.md section 6.
"""

from collections.abc import Sequence

import numpy as np

from commons.addresses import Address
from oracle.measurement.types import Point, PointKind, Quality, ReadingGrid
from oracle.settlement.types import Readings


def readings_of(traders: Sequence[Address], points: Sequence[Point], grid: ReadingGrid) -> Readings:
    """What each trader withdrew and injected in each slot of `grid`.

    A slot is present where every exchange point of the trader has a reading; a trader without an exchange point has
    none at all.

    Args:
        traders: the rows of the result.
        points: whose points are which; those that are no exchange points do not settle.
        grid: readings over the session's slots. A point that it does not hold has no reading.
    """
    slots = grid.withdrawn_wh.shape[1]
    row_of = {trader: row for row, trader in enumerate(traders)}
    place_of = {point_id: place for place, point_id in enumerate(grid.point_ids)}
    withdrawn, injected, points_read = (np.zeros((len(traders), slots), dtype=np.int64) for _ in range(3))
    points_of = np.zeros((len(traders), 1), dtype=np.int64)
    for point in points:
        row = row_of.get(Address(point.wallet.lower()))
        if row is None or point.kind is not PointKind.EXCHANGE:
            continue
        points_of[row] += 1
        place = place_of.get(point.point_id)
        if place is not None:
            points_read[row] += grid.quality[place] != Quality.MISSING
            withdrawn[row] += grid.withdrawn_wh[place]
            injected[row] += grid.injected_wh[place]
    present = (points_of > 0) & (points_read == points_of)
    return Readings(np.where(present, withdrawn, 0), np.where(present, injected, 0), present)


def shared_by_members(readings: Readings, member_ids: Sequence[bytes]) -> Readings:
    """The same where several traders are wallets of one member: each reads the member's meters.

    Args:
        readings: the points of a member are those of its first trader; those of its others are not read.
        member_ids: of each trader.
    """
    first: dict[bytes, int] = {}
    meter = np.array([first.setdefault(member, row) for row, member in enumerate(member_ids)], dtype=np.int64)
    return Readings(readings.withdrawn[meter], readings.injected[meter], readings.present[meter], meter)
