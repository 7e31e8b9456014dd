"""An operator's database with members, for the tests of its archive."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from sqlalchemy import Connection, Engine, Insert, insert, select, update

from commons.addresses import Address
from commons.database.tables import (
    AnomalyRow,
    CommunityRow,
    CredentialRow,
    DerivedRow,
    DeviceRow,
    FlowRow,
    MeasurementRow,
    MembershipRow,
    MeterKeyRow,
    PointRow,
    RoleRow,
    SignedDeliveryRow,
    UserRow,
    table_of,
)
from commons.keccak import keccak256
from commons.slots import day_grid
from commons.wallets import Signer, known_signer
from oracle.archive.keys import KeyBook, SealedKey
from oracle.evidence.member_keys import KeyHolder, seal_key
from oracle.measurement.points import point_id
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Point, PointKind, Quality, ReadingGrid

COMMUNITY = Address("0x" + "c0" * 20)
DAY = date(2026, 3, 29)


@dataclass(frozen=True)
class Person:
    """A member with whatever an operator may know of them."""

    name: str
    contact: str
    serial: str
    wallet: Address
    value: int
    pods: tuple[str, ...] = field(default=())

    @property
    def member_id(self) -> bytes:
        return keccak256(b"member " + self.name.encode())

    @property
    def key(self) -> bytes:
        return keccak256(b"key " + self.name.encode())

    @property
    def points(self) -> tuple[Point, ...]:
        ids = [point_id(keccak256(b"salt " + pod.encode()), pod) for pod in self.pods]
        return tuple(Point(one, self.wallet, PointKind.EXCHANGE) for one in ids)


GIULIA = Person(
    "Giulia Verdirosi",
    "giulia.verdirosi@example.org",
    "SERIAL-GIULIA-7741",
    Address("0x" + "a1" * 20),
    0x5E_CA_FE_1D_0B,
    ("IT001E-GIULIA-0001", "IT001E-GIULIA-0002"),
)
PIERO = Person(
    "Piero Altamura",
    "piero@example.org",
    "SERIAL-PIERO-1",
    Address("0x" + "b2" * 20),
    0x11_22_33_44_55,
    ("IT001E-PIERO-0001",),
)
OPERATOR = known_signer("operator-1")


def fill(engine: Engine, *people: Person, operator: Signer = OPERATOR, days: tuple[date, ...] = (DAY,)) -> None:
    """Put people with everything that belongs to them into an operator's database."""
    store = ReadingStore(engine)
    book = KeyBook(engine, COMMUNITY, operator)
    with engine.begin() as connection:
        community = _inserted(
            connection,
            insert(table_of(CommunityRow)).values(chain_id=1, address=COMMUNITY, name="Fontana", takes_unsigned=True),
        )
        role = _inserted(connection, insert(table_of(RoleRow)).values(name="member"))
    for person in people:
        store.add_points(person.points)
        _fill_person(engine, person, community, role)
        for day in days:
            store.insert(readings(person, day).batch())
        holder = KeyHolder(COMMUNITY, person.member_id, operator.address)
        book.keep([SealedKey(holder, seal_key(person.key, holder, operator.public_key, bytes([9] * 32)))])


def readings(person: Person, day: date = DAY) -> ReadingGrid:
    """The person's readings of a day: the value by which their bytes can be recognised, a little more each slot."""
    slots = day_grid(day)
    table = np.tile(person.value + np.arange(slots.count, dtype=np.int64), (len(person.points), 1))
    quality = np.full(table.shape, Quality.MEASURED, dtype=np.uint8)
    return ReadingGrid(tuple(point.point_id for point in person.points), slots.start, 900, table, table, quality)


def _fill_person(engine: Engine, person: Person, community: int, role: int) -> None:
    points = table_of(PointRow)
    start = int(day_grid(DAY).start)
    with engine.begin() as connection:
        user = _inserted(connection, insert(table_of(UserRow)).values(name=person.name, contact=person.contact))
        member_id = "0x" + person.member_id.hex()
        membership = _inserted(
            connection,
            insert(table_of(MembershipRow)).values(
                community=community,
                person=user,
                role=role,
                wallet=person.wallet,
                member_id=member_id,
                profile="prosumer",
                joined=0,
            ),
        )
        for pod, point in zip(person.pods, person.points, strict=True):
            mine = points.c.point_id == point.point_id
            connection.execute(update(points).where(mine).values(pod=pod, membership=membership, member_id=member_id))
            key = connection.execute(select(points.c.id).where(mine)).scalar_one()
            device = _inserted(
                connection, insert(table_of(DeviceRow)).values(point=key, serial=f"{person.serial}-{pod}")
            )
            flow = _inserted(
                connection,
                insert(table_of(FlowRow)).values(
                    device=device,
                    name="power",
                    measure="power",
                    measuring_seconds=900,
                    sending_seconds=900,
                    gdpr_class="detailed",
                    starts=0,
                ),
            )
            _fill_ways_in(connection, person, flow, key, point.point_id)
            energy = {"withdrawn_wh": person.value, "injected_wh": person.value}
            connection.execute(
                insert(table_of(MeasurementRow)).values(
                    start=start, flow=flow, seconds=900, energy_wh=person.value, ingested=0
                )
            )
            connection.execute(
                insert(table_of(AnomalyRow)).values(
                    start=start, point=key, code="stuck", seconds=900, found=0, **energy
                )
            )
            connection.execute(
                insert(table_of(DerivedRow)).values(
                    series="filled", start=start, point=key, seconds=900, is_interpolated=True, **energy
                )
            )


def _fill_ways_in(connection: Connection, person: Person, flow: int, key: int, of_point: str) -> None:
    """A credential, a meter's key, and a delivery as the meter signed it."""
    connection.execute(
        insert(table_of(CredentialRow)).values(
            flow=flow, secret_hash=f"hash {person.serial}", mqtt_hash=f"mqtt {person.serial}", made=0
        )
    )
    connection.execute(
        insert(table_of(MeterKeyRow)).values(
            chain_id=1, community=COMMUNITY, point_id=of_point, key_address=f"0x{person.serial}", valid_from=0
        )
    )
    connection.execute(
        insert(table_of(SignedDeliveryRow)).values(
            digest=of_point,
            flow=flow,
            point=key,
            arrived=0,
            signer=f"0x{person.serial}",
            signature="0x",
            payload=f"{of_point} {person.value}".encode(),
        )
    )


def _inserted(connection: Connection, statement: Insert) -> int:
    """The key of the row that was inserted."""
    key = connection.execute(statement).inserted_primary_key
    assert key is not None
    return int(key[0])
