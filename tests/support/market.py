"""A day at the market for tests: sealed orders, reveals, meters, and operators who work the session to its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from commons.chain import Call
from commons.orders import Order, bounds, commitment
from commons.store import FolderStore
from commons.units import EnergyWh, PriceUekwh, SessionId, SlotIndex
from commons.wallets import Signer
from oracle.measurement.points import point_id
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Point, PointKind, Quality, ReadingBatch
from oracle.operator import Market, build_pipeline, operator_database
from oracle.options import Options
from oracle.pipeline import Pipeline
from oracle.session.fold import session_of
from oracle.session.types import SessionView
from tests.support.chain import World

SALT = bytes(range(32))
EAGER = Options(stagger_blocks=0)
SLOTS = 4
HOUR = 3600


def buy(slot: int, quantity_wh: int, limit: int) -> Order:
    """A bid."""
    return Order(SlotIndex(slot), True, EnergyWh(quantity_wh), PriceUekwh(limit))


def sell(slot: int, quantity_wh: int, limit: int) -> Order:
    """An ask."""
    return Order(SlotIndex(slot), False, EnergyWh(quantity_wh), PriceUekwh(limit))


@dataclass(frozen=True)
class Day:
    """A session with its orders, and the moments that matter."""

    world: World
    session_id: SessionId
    orders: Mapping[Signer, Sequence[Order]]

    @property
    def view(self) -> SessionView:
        """What the chain says of it."""
        chain, contracts = self.world.chain, self.world.contracts
        market = Market(chain, contracts, 0).market_id
        events = chain.events(contracts.addresses, self.world.community.created_block)
        found = session_of(market, self.session_id, events)
        assert found is not None
        return found

    def commit(self) -> None:
        """Everybody commits."""
        self.world.chain.send_all([(trader, self._commit_call(trader)) for trader in self.orders])

    def reveal(self, traders: Sequence[Signer] | None = None) -> None:
        """These traders reveal in this order (all of them by default), and the reveal deadline passes.

        One after the other: a chain takes a batch of transactions in any order, and the order indices, which are the
        rows of a settlement, would be other ones in every run.
        """
        parameters = self.view.parameters
        self.world.jump_to(parameters.commit_deadline)
        for trader in self.orders if traders is None else traders:
            self.world.chain.send(trader, self._reveal_call(trader))
        self.world.jump_to(parameters.reveal_deadline)

    def deliver(self) -> None:
        """Let the challenge window and the delivery pass."""
        self.world.jump_to(max(self.view.outcome_ballot.final_at, self.view.parameters.delivery_end))

    def object(self) -> None:
        """Let the window for objections pass."""
        self.world.jump_to(self.view.settlement_ballot.final_at)

    def _commit_call(self, trader: Signer) -> Call:
        market, orders = self.world.contracts.marketplace, self.orders[trader]
        parameters = self.view.parameters
        lock = bounds(orders, parameters.penalty_price, parameters.cap_price).lock
        chain_id = self.world.chain.chain_id
        digest = commitment(chain_id, market.address, self.session_id, trader.address, orders, SALT)
        return market.call("submitCommitments", self.session_id, digest, lock, b"sealed")

    def _reveal_call(self, trader: Signer) -> Call:
        market = self.world.contracts.marketplace
        return market.call("revealOrders", self.session_id, trader.address, list(self.orders[trader]), SALT)


def open_day(world: World, orders: Mapping[Signer, Sequence[Order]], **changes: object) -> Day:
    """A session of four hours with these orders committed."""
    session_id = world.open_session(slot_count=SLOTS, **changes)
    day = Day(world, session_id, orders)
    day.commit()
    return day


def usual_orders(world: World) -> dict[Signer, list[Order]]:
    """Alice and Carla buy, Bob sells in every slot; Dino sells in the last one, where offers are rationed."""
    return {
        world.alice: [buy(slot, 1000, 200_000) for slot in range(SLOTS)],
        world.bob: [sell(slot, 1500, 100_000) for slot in range(SLOTS)],
        world.carla: [buy(0, 700, 180_000), buy(2, 400, 150_000)],
        world.dino: [sell(3, 900, 100_000)],
    }


def usual_readings(world: World) -> dict[str, list[int | None]]:
    """Everybody delivers and takes, but Bob falls short in slot 1."""
    return {
        world.alice.address: [1000, 1200, 1000, 1000],
        world.bob.address: [-1500, -600, -1500, -1500],
        world.carla.address: [700, 0, 500, 0],
        world.dino.address: [0, 0, 0, -900],
    }


@dataclass
class OperatorDesk:
    """One operator's folder and key; `pipeline` is a fresh process's each time it is asked for."""

    world: World
    signer: Signer
    folder: Path
    published: FolderStore
    options: Options = EAGER

    @property
    def engine(self) -> Engine:
        """The operator's database."""
        return operator_database(self.folder)

    @property
    def pipeline(self) -> Pipeline:
        """The operator as a new process finds it."""
        market = Market(self.world.chain, self.world.contracts, self.world.community.created_block)
        return build_pipeline(market, self.signer, self.engine, self.published, (), self.options)

    def meter(self, view: SessionView, readings: Mapping[str, Sequence[int | None]]) -> None:
        """Put readings into the operator's own store.

        Args:
            readings: per wallet and slot what its meter saw: withdrawn where positive, injected where negative, None
                where missing.
        """
        store = ReadingStore(self.engine)
        wallets = list(readings)
        ids = {wallet: point_id(SALT, wallet) for wallet in wallets}
        store.add_points([Point(ids[wallet], wallet, PointKind.EXCHANGE) for wallet in wallets])
        store.insert(reading_batch(view, [ids[w] for w in wallets], [readings[w] for w in wallets]))


def reading_batch(view: SessionView, ids: Sequence[str], rows: Sequence[Sequence[int | None]]) -> ReadingBatch:
    """Readings of the session's slots as a batch."""
    table = np.array([[0 if value is None else value for value in row] for row in rows], dtype=np.int64)
    missing = np.array([[value is None for value in row] for row in rows])
    point, slot = (axis.reshape(-1) for axis in np.indices(table.shape))
    values = table.reshape(-1)
    return ReadingBatch(
        point_ids=tuple(ids),
        point=point,
        start=view.parameters.delivery_start + slot * HOUR,
        seconds=np.full(len(values), HOUR),
        withdrawn_wh=np.maximum(values, 0),
        injected_wh=np.maximum(-values, 0),
        quality=np.where(missing.reshape(-1), Quality.MISSING, Quality.MEASURED).astype(np.uint8),
    )


def desks(world: World, folder: Path, options: Options = EAGER) -> list[OperatorDesk]:
    """The three operators, each with a folder of its own, publishing to one place."""
    published = FolderStore(folder / "published")
    return [
        OperatorDesk(world, signer, folder / f"operator-{number}", published, options)
        for number, signer in enumerate(world.operators, start=1)
    ]


def run_to_end(day: Day, operators: Sequence[OperatorDesk], reveal: Sequence[Signer] | None = None) -> None:
    """Everybody takes passes until the session is over."""
    day.reveal(reveal)
    step(operators)
    day.deliver()
    step(operators)
    day.object()
    step(operators)


def step(operators: Sequence[OperatorDesk]) -> None:
    """A pass of each operator, without a failure."""
    for operator in operators:
        report = operator.pipeline.step()
        assert not report.has_failed, report
