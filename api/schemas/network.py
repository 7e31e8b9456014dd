"""The network: what a wallet and an auditor need to know of it, and how the service does."""

from api.schemas.common import AddressText, Record, Seconds


class NetworkCommunity(Record):
    """A community of the network."""

    name: str
    created_block: int
    contracts: dict[str, AddressText]


class Network(Record):
    """Chain, contracts and communities; nothing here has to be believed: it is all on the chain."""

    network: str
    chain_id: int
    rpc_url: str
    """The RPC for wallets and auditors; they may use any other."""
    embedded: bool
    """The chain on this machine whose keys everybody knows; never anything of value."""
    first_block: int
    contracts: dict[str, AddressText]
    communities: list[NetworkCommunity]


class Health(Record):
    """How far the chain is followed; `status` is ok, behind, stalled (the chain does not answer) or empty."""

    status: str
    version: str
    chain_id: int | None
    generation: int | None
    revision: int | None
    block: int | None
    block_time: Seconds | None
    head: int | None
    behind: int | None
    """Blocks not read yet."""
    asked_at: Seconds | None
    """When the chain last answered, by the wall's clock."""
