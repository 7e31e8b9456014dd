"""Why a member gets what it gets of an incentive: every number that led there, and the sentences that say them."""

from dataclasses import dataclass

from commons.units import MoneyUe, show_eur
from oracle.incentive.types import CENT_UE, Division, HourNumbers, Share


@dataclass(frozen=True, slots=True)
class IncentiveExplanation:
    """One member's part of an incentive."""

    rule: str
    start: int
    end: int
    amount: MoneyUe
    total_weight: int
    extra_cents: int
    hours: tuple[HourNumbers, ...]
    """The hours in which the community shared energy."""
    used_wh: int
    given_wh: int
    share: Share


def explain_incentive(division: Division, member: str) -> IncentiveExplanation:
    """The numbers of one member.

    Raises:
        ValueError: the member is none of those that the division is about.
    """
    row = [share.member for share in division.shares].index(member)
    hours = division.weighing.numbers(row)
    return IncentiveExplanation(
        rule=division.rule,
        start=division.start,
        end=division.end,
        amount=division.amount,
        total_weight=division.total_weight,
        extra_cents=division.extra_cents,
        hours=tuple(hour for hour in hours if hour.shared_wh),
        used_wh=sum(hour.used_wh for hour in hours),
        given_wh=sum(hour.given_wh for hour in hours),
        share=division.shares[row],
    )


def incentive_sentences(found: IncentiveExplanation) -> tuple[str, ...]:
    """The explanation step by step; the last sentence says what the member gets."""
    share, cents = found.share, found.amount // CENT_UE
    exact = f"{cents} cents × {share.weight} Wh ÷ {found.total_weight} Wh"
    said = [
        f"In {len(found.hours)} hours some members fed energy in while others took it out: that is shared energy.",
        f"Of it you used {found.used_wh} Wh and gave {found.given_wh} Wh: you count {share.weight} Wh of the "
        f"{found.total_weight} Wh that all members count.",
        f"{exact} = {share.floor_cents} cents, remainder {share.remainder}.",
    ]
    if found.extra_cents:
        got = "you are one of them" if share.has_extra_cent else "you are none of them"
        said.append(f"Rounding down left {found.extra_cents} cents, one each for the largest remainders: {got}.")
    return (*said, f"You get {show_eur(share.amount)} of the incentive of {show_eur(found.amount)}.")
