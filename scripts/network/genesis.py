"""The genesis block: QBFT, free of gas, nobody rich.

Every figure that must be so, and why, is in `docs/runbook-network.md`; `commonwatt network check` holds a file to it.
"""

import json
from collections.abc import Iterable
from typing import Any

import rlp

from commons.addresses import Address, address_bytes
from scripts.network.inventory import Network

VANITY = bytes(32)
EPOCH_BLOCKS = 30_000
MIX_HASH = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"
"""By which Besu knows a block of a Byzantine-fault-tolerant chain."""
LEAST_REQUEST_TIMEOUT_S = 10


def extra_data(validators: Iterable[Address]) -> bytes:
    """QBFT's extra data of a genesis block: vanity, validators in ascending order, no vote, round 0, no seals."""
    in_order = sorted(address_bytes(validator) for validator in validators)
    return bytes(rlp.encode([VANITY, in_order, [], 0, []]))


def genesis(network: Network) -> dict[str, Any]:
    """The genesis file's content."""
    return {
        "config": {
            "chainId": network.chain_id,
            "berlinBlock": 0,
            "londonBlock": 0,
            "shanghaiTime": 0,
            "cancunTime": 0,
            "zeroBaseFee": True,
            "qbft": {
                "blockperiodseconds": network.block_seconds,
                "requesttimeoutseconds": max(LEAST_REQUEST_TIMEOUT_S, 2 * network.block_seconds),
                "epochlength": EPOCH_BLOCKS,
            },
        },
        "nonce": "0x0",
        "timestamp": "0x0",
        "gasLimit": hex(network.gas_limit),
        "difficulty": "0x1",
        "baseFeePerGas": "0x0",
        "mixHash": MIX_HASH,
        "coinbase": "0x0000000000000000000000000000000000000000",
        "extraData": "0x" + extra_data(node.address for node in network.validators).hex(),
        "alloc": {},
    }


def document(network: Network) -> str:
    """The genesis file."""
    return json.dumps(genesis(network), indent=2) + "\n"
