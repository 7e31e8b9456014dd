"""`commonwatt network follow-members DIR`: keep every node's account allowlist in step with the communities' members.

Follows MemberApproved, MemberLeft and WalletReplaced of every community of the network (`deployments/<network>.json`),
and lists as well the accounts of `network.json`. What is missing on a node is added in each pass, so a list altered by
hand, a node that was away and a restored backup are repaired alike. Nodes that do not answer are reported. An
organisation runs it beside its own nodes. Nothing is taken off but barred accounts; see scripts/network/membership.py.
Settings: `COMMONWATT_RPC_URL` (any node of the network), `COMMONWATT_RPC_TOKEN_FILE`.
"""

import signal
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Flag
from typing import Annotated, Any

import typer

from commons import deployments
from commons.addresses import Address
from commons.chain import Chain
from commons.errors import ChainError
from scripts.network import inventory
from scripts.network.membership import EVENTS, Membership, NodeReport, bring_all_in_step
from scripts.network.node_rpc import NodeRpc, node_rpc
from scripts.surroundings import Json, Network, Rpc, open_network, show


@dataclass
class Follower:
    """The service: `step` is one pass. It keeps nothing but what it has read, and reads all anew when started."""

    chain: Chain
    network: str
    folder: Path
    only: tuple[str, ...] = ()
    membership: Membership = field(default_factory=Membership)
    _read_to: dict[Address, int] = field(default_factory=dict)

    def step(self) -> list[NodeReport]:
        """Read what is new on the chain and in the files, and bring the lists in step.

        Raises:
            ChainError: the chain does not answer.
        """
        known = inventory.load(self.folder)
        self._read()
        nodes: list[NodeRpc] = [node_rpc(self.folder, node) for node in known.chosen(self.only)]
        wanted = self.membership.accounts | frozenset(known.accounts)
        return bring_all_in_step(nodes, wanted, frozenset(known.barred))

    def _read(self) -> None:
        head = self.chain.block_number()
        for community in deployments.load(self.network).communities:
            at = community.contracts.community
            first = self._read_to.get(at, community.created_block - 1) + 1
            if first <= head:
                self.membership.fold(self.chain.events(at, first, head, EVENTS))
            self._read_to[at] = max(head, first - 1)


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The network's folder, with its secrets.")],
    network: Network = None,
    rpc: Rpc = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NODE", help="Keep the list of this node alone. Repeat.")
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="One pass, then exit: 1 if a node was not brought in step.")
    ] = False,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between passes.")] = 5,
    as_json: Json = False,
) -> None:
    """Follow approvals and keep the lists of all nodes in step, until Ctrl-C or a TERM signal."""
    place = open_network(network, rpc)
    follower = Follower(place.chain, place.network, folder, tuple(only or ()))
    if once:
        reports = follower.step()
        show(as_json, reports, lambda: [line_of(report) for report in reports])
        raise typer.Exit(1 if any(report.problem for report in reports) else 0)
    stop = Flag()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    keep_following(follower, stop, every, as_json)


def keep_following(follower: Follower, stop: Flag, every_s: float, as_json: bool = False) -> None:
    """Pass after pass until `stop`; says what is new, not what stays."""
    said: Any = None
    while not stop.is_set():
        try:
            reports = follower.step()
        except ChainError as error:
            reports = [NodeReport("chain", problem=error.message)]
        changed = any(report.added or report.removed for report in reports)
        news = [(report.node, report.problem, report.unexpected) for report in reports]
        if changed or news != said:
            show(as_json, reports, lambda found=reports: [line_of(report) for report in found])  # type: ignore[misc]
        said = news
        stop.wait(every_s)


def line_of(report: NodeReport) -> str:
    """A report for people."""
    if report.problem:
        return f"{report.node}: {report.problem}"
    parts = [f"{report.listed} accounts listed"]
    parts += [f"{len(report.added)} added"] if report.added else []
    parts += [f"{len(report.removed)} barred ones taken off"] if report.removed else []
    parts += [f"nobody knows {', '.join(report.unexpected[:5])}"] if report.unexpected else []
    return f"{report.node}: {', '.join(parts)}"
