"""Events of the chain, decoded."""

from typing import Any

from api.schemas.common import AddressText, Hash, Record, Seconds


class ChainEvent(Record):
    """An event; `args` by Solidity's names, integers as decimal text, bytes as 0x-hex, enums by name."""

    id: int
    block: int
    log_index: int
    time: Seconds
    tx_hash: Hash
    address: AddressText
    contract: str
    """Its role: community, treasury, token, sessions, marketplace, quorum, …, or factory."""
    name: str
    community: AddressText | None
    session: int | None
    args: dict[str, Any]
