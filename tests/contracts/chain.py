"""The test chain as tests speak of it: its clock, what was sent and said, and what is refused and why.

Time stands still between blocks, and every block is a second after the one before unless `next_block_at` says
otherwise: what a test sees does not depend on how fast the machine is. A refusal is asked of the pending block, which
has the time that the next transaction would have.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from time import sleep
from typing import Any

import brownie
import requests
from brownie.network.web3 import web3
from eth_abi.abi import decode
from eth_utils.crypto import keccak

from commons.settings import PROJECT_DIR
from tests.contracts.brownie_chain import next_block_at

GAS_LIMIT = 30_000_000
RECEIPT_ATTEMPTS = 24_000
PANIC = {"Panic(uint256)": "Panic", "Error(string)": "Error"}


@dataclass(frozen=True, slots=True)
class Event:
    """What a contract said: who, what, and with which values by name."""

    source: str
    name: str
    values: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A transaction that went through."""

    gas_used: int
    timestamp: int
    logs: list[dict[str, Any]] = field(repr=False)

    @property
    def events(self) -> list[Event]:
        """All that was said, in order; what is none of our contracts' is left out."""
        return [event for event in map(_event, self.logs) if event is not None]

    def event(self, name: str) -> Event:
        """The one event of that name."""
        (found,) = (event for event in self.events if event.name == name)
        return found


@dataclass(frozen=True, slots=True)
class Refusal:
    """A custom error with its values by name, or `Panic`, or `Error` with a text."""

    error: str
    values: dict[str, Any]


class UnexpectedRefusalError(AssertionError):
    """A transaction was refused that a test had sent in earnest."""


# ---------------------------------------------------------------- the clock


def now() -> int:
    """The time of the last block."""
    return int(request("eth_getBlockByNumber", "latest", False)["timestamp"], 16)


def pass_to(timestamp: int) -> None:
    """Let the next transaction be at `timestamp`, or right after the last block where that is later."""
    mine_at(timestamp - 1)


def mine_at(timestamp: int) -> None:
    """Mine an empty block at `timestamp`, so that views see that time; nothing where it has passed."""
    if timestamp > now():
        next_block_at(timestamp)
        request("evm_mine")


def keep_time() -> None:
    """Let each block be one second after the one before."""
    request("anvil_setBlockTimestampInterval", 1)


@contextmanager
def undone() -> Iterator[None]:
    """Undo what happens inside, time included."""
    snapshot = request("evm_snapshot")
    try:
        yield
    finally:
        request("evm_revert", snapshot)


def request(method: str, *parameters: Any) -> Any:
    """Ask the node something that has no other name here."""
    response: dict[str, Any] = web3.provider.make_request(method, list(parameters))
    if "error" in response:
        raise AssertionError(f"{method}{parameters}: {response['error']}")
    return response["result"]


# ---------------------------------------------------------------- sending, and being refused


def send(function: Any, *arguments: Any, by: Any) -> Receipt:
    """Send a transaction to a function of a brownie contract; it must go through."""
    done = attempt(function, *arguments, by=by)
    if isinstance(done, Refusal):
        raise UnexpectedRefusalError(f"{function._name}: {done}")
    return done


def attempt(function: Any, *arguments: Any, by: Any) -> Receipt | Refusal:
    """Send a transaction that may be refused, and say how it ended."""
    transaction = _transaction(function, arguments, by)
    free = {**transaction, "gas": hex(GAS_LIMIT), "gasPrice": "0x0"}
    receipt = receipt_of(request("eth_sendTransaction", free))
    if receipt["status"] == "0x1":
        logs = receipt["logs"]
        return Receipt(int(receipt["gasUsed"], 16), int(logs[0]["blockTimestamp"], 16) if logs else now(), logs)
    # The block of the refused transaction has its time, and nothing of it.
    refusal = _ask(transaction, receipt["blockNumber"])
    assert refusal is not None, f"{function._name} was refused once, and would not be again"
    return refusal


