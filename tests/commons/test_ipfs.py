"""A node that hangs, refuses, lies, or is not there holds nothing up; one that takes files calls them as we do."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from commons import ipfs
from commons.cid import cid_of
from commons.errors import SettingsError
from commons.ipfs import PUSHED, IpfsPusher, PushingStore
from commons.publication import Dataset, split
from commons.settings import Settings
from tests.support.ports import free_port
from tests.support.waiting import LONGEST_S, eventually

PUBLISHED = split(Dataset("test/1", {"figure": 1}, {"rows": [{"n": n} for n in range(3)]}))


@dataclass
class Node:
    """A small IPFS node: `/add` keeps what comes and answers with its name, or misbehaves."""

    address: str = ""
    behaviour: str = "right"
    added: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    seen: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)


class Handler(BaseHTTPRequestHandler):
    """The RPC of the node."""

    node: Node

    def do_POST(self) -> None:
        node = self.node
        raw = self._body()
        content = raw.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n--", 1)[0]
        node.asked.append(self.path)
        node.seen.set()
        if node.behaviour == "hangs":
            node.release.wait(LONGEST_S)
        if node.behaviour == "refuses":
            self.send_error(500)
            return
        name = cid_of(content if node.behaviour == "right" else content + b"x")
        node.added[name] = content
        answer = json.dumps({"Name": name, "Hash": name}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def node() -> Iterator[Node]:
    made = Node()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"node": made}))
    made.address = f"/ip4/127.0.0.1/tcp/{server.server_port}/http"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    made.release.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ipfs, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(ipfs, "LONGEST_PAUSE_S", 0.02)


@dataclass
class Said:
    """What was said, and a flag for the first time."""

    texts: list[str] = field(default_factory=list)
    flag: threading.Event = field(default_factory=threading.Event)

    def __call__(self, text: str) -> None:
        self.texts.append(text)
        self.flag.set()


def pushing(folder: Path, address: str, said: Said, timeout_s: float = 60) -> PushingStore:
    return PushingStore(folder, IpfsPusher(address, folder, said, timeout_s).start())


def pushed(folder: Path) -> set[str]:
    try:
        return set((folder / PUSHED).read_text().split())
    except OSError:
        return set()


def wait_until_pushed(folder: Path, names: set[str]) -> None:
    eventually(lambda: names <= pushed(folder), lambda: f"only {pushed(folder)} are pushed")


@pytest.mark.parametrize("address", ["not an address", "", "/ip4/300.1.1.1/tcp/5001", "http://127.0.0.1:5001"])
def test_start__no_address__is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingsError, match="is no address of an IPFS node"):
        IpfsPusher(address, tmp_path, print).start()


def test_publish__node_hangs__returns_at_once_and_retries_when_it_answers(node: Node, tmp_path: Path) -> None:
    node.behaviour, said = "hangs", Said()
    store = pushing(tmp_path, node.address, said, timeout_s=0.5)

    assert store.publish(PUBLISHED) == PUBLISHED.cid  # the node has not answered anything
    assert node.seen.wait(LONGEST_S)
    assert said.flag.wait(LONGEST_S)
    assert store.read(PUBLISHED.cid) == PUBLISHED.files[PUBLISHED.cid]
    assert pushed(tmp_path) == set()
    assert "did not take" in said.texts[0]
    node.behaviour = "right"
    node.release.set()
    wait_until_pushed(tmp_path, set(PUBLISHED.files))
    assert len(said.texts) <= 1 + len(PUBLISHED.files)


def test_publish__nobody_listens__is_kept_and_pushed_by_the_next_process(node: Node, tmp_path: Path) -> None:
    nowhere = f"/ip4/127.0.0.1/tcp/{free_port()}/http"
    said = Said()
    store = pushing(tmp_path, nowhere, said)
    store.publish(PUBLISHED)
    assert said.flag.wait(LONGEST_S)
    store.pusher.stop(LONGEST_S)

    IpfsPusher(node.address, tmp_path, Said()).start()
    wait_until_pushed(tmp_path, set(PUBLISHED.files))


def test_publish__node_refuses__is_retried(node: Node, tmp_path: Path) -> None:
    node.behaviour, said = "refuses", Said()
    pushing(tmp_path, node.address, said).publish(PUBLISHED)
    assert said.flag.wait(LONGEST_S)
    node.behaviour = "right"
    wait_until_pushed(tmp_path, set(PUBLISHED.files))


def test_publish__node_calls_it_something_else__says_so_and_does_not_count_it(node: Node, tmp_path: Path) -> None:
    node.behaviour, said = "lies", Said()
    pushing(tmp_path, node.address, said).publish(PUBLISHED)
    assert said.flag.wait(LONGEST_S)
    assert "is not counted as pushed" in said.texts[0]
    assert pushed(tmp_path) == set()


def test_publish__node_takes_it__knows_every_file_by_our_name_and_takes_it_once(node: Node, tmp_path: Path) -> None:
    store = pushing(tmp_path, node.address, Said())
    store.publish(PUBLISHED)
    wait_until_pushed(tmp_path, set(PUBLISHED.files))
    store.pusher.stop(LONGEST_S)

    assert node.added == dict(PUBLISHED.files)
    for option in ("cid-version=1", "cid-base=base32", "raw-leaves=true", "chunker=size-1048576"):
        assert all(option in path for path in node.asked)
    IpfsPusher(node.address, tmp_path, Said()).start().stop(LONGEST_S)
    assert len(node.asked) == len(PUBLISHED.files)


@pytest.mark.parametrize("variable", ["COMMONWATT_IPFS_API", "IPFS_API"])
def test_settings__either_variable__names_the_node(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    assert Settings().ipfs_api is None
    monkeypatch.setenv(variable, "/ip4/127.0.0.1/tcp/5001/http")
    assert Settings().ipfs_api == "/ip4/127.0.0.1/tcp/5001/http"
