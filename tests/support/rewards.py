"""Days with rewards for tests: parameters in force, meters bound, a local day read by every operator and notarised."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from commons.actions.bindings import PointOfMember, bind_call, bindings_for
from commons.actions.rewards import set_parameters
from commons.records import ModelKind, PointKind, RewardParameters
from commons.slots import HOUR_S, day_grid, local_day
from commons.units import BasisPoints, EpochSeconds
from commons.wallets import Signer
from oracle.measurement.points import point_id
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Point, Quality, ReadingBatch
from oracle.measurement.types import PointKind as Meter
from tests.support.chain import World
from tests.support.evidence import FREEZE_S
from tests.support.market import SALT, OperatorDesk, step

TOKEN = 10**18
PARAMETERS = RewardParameters(
    model=ModelKind.SELF_CONSUMPTION,
    own_bps=BasisPoints(5_000),
    load_bps=BasisPoints(10_000),
    production_bps=BasisPoints(7_500),
    threshold_bps=BasisPoints(1_000),
    full_bps=BasisPoints(2_000),
    self_consumption_weight_bps=BasisPoints(6_000),
    no_peaks_weight_bps=BasisPoints(4_000),
    tokens_per_kwh=TOKEN // 10,
    max_tokens=TOKEN,
)


@dataclass(frozen=True)
class Flows:
    """What a home's meters read in every hour of a day, Wh; `silent` hours have no reading."""

    withdrawn: int = 0
    injected: int = 0
    produced: int = 0
    silent: int = 0


def usual_flows(world: World) -> dict[Signer, Flows]:
    """Alice uses what comes; Bob's panels make 3 kWh an hour, of which he uses 1; Carla and Dino use little."""
    return {
        world.alice: Flows(withdrawn=1500),
        world.bob: Flows(injected=2000, produced=3000),
        world.carla: Flows(withdrawn=400),
        world.dino: Flows(withdrawn=100),
    }


def earned(world: World) -> dict[str, int]:
    """What `usual_flows` earn on a day of 24 hours under `PARAMETERS`, reckoned by hand.

    Bob uses 1000 Wh of his own and leaves 2000; the others want 1500 + 400 + 100 = 2000, so all of it is shared: each
    gets what it wants, Bob has 2000 used by others. Weighted, in Wh an hour: 1500, 500 + 1500, 400, 100.
    """
    of_a_kwh = TOKEN // 10
    weighted = ((world.alice, 1500), (world.bob, 2000), (world.carla, 400), (world.dino, 100))
    return {member.address: 24 * wh * of_a_kwh // 1000 for member, wh in weighted}


def production_of(member: Signer) -> bytes:
    """The point of a member's panels."""
    return bytes.fromhex(point_id(SALT, member.address + "/roof").removeprefix("0x"))


def exchange_of(member: Signer) -> bytes:
    """The point at which a member's home meets the grid."""
    return bytes.fromhex(point_id(SALT, member.address).removeprefix("0x"))


def bind_homes(world: World, members: Iterable[Signer]) -> None:
    """Bind both meters of each member from now on."""
    homes = list(members)
    points = [PointOfMember(exchange_of(one), PointKind.EXCHANGE, one) for one in homes]
    points += [PointOfMember(production_of(one), PointKind.PRODUCTION, one) for one in homes]
    calls = [bind_call(world.reader, world.admin, signed) for signed in bindings_for(world.reader, points)]
    world.chain.send_all([(world.admin, call) for call in calls])


def prepare_day(world: World, parameters: RewardParameters | None = PARAMETERS) -> date:
    """All homes are bound, and parameters in force from tomorrow on, or the next day of 24 hours; gives that day."""
    bind_homes(world, world.members)
    day = local_day(world.chain.now()) + timedelta(days=1)
    if local_day(EpochSeconds(world.chain.now() + 2 * HOUR_S)) == day:
        day += timedelta(days=1)
    while day_grid(day, HOUR_S).count != 24:
        day += timedelta(days=1)
    if parameters is not None:
        set_parameters(world.reader, world.admin, parameters, day)
    return day


def meter_day(operator: OperatorDesk, day: date, flows: Mapping[Signer, Flows]) -> None:
    """Put a day's hourly readings of homes into an operator's own store."""
    store, slots = ReadingStore(operator.engine), day_grid(day, HOUR_S)
    points = [Point("0x" + exchange_of(one).hex(), one.address, Meter.EXCHANGE) for one in flows]
    points += [Point("0x" + production_of(one).hex(), one.address, Meter.PRODUCTION) for one in flows]
    store.add_points(points)
    hours = [slots.count - flow.silent for flow in flows.values()] * 2
    energies = [(flow.withdrawn, flow.injected) for flow in flows.values()]
    energies += [(0, flow.produced) for flow in flows.values()]
    rows = np.repeat(np.arange(len(points), dtype=np.int64), hours)
    store.insert(
        ReadingBatch(
            point_ids=tuple(point.point_id for point in points),
            point=rows,
            start=slots.start + np.concatenate([np.arange(count, dtype=np.int64) for count in hours]) * HOUR_S,
            seconds=np.full(len(rows), HOUR_S, dtype=np.int64),
            withdrawn_wh=np.array([withdrawn for withdrawn, _ in energies], dtype=np.int64)[rows],
            injected_wh=np.array([injected for _, injected in energies], dtype=np.int64)[rows],
            quality=np.full(len(rows), Quality.MEASURED, dtype=np.uint8),
        )
    )


def notarise_day(world: World, operators: Sequence[OperatorDesk], day: date) -> None:
    """Let the day end and freeze, the operators agree on its dataset, and the window for objections pass."""
    world.jump_to(int(day_grid(day).end) + FREEZE_S)
    step(operators)
    pass_window(world)


def pass_window(world: World) -> None:
    """Let the window for objections to a dataset, or to rewards, pass."""
    world.jump(world.reader.window_limits().challenge)


def tokens_of(world: World, wallet: str) -> int:
    """A wallet's community tokens, in the smallest unit."""
    return int(world.chain.call(world.contracts.token.call("balanceOf", wallet)))
