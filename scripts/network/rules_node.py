"""Rules of one node's folder: configuration, peers and permissions."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from commons.errors import CommonwattError
from scripts.network.inventory import LOOPBACK, Network, Node, Role
from scripts.network.keys import JWT_PUBLIC, is_rsa_public, node_key_file, read_node_key
from scripts.network.node_config import (
    ACCOUNTS_ALLOWLIST,
    CONFIG,
    DATA_PATH,
    GENESIS_FILE,
    JWT_PUBLIC_KEY,
    KEY_FILE,
    NODES_ALLOWLIST,
    STATIC_NODES,
    TomlValue,
    config,
)
from scripts.network.rules_options import option_reasons, readable
from scripts.network.rules_text import Finding, Unreadable, read_json, read_toml, text

ENODE = re.compile(r"enode://([0-9a-f]{128})@([0-9a-f.:\[\]]+):([0-9]{1,5})")
ACCOUNT = re.compile(r"0x[0-9a-f]{40}")

FIXED: Mapping[str, tuple[TomlValue, str]] = {
    "sync-mode": ("FULL", "other modes do not check what they take over"),
    "data-storage-format": ("FOREST", "an auditor asks for the state of old blocks, which BONSAI forgets"),
    "min-gas-price": (0, "nobody has a coin to pay with"),
    "api-gas-price-blocks": (0, "or wallets are told a price above 0"),
    "tx-pool": ("SEQUENCED", "the layered pool sorts by price, and all are 0"),
    "tx-pool-limit-by-account-percentage": (0.15, "or one account fills the pool"),
    "tx-pool-no-local-priority": (True, "or those near a node come first"),
    "rpc-tx-feecap": (1, "a fee on a chain free of gas is a mistake"),
    "p2p-tx-feecap": (1, "a fee on a chain free of gas is a mistake"),
    "revert-reason-enabled": (True, "or a refusal says no reason"),
    "nat-method": ("NONE", "or Besu announces an address that no allowlist has"),
    "discovery-enabled": (False, "peers are listed, not discovered"),
    "permissions-nodes-config-file-enabled": (True, "or anybody's node may connect"),
    "permissions-accounts-config-file-enabled": (True, "or strangers may stuff blocks for nothing"),
    "metrics-enabled": (True, "or nobody sees a node fall behind"),
    "genesis-file": (GENESIS_FILE, "all nodes share one genesis"),
    "node-private-key-file": (KEY_FILE, "or Besu makes itself a key that no list has"),
    "static-nodes-file": (STATIC_NODES, "or it knows no peers"),
    "permissions-nodes-config-file": (NODES_ALLOWLIST, "each node has a list of its own"),
    "permissions-accounts-config-file": (ACCOUNTS_ALLOWLIST, "each node has a list of its own"),
    "data-path": (DATA_PATH, "the compose file keeps a volume there"),
}
FORBIDDEN: Mapping[str, str] = {
    "network": "it contradicts genesis-file",
    "rpc-http-authentication-credentials-file": "passwords are not used: tokens are signed outside",
}
SENSITIVE_APIS = frozenset({"PERM", "ADMIN", "QBFT", "DEBUG", "TXPOOL", "MINER", "PLUGINS", "TRACE", "CLIQUE", "IBFT"})


def node_findings(folder: Path, network: Network, node: Node) -> list[Finding]:
    """What is wrong with a node's folder."""
    place = f"nodes/{node.name}"
    return [
        *_config_findings(folder, f"{place}/{CONFIG}", network, node),
        *_static_nodes_findings(folder, place, network, node),
        *_accounts_findings(folder, f"{place}/{ACCOUNTS_ALLOWLIST}"),
        *_token_key_findings(folder, f"{place}/{JWT_PUBLIC_KEY}"),
        *_key_findings(folder, node),
    ]


def _config_findings(folder: Path, name: str, network: Network, node: Node) -> list[Finding]:
    try:
        found = read_toml(folder, name)
    except Unreadable as error:
        return [error.finding]
    return [Finding(name, reason) for reason in _config_reasons(found, network, node)]


