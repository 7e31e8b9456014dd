"""The reward models' parameters with their history, batches of rewards, and who is paid: `RewardModels`."""

from dataclasses import replace
from typing import Any

import pytest
from eth_abi.abi import encode

from commons.keccak import keccak256
from tests.contracts.chain import mine_at, now, pass_to, refused, send
from tests.contracts.community import (
    DAY,
    EMISSION_CAP,
    HOUR,
    REPLACEMENT_DELAY_S,
    Contracts,
    Person,
    replace_wallet,
)
from tests.contracts.evidence import (
    ANSWER_TIME_S,
    CID,
    OBJECTION_S,
    PARAMETERS,
    SELF_CONSUMPTION,
    TOKEN,
    Rewards,
    accept_batch,
    accept_dataset,
    notarise,
    pass_day,
    post_batch,
    reward,
)
from tests.contracts.market import CHAIN_ID

SUMMER_S = 2 * HOUR
OTHER_PARAMETERS = (SELF_CONSUMPTION, *PARAMETERS[1:])
YEAR = 365 * DAY


def tomorrow() -> int:
    """The first day that has not begun by the next transaction, be it summer."""
    return (now() + 1 + SUMMER_S) // DAY + 1


@pytest.fixture
def day(fontana: Contracts, admin: Person, operators: list[Person], isolation: None) -> int:
    """A day that is over, with parameters in force and its dataset notarised."""
    found = tomorrow()
    send(fontana.rewards.setParameters, PARAMETERS, found, by=admin)
    pass_day(found)
    notarise(fontana, operators[:2], found)
    mine_at(now() + OBJECTION_S)
    return found


@pytest.fixture
def rewards(day: int, alice: Person, bob: Person, carol: Person) -> Rewards:
    """What three members earned on the day."""
    return Rewards(day, {alice.address: 3 * TOKEN, bob.address: TOKEN, carol.address: 5})


def posting(contracts: Contracts, rewards: Rewards, **changes: Any) -> tuple[Any, ...]:
    """`postBatch` with its arguments."""
    batch, cid = changes.get("batch", rewards.batch), changes.get("cid", CID)
    return contracts.rewards.postBatch, rewards.day, rewards.round, batch, cid


# ---------------------------------------------------------------- parameters


def test_parameters__set_by_another_than_the_oracle_admin__are_refused(fontana: Contracts, alice: Person) -> None:
    role = bytes(fontana.community.ORACLE_ADMIN_ROLE())
    call = (fontana.rewards.setParameters, PARAMETERS, tomorrow())
    refused("MissingRole", *call, by=alice, account=alice, role=role)


def test_parameters__that_name_no_model__are_refused(fontana: Contracts, admin: Person) -> None:
    refused("ModelMissing", fontana.rewards.setParameters, (0, *PARAMETERS[1:]), tomorrow(), by=admin)


@pytest.mark.parametrize("share", range(1, 8))
def test_parameters__with_a_share_above_the_whole__are_refused(fontana: Contracts, admin: Person, share: int) -> None:
    broken = (*PARAMETERS[:share], 10_001, *PARAMETERS[share + 1 :])
    refused("ShareTooLarge", fontana.rewards.setParameters, broken, tomorrow(), by=admin, bps=10_001)
    whole = (*PARAMETERS[:share], 10_000, *PARAMETERS[share + 1 :])
    send(fontana.rewards.setParameters, whole, tomorrow(), by=admin)


def test_parameters__for_a_day_that_has_begun__are_refused(fontana: Contracts, admin: Person) -> None:
    first = tomorrow()
    call = (fontana.rewards.setParameters, PARAMETERS, first)
    pass_to(first * DAY - SUMMER_S)
    refused("DayHasBegun", *call, by=admin, fromDay=first, earliest=first + 1)
    pass_to(first * DAY - SUMMER_S - 1)
    refused("DayHasBegun", fontana.rewards.setParameters, PARAMETERS, first, by=admin)


