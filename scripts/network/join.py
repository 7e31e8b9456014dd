"""`commonwatt network join-kit|join|add-node|remove-node`: how a node comes to the network, and how it leaves.

`join-kit DIR --out KIT` writes the public files for a newcomer. `join KIT …` makes the newcomer's folder and key, on
its own machine. `add-node DIR REQUEST` lets it connect to every node of this folder, at once and after restarts; each
organisation runs it. `remove-node DIR NAME` undoes it; a validator has to be voted out before, which is looked up.
"""

from pathlib import Path
from typing import Annotated

import typer

from commons.errors import ChainError, InputError, RpcUnreachable
from scripts.network import inventory
from scripts.network.files import require_empty, write_files
from scripts.network.inventory import Ports, Role
from scripts.network.joining import REQUEST, admitted, join, kit_files, read_request, write_members
from scripts.network.node_rpc import NodeRpc, node_rpc
from scripts.surroundings import Json, Yes, confirm, show

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The network's folder, with its secrets.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder that is new or empty.")]


def kit(folder: Annotated[Path, typer.Argument(metavar="DIR")], out: Out, as_json: Json = False) -> None:
    """Write what a new organisation needs to build its node; nothing in it is secret."""
    require_empty(out)
    files = kit_files(folder)
    write_files(out, files)
    show(as_json, {"folder": str(out), "files": sorted(files)}, lambda: [f"The kit is in {out}; its README says how."])


def make(
    folder: Annotated[Path, typer.Argument(metavar="KIT", help="The kit that you were sent.")],
    name: Annotated[str, typer.Option(help="A name for the node that nobody has.")],
    host: Annotated[str, typer.Option(metavar="IP", help="Where peers reach it.")],
    out: Out,
    role: Annotated[Role, typer.Option(help="What it is for.")] = Role.VALIDATOR,
    organisation: Annotated[str, typer.Option(help="Whose it is.")] = "",
    p2p_port: Annotated[int, typer.Option(help="Port for peers.")] = 30303,
    rpc_port: Annotated[int, typer.Option(help="Port for RPC.")] = 8545,
    admin_port: Annotated[int, typer.Option(help="Port for the administration of an RPC node.")] = 18545,
    metrics_port: Annotated[int, typer.Option(help="Port for metrics.")] = 9545,
    as_json: Json = False,
) -> None:
    """Make the folder and the key of a new node, and its request to be let in."""
    require_empty(out)
    request = join(folder, out, name, role, host, organisation, Ports(p2p_port, rpc_port, admin_port, metrics_port))
    show(
        as_json,
        {"request": str(out / REQUEST), "fingerprint": request.fingerprint, "address": request.node.address},
        lambda: [f"Send {out / REQUEST} to the network's administrators.", f"Fingerprint: {request.fingerprint}"],
    )


def add(
    folder: Folder,
    request_file: Annotated[Path, typer.Argument(metavar="REQUEST", help="The newcomer's join-request.json.")],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Let a new node connect to all nodes of this folder; it is a follower until it is voted in."""
    request = read_request(request_file)
    node = request.node
    if not as_json:
        confirm(
            [
                f"{node.name}, {node.role.value}, at {node.host}:{node.ports.p2p}: {node.organisation or 'of nobody'}",
                f"Fingerprint, to be compared with what they read to you: {request.fingerprint}",
            ],
            yes,
        )
    network = admitted(folder, request)
    problems = []
    for peer in network.peers_of(node):
        try:
            node_rpc(folder, peer).admit(node)
        except ChainError as error:
            problems.append(error.message)
    report = {"node": node.name, "fingerprint": request.fingerprint, "problems": problems}
    show(as_json, report, lambda: [f"{node.name} may connect." if not problems else "Not everywhere:", *problems])
    raise typer.Exit(1 if problems else 0)


def remove(
    folder: Folder,
    name: Annotated[str, typer.Argument(metavar="NODE", help="The node that leaves.")],
    voted_out: Annotated[
        bool, typer.Option("--voted-out", help="Another organisation has seen that it is no validator: do not ask.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Let a node connect no more. Its folder and key stay where they are."""
    network = inventory.load(folder)
    node = network.node(name)
    rest = network.without_node(name)
    peers = [node_rpc(folder, peer) for peer in rest.nodes]
    if not voted_out:
        _require_no_validator(node.address, [peer for peer in peers if peer.url.startswith("http")], name)
    write_members(folder, rest)
    problems = []
    for peer in peers:
        try:
            if not peer.expel(node):
                problems.append(f"{peer.name} takes it off its list when it restarts: restart it.")
        except ChainError as error:
            problems.append(error.message)
    report = {"node": name, "problems": problems}
    show(as_json, report, lambda: [f"{name} is no part of the network any more.", *problems])
    raise typer.Exit(1 if problems else 0)


def _require_no_validator(address: str, validators: list[NodeRpc], name: str) -> None:
    for peer in validators:
        try:
            current = peer.validators()
        except ChainError:
            continue
        if address in current:
            raise InputError(
                f"{name} is a validator", which=name, remedy=f"First: commonwatt network remove-validator DIR {name}"
            )
        return
    raise RpcUnreachable(
        f"no validator answers, so whether {name} is one is not known",
        which=name,
        remedy="Start one, or ask an organisation that has one, and add --voted-out when it says that it is none.",
    )
