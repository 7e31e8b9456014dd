"""Whose the points of a local day are, by their bindings on the chain: who signed, and from when to when."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from commons.actions.bindings import bound_points
from commons.contracts import CommunityReader
from commons.roster import PointSpan, Roster, RosterReader
from commons.slots import day_grid
from oracle.measurement.types import ReadingBatch


def bindings_on(reader: CommunityReader, day: date, point_ids: Sequence[str]) -> dict[str, PointSpan]:
    """The points bound at any moment of a day, with their bindings; where there are several on that day, the last.

    What the chain says of a moment gone by never changes, so it does not matter when this is asked. The chain is asked
    about each point, which suits a handful; events are read only where one was bound again since.
    """
    bound = bound_points(reader, [bytes.fromhex(point_id.removeprefix("0x")) for point_id in point_ids])
    slots, rosters = day_grid(day), RosterReader(reader)
    found = {}
    for point_id, last in zip(point_ids, bound, strict=True):
        dates = last.valid_from, last.valid_until
        span = PointSpan(point_id, last.member_id, last.kind, last.number, *dates)
        if last.number and span.touches(slots.start, slots.end):
            found[point_id] = span
        elif last.number > 1 and (earlier := rosters.now().point(point_id, slots.start, slots.end)) is not None:
            found[point_id] = earlier
    return found


def bound_on(roster: Roster, day: date, point_ids: Sequence[str]) -> dict[str, PointSpan]:
    """The same as `bindings_on`, from events that were read already: for many points and days."""
    slots = day_grid(day)
    found = ((point_id, roster.point(point_id, slots.start, slots.end)) for point_id in point_ids)
    return {point_id: span for point_id, span in found if span is not None}


def within_bindings(batch: ReadingBatch, bindings: Mapping[str, PointSpan]) -> ReadingBatch:
    """The readings that lie within their point's binding; others are nobody's, or somebody else's."""
    starts, ends = (
        np.array([getattr(bindings[point], name) for point in batch.point_ids], dtype=np.int64)
        for name in ("valid_from", "valid_until")
    )
    kept = (batch.start >= starts[batch.point]) & (batch.start + batch.seconds <= ends[batch.point])
    columns = ("point", "start", "seconds", "withdrawn_wh", "injected_wh", "quality")
    return replace(batch, **{name: getattr(batch, name)[kept] for name in columns})
