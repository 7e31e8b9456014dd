"""Incentives in euro: their receipt, the split that operators attest, the members' shares, and what nobody claims."""

from typing import Any

import pytest

from tests.contracts.chain import mine_at, now, pass_to, refused, send
from tests.contracts.community import DAY, Contracts, Person, bond, mint, replace_wallet
from tests.contracts.incentives import (
    CID,
    OBJECTION_S,
    RULE,
    Split,
    accept,
    post,
    recorded,
    reference,
    split_final,
)

AMOUNT = 1_000_000
YEAR = 365 * DAY


@pytest.fixture
def incentive(fontana: Contracts, admin: Person, issuer: Person, isolation: None) -> int:
    """One euro received; its number."""
    return recorded(fontana, admin, issuer, AMOUNT)


@pytest.fixture
def split(fontana: Contracts, incentive: int, operators: list[Person], alice: Person, bob: Person) -> Split:
    """Divided among alice and bob, for good."""
    return split_final(fontana, operators, incentive, {alice: 600_001, bob: 399_999})


def euro_of(contracts: Contracts, holder: Any) -> int:
    """What somebody holds of the settlement token."""
    balance: int = contracts.euro.balanceOf(getattr(holder, "address", holder))
    return balance


def test_receipt__by_another_than_a_token_admin__is_refused(fontana: Contracts, alice: Person) -> None:
    role = bytes(fontana.community.TOKEN_ADMIN_ROLE())
    call = (fontana.treasury.recordIncentive, reference(), RULE, 1, 2, 5)
    refused("MissingRole", *call, by=alice, account=alice, role=role)


def test_receipt__that_lacks_something_or_is_recorded_twice__is_refused(
    fontana: Contracts, admin: Person, issuer: Person
) -> None:
    mint(fontana, issuer, admin, 10)
    send(fontana.euro.approve, fontana.treasury.address, 10, by=admin)
    name, record = reference(), fontana.treasury.recordIncentive
    for values in (
        (bytes(32), RULE, 1, 2, 5),
        (name, bytes(32), 1, 2, 5),
        (name, RULE, 2, 2, 5),
        (name, RULE, 1, 2, 0),
    ):
        refused("IncompleteIncentive", record, *values, by=admin)
    refused("ERC20InsufficientAllowance", record, name, RULE, 1, 2, 11, by=admin)
    told = send(record, name, RULE, 1, 2, 5, by=admin).event("IncentiveReceived")
    assert told.values == {
        "incentiveId": 1,
        "bankReference": name,
        "ruleId": RULE,
        "periodStart": 1,
        "periodEnd": 2,
        "amount": 5,
    }
    refused("IncentiveRecorded", record, name, RULE, 1, 2, 5, by=admin, bankReference=name)


def test_money__reserved_for_members__is_not_spent_by_the_treasury(
    fontana: Contracts, incentive: int, admin: Person, second_admin: Person, issuer: Person, carol: Person
) -> None:
    treasury, community = fontana.treasury, fontana.community
    send(community.grantRole, community.COMMUNITY_ADMIN_ROLE(), second_admin.address, by=admin)
    mint(fontana, issuer, treasury.address, 10)
    send(treasury.proposePayment, fontana.euro.address, carol.address, 11, "too much", by=admin)
    pass_to(send(treasury.approvePayment, 1, by=second_admin).event("PaymentApproved")["dueAt"])
    refused("Reserved", treasury.makePayment, 1, by=carol, amount=11, free=10)
    mint(fontana, issuer, treasury.address, 1)
    send(treasury.makePayment, 1, by=carol)
    assert euro_of(fontana, treasury) == AMOUNT == treasury.reserved()
    assert treasury.incentiveOf(incentive)[2] == AMOUNT


def test_split__by_no_operator_or_of_no_incentive_or_incomplete__is_refused(
    fontana: Contracts, incentive: int, operators: list[Person], alice: Person
) -> None:
    treasury, good = fontana.treasury, Split.among(incentive, {alice: 5})
    refused("NotASplitOperator", treasury.postSplit, incentive, good.values, CID, by=alice, account=alice, setId=1)
    for number in (0, incentive + 1):
        refused("IncentiveOver", treasury.postSplit, number, good.values, CID, by=operators[0], incentiveId=number)
    root, total, claims = good.values
    for values, cid in (
        ((bytes(32), total, claims), CID),
        ((root, 0, claims), CID),
        ((root, total, 0), CID),
        ((root, AMOUNT + 1, claims), CID),
        (good.values, ""),
    ):
        refused("WrongSplit", treasury.postSplit, incentive, values, cid, by=operators[0], amount=AMOUNT)


