"""What one payment costs and earns: the rule of `CommunityToken`, told again in integers.

    fee        floor(amount × feeBps / 10000)
    incentive  of payer and payee each: floor(amount × bps × valueBps / 10⁸), at most `mostPerPayment`;
               together at most the fee, but for a deal whose value was checked;
               each at most what the person has left in the period; together at most what the pair has left;
               together at most what the treasury has once the fee is in
Where two are cut to a common limit, each gets floor(its part × limit / sum).
"""

from dataclasses import dataclass

from commons.records.economy import LIMIT_UNIT, CategoryTerms
from commons.units import BPS
from oracle.economy.types import Deal, Incentives

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Allowance:
    """What payer, payee, and the two together may still get in the period."""

    payer: int
    payee: int
    pair: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """The incentives that the rule grants before the treasury is looked at, and whether a period's limit cut them."""

    incentives: Incentives
    is_capped: bool


def fee_of(amount: int, fee_bps: int) -> int:
    """What the treasury gets of a payment, rounded down."""
    return amount * fee_bps // BPS


def incentives_of(amount: int, fee: int, terms: CategoryTerms, deal: Deal | None, allowance: Allowance) -> Wanted:
    """The incentives of a payment, if the treasury has them."""
    value_bps = deal.value_bps if deal is not None and deal.is_checked else BPS
    payer_bps = terms.payer_bps if deal is None or deal.payer_is_entitled else 0
    payee_bps = terms.payee_bps if deal is None or deal.payee_is_entitled else 0
    most = terms.most_per_payment * LIMIT_UNIT
    wanted = (
        min(amount * payer_bps * value_bps // (BPS * BPS), most),
        min(amount * payee_bps * value_bps // (BPS * BPS), most),
    )
    if deal is None or not deal.is_checked:
        wanted = fit(wanted, fee)
    within = min(wanted[0], allowance.payer), min(wanted[1], allowance.payee)
    granted = fit(within, allowance.pair)
    return Wanted(Incentives(*granted), granted != wanted)


def fit(parts: Pair, most: int) -> Pair:
    """Both parts, scaled down to a sum of at most `most`."""
    total = sum(parts)
    return parts if total <= most else (parts[0] * most // total, parts[1] * most // total)
