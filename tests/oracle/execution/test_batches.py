"""Leaves in the order that the pot can bear."""

from hypothesis import given
from hypothesis import strategies as st

from commons.addresses import Address
from commons.merkle import leaf_hash, verify
from commons.units import MoneyUe, SessionId
from oracle.execution.batches import batches
from oracle.settlement.leaves import settlement_tree
from oracle.settlement.types import MemberSettlement

money = st.integers(0, 1000)


def members(figures: list[tuple[int, int, int]]) -> list[MemberSettlement]:
    """Leaves of these debits, credits and penalties."""
    return [
        MemberSettlement(Address("0x" + f"{number + 1:040x}"), *(MoneyUe(figure) for figure in row))
        for number, row in enumerate(figures)
    ]


@given(
    st.lists(st.tuples(money, money, money), min_size=1, max_size=20),
    st.integers(1, 5),
    st.sets(st.integers(0, 19)),
)
def test_batches__some_leaves_executed_by_their_members_before__never_empty_the_pot(
    figures: list[tuple[int, int, int]], size: int, early: set[int]
) -> None:
    leaves = members(figures)
    shortfall = max(0, sum(m.credit - m.debit - m.penalty for m in leaves))
    leaves[0] = MemberSettlement(leaves[0].trader, MoneyUe(leaves[0].debit + shortfall), *figures[0][1:])  # type: ignore[arg-type]
    pot = 0
    left = []
    for number, leaf in enumerate(leaves):
        if number in early and pot + leaf.debit + leaf.penalty >= leaf.credit:
            pot += leaf.debit + leaf.penalty - leaf.credit
        else:
            left.append(leaf.trader)
    tree = settlement_tree(SessionId(1), leaves)
    executed = []
    for batch in batches(leaves, tree, left, size):
        assert len(batch.leaves) <= size
        pot += sum(leaf.debit + leaf.penalty for leaf in batch.leaves)
        for paid in batch.leaves:
            pot -= paid.credit
            assert pot >= 0
            executed.append(paid.trader)
    assert sorted(executed) == sorted(left)


def test_batches__proofs__lead_to_the_root() -> None:
    leaves = members([(5, 0, 1), (0, 5, 0), (3, 2, 0)])
    tree = settlement_tree(SessionId(9), leaves)
    for batch in batches(leaves, tree, [leaf.trader for leaf in leaves], 2):
        for leaf, proof in zip(batch.leaves, batch.proofs, strict=True):
            words = [9, int(leaf.trader, 16), leaf.debit, leaf.credit, leaf.penalty]
            encoded = b"".join(int(word).to_bytes(32, "big") for word in words)
            assert verify(tree.root, leaf_hash(encoded), proof)
