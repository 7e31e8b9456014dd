"""What goes through the gateway: calls, signed transactions, receipts, blocks and events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from commons.addresses import Address
from commons.chain.codec import Function
from commons.units import EpochSeconds


@dataclass(frozen=True, slots=True)
class Call:
    """A function of a contract with its arguments encoded, to be read or sent; `to` is None for a creation.

    `gas` is the limit to send it with; the gateway asks the node for one where it is None.
    """

    to: Address | None
    name: str
    data: bytes = field(repr=False)
    function: Function | None = field(default=None, repr=False)
    gas: int | None = None


@dataclass(frozen=True, slots=True)
class SignedTransaction:
    """A transaction that may be recorded first and sent later, as often as needed: it takes effect once."""

    hash: str
    sender: Address
    nonce: int
    raw: bytes = field(repr=False)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a transaction that is in a block."""

    hash: str
    block: int
    succeeded: bool
    gas_used: int
    sender: Address
    to: Address | None
    created: Address | None
    events: tuple["Event", ...] = field(repr=False)
    revert_data: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Block:
    """The head of a block."""

    number: int
    timestamp: EpochSeconds
    hash: str


@dataclass(frozen=True, slots=True)
class Event:
    """What a contract said; `args` are typed by its ABI, under Solidity's names."""

    address: Address
    name: str
    args: Mapping[str, Any]
    block: int
    log_index: int
    tx_hash: str


class TransactionSigner(Protocol):
    """Whoever signs transactions of one account."""

    @property
    def address(self) -> Address:
        """The account."""
        ...

    def sign_transaction(self, transaction: Mapping[str, Any]) -> tuple[str, bytes]:
        """The signed transaction's hash and bytes."""
        ...
