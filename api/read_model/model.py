"""The read model as a part of the API: sessions of its database, and how far it has come."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlmodel import Session

from api.read_model.tables import CommunityFactRow, FollowedRow, SessionFactRow
from commons.addresses import Address
from commons.contracts import Contracts
from commons.errors import UnknownCommunity, UnknownSession
from commons.records import CommunityContracts


@dataclass(frozen=True)
class ReadModel:
    """What was read from the chain."""

    engine: Engine

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """A database session to read with."""
        with Session(self.engine) as rows:
            yield rows

    def mark(self) -> FollowedRow | None:
        """How far the chain is followed; None before the first time."""
        with self.rows() as rows:
            return rows.get(FollowedRow, 1)

    def contracts_of(self, community: Address) -> Contracts:
        """The contracts of a community that the factory announced; errors as `require_community`."""
        with self.rows() as rows:
            row = require_community(rows, community)
            addresses = CommunityContracts(**{name: Address(at) for name, at in row.contracts.items()})
            return Contracts.bind(addresses, Address(row.settlement_token))


def require_community(rows: Session, community: str) -> CommunityFactRow:
    """The community at an address.

    Raises:
        UnknownCommunity: there is none, as far as the chain has been read.
    """
    found = rows.get(CommunityFactRow, community)
    if found is None:
        raise UnknownCommunity(
            f"there is no community at {community}", which=community, remedy="List them at /v1/communities."
        )
    return found


def require_session(rows: Session, community: str, number: int) -> SessionFactRow:
    """A session of a community.

    Raises:
        UnknownCommunity, UnknownSession: there is none, as far as the chain has been read.
    """
    require_community(rows, community)
    found = rows.get(SessionFactRow, (community, number))
    if found is None:
        raise UnknownSession(
            f"the community has no session {number}", which=number, remedy="List them at …/sessions of the community."
        )
    return found
