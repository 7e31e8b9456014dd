"""Everything in an operator's database by which one person is known there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.sql import ColumnElement

from commons.database.tables import (
    DeviceRow,
    FlowRow,
    MemberKeyRow,
    MembershipRow,
    MeterKeyRow,
    PointRow,
    UserRow,
    table_of,
)

_MEMBERSHIPS, _POINTS, _DEVICES, _FLOWS, _USERS, _KEYS, _METERS = (
    table_of(row) for row in (MembershipRow, PointRow, DeviceRow, FlowRow, UserRow, MemberKeyRow, MeterKeyRow)
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A person: the keys of the rows about them, and the words that name them."""

    people: tuple[int, ...]
    memberships: tuple[int, ...]
    points: tuple[int, ...]
    point_ids: tuple[str, ...]
    devices: tuple[int, ...]
    flows: tuple[int, ...]
    member_ids: tuple[str, ...]
    names: tuple[str, ...]
    """Wallets and member ids, in lower case."""
    words: tuple[str, ...]
    """Names, contacts, wallets, member ids, PODs, point ids, serials and keys of meters."""

    @property
    def is_known(self) -> bool:
        """Whether there is anything about them."""
        return bool(self.memberships or self.points or self.member_ids)


def find_subject(connection: Connection, names: Sequence[str]) -> Subject:
    """The person whom wallets or member ids (0x-hex) name, with all their memberships, wallets and points."""
    known = {name.lower() for name in names}
    while True:
        wider = known | _also_known_as(connection, known)
        if wider == known:
            break
        known = wider
    memberships = connection.execute(select(_MEMBERSHIPS).where(_named(_MEMBERSHIPS.c, known))).all()
    people = tuple({row.person for row in memberships})
    users = connection.execute(select(_USERS).where(_USERS.c.id.in_(people))).all()
    points = connection.execute(select(_POINTS).where(_of_points(known, [row.id for row in memberships]))).all()
    devices = connection.execute(select(_DEVICES).where(_DEVICES.c.point.in_([row.id for row in points]))).all()
    flows = connection.execute(select(_FLOWS.c.id).where(_FLOWS.c.device.in_([row.id for row in devices]))).scalars()
    keys = connection.execute(select(_KEYS.c.member_id).where(_among(_KEYS.c.member_id, known))).scalars().all()
    point_ids = [row.point_id for row in points]
    meters = connection.execute(select(_METERS.c.key_address).where(_METERS.c.point_id.in_(point_ids))).scalars()
    words = [
        *known,
        *(word for row in users for word in (row.name, row.contact)),
        *(word for row in points for word in (row.pod, row.point_id)),
        *(word for row in devices for word in (row.serial, row.key_address)),
        *meters,
    ]
    return Subject(
        people=people,
        memberships=tuple(row.id for row in memberships),
        points=tuple(row.id for row in points),
        point_ids=tuple(point_ids),
        devices=tuple(row.id for row in devices),
        flows=tuple(flows),
        member_ids=tuple({*keys, *(row.member_id for row in (*memberships, *points) if row.member_id)}),
        names=tuple(sorted(known)),
        words=tuple(dict.fromkeys(word for word in words if word)),
    )


def _also_known_as(connection: Connection, known: set[str]) -> set[str]:
    """Wallets and member ids of the memberships and points that these name, and of the same people."""
    people = select(_MEMBERSHIPS.c.person).where(_named(_MEMBERSHIPS.c, known))
    columns = (_MEMBERSHIPS.c.wallet, _MEMBERSHIPS.c.member_id)
    rows = [*connection.execute(select(*columns).where(_MEMBERSHIPS.c.person.in_(people)))]
    rows += connection.execute(select(_POINTS.c.wallet, _POINTS.c.member_id).where(_named(_POINTS.c, known))).all()
    return {name.lower() for row in rows for name in row if name}


def _named(columns: Any, known: set[str]) -> ColumnElement[bool]:
    return or_(_among(columns.wallet, known), _among(columns.member_id, known))


def _of_points(known: set[str], memberships: Sequence[int]) -> ColumnElement[bool]:
    return or_(_named(_POINTS.c, known), _POINTS.c.membership.in_(memberships))


def _among(column: Any, known: set[str]) -> ColumnElement[bool]:
    return func.lower(column).in_(sorted(known))
