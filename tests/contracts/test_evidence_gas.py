"""What evidence and rewards cost at most, through clones: a binding, a dataset, a batch of 10,000 claims, and a claim.

First writes all of them, which cost most; a claim by a member who never held a token, with a proof of 14 siblings.
"""

from collections.abc import Sequence

import pytest

from tests.contracts.chain import mine_at, now, send
from tests.contracts.community import Contracts, Person
from tests.contracts.evidence import (
    CID,
    OBJECTION_S,
    PARAMETERS,
    TOKEN,
    Rewards,
    accept_batch,
    bind,
    dataset,
    notarise,
    pass_day,
    reward,
)
from tests.contracts.test_reward_models import tomorrow

BINDING_LIMIT = 190_000
DATASET_LIMIT = 215_000
BATCH_LIMIT = 260_000
FIRST_CLAIM_LIMIT = 205_000
CLAIM_LIMIT = 152_000
CLAIM_IN_BATCH_LIMIT = 120_000
MEMBERS = 10_000


@pytest.fixture
def rewarded(
    fontana: Contracts, admin: Person, operators: list[Person], alice: Person, bob: Person, carol: Person
) -> Rewards:
    """A day on which 10,000 members earned something, three of them known, ready to be posted."""
    day = tomorrow()
    send(fontana.rewards.setParameters, PARAMETERS, day, by=admin)
    pass_day(day)
    notarise(fontana, operators[:2], day)
    mine_at(now() + OBJECTION_S)
    others = {f"0x{number:040x}": number for number in range(1, MEMBERS - 2)}
    return Rewards(day, {alice.address: TOKEN, bob.address: 2 * TOKEN, carol.address: 3 * TOKEN, **others})


def test_gas__of_a_first_binding_signed_by_both__is_within_its_limit(
    fontana: Contracts, admin: Person, alice: Person
) -> None:
    assert bind(fontana, admin, "house", alice).gas_used <= BINDING_LIMIT


def test_gas__of_posting_a_dataset__is_within_its_limit_for_each_version(
    fontana: Contracts, operators: list[Person]
) -> None:
    day = tomorrow()
    pass_day(day)
    used = [
        send(fontana.notary.postDataset, day, 1, dataset(operator.name), CID, by=operator).gas_used
        for operator in operators
    ]
    assert max(used) <= DATASET_LIMIT, used


def test_gas__of_posting_a_days_rewards__is_within_its_limit(
    fontana: Contracts, rewarded: Rewards, operators: list[Person]
) -> None:
    call = (fontana.rewards.postBatch, rewarded.day, 1, rewarded.batch, CID)
    assert send(*call, by=operators[0]).gas_used <= BATCH_LIMIT


def test_gas__of_a_claim_of_10000__is_within_its_limit(
    fontana: Contracts, rewarded: Rewards, operators: list[Person], alice: Person, bob: Person
) -> None:
    reward(fontana, operators[:2], rewarded)
    used = [send(fontana.rewards.claim, *rewarded.claim(who), by=who).gas_used for who in (alice, bob)]
    assert used[0] <= FIRST_CLAIM_LIMIT, used
    assert used[1] <= CLAIM_LIMIT, used


def test_gas__of_claims_paid_together__is_less_for_each(
    fontana: Contracts, rewarded: Rewards, operators: Sequence[Person], alice: Person, bob: Person, carol: Person
) -> None:
    accept_batch(fontana, operators[:2], rewarded)
    mine_at(now() + OBJECTION_S)
    used = send(fontana.rewards.claimMany, *rewarded.claims([alice, bob, carol]), by=bob).gas_used
    assert used / 3 <= CLAIM_IN_BATCH_LIMIT, used
