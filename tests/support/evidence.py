"""Days of evidence for tests: bound points, members' keys at every operator, a session whose day must be notarised."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from commons.actions.bindings import PointOfMember, bind_call, bindings_for
from commons.keccak import keccak256
from commons.orders import Order
from commons.records import PointKind
from commons.slots import day_grid, day_number, local_day, local_midnight
from commons.units import EpochSeconds
from commons.wallets import Signer
from oracle.archive.keys import KeyBook, seal_for
from oracle.measurement.points import point_id
from oracle.options import Options
from tests.support.chain import HOUR, World
from tests.support.market import SALT, Day, OperatorDesk, desks, open_day

FREEZE_S = 1800
EAGER_EVIDENCE = Options(stagger_blocks=0, freeze_s=FREEZE_S)
DELIVERY_HOUR = 12


def evidence_desks(world: World, folder: object, options: Options = EAGER_EVIDENCE) -> list[OperatorDesk]:
    """The three operators with every member's key."""
    found = desks(world, folder, options)  # type: ignore[arg-type]
    give_keys(world, found)
    return found


def bind_points(world: World, members: Iterable[Signer]) -> None:
    """Bind the exchange point of each member from now on."""
    points = [PointOfMember(point_of(member), PointKind.EXCHANGE, member) for member in members]
    calls = [bind_call(world.reader, world.admin, signed) for signed in bindings_for(world.reader, points)]
    world.chain.send_all([(world.admin, call) for call in calls])


def point_of(member: Signer) -> bytes:
    """The member's exchange point."""
    return bytes.fromhex(point_id(SALT, member.address).removeprefix("0x"))


def give_keys(world: World, operators: Sequence[OperatorDesk], members: Iterable[Signer] | None = None) -> None:
    """Each member's key, sealed to every operator."""
    community = world.contracts.community.address
    public_keys = [operator.signer.public_key for operator in operators]
    sealed = [
        key
        for member in (world.members if members is None else members)
        for key in seal_for(key_of(member), community, world.reader.member(member.address).member_id, public_keys)
    ]
    for operator in operators:
        KeyBook(operator.engine, community, operator.signer).keep(sealed)


def key_of(member: Signer) -> bytes:
    """A member's key."""
    return keccak256(b"key of " + member.address.encode())


def require_evidence(world: World, day: date) -> None:
    """Let settlements name notarised datasets from a coming day on."""
    call = world.contracts.notary.call("requireEvidence", day_number(day))
    world.chain.send(world.admin, call)


def open_evidence_day(world: World, orders: Mapping[Signer, Sequence[Order]], **changes: object) -> Day:
    """A session on tomorrow's local day, for which evidence is required, of members whose points are bound."""
    bind_points(world, world.members)
    day = local_day(world.chain.now()) + timedelta(days=1)
    require_evidence(world, day)
    start = local_midnight(day) + DELIVERY_HOUR * HOUR
    return open_day(world, orders, delivery_start=EpochSeconds(start), **changes)


def local_day_of(day: Day) -> date:
    """The local day that a session trades."""
    return local_day(day.view.parameters.delivery_start)


def jump_to_freeze(day: Day) -> None:
    """Let the day end, and its dataset freeze."""
    day.world.jump_to(int(day_grid(local_day_of(day)).end) + FREEZE_S)
