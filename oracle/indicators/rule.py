"""The indicators of a period, for each member and for the community as a whole.

Sums are exact integers over the slots that have readings; percentages, powers and CO₂ are floats for reading.
"""

import numpy as np
import numpy.typing as npt

from commons.calendar import Band
from commons.slots import HOUR_S
from commons.units import WH_PER_KWH
from oracle.indicators.shared import shared_per_hour
from oracle.indicators.types import Comparison, Conventions, Indicators, Report
from oracle.measurement.member_energy import MemberEnergy
from oracle.measurement.types import IntArray

COMMUNITY = "community"
COMPARED = ("self_consumption_pct", "self_sufficiency_pct", "peak_w", "base_w", "load_factor_pct")

_Bands = npt.NDArray[np.int64]


def indicators_of(
    energy: MemberEnergy,
    bands: _Bands,
    past: tuple[MemberEnergy, _Bands] | None = None,
    conventions: Conventions | None = None,
) -> Report:
    """The report about a period, and about the one before where it is known.

    Args:
        bands: (slots,) the `Band` of each slot.
        past: the readings and bands of the same members in the period before.

    Raises:
        ValueError: the slots do not make whole hours, or the past has other members.
    """
    conventions = conventions or Conventions()
    if past is not None and past[0].members != energy.members:
        raise ValueError("the past is that of other members")
    members, community = _both(energy, bands, conventions)
    before = None if past is None else _both(*past, conventions)
    return Report(
        start=energy.start,
        end=energy.start + energy.slots * energy.slot_seconds,
        slot_seconds=energy.slot_seconds,
        conventions=conventions,
        community=community,
        members=members,
        past_community=None if before is None else before[1],
        past_members=None if before is None else before[0],
        shared_wh=tuple(_shared(energy).tolist()),
    )


def compare(report: Report, member: str) -> tuple[Comparison, ...]:
    """One member's indicators beside those of its own past, and beside the median of the members.

    Raises:
        ValueError: the member is none of those that the report is about.
    """
    row = [found.name for found in report.members].index(member)
    now, past = report.members[row], None if report.past_members is None else report.past_members[row]
    return tuple(
        Comparison(name, getattr(now, name), getattr(past, name) if past else None, _typical(report, name))
        for name in COMPARED
    )


def _typical(report: Report, name: str) -> float | None:
    """The median among the members that have the indicator."""
    values = [getattr(member, name) for member in report.members if getattr(member, name) is not None]
    return float(np.median(values)) if values else None


def _both(energy: MemberEnergy, bands: _Bands, conventions: Conventions) -> tuple[tuple[Indicators, ...], Indicators]:
    """The indicators of each member, and those of all together."""
    consumed = np.where(energy.present, energy.consumed_wh, 0)
    own = np.minimum(consumed, energy.produced_wh)
    tables = (consumed, energy.produced_wh, energy.withdrawn_wh, energy.injected_wh, own)
    members = tuple(
        _indicators(name, energy, bands, conventions, tuple(table[row] for table in tables), energy.present[row], None)
        for row, name in enumerate(energy.members)
    )
    sums = tuple(table.sum(axis=0) for table in tables)
    shared = int(_shared(energy).sum())
    return members, _indicators(COMMUNITY, energy, bands, conventions, sums, _all_present(energy), shared)


def _all_present(energy: MemberEnergy) -> npt.NDArray[np.bool_]:
    """The slots of which every member has a reading."""
    return np.asarray(energy.present.all(axis=0), dtype=bool)


def _shared(energy: MemberEnergy) -> IntArray:
    return shared_per_hour(energy.withdrawn_wh, energy.injected_wh, energy.start, energy.slot_seconds)


def _indicators(
    name: str,
    energy: MemberEnergy,
    bands: _Bands,
    conventions: Conventions,
    series: tuple[IntArray, ...],
    present: npt.NDArray[np.bool_],
    shared_wh: int | None,
) -> Indicators:
    """One set of indicators; `series` are consumption, production, withdrawal, injection and own energy per slot."""
    sums = [int(column.sum()) for column in series]
    power_w = series[0][present].astype(np.float64) * (HOUR_S / energy.slot_seconds)
    withdrawn = series[2]
    band_wh = tuple(int(withdrawn[bands == band].sum()) for band in Band)
    kept_wh = sums[4] + (shared_wh or 0)
    return Indicators(
        name=name,
        slots=energy.slots,
        missing_slots=int((~present).sum()),
        consumed_wh=sums[0],
        produced_wh=sums[1],
        withdrawn_wh=sums[2],
        injected_wh=sums[3],
        own_wh=sums[4],
        shared_wh=shared_wh,
        self_consumption_pct=_percent(kept_wh, sums[1]),
        self_sufficiency_pct=_percent(kept_wh, sums[0]),
        peak_w=_percentile(power_w, conventions.peak_percentile),
        base_w=_percentile(power_w, conventions.base_percentile),
        load_factor_pct=_percent(float(power_w.mean()), float(power_w.max())) if len(power_w) else None,
        band_wh=(band_wh[0], band_wh[1], band_wh[2]),
        band_pct=_shares(band_wh),
        co2_avoided_kg=kept_wh / WH_PER_KWH * conventions.co2_g_per_kwh / 1000,
    )


def _percent(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole else None


def _shares(band_wh: tuple[int, ...]) -> tuple[float, float, float] | None:
    total = sum(band_wh)
    return (100 * band_wh[0] / total, 100 * band_wh[1] / total, 100 * band_wh[2] / total) if total else None


def _percentile(power_w: npt.NDArray[np.float64], percentile: float) -> float:
    return float(np.percentile(power_w, percentile)) if len(power_w) else 0.0
