"""Communities, people, devices, flows, measurements, weather, anomalies, derived series and members' keys."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables beside points and readings, and add to these two; nothing stored changes."""
    _people()
    for name in ("membership", "supplier", "most_w"):
        op.add_column("points", sa.Column(name, sa.Integer))
    op.add_column("points", sa.Column("pod", sa.String))
    op.add_column("readings", sa.Column("flow", sa.Integer))
    op.add_column("readings", sa.Column("ingested", sa.BigInteger))
    _devices()
    _findings()


def downgrade() -> None:
    """There is no way back: it would delete data."""
    raise NotImplementedError("data are not deleted by a migration; keep the database, or restore its backup")


def _people() -> None:
    op.create_table(
        "communities",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("chain_id", sa.BigInteger, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("takes_unsigned", sa.Boolean, nullable=False),
        sa.UniqueConstraint("chain_id", "address"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("contact", sa.String),
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("community", sa.Integer, sa.ForeignKey("communities.id"), nullable=False),
        sa.Column("person", sa.Integer, sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("role", sa.Integer, sa.ForeignKey("roles.id"), nullable=False),
        sa.Column("wallet", sa.String, nullable=False),
        sa.Column("member_id", sa.String, nullable=False),
        sa.Column("profile", sa.String, nullable=False),
        sa.Column("joined", sa.BigInteger, nullable=False),
        sa.Column("left", sa.BigInteger),
        sa.UniqueConstraint("community", "wallet", "role"),
    )
    op.create_table(
        "suppliers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
    )
    op.create_table(
        "member_keys",
        sa.Column("community", sa.String, primary_key=True),
        sa.Column("member_id", sa.String, primary_key=True),
        sa.Column("operator", sa.String, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )


def _devices() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("point", sa.Integer, sa.ForeignKey("points.id"), nullable=False),
        sa.Column("serial", sa.String, nullable=False),
        sa.Column("model", sa.String),
        sa.Column("key_address", sa.String),
        sa.UniqueConstraint("point", "serial"),
    )
    op.create_table(
        "flows",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("device", sa.Integer, sa.ForeignKey("devices.id"), nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("measure", sa.String, nullable=False),
        sa.Column("measuring_seconds", sa.Integer, nullable=False),
        sa.Column("sending_seconds", sa.Integer, nullable=False),
        sa.Column("gdpr_class", sa.String, nullable=False),
        sa.Column("starts", sa.BigInteger, nullable=False),
        sa.Column("ends", sa.BigInteger),
        sa.UniqueConstraint("device", "name"),
    )
    op.create_table(
        "measurements",
        sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("flow", sa.Integer, sa.ForeignKey("flows.id"), primary_key=True),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("current_a", sa.Float),
        sa.Column("voltage_v", sa.Float),
        sa.Column("active_power_w", sa.Float),
        sa.Column("reactive_power_var", sa.Float),
        sa.Column("energy_wh", sa.BigInteger),
        sa.Column("state_of_charge_pct", sa.Float),
        sa.Column("ingested", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _findings() -> None:
    op.create_table(
        "weather",
        sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("place", sa.String, primary_key=True),
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("is_forecast", sa.Boolean, nullable=False),
        sa.Column("temperature_c", sa.Float),
        sa.Column("irradiance_w_m2", sa.Float),
        sa.Column("cloud_pct", sa.Float),
        sa.Column("wind_m_s", sa.Float),
    )
    op.create_table(
        "anomalies",
        sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("point", sa.Integer, sa.ForeignKey("points.id"), primary_key=True),
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("seconds", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("withdrawn_wh", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("injected_wh", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("found", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "derived",
        sa.Column("series", sa.String, primary_key=True),
        sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("point", sa.Integer, sa.ForeignKey("points.id"), primary_key=True),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("withdrawn_wh", sa.BigInteger, nullable=False),
        sa.Column("injected_wh", sa.BigInteger, nullable=False),
        sa.Column("is_interpolated", sa.Boolean, nullable=False),
        sqlite_with_rowid=False,
    )
