"""The service that takes messages from the broker: each is acknowledged only once what it says is committed.

The broker keeps what was not acknowledged, across restarts of this service, and sends it again; the store knows what it
has already. The broker's own acknowledgement to a meter says only that the message is on its way: a meter may forget a
reading when the feedback says that it is stored or known.
"""

import json
import logging
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from sqlalchemy.exc import SQLAlchemyError

from commons.errors import CommonwattError, InputError, NotFound, NotSignedIn, SettingsError, Unavailable
from commons.intake.message import Message, Receipt, parsed
from commons.intake.port import Flow
from oracle.intake.clerk import Clerk
from oracle.intake.door import Door
from oracle.intake.mqtt import topics
from oracle.intake.mqtt.broker_files import LARGEST_PACKET, MOST_UNANSWERED
from oracle.intake.mqtt.topics import ALL_READINGS, SERVICE_USER, FlowTopics

CLIENT_ID = "commonwatt-ingest"
SESSION_S = 14 * 24 * 3600
"""How long the broker keeps messages for a service that is away."""
_FLOW_S = 5
"""How long a flow is taken to be what it was; so long after its credential ended it may still send."""
_RETRY_S = 2
_ROOM_S = 10
"""How long a message waits for room at the clerk's; meanwhile the broker waits, too."""
_KEEPALIVE_S = 30
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is, and this service's password there."""

    host: str
    port: int
    password: str
    certificates: Path | None = None
    """File of the certificates to trust (PEM); no TLS where None."""


