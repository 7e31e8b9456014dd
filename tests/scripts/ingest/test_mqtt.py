"""`commonwatt ingest mqtt` with a real broker: rights, feedback, and nothing lost however the service ends."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client
from sqlalchemy import Engine

from commons.intake.message import Reading
from oracle.intake.mqtt.broker_files import senders
from oracle.intake.mqtt.topics import FlowTopics, topics_of
from tests.scripts.command import Command
from tests.scripts.services import Service, served
from tests.support.intake import Metered, furnish, message, signed
from tests.support.mosquitto import broker, signed_in
from tests.support.waiting import LONGEST_S, eventually

LONG_AGO = 1_600_000_200


def topics(metered: Metered) -> FlowTopics:
    return topics_of("0x" + "fe" * 20, metered.device, metered.flow)


@contextmanager
def brokering(program: str, folder: Path, *flows: Metered) -> Iterator[int]:
    with flows[0].engine.connect() as connection:
        known = senders(connection)
    with broker(program, folder, known) as port:
        yield port


@contextmanager
def taking(folder: Path, metered: Metered, port: int) -> Iterator[Service]:
    """The service at work."""
    url = metered.engine.url
    where = url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)
    arguments = ("ingest", "mqtt", str(folder), "--no-follow", "--database", where, "--broker", f"127.0.0.1:{port}")
    with log_of(folder).open("ab") as errors, served(*arguments, errors=errors) as service:
        yield service


def log_of(folder: Path) -> Path:
    """What the service says on standard error."""
    return folder / "service.log"


def heard(client: Client, metered: Metered) -> "queue.Queue[dict[str, Any]]":
    """What the flow's sender is told, once it listens."""
    told: queue.Queue[dict[str, Any]] = queue.Queue()
    listens = threading.Event()
    client.on_message = lambda _client, _data, came: told.put(json.loads(came.payload))
    client.on_subscribe = lambda *_: listens.set()
    client.subscribe(topics(metered).feedback, qos=1)
    assert listens.wait(LONGEST_S)
    return told


def one(slot: int, withdrawn_wh: int = 5) -> Reading:
    return Reading(start=LONG_AGO + slot * 900, seconds=900, withdrawn_wh=withdrawn_wh, injected_wh=0)


def stored(metered: Metered, count: int) -> list[int]:
    """The starts of the readings, once there are so many."""
    eventually(lambda: len(metered.readings()) >= count, f"{count} readings are stored")
    return [start for start, *_ in metered.readings()]


def test_broker__stranger_or_another_flow__neither_signs_in_nor_publishes(
    mosquitto: str, sqlite_store: Engine, tmp_path: Path
) -> None:
    mine, other = furnish(sqlite_store, True, 1, starts=0), furnish(sqlite_store, True, 2, starts=0)
    with brokering(mosquitto, tmp_path, mine, other) as port, taking(tmp_path, mine, port):
        with signed_in(port, f"flow-{mine.flow}", other.token) as stranger:
            refused = stranger.publish(topics(mine).readings, message(one(0)).model_dump_json(), qos=1)
            with suppress(RuntimeError):  # it may know already that it is not connected
                refused.wait_for_publish(1)
                assert not refused.is_published()
        with signed_in(port, f"flow-{other.flow}", other.token) as meddler:
            meddler.publish(topics(mine).readings, message(one(1)).model_dump_json(), qos=1).wait_for_publish(1)
        with signed_in(port, f"flow-{other.flow}", other.token) as client:
            told = heard(client, other)
            client.publish(topics(other).readings, message(one(2)).model_dump_json(), qos=1)
            assert told.get(timeout=LONGEST_S)["stored"] == 1
    assert [start for start, *_ in mine.readings()] == [one(2).start]