def test_parameters__until_the_last_second_before_the_day__are_set(fontana: Contracts, admin: Person) -> None:
    first = tomorrow()
    pass_to(first * DAY - SUMMER_S - 1)
    told = send(fontana.rewards.setParameters, PARAMETERS, first, by=admin).event("ParametersSet")
    assert told.values == {"number": 1, "fromDay": first, "admin": admin.address, "parameters": PARAMETERS}


def test_parameters__of_a_number_never_given__are_refused(fontana: Contracts, alice: Person) -> None:
    for number in (0, 1):
        refused("UnknownParameters", fontana.rewards.parametersAt, number, by=alice, number=number, count=0)


def test_parameters__set_one_after_the_other__are_each_in_force_from_their_day_and_all_kept(
    fontana: Contracts, admin: Person
) -> None:
    rewards, first = fontana.rewards, tomorrow()
    for parameters, day in ((PARAMETERS, first + 5), (OTHER_PARAMETERS, first + 10), (PARAMETERS, first + 7)):
        send(rewards.setParameters, parameters, day, by=admin)
    in_force = {day: rewards.parametersOn(first + day) for day in (4, 5, 6, 7, 9, 10, 100)}
    # The last word counts from its day on, also where it is about days that another word was to cover.
    assert in_force == {4: 0, 5: 1, 6: 1, 7: 3, 9: 3, 10: 3, 100: 3}
    assert rewards.parametersCount() == 3
    assert rewards.parametersAt(2) == (OTHER_PARAMETERS, first + 10)
    assert rewards.parametersAt(3) == (PARAMETERS, first + 7)


# ---------------------------------------------------------------- batches


def test_batch__that_names_no_data__is_refused(fontana: Contracts, rewards: Rewards, operators: list[Person]) -> None:
    refused("EmptyDataCid", *posting(fontana, rewards, cid=""), by=operators[0])


@pytest.mark.parametrize("place", [0, 1, 2])
def test_batch__that_is_not_whole__is_refused(
    fontana: Contracts, rewards: Rewards, operators: list[Person], place: int
) -> None:
    empty = bytes(32) if place == 0 else 0
    batch = (*rewards.batch[:place], empty, *rewards.batch[place + 1 :])
    call = posting(fontana, rewards, batch=batch)
    refused("IncompleteBatch", *call, by=operators[0], day=rewards.day, round=1)


def test_batch__of_a_day_before_any_parameters__is_refused(
    fontana: Contracts, rewards: Rewards, operators: list[Person]
) -> None:
    early = replace(rewards, day=rewards.day - 1)
    refused("NoParameters", *posting(fontana, early), by=operators[0], day=early.day)


def test_batch__from_a_dataset_not_notarised_or_not_final__is_refused(
    fontana: Contracts, rewards: Rewards, operators: list[Person]
) -> None:
    corrected = replace(rewards, dataset_version=2)
    call = posting(fontana, corrected)
    refused("DatasetNotFinal", *call, by=operators[0], day=rewards.day, version=2)
    accept_dataset(fontana, operators[:2], rewards.day, 2)
    pass_to(now() + OBJECTION_S - 1)
    refused("DatasetNotFinal", *call, by=operators[0], day=rewards.day, version=2)
    pass_to(now() + OBJECTION_S)
    send(*call, by=operators[0])


@pytest.mark.parametrize("number", [0, 2])
def test_batch__of_another_round_than_the_next__is_refused(
    fontana: Contracts, rewards: Rewards, operators: list[Person], number: int
) -> None:
    call = posting(fontana, replace(rewards, round=number))
    refused("WrongRound", *call, by=operators[0], day=rewards.day, round=number, expected=1)


def test_batch__by_another_than_an_operator__is_refused(fontana: Contracts, rewards: Rewards, alice: Person) -> None:
    refused("NotAnOperator", *posting(fontana, rewards), by=alice, account=alice)


