"""The keys registered for meters, as this operator knows them from the chain: a copy in its database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, and_, bindparam, delete, insert, select

from commons.actions.meters import keys_ever
from commons.addresses import Address
from commons.contracts import CommunityReader
from commons.database.tables import CommunityRow, MembershipRow, MeterKeyRow, PointRow, table_of
from commons.slots import LAST_START

_KEYS, _POINTS, _MEMBERSHIPS, _COMMUNITIES = (
    table_of(row) for row in (MeterKeyRow, PointRow, MembershipRow, CommunityRow)
)


@dataclass(frozen=True, slots=True)
class Registrar:
    """The community whose administrators registered a key, by its contract; it has a say about its own points alone."""

    chain_id: int
    community: Address


@dataclass(frozen=True, slots=True)
class MeterKey:
    """A key that counts for readings of a point that begin in `[valid_from, valid_until)`; without end where None."""

    point_id: str
    address: Address
    valid_from: int
    valid_until: int | None = None

    def counts_at(self, start: int) -> bool:
        """Whether it counts for a reading that begins then."""
        return self.valid_from <= start and (self.valid_until is None or start < self.valid_until)


def keys_of(connection: Connection, point_ids: Sequence[str]) -> Mapping[str, tuple[MeterKey, ...]]:
    """The keys of points, as the community of each point's member registered them; points without any are left out."""
    query = (
        select(_KEYS)
        .join_from(_POINTS, _MEMBERSHIPS, _POINTS.c.membership == _MEMBERSHIPS.c.id)
        .join(_COMMUNITIES, _MEMBERSHIPS.c.community == _COMMUNITIES.c.id)
        .join(
            _KEYS,
            and_(
                _KEYS.c.chain_id == _COMMUNITIES.c.chain_id,
                _KEYS.c.community == _COMMUNITIES.c.address,
                _KEYS.c.point_id == _POINTS.c.point_id,
            ),
        )
        .where(_POINTS.c.point_id.in_(point_ids))
        .order_by(_KEYS.c.valid_from)
    )
    found: dict[str, list[MeterKey]] = {}
    for row in connection.execute(query):
        key = MeterKey(row.point_id, Address(row.key_address), row.valid_from, row.valid_until)
        found.setdefault(key.point_id, []).append(key)
    return {point_id: tuple(keys) for point_id, keys in found.items()}


def replace_keys(connection: Connection, registrar: Registrar, keys: Iterable[MeterKey]) -> None:
    """Make the copy of these points' keys what the registrar has now; a key never goes away there, it ends."""
    whose = {"chain_id": registrar.chain_id, "community": registrar.community}
    fresh = list(keys)
    rows = [
        {"point_id": k.point_id, "key_address": k.address, "valid_from": k.valid_from, "valid_until": k.valid_until}
        | whose
        for k in fresh
    ]
    if rows:
        own = and_(*(_KEYS.c[name] == value for name, value in whose.items()))
        forget = delete(_KEYS).where(own, _KEYS.c.point_id == bindparam("forgotten"))
        connection.execute(forget, [{"forgotten": key.point_id} for key in fresh])
        connection.execute(insert(_KEYS), rows)


def copy_keys(engine: Engine, reader: CommunityReader) -> int:
    """Copy a community's meter keys from the chain, and say how many there are."""
    keys = [
        MeterKey(
            point_id="0x" + one.registered.point_id.hex(),
            address=one.key,
            valid_from=one.registered.valid_from,
            valid_until=None if one.registered.valid_until >= LAST_START else one.registered.valid_until,
        )
        for one in keys_ever(reader)
    ]
    registrar = Registrar(reader.chain.chain_id, reader.contracts.community.address)
    with engine.begin() as connection:
        replace_keys(connection, registrar, keys)
    return len(keys)
