"""The settlement rule, in two steps, so that an auditor without readings recomputes the second.

Step A, `count`: fills and readings to counted energy. Step B, `settle`: counted energy to money and a root.
Source: DESIGN.md section 6, "Settlement".
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from commons.units import BPS, WH_PER_KWH, EnergyWh, MoneyUe
from oracle.rationing import ration
from oracle.settlement.leaves import settlement_tree
from oracle.settlement.types import (
    Counted,
    EnergyTable,
    Fills,
    MemberSettlement,
    MoneyTable,
    Readings,
    Settlement,
    SettlementRules,
    Totals,
    excused_within,
)

_INT64_LIMIT = 1 << 63


def count(fills: Fills, readings: Readings, missing_allowance: int) -> Counted:
    """Step A: the energy of each fill that the meters saw.

    Counted is the smaller of filled and withdrawn (a buyer) or injected (a seller), and 0 where the reading is missing.
    Wallets of one member take from its meter in order of their first order indices, each what those before it left.
    """
    metered = np.where(fills.is_buy, readings.withdrawn, readings.injected)
    left = np.maximum(metered - _taken_before(fills, readings), 0)
    counted = np.where(readings.present, np.minimum(fills.filled, left), 0)
    missing = ~readings.present & (fills.filled > 0)
    return Counted(fills, counted, missing, excused_within(missing, missing_allowance))


def settle(counted: Counted, prices: Sequence[int], rules: SettlementRules) -> Settlement:
    """Step B: what each member owes and gets.

    The side of a slot with more counted energy is scaled down to the other. Debits and penalties round up, credits
    down, per trader and slot; so debits cover credits, and the remainder stays with the community.

    Args:
        prices: (slots,) µ€/kWh; 0 where nothing traded.
    """
    scaled = _scale(counted)
    price = _exact(prices, counted, rules)
    debit = _euro_up(np.where(counted.fills.is_buy, scaled, 0), price)
    credit = _euro_down(np.where(counted.fills.is_buy, 0, scaled), price)
    penalty = _euro_up(_shortfall(counted, rules), np.full_like(price, rules.penalty_price))
    members = _members(counted.fills, debit, credit, penalty)
    return Settlement(
        scaled=scaled,
        settled=tuple(EnergyWh(wh) for wh in np.where(counted.fills.is_buy, scaled, 0).sum(axis=0).tolist()),
        debit=debit,
        credit=credit,
        penalty=penalty,
        members=members,
        totals=_totals(members),
        root=settlement_tree(rules.session_id, members).root,
    )


def _taken_before(fills: Fills, readings: Readings) -> EnergyTable:
    """What earlier wallets of the same member were filled on the same side of a slot."""
    taken = np.zeros_like(fills.filled)
    if readings.meter is None:
        return taken
    for row in np.flatnonzero(readings.meter != np.arange(len(taken))):
        earlier = np.flatnonzero(readings.meter[:row] == readings.meter[row])
        same_side = fills.is_buy[earlier] == fills.is_buy[row]
        taken[row] = np.where(same_side, fills.filled[earlier], 0).sum(axis=0)
    return taken


def _scale(counted: Counted) -> EnergyTable:
    """Counted energy, with the larger side of each slot rationed to the smaller, by ascending first order index."""
    is_buy = counted.fills.is_buy
    bought = np.where(is_buy, counted.counted, 0).sum(axis=0)
    sold = np.where(is_buy, 0, counted.counted).sum(axis=0)
    both = np.minimum(bought, sold)
    side = np.arange(len(both)) * 2 + is_buy
    return ration(counted.counted.reshape(-1), side.reshape(-1), np.repeat(both, 2)).reshape(counted.counted.shape)


def _shortfall(counted: Counted, rules: SettlementRules) -> EnergyTable:
    """Wh to be fined: what is short of the fill beyond the tolerance; nothing where excused."""
    filled = counted.fills.filled
    tolerated = filled // BPS * rules.tolerance + filled % BPS * rules.tolerance // BPS
    short = np.maximum(filled - counted.counted - tolerated, 0)
    return np.where(counted.excused, 0, short)


def _exact(prices: Sequence[int], counted: Counted, rules: SettlementRules) -> NDArray[np.int64]:
    """The prices as numbers whose products with energy, all added up, cannot overflow: int64 or Python integers."""
    filled = counted.fills.filled
    highest = max(int(filled.max(initial=0)), 1) * max(*prices, rules.penalty_price, WH_PER_KWH)
    fits = highest * max(filled.size, 1) < _INT64_LIMIT
    return np.array(prices, dtype=np.int64 if fits else object)


def _euro_up(energy: EnergyTable, price: NDArray[np.int64]) -> MoneyTable:
    return np.asarray(-(-energy * price // WH_PER_KWH))


def _euro_down(energy: EnergyTable, price: NDArray[np.int64]) -> MoneyTable:
    return np.asarray(energy * price // WH_PER_KWH)


def _members(fills: Fills, *money: MoneyTable) -> tuple[MemberSettlement, ...]:
    columns = (fills.traders, *(table.sum(axis=1).tolist() for table in money))
    return tuple(
        MemberSettlement(trader, MoneyUe(debit), MoneyUe(credit), MoneyUe(penalty))
        for trader, debit, credit, penalty in zip(*columns, strict=True)
    )


def _totals(members: Sequence[MemberSettlement]) -> Totals:
    return Totals(
        MoneyUe(sum(member.debit for member in members)),
        MoneyUe(sum(member.credit for member in members)),
        MoneyUe(sum(member.penalty for member in members)),
    )