def test_mqtt__each_message__is_answered_with_what_became_of_it(
    mosquitto: str, store_engine: Engine, tmp_path: Path
) -> None:
    metered = furnish(store_engine, True, starts=0)
    sent = [
        b"nonsense",
        message(one(0), id="a").model_dump_json().encode(),
        message(one(0), id="b").model_dump_json().encode(),
        message(one(0, 6), id="c").model_dump_json().encode(),
        signed("0x" + "77" * 32, one(1), id="d").model_dump_json().encode(),
    ]
    with (
        brokering(mosquitto, tmp_path, metered) as port,
        taking(tmp_path, metered, port),
        signed_in(port, f"flow-{metered.flow}", metered.token) as client,
    ):
        told = heard(client, metered)
        answers = []
        for payload in sent:
            client.publish(topics(metered).readings, payload, qos=1)
            answers.append(told.get(timeout=LONGEST_S))

    assert answers[0]["code"] == "malformed_input"
    outcomes = [(found["id"], found["readings"][0]["code"] or found["readings"][0]["result"]) for found in answers[1:]]
    assert outcomes == [("a", "stored"), ("b", "known"), ("c", "conflicting"), ("d", "bad_signature")]


def test_mqtt__killed_in_mid_stream__loses_nothing(mosquitto: str, store_engine: Engine, tmp_path: Path) -> None:
    metered = furnish(store_engine, True, starts=0)
    count = 600
    with brokering(mosquitto, tmp_path, metered) as port:
        with taking(tmp_path, metered, port) as service, signed_in(port, "flow-1", metered.token) as client:
            for slot in range(count // 2):
                client.publish(topics(metered).readings, message(one(slot)).model_dump_json(), qos=1)
            stored(metered, 20)
            service.kill()
            waiting = [
                client.publish(topics(metered).readings, message(one(slot)).model_dump_json(), qos=1)
                for slot in range(count // 2, count)
            ]
            for publication in waiting:
                publication.wait_for_publish(LONGEST_S)
        with taking(tmp_path, metered, port):
            found = stored(metered, count)

    assert found == [one(slot).start for slot in range(count)]


def test_mqtt__store_that_fails_for_a_while__gets_everything_in_the_end(
    mosquitto: str, sqlite_store: Engine, tmp_path: Path
) -> None:
    metered = furnish(sqlite_store, True, starts=0)
    with brokering(mosquitto, tmp_path, metered) as port, taking(tmp_path, metered, port):
        with sqlite_store.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE readings RENAME TO elsewhere")
        with signed_in(port, "flow-1", metered.token) as client:
            for slot in range(20):
                client.publish(topics(metered).readings, message(one(slot)).model_dump_json(), qos=1)
            said = log_of(tmp_path)
            eventually(lambda: "the store failed" in said.read_text(), said.read_text)
            with sqlite_store.begin() as connection:
                connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO readings")
            assert len(stored(metered, 20)) == 20


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mqtt", "DIR"), "is no broker's folder"),
        (("mqtt-config", "DIR", "--listen", "somewhere"), "names no port"),
        (("mqtt-config", "DIR", "--certificate", "a.pem"), "come together"),
    ],
)
def test_mqtt__what_cannot_be__is_refused(
    sqlite_store: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    where = str(sqlite_store.url.database)
    code, _, message_said = Command(monkeypatch, capsys)("ingest", *arguments, "--database", where)

    assert (code, said in message_said) == (2, True)


def test_mqtt_config__of_a_store__says_how_to_start_the_broker(
    sqlite_store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    furnish(sqlite_store)
    folder, where = str(tmp_path / "broker"), str(sqlite_store.url.database)
    code, printed, _ = Command(monkeypatch, capsys)("ingest", "mqtt-config", folder, "--database", where)

    assert code == 0
    assert "1 flows may sign in" in printed
    assert (tmp_path / "broker" / "mosquitto.conf").is_file()
    assert (
        Command(monkeypatch, capsys)("ingest", "mqtt", folder, "--database", where, "--broker", "127.0.0.1:1")[0] == 1
    )
