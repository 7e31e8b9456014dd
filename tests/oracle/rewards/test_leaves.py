"""The reward tree is OpenZeppelin's, over those who earned something."""

import pytest
from eth_abi.abi import encode

from commons.addresses import address
from commons.errors import InputError
from commons.merkle import leaf_hash, verify
from oracle.rewards.leaves import MemberReward, claims, reward_tree
from oracle.rewards.rule import reward
from tests.oracle.rewards.communities import NO_PEAKS, TOKEN, USUAL_DAYS, around, energy_of, member


def test_tree__nobody_earned__is_refused() -> None:
    with pytest.raises(InputError, match="no leaves"):
        reward_tree(1, claims(reward(energy_of([[(9000, 0, 0)]]), around([USUAL_DAYS]), NO_PEAKS)))


def test_claims__who_earned_nothing__is_left_out() -> None:
    rewards = reward(energy_of([[(0, 0, 0)], [(1000, 0, 0)], [(900, 0, 0)]]), around([USUAL_DAYS] * 3), NO_PEAKS)

    assert claims(rewards) == (
        MemberReward(address(member(0)), TOKEN),
        MemberReward(address(member(2)), TOKEN // 2),
    )


def test_tree__of_claims__verifies_the_leaf_that_a_contract_encodes() -> None:
    rewards = [MemberReward(address(member(number)), (1 << 200) + number) for number in range(5)]
    tree = reward_tree(7, rewards)

    for place, earned in enumerate(rewards):
        leaf = leaf_hash(encode(["uint256", "address", "uint256"], [7, earned.member, earned.amount]))
        assert verify(tree.root, leaf, tree.proof(place))
        other = leaf_hash(encode(["uint256", "address", "uint256"], [8, earned.member, earned.amount]))
        assert not verify(tree.root, other, tree.proof(place))
