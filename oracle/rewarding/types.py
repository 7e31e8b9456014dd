"""What the chain says about a day's rewards. Source: `IRewardModels.sol`."""

from dataclasses import dataclass
from datetime import date

from eth_abi.abi import encode

from commons.addresses import Address
from commons.cid import Cid
from commons.keccak import keccak256
from commons.records import ModelKind, RewardBatch, RewardParameters
from commons.slots import day_number
from oracle.publication.rewards import batch_id_of
from oracle.rewards.types import CombinedModel, NoPeaksModel, RewardModel, SelfConsumptionModel
from oracle.session.types import Ballot

_STAGE = b"rewards".ljust(32, b"\0")


@dataclass(frozen=True, slots=True)
class RewardsId:
    """Which contract of rewards on which chain: part of every question's hash."""

    chain_id: int
    rewards: Address

    def question(self, day: date, round_: int) -> bytes:
        """What the operators are asked about a day's rewards in a round."""
        batch_id = batch_id_of(day_number(day), round_)
        types = ["uint256", "address", "bytes32", "uint256"]
        return keccak256(encode(types, [self.chain_id, self.rewards, _STAGE, batch_id]))


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """A day's rewards as an operator answers with them, computed with the parameters of a number."""

    parameters: int
    batch: RewardBatch
    cid: Cid

    def digest(self, question: bytes) -> bytes:
        """The answer's hash, which operators vote for."""
        types = ["bytes32", "uint256", "(bytes32,uint128,uint32,uint32)", "bytes32"]
        batch = (self.batch.root, self.batch.total, self.batch.claims, self.batch.dataset_version)
        return keccak256(encode(types, [question, self.parameters, batch, keccak256(self.cid.encode())]))


@dataclass(frozen=True, slots=True)
class PostedBatch:
    """Rewards that an operator posted; the CID is as the operator wrote it, which may be anything."""

    operator: Address
    answer: bytes
    batch: RewardBatch
    data_cid: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """All that the chain's events say about a day's rewards in a round, up to some block."""

    day: date
    round: int
    opened_block: int
    ballot: Ballot
    posted: tuple[PostedBatch, ...] = ()
    claimed: frozenset[Address] = frozenset()

    def accepted(self) -> PostedBatch | None:
        """The batch with k votes."""
        return next((one for one in self.posted if one.answer == self.ballot.accepted), None)


def model_of(parameters: RewardParameters) -> RewardModel:
    """The model that parameters on the chain put in force.

    Raises:
        ValueError: they name none; the contract takes no such parameters.
    """
    first = SelfConsumptionModel(
        own=parameters.own_bps,
        load=parameters.load_bps,
        production=parameters.production_bps,
        tokens_per_kwh=parameters.tokens_per_kwh,
        threshold=parameters.threshold_bps,
    )
    second = NoPeaksModel(max_tokens=parameters.max_tokens, full=parameters.full_bps)
    match parameters.model:
        case ModelKind.SELF_CONSUMPTION:
            return first
        case ModelKind.NO_PEAKS:
            return second
        case ModelKind.COMBINED:
            return CombinedModel(first, second, parameters.self_consumption_weight_bps, parameters.no_peaks_weight_bps)
    raise ValueError("these reward parameters name no model")
