"""The checks of a delivery again, one reading after the other, slowly."""

from oracle.quality.types import AnomalyCode, FlowRules, RawReadings

Found = list[tuple[AnomalyCode, int]]
"""Codes with the row of the reading."""


def check(raw: RawReadings, rules: FlowRules) -> tuple[list[int], Found]:
    """Rows that are accepted, and what is wrong with which."""
    accepted: list[int] = []
    found: Found = []
    first: dict[tuple[int, int], int] = {}
    latest: dict[int, int] = {}
    run: dict[int, list[int]] = {}
    for row in range(len(raw)):
        if raw.quality[row] == 2:
            continue
        code = refusal(raw, rules, row)
        if code:
            found.append((code, row))
            continue
        point, start = int(raw.point[row]), int(raw.start[row])
        value = (raw.withdrawn_wh[row], raw.injected_wh[row], raw.quality[row])
        known = first.setdefault((point, start), row)
        conflicting = value != (raw.withdrawn_wh[known], raw.injected_wh[known], raw.quality[known])
        if known == row:
            accepted.append(row)
            if start < latest.get(point, start):
                found.append((AnomalyCode.OUT_OF_ORDER, row))
        elif conflicting:
            found.append((AnomalyCode.CONFLICTING, row))
        else:
            found.append((AnomalyCode.REPEATED, row))
        latest[point] = max(start, latest.get(point, start))
        run[point] = [*run.get(point, []), row] if conflicting else []
        if len(run[point]) == 2:
            found.append((AnomalyCode.CLOCK_STEP, run[point][0]))
    return accepted, found


def refusal(raw: RawReadings, rules: FlowRules, row: int) -> AnomalyCode | None:
    """Why the reading is refused outright."""
    start, seconds = int(raw.start[row]), int(raw.seconds[row])
    energies = int(raw.withdrawn_wh[row]), int(raw.injected_wh[row])
    if seconds != rules.slot_seconds or start % rules.slot_seconds or start < 0:
        return AnomalyCode.OFF_GRID
    if min(energies) < 0:
        return AnomalyCode.NEGATIVE_ENERGY
    if max(energies) > rules.most_w * rules.slot_seconds // 3600:
        return AnomalyCode.IMPLAUSIBLE_ENERGY
    if raw.arrived is not None and start + seconds > raw.arrived[row]:
        return AnomalyCode.CLOCK_AHEAD
    return None
