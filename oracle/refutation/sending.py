"""Refutations, demands and answers as calls: from what was found to what is sent."""

from eth_abi.abi import encode

from commons.addresses import Address
from commons.chain import Call
from commons.contracts import Contract, Contracts
from commons.keccak import keccak256
from commons.records import DemandedNode
from oracle.clearing.outcome import slot_hash
from oracle.clearing.types import SlotResult
from oracle.refutation.places import Proof, Sight, place
from oracle.session.types import PostedOutcome, SessionView

SlotProof = tuple[int, list[bytes], SlotResult, str]
"""Solidity's `OutcomeProof`."""


def outcome_proof(posted: PostedOutcome, slot: int) -> SlotProof:
    """A slot among the hashes of all of a posted outcome's."""
    return slot, [slot_hash(result) for result in posted.results], posted.results[slot], posted.data_cid


def refute_call(contracts: Contracts, view: SessionView, posted: PostedOutcome, proof: Proof) -> Call:
    """The call that proves an outcome wrong."""
    outcome = outcome_proof(posted, proof.slot)
    arguments = (view.session_id, outcome, proof.kind, proof.places, proof.revealed)
    return contracts.refuter.call("refute", *arguments)


def commitment(contracts: Contracts, chain_id: int, challenger: Address, call: Call) -> bytes:
    """What a challenger commits to before sending a call of `refute`."""
    values = [chain_id, contracts.refuter.address, challenger, keccak256(call.data)]
    return keccak256(encode(["uint256", "address", "address", "bytes32"], values))


def check_call(contracts: Contracts, verifier: Address, view: SessionView, posted: PostedOutcome, proof: Proof) -> Call:
    """The question to the chain whether it would accept a proof; needs no commitment and no account."""
    arguments = (contracts.marketplace.address, view.session_id, proof.slot, posted.results[proof.slot])
    return Contract(verifier, "RefutationVerifier").call("check", *arguments, proof.kind, proof.places, proof.revealed)


def demanded_node(sight: Sight, level: int, position: int) -> DemandedNode:
    """A node of a tree, named with its path."""
    node, opened = sight.node(level, position), place(sight, level, position, b"")
    assert node is not None, "only known nodes are demanded"
    assert opened is not None, "whoever knows a node knows its path"
    return DemandedNode(level, position, node.hash, opened.path)
