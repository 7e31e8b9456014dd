"""The audit of a day's rewards: each way in which a batch may have been tampered with is named first."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from commons.addresses import Address
from commons.records import RewardBatch
from oracle.audit.rewards import RewardsEvidence, audit_rewards
from oracle.audit.types import Altered, Verdict
from oracle.publication.incentive import UsedDataset
from oracle.publication.rewards import RewardsDocument, batch_id_of
from oracle.rewards.leaves import MemberReward, reward_tree

CONTRACT, DAY = Address("0x" + "ab" * 20), 20_785
ALICE, BOB = (Address(f"0x{number:040x}") for number in (1, 2))
CLAIMS = (MemberReward(ALICE, 10**18), MemberReward(BOB, 2 * 10**18))
ROOT = reward_tree(batch_id_of(DAY, 1), CLAIMS).root
DOCUMENT = RewardsDocument(31337, CONTRACT, DAY, 1, 7, 3, (UsedDataset(DAY, 3, b"\5" * 32),), CLAIMS, ROOT)
RIGHT = RewardsEvidence(
    chain_id=31337,
    rewards=CONTRACT,
    batch_id=batch_id_of(DAY, 1),
    batch=RewardBatch(root=ROOT, total=3 * 10**18, claims=2, dataset_version=3),
    parameters=7,
    document=DOCUMENT,
    datasets=(b"\5" * 32,),
    paid={ALICE: 10**18},
    claimed=10**18,
)
SWAPPED = (MemberReward(ALICE, 2 * 10**18), MemberReward(BOB, 10**18))


def test_rewards__as_agreed__are_right() -> None:
    assert [step.verdict for step in audit_rewards(RIGHT)] == [Verdict.RIGHT] * 5


TAMPERED: tuple[tuple[Callable[[RewardsEvidence], RewardsEvidence], str], ...] = (
    (lambda one: replace(one, document=Altered("another file")), "published batch"),
    (lambda one: replace(one, chain_id=1), "published batch"),
    (lambda one: replace(one, batch_id=one.batch_id + 1), "published batch"),
    (lambda one: replace(one, parameters=8), "parameters"),
    (lambda one: replace(one, datasets=(None,)), "notarised readings"),
    (lambda one: replace(one, datasets=(b"\6" * 32,)), "notarised readings"),
    (lambda one: replace(one, document=replace(DOCUMENT, dataset_version=2)), "notarised readings"),
    (lambda one: replace(one, document=replace(DOCUMENT, claims=SWAPPED)), "claims"),
    (lambda one: replace(one, document=replace(DOCUMENT, claims=CLAIMS[:1])), "claims"),
    (lambda one: replace(one, paid={ALICE: 10**18 + 1}, claimed=10**18 + 1), "payments"),
    (lambda one: replace(one, claimed=2 * 10**18), "payments"),
)


@pytest.mark.parametrize(("tamper", "first"), TAMPERED)
def test_rewards__tampered_with__differ_first_there(
    tamper: Callable[[RewardsEvidence], RewardsEvidence], first: str
) -> None:
    wrong = [step.name for step in audit_rewards(tamper(RIGHT)) if step.verdict is Verdict.WRONG]
    assert wrong[0] == first