def test_batch__of_a_day_rewarded_already__is_refused(
    fontana: Contracts, rewards: Rewards, operators: list[Person]
) -> None:
    post_batch(fontana, operators[0], rewards)
    again = replace(rewards, round=2)
    refused("WrongRound", *posting(fontana, again), by=operators[0], round=2, expected=1)
    answer = bytes(fontana.rewards.batchQuestion(rewards.batch_id)), answer_of(fontana, rewards)
    send(fontana.quorum.attest, *answer, by=operators[1])
    accepted_at = now()
    pass_to(accepted_at + OBJECTION_S - 1)
    refused("WrongRound", *posting(fontana, again), by=operators[0], round=2, expected=1)
    pass_to(accepted_at + OBJECTION_S)
    refused("DayRewarded", *posting(fontana, again), by=operators[0], day=rewards.day, round=1)


def test_batch__on_which_no_majority_agrees_in_time__makes_room_for_another_round(
    fontana: Contracts, rewards: Rewards, operators: list[Person], alice: Person
) -> None:
    post_batch(fontana, operators[0], rewards)
    pass_to(now() + ANSWER_TIME_S)
    again = replace(rewards, round=2)
    reward(fontana, operators[:2], again)
    refused("BatchNotFinal", fontana.rewards.claim, *rewards.claim(alice), by=alice, batchId=rewards.batch_id)
    send(fontana.rewards.claim, *again.claim(alice), by=alice)


def test_batch__posted__is_told_under_a_hash_that_anybody_can_recompute(
    fontana: Contracts, rewards: Rewards, operators: list[Person]
) -> None:
    told = send(*posting(fontana, rewards), by=operators[0]).event("BatchPosted")
    assert fontana.rewards.batchIdOf(rewards.day, 1) == rewards.batch_id
    named = [CHAIN_ID, fontana.rewards.address, b"rewards".ljust(32, b"\0"), rewards.batch_id]
    question = keccak256(encode(["uint256", "address", "bytes32", "uint256"], named))
    assert bytes(fontana.rewards.batchQuestion(rewards.batch_id)) == question
    assert told.values == {
        "batchId": rewards.batch_id,
        "day": rewards.day,
        "operator": operators[0].address,
        "answer": answer_of(fontana, rewards),
        "parametersNumber": 1,
        "batch": rewards.batch,
        "dataCid": CID,
    }
    posted = fontana.rewards.postedBatch(told["answer"])
    assert (bytes(posted[0]), *posted[1:]) == rewards.batch


def test_batch__computed_with_other_parameters__finds_no_majority_beside_the_honest_one(
    fontana: Contracts, rewards: Rewards, operators: list[Person], alice: Person
) -> None:
    """Which parameters were in force is the contract's to say; who computed with others has another root."""
    liar = replace(rewards, amounts={**rewards.amounts, alice.address: 4 * TOKEN})
    accept_batch(fontana, operators[:2], rewards)
    call = posting(fontana, liar)
    refused("OtherAnswerAccepted", *call, by=operators[2], accepted=answer_of(fontana, rewards))
    pass_to(now() + OBJECTION_S)
    refused("NotInBatch", fontana.rewards.claim, *liar.claim(alice), by=alice, amount=4 * TOKEN)


# ---------------------------------------------------------------- claims


@pytest.fixture
def granted(fontana: Contracts, rewards: Rewards, operators: list[Person]) -> Rewards:
    """Rewards that may be claimed."""
    reward(fontana, operators[:2], rewards)
    return rewards


def test_claim__before_the_batch_is_final__is_refused(
    fontana: Contracts, rewards: Rewards, operators: list[Person], alice: Person
) -> None:
    call = (fontana.rewards.claim, *rewards.claim(alice))
    refused("BatchNotFinal", *call, by=alice, batchId=rewards.batch_id)
    accept_batch(fontana, operators[:2], rewards)
    pass_to(now() + OBJECTION_S - 1)
    refused("BatchNotFinal", *call, by=alice, batchId=rewards.batch_id)
    many = (fontana.rewards.claimMany, *rewards.claims([alice]))
    refused("BatchNotFinal", *many, by=alice, batchId=rewards.batch_id)


