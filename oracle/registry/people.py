"""Communities, and the people in them: the only place of their names and contacts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from commons.addresses import Address
from commons.database.tables import CommunityRow, MembershipRow, RoleRow, UserRow, table_of
from commons.errors import InputError, UnknownCommunity
from oracle.registry.entries import add_entry, number_of

PROFILES = ("consumer", "prosumer", "prostormer")

_COMMUNITIES, _USERS, _ROLES, _MEMBERSHIPS = (table_of(r) for r in (CommunityRow, UserRow, RoleRow, MembershipRow))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a community, in one role and with one wallet."""

    name: str
    contact: str | None
    role: str
    wallet: Address
    member_id: str
    profile: str


def add_community(connection: Connection, name: str, chain_id: int, address: Address) -> int:
    """Enter a community by its contract; it takes signed readings only until it says otherwise."""
    key = {"chain_id": chain_id, "address": address}
    return add_entry(connection, _COMMUNITIES, key, {"name": name}, {"takes_unsigned": False})


def let_unsigned(connection: Connection, community: int, is_allowed: bool) -> None:
    """Say whether the community takes readings without a meter's signature."""
    connection.execute(update(_COMMUNITIES).where(_COMMUNITIES.c.id == community).values(takes_unsigned=is_allowed))


def community_of(connection: Connection, named: str | None) -> int:
    """The number of a community by its name or address; of the only one where none is named.

    Raises:
        UnknownCommunity: there is none, or there are several of that name.
    """
    columns = _COMMUNITIES.c
    query = select(columns.id)
    if named is not None:
        query = query.where((columns.name == named) | (columns.address == named.lower()))
    found = connection.execute(query).scalars().all()
    if len(found) != 1:
        what = (
            f"{len(found) or 'no'} communities here are called so"
            if named
            else f"there are {len(found)} communities here"
        )
        raise UnknownCommunity(what, which=named, remedy="Give the address of one: commonwatt store community list.")
    return int(found[0])


def communities(connection: Connection) -> Sequence[dict[str, Any]]:
    """All communities, in the order of their entry."""
    return _listed(connection, select(_COMMUNITIES).order_by(_COMMUNITIES.c.id))


def add_person(connection: Connection, community: int, person: Person, now: int) -> int:
    """Enter a person's membership, with the person if that is new, and give the membership's number.

    A wallet belongs to one person: further communities and roles of the same wallet are further memberships of it.

    Raises:
        InputError: the profile is none, or the wallet is another person's.
    """
    if person.profile not in PROFILES:
        raise InputError(f"{person.profile!r} is no profile", remedy=f"Choose one of {', '.join(PROFILES)}.")
    user = _user(connection, person)
    role = add_entry(connection, _ROLES, {"name": person.role}, {})
    key = {"community": community, "wallet": person.wallet, "role": role}
    values = {"person": user, "member_id": person.member_id, "profile": person.profile}
    return add_entry(connection, _MEMBERSHIPS, key, values, {"joined": now})


def membership_of(connection: Connection, community: int, wallet: Address) -> int:
    """The number of a wallet's first membership in a community; raises `NotFound`."""
    columns = _MEMBERSHIPS.c
    query = select(columns.id).where(columns.community == community, columns.wallet == wallet).order_by(columns.id)
    found = connection.execute(query).scalars().first()
    return int(found) if found else number_of(connection, _MEMBERSHIPS, "person", wallet=wallet, community=community)


def people(connection: Connection, community: int) -> Sequence[dict[str, Any]]:
    """The people of a community, in the order of their entry."""
    columns = _MEMBERSHIPS.c
    query = (
        select(
            columns.id,
            _USERS.c.name,
            _USERS.c.contact,
            _ROLES.c.name.label("role"),
            columns.wallet,
            columns.member_id,
            columns.profile,
            columns.joined,
            columns.left,
        )
        .join_from(_MEMBERSHIPS, _USERS, columns.person == _USERS.c.id)
        .join(_ROLES, columns.role == _ROLES.c.id)
        .where(columns.community == community)
        .order_by(columns.id)
    )
    return _listed(connection, query)


def _user(connection: Connection, person: Person) -> int:
    """The number of the person with this wallet, entered if there is none yet."""
    query = (
        select(_USERS)
        .join_from(_MEMBERSHIPS, _USERS, _MEMBERSHIPS.c.person == _USERS.c.id)
        .where(_MEMBERSHIPS.c.wallet == person.wallet)
    )
    known = connection.execute(query).first()
    if known is None:
        row = connection.execute(
            _USERS.insert().values(name=person.name, contact=person.contact).returning(_USERS.c.id)
        )
        return int(row.scalar_one())
    if known.name != person.name:
        raise InputError(
            "the wallet is another person's", which=person.wallet, remedy="Check the wallet: a person has their own."
        )
    return int(known.id)


def _listed(connection: Connection, query: Any) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(query)]
