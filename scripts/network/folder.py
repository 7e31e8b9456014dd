"""A network's folder: every file of it, from the inventory and the keys.

The same inventory and keys give the same bytes. Files that belong to one machine (a node's folder) name no other place.
"""

import json
from collections.abc import Iterable, Mapping

from commons.addresses import Address
from scripts.network import compose, genesis, inventory
from scripts.network.files import SCRIPT, Content, Files, plain
from scripts.network.guard.policy import DEFAULT_LIMITS, limits_document
from scripts.network.inventory import Network, Node
from scripts.network.keys import JWT_PUBLIC, KeyRing, NodeKey, node_key_file
from scripts.network.launch_scripts import ALL, NODE
from scripts.network.node_config import (
    ACCOUNTS_ALLOWLIST,
    CONFIG,
    JWT_PUBLIC_KEY,
    NODES_ALLOWLIST,
    STATIC_NODES,
    accounts_file,
    config,
    nodes_file,
    toml,
)

IGNORED = "# keys and passwords; chain data\nsecrets/\nnodes/*/key*\nnodes/*/data/\nnodes/*/besu.log\n"


def network_files(network: Network, keys: Mapping[str, NodeKey], ring: KeyRing) -> dict[str, Content]:
    """Every file of a new network."""
    token_keys = ring.token_keys()
    files: dict[str, Content] = {
        "genesis.json": plain(genesis.document(network)),
        "start.sh": plain(ALL, SCRIPT),
        ".gitignore": plain(IGNORED),
        "guard.json": plain(limits_document(DEFAULT_LIMITS)),
        **token_keys,
        **ring.certificate(network.hosts),
        **ring.explorer(),
        **shared_files(network),
    }
    for node in network.nodes:
        files |= node_files(network, node, token_keys[JWT_PUBLIC], network.accounts)
        files[node_key_file(node.name)] = keys[node.name].content
    return files


def shared_files(network: Network) -> Files:
    """The files that change when a node comes or goes, those of the nodes themselves left out."""
    return {
        inventory.FILE_NAME: plain(inventory.document(network)),
        "docker-compose.yml": plain(compose.document(network)),
        "prometheus.yml": plain(compose.prometheus_document(network)),
    }


def node_files(network: Network, node: Node, jwt_public: Content, accounts: Iterable[Address]) -> dict[str, Content]:
    """The files of one node but its key."""
    folder = f"nodes/{node.name}"
    return {
        f"{folder}/{CONFIG}": plain(toml(config(network, node))),
        f"{folder}/{STATIC_NODES}": plain(static_nodes(network, node)),
        f"{folder}/{NODES_ALLOWLIST}": plain(nodes_file(network.nodes)),
        f"{folder}/{ACCOUNTS_ALLOWLIST}": plain(accounts_file(accounts)),
        f"{folder}/{JWT_PUBLIC_KEY}": jwt_public,
        f"{folder}/start.sh": plain(NODE, SCRIPT),
    }


def static_nodes(network: Network, node: Node) -> str:
    """The peers that a node keeps a connection with: all others."""
    return json.dumps([peer.enode for peer in network.peers_of(node)], indent=2) + "\n"