def test_claim__to_another_amount_or_of_another__is_refused(
    fontana: Contracts, granted: Rewards, alice: Person, bob: Person
) -> None:
    batch_id, member, amount, proof = granted.claim(alice)
    claim = fontana.rewards.claim
    refused("NotInBatch", claim, batch_id, member, amount + 1, proof, by=alice, member=alice, amount=amount + 1)
    refused("NotInBatch", claim, batch_id, bob.address, amount, proof, by=bob, member=bob)
    refused("NotInBatch", claim, batch_id, member, amount, proof[:-1], by=alice, batchId=batch_id)


def test_claim__a_second_time__is_refused(fontana: Contracts, granted: Rewards, alice: Person) -> None:
    send(fontana.rewards.claim, *granted.claim(alice), by=alice)
    call = (fontana.rewards.claim, *granted.claim(alice))
    refused("AlreadyClaimed", *call, by=alice, batchId=granted.batch_id, member=alice)


def test_claim__of_a_wallet_that_never_was_a_member__is_refused(
    fontana: Contracts, rewards: Rewards, operators: list[Person], stranger: Person
) -> None:
    wrong = replace(rewards, amounts={stranger.address: TOKEN, **rewards.amounts})
    reward(fontana, operators[:2], wrong)
    refused("NeverAMember", fontana.rewards.claim, *wrong.claim(stranger), by=stranger, wallet=stranger)


def test_claims__past_the_total_that_was_attested__are_refused(
    fontana: Contracts, rewards: Rewards, operators: list[Person], alice: Person, bob: Person
) -> None:
    root, _, claims, version = rewards.batch
    short = (root, 3 * TOKEN + 1, claims, version)
    answer = send(*posting(fontana, rewards, batch=short), by=operators[0]).event("BatchPosted")["answer"]
    send(fontana.quorum.attest, fontana.rewards.batchQuestion(rewards.batch_id), answer, by=operators[1])
    pass_to(now() + OBJECTION_S)
    send(fontana.rewards.claim, *rewards.claim(alice), by=alice)
    refused("BatchExhausted", fontana.rewards.claim, *rewards.claim(bob), by=bob, amount=TOKEN, left=1)


def test_claims__without_as_many_amounts_and_proofs__are_refused(
    fontana: Contracts, granted: Rewards, alice: Person, bob: Person
) -> None:
    batch_id, members, amounts, proofs = granted.claims([alice, bob])
    many = fontana.rewards.claimMany
    refused("LengthMismatch", many, batch_id, members, amounts, proofs[:1], by=alice, leaves=2, proofs=1)
    refused("LengthMismatch", many, batch_id, members, amounts[:1], proofs, by=alice, leaves=2, proofs=1)


def test_claim__past_the_emission_cap__is_refused_until_the_next_period(
    fontana: Contracts, granted: Rewards, admin: Person, alice: Person, bob: Person
) -> None:
    created_period = fontana.token.currentPeriod()
    send(fontana.token.issue, EMISSION_CAP - 2 * TOKEN, by=admin)
    call = (fontana.rewards.claim, *granted.claim(alice))
    refused("EmissionCapExceeded", *call, by=alice, amount=3 * TOKEN, left=2 * TOKEN)
    many = (fontana.rewards.claimMany, *granted.claims([bob, alice]))
    refused("EmissionCapExceeded", *many, by=alice, amount=3 * TOKEN, left=TOKEN)
    send(fontana.rewards.claim, *granted.claim(bob), by=bob)
    pass_to(now() + YEAR)
    send(*call, by=alice)
    assert fontana.token.currentPeriod() == created_period + 1
    assert fontana.token.issuedIn(created_period + 1) == 3 * TOKEN


