"""Points, devices and flows: what is measured, by what, and how it sends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from commons.addresses import Address
from commons.database.tables import (
    CommunityRow,
    CredentialRow,
    DeviceRow,
    FlowRow,
    MembershipRow,
    PointRow,
    SupplierRow,
    table_of,
)
from commons.errors import InputError, UnknownPoint
from commons.slots import HOUR_S, LAST_START
from oracle.measurement.types import PointKind
from oracle.registry.entries import add_entry, number_of

MEASURES = ("energy", "power", "current", "voltage", "state-of-charge")
GDPR_CLASSES = ("none", "personal", "detailed")

_COMMUNITIES, _MEMBERSHIPS, _SUPPLIERS = (table_of(row) for row in (CommunityRow, MembershipRow, SupplierRow))
_POINTS, _DEVICES, _FLOWS = (table_of(row) for row in (PointRow, DeviceRow, FlowRow))
_CREDENTIALS = table_of(CredentialRow)


@dataclass(frozen=True, slots=True)
class PointEntry:
    """A connection point of a member."""

    point_id: str
    wallet: Address
    kind: PointKind
    membership: int
    pod: str | None = None
    supplier: str | None = None
    most_w: int | None = None


@dataclass(frozen=True, slots=True)
class FlowEntry:
    """One kind of data that a device sends in `[starts, ends)`: measured and sent every so many seconds."""

    device: int
    name: str
    measure: str
    measuring_seconds: int
    sending_seconds: int
    gdpr_class: str
    starts: int
    ends: int | None = None


def add_point(connection: Connection, entry: PointEntry) -> int:
    """Enter a point; one that is known by its id alone gets its member, POD, supplier and power.

    Raises:
        InputError: it is known with another value.
    """
    supplier = entry.supplier and add_entry(connection, _SUPPLIERS, {"name": entry.supplier}, {})
    number = add_entry(
        connection, _POINTS, {"point_id": entry.point_id}, {"wallet": entry.wallet, "kind": entry.kind.value}
    )
    wanted = {"membership": entry.membership, "pod": entry.pod, "supplier": supplier, "most_w": entry.most_w}
    row = connection.execute(select(_POINTS).where(_POINTS.c.id == number)).one()
    for name, value in wanted.items():
        if value is not None and getattr(row, name) not in (None, value):
            raise InputError(
                f"the point has {name} {getattr(row, name)!r} already, and not {value!r}",
                which=entry.point_id,
                remedy="What is registered is not changed by adding it again: check which is true.",
            )
    changes = {name: value for name, value in wanted.items() if value is not None}
    connection.execute(update(_POINTS).where(_POINTS.c.id == number).values(**changes))
    return number


def point_of(connection: Connection, named: str) -> int:
    """The number of a point by its id or POD; raises `UnknownPoint`."""
    query = select(_POINTS.c.id).where((_POINTS.c.point_id == named.lower()) | (_POINTS.c.pod == named))
    found = connection.execute(query).scalars().first()
    if found is None:
        raise UnknownPoint("there is no such point", which=named, remedy="Add it: commonwatt store point add.")
    return int(found)


def places(connection: Connection, community: int | None = None) -> dict[str, str]:
    """What files may call a point: its id, or its POD where that is known; those of one community, or all."""
    query = select(_POINTS.c.point_id, _POINTS.c.pod)
    if community is not None:
        query = query.join(_MEMBERSHIPS, _POINTS.c.membership == _MEMBERSHIPS.c.id).where(
            _MEMBERSHIPS.c.community == community
        )
    rows = connection.execute(query).all()
    return {point_id: point_id for point_id, _ in rows} | {pod: point_id for point_id, pod in rows if pod}


def add_device(
    connection: Connection, point: int, serial: str, model: str | None = None, key: Address | None = None
) -> int:
    """Enter a device at a point; `key` is the address of the key that signs its readings."""
    return add_entry(connection, _DEVICES, {"point": point, "serial": serial}, {"model": model, "key_address": key})


def add_flow(connection: Connection, entry: FlowEntry) -> int:
    """Enter a flow of a device.

    Raises:
        InputError: a value is none of those that there are, or the flow is known with another.
        NotFound: there is no such device.
    """
    _refuse(entry)
    number_of(connection, _DEVICES, "device", id=entry.device)
    values = {
        "measure": entry.measure,
        "measuring_seconds": entry.measuring_seconds,
        "sending_seconds": entry.sending_seconds,
        "gdpr_class": entry.gdpr_class,
        "starts": entry.starts,
        "ends": entry.ends,
    }
    return add_entry(connection, _FLOWS, {"device": entry.device, "name": entry.name}, values)


def points(connection: Connection, community: int | None) -> Sequence[dict[str, Any]]:
    """Points with their community and supplier."""
    query = (
        select(
            _POINTS.c.id,
            _POINTS.c.point_id,
            _POINTS.c.pod,
            _POINTS.c.kind,
            _POINTS.c.wallet,
            _COMMUNITIES.c.name.label("community"),
            _SUPPLIERS.c.name.label("supplier"),
            _POINTS.c.most_w,
        )
        .outerjoin_from(_POINTS, _MEMBERSHIPS, _POINTS.c.membership == _MEMBERSHIPS.c.id)
        .outerjoin(_COMMUNITIES, _MEMBERSHIPS.c.community == _COMMUNITIES.c.id)
        .outerjoin(_SUPPLIERS, _POINTS.c.supplier == _SUPPLIERS.c.id)
        .order_by(_POINTS.c.id)
    )
    return _listed(connection, _of(query, community))


def devices(connection: Connection, community: int | None) -> Sequence[dict[str, Any]]:
    """Devices with the point they are at."""
    query = (
        select(_DEVICES.c.id, _DEVICES.c.serial, _DEVICES.c.model, _DEVICES.c.key_address, _POINTS.c.point_id)
        .join_from(_DEVICES, _POINTS, _DEVICES.c.point == _POINTS.c.id)
        .outerjoin(_MEMBERSHIPS, _POINTS.c.membership == _MEMBERSHIPS.c.id)
        .order_by(_DEVICES.c.id)
    )
    return _listed(connection, _of(query, community))


def flows(connection: Connection, community: int | None) -> Sequence[dict[str, Any]]:
    """Flows with their device, when they last sent, and whether they have a credential."""
    has_credential = (_CREDENTIALS.c.flow == _FLOWS.c.id) & _CREDENTIALS.c.revoked.is_(None)
    query = (
        select(
            *_FLOWS.c,
            _DEVICES.c.serial,
            _POINTS.c.point_id,
            _COMMUNITIES.c.address.label("community"),
            select(_CREDENTIALS.c.id).where(has_credential).exists().label("has_credential"),
        )
        .join_from(_FLOWS, _DEVICES, _FLOWS.c.device == _DEVICES.c.id)
        .join(_POINTS, _DEVICES.c.point == _POINTS.c.id)
        .outerjoin(_MEMBERSHIPS, _POINTS.c.membership == _MEMBERSHIPS.c.id)
        .outerjoin(_COMMUNITIES, _MEMBERSHIPS.c.community == _COMMUNITIES.c.id)
        .order_by(_FLOWS.c.id)
    )
    return _listed(connection, _of(query, community))


def _refuse(entry: FlowEntry) -> None:
    for value, known in ((entry.measure, MEASURES), (entry.gdpr_class, GDPR_CLASSES)):
        if value not in known:
            raise InputError(f"{value!r} is none of those that there are", remedy=f"Choose one of {', '.join(known)}.")
    seconds = entry.measuring_seconds
    if not 1 <= seconds <= HOUR_S or HOUR_S % seconds:
        raise InputError(
            f"slots of {seconds} s do not fill an hour", remedy="Use 3600 s or a part of it, such as 900 or 60."
        )
    if entry.sending_seconds < 1 or not 0 <= entry.starts < LAST_START:
        raise InputError("a flow sends every second at most, from a moment on", remedy="Check its times.")
    if entry.ends is not None and entry.ends <= entry.starts:
        raise InputError("the flow ends before it begins", remedy="Check its times.")


def _of(query: Any, community: int | None) -> Any:
    return query if community is None else query.where(_MEMBERSHIPS.c.community == community)


def _listed(connection: Connection, query: Any) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(query)]
