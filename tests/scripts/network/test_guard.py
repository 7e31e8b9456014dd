"""The proxy before members' RPC: what it refuses, what it lets through, and that it speaks TLS."""

import asyncio
import json
import signal
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from commons.errors import InputError, MalformedInput
from commons.wallets import Signer, known_signer
from scripts.network import inventory
from scripts.network.files import plain, write_file
from scripts.network.guard.app import Guard
from scripts.network.guard.policy import DEFAULT_LIMITS, Policy, Refusal, load_limits
from scripts.network.serve_guard import application
from tests.support.besu_like import BesuLike, serving
from tests.support.chain import World
from tests.support.ports import free_port
from tests.support.waiting import LONGEST_S, eventually

CHAIN_ID = 31337
MEMBER = known_signer("H01")


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def policy(clock: Clock | None = None, **changes: int) -> Policy:
    """The policy with some limits altered."""
    return Policy(replace(DEFAULT_LIMITS, **changes), CHAIN_ID, clock or Clock())


def raw(signer: Signer = MEMBER, legacy: bool = False, **changes: Any) -> str:
    """A signed transaction."""
    fees = {"gasPrice": 0} if legacy else {"type": 2, "maxFeePerGas": 0, "maxPriorityFeePerGas": 0}
    fields = {"chainId": CHAIN_ID, "nonce": 0, "gas": 100_000, "value": 0, "to": "0x" + "11" * 20, "data": "0x", **fees}
    fields.update(changes)
    return "0x" + signer.sign_transaction({k: v for k, v in fields.items() if v is not None})[1].hex()


def sending(transaction: object) -> dict[str, object]:
    """A request that sends it."""
    return {"jsonrpc": "2.0", "id": 1, "method": "eth_sendRawTransaction", "params": [transaction]}


# -------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    "method", ["perm_addAccountsToAllowlist", "admin_addPeer", "qbft_proposeValidatorVote", "debug_traceTransaction",
               "txpool_content", "eth_sendTransaction", "eth_newFilter", "miner_stop", ""],
)  # fmt: skip
def test_method__that_does_more_than_read__is_refused(method: str) -> None:
    with pytest.raises(Refusal, match="not available"):
        policy().check({"method": method, "params": []})


@pytest.mark.parametrize("request_", [None, [], "eth_call", {"method": 5}, {}])
def test_request__that_is_none__is_refused(request_: object) -> None:
    with pytest.raises(Refusal, match="Invalid Request"):
        policy().check(request_)


@pytest.mark.parametrize("legacy", [False, True])
def test_transaction__gas_above_five_million__is_refused(legacy: bool) -> None:
    policy().check(sending(raw(legacy=legacy, gas=5_000_000)))
    with pytest.raises(Refusal, match="5000001 is above"):
        policy().check(sending(raw(legacy=legacy, gas=5_000_001)))


@pytest.mark.parametrize("legacy", [False, True])
def test_transaction__for_another_chain_or_creating_a_contract__is_refused(legacy: bool) -> None:
    with pytest.raises(Refusal, match="for chain 5"):
        policy().check(sending(raw(legacy=legacy, chainId=5)))
    with pytest.raises(Refusal, match="contracts are not created"):
        policy().check(sending(raw(legacy=legacy, to=None, data="0x6000")))


@pytest.mark.parametrize("junk", [None, 5, "", "0x", "0x02", "0xzz", "0x02f8", "0x" + "ff" * 200, {"a": 1}])
def test_transaction__that_is_none__is_refused(junk: object) -> None:
    with pytest.raises(Refusal, match="no signed transaction"):
        policy().check(sending(junk))


def test_account__more_transactions_than_its_rate__is_refused_and_others_are_not() -> None:
    clock = Clock()
    some = policy(clock, transactions_a_minute=2, burst=1)
    some.check(sending(raw(nonce=0)))
    some.check(sending(raw(nonce=1, legacy=True)))
    with pytest.raises(Refusal, match=f"{MEMBER.address} sends more than 2"):
        some.check(sending(raw(nonce=2)))
    some.check(sending(raw(known_signer("H02"))))
    clock.at += 30
    some.check(sending(raw(nonce=2)))


def test_address__more_requests_than_its_rate__is_refused_and_others_are_not() -> None:
    some = policy(requests_a_minute=10, burst=1)
    assert some.admit("10.0.0.1", 10)
    assert not some.admit("10.0.0.1", 1)
    assert some.admit("10.0.0.2", 1)


@pytest.mark.parametrize("content", ["", "{", '{"gas": 1}', '{"batch": 0}', '{"batch": "5"}', '{"batch": true}'])
def test_limits__file_that_is_none__is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "guard.json").write_text(content)
    with pytest.raises(MalformedInput):
        load_limits(tmp_path / "guard.json")


def test_guard__in_front_of_a_validator__is_refused(made_network: Path) -> None:
    with pytest.raises(InputError, match="is a validator"):
        application(made_network, "validator-1")


