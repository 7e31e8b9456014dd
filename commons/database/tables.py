"""The tables: communities and their people, points and devices, flows, readings, and what is derived from them.

Units: energy whole Wh, power W (reactive: var), voltage V, current A, state of charge %, times in UTC epoch seconds, a
reading covers `[start, start + seconds)`. Sign: what is withdrawn from the grid and what is injected are two figures,
neither with a sign; where a device reports one power, + is withdrawn (or charged), − is injected (or discharged).

Money, orders and votes are not here: the chain has them. Nor is a name, a contact or a POD anywhere else than here.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, MetaData, Table, UniqueConstraint
from sqlmodel import Field, SQLModel


class CommunityRow(SQLModel, table=True):
    """A community by its contract."""

    __tablename__ = "communities"
    __table_args__ = (UniqueConstraint("chain_id", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    chain_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    address: str
    name: str
    takes_unsigned: bool = False
    """Whether readings without a meter's signature are taken; their quality then says so."""


class UserRow(SQLModel, table=True):
    """A person or an organisation; the only place of its name."""

    __tablename__ = "users"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    contact: str | None = None


class RoleRow(SQLModel, table=True):
    """What a user can be in a community."""

    __tablename__ = "roles"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class MembershipRow(SQLModel, table=True):
    """A user in a community, in one role and with one wallet; several communities and roles per person."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("community", "wallet", "role"),)

    id: int | None = Field(default=None, primary_key=True)
    community: int = Field(foreign_key="communities.id")
    person: int = Field(foreign_key="users.id", index=True)
    role: int = Field(foreign_key="roles.id")
    wallet: str
    member_id: str
    """The salted hash that the community admin gave, 0x-hex."""
    profile: str
    """The energy profile: consumer, prosumer or prostormer."""
    joined: int = Field(sa_column=Column(BigInteger, nullable=False))
    left: int | None = Field(default=None, sa_column=Column(BigInteger))


class SupplierRow(SQLModel, table=True):
    """Who sells a point the energy that the community does not."""

    __tablename__ = "suppliers"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class PointRow(SQLModel, table=True):
    """A connection point, the wallet it settles for, and what its meter sees."""

    __tablename__ = "points"

    id: int | None = Field(default=None, primary_key=True)
    point_id: str = Field(unique=True)
    wallet: str
    kind: str
    membership: int | None = None
    supplier: int | None = None
    pod: str | None = None
    """The name of the point in the grid operator's books; only its salted hash leaves this table."""
    most_w: int | None = None
    """The power that it can carry; more is implausible."""
    member_id: str | None = None
    """The member that it is bound to, 0x-hex, as the chain had it last."""


class DeviceRow(SQLModel, table=True):
    """A meter, inverter, battery or gateway at a point."""

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("point", "serial"),)

    id: int | None = Field(default=None, primary_key=True)
    point: int = Field(foreign_key="points.id")
    serial: str
    model: str | None = None
    key_address: str | None = None
    """The address of the key that signs its readings, as registered on the chain."""


