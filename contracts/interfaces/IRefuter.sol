// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OutcomeProof} from "./IMarketplace.sol";
import {Refutation, RevealedOrder, TreePlace} from "./IRefutationVerifier.sol";

/// @title Refuting a wrong outcome while its challenge window is open
/// @notice A challenger commits first and proves at least a block later, so that nobody who sees the proof on its way
/// can take the bounty. A refuted outcome is void, those who backed it lose their bonds, and a new round opens.
interface IRefuter {
    /// @notice Thrown when no outcome is accepted in the session's present round.
    error NothingAccepted(uint256 sessionId);

    /// @notice Thrown when the outcome can be challenged no more.
    error WindowClosed(uint256 sessionId, uint256 deadline, uint256 timestamp);

    /// @notice Thrown when the caller has not committed to this very proof, or not in an earlier block; 0: not at all.
    error NotCommitted(bytes32 commitment, uint256 committedInBlock, uint256 blockNumber);

    /// @notice Thrown when the outcome given is not the accepted one of the present round.
    error NotTheAcceptedOutcome(uint256 sessionId, bytes32 given, bytes32 accepted);

    /// @notice Thrown when the slot's result is not the one among the outcome's hashes.
    error NotTheSlotsResult(uint256 slot, bytes32 given, uint256 slots);

    /// @notice Thrown when the caller is not the contract that keeps the demands.
    error NotTreeDemands(address account);

    /// @notice Emitted when somebody committed to a proof.
    event ProofCommitted(uint256 indexed sessionId, address indexed sender, bytes32 commitment);

    /// @notice Emitted when an outcome was refuted by a proof.
    event OutcomeRefuted(
        uint256 indexed sessionId,
        bytes32 indexed question,
        address indexed challenger,
        uint256 slot,
        Refutation kind
    );

    /// @notice Emitted when an outcome became void because nobody opened its tree.
    event OutcomeWithheld(uint256 indexed sessionId, bytes32 indexed question, address indexed challenger);

    /// @notice Commits to a proof against the session's accepted outcome, within its window.
    /// @param sessionId The session.
    /// @param commitment `keccak256(abi.encode(block.chainid, refuter, challenger, keccak256(call)))`, where `call` are
    /// the bytes of the challenger's later call of `refute`.
    function commit(uint256 sessionId, bytes32 commitment) external;

    /// @notice Refutes the session's accepted outcome by a proof that the caller committed to in an earlier block.
    /// @param sessionId The session.
    /// @param outcome The slot that the proof is about, in the accepted outcome.
    /// @param kind What the proof shows.
    /// @param places The places of the slot's tree that it opens.
    /// @param revealed The revealed order that it needs; otherwise anything.
    function refute(
        uint256 sessionId,
        OutcomeProof calldata outcome,
        Refutation kind,
        TreePlace[] calldata places,
        RevealedOrder calldata revealed
    ) external;

    /// @notice Makes void an outcome whose tree nobody opened in time. Contract of demands only.
    function voidWithheld(uint256 sessionId, bytes32 question, address challenger) external;

    /// @notice Keeps the session's accepted outcome open for longer. Contract of demands only.
    function extend(bytes32 question, uint32 bySeconds) external;

    /// @notice The session's question and accepted answer, if the outcome is the accepted one and its window open.
    function acceptedQuestion(
        uint256 sessionId,
        OutcomeProof calldata outcome
    ) external view returns (bytes32 question, uint256 finalAt);

    /// @notice The block in which a commitment came; 0 for none.
    function committedIn(bytes32 commitment) external view returns (uint256);

    /// @notice Until when proofs against the session's accepted outcome may be committed to; 0 while there is none.
    function commitDeadline(uint256 sessionId) external view returns (uint256);
}
