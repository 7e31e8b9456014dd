"""Energy: a member's own, and the community's as a whole."""

from datetime import date
from typing import Any

from api.schemas.common import AddressText, Record, Seconds


class EnergySlot(Record):
    """A slot in Wh; null where a reading is missing."""

    start: Seconds
    seconds: int
    withdrawn_wh: int | None
    injected_wh: int | None
    produced_wh: int | None
    consumed_wh: int | None


class Readings(Record):
    """A member's readings of local days (Europe/Rome), both included."""

    wallet: AddressText
    first: date
    last: date
    slots: list[EnergySlot]


class Indicators(Record):
    """How energy was used; null where there is nothing to divide by. Powers are averages over a slot."""

    members: int
    slots: int
    missing_slots: int
    consumed_wh: int
    produced_wh: int
    withdrawn_wh: int
    injected_wh: int
    own_wh: int
    """Production used by whoever made it, as it was made."""
    shared_wh: int | None
    """Surplus used by others of the community within the hour; a figure of the community."""
    self_consumption_pct: float | None
    self_sufficiency_pct: float | None
    peak_w: float
    base_w: float
    load_factor_pct: float | None
    band_wh: list[int]
    """Withdrawn in the bands F1, F2, F3."""
    co2_avoided_kg: float


class Figure(Record):
    """An indicator beside the member's own past and the median of the community's members."""

    name: str
    value: float | None
    past: float | None
    community: float | None


class MemberIndicators(Record):
    """A member's indicators of local days, both included."""

    wallet: AddressText
    first: date
    last: date
    indicators: Indicators | None
    comparisons: list[Figure]


class CommunityIndicators(Record):
    """The community's indicators of local days; withheld where they would tell of too few."""

    community: AddressText
    first: date
    last: date
    least_members: int
    """Below so many members with a meter nothing is told."""
    indicators: Indicators | None


class BundleDay(Record):
    """A local day for which there is a take-out bundle."""

    day: date
    version: int


class RewardReasons(Record):
    """Why a member earned its tokens of a day; the last sentence says what was earned."""

    day: date
    parameters: int
    dataset_version: int
    sentences: list[str]
    figures: dict[str, Any]
