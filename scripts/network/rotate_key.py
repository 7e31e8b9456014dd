"""`commonwatt network rotate-key DIR NODE --step prepare|switch|retire`: a new key for a node.

1. `prepare` makes the new key (`nodes/NODE/key.next`), lets it connect everywhere, and votes it in if the node is a
   validator. Until `retire` one validator more is expected than runs. Of four, then five, three run while this
   one is restarted: blocks pause until it is back.
2. Stop the node; `switch` puts the new key in place (the old one becomes `key.old`); start it again.
3. `retire` votes the old key out and lets it connect no more. Then delete `key.old`.

Each step may be repeated. Back to the old key: before `retire`, exchange the two files again and start the node.
"""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from commons.errors import ChainError, InputError
from scripts.network import inventory
from scripts.network.files import write_file
from scripts.network.inventory import Network, Node, Role
from scripts.network.joining import write_members
from scripts.network.keys import NodeKey, read_node_key
from scripts.network.node_rpc import node_rpc
from scripts.network.voting import WAIT_S, hold_vote, lines_of, voters
from scripts.surroundings import Json, show


class Step(StrEnum):
    """The three steps."""

    PREPARE = "prepare"
    SWITCH = "switch"
    RETIRE = "retire"


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The network's folder, with its secrets.")],
    node: Annotated[str, typer.Argument(metavar="NODE", help="The node.")],
    step: Annotated[Step, typer.Option(help="Which step.")],
    only: Annotated[list[str] | None, typer.Option(metavar="NODE", help="Only this validator votes. Repeat.")] = None,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for a vote to take effect.")] = WAIT_S,
    as_json: Json = False,
) -> None:
    """Take a step of a key's rotation; what comes next is said."""
    network = inventory.load(folder)
    here = network.node(node)
    act = {Step.PREPARE: _prepare, Step.SWITCH: _switch, Step.RETIRE: _retire}[step]
    told = act(folder, network, here, tuple(only or ()), wait)
    show(as_json, {"node": node, "step": step.value, "told": told}, lambda: told)


def _prepare(folder: Path, network: Network, node: Node, only: tuple[str, ...], wait: float) -> list[str]:
    file = folder / "nodes" / node.name / "key.next"
    if not file.exists():
        write_file(file, NodeKey.new().content)
    new = _with_key(node, read_node_key(file))
    told = []
    for peer in network.peers_of(node):
        try:
            node_rpc(folder, peer).admit(new)
        except ChainError as error:
            told.append(error.message)
    if node.role is Role.VALIDATOR:
        told += lines_of(hold_vote(voters(folder, network, only), new.address, True, wait_s=wait))
    return [*told, f"Next: stop {node.name}, run --step switch, and start it again."]


def _switch(folder: Path, network: Network, node: Node, _: tuple[str, ...], __: float) -> list[str]:
    place = folder / "nodes" / node.name
    if not (place / "key.next").exists():
        raise InputError(f"there is no new key for {node.name}", which=node.name, remedy="Run --step prepare first.")
    try:
        node_rpc(folder, node).accounts()
    except ChainError:
        pass
    else:
        raise InputError(f"{node.name} still runs", which=node.name, remedy="Stop it first.")
    new = _with_key(node, read_node_key(place / "key.next"))
    (place / "key").rename(place / "key.old")
    (place / "key.next").rename(place / "key")
    write_members(folder, network.with_node(new))
    return [f"{node.name} has its new key: start it. Others run add-node or edit their lists by its new inventory."]


def _retire(folder: Path, network: Network, node: Node, only: tuple[str, ...], wait: float) -> list[str]:
    file = folder / "nodes" / node.name / "key.old"
    if not file.exists():
        raise InputError(f"{node.name} has no old key", which=node.name, remedy="Run --step switch first.")
    old = _with_key(node, read_node_key(file))
    told = []
    if node.role is Role.VALIDATOR:
        told = lines_of(hold_vote(voters(folder, network, only), old.address, False, wait_s=wait))
    for peer in network.peers_of(node):
        try:
            if not node_rpc(folder, peer).expel(old):
                told.append(f"{peer.name} forgets the old key when it restarts.")
        except ChainError as error:
            told.append(error.message)
    return [*told, f"When all is well, delete {file}."]


def _with_key(node: Node, key: NodeKey) -> Node:
    return replace(node, node_id=key.node_id, address=key.address)
