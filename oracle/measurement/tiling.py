"""Lay readings of any length over equal slots; what does not fit exactly is missing, never guessed."""

import numpy as np

from oracle.measurement.types import Quality, ReadingBatch, ReadingGrid


def tile(batch: ReadingBatch, start: int, end: int, slot_seconds: int) -> ReadingGrid:
    """Sum the readings that lie inside each slot of `[start, end)`, per point, if they tile it exactly.

    A slot whose readings leave a gap, overlap, or are missing is `MISSING`; a slot's quality is its worst reading's.
    Readings that cross a slot's border lie inside none.
    """
    slots, rest = divmod(end - start, slot_seconds)
    if rest or slots <= 0:
        raise ValueError(f"[{start}, {end}) is not a whole number of slots of {slot_seconds} s")
    shape = (len(batch.point_ids), slots)
    withdrawn_wh, injected_wh = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    quality = np.full(shape, Quality.MISSING, np.uint8)

    slot = (batch.start - start) // slot_seconds
    lies_inside = (slot >= 0) & (slot < slots) & (batch.quality != Quality.MISSING)
    lies_inside &= batch.start + batch.seconds <= start + (slot + 1) * slot_seconds
    kept = np.flatnonzero(lies_inside)
    kept = kept[np.lexsort((batch.start[kept], batch.point[kept]))]
    if len(kept):
        cell = batch.point[kept] * slots + slot[kept]
        is_first = np.r_[True, cell[1:] != cell[:-1]]
        firsts = np.flatnonzero(is_first)
        slot_start = start + slot[kept] * slot_seconds
        reading_end = batch.start[kept] + batch.seconds[kept]
        previous_end = np.where(is_first, slot_start, np.r_[0, reading_end[:-1]])
        is_last = np.r_[is_first[1:], True]
        is_wrong = (batch.start[kept] != previous_end) | (is_last & (reading_end != slot_start + slot_seconds))
        tiled = ~np.logical_or.reduceat(is_wrong, firsts)
        cells = cell[firsts][tiled]
        withdrawn_wh.flat[cells] = np.add.reduceat(batch.withdrawn_wh[kept], firsts)[tiled]
        injected_wh.flat[cells] = np.add.reduceat(batch.injected_wh[kept], firsts)[tiled]
        quality.flat[cells] = np.maximum.reduceat(batch.quality[kept], firsts)[tiled]
    return ReadingGrid(batch.point_ids, start, slot_seconds, withdrawn_wh, injected_wh, quality)
