"""The 17 measured homes as members of the demo community."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from oracle.measurement.measured_year import MeasuredYear
from oracle.measurement.points import point_id
from oracle.measurement.replay import ReplayMeter
from oracle.measurement.types import PointKind

# Labels of houses, not names of people: the source is anonymous, and stays so.
_LABELS = (
    "Casa Acacia",
    "Casa Betulla",
    "Casa Castagno",
    "Casa Dalia",
    "Casa Edera",
    "Casa Fiordaliso",
    "Casa Ginestra",
    "Casa Iris",
    "Casa Lavanda",
    "Casa Magnolia",
    "Casa Narciso",
    "Casa Olivo",
    "Casa Pino",
    "Casa Quercia",
    "Casa Rosa",
    "Casa Salice",
    "Casa Tiglio",
)
_PROSUMER_SHARE = 100  # a prosumer feeds in at least a hundredth of what it consumes


class Profile(StrEnum):
    """Whether a member only consumes, or also feeds energy into the grid."""

    CONSUMER = "consumer"
    PROSUMER = "prosumer"


@dataclass(frozen=True)
class Household:
    """A home of the measured year as a member; `pod` and `production_pod` name its two meters."""

    home_id: str
    label: str
    profile: Profile

    @property
    def pod(self) -> str:
        """The meter at the grid connection, which settles the market."""
        return f"DEMO-{self.home_id}-GRID"

    @property
    def production_pod(self) -> str:
        """The meter of the panels behind it."""
        return f"DEMO-{self.home_id}-PV"


def households(year: MeasuredYear) -> tuple[Household, ...]:
    """All homes of the year, in its order; who feeds in next to nothing all year is a consumer."""
    consumed, injected = year.load_dwh.sum(axis=1), year.injected_dwh.sum(axis=1)
    is_prosumer = injected * _PROSUMER_SHARE >= consumed
    return tuple(
        Household(home_id, label, Profile.PROSUMER if prosumer else Profile.CONSUMER)
        for home_id, label, prosumer in zip(year.home_ids, _LABELS, is_prosumer.tolist(), strict=True)
    )


def replay_meters(homes: Iterable[Household], salt_of: Callable[[str], bytes]) -> dict[str, ReplayMeter]:
    """Point id → meter for both meters of each home; `salt_of` gives the 32 secret bytes of a pod."""
    meters = {}
    for home in homes:
        for pod, kind in ((home.pod, PointKind.EXCHANGE), (home.production_pod, PointKind.PRODUCTION)):
            meters[point_id(salt_of(pod), pod)] = ReplayMeter(home.home_id, kind)
    return meters
