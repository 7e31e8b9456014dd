"""A store with many flows that may send, and their messages, to measure the ways in with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coincurve import PrivateKey

from commons.addresses import Address
from commons.database.engine import open_database
from commons.database.migrate import upgrade
from commons.intake.message import Message, Reading
from commons.intake.signing import address_of_key, canonical_bytes, sign
from oracle.intake.credentials import make_credential
from oracle.intake.meter_keys import MeterKey, Registrar, replace_keys
from oracle.intake.mqtt.topics import FlowTopics, topics_of
from oracle.measurement.types import PointKind
from oracle.registry.people import Person, add_community, add_person
from oracle.registry.things import FlowEntry, PointEntry, add_device, add_flow, add_point

LONG_AGO = 1_600_000_200
COMMUNITY = Address("0x" + "c0" * 20)
KEY = PrivateKey(b"\x09" * 32)


@dataclass(frozen=True, slots=True)
class Meter:
    """A flow with its credential."""

    flow: int
    point_id: str
    token: str
    topics: FlowTopics


def furnish(where: Path | str, count: int) -> list[Meter]:
    """Register so many members with a signing meter each, in an empty database."""
    engine = open_database(where)
    upgrade(engine)
    with engine.begin() as connection:
        community = add_community(connection, "Bench", 1, COMMUNITY)
        meters = []
        for number in range(1, count + 1):
            wallet, point_id = Address(f"0x{number:040x}"), f"0x{number:064x}"
            member = add_person(connection, community, Person("", None, "member", wallet, point_id, "consumer"), 0)
            point = add_point(connection, PointEntry(point_id, wallet, PointKind.EXCHANGE, member))
            device = add_device(connection, point, "meter")
            flow = add_flow(connection, FlowEntry(device, "energy", "energy", 900, 900, "detailed", 0))
            token = make_credential(connection, flow, 0).token
            meters.append(Meter(flow, point_id, token, topics_of(COMMUNITY, device, flow)))
        keys = [MeterKey(meter.point_id, address_of_key(KEY), 0) for meter in meters]
        replace_keys(connection, Registrar(1, COMMUNITY), keys)
    engine.dispose()
    return meters


def messages(meter: Meter, count: int, size: int) -> Sequence[bytes]:
    """So many signed messages of so many quarter-hours each, one after the other."""
    return [_signed(meter, range(first * size, (first + 1) * size)) for first in range(count)]


def _signed(meter: Meter, slots: range) -> bytes:
    readings = tuple(
        Reading(start=LONG_AGO + slot * 900, seconds=900, withdrawn_wh=slot % 2_000, injected_wh=0) for slot in slots
    )
    signature = sign(KEY, canonical_bytes(meter.point_id, readings))
    return Message(readings=readings, signature=signature).model_dump_json(exclude_none=True).encode()
