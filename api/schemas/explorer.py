"""Blocks and transactions."""

from typing import Any

from pydantic import Field

from api.schemas.common import AddressText, Hash, Hex, Record, Seconds
from api.schemas.events import ChainEvent


class BlockHead(Record):
    """A block in a list."""

    number: int
    time: Seconds
    hash: Hash


class BlockDetail(BlockHead):
    """A block with its transactions."""

    parent: Hash
    proposer: AddressText
    gas_used: int
    gas_limit: int
    transactions: list[Hash]


class DecodedCall(Record):
    """A call of one of our contracts' functions."""

    function: str
    arguments: dict[str, Any]


class TransactionDetail(Record):
    """A transaction; what is null is not known before it is in a block."""

    hash: Hash
    block: int | None
    sender: AddressText
    to: AddressText | None
    created: AddressText | None
    nonce: int
    gas_limit: int
    gas_used: int | None
    succeeded: bool | None
    input: Hex
    call: DecodedCall | None
    events: list[ChainEvent] = Field(default_factory=list)


class Hit(Record):
    """What a search found: a community, contract, member, session, block, transaction or event."""

    kind: str
    key: str
    community: AddressText | None = None
    label: str | None = None
