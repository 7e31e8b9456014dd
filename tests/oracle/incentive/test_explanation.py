"""The explanation shows each number, its sentences say them, and the leaves are those that a contract encodes."""

import pytest
from eth_abi.abi import encode

from commons.addresses import Address
from commons.merkle import leaf_hash, verify
from commons.units import MoneyUe
from oracle.incentive.explanation import explain_incentive, incentive_sentences
from oracle.incentive.leaves import incentive_claims
from oracle.incentive.rule import DEFAULT_RULE, divide, division_rule
from oracle.incentive.types import CENT_UE, Division, HourNumbers
from oracle.rewards.leaves import MemberReward, reward_tree
from tests.oracle.incentive.communities import T0, energy_of, wallet

SEVEN_CENTS = MoneyUe(7 * CENT_UE)


@pytest.fixture
def division() -> Division:
    """One gives, two take, in the first of two hours."""
    members = energy_of([[(0, 900), (0, 0)], [(400, 0), (500, 0)], [(200, 0), (0, 0)]])
    return divide(SEVEN_CENTS, members, division_rule(DEFAULT_RULE))


def test_explain__stranger__is_refused(division: Division) -> None:
    with pytest.raises(ValueError, match="not in list"):
        explain_incentive(division, wallet(9))


def test_explain__member__shows_every_hour_that_shared_and_its_sums(division: Division) -> None:
    found = explain_incentive(division, wallet(1))

    assert found.hours == (HourNumbers(T0, 400, 0, 600, 900, 600, 400, 0),)
    assert (found.used_wh, found.given_wh, found.share.weight, found.total_weight) == (400, 0, 400, 1200)
    assert (found.share.floor_cents, found.share.remainder, found.share.has_extra_cent) == (2, 400, False)


def test_sentences__with_cents_left__say_each_number_and_who_got_them(division: Division) -> None:
    first, last = (" ".join(incentive_sentences(explain_incentive(division, wallet(row)))) for row in (0, 1))

    for figure in ("1 hours", "used 0 Wh and gave 600 Wh", "7 cents × 600 Wh ÷ 1200 Wh = 3 cents, remainder 600"):
        assert figure in first
    assert "left 1 cents" in first
    assert "you are one of them. You get 0.04 € of the incentive of 0.07 €." in first
    assert "you are none of them. You get 0.02 €" in last


def test_claims__member_without_a_cent__is_left_out() -> None:
    members = energy_of([[(0, 900)], [(900, 0)], [(0, 0)]])
    division = divide(SEVEN_CENTS, members, division_rule(DEFAULT_RULE))

    assert incentive_claims(division) == (
        MemberReward(Address(wallet(0)), 4 * CENT_UE),
        MemberReward(Address(wallet(1)), 3 * CENT_UE),
    )


def test_tree__of_claims__verifies_the_leaf_that_a_contract_encodes(division: Division) -> None:
    claims = incentive_claims(division)
    tree = reward_tree(3, claims)

    for place, claim in enumerate(claims):
        leaf = leaf_hash(encode(["uint256", "address", "uint256"], [3, claim.member, claim.amount]))
        assert verify(tree.root, leaf, tree.proof(place))
