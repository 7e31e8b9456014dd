"""The reward models again, written from DESIGN.md section 10 with lists and plain integers, slowly."""

from dataclasses import dataclass
from statistics import median_low

Reading = tuple[int, int, int] | None
"""Withdrawn, injected and produced Wh of a member in a slot; None where missing."""


@dataclass(frozen=True)
class PastDay:
    """How a day before the day in question went for a member."""

    peak: int
    complete: bool
    working: bool


def floored_median(values: list[int]) -> int:
    """Median; that of an even count is the floored mean of the middle two."""
    ascending = sorted(values)
    if len(ascending) % 2:
        return median_low(ascending)
    upper = ascending[len(ascending) // 2]
    return (median_low(ascending) + upper) // 2


def loses_the_day(day: list[Reading], seconds: int) -> bool:
    """More than 4 missing quarter-hours, or 1 missing hour."""
    return day.count(None) > (4 if seconds == 900 else 1)


def self_consumption(
    days: list[list[Reading]], seconds: int, own_bps: int, load_bps: int, prod_bps: int, per_kwh: int, threshold: int
) -> list[int]:
    """Tokens of each member under model 1."""
    weighted, covered, wanted = [0] * len(days), [0] * len(days), [0] * len(days)
    for slot in range(len(days[0])):
        read = {u: day[slot] for u, day in enumerate(days)}
        load, production, own = {}, {}, {}
        for u, reading in read.items():
            withdrawn, injected, produced = reading or (0, 0, 0)
            consumption = max(0, withdrawn - injected + produced)
            own[u] = min(consumption, produced)
            load[u], production[u] = consumption - own[u], produced - own[u]
            wanted[u] += consumption
        shared = min(sum(load.values()), sum(production.values()))
        for u in read:
            got = shared * load[u] // sum(load.values()) if sum(load.values()) else 0
            gave = shared * production[u] // sum(production.values()) if sum(production.values()) else 0
            weighted[u] += own[u] * own_bps + got * load_bps + gave * prod_bps
            covered[u] += own[u] + got
    tokens = []
    for u, day in enumerate(days):
        nothing = loses_the_day(day, seconds) or covered[u] * 10_000 < wanted[u] * threshold
        tokens.append(0 if nothing else weighted[u] // 10_000 * per_kwh // 1000)
    return tokens


def no_peaks(
    days: list[list[Reading]],
    seconds: int,
    pasts: list[list[PastDay]],
    working: bool,
    profiles: list[str],
    max_tokens: int,
    full_bps: int,
) -> list[int]:
    """Tokens of each member under model 2; `pasts` begin with yesterday."""
    medians: dict[int, int] = {}
    for u, past in enumerate(pasts):
        peaks = [day.peak for day in past[:60] if day.complete and day.working == working][:14]
        if len(peaks) >= 7:
            medians[u] = floored_median(peaks)
    tokens = []
    for u, day in enumerate(days):
        earned = 0
        if u in medians and not loses_the_day(day, seconds):
            alike = [median for v, median in medians.items() if profiles[v] == profiles[u]]
            usual = min(medians[u], floored_median(alike))
            peak = max((reading[0] for reading in day if reading), default=0)
            cut = usual * full_bps // 10_000
            if peak < usual and cut:
                earned = max_tokens * min(usual - peak, cut) // cut
        tokens.append(earned)
    return tokens
