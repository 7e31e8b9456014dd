"""The order in which leaves are executed, so that the pot of the session can pay every credit when its turn comes.

By descending debit + penalty − credit the pot first grows and then shrinks, to what is left for the treasury and never
below: what it holds after any number of leaves is at least the smaller of what it held before the first and what it
holds after the last. That stays true where members executed some leaves themselves before.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from commons.addresses import Address
from commons.merkle import StandardMerkleTree
from commons.records import SettlementLeaf
from oracle.settlement.types import MemberSettlement


@dataclass(frozen=True, slots=True)
class Batch:
    """Leaves to be executed in one transaction, with their proofs."""

    leaves: tuple[SettlementLeaf, ...]
    proofs: tuple[tuple[bytes, ...], ...]


def batches(
    members: Sequence[MemberSettlement], tree: StandardMerkleTree, traders: Collection[Address], size: int
) -> list[Batch]:
    """The leaves of `traders`, in the order that the pot can bear, `size` of them at a time.

    Args:
        members: all leaves of the settlement; proof i of `tree` is that of the i-th.
    """
    wanted = set(traders)
    rows = [row for row, member in enumerate(members) if member.trader in wanted]
    rows.sort(key=lambda row: (_drain(members[row]), members[row].trader))
    return [_batch(members, tree, rows[first : first + size]) for first in range(0, len(rows), size)]


def _drain(member: MemberSettlement) -> int:
    """What the leaf takes out of the pot, on balance."""
    return member.credit - member.debit - member.penalty


def _batch(members: Sequence[MemberSettlement], tree: StandardMerkleTree, rows: Sequence[int]) -> Batch:
    leaves = (members[row] for row in rows)
    return Batch(
        tuple(SettlementLeaf(leaf.trader, leaf.debit, leaf.credit, leaf.penalty) for leaf in leaves),
        tuple(tuple(tree.proof(row)) for row in rows),
    )
