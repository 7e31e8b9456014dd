"""Voting validators in and out: more than half of them must vote alike, then QBFT changes them with a block.

A node votes in each block it makes until told to stop, so votes are withdrawn once the change has happened. Votes that
did not suffice are forgotten by the chain at the end of an epoch (30,000 blocks), and by a node when it restarts.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from commons.addresses import Address
from commons.errors import ChainError, InputError
from scripts.network.inventory import Network
from scripts.network.layout import LEAST_VALIDATORS
from scripts.network.node_rpc import NodeRpc, node_rpc

POLL_S = 1.0
WAIT_S = 120


@dataclass(frozen=True)
class VoteReport:
    """What came of a vote: who voted here, who could not be asked, whether it took effect, and how many are needed."""

    address: Address
    wanted: bool
    voted: tuple[str, ...]
    unreachable: tuple[str, ...]
    needed: int
    effective: bool


def more_than_half(validators: int) -> int:
    """How many votes change the validators."""
    return validators // 2 + 1


def voters(folder: Path, network: Network, only: Sequence[str]) -> list[NodeRpc]:
    """The validators asked to vote: all of the inventory, or those named."""
    chosen = network.chosen(only) if only else network.validators
    return [node_rpc(folder, node) for node in chosen]


def hold_vote(
    nodes: Sequence[NodeRpc], address: Address, wanted: bool, few: bool = False, wait_s: float = WAIT_S
) -> VoteReport:
    """Have the nodes vote, and wait for the change where their votes suffice.

    Raises:
        InputError: it would leave too few validators.
        ChainError: no node can be asked.
    """
    current = _validators(nodes)
    needed = more_than_half(len(current))
    if (address in current) == wanted:
        for node in nodes:
            _try(node, lambda one: one.withdraw_vote(address))
        return VoteReport(address, wanted, (), (), needed, True)
    if not wanted and len(current) - 1 < LEAST_VALIDATORS and not few:
        raise InputError(
            f"without {address} {len(current) - 1} validators would be left: one that fails would stop the chain",
            which=address,
            remedy=f"Add another first, so that {LEAST_VALIDATORS} stay, or add --few.",
        )
    voted = [node.name for node in nodes if _try(node, lambda one: one.vote(address, wanted))]
    unreachable = tuple(node.name for node in nodes if node.name not in voted)
    effective = len(voted) >= needed and _wait(nodes, address, wanted, wait_s)
    if effective:
        for node in nodes:
            _try(node, lambda one: one.withdraw_vote(address))
    return VoteReport(address, wanted, tuple(voted), unreachable, needed, effective)


def _validators(nodes: Sequence[NodeRpc]) -> frozenset[Address]:
    problem: ChainError | None = None
    for node in nodes:
        try:
            return node.validators()
        except ChainError as error:
            problem = error
    raise problem or ChainError("no validator is named", remedy="Name one with --only.")


def _wait(nodes: Sequence[NodeRpc], address: Address, wanted: bool, wait_s: float) -> bool:
    until = time.monotonic() + wait_s
    while True:
        if (address in _validators(nodes)) == wanted:
            return True
        if time.monotonic() > until:
            return False
        time.sleep(min(POLL_S, wait_s))


def _try(node: NodeRpc, act: Callable[[NodeRpc], None]) -> bool:
    try:
        act(node)
    except ChainError:
        return False
    return True


def lines_of(report: VoteReport) -> list[str]:
    """A report for people."""
    change = "is a validator" if report.wanted else "is no validator any more"
    if report.effective:
        return [f"{report.address} {change}."]
    told = [f"{report.address}: {len(report.voted)} votes here ({', '.join(report.voted)}), {report.needed} needed."]
    if report.unreachable:
        told.append(f"Not reached: {', '.join(report.unreachable)}.")
    return [*told, "The other organisations vote with the same command; run it again to see whether it took effect."]
