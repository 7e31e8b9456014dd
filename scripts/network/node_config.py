"""Besu's configuration of one node, as TOML, and the permission files beside it.

Paths are relative to the node's own folder, from which it is started with or without Docker. Besu rewrites the
permission files itself, one list a line, whenever a list is changed over RPC.
"""

from collections.abc import Iterable, Mapping

from scripts.network.inventory import LOOPBACK, MOST_NODES, Network, Node, Role

VALIDATOR_APIS = ("ETH", "NET", "WEB3", "TXPOOL", "QBFT", "PERM", "ADMIN")
MEMBER_APIS = ("ETH", "NET", "WEB3")
ADMIN_APIS = ("ETH", "NET", "WEB3", "TXPOOL", "PERM", "ADMIN")
LOG_RANGE = 5000
CALL_GAS_CAP = 60_000_000
POOL_SHARE = 0.15
"""Of the transaction pool, what one account may fill."""

TomlValue = str | int | float | bool | list[str]

GENESIS_FILE = "../../genesis.json"
KEY_FILE = "key"
DATA_PATH = "data"
STATIC_NODES = "static-nodes.json"
NODES_ALLOWLIST = "permissions-nodes.toml"
ACCOUNTS_ALLOWLIST = "permissions-accounts.toml"
JWT_PUBLIC_KEY = "jwt-public.pem"
CONFIG = "config.toml"


def config(network: Network, node: Node) -> dict[str, TomlValue]:
    """Every option of the node."""
    common: dict[str, TomlValue] = {
        "data-path": DATA_PATH,
        "genesis-file": GENESIS_FILE,
        "node-private-key-file": KEY_FILE,
        "sync-mode": "FULL",
        "data-storage-format": "FOREST",
        "p2p-host": node.host,
        "p2p-interface": LOOPBACK if node.host == LOOPBACK else "0.0.0.0",  # noqa: S104  peers are let in by allowlist
        "p2p-port": node.ports.p2p,
        "nat-method": "NONE",
        "discovery-enabled": False,
        "static-nodes-file": STATIC_NODES,
        "max-peers": MOST_NODES,
        "remote-connections-limit-enabled": False,
        "permissions-nodes-config-file-enabled": True,
        "permissions-nodes-config-file": NODES_ALLOWLIST,
        "permissions-accounts-config-file-enabled": True,
        "permissions-accounts-config-file": ACCOUNTS_ALLOWLIST,
        "min-gas-price": 0,
        "api-gas-price-blocks": 0,
        "tx-pool": "SEQUENCED",
        "tx-pool-limit-by-account-percentage": POOL_SHARE,
        "tx-pool-no-local-priority": True,
        "rpc-tx-feecap": 1,
        "p2p-tx-feecap": 1,
        "revert-reason-enabled": True,
        "rpc-max-logs-range": LOG_RANGE,
        "rpc-gas-cap": CALL_GAS_CAP,
        "host-allowlist": ["localhost", LOOPBACK],
        "metrics-enabled": True,
        "metrics-host": LOOPBACK,
        "metrics-port": node.ports.metrics,
    }
    return {**common, **(_operators_rpc(node) if node.role is Role.VALIDATOR else _members_rpc(node))}


def _operators_rpc(node: Node) -> dict[str, TomlValue]:
    return {
        "rpc-http-enabled": True,
        "rpc-http-host": LOOPBACK,
        "rpc-http-port": node.ports.rpc,
        "rpc-http-api": list(VALIDATOR_APIS),
        "rpc-http-authentication-enabled": True,
        "rpc-http-authentication-jwt-public-key-file": JWT_PUBLIC_KEY,
        "rpc-ws-enabled": False,
    }


def _members_rpc(node: Node) -> dict[str, TomlValue]:
    """Wallets cannot send a token, so members' HTTP takes none; what changes the node is on a port that does."""
    return {
        "rpc-http-enabled": True,
        "rpc-http-host": LOOPBACK,
        "rpc-http-port": node.ports.rpc,
        "rpc-http-api": list(MEMBER_APIS),
        "rpc-ws-enabled": True,
        "rpc-ws-host": LOOPBACK,
        "rpc-ws-port": node.ports.admin,
        "rpc-ws-api": list(ADMIN_APIS),
        "rpc-ws-authentication-enabled": True,
        "rpc-ws-authentication-jwt-public-key-file": JWT_PUBLIC_KEY,
    }


def accounts_file(accounts: Iterable[str]) -> str:
    """The account allowlist of a node: lower case, in one line, as Besu keeps it."""
    return toml({"accounts-allowlist": sorted({account.lower() for account in accounts})})


def nodes_file(nodes: Iterable[Node]) -> str:
    """The node allowlist of a node, itself included, in one line."""
    return toml({"nodes-allowlist": [node.enode for node in nodes]})


def toml(values: Mapping[str, TomlValue]) -> str:
    """Plain keys and values as TOML."""
    return "".join(f"{key}={_toml(value)}\n" for key, value in values.items())


def _toml(value: TomlValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return f"[{','.join(_toml(item) for item in value)}]"
    if any(c in value for c in '"\\') or not value.isprintable():
        raise ValueError(f"{value!r} would need escaping in TOML")
    return f'"{value}"'
