"""`commonwatt api` from the command line: it serves, follows, ends when told, and refuses in a sentence."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.scripts.verbs import Verbs
from tests.support.chain import World
from tests.support.ports import free_port
from tests.support.waiting import LONGEST_S

START_S = LONGEST_S


@pytest.fixture
def surroundings(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a process on the test's chain with a folder of its own."""
    found = {**world.environment, "COMMONWATT_VAR_DIR": str(tmp_path)}
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


def start(surroundings: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "scripts.tethered", "api", *arguments]
    return subprocess.Popen(command, env={**os.environ, **surroundings}, stdin=subprocess.PIPE, stderr=subprocess.PIPE)


def answer(port: int, head: int, process: subprocess.Popen[bytes]) -> dict[str, object]:
    """What the service says of its health, once it has read the chain up to its head."""
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            found: dict[str, object] = httpx.get(f"http://127.0.0.1:{port}/v1/health", timeout=60).json()
            if found["status"] == "ok" and found["block"] == head:
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(process.stderr.read() if process.stderr else b"")


def test_follow__once__says_how_far_and_goes_on_from_there(
    verbs: Verbs, surroundings: dict[str, str], world: World
) -> None:
    head = world.chain.block_number()
    assert f"Read up to block {head} of {head}" in verbs.told("api", "follow", "--once")
    assert f"Read up to block {head} of {head}: 0 new events" in verbs.told("api", "follow", "--once")


def test_serve__no_operators_folder__is_refused(verbs: Verbs, surroundings: dict[str, str], tmp_path: Path) -> None:
    assert "is no operator's folder" in verbs.refused("api", "serve", "--operator", str(tmp_path))
    assert not (tmp_path / "operator.sqlite").exists()


def test_serve__no_network__is_refused(verbs: Verbs, surroundings: dict[str, str]) -> None:
    assert "nothing is deployed" in verbs.refused("api", "serve", "--network", "nowhere")


def test_serve__killed_and_started_again__has_read_everything_once(surroundings: dict[str, str], world: World) -> None:
    port = free_port()
    process = start(surroundings, "serve", "--port", str(port))
    try:
        answer(port, world.chain.block_number(), process)
        process.kill()
        process.wait()
        number = world.open_session()
        process = start(surroundings, "serve", "--port", str(port))
        health = answer(port, world.chain.block_number(), process)
        assert health["generation"] == 1
        community = world.contracts.community.address
        listed = httpx.get(f"http://127.0.0.1:{port}/v1/communities/{community}/sessions", timeout=60).json()
        assert [session["number"] for session in listed["items"]] == [number]
        process.send_signal(signal.SIGINT)
        assert process.wait(START_S) in (0, -signal.SIGINT, 130)
    finally:
        process.kill()
        process.wait()