def _config_reasons(found: Mapping[str, Any], network: Network, node: Node) -> Iterator[str]:
    for option, (value, why) in FIXED.items():
        if found.get(option) != value or isinstance(found.get(option), bool) != isinstance(value, bool):
            yield f"{option} is {found.get(option)!r} and must be {value!r}: {why}"
    for option, why in FORBIDDEN.items():
        if option in found:
            yield f"{option} must not be there: {why}"
    yield from option_reasons(found, {**config(network, node), **FORBIDDEN})
    read = readable(found)
    yield from _place_reasons(read, node)
    yield from _peers_reasons(read, network)
    yield from _rpc_reasons(read, node)


def _place_reasons(found: Mapping[str, Any], node: Node) -> Iterator[str]:
    ports = {"p2p-host": node.host, "p2p-port": node.ports.p2p, "rpc-http-port": node.ports.rpc}
    for option, expected in {**ports, "metrics-port": node.ports.metrics}.items():
        if found.get(option) != expected:
            yield f"{option} is {found.get(option)!r}, and the inventory says {expected!r}"
    for option in ("rpc-http-host", "rpc-ws-host", "metrics-host"):
        if found.get(option, LOOPBACK) != LOOPBACK:
            yield f"{option} is {found[option]!r} and must be {LOOPBACK}: members come through the proxy alone"
    if "*" in found.get("host-allowlist", []) or "all" in found.get("host-allowlist", []):
        yield "host-allowlist must not admit every name: pages in a browser could reach the RPC"
    if not isinstance(found.get("rpc-max-logs-range"), int) or not 1 <= found["rpc-max-logs-range"] <= 5000:
        yield "rpc-max-logs-range must be 1 to 5000, as the gateway asks for 5000 blocks at most"


def _peers_reasons(found: Mapping[str, Any], network: Network) -> Iterator[str]:
    most, others = found.get("max-peers"), len(network.nodes) - 1
    if not isinstance(most, int) or most < others:
        yield f"max-peers is {most!r} and must be {others} at least: the network has that many other nodes"


def _rpc_reasons(found: Mapping[str, Any], node: Node) -> Iterator[str]:
    http = set(found.get("rpc-http-api", []))
    if node.role is Role.VALIDATOR:
        yield from _token_reasons(found, "http", "a validator's RPC can vote and alter lists")
        for api in {"ETH", "NET", "QBFT", "PERM", "ADMIN"} - http:
            yield f"rpc-http-api lacks {api}, which votes, lists and peers are asked through"
        if found.get("rpc-ws-enabled"):
            yield "rpc-ws-enabled must be false at a validator: that port would ask for no token"
        return
    if found.get("rpc-http-authentication-enabled"):
        yield "rpc-http-authentication-enabled shuts out wallets, which send no token: members use this port"
    for api in sorted(http & SENSITIVE_APIS):
        yield f"rpc-http-api offers {api} to everybody behind the proxy: leave ETH, NET and WEB3"
    if found.get("rpc-ws-enabled"):
        yield from _token_reasons(found, "ws", "this port can alter lists")
    missing = {"NET", "PERM", "ADMIN"} - set(found.get("rpc-ws-api", []))
    for api in sorted(missing - {"PERM"}):
        yield f"rpc-ws-api lacks {api}, by which a node is told from another and let in"
    if not found.get("rpc-ws-enabled") or "PERM" in missing:
        yield "rpc-ws-api must be enabled and offer PERM: the membership service keeps the lists there"
    if found.get("rpc-ws-port") != node.ports.admin:
        yield f"rpc-ws-port is {found.get('rpc-ws-port')!r}, and the inventory says {node.ports.admin!r}"


def _token_reasons(found: Mapping[str, Any], kind: str, why: str) -> Iterator[str]:
    if found.get(f"rpc-{kind}-authentication-enabled") is not True:
        yield f"rpc-{kind}-authentication-enabled must be true: {why}"
    if found.get(f"rpc-{kind}-authentication-jwt-public-key-file") != JWT_PUBLIC_KEY:
        yield f"rpc-{kind}-authentication-jwt-public-key-file must be {JWT_PUBLIC_KEY}: only its key signs tokens"


