"""What goes into the division of an incentive and what comes out of it.

Energy is Wh, money µ€; what is divided are whole cents. Members stand in ascending order of their wallets, which is the
total order of ties.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from commons.units import UE_PER_EURO, EnergyWh, MoneyUe
from oracle.measurement.member_energy import MemberEnergy

CENT_UE = UE_PER_EURO // 100


@dataclass(frozen=True, slots=True)
class HourNumbers:
    """One hour of one member, Wh; what begins with `community` is the sum over all members."""

    start: int
    withdrawn_wh: int
    injected_wh: int
    community_withdrawn_wh: int
    community_injected_wh: int
    shared_wh: int
    used_wh: int
    """Of what was shared, the part that the member took out."""
    given_wh: int
    """Of what was shared, the part that the member fed in."""


class Weighing(Protocol):
    """What a rule makes of the readings of a period: what each member counts, and how that came about."""

    @property
    def weights(self) -> tuple[int, ...]:
        """What each member counts, whole numbers of 0 or more, in the order of the readings' members."""
        ...

    @property
    def hours(self) -> "CommunityHours":
        """The sums over all members that one member needs to recompute what it counts from its own readings."""
        ...

    def numbers(self, row: int) -> tuple[HourNumbers, ...]:
        """The hours of one member."""
        ...


@dataclass(frozen=True, slots=True)
class CommunityHours:
    """Withdrawn and injected energy of all members together in each hour from `start`, Wh."""

    start: int
    withdrawn_wh: tuple[int, ...]
    injected_wh: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DivisionRule:
    """A way to divide an incentive: a name with its version, never reused for another way, and what it does."""

    name: str
    weigh: Callable[[MemberEnergy], Weighing]


@dataclass(frozen=True, slots=True)
class Share:
    """What one member gets: `floor(cents × weight / total)`, and perhaps one of the cents that were left."""

    member: str
    weight: EnergyWh
    floor_cents: int
    remainder: int
    """What the division left over: the larger, the earlier comes the member when the cents left are given out."""
    has_extra_cent: bool
    amount: MoneyUe


@dataclass(frozen=True, slots=True)
class Division:
    """An incentive, divided."""

    rule: str
    start: int
    end: int
    amount: MoneyUe
    undivided: MoneyUe
    """The part of a cent, if any, that nobody gets: it stays in the treasury."""
    total_weight: EnergyWh
    extra_cents: int
    shares: tuple[Share, ...]
    weighing: Weighing
