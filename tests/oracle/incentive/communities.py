"""Communities for the tests of the incentive, from plain lists."""

from collections.abc import Sequence

import numpy as np

from oracle.measurement.member_energy import MemberEnergy
from tests.oracle.incentive.brute_force import Reading

T0 = 1_799_996_400


def wallet(number: int) -> str:
    """Wallets in ascending order of their numbers."""
    return f"0x{number + 1:040x}"


def energy_of(members: Sequence[Sequence[Reading]], seconds: int = 3600) -> MemberEnergy:
    """Readings per member and slot, members with ascending wallets."""
    table = np.array([[reading or (0, 0) for reading in member] for member in members], dtype=np.int64)
    table = table.reshape(len(members), -1, 2)
    present = np.array([[reading is not None for reading in member] for member in members], dtype=bool)
    names = tuple(wallet(number) for number in range(len(members)))
    return MemberEnergy(names, T0, seconds, table[..., 0], table[..., 1], np.zeros_like(table[..., 0]), present)