class MqttService:
    """Takes messages until it is stopped."""

    def __init__(self, door: Door, broker: Broker, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare the work.

        Raises:
            InputError: the file of certificates to trust is none.
        """
        self._door = door
        self._clerk = Clerk(door)
        self._broker = broker
        self._clock = clock
        self._flows: dict[int, tuple[float, Flow]] = {}
        self._connection = 0
        self._was_heard = False
        self._acknowledging = threading.RLock()
        self._again = threading.Event()
        self._is_stopping = threading.Event()
        self._client = self._made()

    def run(self, ready: Callable[[], None]) -> None:
        """Connect and work until `stop`; `ready` is called once messages come.

        Raises:
            Unavailable: nobody answers at the broker's address.
            SettingsError: its certificate is not to be trusted.
        """
        self._ready = ready
        self._connect()
        self._client.loop_start()
        try:
            while not self._is_stopping.is_set():
                if self._again.wait(0.2):
                    self._start_over()
        finally:
            self._clerk.close()
            self._client.disconnect()
            self._client.loop_stop()

    def stop(self) -> None:
        """End `run` when what has come in is taken."""
        self._is_stopping.set()

    def _made(self) -> Client:
        client = Client(CallbackAPIVersion.VERSION2, client_id=CLIENT_ID, protocol=MQTTv5, manual_ack=True)
        client.username_pw_set(SERVICE_USER, self._broker.password)
        client.max_inflight_messages_set(MOST_UNANSWERED)
        client.max_queued_messages_set(0)
        if self._broker.certificates is not None:
            client.tls_set_context(_trusting(self._broker.certificates))
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    def _connect(self) -> None:
        session = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        session.SessionExpiryInterval = SESSION_S
        session.ReceiveMaximum = MOST_UNANSWERED
        session.MaximumPacketSize = LARGEST_PACKET
        try:
            self._client.connect(
                self._broker.host, self._broker.port, _KEEPALIVE_S, clean_start=False, properties=session
            )
        except ssl.SSLCertVerificationError as error:
            raise SettingsError(
                f"the broker at {self._broker.host}:{self._broker.port} shows a certificate that is not to be trusted: "
                f"{error.verify_message}",
                remedy="Name the file of the certificate that signed it, and the broker as the certificate names it.",
            ) from error
        except OSError as error:
            how = "" if self._broker.certificates is None else " over TLS"
            raise Unavailable(
                f"no broker answers{how} at {self._broker.host}:{self._broker.port}",
                remedy="Start it (mosquitto -c DIR/mosquitto.conf), and check the port.",
            ) from error

    def _start_over(self) -> None:
        """Leave the broker and come back: it then sends again what was not acknowledged."""
        self._again.clear()
        _log.warning("the store failed; messages are asked for again in %d s", _RETRY_S)
        self._client.disconnect()
        self._client.loop_stop()
        if self._is_stopping.wait(_RETRY_S):
            return
        self._connect()
        self._client.loop_start()

    def _on_connect(self, client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self._was_heard = True
        if reason.is_failure:
            self._refused(reason)
            return
        self._count_connection()
        client.subscribe(ALL_READINGS, qos=1)

    def _on_subscribe(
        self, _client: Client, _data: Any, _number: int, reasons: Sequence[Any], _properties: Any
    ) -> None:
        """The broker keeps messages for this service from now on: what came before its first subscription is lost."""
        if reasons[0].is_failure:
            self._refused(reasons[0])
            return
        self._ready()

    def _refused(self, reason: Any) -> None:
        _log.error("the broker refuses this service: %s", reason)
        self._is_stopping.set()
        self.refusal = SettingsError(
            f"the broker refuses this service: {reason}",
            remedy="Write its files anew (commonwatt ingest mqtt-config) and let it read them (SIGHUP).",
        )

    def _on_disconnect(self, *_: Any) -> None:
        self._count_connection()
        if not self._was_heard and not self._is_stopping.is_set():
            self.refusal = Unavailable(
                f"whoever is at {self._broker.host}:{self._broker.port} hung up without a word",
                remedy="Check the port; where the broker asks for TLS, name the certificates to trust.",
            )
            self._is_stopping.set()

    def _count_connection(self) -> None:
        with self._acknowledging:
            self._connection += 1

    refusal: CommonwattError | None = None
    """Why the work ended by itself: the broker does not know this service, or never answered it."""

    def _on_message(self, _client: Client, _data: Any, came: MQTTMessage) -> None:
        of = topics.parsed(came.topic)
        acknowledge = partial(self._acknowledge, came.mid, came.qos, self._connection)
        if of is None:
            acknowledge()
            return
        try:
            message = parsed(bytes(came.payload))
            taken = self._clerk.offer(self._flow(of), message, _ROOM_S)
            taken.add_done_callback(partial(self._answer, of, message, acknowledge))
        except (Unavailable, SQLAlchemyError):
            self._again.set()
        except CommonwattError as error:
            self._tell(of, {"code": error.code, "detail": error.message})
            acknowledge()

    def _answer(
        self, of: FlowTopics, message: Message, acknowledge: Callable[[], None], done: "Future[Receipt]"
    ) -> None:
        error = done.exception()
        if error is None:
            self._tell(of, done.result().model_dump(mode="json"))
        elif isinstance(error, Unavailable):
            self._again.set()
            return
        else:
            _log.error("a message of flow %d could not be taken", of.flow, exc_info=error)
            detail = "Something went wrong here. Send it again later."
            self._tell(of, {"id": message.id, "code": "internal_error", "detail": detail})
        acknowledge()

    def _acknowledge(self, number: int, qos: int, connection: int) -> None:
        """Acknowledge a message on the connection that it came by, and on no other.

        After a new connection the broker sends the message again, and its number may stand for another one later.
        """
        with self._acknowledging:
            if connection == self._connection:
                self._client.ack(number, qos)

    def _tell(self, of: FlowTopics, what: dict[str, Any]) -> None:
        self._client.publish(of.feedback, json.dumps(what), qos=1)

    def _flow(self, of: FlowTopics) -> Flow:
        """The flow of a topic, if it may send; raises `NotSignedIn`."""
        found = self._flows.get(of.flow)
        if found is None or found[0] < self._clock():
            try:
                flow = self._door.sending_flow(of.flow)
            except NotFound as error:
                raise NotSignedIn(
                    "there is no such flow any more", which=of.flow, remedy="Ask the operator."
                ) from error
            found = (self._clock() + _FLOW_S, flow)
            self._flows[of.flow] = found
        return found[1]


def _trusting(certificates: Path) -> ssl.SSLContext:
    """TLS with whoever shows a certificate for its name that these have signed."""
    try:
        return ssl.create_default_context(cafile=certificates)
    except (ssl.SSLError, OSError) as error:
        raise InputError(
            f"{certificates} holds no certificates to trust", remedy="Name a file in PEM, such as the broker's ca.pem."
        ) from error
