"""Model 1: energy used where and when it is made.

`own = min(L, P)`; what is left of each member's load and production meets in the community, slot by slot, and the
shared energy is divided in proportion: floors per member and slot, so that never more is divided than was shared.
Source: DESIGN.md section 10, model 1.
"""

import numpy as np
import numpy.typing as npt

from commons.units import BPS, WH_PER_KWH, EnergyWh
from oracle.measurement.member_energy import MemberEnergy
from oracle.rewards.types import EnergyTable, Reason, SelfConsumption, SelfConsumptionModel

_INT64_LIMIT = 1 << 63


def self_consumption(
    energy: MemberEnergy, is_missing: npt.NDArray[np.bool_], model: SelfConsumptionModel
) -> SelfConsumption:
    """What each member earned under model 1. A slot without a reading counts nothing for its member.

    Args:
        is_missing: (members,) whether too much of the member's day is missing; its readings still count for the
            others, whose energy did meet it.
    """
    consumed, produced = np.where(energy.present, energy.consumed_wh, 0), energy.produced_wh
    own = np.minimum(consumed, produced)
    residual_load, residual_production = consumed - own, produced - own
    load_sum, production_sum = residual_load.sum(axis=0), residual_production.sum(axis=0)
    shared = np.minimum(load_sum, production_sum)
    load = _portions(residual_load, shared, load_sum)
    production = _portions(residual_production, shared, production_sum)

    effective = _effective_wh(model, own, load, production)
    covered = (own + load).sum(axis=1).tolist()
    is_below = [
        got * BPS < wanted * model.threshold for got, wanted in zip(covered, consumed.sum(axis=1).tolist(), strict=True)
    ]
    reached = [wh * model.tokens_per_kwh // WH_PER_KWH for wh in effective]
    reasons = tuple(_reason(*of_member) for of_member in zip(is_missing.tolist(), is_below, reached, strict=True))
    return SelfConsumption(
        model=model,
        consumed_wh=consumed,
        produced_wh=produced,
        own_wh=own,
        shared_wh=shared,
        residual_load_wh=load_sum,
        residual_production_wh=production_sum,
        load_wh=load,
        production_wh=production,
        effective_wh=effective,
        reasons=reasons,
        tokens=tuple(n if why is Reason.EARNED else 0 for n, why in zip(reached, reasons, strict=True)),
    )


def _portions(parts: EnergyTable, shared: npt.NDArray[np.int64], totals: npt.NDArray[np.int64]) -> EnergyTable:
    """`floor(shared × part / total)` per slot; 0 where there is no total."""
    fits = int(shared.max(initial=0)) * int(parts.max(initial=0)) < _INT64_LIMIT
    dividends = shared * parts if fits else shared.astype(object) * parts
    return (dividends // np.maximum(totals, 1)).astype(np.int64)


def _effective_wh(
    model: SelfConsumptionModel, own: EnergyTable, load: EnergyTable, production: EnergyTable
) -> tuple[EnergyWh, ...]:
    """The weighted energy of the day: `Σ (own × ownBps + load × loadBps + prod × prodBps) / 10000`."""
    sums = (table.sum(axis=1).tolist() for table in (own, load, production))
    return tuple(
        EnergyWh((a * model.own + b * model.load + c * model.production) // BPS) for a, b, c in zip(*sums, strict=True)
    )


def _reason(is_missing: bool, is_below: bool, tokens: int) -> Reason:
    if is_missing:
        return Reason.TOO_MUCH_MISSING
    if is_below:
        return Reason.BELOW_THRESHOLD
    return Reason.EARNED if tokens else Reason.NOTHING_COUNTED
