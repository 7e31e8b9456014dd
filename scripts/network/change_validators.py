"""`commonwatt network add-validator|remove-validator DIR NODE`: QBFT votes by this organisation's validators.

More than half of the validators must vote alike; each organisation runs the command for its own (`--only`). Undone by
the other command. A removed validator keeps running as a node that follows the chain.
"""

from pathlib import Path
from typing import Annotated

import typer

from commons.addresses import Address, address
from scripts.network import inventory
from scripts.network.inventory import Network
from scripts.network.voting import WAIT_S, hold_vote, lines_of, voters
from scripts.surroundings import Json, show

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The network's folder, with its secrets.")]
Candidate = Annotated[str, typer.Argument(metavar="NODE", help="Name of the node, or a validator's address.")]
Only = Annotated[list[str] | None, typer.Option(metavar="NODE", help="Only this validator votes. Repeat.")]
Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait for the change.")]


def add(folder: Folder, node: Candidate, only: Only = None, wait: Wait = WAIT_S, as_json: Json = False) -> None:
    """Vote a node in as a validator. It must run and be in sync: from then on its absence counts."""
    network = inventory.load(folder)
    report = hold_vote(voters(folder, network, only or ()), _address(network, node), True, wait_s=wait)
    show(as_json, report, lambda: lines_of(report))
    raise typer.Exit(0 if report.effective else 1)


def remove(
    folder: Folder,
    node: Candidate,
    only: Only = None,
    few: Annotated[bool, typer.Option("--few", help="Allow fewer than 4 validators to be left.")] = False,
    wait: Wait = WAIT_S,
    as_json: Json = False,
) -> None:
    """Vote a validator out; stop it only when this has taken effect."""
    network = inventory.load(folder)
    report = hold_vote(voters(folder, network, only or ()), _address(network, node), False, few, wait)
    show(as_json, report, lambda: lines_of(report))
    raise typer.Exit(0 if report.effective else 1)


def _address(network: Network, node: str) -> Address:
    return address(node) if node.startswith("0x") else network.node(node).address
