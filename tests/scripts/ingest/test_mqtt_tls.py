"""`commonwatt ingest mqtt` over TLS with a real broker: taken and answered, or refused with a sentence."""

import json
import queue
import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from commons.intake.message import Reading
from commons.settings import settings
from oracle.intake.mqtt.broker_files import senders
from oracle.intake.mqtt.topics import topics_of
from tests.scripts.command import Command
from tests.scripts.services import served
from tests.support.certificates import Certified, certify
from tests.support.intake import Metered, furnish, message
from tests.support.mosquitto import broker, signed_in
from tests.support.waiting import LONGEST_S

LONG_AGO = 1_600_000_200


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    """The broker's certificate."""
    return certify(tmp_path_factory.mktemp("certificates"), "127.0.0.1")


@pytest.fixture
def metered(sqlite_store: Engine) -> Metered:
    return furnish(sqlite_store, True, starts=0)


@pytest.fixture
def commonwatt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """`commonwatt` in this process, whose way of being ended stays what it was."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    settings.cache_clear()
    yield Command(monkeypatch, capsys)
    settings.cache_clear()
    for number, handler in kept.items():
        signal.signal(number, handler)


def brokering(program: str, folder: Path, metered: Metered, shown: Certified | None) -> AbstractContextManager[int]:
    with metered.engine.connect() as connection:
        known = senders(connection)
    files = (None, None) if shown is None else (shown.certificate, shown.key)
    return broker(program, folder, known, *files)


def arguments(folder: Path, metered: Metered, port: int) -> tuple[str, ...]:
    where = ("--database", str(metered.engine.url.database), "--broker", f"127.0.0.1:{port}")
    return ("ingest", "mqtt", str(folder), "--no-follow", *where)


def test_mqtt__over_tls__takes_and_answers(
    mosquitto: str, metered: Metered, certified: Certified, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, told = tmp_path / "broker", queue.Queue[bytes | bytearray]()
    topics = topics_of("0x" + "fe" * 20, metered.device, metered.flow)
    sent = Reading(start=LONG_AGO, seconds=900, withdrawn_wh=5, injected_wh=0)
    monkeypatch.setenv("COMMONWATT_MQTT_CERTIFICATES", str(certified.authority))
    with (
        brokering(mosquitto, folder, metered, certified) as port,
        served(*arguments(folder, metered, port)),
        signed_in(port, f"flow-{metered.flow}", metered.token, certified.authority) as client,
    ):
        listens = threading.Event()
        client.on_message = lambda _client, _data, came: told.put(came.payload)
        client.on_subscribe = lambda *_: listens.set()
        client.subscribe(topics.feedback, qos=1)
        assert listens.wait(LONGEST_S)
        client.publish(topics.readings, message(sent).model_dump_json(), qos=1)
        assert json.loads(told.get(timeout=LONGEST_S))["stored"] == 1
    assert [start for start, *_ in metered.readings()] == [sent.start]


@pytest.mark.parametrize(
    ("shown", "trusted", "said"),
    [
        ("127.0.0.1", "another", "not to be trusted"),
        ("192.0.2.7", "its own", "IP address mismatch"),
        ("127.0.0.1", None, "hung up without a word"),
        (None, "its own", "no broker answers over TLS"),
    ],
)
def test_mqtt__broker_that_cannot_be_trusted_or_does_not_speak_tls__is_refused(
    mosquitto: str,
    metered: Metered,
    commonwatt: Command,
    tmp_path: Path,
    shown: str | None,
    trusted: str | None,
    said: str,
) -> None:
    folder = tmp_path / "broker"
    own = None if shown is None else certify(tmp_path / "own", shown)
    file = own if own is not None and trusted == "its own" else certify(tmp_path / "another", "127.0.0.1")
    more = () if trusted is None else ("--certificates", str(file.authority))
    with brokering(mosquitto, folder, metered, own) as port:
        code, printed, error = commonwatt(*arguments(folder, metered, port), *more)

    assert (code != 0, printed) == (True, "")
    assert said in error
    assert error.count("\n") == 1, error


@pytest.mark.parametrize("content", [None, b"", b"no certificate\n"])
def test_mqtt__file_of_no_certificates__is_refused(
    mosquitto: str, metered: Metered, commonwatt: Command, tmp_path: Path, content: bytes | None
) -> None:
    folder, file = tmp_path / "broker", tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    with brokering(mosquitto, folder, metered, None) as port:
        code, _, error = commonwatt(*arguments(folder, metered, port), "--certificates", str(file))

    assert (code, "holds no certificates to trust" in error) == (2, True), error


def test_mqtt_config__certificate__is_named_whole_and_has_to_be_there(
    metered: Metered, commonwatt: Command, certified: Certified, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(certified.certificate.parent)
    fixed = ("ingest", "mqtt-config", str(tmp_path / "broker"), "--database", str(metered.engine.url.database))
    files = ("--certificate", certified.certificate.name, "--key")

    assert "there is no file nothing.key" in commonwatt(*fixed, *files, "nothing.key")[2]
    assert "in clear" in commonwatt(*fixed, "--listen", "0.0.0.0:8883")[1]
    code, printed, _ = commonwatt(*fixed, "--listen", "0.0.0.0:8883", *files, certified.key.name)

    assert (code, "in clear" in printed) == (0, False)
    written = (tmp_path / "broker" / "mosquitto.conf").read_text()
    assert f"certfile {certified.certificate}\nkeyfile {certified.key}\n" in written
