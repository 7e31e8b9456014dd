"""What a new organisation gets, and what it answers with.

The **kit** holds everything public that a node needs: genesis, inventory, listed accounts. The newcomer makes its key
on its own machine and sends back a **request**: name, machine, public key, and a signature by that key over all of it,
so that nobody asks in another's name. Who admits it compares the fingerprint over a second channel, say the telephone.
"""

import json
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from eth_account import Account
from eth_account.messages import encode_defunct

from commons.addresses import address
from commons.errors import InputError, MalformedInput
from commons.keccak import keccak256
from scripts.network import inventory
from scripts.network.files import PUBLIC, SCRIPT, Content, Files, plain, write_file, write_files
from scripts.network.folder import IGNORED, node_files, shared_files
from scripts.network.inventory import MOST_NODES, Network, Node, Ports, Role
from scripts.network.keys import KeyRing, NodeKey, node_key_file
from scripts.network.layout import require_ip, require_one_kind, require_ports
from scripts.network.node_config import NODES_ALLOWLIST, STATIC_NODES
from scripts.network.node_config import nodes_file as nodes_allowlist

REQUEST = "join-request.json"
GENESIS = "genesis.json"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
NODE_ID = re.compile(r"[0-9a-f]{128}", re.ASCII)
SERVICES = ("guard", "explorer", "prometheus")
"""Names in the compose file that are no node's."""
LONGEST_NAME, LONGEST_ORGANISATION = 40, 80


@dataclass(frozen=True)
class JoinRequest:
    """A node that asks to be let in; `signature` is by its own key over `text`."""

    chain_id: int
    genesis: str
    node: Node
    signature: str = ""

    @property
    def text(self) -> str:
        """What is signed."""
        return json.dumps({**asdict(self), "signature": ""}, sort_keys=True, separators=(",", ":"))

    @property
    def fingerprint(self) -> str:
        """What two people read to each other."""
        digits = keccak256(self.text.encode()).hex()[:24]
        return "-".join(digits[at : at + 4] for at in range(0, 24, 4))


def genesis_digest(folder: Path) -> str:
    """What tells this chain's genesis file from another's.

    Raises:
        MalformedInput: it is not there.
    """
    try:
        return keccak256((folder / GENESIS).read_bytes()).hex()
    except OSError as error:
        raise MalformedInput(f"{folder / GENESIS} cannot be read", remedy="Name a network's folder or kit.") from error


def kit_files(folder: Path) -> Files:
    """The public files for a newcomer; errors as `inventory.load`."""
    network = inventory.load(folder)
    genesis_digest(folder)
    public = replace(network, nodes=tuple(replace(node, admin_url="") for node in network.nodes))
    return {
        GENESIS: Content((folder / GENESIS).read_bytes(), PUBLIC),
        inventory.FILE_NAME: plain(inventory.document(public)),
        "README.md": plain(_KIT),
    }


def join(kit: Path, out: Path, name: str, role: Role, host: str, organisation: str, ports: Ports) -> JoinRequest:
    """Make a newcomer's folder from a kit, with a key of its own; give its request.

    Raises:
        InputError: the name or the place is taken, or the host is no IP address.
    """
    network = inventory.load(kit)
    key = NodeKey.new()
    node = Node(name, role, host, ports, key.node_id, key.address, organisation)
    _require_new(network, node)
    joined = network.with_node(node)
    ring = KeyRing(None)
    token_keys = ring.token_keys()
    jwt_public = next(content for path, content in token_keys.items() if path.endswith("jwt-public.pem"))
    files: dict[str, Content] = {
        GENESIS: Content((kit / GENESIS).read_bytes(), PUBLIC),
        **token_keys,
        **ring.certificate((host,)),
        **ring.explorer(),
        **node_files(joined, node, jwt_public, network.accounts),
        node_key_file(name): key.content,
    }
    unsigned = JoinRequest(network.chain_id, genesis_digest(kit), node)
    signature = Account.sign_message(encode_defunct(text=unsigned.text), key.raw).signature
    request = replace(unsigned, signature="0x" + bytes(signature).hex())
    write_files(out, {**files, **_newcomers_view(joined, node)})
    write_file(out / REQUEST, plain(json.dumps(asdict(request), indent=2) + "\n"))
    return request


def _newcomers_view(network: Network, node: Node) -> Files:
    """The newcomer's own inventory; compose runs its node alone, since the other services are other machines'."""
    from scripts.network import compose
    from scripts.network.guard.policy import DEFAULT_LIMITS, limits_document
    from scripts.network.launch_scripts import ALL

    alone = replace(network, nodes=(node,))
    return {
        inventory.FILE_NAME: plain(inventory.document(network)),
        "docker-compose.yml": plain(compose.document(alone)),
        "prometheus.yml": plain(compose.prometheus_document(alone)),
        "guard.json": plain(limits_document(DEFAULT_LIMITS)),
        "start.sh": plain(ALL, SCRIPT),
        ".gitignore": plain(IGNORED),
    }


