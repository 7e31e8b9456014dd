"""Meters' keys by the community that registered them: two chains, or two communities, may know the same point."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_KEPT = """
    INSERT INTO meter_keys (chain_id, community, point_id, key_address, valid_from, valid_until)
    SELECT communities.chain_id, communities.address, copied.point_id, copied.key_address, copied.valid_from,
        copied.valid_until
    FROM copied_keys AS copied
    JOIN points ON points.point_id = copied.point_id
    JOIN memberships ON memberships.id = points.membership
    JOIN communities ON communities.id = memberships.community
"""


def upgrade() -> None:
    """Take a point's keys for those of its member's community; of points without a member they are copied again."""
    op.rename_table("meter_keys", "copied_keys")
    op.create_table(
        "meter_keys",
        sa.Column("chain_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("community", sa.String, primary_key=True),
        sa.Column("point_id", sa.String, primary_key=True),
        sa.Column("key_address", sa.String, primary_key=True),
        sa.Column("valid_from", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("valid_until", sa.BigInteger),
    )
    op.execute(_KEPT)
    op.drop_table("copied_keys")


def downgrade() -> None:
    """There is no way back: two communities' keys of a point would be mixed."""
    raise NotImplementedError("keys are not mixed by a migration; keep the database, or restore its backup")
