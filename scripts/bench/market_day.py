"""A session of a day's hours with every member of a community in it, taken from sealed orders to paid members.

Orders and readings follow from the member's number alone. Each member orders in every hour, buys in one half of the day
and sells in the other. One in ten delivers and takes half of what it ordered and pays penalties; the others all of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Engine

from commons.actions import orders as market
from commons.actions import sessions
from commons.orders import Order
from commons.slots import HOUR_S
from commons.store import FolderStore
from commons.units import EnergyWh, EpochSeconds, PriceUekwh, SessionId, SlotIndex
from commons.wallets import Signer
from oracle.measurement.points import point_id
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import IntArray, Point, PointKind, Quality, ReadingBatch
from oracle.operator import Market, build_pipeline, operator_database
from oracle.options import Options
from oracle.pipeline import Pipeline
from oracle.session.fold import session_of
from oracle.session.types import SessionView
from scripts.bench.community import BenchCommunity
from scripts.bench.stopwatch import Phase, timed
from scripts.embedded import jump_to

SLOTS = 24
PLAN = sessions.SessionPlan(slot_count=SLOTS, commit_seconds=HOUR_S, reveal_seconds=HOUR_S)
EAGER = Options(stagger_blocks=0)
SALT = bytes(32)


def day_orders(member: int) -> list[Order]:
    """One order an hour: 100 Wh to 10 kWh, at 0.06 to 0.32 €/kWh."""
    chance = np.random.default_rng(member)
    quantities, limits = chance.integers(100, 10_000, SLOTS).tolist(), chance.integers(60_000, 320_000, SLOTS).tolist()
    buys_early = member % 2 == 0
    return [
        Order(SlotIndex(slot), (slot < SLOTS // 2) == buys_early, EnergyWh(quantity), PriceUekwh(limit))
        for slot, (quantity, limit) in enumerate(zip(quantities, limits, strict=True))
    ]


def day_readings(orders: Sequence[Sequence[Order]]) -> IntArray:
    """What meters saw, Wh by member and slot: all of each order, half of it with every tenth member."""
    table = np.array([[order.quantity_wh for order in own] for own in orders], dtype=np.int64)
    table[::10] //= 2
    return table


@dataclass(frozen=True)
class MarketDay:
    """One session: its steps are called in the order of its life; those that tell what they took are measured."""

    community: BenchCommunity
    session_id: SessionId
    orders: dict[Signer, list[Order]]
    published: FolderStore
    desks: tuple["Desk", ...]

    # ---------------------------------------------------------------- members

    def commit(self) -> Phase:
        """Every member seals its orders and commits to them."""
        reader, pairs = self.community.reader, list(self.orders.items())
        return timed(reader.chain, "commit", lambda: market.commit_all(reader, self.session_id, pairs))

    def reveal(self, but: Sequence[Signer] = ()) -> Phase:
        """Every member but some reopens its envelope from the chain and reveals."""
        reader, traders = self.community.reader, [one for one in self.orders if one not in but]
        return timed(reader.chain, "reveal", lambda: market.reveal_all(reader, self.session_id, traders))

    def withdraw(self) -> Phase:
        """Every member draws its free escrow."""
        call = self.community.contracts.marketplace.call("withdrawAllFunds")
        calls = [(one, call) for one in self.orders]
        return timed(self.community.chain, "withdraw", lambda: self.community.chain.send_all(calls))

    # ---------------------------------------------------------------- operators

    def step(self, operator: int, name: str) -> Phase:
        """A pass of an operator, numbered from 0: whatever is due, as `oracle run` does it."""
        return timed(self.community.chain, name, self.desks[operator].step)

    # ---------------------------------------------------------------- time

    def begin_reveals(self) -> None:
        """The commit deadline passes."""
        self._jump_to(self.view.parameters.commit_deadline)

    def begin_clearing(self) -> None:
        """The reveal deadline passes."""
        self._jump_to(self.view.parameters.reveal_deadline)

    def begin_settling(self) -> None:
        """The challenge window and the delivery pass; every operator gets its own copy of the readings."""
        view = self.view
        for desk in self.desks:
            desk.meter(view, self.orders)
        self._jump_to(EpochSeconds(max(view.outcome_ballot.final_at, view.parameters.delivery_end)))

    def begin_executing(self) -> None:
        """The window for objections passes."""
        self._jump_to(self.view.settlement_ballot.final_at)

    def _jump_to(self, moment: EpochSeconds) -> None:
        jump_to(self.community.chain, moment)

    # ---------------------------------------------------------------- looking

    @property
    def view(self) -> SessionView:
        """What the chain says of the session."""
        found = _market(self.community)
        events = found.chain.events(found.contracts.addresses, found.first_block)
        view = session_of(found.market_id, self.session_id, events)
        assert view is not None, "the session was opened"
        return view

    def require_paid(self) -> None:
        """Refuse a day after which money is still locked, due, or in the pot."""
        reader = self.community.reader
        locked = sum(funds.locked for funds in reader.funds_of([one.address for one in self.orders]))
        due, pot = reader.chain.call(reader.contracts.marketplace.call("owedToTreasury")), self.view.pot
        if locked or due or pot:
            raise AssertionError(f"{locked} µ€ are locked, {due} µ€ due and {pot} µ€ in the pot after the last payment")


@dataclass(frozen=True)
class Desk:
    """An operator with its own database."""

    engine: Engine
    pipeline: Pipeline

    def step(self) -> None:
        """One pass."""
        report = self.pipeline.step()
        if report.has_failed:
            raise AssertionError(f"an operator's pass failed: {report}")

    def meter(self, view: SessionView, orders: Mapping[Signer, Sequence[Order]]) -> None:
        """Store what the members' meters saw."""
        store = ReadingStore(self.engine)
        wallets = [one.address for one in orders]
        ids = tuple(point_id(SALT, wallet) for wallet in wallets)
        store.add_points([Point(one, wallet, PointKind.EXCHANGE) for one, wallet in zip(ids, wallets, strict=True)])
        seen, is_buy = (
            day_readings(list(orders.values())),
            np.array([[o.is_buy for o in own] for own in orders.values()]),
        )
        point, slot = (axis.reshape(-1) for axis in np.indices(seen.shape))
        batch = ReadingBatch(
            point_ids=ids,
            point=point,
            start=view.parameters.delivery_start + slot * HOUR_S,
            seconds=np.full(seen.size, HOUR_S),
            withdrawn_wh=np.where(is_buy, seen, 0).reshape(-1),
            injected_wh=np.where(is_buy, 0, seen).reshape(-1),
            quality=np.full(seen.size, Quality.MEASURED, dtype=np.uint8),
        )
        store.insert(batch)


def open_day(community: BenchCommunity) -> MarketDay:
    """A new session, with an operator's desk for each operator and orders of every member."""
    chain = community.chain
    session_id = sessions.open_session(community.reader, community.market_operator, PLAN.parameters(chain.now()))
    orders = {one: day_orders(number) for number, one in enumerate(community.members)}
    published = FolderStore(community.folder / "published")
    desks = tuple(_desk(community, operator, published) for operator in community.operators)
    return MarketDay(community, session_id, orders, published, desks)


def _desk(community: BenchCommunity, operator: Signer, published: FolderStore) -> Desk:
    engine = operator_database(community.folder / operator.name)
    return Desk(engine, build_pipeline(_market(community), operator, engine, published, (), EAGER))


def _market(community: BenchCommunity) -> Market:
    return Market(community.chain, community.contracts, community.first_block)
