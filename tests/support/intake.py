"""An operator's store with a community, a member, a point and its meter, whose flow may send readings."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from coincurve import PrivateKey
from sqlalchemy import Engine, text

from commons.addresses import Address
from commons.database.engine import open_database
from commons.database.migrate import upgrade
from commons.database.tables import store_metadata
from commons.intake.message import Message, Reading
from commons.intake.signing import address_of_key, canonical_bytes, sign
from oracle.intake.credentials import make_credential
from oracle.intake.meter_keys import MeterKey, Registrar, replace_keys
from oracle.measurement.types import PointKind
from oracle.registry.people import Person, add_community, add_person, let_unsigned
from oracle.registry.things import FlowEntry, PointEntry, add_device, add_flow, add_point
from scripts.bench.postgres import Server

T0 = 1_781_042_400
"""2026-06-10 00:00 in Rome."""
NOW = T0 + 86_400
METER = PrivateKey(b"\x07" * 32)
STRANGER = PrivateKey(b"\x08" * 32)
REGISTRAR = Registrar(31337, Address("0x" + "fe" * 20))
"""The community of everybody furnished."""
MEMBER_ID = "0x" + "cd" * 32


@dataclass(frozen=True)
class Metered:
    """A store, and one flow of it."""

    engine: Engine
    community: int
    device: int
    flow: int
    point_id: str
    token: str

    def table(self, columns: str, name: str, rest: str = "") -> list[tuple[Any, ...]]:
        """Rows of a table."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM {name} {rest}"))]  # noqa: S608

    def readings(self) -> list[tuple[int, int, int, int]]:
        """Start, withdrawn, injected, quality of all readings of the point."""
        return self.table("start, withdrawn_wh, injected_wh, quality", "readings", "ORDER BY start, point")

    def anomalies(self) -> list[tuple[int, str]]:
        """Start and code of all anomalies."""
        return self.table("start, code", "anomalies", "ORDER BY start, code")


def reading(slot: int, withdrawn_wh: int = 100, injected_wh: int = 0, **more: Any) -> Reading:
    """A reading of a quarter-hour of the day."""
    return Reading(start=T0 + slot * 900, seconds=900, withdrawn_wh=withdrawn_wh, injected_wh=injected_wh, **more)


def message(*readings: Reading, **more: Any) -> Message:
    """A message without a signature."""
    return Message(readings=readings, **more)


def signed(point_id: str, *readings: Reading, key: PrivateKey = METER, **more: Any) -> Message:
    """A message signed by a meter."""
    return Message(readings=readings, signature=sign(key, canonical_bytes(point_id, readings)), **more)


def furnish(
    engine: Engine,
    takes_unsigned: bool = False,
    number: int = 1,
    seconds: int = 900,
    starts: int = T0,
    registrar: Registrar = REGISTRAR,
) -> Metered:
    """Enter a member with a point and its meter, whose key is registered; numbers tell several apart."""
    upgrade(engine)
    wallet = Address(f"0x{number:040x}")
    point_id = f"0x{number:064x}"
    with engine.begin() as connection:
        community = add_community(connection, "Fontana", registrar.chain_id, registrar.community)
        let_unsigned(connection, community, takes_unsigned)
        person = Person(f"Person {number}", None, "member", wallet, MEMBER_ID, "prosumer")
        member = add_person(connection, community, person, T0)
        point = add_point(connection, PointEntry(point_id, wallet, PointKind.EXCHANGE, member, most_w=10_000))
        device = add_device(connection, point, f"meter {number}")
        flow = add_flow(connection, FlowEntry(device, "energy", "energy", seconds, 900, "detailed", starts))
        token = make_credential(connection, flow, T0).token
        replace_keys(connection, registrar, [MeterKey(point_id, address_of_key(METER), T0)])
    return Metered(engine, community, device, flow, point_id, token)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite store, to be copied."""
    path = tmp_path_factory.mktemp("store") / "empty.sqlite"
    engine = open_database(path)
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def shared_postgres(postgres: Server) -> str:
    """The URL of one store that tests share, one after the other."""
    url = postgres.database()
    engine = open_database(url)
    upgrade(engine)
    engine.dispose()
    return url


@pytest.fixture
def sqlite_store(migrated: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty store in a file."""
    shutil.copy(migrated, tmp_path / "store.sqlite")
    opened = open_database(tmp_path / "store.sqlite")
    yield opened
    opened.dispose()


@pytest.fixture
def postgres_store(shared_postgres: str) -> Iterator[Engine]:
    """An empty store in PostgreSQL."""
    opened = open_database(shared_postgres)
    names = ", ".join(store_metadata().tables)
    with opened.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    yield opened
    opened.dispose()


@pytest.fixture(params=["sqlite_store", "postgres_store"])
def store_engine(request: pytest.FixtureRequest) -> Engine:
    """An empty store of each kind."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine
