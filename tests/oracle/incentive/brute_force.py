"""The division of an incentive again, with plain integers and fractions, slowly."""

from fractions import Fraction

Reading = tuple[int, int] | None
"""Withdrawn and injected Wh of a member in a slot; None where missing."""


def hamilton(parts: list[int], rest: int) -> list[int]:
    """Rounded down, then one each to the largest remainders; of equal ones to the first."""
    if rest == 0:
        return [0] * len(parts)
    exact = [Fraction(rest * part, sum(parts)) for part in parts]
    shares = [int(quota) for quota in exact]
    by_remainder = sorted(range(len(parts)), key=lambda row: (-(exact[row] - shares[row]), row))
    for row in by_remainder[: rest - sum(shares)]:
        shares[row] += 1
    return shares


def counted(members: list[list[Reading]], slots_an_hour: int) -> list[int]:
    """What each member counts under shared-energy/1."""
    counts = [0] * len(members)
    for first in range(0, len(members[0]), slots_an_hour):
        hour = [[slot or (0, 0) for slot in member[first : first + slots_an_hour]] for member in members]
        taken = [sum(slot[0] for slot in slots) for slots in hour]
        fed = [sum(slot[1] for slot in slots) for slots in hour]
        shared = min(sum(taken), sum(fed))
        for side in (taken, fed):
            counts = [count + part for count, part in zip(counts, hamilton(side, shared), strict=True)]
    return counts


def cents(members: list[list[Reading]], slots_an_hour: int, amount: int) -> list[int]:
    """What each member gets, in cents."""
    return hamilton(counted(members, slots_an_hour), amount)
