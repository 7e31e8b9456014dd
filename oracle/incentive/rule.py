"""The division of an incentive among members, to the cent, under a rule chosen by its name.

What a rule decides is what each member counts; cents then follow by largest remainder, ties by ascending wallet. A
national rule, or another key of division, is one more entry of `RULES`: a name with its version is never given to
another way, because what was paid under it must be recomputable.
"""

from dataclasses import replace

import numpy as np

from commons.addresses import address
from commons.errors import InputError
from commons.units import EnergyWh, MoneyUe
from oracle.incentive.shared_energy import SHARED_ENERGY
from oracle.incentive.types import CENT_UE, Division, DivisionRule, Share, Weighing
from oracle.largest_remainder import largest_remainder, quotients_of
from oracle.measurement.member_energy import MemberEnergy

RULES: dict[str, DivisionRule] = {rule.name: rule for rule in (SHARED_ENERGY,)}
DEFAULT_RULE = SHARED_ENERGY.name


def division_rule(name: str) -> DivisionRule:
    """The rule of that name.

    Raises:
        InputError: there is none.
    """
    if name not in RULES:
        raise InputError(f"there is no rule of division {name!r}", remedy=f"Known are {', '.join(sorted(RULES))}.")
    return RULES[name]


def divide(amount: MoneyUe, energy: MemberEnergy, rule: DivisionRule) -> Division:
    """The incentive divided among the members that the readings are about.

    Raises:
        InputError: there is less than a cent to divide, or nobody counts anything under the rule.
        ValueError: the readings do not suit the rule, such as slots that make no whole hours.
    """
    energy = _ascending(energy)
    weighing = rule.weigh(energy)
    total = sum(weighing.weights)
    cents, undivided = divmod(amount, CENT_UE)
    if cents <= 0:
        raise InputError(f"an incentive of {amount} µ€ is less than a cent", remedy="Check the amount that came in.")
    if total == 0:
        raise InputError(
            "no member shared energy in the period, so there is nothing to divide the incentive by",
            remedy="Check the days and their readings.",
        )
    shares = _shares(energy.members, weighing, cents)
    return Division(
        rule=rule.name,
        start=energy.start,
        end=energy.start + energy.slots * energy.slot_seconds,
        amount=amount,
        undivided=MoneyUe(undivided),
        total_weight=EnergyWh(total),
        extra_cents=sum(share.has_extra_cent for share in shares),
        shares=shares,
        weighing=weighing,
    )


def _shares(members: tuple[str, ...], weighing: Weighing, cents: int) -> tuple[Share, ...]:
    parts, rest = np.array(weighing.weights, dtype=np.int64)[:, np.newaxis], np.array([cents], dtype=np.int64)
    floors, remainders = (table[:, 0].tolist() for table in quotients_of(parts, rest))
    given = largest_remainder(parts, rest)[:, 0].tolist()
    return tuple(
        Share(member, EnergyWh(weight), floor, remainder, got > floor, MoneyUe(got * CENT_UE))
        for member, weight, floor, remainder, got in zip(
            members, weighing.weights, floors, remainders, given, strict=True
        )
    )


def _ascending(energy: MemberEnergy) -> MemberEnergy:
    """The readings with members in ascending order of their wallets."""
    wallets = [address(member) for member in energy.members]
    order = sorted(range(len(wallets)), key=lambda row: wallets[row])
    return replace(
        energy,
        members=tuple(wallets[row] for row in order),
        withdrawn_wh=energy.withdrawn_wh[order],
        injected_wh=energy.injected_wh[order],
        produced_wh=energy.produced_wh[order],
        present=energy.present[order],
    )
