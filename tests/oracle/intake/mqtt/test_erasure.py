"""After an erasure the broker's folder has no byte of the member; nobody else loses a reading or the right to send."""

import threading
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import Engine

from commons.errors import NotFound, SettingsError
from oracle.intake.mqtt.broker_files import CONFIGURATION, senders, service_password
from oracle.intake.mqtt.erasure import erase_at_broker, require_stopped
from oracle.intake.mqtt.topics import ALL_READINGS, SERVICE_USER, topics_of
from tests.support.intake import Metered, furnish, message, reading
from tests.support.mosquitto import broker, signed_in

PATIENCE_S = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The broker's."""
    return tmp_path / "broker"


def readings_topic(metered: Metered) -> str:
    return topics_of("0x" + "fe" * 20, metered.device, metered.flow).readings


def needles(metered: Metered) -> set[bytes]:
    """What the flow can be recognised by in the broker's files."""
    (hashed,) = metered.table("mqtt_hash", "credentials", f"WHERE flow = {metered.flow}")
    return {hashed[0].encode(), f"flow-{metered.flow}".encode(), f"waits for {metered.flow}".encode()}


def left_in(folder: Path, wanted: set[bytes]) -> set[bytes]:
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return {needle for needle in wanted if needle in content}


def publish(port: int, metered: Metered) -> None:
    """Send a reading that waits, because the service is away; its message names the flow."""
    payload = message(reading(1), id=f"waits for {metered.flow}").model_dump_json()
    with signed_in(port, f"flow-{metered.flow}", metered.token) as client:
        client.publish(readings_topic(metered), payload, qos=1).wait_for_publish(PATIENCE_S)


def subscribe_as_the_service(port: int, folder: Path) -> None:
    """Let the broker keep messages for the service from now on."""
    client = Client(CallbackAPIVersion.VERSION2, client_id="commonwatt-ingest", clean_session=False)
    client.username_pw_set(SERVICE_USER, service_password(folder))
    subscribed = threading.Event()
    client.on_subscribe = lambda *_: subscribed.set()
    client.connect("127.0.0.1", port)
    client.loop_start()
    client.subscribe(ALL_READINGS, qos=1)
    assert subscribed.wait(PATIENCE_S)
    client.disconnect()
    client.loop_stop()


def test_erase__messages_that_wait__leave_no_byte_and_others_send_on(
    mosquitto: str, sqlite_store: Engine, folder: Path
) -> None:
    hers, his = furnish(sqlite_store, True, 1), furnish(sqlite_store, True, 2)
    with sqlite_store.connect() as connection:
        known = senders(connection)
    with broker(mosquitto, folder, known) as port:
        subscribe_as_the_service(port, folder)
        for metered in (hers, his):
            publish(port, metered)
    assert left_in(folder, needles(hers)) == needles(hers)  # all of it would be found

    erase_at_broker(folder, sqlite_store, {hers.flow})

    assert left_in(folder, needles(hers)) == set()
    remaining = [one for one in known if one.topics.flow == his.flow]
    with broker(mosquitto, folder, remaining) as port:
        publish(port, his)


def test_broker__message_to_be_retained__is_not_and_its_sender_is_disconnected(
    mosquitto: str, sqlite_store: Engine, folder: Path
) -> None:
    metered = furnish(sqlite_store, True)
    with sqlite_store.connect() as connection:
        known = senders(connection)
    payload = message(reading(1), id="to be retained").model_dump_json()
    is_off = threading.Event()
    with broker(mosquitto, folder, known) as port, signed_in(port, f"flow-{metered.flow}", metered.token) as client:
        client.on_disconnect = lambda *_: is_off.set()
        client.publish(readings_topic(metered), payload, qos=1, retain=True)
        assert is_off.wait(PATIENCE_S)
    assert left_in(folder, {b"to be retained"}) == set()


def test_erase__broker_at_work__is_refused_and_changes_nothing(
    mosquitto: str, sqlite_store: Engine, folder: Path
) -> None:
    metered = furnish(sqlite_store, True)
    with sqlite_store.connect() as connection:
        known = senders(connection)
    with broker(mosquitto, folder, known), pytest.raises(SettingsError, match="is at work"):
        erase_at_broker(folder, sqlite_store, {metered.flow})
    assert f"flow-{metered.flow}" in (folder / "acl").read_text()


@pytest.mark.parametrize("content", [None, b"", b"listener here", b"\xff"])
def test_require_stopped__no_brokers_folder__is_refused(folder: Path, content: bytes | None) -> None:
    if content is not None:
        folder.mkdir()
        (folder / CONFIGURATION).write_bytes(content)
    with pytest.raises(NotFound, match="is no broker's folder"):
        require_stopped(folder)