def read_request(file: Path) -> JoinRequest:
    """A newcomer's request.

    Raises:
        MalformedInput: it is none, or its signature is not by the key it names.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        node = inventory.node_parsed(content["node"])
        request = JoinRequest(int(content["chain_id"]), content["genesis"], node, content["signature"])
        signer = address(Account.recover_message(encode_defunct(text=request.text), signature=request.signature))
    except Exception as error:
        raise MalformedInput(f"{file} is no request to join ({error})", remedy="Have it sent again.") from error
    derived = keccak256(bytes.fromhex(node.node_id))[12:].hex()
    if signer != node.address or node.address != "0x" + derived:
        raise MalformedInput(
            f"{file} is not signed by the key of the node it names", which=node.name, remedy="Have it sent again."
        )
    _require_sound(node)
    return request


def admitted(folder: Path, request: JoinRequest) -> Network:
    """Write the newcomer into this folder: inventory, compose file, every node's peers; give the new inventory.

    Raises:
        InputError: the request is for another chain, or its name or place is taken.
    """
    network = inventory.load(folder)
    if request.chain_id != network.chain_id or request.genesis != genesis_digest(folder):
        raise InputError(
            f"the request is for another chain ({request.chain_id}) or genesis", remedy="Send a kit of this network."
        )
    known = {node.name: node for node in network.nodes}.get(request.node.name)
    if known is not None and replace(known, admin_url="") == request.node:
        return network
    _require_new(network, request.node)
    joined = network.with_node(replace(request.node, admin_url=""))
    write_members(folder, joined)
    return joined


def write_members(folder: Path, network: Network) -> None:
    """Write inventory, compose file and the peers' lists of the nodes whose folders are here."""
    own = inventory.kept_in(folder, network)
    write_files(folder, {**shared_files(own), inventory.FILE_NAME: plain(inventory.document(network))})
    for node in own.nodes:
        write_peers(folder, network, node)


def write_peers(folder: Path, network: Network, node: Node) -> None:
    """Write the files that name a node's peers."""
    from scripts.network.folder import static_nodes

    place = folder / "nodes" / node.name
    write_file(place / STATIC_NODES, plain(static_nodes(network, node)))
    write_file(place / NODES_ALLOWLIST, plain(nodes_allowlist(network.nodes)))


def _require_new(network: Network, node: Node) -> None:
    _require_sound(node)
    if len(network.nodes) >= MOST_NODES:
        raise InputError(f"the network has {MOST_NODES} nodes already", remedy="Have one leave first.")
    for known in network.nodes:
        if known.name == node.name:
            raise InputError(f"the network has a node {node.name!r} already", remedy="Choose another --name.")
        if known.node_id == node.node_id or (known.host, known.ports.p2p) == (node.host, node.ports.p2p):
            raise InputError(f"{known.name} has that key or place already", remedy="Choose another --host or port.")
    require_one_kind([known.host for known in (*network.nodes, node)])
    require_ports([known for known in (*network.nodes, node) if known.host == node.host])


def _require_sound(node: Node) -> None:
    """Refuse what a stranger might write into a request: it is shown to people and becomes part of files.

    Raises:
        InputError: it is more than a name.
    """
    if not NAME.fullmatch(node.name) or len(node.name) > LONGEST_NAME or node.name.startswith(SERVICES):
        raise InputError(
            f"{node.name!r} is no name for a node",
            remedy=f"Use up to {LONGEST_NAME} small letters, digits and hyphens, a letter first, and no service's.",
        )
    if not NODE_ID.fullmatch(node.node_id):
        raise InputError(f"the key of {node.name} is no public key", remedy="Write 128 small hexadecimal digits.")
    if not node.organisation.isprintable() or len(node.organisation) > LONGEST_ORGANISATION:
        raise InputError(f"{node.organisation[:80]!r} is no name of an organisation", remedy="Use up to 80 characters.")
    require_ip(node.host)


_KIT = """# Joining the network

1. Install Commonwatt and Besu 26.8.0 (or Docker), and open the port for peers (30303/tcp) to the machines that
   `network.json` names, and to nobody else.
2. `commonwatt network join . --name YOUR-NODE --role validator --host YOUR-IP --organisation NAME --out FOLDER`
3. Send `FOLDER/join-request.json` to the network's administrators, and read them the fingerprint over the telephone.
4. When they have admitted you: `FOLDER/start.sh`, or `docker compose up -d` there. The node catches up by itself.
5. A validator is voted in once it is in sync: tell them.
"""
