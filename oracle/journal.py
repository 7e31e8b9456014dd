"""An operator's journal: what it is about to send, written down before it is sent, so that a crash changes nothing.

A row is a signed transaction with its purpose. Until its row is in the journal nothing is broadcast; once it is, the
same bytes are broadcast as often as needed and take effect at most once, because they carry one nonce. Whether they did
is for the chain to say, and only then is the row closed. Signed transactions are no secrets; keys are never stored.
"""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import CreateTable, Engine, Table, UniqueConstraint, inspect, select
from sqlmodel import Field, Session, SQLModel

from commons.addresses import Address
from commons.chain.types import SignedTransaction
from commons.errors import SettingsError
from commons.units import SessionId
from oracle.session.types import MarketId


class SendingState(StrEnum):
    """How far a sending has come."""

    RECORDED = "recorded"
    """Written down; perhaps broadcast, perhaps in a block: ask the chain."""
    DONE = "done"
    """In a block, and it took effect."""
    FAILED = "failed"
    """In a block, without effect."""
    LOST = "lost"
    """It can never be in a block any more: something else took its nonce, or the chain was set back."""


class SendingRow(SQLModel, table=True):
    """A signed transaction and what it is for; only the latest attempt at a purpose can be open."""

    __tablename__ = "sendings"
    __table_args__ = (UniqueConstraint("purpose", "attempt"),)

    id: int | None = Field(default=None, primary_key=True)
    purpose: str
    attempt: int
    nonce: int
    raw: bytes
    tx_hash: str = Field(unique=True)
    name: str
    state: str = SendingState.RECORDED
    block: int | None = None


class OwnerRow(SQLModel, table=True):
    """Whose journal this is and for which market; one row."""

    __tablename__ = "journal_owner"

    id: int = Field(default=1, primary_key=True)
    operator: str
    chain_id: int
    marketplace: str


class CursorRow(SQLModel, table=True):
    """How far the chain was followed: from where unfinished sessions need it, and up to which block; one row."""

    __tablename__ = "journal_cursor"

    id: int = Field(default=1, primary_key=True)
    from_block: int
    head_block: int
    head_hash: str


class NoteRow(SQLModel, table=True):
    """How a session stands with this operator, in words; and when it is looked at again after a failure."""

    __tablename__ = "journal_notes"

    session_id: int = Field(primary_key=True)
    stands: str = ""
    failures: int = 0
    retry_block: int = 0


class FindingRow(SQLModel, table=True):
    """Where another operator's answer differs from this one's, in words; or why that cannot be told yet."""

    __tablename__ = "journal_findings"
    __table_args__ = (UniqueConstraint("session_id", "stage", "answer"),)

    id: int | None = Field(default=None, primary_key=True)
    session_id: int
    stage: str
    answer: str
    text: str
    is_compared: bool


_TABLES: tuple[Table, ...] = tuple(
    SQLModel.metadata.tables[str(row.__tablename__)] for row in (SendingRow, OwnerRow, CursorRow, NoteRow, FindingRow)
)


