"""Flows' credentials, meters' keys, what meters signed, and how far each flow has come."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables and columns; nothing stored changes."""
    for name in ("last_start", "last_arrived"):
        op.add_column("flows", sa.Column(name, sa.BigInteger))
    op.create_table(
        "credentials",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("flow", sa.Integer, sa.ForeignKey("flows.id"), nullable=False, index=True),
        sa.Column("secret_hash", sa.String, nullable=False),
        sa.Column("mqtt_hash", sa.String, nullable=False),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.Column("revoked", sa.BigInteger),
    )
    op.create_table(
        "meter_keys",
        sa.Column("point_id", sa.String, primary_key=True),
        sa.Column("key_address", sa.String, primary_key=True),
        sa.Column("valid_from", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("valid_until", sa.BigInteger),
    )
    op.create_table(
        "signed_deliveries",
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("flow", sa.Integer, nullable=False),
        sa.Column("point", sa.Integer, nullable=False, index=True),
        sa.Column("arrived", sa.BigInteger, nullable=False),
        sa.Column("signer", sa.String, nullable=False),
        sa.Column("signature", sa.String, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    """There is no way back: it would delete what meters signed."""
    raise NotImplementedError("data are not deleted by a migration; keep the database, or restore its backup")