def ask_all(calls: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The answers of many views, each a function and its arguments, in one request."""
    asked = [
        {
            "jsonrpc": "2.0",
            "id": place,
            "method": "eth_call",
            "params": [{"to": function._address, "data": function.encode_input(*arguments)}, "latest"],
        }
        for place, (function, *arguments) in enumerate(calls)
    ]
    answers = _connection().post(web3.provider.endpoint_uri, json=asked, timeout=120).json()
    found = {answer["id"]: bytes.fromhex(answer["result"][2:]) for answer in answers}
    return [
        decode([abi_type(part) for part in call[0].abi["outputs"]], found[place]) for place, call in enumerate(calls)
    ]


@cache
def _connection() -> requests.Session:
    return requests.Session()


def deploy(container: Any, *arguments: Any, by: Any) -> Any:
    """Deploy a contract. brownie's own way remembers nonces that snapshots have undone."""
    transaction = {**_transaction(container.deploy, arguments, by), "gas": hex(GAS_LIMIT), "gasPrice": "0x0"}
    return contract_at(container, receipt_of(request("eth_sendTransaction", transaction))["contractAddress"])


def contract_at(container: Any, address: str) -> Any:
    """The contract at an address. brownie's own `at` remembers contracts that snapshots have undone."""
    return brownie.Contract.from_abi(container._name, address, container.abi, persist=False)


def refused(error: str, function: Any, *arguments: Any, by: Any, **values: Any) -> dict[str, Any]:
    """Assert that a transaction would be refused with this error and these values; all the error's values are given
    back."""
    refusal = _ask(_transaction(function, arguments, by), "pending")
    assert refusal is not None, f"{function._name} was to be refused with {error}, and is not"
    assert refusal.error == error, f"{function._name} was to be refused with {error}, not {refusal}"
    expected = {name: _plain(value) for name, value in values.items()}
    assert {name: refusal.values[name] for name in expected} == expected
    return refusal.values


def refusal_of(function: Any, *arguments: Any, by: Any) -> Refusal | None:
    """Why a transaction would be refused; None if it would not be."""
    return _ask(_transaction(function, arguments, by), "pending")


def _transaction(function: Any, arguments: tuple[Any, ...], by: Any) -> dict[str, str]:
    transaction = {"from": _plain(by), "data": function.encode_input(*arguments)}
    return {**transaction, "to": function._address} if hasattr(function, "_address") else transaction


def receipt_of(transaction_hash: str) -> dict[str, Any]:
    """The receipt, asked for again where the node answered before it had mined."""
    for _ in range(RECEIPT_ATTEMPTS):
        receipt: dict[str, Any] | None = request("eth_getTransactionReceipt", transaction_hash)
        if receipt is not None:
            return receipt
        sleep(0.005)
    raise AssertionError(f"{transaction_hash} was not mined")


def _ask(transaction: dict[str, str], block: str) -> Refusal | None:
    response: dict[str, Any] = web3.provider.make_request("eth_call", [transaction, block])
    if "error" not in response:
        return None
    data = bytes.fromhex(response["error"].get("data", "0x").removeprefix("0x"))
    if data[:4] not in _errors():
        return Refusal(data.hex() or response["error"]["message"], {})
    name, names, types = _errors()[data[:4]]
    return Refusal(name, dict(zip(names, map(_plain, decode(types, data[4:])), strict=True)))


# ---------------------------------------------------------------- ABIs


def artefacts() -> list[dict[str, Any]]:
    """The compiler's artefacts of the project's own sources."""
    builds = [build for _, build in brownie.project.get_loaded_projects()[0]._build.items()]
    return [build for build in builds if build["sourcePath"].startswith("contracts/")]


def abi_type(item: dict[str, Any]) -> str:
    """The canonical type of an ABI component, tuples spelled out."""
    if not item["type"].startswith("tuple"):
        return str(item["type"])
    return f"({','.join(abi_type(part) for part in item['components'])}){item['type'].removeprefix('tuple')}"


@cache
def _errors() -> dict[bytes, tuple[str, list[str], list[str]]]:
    found = {keccak(text=text)[:4]: (name, ["value"], [text[len(name) + 1 : -1]]) for text, name in PANIC.items()}
    for item in _entries("error"):
        types = [abi_type(part) for part in item["inputs"]]
        selector = keccak(text=f"{item['name']}({','.join(types)})")[:4]
        found[selector] = (item["name"], [part["name"] for part in item["inputs"]], types)
    return found


@cache
def _events() -> dict[str, tuple[str, list[dict[str, Any]]]]:
    found = {}
    for item in _entries("event"):
        signature = f"{item['name']}({','.join(abi_type(part) for part in item['inputs'])})"
        found["0x" + keccak(text=signature).hex()] = (item["name"], item["inputs"])
    return found


def _entries(kind: str) -> Iterator[dict[str, Any]]:
    for build in artefacts():
        yield from (item for item in build["abi"] if item["type"] == kind)


def _event(log: dict[str, Any]) -> Event | None:
    if log["topics"][0] not in _events():
        return None
    name, inputs = _events()[log["topics"][0]]
    indexed = [part for part in inputs if part["indexed"]]
    plain = [part for part in inputs if not part["indexed"]]
    values: dict[str, Any] = {}
    for part, topic in zip(indexed, log["topics"][1:], strict=True):
        (values[part["name"]],) = decode([abi_type(part)], bytes.fromhex(topic[2:]))
    decoded = decode([abi_type(part) for part in plain], bytes.fromhex(log["data"][2:]))
    values |= {part["name"]: value for part, value in zip(plain, decoded, strict=True)}
    return Event(log["address"].lower(), name, {key: _plain(value) for key, value in values.items()})


def _plain(value: Any) -> Any:
    """Accounts and contracts as their lower-case address; the rest as it is."""
    if hasattr(value, "address"):
        return value.address.lower()
    if isinstance(value, str) and value.startswith("0x") and len(value) == 42:
        return value.lower()
    if isinstance(value, list | tuple):
        return tuple(_plain(item) for item in value)
    return value


def source_files() -> list[str]:
    """The paths of the Solidity sources, relative to the project."""
    return sorted(str(path.relative_to(PROJECT_DIR)) for path in (PROJECT_DIR / "contracts").rglob("*.sol"))
