"""The files that Mosquitto runs by: its configuration, who may sign in, and who may publish and read where.

Each flow with a credential may publish its own readings and read its own feedback, nothing else; the service reads all
readings and writes all feedback. Passwords are there as hashes; the service's own is in a file for its owner alone.
"""

import getpass
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from commons.database.tables import CommunityRow, CredentialRow, DeviceRow, FlowRow, MembershipRow, PointRow, table_of
from commons.errors import NotFound
from oracle.intake.credentials import mosquitto_hash
from oracle.intake.mqtt.topics import ALL_FEEDBACK, ALL_READINGS, SERVICE_USER, FlowTopics, topics_of, user_of

CONFIGURATION = "mosquitto.conf"
SERVICE_PASSWORD = "ingest.password"  # noqa: S105  the name of a file
_LISTENER = re.compile(r"^listener (\d+) (\S+)$", re.MULTILINE)
DATA = "data"
"""The folder in which the broker keeps what waits for somebody."""
LARGEST_PACKET = 1 << 20
MOST_UNANSWERED = 1_000
"""Messages that the service has been sent and not acknowledged."""
_CREDENTIALS, _FLOWS, _DEVICES, _POINTS = (table_of(row) for row in (CredentialRow, FlowRow, DeviceRow, PointRow))
_MEMBERSHIPS, _COMMUNITIES = table_of(MembershipRow), table_of(CommunityRow)


@dataclass(frozen=True, slots=True)
class Listener:
    """Where the broker listens, with a certificate where others than this machine reach it."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """A flow that may sign in, by the hash of its credential."""

    topics: FlowTopics
    mqtt_hash: str


def senders(connection: Connection) -> Sequence[Sender]:
    """The flows that have a credential."""
    query = (
        select(_FLOWS.c.id, _FLOWS.c.device, _COMMUNITIES.c.address, _CREDENTIALS.c.mqtt_hash)
        .join_from(_CREDENTIALS, _FLOWS, _CREDENTIALS.c.flow == _FLOWS.c.id)
        .join(_DEVICES, _FLOWS.c.device == _DEVICES.c.id)
        .join(_POINTS, _DEVICES.c.point == _POINTS.c.id)
        .outerjoin(_MEMBERSHIPS, _POINTS.c.membership == _MEMBERSHIPS.c.id)
        .outerjoin(_COMMUNITIES, _MEMBERSHIPS.c.community == _COMMUNITIES.c.id)
        .where(_CREDENTIALS.c.revoked.is_(None))
        .order_by(_FLOWS.c.id)
    )
    rows = connection.execute(query)
    return [Sender(topics_of(row.address, row.device, row.id), row.mqtt_hash) for row in rows]


def write_broker_files(folder: Path, flows: Sequence[Sender], listener: Listener) -> None:
    """Write all files anew; the service's password stays the one that it was. A running broker reads them at SIGHUP."""
    folder = folder.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / DATA).mkdir(mode=0o700, exist_ok=True)
    write_rights(folder, flows)
    _write(folder / CONFIGURATION, _configuration(folder, listener))


def write_rights(folder: Path, flows: Sequence[Sender]) -> None:
    """Write anew who may sign in, and publish and read where."""
    own = service_password(folder)
    passwords = [f"{SERVICE_USER}:{mosquitto_hash(own)}"]
    passwords += [f"{user_of(one.topics.flow)}:{one.mqtt_hash}" for one in flows]
    rights = [f"user {SERVICE_USER}", f"topic read {ALL_READINGS}", f"topic write {ALL_FEEDBACK}"]
    for one in flows:
        rights += ["", f"user {user_of(one.topics.flow)}"]
        rights += [f"topic write {one.topics.readings}", f"topic read {one.topics.feedback}"]
    _write(folder / "passwords", passwords)
    _write(folder / "acl", rights)


def service_password(folder: Path) -> str:
    """The service's own password at the broker, made where there is none."""
    path = folder / SERVICE_PASSWORD
    if not path.exists():
        _write(path, [secrets.token_hex(32)])
    return path.read_text(encoding="ascii").strip()


def listening_at(folder: Path) -> tuple[str, int]:
    """Host and port of a folder's broker.

    Raises:
        NotFound: it is no broker's folder.
    """
    try:
        found = _LISTENER.search((folder / CONFIGURATION).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        found = None
    if found is None:
        raise NotFound(
            f"{folder} is no broker's folder", remedy="Name one that `commonwatt ingest mqtt-config` has written."
        )
    return found[2], int(found[1])


def _configuration(folder: Path, listener: Listener) -> list[str]:
    tls = [] if listener.certificate is None else [f"certfile {listener.certificate}", f"keyfile {listener.key}"]
    return [
        "# Written by `commonwatt ingest mqtt-config`; changes are lost.",
        f"listener {listener.port} {listener.host}",
        *tls,
        f"user {getpass.getuser()}",  # whom a broker started by root becomes: whose these files are
        "allow_anonymous false",
        f"password_file {folder}/passwords",
        f"acl_file {folder}/acl",
        "retain_available false",  # a reading is for whoever listens now or waits, never kept for later comers
        "persistence true",
        f"persistence_location {folder}/{DATA}/",
        "autosave_interval 10",
        "persistent_client_expiration 14d",
        f"max_inflight_messages {MOST_UNANSWERED}",
        "max_queued_messages 0",  # what waits for the service waits, however long that is away
        f"max_packet_size {LARGEST_PACKET}",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
    ]


def _write(path: Path, lines: Sequence[str]) -> None:
    """Write a file for its owner alone, whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    fresh.replace(path)
