"""The reward tree: one leaf per member that earned something, under a root that the operators attest.

Leaf values `(uint256 batchId, address member, uint256 amount)`; the tree is OpenZeppelin's StandardMerkleTree, so that
`MerkleProof.sol` verifies a claim. Source: DESIGN.md section 10.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from commons import abi
from commons.addresses import Address, address, address_bytes
from commons.merkle import StandardMerkleTree
from oracle.rewards.types import DayRewards


@dataclass(frozen=True, slots=True)
class MemberReward:
    """What one member may claim of a batch, in the token's smallest unit."""

    member: Address
    amount: int


def claims(rewards: DayRewards) -> tuple[MemberReward, ...]:
    """The members that earned something, by ascending address, so that every operator lists them alike."""
    earned = zip(rewards.members, rewards.tokens, strict=True)
    listed = [MemberReward(address(member), tokens) for member, tokens in earned if tokens]
    return tuple(sorted(listed, key=lambda reward: reward.member))


def reward_tree(batch_id: int, rewards: Sequence[MemberReward]) -> StandardMerkleTree:
    """The tree over the members' claims; proof i is that of the i-th.

    Raises:
        InputError: nobody earned anything; such a day has no batch.
    """
    members = np.frombuffer(b"".join(address_bytes(reward.member) for reward in rewards), dtype=np.uint8)
    return StandardMerkleTree.of(
        abi.rows(
            abi.uint_words([batch_id] * len(rewards)),
            abi.address_words(members.reshape(-1, 20)),
            abi.uint_words([reward.amount for reward in rewards]),
        )
    )