# -------------------------------------------------------------------- over HTTP


def ask(guard: Guard, content: object, method: str = "POST", path: str = "/") -> httpx.Response:
    """What the proxy answers."""

    async def once() -> httpx.Response:
        transport = httpx.ASGITransport(app=guard)
        async with httpx.AsyncClient(transport=transport, base_url="http://guard") as client:
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            return await client.request(method, path, content=body)

    return asyncio.run(once())


def call(method: str, *params: object, number: object = 1) -> dict[str, object]:
    """A request."""
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"{", 400), ([], 400), ([call("eth_chainId")] * 201, 400), (b"x" * 262_145, 413)],
)
def test_guard__malformed_or_too_much__is_refused(content: object, status: int) -> None:
    assert ask(Guard(policy(), "http://127.0.0.1:9"), content).status_code == status


def test_guard__node_away__says_so() -> None:
    answer = ask(Guard(policy(), "http://127.0.0.1:9"), call("eth_chainId"))
    assert (answer.status_code, answer.json()["error"]["message"]) == (502, "The node does not answer; try later")


def test_guard__rate_exceeded__answers_429() -> None:
    guard = Guard(policy(requests_a_minute=1, burst=1), "http://127.0.0.1:9")
    assert [ask(guard, call("perm_x")).status_code for _ in range(2)] == [200, 429]


def test_guard__other_methods_of_http__read_nothing() -> None:
    guard = Guard(policy(), "http://127.0.0.1:9")
    assert ask(guard, b"", "GET").status_code == 405
    assert ask(guard, b"", "GET", "/health").status_code == 200
    preflight = ask(guard, b"", "OPTIONS")
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (204, "*")


def test_guard__batch_of_good_and_bad__answers_each_in_its_place(world: World) -> None:
    besu = BesuLike(world.chain.rpc_url)
    with serving(besu) as url:
        methods = {"a": "eth_chainId", 2: "perm_getAccountsAllowlist", 3: "eth_blockNumber"}
        asked = [call(method, number=number) for number, method in methods.items()]
        answers = ask(Guard(policy(), url), asked).json()
    assert [answer["id"] for answer in answers] == ["a", 2, 3]
    assert [("error" in answer) for answer in answers] == [False, True, False]
    assert "perm_getAccountsAllowlist" not in besu.asked


# -------------------------------------------------------------------- as it runs


@pytest.fixture
def guarded(world: World, network_folder: Path) -> Iterator[tuple[str, Path]]:
    """The proxy as its own process, before a stand-in for the RPC node; the address and the certificate."""
    besu = BesuLike(world.chain.rpc_url, allowed={world.alice.address})
    with serving(besu) as url:
        network = inventory.load(network_folder)
        node = network.node("rpc-1")
        ports = replace(node.ports, rpc=int(url.rpartition(":")[2]))
        network = replace(network.with_node(replace(node, ports=ports)), chain_id=CHAIN_ID)
        write_file(network_folder / inventory.FILE_NAME, plain(inventory.document(network)))
        listen = f"127.0.0.1:{free_port()}"
        command = [str(Path(sys.executable).with_name("commonwatt")), "network", "guard", str(network_folder)]
        process = subprocess.Popen([*command, "--listen", listen])
        try:
            certificate = network_folder / "secrets/tls-certificate.pem"
            health = f"https://{listen}/health"
            eventually(lambda: _answers(health, certificate), f"an answer at {health}")
            yield f"https://{listen}", certificate
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(LONGEST_S)


def _answers(url: str, certificate: Path) -> bool:
    context = ssl.create_default_context(cafile=str(certificate))
    try:
        with urllib.request.urlopen(url, context=context, timeout=LONGEST_S):  # noqa: S310
            return True
    except OSError:
        return False


def test_guard__over_tls__refuses_for_the_node_and_passes_its_answers_on(
    world: World, guarded: tuple[str, Path]
) -> None:
    url, certificate = guarded
    with pytest.raises(OSError, match="certificate"):
        urllib.request.urlopen(url + "/health", timeout=LONGEST_S)  # noqa: S310
    context = ssl.create_default_context(cafile=str(certificate))
    with httpx.Client(verify=context, trust_env=False, timeout=LONGEST_S) as session:
        speak(session, url, world)


def speak(session: httpx.Client, url: str, world: World) -> None:
    """What passes, and what does not."""
    assert session.post(url, json=call("perm_getAccountsAllowlist")).json()["error"]["code"] == -32601
    assert session.post(url, json=call("eth_chainId")).json()["result"] == hex(CHAIN_ID)
    refused = session.post(url, json=sending(raw(world.bob))).json()
    assert refused["error"]["code"] == -32007  # the node's own answer comes through
    call_ = world.contracts.euro.call("approve", world.bob.address, 9)
    signed = world.chain.prepare(world.alice, call_)
    sent = session.post(url, json=sending("0x" + signed.raw.hex())).json()
    assert sent["result"] == signed.hash
    assert world.chain.wait(signed.hash).succeeded
