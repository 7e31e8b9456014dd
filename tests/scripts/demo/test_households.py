"""The 17 homes as members."""

from pathlib import Path

from oracle.measurement.measured_year import load_measured_year
from oracle.measurement.points import point_id
from oracle.measurement.types import PointKind
from scripts.demo.households import Profile, households, replay_meters

YEAR = load_measured_year(Path(__file__).parents[3] / "data" / "fontana17")


def salt_of(pod: str) -> bytes:
    return pod.encode().ljust(32, b"\0")


def test_households__of_the_measured_year__are_17_with_labels_of_their_own() -> None:
    homes = households(YEAR)

    assert [home.home_id for home in homes] == [f"H{number:02d}" for number in range(1, 18)]
    assert len({home.label for home in homes}) == 17


def test_households__the_home_without_a_surplus__is_the_only_consumer() -> None:
    consumers = [home.home_id for home in households(YEAR) if home.profile is Profile.CONSUMER]

    assert consumers == ["H15"]  # 7 kWh injected in the year, of 6,462 consumed


def test_replay_meters__two_per_home__are_named_by_salted_hash() -> None:
    homes = households(YEAR)
    meters = replay_meters(homes, salt_of)
    kinds = [meter.kind for meter in meters.values()]

    assert kinds.count(PointKind.EXCHANGE) == kinds.count(PointKind.PRODUCTION) == 17
    assert meters[point_id(salt_of(homes[3].pod), homes[3].pod)].home_id == "H04"
