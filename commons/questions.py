"""The questions that a market puts to the quorum, by their hashes: a vote names no session, only one of these."""

from eth_abi.abi import encode

from commons.addresses import Address
from commons.keccak import keccak256
from commons.units import SessionId


def question_of(chain_id: int, marketplace: Address, stage: bytes, session_id: SessionId, round_: int) -> bytes:
    """The question that a stage (`b"outcome"`, `b"settlement"`) of a session puts to the quorum in a round.

    Bit for bit what `Marketplace` computes in `_question`.
    """
    types = ["uint256", "address", "bytes32", "uint256", "uint256"]
    return keccak256(encode(types, [chain_id, marketplace, stage.ljust(32, b"\0"), session_id, round_]))
