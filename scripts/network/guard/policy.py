"""What the proxy lets through. On a chain without gas prices nothing else keeps a block from being stuffed for nothing.

- A body is at most `body_bytes` long, a batch at most `batch` requests.
- Methods: those of `METHODS`, which read, and `eth_sendRawTransaction`; everything else is answered as not available.
- A transaction has a gas limit of at most `transaction_gas`, is of this chain, and creates no contract.
- An address (IP) gets `requests_a_minute` requests, an account `transactions_a_minute` transactions; both may save up
  `burst` minutes' worth.
- A range of logs is at most what the node takes.

Whether an account may send at all is the node's to say, by its allowlist.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from commons.buckets import Buckets
from commons.chain.raw import decode_transaction
from commons.errors import MalformedInput

SEND = "eth_sendRawTransaction"
METHODS = frozenset(
    {
        "eth_blockNumber",
        "eth_call",
        "eth_chainId",
        "eth_estimateGas",
        "eth_feeHistory",
        "eth_gasPrice",
        "eth_getBalance",
        "eth_getBlockByHash",
        "eth_getBlockByNumber",
        "eth_getBlockReceipts",
        "eth_getBlockTransactionCountByHash",
        "eth_getBlockTransactionCountByNumber",
        "eth_getCode",
        "eth_getLogs",
        "eth_getProof",
        "eth_getStorageAt",
        "eth_getTransactionByBlockHashAndIndex",
        "eth_getTransactionByBlockNumberAndIndex",
        "eth_getTransactionByHash",
        "eth_getTransactionCount",
        "eth_getTransactionReceipt",
        "eth_maxPriorityFeePerGas",
        "eth_syncing",
        "net_listening",
        "net_version",
        "web3_clientVersion",
        SEND,
    }
)

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
NOT_AVAILABLE = -32601
INVALID_PARAMS = -32602
LIMIT_EXCEEDED = -32005
SECONDS_A_MINUTE = 60


@dataclass(frozen=True)
class Limits:
    """The figures of `guard.json`."""

    body_bytes: int = 262_144
    batch: int = 200
    transaction_gas: int = 5_000_000
    requests_a_minute: int = 1_200
    transactions_a_minute: int = 30
    burst: int = 2


DEFAULT_LIMITS = Limits()


class Refusal(Exception):  # noqa: N818  an answer to a caller, not a failure
    """What the proxy answers in the node's place."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Sent:
    """What a raw transaction says of itself."""

    sender: str
    gas: int
    chain_id: int | None
    creates: bool


class Policy:
    """Decides about one request after the other."""

    def __init__(self, limits: Limits, chain_id: int, now: Callable[[], float]) -> None:
        self.limits = limits
        self._chain_id = chain_id
        self._callers = _buckets(limits.requests_a_minute, limits.burst, now)
        self._accounts = _buckets(limits.transactions_a_minute, limits.burst, now)

    def admit(self, caller: str, requests: int) -> bool:
        """Whether an address may put that many requests."""
        return self._callers.take(caller, requests)

    def check(self, request: Any) -> None:
        """Let one request of JSON-RPC pass.

        Raises:
            Refusal: it may not.
        """
        if not isinstance(request, dict) or not isinstance(request.get("method"), str):
            raise Refusal(INVALID_REQUEST, "Invalid Request")
        if request["method"] not in METHODS:
            raise Refusal(NOT_AVAILABLE, f"{request['method'][:60]} is not available here")
        if request["method"] == SEND:
            self._check_transaction(request.get("params"))

    def _check_transaction(self, params: Any) -> None:
        sent = decoded(params[0] if isinstance(params, list) and len(params) == 1 else None)
        if sent.gas > self.limits.transaction_gas:
            most = self.limits.transaction_gas
            raise Refusal(LIMIT_EXCEEDED, f"a gas limit of {sent.gas} is above the {most} that are taken here")
        if sent.chain_id is not None and sent.chain_id != self._chain_id:
            raise Refusal(INVALID_PARAMS, f"the transaction is for chain {sent.chain_id}, not {self._chain_id}")
        if sent.creates:
            raise Refusal(INVALID_PARAMS, "contracts are not created through this address")
        if not self._accounts.take(sent.sender):
            each = self.limits.transactions_a_minute
            raise Refusal(LIMIT_EXCEEDED, f"{sent.sender} sends more than {each} transactions a minute; try later")


def _buckets(a_minute: int, burst: int, now: Callable[[], float]) -> Buckets:
    return Buckets(a_minute / SECONDS_A_MINUTE, a_minute * burst, now)


def decoded(raw: Any) -> Sent:
    """What a raw transaction says.

    Raises:
        Refusal: it is none.
    """
    try:
        found = decode_transaction(bytes.fromhex(raw.removeprefix("0x")))
    except (AttributeError, ValueError, MalformedInput) as error:
        raise Refusal(INVALID_PARAMS, "this is no signed transaction") from error
    return Sent(found.sender, found.gas, found.chain_id, found.to is None)


def limits_document(limits: Limits) -> str:
    """`guard.json`."""
    return json.dumps(asdict(limits), indent=2) + "\n"


def load_limits(file: Path) -> Limits:
    """The limits in a file.

    Raises:
        MalformedInput: it cannot be read, or a figure is none.
    """
    try:
        content: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        limits = Limits(**content)
    except (OSError, ValueError, TypeError) as error:
        raise MalformedInput(f"{file} holds no limits ({error})", remedy="Restore it.") from error
    for name, value in asdict(limits).items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise MalformedInput(f"{file}: {name} is {value!r}", remedy="Write a whole number above 0.")
    return limits
