"""The incentive's tree: one leaf per member that gets something, of the same form as the leaves of rewards.

Leaf values `(uint256 incentiveId, address member, uint256 amount)`, amounts in µ€; OpenZeppelin's StandardMerkleTree.
"""

from commons.addresses import Address
from oracle.incentive.types import Division
from oracle.rewards.leaves import MemberReward


def incentive_claims(division: Division) -> tuple[MemberReward, ...]:
    """The members that get something, by ascending wallet; `reward_tree` makes the tree of them."""
    return tuple(MemberReward(Address(share.member), share.amount) for share in division.shares if share.amount)
