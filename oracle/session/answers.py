"""The hashes by which operators vote: a question per session, stage and round, and an answer to it.

Bit for bit what `Marketplace` computes (`_question`, `_outcomeAnswer`, `_settlementAnswer`); computed here before
anything is posted or attested, so that an operator signs what it has worked out and nothing else.
"""

from collections.abc import Sequence

from eth_abi.abi import encode

from commons.keccak import keccak256
from commons.questions import question_of
from commons.records import DatasetVersion
from commons.units import SessionId
from oracle.clearing.outcome import slots_hash
from oracle.clearing.types import SlotResult
from oracle.session.types import MarketId, Stage
from oracle.settlement.types import Totals


def question(market: MarketId, stage: Stage, session_id: SessionId, round_: int) -> bytes:
    """The question that a stage of a session puts to the quorum in a round."""
    return question_of(market.chain_id, market.marketplace, stage.value, session_id, round_)


def outcome_answer(question_: bytes, results: Sequence[SlotResult], data_cid: str) -> bytes:
    """The answer that these results, published under `data_cid`, are."""
    return keccak256(question_ + slots_hash(results) + keccak256(data_cid.encode()))


def settlement_answer(
    question_: bytes, root: bytes, totals: Totals, versions: Sequence[DatasetVersion], data_cid: str
) -> bytes:
    """The answer that this settlement, published under `data_cid`, is."""
    versions_hash = keccak256(encode(["(uint32,uint32)[]"], [[(v.day, v.version) for v in versions]]))
    types = ["bytes32", "bytes32", "(uint128,uint128,uint128)", "bytes32", "bytes32"]
    money = (totals.debit, totals.credit, totals.penalty)
    return keccak256(encode(types, [question_, root, money, versions_hash, keccak256(data_cid.encode())]))
