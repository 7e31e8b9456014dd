"""What a network's folder must satisfy before Besu 26.8.0 is started on it; each rule says why.

`findings` reads every file anew and compares it with the inventory, so that a file edited by hand is caught as well as
one from another tool. Nothing is changed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from commons.errors import InputError
from scripts.network import inventory
from scripts.network.guard.policy import load_limits
from scripts.network.inventory import Network
from scripts.network.rules_compose import compose_findings
from scripts.network.rules_genesis import genesis_findings
from scripts.network.rules_node import node_findings
from scripts.network.rules_text import Finding, Unreadable, read_yaml, value_at

PROMETHEUS = "prometheus.yml"


def findings(folder: Path) -> list[Finding]:
    """Everything that is wrong, in the order of the files; errors as `inventory.load`."""
    network = inventory.load(folder)
    found = [*_inventory_findings(network), *genesis_findings(folder, network)]
    own = inventory.kept_in(folder, network)
    if not own.nodes:
        found.append(Finding("nodes", "holds the folder of no node of the network"))
    for node in own.nodes:
        found += node_findings(folder, network, node)
    return [*found, *compose_findings(folder, own), *_other_findings(folder, own), *_secret_findings(folder)]


def require_sound(folder: Path) -> None:
    """Refuse a folder that breaks a rule.

    Raises:
        InputError: it does; the message names the first.
    """
    found = findings(folder)
    if found:
        raise InputError(
            f"{found[0]}" + (f" (and {len(found) - 1} more)" if len(found) > 1 else ""),
            which=found[0].file,
            remedy="Correct it; `commonwatt network check` lists all there is.",
        )


def _inventory_findings(network: Network) -> Iterator[Finding]:
    checks: list[tuple[str, Callable[[], list[str]]]] = [
        ("name", lambda: [node.name for node in network.nodes]),
        ("key", lambda: [node.node_id for node in network.nodes]),
        ("place", lambda: [f"{node.host}:{node.ports.p2p}" for node in network.nodes]),
    ]
    for what, values in checks:
        seen = values()
        for value in sorted({value for value in seen if seen.count(value) > 1}):
            yield Finding(inventory.FILE_NAME, f"two nodes have the {what} {value[:40]}; each needs its own")
    for trouble in inventory.port_troubles(network.nodes):
        yield Finding(inventory.FILE_NAME, trouble)
    for account in set(network.accounts) & set(network.barred):
        yield Finding(inventory.FILE_NAME, f"{account} is both listed and barred")


def _other_findings(folder: Path, own: Network) -> Iterator[Finding]:
    try:
        load_limits(folder / "guard.json")
    except InputError as error:
        yield Finding("guard.json", error.what)
    try:
        jobs = value_at(read_yaml(folder, PROMETHEUS), "scrape_configs") or []
    except Unreadable as error:
        yield error.finding
        return
    asked = str(jobs)
    for node in own.nodes:
        place = f"127.0.0.1:{node.ports.metrics}"
        if f"{place}'" not in asked:
            yield Finding(PROMETHEUS, f"does not ask {node.name} at {place}: nobody would see it fall behind")


def _secret_findings(folder: Path) -> Iterator[Finding]:
    secret = [*sorted(folder.glob("nodes/*/key*")), *sorted(folder.glob("secrets/*"))]
    for file in secret:
        mode = file.stat().st_mode & 0o777
        if file.name in ("jwt-public.pem", "tls-certificate.pem"):
            continue
        if mode & 0o077:
            name = str(file.relative_to(folder))
            yield Finding(name, f"others may read this secret: its mode is {mode:04o} and must be 0600")


@dataclass(frozen=True)
class Verdict:
    """The outcome for people and programs."""

    folder: str
    nodes: int
    findings: tuple[Finding, ...]


def verdict(folder: Path) -> Verdict:
    """The folder judged.

    Raises:
        CommonwattError: there is no inventory to hold it against.
    """
    return Verdict(str(folder), len(inventory.load(folder).nodes), tuple(findings(folder)))
