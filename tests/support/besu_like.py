"""A node that answers as Besu does where it differs from Anvil: an HTTP proxy in front of an Anvil.

It knows the account allowlist, holds transactions back for a while, estimates gas for a moment after its head, and
drops connections, before or after it has acted on what was asked. `besu_answers.json` keeps its answers and sources.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
from eth_account import Account
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

ANSWERS = json.loads(Path(__file__).with_name("besu_answers.json").read_text(encoding="utf-8"))
NODE_ID = "ab" * 64
LOG_RANGE = 5000
BATCH = 1024
ESTIMATE_AHEAD_S = 12
FOREIGN = ("anvil_", "evm_", "hardhat_", "ganache_", "personal_", "erigon_", "ots_")
NOT_ENABLED = ("debug_", "txpool_", "trace_", "miner_", "clique_", "ibft_", "plugins_", "engine_")
EXTRA_DATA = (
    "0xf87aa0"
    + "00" * 32
    + "f854"
    + "94"
    + "11" * 20
    + "94"
    + "22" * 20
    + "94"
    + "33" * 20
    + "94"
    + "44" * 20
    + "c080c0"
)
TAGGED = {"eth_call": 1, "eth_getBalance": 1, "eth_getCode": 1, "eth_getTransactionCount": 1, "eth_getBlockByNumber": 0}


class Answer(Exception):  # noqa: N818  an answer, not a failure
    """One of the kept answers."""

    def __init__(self, name: str, data: str | None = None) -> None:
        super().__init__(name)
        self.error = dict(ANSWERS[name]["error"])
        if data is not None:
            self.error["data"] = data


@dataclass
class Held:
    """A transaction that the node has taken and no block has yet."""

    raw: str
    hash: str
    sender: str
    nonce: int
    looks_left: int


@dataclass
class BesuLike:
    """The node's state. `delay` is for how many looks at a transaction's receipt it stays out of blocks; every
    `drop_every`-th connection is dropped, in turn before and after what was asked is done (0: none)."""

    anvil_url: str
    enode: str = f"enode://{NODE_ID}@127.0.0.1:30303"
    allowed: set[str] | None = None
    nodes: list[str] = field(default_factory=list)
    fixed_nodes: list[str] = field(default_factory=list)
    validators: list[str] = field(default_factory=list)
    votes: dict[str, bool] = field(default_factory=dict)
    vote_counter: Callable[[str, bool], None] = lambda address, wanted: None
    apis: tuple[str, ...] = ("ETH", "NET", "WEB3", "PERM", "QBFT", "ADMIN")
    token: str | None = None
    file_in_sync: bool = True
    delay: int = 0
    drop_every: int = 0
    asked: list[str] = field(default_factory=list)
    dropped: int = 0
    held: list[Held] = field(default_factory=list)
    peers: list[str] = field(default_factory=list)
    _connections: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    # ------------------------------------------------------------- requests

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """What the node answers to one request."""
        head = {"jsonrpc": "2.0", "id": request.get("id")}
        with self._lock:
            self.asked.append(request["method"])
            try:
                return {**head, "result": self._result(request["method"], list(request.get("params") or []))}
            except Answer as answer:
                return {**head, "error": answer.error}

    def _result(self, method: str, params: list[Any]) -> Any:
        if method == "eth_sendTransaction":
            raise Answer("send_transaction")
        if method.startswith(FOREIGN):
            raise Answer("method_not_found")
        if method.startswith(NOT_ENABLED) or method.split("_")[0].upper() not in self.apis:
            raise Answer("method_not_enabled")
        if method in TAGGED and params[TAGGED[method] : TAGGED[method] + 1] in (["safe"], ["finalized"]):
            raise Answer("unknown_block")
        own: Callable[..., Any] | None = getattr(self, f"_on_{method}", None)
        return self._anvil(method, params) if own is None else own(*params)

    def _anvil(self, method: str, params: list[Any]) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        found = requests.post(self.anvil_url, json=body, timeout=120).json()
        if "error" not in found:
            return found["result"]
        error = found["error"]
        if error.get("code") == 3 or "revert" in error.get("message", ""):
            data = error.get("data")
            raise Answer("reverted", data if isinstance(data, str) else "0x")
        answer = Answer("nonce_too_low")
        answer.error = {"code": -32000, "message": error.get("message", "")}
        raise answer

    # ------------------------------------------------------------- the chain

    def _on_web3_clientVersion(self) -> str:
        return str(ANSWERS["client"]["result"])

    def _on_eth_gasPrice(self) -> str:
        return str(ANSWERS["gas_price"]["result"])

    def _on_eth_maxPriorityFeePerGas(self) -> str:
        return "0x0"

    def _on_eth_getBlockByNumber(self, tag: str, full: bool = False) -> Any:
        block = self._anvil("eth_getBlockByNumber", [tag, full])
        return None if block is None else {**block, "extraData": EXTRA_DATA, "difficulty": "0x1"}

    def _on_eth_getLogs(self, query: dict[str, Any]) -> Any:
        first, last = (self._number(query.get(key, "latest")) for key in ("fromBlock", "toBlock"))
        if last - first + 1 > LOG_RANGE:
            raise Answer("log_range")
        return self._anvil("eth_getLogs", [query])

    def _number(self, tag: str) -> int:
        if tag in ("safe", "finalized"):
            raise Answer("unknown_block")
        return int(self._anvil("eth_blockNumber", []), 16) if tag in ("latest", "pending") else int(tag, 16)

    def _on_eth_estimateGas(self, message: dict[str, Any], *_: Any) -> Any:
        """For 12 s after the head: what is too late by then is refused now."""
        head = self._anvil("eth_getBlockByNumber", ["latest", False])
        later = {"time": hex(int(head["timestamp"], 16) + ESTIMATE_AHEAD_S)}
        self._anvil("eth_call", [message, "latest", {}, later])
        return self._anvil("eth_estimateGas", [message])

    # ------------------------------------------------------------- transactions

    def _on_eth_sendRawTransaction(self, raw: str) -> str:
        one = self._parsed(raw)
        if self.allowed is not None and one.sender not in self.allowed:
            raise Answer("sender_not_allowed")
        if any(held.hash == one.hash for held in self.held):
            raise Answer("known_transaction")
        if self._anvil("eth_getTransactionByHash", [one.hash]) is not None:
            raise Answer("nonce_too_low")
        if one.nonce < self._next_nonce(one.sender):
            raise Answer("nonce_too_low")
        self.held.append(one)
        if not self.delay:
            self._include(one)
        return one.hash

    def _parsed(self, raw: str) -> Held:
        data = bytes.fromhex(raw[2:])
        sender = Account.recover_transaction(data).lower()
        fields = _fields(data)
        if fields["chainId"] != int(self._anvil("eth_chainId", []), 16):
            raise Answer("wrong_chain")
        if fields["gas"] * fields["price"] > 1:
            raise Answer("fee_cap")
        if fields["gas"] > int(self._anvil("eth_getBlockByNumber", ["latest", False])["gasLimit"], 16):
            raise Answer("block_gas")
        from commons.keccak import keccak256

        return Held(raw, "0x" + keccak256(data).hex(), sender, fields["nonce"], self.delay)

    def _include(self, one: Held) -> None:
        """Put it, and what the same sender sent before, into a block."""
        for held in sorted(self.held, key=lambda held: held.nonce):
            if held.sender == one.sender and held.nonce <= one.nonce:
                self._anvil("eth_sendRawTransaction", [held.raw])
                self.held.remove(held)

    def _next_nonce(self, sender: str) -> int:
        return int(self._anvil("eth_getTransactionCount", [sender, "latest"]), 16)

    def _on_eth_getTransactionCount(self, account: str, tag: str) -> str:
        if tag != "pending":
            return str(self._anvil("eth_getTransactionCount", [account, tag]))
        mine = {held.nonce for held in self.held if held.sender == account.lower()}
        number = self._next_nonce(account)
        while number in mine:
            number += 1
        return hex(number)

    def _on_eth_getTransactionByHash(self, tx_hash: str) -> Any:
        for held in self.held:
            if held.hash == tx_hash:
                return {"hash": tx_hash, "from": held.sender, "nonce": hex(held.nonce), "blockNumber": None}
        return self._anvil("eth_getTransactionByHash", [tx_hash])

    def _on_eth_getTransactionReceipt(self, tx_hash: str) -> Any:
        for held in list(self.held):
            if held.hash == tx_hash:
                held.looks_left -= 1
                if held.looks_left > 0:
                    return None
                self._include(held)
        return self._anvil("eth_getTransactionReceipt", [tx_hash])

    def _on_net_enode(self) -> str:
        return str(ANSWERS["enode"]["result"]).format(enode=self.enode)

    # ------------------------------------------------------------- permissions

    def _on_perm_getAccountsAllowlist(self) -> list[str]:
        return sorted(self.allowed or ())

    def _on_perm_addAccountsToAllowlist(self, accounts: list[str]) -> str:
        known = self._accounts(accounts)
        if known & set(accounts):
            raise Answer("account_listed")
        known |= set(accounts)
        if not self.file_in_sync:
            raise Answer("file_out_of_sync")
        return str(ANSWERS["list_changed"]["result"])

    def _on_perm_removeAccountsFromAllowlist(self, accounts: list[str]) -> str:
        known = self._accounts(accounts)
        if not set(accounts) <= known:
            raise Answer("account_absent")
        known -= set(accounts)
        return str(ANSWERS["list_changed"]["result"])

    def _on_perm_reloadPermissionsFromFile(self) -> str:
        self.file_in_sync = True
        return str(ANSWERS["list_changed"]["result"])

    def _accounts(self, accounts: list[str]) -> set[str]:
        if not accounts:
            raise Answer("account_empty")
        if any(len(one) != 42 or one != one.lower() for one in accounts):
            raise Answer("account_invalid")
        if len(set(accounts)) != len(accounts):
            raise Answer("account_duplicated")
        if self.allowed is None:
            self.allowed = set()
        return self.allowed

    def _on_perm_getNodesAllowlist(self) -> list[str]:
        return list(self.nodes)

    def _on_perm_addNodesToAllowlist(self, nodes: list[str]) -> str:
        if set(nodes) & set(self.nodes):
            raise Answer("node_listed")
        self.nodes += nodes
        return str(ANSWERS["list_changed"]["result"])

    def _on_perm_removeNodesFromAllowlist(self, nodes: list[str]) -> str:
        if set(nodes) & set(self.fixed_nodes):
            raise Answer("node_fixed")
        if not set(nodes) <= set(self.nodes):
            raise Answer("node_absent")
        self.nodes = [node for node in self.nodes if node not in nodes]
        return str(ANSWERS["list_changed"]["result"])

    def _on_admin_addPeer(self, enode: str) -> bool:
        self.peers.append(enode)
        return bool(ANSWERS["peer_added"]["result"])

    def _on_admin_removePeer(self, enode: str) -> bool:
        self.peers = [peer for peer in self.peers if peer != enode]
        return bool(ANSWERS["peer_added"]["result"])

    # ------------------------------------------------------------- votes

    def _on_qbft_getValidatorsByBlockNumber(self, _: str) -> list[str]:
        return sorted(self.validators)

    def _on_qbft_getPendingVotes(self) -> dict[str, bool]:
        return dict(self.votes)

    def _on_qbft_proposeValidatorVote(self, address: str, wanted: bool) -> bool:
        self.votes[address.lower()] = wanted
        self.vote_counter(address.lower(), wanted)
        return bool(ANSWERS["vote_taken"]["result"])

    def _on_qbft_discardValidatorVote(self, address: str) -> bool:
        return self.votes.pop(address.lower(), None) is not None

    # ------------------------------------------------------------- connections

    def drop(self) -> str:
        """Whether to drop this connection: "", "before" or "after"."""
        with self._lock:
            self._connections += 1
            if not self.drop_every or self._connections % self.drop_every:
                return ""
            self.dropped += 1
            return "before" if self.dropped % 2 else "after"


def _fields(data: bytes) -> dict[str, int]:
    if data[0] <= 0x7F:
        found = TypedTransaction.from_bytes(HexBytes(data)).as_dict()
        price = found.get("maxFeePerGas", found.get("gasPrice", 0))
        return {"chainId": found["chainId"], "gas": found["gas"], "price": price, "nonce": found["nonce"]}
    import rlp

    nonce, price, gas, _, _, _, v, *_ = (int.from_bytes(part, "big") for part in rlp.decode(data))
    return {"chainId": (v - 35) // 2, "gas": gas, "price": price, "nonce": nonce}


@contextmanager
def serving(node: BesuLike) -> Iterator[str]:
    """The address where the node listens, on 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fate = node.drop()
            if fate == "before":
                self.close_connection = True
                return
            status, content = _respond(node, body, self.headers.get("Authorization"))
            if fate == "after":
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _respond(node: BesuLike, body: bytes, authorization: str | None) -> tuple[int, bytes]:
    if node.token is not None and authorization != f"Bearer {node.token}":
        error = ANSWERS["unauthorized"]["error"]
        return 401, json.dumps({"jsonrpc": "2.0", "id": None, "error": error}).encode()
    asked = json.loads(body)
    if isinstance(asked, list):
        if len(asked) > BATCH:
            return 200, json.dumps({"jsonrpc": "2.0", "id": None, "error": ANSWERS["batch_size"]["error"]}).encode()
        return 200, json.dumps([node.answer(one) for one in asked]).encode()
    return 200, json.dumps(node.answer(asked)).encode()


@contextmanager
def serving_websocket(node: BesuLike) -> Iterator[str]:
    """The address of the node's WebSocket, on 127.0.0.1."""

    def admit(_: ServerConnection, request: Request) -> Response | None:
        if node.token is not None and request.headers.get("Authorization") != f"Bearer {node.token}":
            return Response(401, "Unauthorized", Headers())
        return None

    def speak(socket: ServerConnection) -> None:
        for message in socket:
            socket.send(json.dumps(node.answer(json.loads(message))))

    with serve(speak, "127.0.0.1", 0, process_request=admit) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join()
