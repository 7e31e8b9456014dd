"""Communities for the tests of rewards, from plain lists."""

from collections.abc import Sequence

import numpy as np

from commons.units import BasisPoints
from oracle.measurement.member_energy import MemberEnergy
from oracle.rewards.types import (
    HISTORY_DAYS,
    Circumstances,
    CombinedModel,
    NoPeaksModel,
    PeakHistory,
    SelfConsumptionModel,
)
from tests.oracle.rewards.brute_force import PastDay, Reading

T0 = 1_799_996_400
TOKEN = 10**18
USUAL_DAYS = [PastDay(1000, complete=True, working=True)] * HISTORY_DAYS

SELF_CONSUMPTION = SelfConsumptionModel(
    own=BasisPoints(5_000),
    load=BasisPoints(10_000),
    production=BasisPoints(7_500),
    tokens_per_kwh=TOKEN // 10,
    threshold=BasisPoints(1_000),
)
NO_PEAKS = NoPeaksModel(max_tokens=TOKEN, full=BasisPoints(2_000))
COMBINED = CombinedModel(SELF_CONSUMPTION, NO_PEAKS, BasisPoints(6_000), BasisPoints(4_000))


def member(number: int) -> str:
    return f"0x{number + 1:040x}"


def energy_of(days: Sequence[Sequence[Reading]], seconds: int = 900) -> MemberEnergy:
    """Readings (withdrawn, injected, produced) per member and slot; None is a missing one."""
    table = np.array([[reading or (0, 0, 0) for reading in day] for day in days], dtype=np.int64)
    table = table.reshape(len(days), -1, 3)
    present = np.array([[reading is not None for reading in day] for day in days], dtype=bool)
    members = tuple(member(number) for number in range(len(days)))
    return MemberEnergy(members, T0, seconds, table[..., 0], table[..., 1], table[..., 2], present)


def around(
    pasts: Sequence[Sequence[PastDay]], profiles: Sequence[str] | None = None, *, working: bool = True
) -> Circumstances:
    """The members' last 60 days, yesterday first; all members have the same types of day."""
    history = PeakHistory(
        np.array([[day.peak for day in past] for past in pasts], dtype=np.int64),
        np.array([[day.complete for day in past] for past in pasts], dtype=bool),
        np.array([day.working for day in pasts[0]], dtype=bool),
    )
    return Circumstances(history, working, tuple(profiles or ["home"] * len(pasts)))
