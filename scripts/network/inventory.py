"""What a network consists of: `network.json`, the public inventory beside the files made from it.

It holds no secret and may be handed to everybody who takes part. Ports count up for nodes that share a machine.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from commons.addresses import Address, address
from commons.errors import MalformedInput, NotFound

FILE_NAME = "network.json"
LOOPBACK = "127.0.0.1"
MOST_NODES = 100
"""Of a network; each node may have as many peers, so that its file stays as it is when others join."""
PORTS = range(1024, 65_536)
"""Without the privileged ones: Besu does not run as root."""


class Role(StrEnum):
    """What a node is for: making blocks, or answering members and auditors."""

    VALIDATOR = "validator"
    RPC = "rpc"


@dataclass(frozen=True)
class Ports:
    """The ports of one node; `admin` is the WebSocket of an RPC node, where permissions are kept."""

    p2p: int = 30303
    rpc: int = 8545
    admin: int = 18545
    metrics: int = 9545

    def shifted(self, places: int) -> "Ports":
        """The ports of the node that many places further on the same machine."""
        return Ports(*(port + places for port in (self.p2p, self.rpc, self.admin, self.metrics)))


@dataclass(frozen=True)
class Node:
    """One node. `node_id` is its public key (128 hexadecimal digits), `address` what validators are known by.

    `admin_url` says where its JWT-protected RPC is reached from here, if not on this machine.
    """

    name: str
    role: Role
    host: str
    ports: Ports
    node_id: str
    address: Address
    organisation: str = ""
    admin_url: str = ""

    @property
    def listening(self) -> dict[str, int]:
        """Every port it listens on, by what for."""
        ports = {"peers": self.ports.p2p, "RPC": self.ports.rpc, "metrics": self.ports.metrics}
        return ports if self.role is Role.VALIDATOR else {**ports, "administration": self.ports.admin}

    @property
    def enode(self) -> str:
        """Where peers find it."""
        return f"enode://{self.node_id}@{self.host}:{self.ports.p2p}"

    @property
    def management_url(self) -> str:
        """Its JWT-protected RPC: HTTP at a validator, WebSocket at an RPC node, whose HTTP is for members."""
        if self.admin_url:
            return self.admin_url
        if self.role is Role.VALIDATOR:
            return f"http://{LOOPBACK}:{self.ports.rpc}"
        return f"ws://{LOOPBACK}:{self.ports.admin}"


@dataclass(frozen=True)
class Network:
    """The nodes of one chain; `accounts` are those listed on request (operators, admins, relayers, watchtowers).

    `barred` are accounts that must not be listed, whatever the contracts say of them: spammers.
    """

    chain_id: int
    nodes: tuple[Node, ...]
    accounts: tuple[Address, ...] = ()
    barred: tuple[Address, ...] = ()
    gas_limit: int = 60_000_000
    block_seconds: int = 2

    @property
    def validators(self) -> tuple[Node, ...]:
        """The nodes that make blocks."""
        return tuple(node for node in self.nodes if node.role is Role.VALIDATOR)

    @property
    def rpc_nodes(self) -> tuple[Node, ...]:
        """The nodes that answer members and auditors."""
        return tuple(node for node in self.nodes if node.role is Role.RPC)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The machines, each once."""
        return tuple(dict.fromkeys(node.host for node in self.nodes))

    def node(self, name: str) -> Node:
        """The node of that name.

        Raises:
            NotFound: there is none.
        """
        for node in self.nodes:
            if node.name == name:
                return node
        known = ", ".join(node.name for node in self.nodes)
        raise NotFound(f"the network has no node {name!r}", which=name, remedy=f"Its nodes are {known}.")

    def peers_of(self, node: Node) -> tuple[Node, ...]:
        """All other nodes."""
        return tuple(other for other in self.nodes if other.name != node.name)

    def with_node(self, node: Node) -> "Network":
        """The same with the node added, or put in the place of the one of its name."""
        if any(known.name == node.name for known in self.nodes):
            return replace(self, nodes=tuple(node if known.name == node.name else known for known in self.nodes))
        return replace(self, nodes=(*self.nodes, node))

    def without_node(self, name: str) -> "Network":
        """The same without the node."""
        return replace(self, nodes=tuple(node for node in self.nodes if node.name != name))

    def chosen(self, names: Sequence[str]) -> tuple[Node, ...]:
        """The nodes of these names, all where none is named; errors as `node`."""
        return tuple(self.node(name) for name in names) if names else self.nodes


def port_troubles(nodes: Sequence[Node]) -> list[str]:
    """Ports that do not exist, and those that two of these nodes would take on one machine."""
    found, taken = [], dict[tuple[str, int], str]()
    for node in nodes:
        for what, port in node.listening.items():
            mine = f"{node.name}'s port for {what}"
            if port not in PORTS:
                found.append(f"{mine} is {port}, and ports are {PORTS[0]} to {PORTS[-1]}")
            other = taken.setdefault((node.host, port), mine)
            if other != mine:
                found.append(f"{other} and {mine} are both {port} on {node.host}")
    return found


def document(network: Network) -> str:
    """The inventory as its file holds it."""
    return json.dumps(asdict(network), indent=2) + "\n"


def load(folder: Path) -> Network:
    """The inventory in a network's folder.

    Raises:
        MalformedInput: there is none, or it is not what such a file holds.
    """
    file = folder / FILE_NAME
    try:
        return parsed(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise MalformedInput(
            f"{file} cannot be read ({error.strerror})", remedy="Name a folder that `commonwatt network init` wrote."
        ) from error
    except (ValueError, KeyError, TypeError, MalformedInput) as error:
        raise MalformedInput(f"{file} is no inventory of a network ({error})", remedy="Restore the file.") from error


def kept_in(folder: Path, network: Network) -> Network:
    """The part of the network whose nodes' folders are here; the others are kept by other organisations."""
    return replace(network, nodes=tuple(node for node in network.nodes if (folder / "nodes" / node.name).is_dir()))


def parsed(content: Any) -> Network:
    """The inventory that a JSON document writes; whatever a dictionary raises where it is none."""
    nodes = tuple(node_parsed(fields) for fields in content["nodes"])
    return Network(
        int(content["chain_id"]),
        nodes,
        tuple(address(text) for text in content["accounts"]),
        tuple(address(text) for text in content["barred"]),
        int(content["gas_limit"]),
        int(content["block_seconds"]),
    )


def node_parsed(fields: Any) -> Node:
    """One node of such a document."""
    ports = Ports(**{name: int(port) for name, port in fields["ports"].items()})
    known = {**fields, "role": Role(fields["role"]), "ports": ports, "address": address(fields["address"])}
    return Node(**known)