def test_split__after_its_time__is_refused(
    fontana: Contracts, incentive: int, operators: list[Person], alice: Person
) -> None:
    until = fontana.treasury.incentiveOf(incentive)[6] + fontana.treasury.SPLIT_TIME()
    mine_at(until)
    values = Split.among(incentive, {alice: 5}).values
    refused("TooLate", fontana.treasury.postSplit, incentive, values, CID, by=operators[0], deadline=until)


def test_share__before_the_split_is_final__is_refused(
    fontana: Contracts, incentive: int, operators: list[Person], alice: Person, bob: Person
) -> None:
    split = Split.among(incentive, {alice: 5, bob: 6})
    claim = fontana.treasury.claimShare
    refused("SplitNotFinal", claim, *split.claim(alice), by=alice, incentiveId=incentive)
    answer = post(fontana, operators[0], split)
    root, *rest = fontana.treasury.postedSplit(answer)
    assert (bytes(root), *rest) == split.values
    refused("SplitNotFinal", claim, *split.claim(alice), by=alice, incentiveId=incentive)
    question = bytes(fontana.treasury.splitQuestion(incentive))
    send(fontana.quorum.attest, question, answer, by=operators[1])
    final_at = fontana.treasury.splitOf(incentive)[1]
    assert final_at == now() + OBJECTION_S
    pass_to(final_at - 1)
    refused("SplitNotFinal", claim, *split.claim(alice), by=alice, incentiveId=incentive)
    pass_to(final_at)
    send(claim, *split.claim(alice), by=bob)


def test_split__objected_to_within_the_window__is_replaced_by_another(
    fontana: Contracts, incentive: int, operators: list[Person], alice: Person, bob: Person, carol: Person
) -> None:
    wrong, right = Split.among(incentive, {carol: AMOUNT}), Split.among(incentive, {alice: 1, bob: AMOUNT - 1})
    accept(fontana, operators, wrong)
    question = bytes(fontana.treasury.splitQuestion(incentive))
    answer = bytes(fontana.quorum.acceptedAnswer(question)[0])
    for operator in operators[:2]:
        send(fontana.quorum.withdrawVote, question, answer, by=operator)
    accept(fontana, operators, right)
    pass_to(now() + OBJECTION_S)
    refused("NotInSplit", fontana.treasury.claimShare, *wrong.claim(carol), by=carol, member=carol, amount=AMOUNT)
    send(fontana.treasury.claimShare, *right.claim(bob), by=carol)
    assert euro_of(fontana, bob) == AMOUNT - 1


def test_share__of_another_amount_or_with_another_proof_or_twice__is_refused(
    fontana: Contracts, split: Split, alice: Person, bob: Person, carol: Person
) -> None:
    number, member, amount, proof = split.claim(alice)
    claim = fontana.treasury.claimShare
    refused("NotInSplit", claim, number, member, amount + 1, proof, by=alice, amount=amount + 1)
    refused("NotInSplit", claim, number, carol.address, amount, proof, by=carol, member=carol)
    refused("NotInSplit", claim, number, member, amount, [], by=alice, member=alice)
    done = send(claim, *split.claim(alice), by=carol)
    assert done.event("SharePaid").values == {
        "incentiveId": number,
        "member": alice.address,
        "wallet": alice.address,
        "amount": amount,
    }
    refused("ShareClaimed", claim, *split.claim(alice), by=carol, incentiveId=number, member=alice)
    assert (euro_of(fontana, alice), fontana.treasury.reserved()) == (amount, AMOUNT - amount)


def test_shares__that_add_up_to_more_than_the_split_says__stop_at_it(
    fontana: Contracts, incentive: int, operators: list[Person], alice: Person, bob: Person
) -> None:
    """The operators would have to lie, all of them; the treasury's other money stays out of it."""
    split = Split.among(incentive, {alice: 700_000, bob: 400_000})
    root, _, claims = split.values
    done = send(fontana.treasury.postSplit, incentive, (root, AMOUNT, claims), CID, by=operators[0])
    question = bytes(fontana.treasury.splitQuestion(incentive))
    send(fontana.quorum.attest, question, done.event("SplitPosted")["answer"], by=operators[1])
    pass_to(now() + OBJECTION_S)
    send(fontana.treasury.claimShare, *split.claim(alice), by=alice)
    call = (fontana.treasury.claimShare, *split.claim(bob))
    refused("SplitExhausted", *call, by=bob, incentiveId=incentive, amount=400_000, left=300_000)


