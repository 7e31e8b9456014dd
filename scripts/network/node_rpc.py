"""The protected RPC of one node, for votes and lists: HTTP at validators, a WebSocket at RPC nodes.

Everything about the chain itself goes through `commons.chain`; this is for what concerns one node alone.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from websockets.exceptions import InvalidHandshake, WebSocketException
from websockets.sync.client import connect

from commons.addresses import Address
from commons.chain.rpc import LOOPBACK, RpcRefusal
from commons.errors import ChainError, RpcUnreachable
from commons.units import EpochSeconds
from scripts.network.inventory import Node
from scripts.network.tokens import ADMINISTRATOR, administrators_key, signed

TIMEOUT_S = 10
TOKEN_S = 300
CHUNK = 500
"""Accounts listed at once."""
OUT_OF_SYNC = "out of sync"


@dataclass
class NodeRpc:
    """One node; `token` makes a fresh token for each request, `node_id` is who has to answer.

    All nodes that run alone on their machine have the same address there, 127.0.0.1 and the usual port. So the first
    request is preceded by asking who it is: one node is never counted, listed or voted with for another.
    """

    name: str
    url: str
    token: Callable[[], str]
    node_id: str
    _is_itself: bool = field(default=False, init=False)

    def request(self, method: str, *params: Any) -> Any:
        """The result of one request.

        Raises:
            RpcUnreachable: nobody answers, or not to this token, or another node does.
            ChainError: the node refuses it.
        """
        if not self._is_itself:
            self._require_itself(str(self._ask("net_enode")))
        return self._ask(method, *params)

    def _require_itself(self, enode: str) -> None:
        if enode.removeprefix("enode://").partition("@")[0].lower() != self.node_id:
            raise RpcUnreachable(
                f"what answers at {self.url} is another node than {self.name}",
                which=self.name,
                remedy="Each organisation asks its own nodes, on their machine (--only); or write the way there, such "
                "as a tunnel, as its admin_url in network.json.",
            )
        self._is_itself = True

    def _ask(self, method: str, *params: Any) -> Any:
        asked = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)})
        try:
            answer = json.loads(self._websocket(asked) if self.url.startswith("ws") else self._http(asked))
        except (requests.RequestException, WebSocketException, InvalidHandshake, OSError, ValueError) as error:
            raise RpcUnreachable(
                f"node {self.name} does not answer at {self.url} ({type(error).__name__})",
                which=self.name,
                remedy="Look whether it runs, and whether its token key is this folder's.",
            ) from error
        if "error" in answer:
            refusal = RpcRefusal.of(answer["error"])
            raise ChainError(
                f"node {self.name} refuses {method}: {refusal.message}", which=self.name, remedy="Look at its log."
            )
        return answer["result"]

    def _http(self, asked: str) -> str:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token()}"}
        with requests.Session() as session:
            session.trust_env = urlsplit(self.url).hostname not in LOOPBACK
            answer = session.post(self.url, data=asked, headers=headers, timeout=TIMEOUT_S)
        answer.raise_for_status()
        return answer.text

    def _websocket(self, asked: str) -> str:
        headers = {"Authorization": f"Bearer {self.token()}"}
        with connect(
            self.url, additional_headers=headers, open_timeout=TIMEOUT_S, close_timeout=1, proxy=None, max_size=2**24
        ) as socket:
            socket.send(asked)
            return str(socket.recv(TIMEOUT_S))

    # ------------------------------------------------------------- accounts

    def accounts(self) -> frozenset[Address]:
        """The accounts that may send; errors as `request`."""
        return frozenset(Address(one.lower()) for one in self.request("perm_getAccountsAllowlist"))

    def allow(self, accounts: list[Address]) -> None:
        """List accounts that are not listed yet; errors as `request`."""
        for start in range(0, len(accounts), CHUNK):
            self._change("perm_addAccountsToAllowlist", list(accounts[start : start + CHUNK]))

    def disallow(self, accounts: list[Address]) -> None:
        """Take listed accounts off; errors as `request`."""
        for start in range(0, len(accounts), CHUNK):
            self._change("perm_removeAccountsFromAllowlist", list(accounts[start : start + CHUNK]))

    # ------------------------------------------------------------- peers and votes

    def peers_allowed(self) -> frozenset[str]:
        """The enode URLs that may connect; errors as `request`."""
        return frozenset(self.request("perm_getNodesAllowlist"))

    def admit(self, node: Node) -> None:
        """Let a node connect, and connect to it; harmless when done before; errors as `request`."""
        if node.enode not in self.peers_allowed():
            self._change("perm_addNodesToAllowlist", [node.enode])
        self.request("admin_addPeer", node.enode)

    def expel(self, node: Node) -> bool:
        """Disconnect a node and let it connect no more. False: it is among the peers this node was started with, which
        Besu takes off its list at a restart alone (its files are altered already); errors as `request`."""
        if node.enode in self.peers_allowed():
            try:
                self._change("perm_removeNodesFromAllowlist", [node.enode])
            except ChainError as error:
                if "fixed node" not in error.what:
                    raise
                return False
        self.request("admin_removePeer", node.enode)
        return True

    def validators(self) -> frozenset[Address]:
        """Who makes blocks; errors as `request`."""
        return frozenset(Address(one.lower()) for one in self.request("qbft_getValidatorsByBlockNumber", "latest"))

    def vote(self, address: Address, wanted: bool) -> None:
        """Vote for or against a validator, in each block this node makes; errors as `request`."""
        self.request("qbft_proposeValidatorVote", address, wanted)

    def withdraw_vote(self, address: Address) -> None:
        """Vote no more; errors as `request`."""
        self.request("qbft_discardValidatorVote", address)

    def _change(self, method: str, entries: list[Any]) -> None:
        """Change a list. Where the file was altered by hand Besu changes its memory alone; then both are brought
        together by having it read the file, and the change is made again."""
        try:
            self.request(method, entries)
        except ChainError as error:
            if OUT_OF_SYNC not in error.what:
                raise
            self.request("perm_reloadPermissionsFromFile")
            listed = self.request("perm_getAccountsAllowlist" if "Accounts" in method else "perm_getNodesAllowlist")
            there = {one.lower() for one in listed}
            still = [one for one in entries if (one.lower() in there) == ("remove" in method)]
            if still:
                self.request(method, still)


def node_rpc(folder: Path, node: Node) -> NodeRpc:
    """The protected RPC of a node, with tokens signed by the key in the network's folder.

    Raises:
        SettingsError: the key is not there.
    """
    key = administrators_key(folder)
    return NodeRpc(
        node.name,
        node.management_url,
        lambda: signed(key, ADMINISTRATOR, EpochSeconds(int(time.time()) - 5), TOKEN_S),
        node.node_id,
    )
