"""Frozen datasets, what is left in them of erased members, erasures, and whose a point is by the chain."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables; nothing stored changes."""
    op.add_column("points", sa.Column("member_id", sa.String))
    op.create_table(
        "datasets",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("community", sa.String, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("frozen", sa.BigInteger, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("leaves", sa.Integer, nullable=False),
        sa.Column("cid", sa.String, nullable=False),
        sa.UniqueConstraint("community", "day", "version"),
    )
    op.create_table(
        "dataset_points",
        sa.Column("dataset", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("point", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("member_id", sa.String, nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("cells", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "dataset_remains",
        sa.Column("dataset", sa.Integer, primary_key=True),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("begun", sa.BigInteger, nullable=False),
        sa.Column("done", sa.BigInteger),
    )


def downgrade() -> None:
    """There is no way back: it would delete evidence."""
    raise NotImplementedError("evidence is not deleted by a migration; keep the database, or restore its backup")