class Journal:
    """The journal in a database; every method is one transaction."""

    def __init__(self, engine: Engine, operator: Address, market: MarketId) -> None:
        """Open the journal, or begin it.

        Raises:
            SettingsError: it is another operator's, or another market's.
        """
        self._engine = engine
        with engine.begin() as connection:
            for table in _TABLES:
                connection.execute(CreateTable(table, if_not_exists=True))
        self._claim(OwnerRow(operator=operator, chain_id=market.chain_id, marketplace=market.marketplace))

    @classmethod
    def begun(cls, engine: Engine) -> "Journal | None":
        """The journal that an operator began in a database, to be looked at; None where none has."""
        if not inspect(engine).has_table(str(OwnerRow.__tablename__)):
            return None
        with Session(engine) as session:
            owner = session.get(OwnerRow, 1)
        if owner is None:
            return None
        return cls(engine, Address(owner.operator), MarketId(owner.chain_id, Address(owner.marketplace)))

    def owner(self) -> OwnerRow:
        """Whose journal this is."""
        with self._session() as session:
            return session.get_one(OwnerRow, 1)

    def _claim(self, own: OwnerRow) -> None:
        with self._session() as session:
            owner = session.get(OwnerRow, 1)
            if owner is None:
                session.add(own)
                session.commit()
            elif owner.model_dump() != own.model_dump():
                raise SettingsError(
                    f"this operator's folder belongs to {owner.operator} at marketplace {owner.marketplace} of chain "
                    f"{owner.chain_id}, not to {own.operator} at {own.marketplace} of chain {own.chain_id}",
                    remedy="Give every operator a folder of its own, one per community.",
                )

    # ---------------------------------------------------------------- sendings

    def record(self, purpose: str, signed: SignedTransaction) -> None:
        """Write down what is about to be sent. Only after this may it be.

        The very transaction may have been recorded before and lost, where the chain was set back: it is open again,
        under the purpose of its first recording.
        """
        with self._session() as session:
            attempts = session.execute(select(SendingRow).where(SendingRow.purpose == purpose)).scalars().all()  # type: ignore[arg-type]
            same = session.execute(select(SendingRow).where(SendingRow.tx_hash == signed.hash)).scalar_one_or_none()  # type: ignore[arg-type]
            row = same or SendingRow(
                purpose=purpose,
                attempt=len(attempts),
                nonce=signed.nonce,
                raw=signed.raw,
                tx_hash=signed.hash,
                name=signed.name,
            )
            row.state, row.block = SendingState.RECORDED, None
            session.add(row)
            session.commit()

    def open_sendings(self) -> list[SendingRow]:
        """What was recorded and not closed, by nonce."""
        return self._sendings(SendingRow.state == SendingState.RECORDED)

    def latest(self, purpose: str) -> SendingRow | None:
        """The latest attempt at a purpose."""
        attempts = self._sendings(SendingRow.purpose == purpose)
        return max(attempts, key=lambda row: row.attempt, default=None)

    def close(self, tx_hash: str, state: SendingState, block: int | None = None) -> None:
        """Write down what the chain said of a sending."""
        with self._session() as session:
            row = session.execute(select(SendingRow).where(SendingRow.tx_hash == tx_hash)).scalar_one()  # type: ignore[arg-type]
            row.state, row.block = state, block
            session.commit()

    def sendings(self) -> list[SendingRow]:
        """Everything ever recorded, by nonce."""
        return self._sendings()

    def _sendings(self, *conditions: object) -> list[SendingRow]:
        with self._session() as session:
            query = select(SendingRow).where(*conditions).order_by(SendingRow.nonce, SendingRow.id)  # type: ignore[arg-type]
            return list(session.execute(query).scalars())

    # ---------------------------------------------------------------- following

    def cursor(self) -> CursorRow | None:
        """How far the chain was followed; None at the beginning."""
        with self._session() as session:
            return session.get(CursorRow, 1)

    def move(self, from_block: int, head_block: int, head_hash: str) -> None:
        """Write down how far the chain was followed."""
        with self._session() as session:
            session.merge(CursorRow(from_block=from_block, head_block=head_block, head_hash=head_hash))
            session.commit()

    # ---------------------------------------------------------------- notes

    def note(self, session_id: SessionId) -> NoteRow:
        """How a session stands."""
        with self._session() as session:
            return session.get(NoteRow, session_id) or NoteRow(session_id=session_id)

    def notes(self) -> list[NoteRow]:
        """How all sessions stand, by their numbers."""
        with self._session() as session:
            return list(session.execute(select(NoteRow).order_by(NoteRow.session_id)).scalars())  # type: ignore[arg-type]

    def write_note(self, note: NoteRow) -> None:
        """Keep how a session stands."""
        with self._session() as session:
            session.merge(note)
            session.commit()

    def keep_finding(self, finding: FindingRow) -> None:
        """Keep a finding, in place of an earlier one about the same answer."""
        with self._session() as session:
            known = select(FindingRow).where(
                FindingRow.session_id == finding.session_id,  # type: ignore[arg-type]
                FindingRow.stage == finding.stage,  # type: ignore[arg-type]
                FindingRow.answer == finding.answer,  # type: ignore[arg-type]
            )
            for row in session.execute(known).scalars():
                finding.id = row.id
            session.merge(finding)
            session.commit()

    def findings(self, session_id: SessionId | None = None) -> Sequence[FindingRow]:
        """The findings about a session, or all."""
        with self._session() as session:
            query = select(FindingRow).order_by(FindingRow.id)  # type: ignore[arg-type]
            if session_id is not None:
                query = query.where(FindingRow.session_id == session_id)  # type: ignore[arg-type]
            return list(session.execute(query).scalars())

    def _session(self) -> Session:
        return Session(self._engine, expire_on_commit=False)
