"""Who belongs on the account allowlists, and bringing every node's list there.

Membership itself is enforced in the contracts. The lists only keep strangers from filling blocks for nothing, so they
**grow and do not shrink by themselves**: whoever left must still reveal, execute and withdraw; an old wallet may veto
its replacement for a month; and taking an account off once kept new nodes from syncing. What is on a list and known to
nobody is reported, and taken off by hand (`commonwatt network disallow`), as is a spammer, who is barred for good.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from commons.addresses import ZERO_ADDRESS, Address
from commons.chain import Event
from commons.errors import ChainError
from scripts.network.node_rpc import NodeRpc

EVENTS = ("MemberApplied", "MemberApproved", "MemberLeft", "WalletReplaced", "RecoveryKeySet")


@dataclass
class Membership:
    """What the communities' events say, folded one after the other."""

    recovery_keys: dict[Address, Address] = field(default_factory=dict)
    """By wallet; they count once the wallet is a member's."""
    wallets: set[Address] = field(default_factory=set)
    """Every wallet that is or was a member's."""
    left: set[Address] = field(default_factory=set)

    def fold(self, events: Iterable[Event]) -> None:
        """Take in events, in the chain's order."""
        for event in events:
            self._take(event)

    def _take(self, event: Event) -> None:
        args = event.args
        if event.name == "MemberApplied":
            self.recovery_keys[args["applicant"]] = args["recoveryKey"]
        elif event.name == "RecoveryKeySet":
            self.recovery_keys[args["wallet"]] = args["recoveryKey"]
        elif event.name == "MemberApproved":
            self.wallets.add(args["wallet"])
            self.left.discard(args["wallet"])
        elif event.name == "MemberLeft":
            self.left.add(args["wallet"])
        elif event.name == "WalletReplaced":
            self.wallets.add(args["newWallet"])

    @property
    def accounts(self) -> frozenset[Address]:
        """Who has to be on the lists: wallets of members present and past, and the recovery keys they named."""
        keys = {self.recovery_keys.get(wallet, ZERO_ADDRESS) for wallet in self.wallets}
        return frozenset(self.wallets | keys - {ZERO_ADDRESS})


@dataclass(frozen=True)
class NodeReport:
    """What became of one node's list in a pass; `problem` is empty where all went well."""

    node: str
    listed: int = 0
    added: tuple[Address, ...] = ()
    removed: tuple[Address, ...] = ()
    unexpected: tuple[Address, ...] = ()
    problem: str = ""


def bring_in_step(node: NodeRpc, wanted: frozenset[Address], barred: frozenset[Address]) -> NodeReport:
    """Add to the node's list what is missing and take barred accounts off; what else is there is only reported."""
    try:
        there = node.accounts()
        missing, unwelcome = sorted(wanted - barred - there), sorted(there & barred)
        if missing:
            node.allow(missing)
        if unwelcome:
            node.disallow(unwelcome)
        after = node.accounts() if missing or unwelcome else there
    except ChainError as error:
        return NodeReport(node.name, problem=error.message)
    lacking = wanted - barred - after
    problem = f"{len(lacking)} accounts are still not listed" if lacking else ""
    unexpected = tuple(sorted(after - wanted - barred))
    return NodeReport(node.name, len(after), tuple(missing), tuple(unwelcome), unexpected, problem)


def bring_all_in_step(
    nodes: Sequence[NodeRpc], wanted: frozenset[Address], barred: frozenset[Address]
) -> list[NodeReport]:
    """One pass over all nodes; one that fails keeps no other from its list."""
    return [bring_in_step(node, wanted, barred) for node in nodes]
