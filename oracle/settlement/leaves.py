"""The settlement tree: one leaf per member, under a root that the operators attest and the contract keeps.

Leaf values `(uint256 sessionId, address trader, uint256 debit, uint256 credit, uint256 penalty)`; the tree is
OpenZeppelin's StandardMerkleTree, so that `MerkleProof.sol` verifies a leaf at execution. Source: DESIGN.md section 6.
"""

from collections.abc import Sequence

import numpy as np

from commons import abi
from commons.addresses import address_bytes
from commons.merkle import StandardMerkleTree
from commons.units import SessionId
from oracle.settlement.types import MemberSettlement


def settlement_tree(session_id: SessionId, members: Sequence[MemberSettlement]) -> StandardMerkleTree:
    """The tree over the members' leaves; proof i is that of the i-th member.

    Raises:
        InputError: there is no member: a session in which nobody revealed has nothing to settle.
    """
    traders = np.frombuffer(b"".join(address_bytes(member.trader) for member in members), dtype=np.uint8)
    return StandardMerkleTree.of(
        abi.rows(
            abi.uint_words([session_id] * len(members)),
            abi.address_words(traders.reshape(-1, 20)),
            abi.uint_words([member.debit for member in members]),
            abi.uint_words([member.credit for member in members]),
            abi.uint_words([member.penalty for member in members]),
        )
    )