def test_shares__of_many__are_paid_and_those_paid_before_passed_over(
    fontana: Contracts, split: Split, alice: Person, bob: Person, carol: Person
) -> None:
    number, members, amounts, proofs = split.claims([alice, bob])
    many = fontana.treasury.claimShares
    refused("LengthMismatch", many, number, members, amounts, proofs[:1], by=carol, leaves=2, proofs=1)
    refused("LengthMismatch", many, number, members, amounts[:1], proofs, by=carol, leaves=2, proofs=1)
    send(fontana.treasury.claimShare, *split.claim(bob), by=bob)
    done = send(many, number, members, amounts, proofs, by=carol)
    assert done.event("SharePaid")["member"] == alice.address
    assert fontana.treasury.reserved() == 0 == euro_of(fontana, fontana.treasury)


def test_share__of_a_lost_wallet__waits_for_the_delay_and_goes_to_its_successor(
    fontana: Contracts, split: Split, admin: Person, alice: Person, new_wallet: Person, carol: Person
) -> None:
    moves_at = replace_wallet(fontana, admin, alice, new_wallet)
    call = (fontana.treasury.claimShare, *split.claim(alice))
    refused("ReplacementPending", *call, by=carol, wallet=alice, settledAt=moves_at)
    pass_to(moves_at)
    send(*call, by=carol)
    assert (euro_of(fontana, alice), euro_of(fontana, new_wallet)) == (0, 600_001)


def test_share__of_who_was_suspended_or_left__is_paid(
    fontana: Contracts, split: Split, admin: Person, alice: Person, bob: Person
) -> None:
    send(fontana.community.suspendMember, alice.address, by=admin)
    send(fontana.community.leave, by=bob)
    send(fontana.treasury.claimShares, *split.claims([alice, bob]), by=admin)
    assert (euro_of(fontana, alice), euro_of(fontana, bob)) == (600_001, 399_999)


def test_closing__before_its_time__is_refused(fontana: Contracts, incentive: int, carol: Person) -> None:
    opens = fontana.treasury.incentiveOf(incentive)[6] + fontana.treasury.SPLIT_TIME()
    refused("TooEarly", fontana.treasury.closeIncentive, incentive, by=carol, opensAt=opens)
    mine_at(opens)
    told = send(fontana.treasury.closeIncentive, incentive, by=carol).event("IncentiveClosed")
    assert told.values == {"incentiveId": incentive, "left": AMOUNT}
    assert fontana.treasury.reserved() == 0
    refused("IncentiveOver", fontana.treasury.closeIncentive, incentive, by=carol, incentiveId=incentive)


def test_closing__a_year_after_the_split_is_final__frees_what_nobody_claimed(
    fontana: Contracts, split: Split, alice: Person, bob: Person, carol: Person
) -> None:
    send(fontana.treasury.claimShare, *split.claim(alice), by=alice)
    final_at = fontana.treasury.splitOf(split.incentive_id)[1]
    pass_to(final_at + YEAR - 1)
    refused("TooEarly", fontana.treasury.closeIncentive, split.incentive_id, by=carol, opensAt=final_at + YEAR)
    pass_to(final_at + YEAR)
    assert (
        send(fontana.treasury.closeIncentive, split.incentive_id, by=carol).event("IncentiveClosed")["left"] == 399_999
    )
    refused("IncentiveOver", fontana.treasury.claimShare, *split.claim(bob), by=bob)
    assert (fontana.treasury.reserved(), euro_of(fontana, fontana.treasury)) == (0, 399_999)


def test_bond__of_the_operators__covers_their_share_of_the_incentive(
    fontana: Contracts, admin: Person, issuer: Person, operators: list[Person], alice: Person
) -> None:
    big = recorded(fontana, admin, issuer, 10_000_000_000)
    values = Split.among(big, {alice: 5}).values
    refused("BondTooSmall", fontana.treasury.postSplit, big, values, CID, by=operators[0], operator=operators[0])
    bond(fontana, issuer, operators[0], 100_000_000)
    send(fontana.treasury.postSplit, big, values, CID, by=operators[0])
