"""Reward models on the chain: their parameters with history, days' batches, and claims."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from commons.addresses import Address
from commons.chain import Call, Receipt
from commons.contracts import CommunityReader
from commons.errors import TransactionFailed
from commons.records import RewardBatch, RewardParameters
from commons.slots import day_number, numbered_day
from commons.units import EpochSeconds
from commons.wallets import Signer

ROUND_BITS = 32
MOST_CLAIMS = 25
"""In one transaction: members' way to the chain takes none above five million gas."""

_DAY_S = 24 * 3600
_SUMMER_OFFSET_S = 2 * 3600
_CLAIMS_GAS = 250_000
_GAS_PER_CLAIM = 150_000


@dataclass(frozen=True, slots=True)
class SetParameters:
    """Parameters by their number, in force from a day on until later ones are."""

    number: int
    from_day: date
    parameters: RewardParameters


@dataclass(frozen=True, slots=True)
class BatchOnChain:
    """A day's rewards in a round as the operators accepted them; `final_at` is 0 while they have not."""

    batch_id: int
    batch: RewardBatch
    final_at: EpochSeconds
    claimed: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A member's reward in a batch, with the proof that it is in it."""

    member: Address
    amount: int
    proof: tuple[bytes, ...]


def batch_id_of(day: date, round_: int) -> int:
    """The id of a day's batch in a round, as the contract numbers it."""
    return day_number(day) << ROUND_BITS | round_


def parameters_history(reader: CommunityReader) -> list[SetParameters]:
    """All parameters there ever were, in the order in which they were set."""
    rewards = reader.contracts.rewards
    count = int(reader.chain.call(rewards.call("parametersCount")))
    found = reader.chain.calls([rewards.call("parametersAt", number) for number in range(1, count + 1)])
    return [
        SetParameters(number, numbered_day(from_day), parameters)
        for number, (parameters, from_day) in enumerate(found, start=1)
    ]


def parameters_on(reader: CommunityReader, day: date) -> SetParameters | None:
    """The parameters in force on a day; None before the first."""
    rewards = reader.contracts.rewards
    number = int(reader.chain.call(rewards.call("parametersOn", day_number(day))))
    if not number:
        return None
    parameters, from_day = reader.chain.call(rewards.call("parametersAt", number))
    return SetParameters(number, numbered_day(from_day), parameters)


def first_day_for_parameters(reader: CommunityReader) -> date:
    """The first local day that has not begun, as the contract sees it: it holds to summer's midnight."""
    return numbered_day((reader.chain.now() + _SUMMER_OFFSET_S) // _DAY_S + 1)


def set_parameters(reader: CommunityReader, admin: Signer, parameters: RewardParameters, from_day: date) -> int:
    """Set parameters from a day on that has not begun; gives their number.

    Raises:
        ContractRefusal: the signer is no oracle admin, the day has begun, or a share is above the whole.
    """
    call = reader.contracts.rewards.call("setParameters", parameters, day_number(from_day))
    receipt = reader.chain.send(admin, call)
    for event in receipt.events:
        if event.name == "ParametersSet":
            return int(event.args["number"])
    raise TransactionFailed("setParameters set none", which=receipt.hash, remedy="Check that the contracts are ours.")


def batch_of(reader: CommunityReader, day: date) -> BatchOnChain | None:
    """A day's batch in its last round; None where nobody has posted one."""
    rewards = reader.contracts.rewards
    round_ = int(reader.chain.call(rewards.call("roundOf", day_number(day))))
    if not round_:
        return None
    batch_id = batch_id_of(day, round_)
    found = reader.chain.calls([rewards.call("batchOf", batch_id), rewards.call("claimedOf", batch_id)])
    (batch, final_at), claimed = found
    return BatchOnChain(batch_id, batch, EpochSeconds(final_at), int(claimed))


def unclaimed(reader: CommunityReader, batch_id: int, members: Sequence[Address]) -> list[Address]:
    """Which of the members have not got their reward of a batch."""
    rewards = reader.contracts.rewards
    paid = reader.chain.calls([rewards.call("isClaimed", batch_id, member) for member in members])
    return [member for member, is_paid in zip(members, paid, strict=True) if not is_paid]


def emission_left(reader: CommunityReader) -> int:
    """How many tokens, in the smallest unit, may still be minted in the emission period that is running."""
    token = reader.contracts.token
    cap, period = reader.chain.calls([token.call("emissionCap"), token.call("currentPeriod")])
    return int(cap) - int(reader.chain.call(token.call("issuedIn", period)))


def claim_call(reader: CommunityReader, batch_id: int, claims: Sequence[Claim]) -> Call:
    """The call that pays claims of a batch; anybody may send it, and what was paid before is passed over."""
    members = [claim.member for claim in claims]
    amounts, proofs = [claim.amount for claim in claims], [claim.proof for claim in claims]
    call = reader.contracts.rewards.call("claimMany", batch_id, members, amounts, proofs)
    return replace(call, gas=_CLAIMS_GAS + _GAS_PER_CLAIM * len(claims))


def claim(reader: CommunityReader, sender: Signer, batch_id: int, one: Claim) -> Receipt:
    """Pay one member's claim.

    Raises:
        ContractRefusal: it was paid, is not in the batch, or passes the emission cap.
    """
    call = reader.contracts.rewards.call("claim", batch_id, one.member, one.amount, one.proof)
    return reader.chain.send(sender, call)
