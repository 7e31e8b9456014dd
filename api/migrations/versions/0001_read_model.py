"""Events of the chain and what they add up to; sign-ins; adhesion documents."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    _chain()
    _events()
    _communities()
    _sessions()
    _positions()
    _people()


def downgrade() -> None:
    """There is no way back: it would delete the salts of applicants' documents."""
    raise NotImplementedError("adhesions are not deleted by a migration; keep the database, or restore its backup")


def _chain() -> None:
    op.create_table(
        "followed",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("chain_id", sa.BigInteger, nullable=False),
        sa.Column("genesis", sa.String, nullable=False),
        sa.Column("factory", sa.String, nullable=False),
        sa.Column("first_block", sa.BigInteger, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("block", sa.BigInteger, nullable=False),
        sa.Column("block_hash", sa.String, nullable=False),
        sa.Column("block_time", sa.BigInteger, nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("head_time", sa.BigInteger, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "followed_contracts",
        sa.Column("address", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("community", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("address"),
    )
    op.create_index("ix_followed_contracts_community", "followed_contracts", ["community"])


def _events() -> None:
    op.create_table(
        "event_subjects",
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("event", sa.BigInteger, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("subject", "event"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("block", sa.BigInteger, nullable=False),
        sa.Column("log_index", sa.Integer, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("tx_hash", sa.String, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("contract", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("community", sa.String),
        sa.Column("session", sa.BigInteger),
        sa.Column("args", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("block", "log_index"),
    )
    op.create_index("events_of_community", "events", ["community", "name", "id"])
    op.create_index("events_of_session", "events", ["community", "session", "id"])
    op.create_index("ix_events_tx_hash", "events", ["tx_hash"])


def _communities() -> None:
    op.create_table(
        "community_facts",
        sa.Column("address", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("created_block", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("settlement_token", sa.String, nullable=False),
        sa.Column("contracts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("address"),
    )
    op.create_table(
        "member_facts",
        sa.Column("community", sa.String, nullable=False),
        sa.Column("wallet", sa.String, nullable=False),
        sa.Column("entry", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("profile", sa.String, nullable=False),
        sa.Column("adhesion_hash", sa.String, nullable=False),
        sa.Column("recovery_key", sa.String, nullable=False),
        sa.Column("member_id", sa.String),
        sa.Column("applied_at", sa.BigInteger, nullable=False),
        sa.Column("approved_at", sa.BigInteger),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("replaced_by", sa.String),
        sa.Column("prior_status", sa.String),
        sa.PrimaryKeyConstraint("community", "wallet"),
    )
    op.create_index("members_in_order", "member_facts", ["community", "entry"])


def _sessions() -> None:
    op.create_table(
        "session_facts",
        sa.Column("community", sa.String, nullable=False),
        sa.Column("number", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("opened_block", sa.BigInteger, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("opener", sa.String, nullable=False),
        sa.Column("operator_set", sa.Integer, nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("delivery_start", sa.BigInteger, nullable=False),
        sa.Column("delivery_end", sa.BigInteger, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("traders", sa.Integer, nullable=False),
        sa.Column("revealed", sa.Integer, nullable=False),
        sa.Column("orders", sa.Integer, nullable=False),
        sa.Column("outcome", sa.BigInteger),
        sa.Column("outcome_final_at", sa.BigInteger),
        sa.Column("settlement", sa.BigInteger),
        sa.Column("settlement_final_at", sa.BigInteger),
        sa.Column("execution_deadline", sa.BigInteger),
        sa.Column("executed", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("community", "number"),
    )


def _positions() -> None:
    op.create_table(
        "ballot_facts",
        sa.Column("question", sa.String, nullable=False),
        sa.Column("community", sa.String, nullable=False),
        sa.Column("session", sa.BigInteger, nullable=False),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("accepted", sa.String),
        sa.Column("final_at", sa.BigInteger),
        sa.Column("voided", sa.Boolean, nullable=False),
        sa.Column("votes", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("question"),
    )
    op.create_index("ballots_of_session", "ballot_facts", ["community", "session"])
    op.create_table(
        "position_facts",
        sa.Column("community", sa.String, nullable=False),
        sa.Column("session", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("trader", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("commitment", sa.String, nullable=False),
        sa.Column("max_lock", sa.String, nullable=False),
        sa.Column("deposit", sa.String, nullable=False),
        sa.Column("committed", sa.BigInteger, nullable=False),
        sa.Column("revealed", sa.BigInteger),
        sa.Column("first_index", sa.BigInteger),
        sa.Column("order_count", sa.Integer),
        sa.Column("lock", sa.String),
        sa.Column("executed", sa.BigInteger),
        sa.Column("debit", sa.String),
        sa.Column("credit", sa.String),
        sa.Column("penalty", sa.String),
        sa.Column("ended", sa.String),
        sa.PrimaryKeyConstraint("community", "session", "trader"),
    )
    op.create_index("positions_of_trader", "position_facts", ["community", "trader", "session"])


def _people() -> None:
    op.create_table(
        "adhesion_documents",
        sa.Column("adhesion_hash", sa.String, nullable=False),
        sa.Column("community", sa.String, nullable=False),
        sa.Column("wallet", sa.String, nullable=False),
        sa.Column("salt", sa.String, nullable=False),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("adhesion_hash"),
    )
    op.create_index("adhesions_of_community", "adhesion_documents", ["community", "wallet"])
    op.create_table(
        "sign_in_nonces",
        sa.Column("nonce", sa.String, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("nonce"),
    )
    op.create_index("ix_sign_in_nonces_expires", "sign_in_nonces", ["expires"])
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("wallet", sa.String, nullable=False),
        sa.Column("began", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("refresh", sa.String, nullable=False),
        sa.Column("is_over", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("refresh"),
    )
    op.create_index("ix_sign_ins_expires", "sign_ins", ["expires"])
    op.create_index("ix_sign_ins_wallet", "sign_ins", ["wallet"])
