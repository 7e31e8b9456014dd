"""Finding what an address, hash or number may be."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from api.read_model.events import Wanted, page_of_events
from api.read_model.tables import (
    BallotFactRow,
    CommunityFactRow,
    EventRow,
    FollowedContractRow,
    MemberFactRow,
    SessionFactRow,
)
from api.schemas.explorer import Hit

MOST = 50
_WALLET = 42
_HASH = 66


def search(rows: Session, text: str) -> list[Hit]:
    """What the text may name: an address, a 32-byte hash, or a number; at most `MOST` things, surest first."""
    wanted = text.strip().lower()
    if wanted.isdecimal():
        return list(_numbered(rows, int(wanted)))[:MOST]
    if len(wanted) == _WALLET:
        return list(_at(rows, wanted))[:MOST]
    return list(_hashed(rows, wanted))[:MOST] if len(wanted) == _HASH else []


def _numbered(rows: Session, number: int) -> Iterator[Hit]:
    if number > 2**63 - 1:
        return
    yield Hit(kind="block", key=str(number))
    for row in rows.exec(select(SessionFactRow).where(SessionFactRow.number == number).limit(MOST)):
        yield Hit(kind="session", key=str(number), community=row.community, label=row.state)


def _at(rows: Session, address: str) -> Iterator[Hit]:
    for community in rows.exec(select(CommunityFactRow).where(CommunityFactRow.address == address)):
        yield Hit(kind="community", key=address, community=address, label=community.name)
    for contract in rows.exec(select(FollowedContractRow).where(FollowedContractRow.address == address)):
        yield Hit(kind="contract", key=address, community=contract.community, label=contract.kind)
    for member in rows.exec(select(MemberFactRow).where(MemberFactRow.wallet == address).limit(MOST)):
        yield Hit(kind="member", key=address, community=member.community, label=member.status)
    yield from _events(rows, address)


def _hashed(rows: Session, digest: str) -> Iterator[Hit]:
    if rows.exec(select(EventRow.id).where(EventRow.tx_hash == digest).limit(1)).first() is not None:
        yield Hit(kind="transaction", key=digest)
    for ballot in rows.exec(select(BallotFactRow).where(BallotFactRow.question == digest)):
        yield Hit(kind="session", key=str(ballot.session), community=ballot.community, label=ballot.stage)
    for member in rows.exec(select(MemberFactRow).where(col(MemberFactRow.member_id) == digest)):
        yield Hit(kind="member", key=member.wallet, community=member.community, label=member.status)
    yield from _events(rows, digest)


def _events(rows: Session, subject: str) -> Iterator[Hit]:
    for event in page_of_events(rows, Wanted(subject=subject), None, MOST):
        yield Hit(kind="event", key=str(event.id), community=event.community, label=event.name)
