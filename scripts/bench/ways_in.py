"""Readings over HTTP and MQTT, by services in processes of their own, signed by meters; and signatures alone.

Wall time from the first message sent until the last reading is committed, of one run: services and senders share the
machine. Files are measured in `intake`.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
from coincurve import PublicKey
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import text

from commons.database.engine import open_database
from commons.intake.message import Reading
from commons.intake.signing import canonical_bytes, sign, signers_of
from commons.keccak import keccak256
from oracle.intake.mqtt.broker_files import CONFIGURATION, Listener, senders, write_broker_files
from oracle.intake.mqtt.topics import user_of
from scripts.bench.meters import KEY, Meter, furnish, messages
from scripts.bench.postgres import programs, serve
from scripts.bench.row import Progress, Row, Rows, medians_ns
from scripts.embedded import free_port

TITLE = "Ways in"
METERS = 20
SIGNATURES = 10_000
MOST_US = 1e6 / 12_000
"""12,000 signatures a second."""
PATIENCE_S = 300
_PROGRAM = "import sys; from scripts.main import main; sys.argv[0] = 'commonwatt'; main()"


def rows(progress: Progress) -> Rows:
    """Signatures checked; readings over HTTP and MQTT into SQLite and PostgreSQL."""
    progress("signatures")
    yield from _signatures()
    with tempfile.TemporaryDirectory() as folder:
        for name, databases in _databases(Path(folder)):
            for size, count in ((1_000, 5), (1, 100)):
                progress(f"HTTP into {name}, {size:,} readings a message")
                yield _http(name, next(databases), size, count)
            program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
            if program is not None:
                for size, count in ((1_000, 5), (1, 250)):
                    progress(f"MQTT into {name}, {size:,} readings a message")
                    yield _mqtt(name, next(databases), program, Path(tempfile.mkdtemp(dir=folder)), size, count)


def _signatures() -> Rows:
    point_id = "0x" + "ab" * 32
    readings = [Reading(start=n * 900, seconds=900, withdrawn_wh=n, injected_wh=0) for n in range(SIGNATURES)]
    payloads = [canonical_bytes(point_id, (one,)) for one in readings]
    signatures = [sign(KEY, payload) for payload in payloads]
    bare = partial(_recover_bare, [keccak256(payload) for payload in payloads], signatures)
    ours, theirs = medians_ns(lambda: signers_of(payloads, signatures), bare)
    each = ours / SIGNATURES / 1000
    yield Row(
        "meter's signature checked",
        f"{SIGNATURES:,} readings, each signed",
        each,
        "µs",
        "coincurve's recovery of the key alone",
        ours / theirs,
        most=MOST_US,
        note=f"{1e6 / each:,.0f} a second",
    )


def _recover_bare(digests: Sequence[bytes], signatures: Sequence[str]) -> None:
    for digest, signature in zip(digests, signatures, strict=True):
        raw = bytes.fromhex(signature[2:])
        PublicKey.from_signature_and_message(raw[:64] + bytes([raw[64] - 27]), digest, hasher=None)


def _http(name: str, database: Path | str, size: int, count: int) -> Row:
    meters = furnish(database, METERS)
    sent = [messages(meter, count, size) for meter in meters]
    port = free_port()
    with _service("http", "--database", str(database), "--port", str(port)):
        url = f"http://127.0.0.1:{port}/v1/measurement/readings"
        _wait_for(port)
        start = time.perf_counter()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(partial(_post_all, url), meters, sent))
        return _row(f"HTTP into {name}", size, count, time.perf_counter() - start)


def _post_all(url: str, meter: Meter, payloads: Sequence[bytes]) -> None:
    headers = {"Authorization": f"Bearer {meter.token}", "content-type": "application/json"}
    with httpx.Client(headers=headers, timeout=60, trust_env=False) as client:
        for payload in payloads:
            answer = client.post(url, content=payload)
            if answer.status_code != httpx.codes.OK or answer.json()["refused"]:
                raise AssertionError(f"what is not stored is no measure: {answer.text[:200]}")


def _mqtt(name: str, database: Path | str, program: str, folder: Path, size: int, count: int) -> Row:
    meters = furnish(database, METERS)
    sent = [messages(meter, count, size) for meter in meters]
    engine = open_database(database)
    port = free_port()
    with engine.connect() as connection:
        write_broker_files(folder, senders(connection), Listener("127.0.0.1", port))
    broker = subprocess.Popen([program, "-c", str(folder / CONFIGURATION)], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        with _service("mqtt", str(folder), "--database", str(database), "--broker", f"127.0.0.1:{port}"):
            start = time.perf_counter()
            with ThreadPoolExecutor(METERS) as pool:
                list(pool.map(partial(_publish_all, port), meters, sent))
            with engine.connect() as connection:
                while connection.execute(text("SELECT count(*) FROM readings")).scalar_one() < METERS * size * count:
                    connection.rollback()
                    time.sleep(0.02)
                    if time.perf_counter() - start > PATIENCE_S:
                        raise AssertionError("not all that was sent has come")
            return _row(f"MQTT into {name}", size, count, time.perf_counter() - start)
    finally:
        broker.terminate()
        broker.wait()
        engine.dispose()


def _publish_all(port: int, meter: Meter, payloads: Sequence[bytes]) -> None:
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(user_of(meter.flow), meter.token)
    client.max_inflight_messages_set(100)
    client.connect("127.0.0.1", port)
    client.loop_start()
    for waiting in [client.publish(meter.topics.readings, payload, qos=1) for payload in payloads]:
        waiting.wait_for_publish(PATIENCE_S)
    client.disconnect()
    client.loop_stop()


def _row(name: str, size: int, count: int, seconds: float) -> Row:
    readings, sent = METERS * size * count, METERS * count
    note = f"{readings / seconds:,.0f} readings a second, {sent / seconds:,.0f} messages a second"
    return Row(f"{name}, signed, committed", f"{sent:,} messages of {size:,}", seconds, "s", note=note)


def _databases(folder: Path) -> Iterator[tuple[str, Iterator[Path | str]]]:
    """Empty databases, four of each kind."""
    yield "SQLite", iter([folder / f"{number}.sqlite" for number in range(4)])
    found = programs()
    if found is not None:
        with serve(found) as server:
            yield "PostgreSQL", iter([server.database() for _ in range(4)])


@contextmanager
def _service(*arguments: str) -> Iterator[None]:
    """`commonwatt ingest` in a process of its own, once it has said that it works."""
    command = [sys.executable, "-u", "-c", _PROGRAM, "ingest", *arguments, "--no-follow"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        process.stdout.readline()
        yield
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
