"""What the indicators of a period are: energies in whole Wh, everything derived from them for reading only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conventions:
    """What is a matter of choice, stated beside every result."""

    peak_percentile: float = 95.0
    """A peak is the power that is passed in so few slots that this part of them stays below."""
    base_percentile: float = 5.0
    co2_g_per_kwh: float = 250.0
    """CO₂ of a kWh from the grid. A round figure of the size published for Italy in the 2020s: give the current one."""


@dataclass(frozen=True, slots=True)
class Indicators:
    """The indicators of one member, or of the community as a whole; None where the divisor would be 0.

    Powers are averages over a slot. For a member, `shared_wh` is None: it is a figure of the community.
    """

    name: str
    slots: int
    missing_slots: int
    consumed_wh: int
    produced_wh: int
    withdrawn_wh: int
    injected_wh: int
    own_wh: int
    """Production used by the one who made it, as it was made: `Σ min(L, P)`."""
    shared_wh: int | None
    """Surplus used by others of the community within the hour."""
    self_consumption_pct: float | None
    """The part of the production that was used here: own energy by production; the community's with what it shared."""
    self_sufficiency_pct: float | None
    """The part of the consumption that was met so."""
    peak_w: float
    base_w: float
    load_factor_pct: float | None
    """Average consumption by the largest of any slot."""
    band_wh: tuple[int, int, int]
    """Withdrawn energy in the bands F1, F2, F3."""
    band_pct: tuple[float, float, float] | None
    co2_avoided_kg: float
    """CO₂ that the grid would have emitted for the energy made and used here: own, and shared for the community."""


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """The indicators of a period: the community, its members, and both in the period of the same length before."""

    start: int
    end: int
    slot_seconds: int
    conventions: Conventions
    community: Indicators
    members: tuple[Indicators, ...]
    past_community: Indicators | None
    past_members: tuple[Indicators, ...] | None
    shared_wh: tuple[int, ...]
    """Shared energy of each hour."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One indicator of one member, beside that of its own past and the median of all members."""

    name: str
    value: float | None
    past: float | None
    community: float | None
