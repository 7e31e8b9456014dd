"""The tables of the read model: the chain's events as they came, and what they add up to where lists need it.

Amounts (money in µ€, tokens, energy, prices) are decimal text, as they may pass 64 bits; counts, times in UTC epoch
seconds and block numbers are integers. Everything here follows from the chain alone and can be read again from it.
"""

from sqlalchemy import JSON, BigInteger, Column, Index, MetaData, Table, UniqueConstraint
from sqlmodel import Field, SQLModel


def _big() -> Column[int]:
    return Column(BigInteger, nullable=False)


class FollowedRow(SQLModel, table=True):
    """How far the chain is followed: one row."""

    __tablename__ = "followed"

    id: int = Field(default=1, primary_key=True)
    chain_id: int = Field(sa_column=_big())
    genesis: str
    """The hash of block 0: another one is another chain, whatever its id."""
    factory: str
    first_block: int = Field(sa_column=_big())
    generation: int
    """Rises whenever all was thrown away, because the chain was another one."""
    revision: int = Field(sa_column=_big())
    """Rises whenever anything here changes."""
    block: int = Field(sa_column=_big())
    block_hash: str
    block_time: int = Field(sa_column=_big())
    head: int = Field(sa_column=_big())
    """The chain's latest block when it was last asked."""
    head_time: int = Field(sa_column=_big())
    asked_at: int = Field(sa_column=_big())
    """The second of the wall's clock at which the chain last answered."""


class FollowedContractRow(SQLModel, table=True):
    """A contract whose events are followed."""

    __tablename__ = "followed_contracts"

    address: str = Field(primary_key=True)
    kind: str
    """Its role in the community, such as `marketplace`."""
    community: str = Field(index=True)


class CommunityFactRow(SQLModel, table=True):
    """A community as the factory announced it."""

    __tablename__ = "community_facts"

    address: str = Field(primary_key=True)
    number: int
    name: str
    created_block: int = Field(sa_column=_big())
    created_at: int = Field(sa_column=_big())
    settlement_token: str
    contracts: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))


class EventRow(SQLModel, table=True):
    """An event as the chain tells it; `args` by Solidity's names, integers as decimal text."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("block", "log_index"),
        Index("events_of_community", "community", "name", "id"),
        Index("events_of_session", "community", "session", "id"),
    )

    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    block: int = Field(sa_column=_big())
    log_index: int
    time: int = Field(sa_column=_big())
    tx_hash: str = Field(index=True)
    address: str
    contract: str
    name: str
    community: str | None = None
    session: int | None = Field(default=None, sa_column=Column(BigInteger))
    args: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))


class SubjectRow(SQLModel, table=True):
    """An address or hash that an event speaks of."""

    __tablename__ = "event_subjects"
    __table_args__ = {"sqlite_with_rowid": False}

    subject: str = Field(primary_key=True)
    event: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))


class MemberFactRow(SQLModel, table=True):
    """A wallet that ever applied, as it stands."""

    __tablename__ = "member_facts"
    __table_args__ = (Index("members_in_order", "community", "entry"),)

    community: str = Field(primary_key=True)
    wallet: str = Field(primary_key=True)
    entry: int = Field(sa_column=_big())
    """The event of the first application: the order in which members are listed."""
    status: str
    kind: str
    profile: str
    adhesion_hash: str
    recovery_key: str
    member_id: str | None = None
    applied_at: int = Field(sa_column=_big())
    approved_at: int | None = Field(default=None, sa_column=Column(BigInteger))
    changed_at: int = Field(sa_column=_big())
    replaced_by: str | None = None
    prior_status: str | None = None
    """What a replaced wallet was before, and is again after a veto."""


class SessionFactRow(SQLModel, table=True):
    """A session as it stands."""

    __tablename__ = "session_facts"

    community: str = Field(primary_key=True)
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    state: str
    opened_block: int = Field(sa_column=_big())
    opened_at: int = Field(sa_column=_big())
    opener: str
    operator_set: int
    parameters: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))
    delivery_start: int = Field(sa_column=_big())
    delivery_end: int = Field(sa_column=_big())
    round: int = 1
    traders: int = 0
    """Traders with a commitment."""
    revealed: int = 0
    orders: int = 0
    outcome: int | None = Field(default=None, sa_column=Column(BigInteger))
    """The event that posted the accepted outcome."""
    outcome_final_at: int | None = Field(default=None, sa_column=Column(BigInteger))
    settlement: int | None = Field(default=None, sa_column=Column(BigInteger))
    """The event that posted the accepted settlement."""
    settlement_final_at: int | None = Field(default=None, sa_column=Column(BigInteger))
    execution_deadline: int | None = Field(default=None, sa_column=Column(BigInteger))
    executed: int = 0


class PositionFactRow(SQLModel, table=True):
    """A trader's part of a session as it stands."""

    __tablename__ = "position_facts"
    __table_args__ = (Index("positions_of_trader", "community", "trader", "session"),)

    community: str = Field(primary_key=True)
    session: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    trader: str = Field(primary_key=True)
    state: str
    commitment: str
    max_lock: str
    deposit: str
    committed: int = Field(sa_column=_big())
    """The event of the latest commitment."""
    revealed: int | None = Field(default=None, sa_column=Column(BigInteger))
    first_index: int | None = Field(default=None, sa_column=Column(BigInteger))
    order_count: int | None = None
    lock: str | None = None
    executed: int | None = Field(default=None, sa_column=Column(BigInteger))
    debit: str | None = None
    credit: str | None = None
    penalty: str | None = None
    ended: str | None = None
    """Why the lock ended, where it did without execution."""


class BallotFactRow(SQLModel, table=True):
    """A question to the operators about a session, and how they vote on it."""

    __tablename__ = "ballot_facts"
    __table_args__ = (Index("ballots_of_session", "community", "session"),)

    question: str = Field(primary_key=True)
    community: str
    session: int = Field(sa_column=_big())
    stage: str
    round: int
    accepted: str | None = None
    final_at: int | None = Field(default=None, sa_column=Column(BigInteger))
    voided: bool = False
    votes: dict[str, list[str]] = Field(sa_column=Column(JSON, nullable=False))
    """Answer → operators that back it."""


FACTS = (
    FollowedContractRow,
    CommunityFactRow,
    EventRow,
    SubjectRow,
    MemberFactRow,
    SessionFactRow,
    PositionFactRow,
    BallotFactRow,
)
"""All that follows from the chain."""


def table_of(row: type[SQLModel]) -> Table:
    """The table of a row's class."""
    return SQLModel.metadata.tables[str(row.__tablename__)]


def metadata_of(rows: tuple[type[SQLModel], ...]) -> MetaData:
    """These tables alone: an operator's store may share the database, and looks after itself."""
    metadata = MetaData()
    for row in rows:
        table_of(row).to_metadata(metadata)
    return metadata
