"""The refresh token before the present one, and when it was spent."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add them; whoever is signed in stays so."""
    op.add_column("sign_ins", sa.Column("previous", sa.String))
    op.add_column("sign_ins", sa.Column("rotated", sa.BigInteger, nullable=False, server_default="0"))


def downgrade() -> None:
    """There is no way back: it would forget which tokens were spent."""
    raise NotImplementedError("spent tokens are not forgotten by a migration; keep the database, or restore its backup")