def _static_nodes_findings(folder: Path, place: str, network: Network, node: Node) -> list[Finding]:
    name, list_name = f"{place}/{STATIC_NODES}", f"{place}/{NODES_ALLOWLIST}"
    try:
        static = read_json(folder, name)
        allowed = _one_line_list(folder, list_name, "nodes-allowlist")
    except Unreadable as error:
        return [error.finding]
    if not isinstance(static, list):
        return [Finding(name, "is no list of enode URLs: Besu would not start")]
    odd = "is no enode URL with an IP address"
    found = [Finding(name, f"{peer!r} {odd}") for peer in static if not _is_enode(peer)]
    found += [Finding(list_name, f"{peer!r} {odd}") for peer in allowed if not _is_enode(peer)]
    found += [
        Finding(list_name, f"lacks {peer[:24]}…, which is in {STATIC_NODES}: Besu would not start")
        for peer in static
        if peer not in allowed
    ]
    found += [Finding(list_name, f"lists {peer[:24]}… twice") for peer in _repeated(allowed)]
    if node.enode in static:
        found.append(Finding(name, "names the node itself"))
    for peer in network.peers_of(node):
        if peer.enode not in static:
            found.append(Finding(name, f"lacks {peer.name}: the two would not connect again after a break"))
        if peer.enode not in allowed:
            found.append(Finding(list_name, f"lacks {peer.name} at {peer.host}:{peer.ports.p2p}: it could not connect"))
    return found


def _accounts_findings(folder: Path, name: str) -> list[Finding]:
    try:
        accounts = _one_line_list(folder, name, "accounts-allowlist")
    except Unreadable as error:
        return [error.finding]
    found = [
        Finding(name, f"{account!r} must be 0x and 40 lower-case hexadecimal digits: Besu compares text")
        for account in accounts
        if not isinstance(account, str) or not ACCOUNT.fullmatch(account)
    ]
    return found + [Finding(name, f"lists {account} twice") for account in _repeated(accounts)]


def _repeated(values: list[Any]) -> list[str]:
    return sorted({str(value) for value in values if values.count(value) > 1})


def _one_line_list(folder: Path, name: str, key: str) -> list[Any]:
    content = read_toml(folder, name)
    if list(content) != [key] or not isinstance(content[key], list):
        raise Unreadable(name, f"must hold {key} and nothing else: Besu rewrites the file")
    if len([line for line in text(folder, name).splitlines() if line.strip()]) != 1:
        raise Unreadable(name, f"{key} must stand in one line, as Besu writes it")
    found: list[Any] = content[key]
    return found


def _is_enode(value: Any) -> bool:
    return isinstance(value, str) and ENODE.fullmatch(value) is not None


def _token_key_findings(folder: Path, name: str) -> list[Finding]:
    try:
        mine = text(folder, name)
        ours = text(folder, JWT_PUBLIC) if (folder / JWT_PUBLIC).exists() else mine
    except Unreadable as error:
        return [Finding(name, f"{error.finding.reason}: Besu would not start its RPC")]
    if not is_rsa_public(mine.encode()):
        return [Finding(name, "is no public key of RSA in PEM: Besu would not start its RPC")]
    if mine.strip() != ours.strip():
        return [Finding(name, f"is not {JWT_PUBLIC}: the node would take none of the tokens that are signed here")]
    return []


def _key_findings(folder: Path, node: Node) -> list[Finding]:
    name = node_key_file(node.name)
    if not (folder / name).exists():
        return []  # another organisation's node, or a machine that does not run it
    try:
        key = read_node_key(folder / name)
    except CommonwattError as error:
        return [Finding(name, error.what)]
    if key.node_id != node.node_id or key.address != node.address:
        return [Finding(name, "is not the key that the inventory names: peers would not let the node in")]
    return []
