"""What a flow's sender shows to be let in: a random secret of which only hashes are kept, one per flow.

The credential reads `cw-NUMBER-SECRET`. Over HTTP it is a bearer token, over MQTT the password of user `flow-N`. Its
256 bits are random, so one round of a hash is as good as many: nobody guesses it, and nobody can read it here.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update

from commons.database.tables import CommunityRow, CredentialRow, DeviceRow, FlowRow, MembershipRow, PointRow, table_of
from commons.errors import NotFound, NotSignedIn
from commons.intake.port import Flow

_CREDENTIALS, _FLOWS, _DEVICES, _POINTS = (table_of(row) for row in (CredentialRow, FlowRow, DeviceRow, PointRow))
_MEMBERSHIPS, _COMMUNITIES = table_of(MembershipRow), table_of(CommunityRow)
_TOKEN = re.compile(r"cw-([1-9][0-9]{0,9})-([0-9a-f]{64})")
_SECRET_BYTES = 32
_MQTT_ROUNDS = 101
"""As mosquitto's own tool has them."""
_NOBODY = "0" * 64
DEFAULT_MOST_W = 100_000
"""What a point carries where the register does not say."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A new credential; `token` is shown once and kept nowhere."""

    flow: int
    token: str = field(repr=False)
    replaced: bool


def make_credential(connection: Connection, flow: int, now: int) -> Credential:
    """Make a flow's credential and revoke the one that it had.

    Raises:
        NotFound: there is no such flow.
    """
    if connection.execute(select(_FLOWS.c.id).where(_FLOWS.c.id == flow)).first() is None:
        raise NotFound("there is no such flow", which=flow, remedy="List them: commonwatt store flow list.")
    replaced = revoke_credential(connection, flow, now)
    secret = secrets.token_hex(_SECRET_BYTES)
    values = {"flow": flow, "secret_hash": _hash(secret), "mqtt_hash": "", "made": now}
    number = connection.execute(insert(_CREDENTIALS).values(values).returning(_CREDENTIALS.c.id)).scalar_one()
    token = f"cw-{number}-{secret}"
    connection.execute(update(_CREDENTIALS).where(_CREDENTIALS.c.id == number).values(mqtt_hash=mosquitto_hash(token)))
    return Credential(flow, token, replaced)


def revoke_credential(connection: Connection, flow: int, now: int) -> bool:
    """Revoke the credential of a flow; whether it had one."""
    mine = (_CREDENTIALS.c.flow == flow) & _CREDENTIALS.c.revoked.is_(None)
    return connection.execute(update(_CREDENTIALS).where(mine).values(revoked=now)).rowcount > 0


def flow_of_token(connection: Connection, token: str) -> Flow:
    """The flow whose credential this is.

    Raises:
        NotSignedIn: it is nobody's, or it was revoked; which of them is not said.
    """
    parts = _TOKEN.fullmatch(token)
    number, secret = (int(parts[1]), parts[2]) if parts else (0, "")
    query = select(_CREDENTIALS.c.flow, _CREDENTIALS.c.secret_hash, _CREDENTIALS.c.revoked)
    row = connection.execute(query.where(_CREDENTIALS.c.id == number)).first()
    matches = hmac.compare_digest(_hash(secret), _NOBODY if row is None else row.secret_hash)
    if row is None or not matches or row.revoked is not None:
        raise NotSignedIn(
            "the credential is not valid", remedy="Ask the operator for a new one: commonwatt store credential create."
        )
    return flow_of(connection, row.flow)


def sending_flow(connection: Connection, key: int) -> Flow:
    """A flow by its number, if it has a credential.

    Raises:
        NotFound: there is no such flow. NotSignedIn: its credential has ended.
    """
    flow = flow_of(connection, key)
    live = select(_CREDENTIALS.c.id).where(_CREDENTIALS.c.flow == key, _CREDENTIALS.c.revoked.is_(None))
    if connection.execute(live).first() is None:
        raise NotSignedIn("the flow has no credential any more", which=key, remedy="Ask the operator for a new one.")
    return flow


def flow_of(connection: Connection, key: int) -> Flow:
    """A flow by its number.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(
        select(
            _FLOWS.c.id,
            _FLOWS.c.measuring_seconds,
            _FLOWS.c.starts,
            _FLOWS.c.ends,
            _POINTS.c.id.label("point"),
            _POINTS.c.point_id,
            _POINTS.c.most_w,
            _COMMUNITIES.c.takes_unsigned,
        )
        .join_from(_FLOWS, _DEVICES, _FLOWS.c.device == _DEVICES.c.id)
        .join(_POINTS, _DEVICES.c.point == _POINTS.c.id)
        .outerjoin(_MEMBERSHIPS, _POINTS.c.membership == _MEMBERSHIPS.c.id)
        .outerjoin(_COMMUNITIES, _MEMBERSHIPS.c.community == _COMMUNITIES.c.id)
        .where(_FLOWS.c.id == key)
    ).first()
    if row is None:
        raise NotFound("there is no such flow", which=key, remedy="List them: commonwatt store flow list.")
    return Flow(
        key=row.id,
        point=row.point,
        point_id=row.point_id,
        measuring_seconds=row.measuring_seconds,
        most_w=row.most_w or DEFAULT_MOST_W,
        starts=row.starts,
        ends=row.ends,
        takes_unsigned=bool(row.takes_unsigned),
    )


def mosquitto_hash(password: str) -> str:
    """The password as mosquitto's password file has it: PBKDF2 with SHA-512."""
    salt = secrets.token_bytes(12)
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _MQTT_ROUNDS)
    return f"$7${_MQTT_ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