def test_claim__by_anybody_for_the_member__is_minted_and_told(
    fontana: Contracts, granted: Rewards, alice: Person, stranger: Person
) -> None:
    done = send(fontana.rewards.claim, *granted.claim(alice), by=stranger)
    told = {"batchId": granted.batch_id, "member": alice.address, "payee": alice.address, "amount": 3 * TOKEN}
    assert done.event("RewardClaimed").values == told
    assert done.event("Issued").values == {"period": 0, "amount": 3 * TOKEN, "issuedInPeriod": 3 * TOKEN}
    assert fontana.token.balanceOf(alice.address) == 3 * TOKEN
    assert fontana.rewards.isClaimed(granted.batch_id, alice.address)
    assert fontana.rewards.claimedOf(granted.batch_id) == 3 * TOKEN


def test_claims__in_one_batch__pass_over_what_was_paid(
    fontana: Contracts, granted: Rewards, alice: Person, bob: Person, carol: Person
) -> None:
    send(fontana.rewards.claim, *granted.claim(bob), by=bob)
    done = send(fontana.rewards.claimMany, *granted.claims([alice, bob, alice, carol]), by=bob)
    paid = [event["member"] for event in done.events if event.name == "RewardClaimed"]
    assert paid == [alice.address, carol.address]
    assert fontana.rewards.claimedOf(granted.batch_id) == granted.batch[1] == fontana.token.totalSupply()


@pytest.mark.parametrize("function", ["suspendMember", "removeMember"])
def test_claim__of_whoever_was_suspended_or_removed_since__is_paid(
    fontana: Contracts, granted: Rewards, admin: Person, alice: Person, function: str
) -> None:
    send(getattr(fontana.community, function), alice.address, by=admin)
    send(fontana.rewards.claim, *granted.claim(alice), by=alice)
    assert fontana.token.balanceOf(alice.address) == 3 * TOKEN


def test_claim__of_a_lost_wallet__waits_with_its_other_tokens_and_goes_to_its_successor(
    fontana: Contracts, granted: Rewards, admin: Person, alice: Person, bob: Person, new_wallet: Person
) -> None:
    replace_wallet(fontana, admin, alice, new_wallet)
    send(fontana.rewards.claim, *granted.claim(alice), by=new_wallet)
    assert fontana.token.balanceOf(alice.address) == 3 * TOKEN
    refused("NotEntitled", fontana.token.transfer, bob.address, 1, by=alice, account=alice)
    pass_to(now() + REPLACEMENT_DELAY_S)
    send(fontana.token.moveBalance, alice.address, by=bob)
    assert fontana.token.balanceOf(new_wallet.address) == 3 * TOKEN


def test_claim__of_a_wallet_replaced_twice_for_good__is_paid_to_the_last(
    fontana: Contracts, granted: Rewards, admin: Person, alice: Person, new_wallet: Person, recovery: Person
) -> None:
    for old, new in ((alice, new_wallet), (new_wallet, recovery)):
        pass_to(replace_wallet(fontana, admin, old, new))
    told = send(fontana.rewards.claim, *granted.claim(alice), by=alice).event("RewardClaimed")
    assert (told["member"], told["payee"]) == (alice.address, recovery.address)
    assert fontana.token.balanceOf(recovery.address) == 3 * TOKEN


def test_mint__by_another_than_the_contract_of_the_rewards__is_refused(
    fontana: Contracts, admin: Person, alice: Person
) -> None:
    for who in (admin, alice, Person("treasury", fontana.treasury.address.lower(), b"")):
        refused("NotTheRewards", fontana.token.mintReward, alice.address, 1, by=who, account=who)


# ---------------------------------------------------------------- helpers


def answer_of(contracts: Contracts, rewards: Rewards, parameters_number: int = 1) -> bytes:
    """The hash of the answer that a batch is, recomputed."""
    question = bytes(contracts.rewards.batchQuestion(rewards.batch_id))
    content = [question, parameters_number, rewards.batch, keccak256(CID.encode())]
    return keccak256(encode(["bytes32", "uint256", "(bytes32,uint128,uint32,uint32)", "bytes32"], content))
