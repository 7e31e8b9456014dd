"""The gateway refuses what is not the chain it was told of, decodes what a chain says, and sends nothing twice."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from typing import Any

import pytest

from commons.chain import Chain, gateway
from commons.chain.gateway import Chain as Gateway
from commons.contracts import Contract, Contracts
from commons.errors import (
    ChainError,
    ChainIdMismatch,
    ContractRefusal,
    RpcUnreachable,
    TransactionFailed,
    UnknownCommunity,
)
from commons.records import MemberStatus
from commons.units import MoneyUe
from commons.wallets import EMBEDDED_CHAIN_ID, Signer
from tests.support.chain import World
from tests.support.ports import free_port

Answer = Callable[[dict[str, Any]], Any]


@pytest.fixture
def node() -> Iterator[Callable[[Answer], str]]:
    """Starts a node that answers each request by a function of the test, and gives its address."""
    servers: list[HTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                found = [answer(one) for one in body] if isinstance(body, list) else answer(body)
                raw = found if isinstance(found, bytes) else json.dumps(found).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def result(body: dict[str, Any], value: Any) -> dict[str, Any]:
    """An answer."""
    return {"jsonrpc": "2.0", "id": body["id"], "result": value}


def error(body: dict[str, Any], message: str, data: Any = None) -> dict[str, Any]:
    """A refusal."""
    return {"jsonrpc": "2.0", "id": body["id"], "error": {"code": 3, "message": message, "data": data}}


def deposit(world: World, amount: int) -> Any:
    """A call that needs an allowance."""
    return world.contracts.marketplace.call("deposit", MoneyUe(amount))


def approve(world: World, amount: int) -> Any:
    """A call that always succeeds."""
    return world.contracts.euro.call("approve", world.contracts.marketplace.address, MoneyUe(amount))


# -------------------------------------------------------------------- reaching the chain


def test_connect__nobody_listens__says_how_to_start_a_chain() -> None:
    with pytest.raises(RpcUnreachable, match=r"nobody answers .* Start the embedded chain"):
        Chain.connect(f"http://127.0.0.1:{free_port()}")


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1", "http://"])
def test_connect__no_address_of_an_rpc__is_refused(url: str) -> None:
    with pytest.raises(RpcUnreachable):
        Chain.connect(url)


def test_connect__something_else_answers__is_refused(node: Callable[[Answer], str]) -> None:
    with pytest.raises(RpcUnreachable, match="not a chain's JSON-RPC"):
        Chain.connect(node(lambda _: b"<html>hello</html>"))


def test_connect__other_chain_than_expected__names_both(anvil: Chain) -> None:
    with pytest.raises(ChainIdMismatch, match=r"31337.*2018"):
        Chain.connect(anvil.rpc_url, 2018)


def test_connect__expected_chain__is_given(anvil: Chain) -> None:
    assert Chain.connect(anvil.rpc_url, EMBEDDED_CHAIN_ID).chain_id == EMBEDDED_CHAIN_ID


def test_request__connection_breaks_once__is_repeated(
    node: Callable[[Answer], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commons.chain.rpc.FIRST_PAUSE_S", 0)
    asked: list[str] = []

    def answer(body: dict[str, Any]) -> Any:
        asked.append(body["method"])
        if len(asked) == 2:
            raise ConnectionAbortedError
        return result(body, "0x7a69" if body["method"] == "eth_chainId" else "0x10")

    assert Chain.connect(node(answer)).block_number() == 16
    assert asked == ["eth_chainId", "eth_blockNumber", "eth_blockNumber"]


def test_block__long_extra_data_of_qbft__is_no_trouble(node: Callable[[Answer], str]) -> None:
    head = {"number": "0x5", "timestamp": "0x6", "hash": "0x" + "11" * 32, "extraData": "0x" + "22" * 300}
    url = node(lambda body: result(body, "0x7e2" if body["method"] == "eth_chainId" else head))
    assert Chain.connect(url).block().timestamp == 6


# -------------------------------------------------------------------- reading


def test_now__clock_jumped__is_the_latest_blocks_time(world: World) -> None:
    before = world.chain.now()
    world.jump(1000)
    assert world.chain.now() == before + 1000 == world.chain.block().timestamp


def test_call__refused__is_the_contracts_own_error_in_words(world: World) -> None:
    with pytest.raises(ContractRefusal) as refused:
        world.chain.call(world.contracts.sessions.call("parametersOf", 7))
    assert refused.value.error_name == "UnknownSession"
    assert refused.value.error_args == {"sessionId": 7}
    assert "there is no session 7" in refused.value.message


def test_call__address_without_contract__says_so(world: World) -> None:
    nowhere = Contract(world.stranger.address, "SessionHandler")
    with pytest.raises(TransactionFailed, match="answers nothing"):
        world.chain.call(nowhere.call("sessionCount"))
    with pytest.raises(UnknownCommunity):
        Contracts.at(world.chain, world.stranger.address)


def test_calls__one_is_refused__is_raised(world: World) -> None:
    sessions = world.contracts.sessions
    with pytest.raises(ContractRefusal, match="no session 9"):
        world.chain.calls([sessions.call("sessionCount"), sessions.call("parametersOf", 9)])


def test_contracts_at__community__finds_the_others(world: World) -> None:
    assert Contracts.at(world.chain, world.contracts.community.address) == world.contracts


def test_events__several_contracts__come_decoded_in_the_chains_order(world: World) -> None:
    events = world.chain.events(world.contracts.addresses, 0)
    places = [(event.block, event.log_index) for event in events]
    assert places == sorted(places)
    applied = [event for event in events if event.name == "MemberApplied"]
    assert [event.args["applicant"] for event in applied] == [member.address for member in world.members]
    assert {event.address for event in events} <= set(world.contracts.addresses)


def test_events__more_blocks_than_one_range__are_asked_for_in_ranges(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = world.chain.events(world.contracts.addresses, 0)
    asked: list[tuple[int, int]] = []
    request = Gateway.request

    def noted(chain: Gateway, method: str, *params: Any) -> Any:
        if method == "eth_getLogs":
            asked.append((int(params[0]["fromBlock"], 16), int(params[0]["toBlock"], 16)))
        return request(chain, method, *params)

    monkeypatch.setattr(gateway, "LOG_RANGE", 7)
    monkeypatch.setattr(Gateway, "request", noted)
    last = world.chain.block_number()
    assert world.chain.events(world.contracts.addresses, 0, last) == whole
    assert asked[0] == (0, 6)
    assert asked[-1][1] == last
    assert all(start == before + 1 for (_, before), (start, _) in pairwise(asked))


def test_events__by_name__leaves_out_the_others(world: World) -> None:
    events = world.chain.events(world.contracts.addresses, 0, names=("MemberApproved",))
    assert {event.name for event in events} == {"MemberApproved"}
    assert len(events) == len(world.members)


def test_events__no_blocks__are_none(world: World) -> None:
    assert world.chain.events(world.contracts.addresses, world.chain.block_number() + 1) == []


# -------------------------------------------------------------------- sending


def test_prepare__contract_would_refuse__sends_nothing(world: World, stranger: Signer) -> None:
    nonce = world.chain.next_nonce(stranger.address)
    with pytest.raises(ContractRefusal, match="no active member"):
        world.chain.send(stranger, deposit(world, 1))
    assert world.chain.next_nonce(stranger.address) == nonce


def test_send__nested_token_refuses__is_decoded_as_well(world: World, alice: Signer) -> None:
    with pytest.raises(ContractRefusal) as refused:
        world.chain.send(alice, deposit(world, 5))
    assert refused.value.error_name == "ERC20InsufficientAllowance"


def test_prepare__not_sent_yet__may_be_recorded_first(world: World, alice: Signer) -> None:
    signed = world.chain.prepare(alice, approve(world, 5))
    assert world.chain.receipt(signed.hash) is None
    assert (signed.sender, signed.nonce) == (alice.address, world.chain.next_nonce(alice.address))
    assert signed.raw.hex() not in repr(signed)
    assert world.chain.broadcast(signed) == signed.hash
    assert world.chain.wait(signed.hash).succeeded


def test_broadcast__sent_before__is_no_error_and_no_second_effect(world: World, alice: Signer) -> None:
    signed = world.chain.prepare(alice, approve(world, 5))
    world.chain.broadcast(signed)
    receipt = world.chain.wait(signed.hash)
    assert world.chain.broadcast(signed) == signed.hash
    assert world.chain.wait(signed.hash) == receipt
    assert world.chain.next_nonce(alice.address) == signed.nonce + 1


def test_broadcast__waiting_for_a_block__is_no_error(world: World, alice: Signer) -> None:
    signed = world.chain.prepare(alice, approve(world, 5))
    world.chain.request("evm_setAutomine", False)
    try:
        world.chain.broadcast(signed)
        assert world.chain.broadcast(signed) == signed.hash
        with pytest.raises(TransactionFailed, match="in no block"):
            world.chain.wait(signed.hash, timeout_s=0.2)
    finally:
        world.chain.request("evm_setAutomine", True)
        world.chain.request("evm_mine")
    assert world.chain.wait(signed.hash).succeeded


def test_broadcast__nonce_taken_by_another__says_so(world: World, alice: Signer) -> None:
    first = world.chain.prepare(alice, approve(world, 5))
    second = world.chain.prepare(alice, approve(world, 6))
    world.chain.broadcast(first)
    world.chain.wait(first.hash)
    with pytest.raises(TransactionFailed, match="another transaction took the nonce"):
        world.chain.broadcast(second)


def test_send__refused_only_once_included__says_why(world: World, alice: Signer) -> None:
    signed = world.chain.prepare(alice, deposit(world, 5), checked=False)
    world.chain.broadcast(signed)
    receipt = world.chain.wait(signed.hash)
    assert not receipt.succeeded
    with pytest.raises(ContractRefusal, match="Approve the amount first"):
        world.chain.require_success(receipt, deposit(world, 5), alice.address)


def test_send_all__calls_that_rest_on_one_another__are_sent_in_order(world: World) -> None:
    before = world.reader.funds(world.alice.address).balance
    calls = [(m, call) for m in world.members for call in (approve(world, 5), deposit(world, 5))]
    receipts = world.chain.send_all(calls)
    assert len(receipts) == 2 * len(world.members)
    assert [receipt.sender for receipt in receipts] == [m.address for m, _ in calls]
    assert world.reader.funds(world.alice.address).balance == before + 5


def test_send_all__one_fails__is_raised_after_the_others_took_effect(world: World) -> None:
    with pytest.raises(ContractRefusal, match="Approve the amount first"):
        world.chain.send_all(
            [(world.alice, deposit(world, 5)), (world.bob, approve(world, 7)), (world.bob, deposit(world, 7))]
        )
    assert world.reader.funds(world.bob.address).free > world.reader.funds(world.alice.address).free


def test_fees__are_zero_and_said_explicitly(world: World, alice: Signer) -> None:
    receipt = world.chain.send(alice, approve(world, 5))
    sent = world.chain.request("eth_getTransactionByHash", receipt.hash)
    assert (sent["type"], int(sent["maxFeePerGas"], 16), int(sent["maxPriorityFeePerGas"], 16)) == ("0x2", 0, 0)


def test_request__node_refuses__is_an_error_of_the_tree(world: World) -> None:
    with pytest.raises(ChainError, match="refuses eth_nonsense"):
        world.chain.request("eth_nonsense")


def test_revert_data__as_besu_gives_it__is_decoded(world: World, node: Callable[[Answer], str]) -> None:
    with pytest.raises(ContractRefusal) as refused:
        world.chain.call(world.contracts.sessions.call("parametersOf", 7))
    data = "0x" + _unknown_session(7).hex()

    def answer(body: dict[str, Any]) -> Any:
        return result(body, "0x7e2") if body["method"] == "eth_chainId" else error(body, "Execution reverted", data)

    with pytest.raises(ContractRefusal) as same:
        Chain.connect(node(answer)).call(world.contracts.sessions.call("parametersOf", 7))
    assert same.value.message == refused.value.message


def _unknown_session(number: int) -> bytes:
    from commons.keccak import keccak256

    return keccak256(b"UnknownSession(uint256)")[:4] + number.to_bytes(32, "big")


def test_world__undone_after_a_test__members_are_as_before(world: World) -> None:
    assert world.reader.member(world.alice.address).status == MemberStatus.ACTIVE
