"""Put a settled session into the shape that the story is told from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from commons.addresses import Address
from commons.units import EnergyWh, EpochSeconds, MoneyUe
from oracle.clearing.types import Outcome
from oracle.measurement.types import ReadingGrid
from oracle.settlement.types import Fills, MemberSettlement, Settlement
from scripts.demo.households import Household
from scripts.demo.market_day import HomeDay, MarketDay, SlotTrade
from scripts.demo.tariff import GridPrices


@dataclass(frozen=True)
class DemoMember:
    """A home with the wallet it trades from and the exchange point it is metered at."""

    home: Household
    wallet: Address
    point_id: str


@dataclass(frozen=True, eq=False)
class SettledSession:
    """The results of one session: the outcome, who was filled, and what was settled."""

    session_id: int
    outcome: Outcome
    fills: Fills
    settlement: Settlement


def market_day(
    community: str,
    day: date,
    members: Mapping[Address, DemoMember],
    session: SettledSession,
    metered: ReadingGrid,
    grid: GridPrices,
) -> MarketDay:
    """The day of all members, those that did not trade included; `metered` covers their points and the slots."""
    return MarketDay(
        community=community,
        session_id=session.session_id,
        day=day,
        slots=_slots(session, metered),
        homes=tuple(_home(member, session, metered) for member in members.values()),
        grid=grid,
    )


def _slots(session: SettledSession, metered: ReadingGrid) -> tuple[SlotTrade, ...]:
    return tuple(
        SlotTrade(EpochSeconds(metered.start + slot.slot * metered.slot_seconds), slot.price, slot.volume, delivered)
        for slot, delivered in zip(session.outcome.slots, session.settlement.settled, strict=True)
    )


def _home(member: DemoMember, session: SettledSession, metered: ReadingGrid) -> HomeDay:
    point = metered.point_ids.index(member.point_id)
    bought_wh, sold_wh = _settled(member.wallet, session)
    nothing = MemberSettlement(member.wallet, MoneyUe(0), MoneyUe(0), MoneyUe(0))
    money = next((leaf for leaf in session.settlement.members if leaf.trader == member.wallet), nothing)
    return HomeDay(
        home_id=member.home.home_id,
        label=member.home.label,
        withdrawn_wh=tuple(metered.withdrawn_wh[point].tolist()),
        injected_wh=tuple(metered.injected_wh[point].tolist()),
        bought_wh=bought_wh,
        sold_wh=sold_wh,
        debit_ue=money.debit,
        credit_ue=money.credit,
        penalty_ue=money.penalty,
    )


def _settled(wallet: Address, session: SettledSession) -> tuple[tuple[EnergyWh, ...], tuple[EnergyWh, ...]]:
    """Energy bought and sold by the wallet in each slot."""
    scaled = session.settlement.scaled
    traders = session.fills.traders
    if wallet not in traders:
        nothing = (EnergyWh(0),) * scaled.shape[1]
        return nothing, nothing
    row = traders.index(wallet)
    bought, sold = np.where(session.fills.is_buy[row], [scaled[row], 0 * scaled[row]], [0 * scaled[row], scaled[row]])
    return tuple(bought.tolist()), tuple(sold.tolist())
