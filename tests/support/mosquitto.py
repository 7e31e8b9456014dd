"""A Mosquitto broker for the tests that want one."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from oracle.intake.mqtt.broker_files import CONFIGURATION, Listener, Sender, write_broker_files
from tests.support.ports import free_port
from tests.support.waiting import LONGEST_S, eventually


@pytest.fixture(scope="session")
def mosquitto() -> str:
    """The broker's program; skipped with a reason where it is not installed."""
    found = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        pytest.skip("Mosquitto is not installed: scripts/system-packages.sh installs it")
    return found


@contextmanager
def broker(
    program: str, folder: Path, flows: Sequence[Sender], certificate: Path | None = None, key: Path | None = None
) -> Iterator[int]:
    """A broker with the files of its folder, on a free port, over TLS if it has a certificate; gives the port."""
    port = free_port()
    write_broker_files(folder, flows, Listener("127.0.0.1", port, certificate, key))
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([program, "-c", str(folder / CONFIGURATION)], stdout=log, stderr=log)
    try:
        eventually(lambda: _listens(port), (folder / "log").read_text)
        yield port
    finally:
        process.terminate()
        process.wait(LONGEST_S)


@contextmanager
def signed_in(port: int, user: str, password: str, certificates: Path | None = None) -> Iterator[Client]:
    """A client at work, over TLS where it has certificates to trust."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(user, password)
    if certificates is not None:
        client.tls_set(str(certificates))
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def _listens(port: int) -> bool:
    try:
        Client(CallbackAPIVersion.VERSION2).connect("127.0.0.1", port)
    except OSError:
        return False
    return True