class FlowRow(SQLModel, table=True):
    """One kind of data that a device sends, from when to when; a device has many."""

    __tablename__ = "flows"
    __table_args__ = (UniqueConstraint("device", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    device: int = Field(foreign_key="devices.id")
    name: str
    measure: str
    """The type of measure: energy, power, voltage, state of charge, …"""
    measuring_seconds: int
    sending_seconds: int
    gdpr_class: str
    """How personal it is: none, personal, or detailed (tells habits)."""
    starts: int = Field(sa_column=Column(BigInteger, nullable=False))
    ends: int | None = Field(default=None, sa_column=Column(BigInteger))
    last_start: int | None = Field(default=None, sa_column=Column(BigInteger))
    """The latest slot that it delivered; an earlier one is out of order."""
    last_arrived: int | None = Field(default=None, sa_column=Column(BigInteger))


class CredentialRow(SQLModel, table=True):
    """What a flow's sender shows to be let in; at most one of a flow is not revoked. The secret itself is nowhere."""

    __tablename__ = "credentials"

    id: int | None = Field(default=None, primary_key=True)
    flow: int = Field(foreign_key="flows.id", index=True)
    secret_hash: str
    """SHA-256 of the secret, in hexadecimal."""
    mqtt_hash: str
    """The same secret as the broker's password file has it."""
    made: int = Field(sa_column=Column(BigInteger, nullable=False))
    revoked: int | None = Field(default=None, sa_column=Column(BigInteger))


class MeterKeyRow(SQLModel, table=True):
    """A key registered on the chain for a point's meter, and from when to when it counts: a copy, kept by following.

    By whose community it was registered belongs to it: another's, or one on another chain, has no say about the point.
    """

    __tablename__ = "meter_keys"

    chain_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    community: str = Field(primary_key=True)
    """The address of the community's contract."""
    point_id: str = Field(primary_key=True)
    key_address: str = Field(primary_key=True)
    valid_from: int = Field(sa_column=Column(BigInteger, primary_key=True))
    valid_until: int | None = Field(default=None, sa_column=Column(BigInteger))


class SignedDeliveryRow(SQLModel, table=True):
    """What a meter signed, as it signed it: where readings came from, for whoever asks later."""

    __tablename__ = "signed_deliveries"

    digest: str = Field(primary_key=True)
    """keccak256 of the payload: the same delivery is kept once."""
    flow: int
    point: int = Field(index=True)
    arrived: int = Field(sa_column=Column(BigInteger, nullable=False))
    signer: str
    signature: str
    payload: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ReadingRow(SQLModel, table=True):
    """Energy of a point over `[start, start + seconds)`, one per point and start: what evidence and money go by.

    `point` is the key of a row of `points`. The database does not check that reading by reading, which takes longer
    than storing them: whoever stores looks the points of a whole batch up.
    """

    __tablename__ = "readings"
    __table_args__ = {"sqlite_with_rowid": False}

    start: int = Field(sa_column=Column(BigInteger, primary_key=True))
    point: int = Field(primary_key=True)
    seconds: int
    withdrawn_wh: int = Field(sa_column=Column(BigInteger, nullable=False))
    injected_wh: int = Field(sa_column=Column(BigInteger, nullable=False))
    quality: int
    flow: int | None = None
    """The flow that it came by; None before there were flows, and from files without one."""
    ingested: int | None = Field(default=None, sa_column=Column(BigInteger))


class MeasurementRow(SQLModel, table=True):
    """Whatever else a flow reports, per flow and start; nothing of it decides about money."""

    __tablename__ = "measurements"
    __table_args__ = {"sqlite_with_rowid": False}

    start: int = Field(sa_column=Column(BigInteger, primary_key=True))
    flow: int = Field(sa_column=Column(ForeignKey("flows.id"), primary_key=True))
    seconds: int
    current_a: float | None = None
    voltage_v: float | None = None
    active_power_w: float | None = None
    reactive_power_var: float | None = None
    energy_wh: int | None = Field(default=None, sa_column=Column(BigInteger))
    state_of_charge_pct: float | None = None
    ingested: int = Field(sa_column=Column(BigInteger, nullable=False))


class WeatherRow(SQLModel, table=True):
    """Weather at a place, measured or forecast, as its source gave it."""

    __tablename__ = "weather"

    start: int = Field(sa_column=Column(BigInteger, primary_key=True))
    place: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    seconds: int
    is_forecast: bool
    temperature_c: float | None = None
    irradiance_w_m2: float | None = None
    cloud_pct: float | None = None
    wind_m_s: float | None = None


class AnomalyRow(SQLModel, table=True):
    """Something wrong with a point's readings, with the value that was reported; the same is listed once."""

    __tablename__ = "anomalies"
    __table_args__ = {"sqlite_with_rowid": False}

    start: int = Field(sa_column=Column(BigInteger, primary_key=True))
    point: int = Field(sa_column=Column(ForeignKey("points.id"), primary_key=True))
    code: str = Field(primary_key=True)
    seconds: int = Field(sa_column=Column(BigInteger, primary_key=True))
    withdrawn_wh: int = Field(sa_column=Column(BigInteger, primary_key=True))
    injected_wh: int = Field(sa_column=Column(BigInteger, primary_key=True))
    found: int = Field(sa_column=Column(BigInteger, nullable=False))


class DerivedRow(SQLModel, table=True):
    """A derived series of a point, such as readings with short gaps filled; never evidence."""

    __tablename__ = "derived"
    __table_args__ = {"sqlite_with_rowid": False}

    series: str = Field(primary_key=True)
    start: int = Field(sa_column=Column(BigInteger, primary_key=True))
    point: int = Field(sa_column=Column(ForeignKey("points.id"), primary_key=True))
    seconds: int
    withdrawn_wh: int = Field(sa_column=Column(BigInteger, nullable=False))
    injected_wh: int = Field(sa_column=Column(BigInteger, nullable=False))
    is_interpolated: bool


class MemberKeyRow(SQLModel, table=True):
    """A member's key, sealed to this operator; deleting it erases what its readings' leaves say."""

    __tablename__ = "member_keys"

    community: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True)
    operator: str = Field(primary_key=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class DatasetRow(SQLModel, table=True):
    """A version of a local day's dataset as this operator froze it: later readings do not change it."""

    __tablename__ = "datasets"
    __table_args__ = (UniqueConstraint("community", "day", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    community: str
    day: int
    """The local date, in days since 1970-01-01."""
    version: int
    frozen: int = Field(sa_column=Column(BigInteger, nullable=False))
    """The chain's second at which it was frozen."""
    root: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    points: int
    leaves: int
    cid: str
    """The name of what is published of it, which holds no readings."""


class DatasetPointRow(SQLModel, table=True):
    """A point's readings in a frozen dataset: a cell for every slot of the day, the missing ones too."""

    __tablename__ = "dataset_points"

    dataset: int = Field(primary_key=True)
    point: int = Field(primary_key=True)
    member_id: str
    """Whose it was on that day, 0x-hex: the key of this member makes the salts."""
    seconds: int
    cells: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Withdrawn and injected Wh as 64-bit integers, slot by slot, low byte first; then a byte of quality per slot."""


class DatasetRemainsRow(SQLModel, table=True):
    """What is left of erased members in a frozen dataset: salted hashes, so that others keep their proofs."""

    __tablename__ = "dataset_remains"

    dataset: int = Field(primary_key=True)
    hashes: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ErasureRow(SQLModel, table=True):
    """That a member was erased, and whether the database has been cleaned of it; not who."""

    __tablename__ = "erasures"

    id: int | None = Field(default=None, primary_key=True)
    begun: int = Field(sa_column=Column(BigInteger, nullable=False))
    done: int | None = Field(default=None, sa_column=Column(BigInteger))


_ROWS = (
    CommunityRow,
    UserRow,
    RoleRow,
    MembershipRow,
    SupplierRow,
    PointRow,
    DeviceRow,
    FlowRow,
    CredentialRow,
    MeterKeyRow,
    SignedDeliveryRow,
    ReadingRow,
    MeasurementRow,
    WeatherRow,
    AnomalyRow,
    DerivedRow,
    MemberKeyRow,
    DatasetRow,
    DatasetPointRow,
    DatasetRemainsRow,
    ErasureRow,
)


def table_of(row: type[SQLModel]) -> Table:
    """The table of a row's class."""
    return SQLModel.metadata.tables[str(row.__tablename__)]


def store_metadata() -> MetaData:
    """The store's tables alone: an operator's journal shares the database, and looks after itself."""
    metadata = MetaData()
    for row in _ROWS:
        table_of(row).to_metadata(metadata)
    return metadata
