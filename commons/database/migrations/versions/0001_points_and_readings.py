"""Points and readings, as the first operators had them; databases that have them already only get their number."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create what is not there."""
    op.create_table(
        "points",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("point_id", sa.String, nullable=False, unique=True),
        sa.Column("wallet", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "readings",
        sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("point", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("withdrawn_wh", sa.BigInteger, nullable=False),
        sa.Column("injected_wh", sa.BigInteger, nullable=False),
        sa.Column("quality", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )


def downgrade() -> None:
    """There is no way back: it would delete readings."""
    raise NotImplementedError("readings are not deleted by a migration; keep the database, or restore its backup")
