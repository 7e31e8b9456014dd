"""Communities and members as the read model has them."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from api.read_model.model import require_community
from api.read_model.tables import CommunityFactRow, MemberFactRow, SessionFactRow
from api.schemas.communities import Community, Member
from commons.errors import UnknownMember
from commons.records import MemberStatus


def communities(rows: Session) -> list[Community]:
    """All communities, in the order of their founding."""
    return [_community(rows, row) for row in rows.exec(select(CommunityFactRow).order_by(col(CommunityFactRow.number)))]


def community(rows: Session, at: str) -> Community:
    """One community; errors as `require_community`."""
    return _community(rows, require_community(rows, at))


def members(rows: Session, at: str, status: str | None, after: int | None, limit: int) -> list[tuple[int, Member]]:
    """Members in the order of their first application, with their places; after a place, of a status if given."""
    require_community(rows, at)
    query = select(MemberFactRow).where(MemberFactRow.community == at).order_by(col(MemberFactRow.entry)).limit(limit)
    if status is not None:
        query = query.where(MemberFactRow.status == status)
    if after is not None:
        query = query.where(MemberFactRow.entry > after)
    return [(row.entry, Member.model_validate(row)) for row in rows.exec(query)]


def member(rows: Session, at: str, wallet: str) -> Member:
    """A wallet that ever applied.

    Raises:
        UnknownCommunity: there is no such community.
        UnknownMember: the wallet never applied.
    """
    require_community(rows, at)
    found = rows.get(MemberFactRow, (at, wallet))
    if found is None:
        raise UnknownMember(
            f"{wallet} never applied to the community {at}", which=wallet, remedy="Check the wallet and the community."
        )
    return Member.model_validate(found)


def replaced_wallets(rows: Session, at: str, member_id: str) -> list[str]:
    """The wallets that a member had before its present one."""
    replaced = MemberFactRow.status == MemberStatus.REPLACED.name.lower()
    query = select(MemberFactRow.wallet).where(MemberFactRow.community == at, MemberFactRow.member_id == member_id)
    return list(rows.exec(query.where(replaced)))


def statuses(rows: Session, at: str, wallets: Sequence[str]) -> dict[str, MemberFactRow]:
    """What is known of these wallets in a community; those that never applied are left out."""
    query = select(MemberFactRow).where(MemberFactRow.community == at, col(MemberFactRow.wallet).in_(set(wallets)))
    return {row.wallet: row for row in rows.exec(query)}


def _community(rows: Session, row: CommunityFactRow) -> Community:
    counts = dict(
        rows.exec(
            select(MemberFactRow.status, func.count())
            .where(MemberFactRow.community == row.address)
            .group_by(col(MemberFactRow.status))
        ).all()
    )
    sessions = rows.exec(select(func.count()).where(col(SessionFactRow.community) == row.address)).one()
    return Community(
        **row.model_dump(),
        active_members=counts.get("active", 0),
        applications=counts.get("applied", 0),
        sessions=sessions,
    )
