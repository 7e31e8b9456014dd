"""Sending through a relay: what it is handed, what it answers, and who is believed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from commons.actions import funds
from commons.chain import Chain, RelayedChain
from commons.errors import InputError, RelayUnreachable, TransactionFailed
from tests.support.chain import World
from tests.support.ports import free_port


@dataclass
class Relay:
    """A relay in front of a chain; `answer` overrides what it says."""

    chain: Chain
    port: int = field(default_factory=free_port)
    answer: tuple[int, bytes] | None = None
    handed: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its whole address."""
        return f"http://127.0.0.1:{self.port}/v1/relay"

    def take(self, body: bytes) -> tuple[int, bytes]:
        """Forward what was posted."""
        raw = json.loads(body)["raw"]
        self.handed.append(raw)
        if self.answer is not None:
            return self.answer
        return 202, json.dumps({"hash": self.chain.request("eth_sendRawTransaction", raw)}).encode()


@contextmanager
def served(relay: Relay) -> Iterator[Relay]:
    """The relay, listening."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = relay.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", relay.port), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield relay
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def relay(world: World) -> Iterator[Relay]:
    """A relay of the test's chain."""
    with served(Relay(world.chain)) as running:
        yield running


@pytest.mark.parametrize("url", ["relay", "ftp://host/v1/relay", "https:///v1/relay"])
def test_relay__that_is_no_address__is_refused(world: World, url: str) -> None:
    with pytest.raises(InputError, match="no address of a relay"):
        RelayedChain(world.chain, url)


def test_relay__nobody_answers__says_so(world: World) -> None:
    relayed = RelayedChain(world.chain, f"http://127.0.0.1:{free_port()}/v1/relay")
    with pytest.raises(RelayUnreachable, match="nobody answers at the relay"):
        relayed.send(world.alice, world.contracts.euro.call("approve", world.bob.address, 1))


def test_relay__refuses__says_why(world: World, relay: Relay) -> None:
    relay.answer = (429, b'{"title": "Too often", "detail": "Send again in 3 s."}')
    with pytest.raises(TransactionFailed, match=r"does not forward .*: HTTP 429, Send again in 3 s\."):
        RelayedChain(world.chain, relay.url).send(
            world.alice, world.contracts.euro.call("approve", world.bob.address, 1)
        )


@pytest.mark.parametrize("said", [b"welcome", b"{}", b'{"hash": "0x12"}', b"[]"])
def test_relay__that_does_not_say_the_transactions_hash__is_not_believed(
    world: World, relay: Relay, said: bytes
) -> None:
    relay.answer = (200, said)
    with pytest.raises(RelayUnreachable, match="does not say that it forwarded"):
        RelayedChain(world.chain, relay.url).send(
            world.alice, world.contracts.euro.call("approve", world.bob.address, 1)
        )


def test_sending__through_a_relay__takes_effect_and_no_other_way_is_used(world: World, relay: Relay) -> None:
    relayed = RelayedChain(world.chain, relay.url)
    euro, market = world.contracts.euro, world.contracts.marketplace
    receipt = relayed.send(world.alice, euro.call("approve", market.address, 7))
    assert receipt.succeeded
    assert len(relay.handed) == 1
    before = world.reader.funds(world.alice.address)
    relayed.send_all([(world.alice, call) for call in funds.deposit_calls(world.contracts, 7)])  # type: ignore[arg-type]
    assert len(relay.handed) == 3
    assert world.reader.funds(world.alice.address).balance == before.balance + 7
