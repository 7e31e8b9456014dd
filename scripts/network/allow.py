"""`commonwatt network allow|disallow DIR ADDRESS…`: who else may send: operators, admins, relayers, watchtowers.

Notes the accounts in `network.json` and alters the lists of all nodes at once. `disallow` bars them: the membership
service takes them off wherever they appear, until `allow` names them again. Both can be undone by the other.
"""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from commons.addresses import Address, address
from commons.errors import InputError
from scripts.network import inventory
from scripts.network.files import plain, write_file
from scripts.network.follow_members import line_of
from scripts.network.inventory import Network
from scripts.network.membership import bring_all_in_step
from scripts.network.node_rpc import node_rpc
from scripts.surroundings import Json, show

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The network's folder, with its secrets.")]
Accounts = Annotated[list[str], typer.Argument(metavar="ADDRESS…", help="The accounts.")]


def run(folder: Folder, accounts: Accounts, as_json: Json = False) -> None:
    """Let accounts send transactions, whether or not they are members'."""
    wanted = frozenset(address(account) for account in accounts)
    network = inventory.load(folder)
    listed = tuple(sorted(wanted | set(network.accounts)))
    _note(folder, replace(network, accounts=listed, barred=tuple(sorted(set(network.barred) - wanted))))
    _push(folder, wanted, frozenset(), as_json)


def run_disallow(folder: Folder, accounts: Accounts, as_json: Json = False) -> None:
    """Bar accounts from sending transactions; they stay what they are in the contracts."""
    barred = frozenset(address(account) for account in accounts)
    network = inventory.load(folder)
    if not barred:
        raise InputError("no account is named", remedy="Give its address.")
    kept = tuple(account for account in network.accounts if account not in barred)
    _note(folder, replace(network, accounts=kept, barred=tuple(sorted(barred | set(network.barred)))))
    _push(folder, frozenset(), barred, as_json)


def _note(folder: Path, network: Network) -> None:
    write_file(folder / inventory.FILE_NAME, plain(inventory.document(network)))


def _push(folder: Path, wanted: frozenset[Address], barred: frozenset[Address], as_json: bool) -> None:
    nodes = [node_rpc(folder, node) for node in inventory.load(folder).nodes]
    reports = [replace(report, unexpected=()) for report in bring_all_in_step(nodes, wanted, barred)]
    show(as_json, reports, lambda: [line_of(report) for report in reports])
    if any(report.problem for report in reports):
        raise typer.Exit(1)
