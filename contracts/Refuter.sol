// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";

import {IMarketplace, OutcomeProof} from "./interfaces/IMarketplace.sol";
import {IOracleQuorum} from "./interfaces/IOracleQuorum.sol";
import {IRefutationVerifier, Refutation, RevealedOrder, TreePlace} from "./interfaces/IRefutationVerifier.sol";
import {IRefuter} from "./interfaces/IRefuter.sol";

/// @title Refuting a wrong outcome while its challenge window is open
/// @notice What a proof must show is the verifier's business; this contract sees to whose outcome it is about, who came
/// first, and what follows.
contract Refuter is IRefuter, Initializable {
    /// @dev What a commitment made in the window's last moments adds to it, once, so that the proof still fits in.
    uint32 private constant GRACE = 2 minutes;

    /// @notice Judges proofs; shared by all clones, as part of the code.
    IRefutationVerifier public immutable verifier;

    /// @notice The market whose outcomes are refuted.
    IMarketplace public marketplace;

    /// @notice The operators who answer for them.
    IOracleQuorum public quorum;

    /// @notice The contract that keeps the demands to open a tree.
    address public demands;

    /// @inheritdoc IRefuter
    mapping(bytes32 commitment => uint256 blockNumber) public committedIn;

    mapping(bytes32 question => uint32) private _grace;

    /// @param verifier_ Shared by all clones, as part of the code.
    constructor(IRefutationVerifier verifier_) {
        verifier = verifier_;
        _disableInitializers();
    }

    /// @notice Sets up a clone. Called once, by the factory, in the transaction that makes it.
    function initialize(IMarketplace marketplace_, IOracleQuorum quorum_, address demands_) external initializer {
        marketplace = marketplace_;
        quorum = quorum_;
        demands = demands_;
    }

    // ---------------------------------------------------------------- commit, then prove

    /// @inheritdoc IRefuter
    function commit(uint256 sessionId, bytes32 commitment) external {
        bytes32 question = marketplace.outcomeQuestion(sessionId);
        uint256 deadline = _commitDeadline(question);
        if (deadline == 0) revert NothingAccepted(sessionId);
        if (block.timestamp >= deadline) revert WindowClosed(sessionId, deadline, block.timestamp);
        // The first counts: nobody can make a commitment younger by repeating it.
        if (committedIn[commitment] == 0) committedIn[commitment] = block.number;
        emit ProofCommitted(sessionId, msg.sender, commitment);
        if (_grace[question] == 0 && block.timestamp + GRACE > deadline) {
            _grace[question] = GRACE;
            quorum.extendWindow(question, GRACE);
        }
    }

    /// @inheritdoc IRefuter
    function refute(
        uint256 sessionId,
        OutcomeProof calldata outcome,
        Refutation kind,
        TreePlace[] calldata places,
        RevealedOrder calldata revealed
    ) external {
        _requireCommitted();
        (bytes32 question, ) = acceptedQuestion(sessionId, outcome);
        verifier.check(marketplace, sessionId, outcome.slot, outcome.result, kind, places, revealed);
        emit OutcomeRefuted(sessionId, question, msg.sender, outcome.slot, kind);
        _void(sessionId, question, msg.sender);
    }

    // ---------------------------------------------------------------- for the demands

    /// @inheritdoc IRefuter
    function voidWithheld(uint256 sessionId, bytes32 question, address challenger) external {
        if (msg.sender != demands) revert NotTreeDemands(msg.sender);
        emit OutcomeWithheld(sessionId, question, challenger);
        _void(sessionId, question, challenger);
    }

    /// @inheritdoc IRefuter
    function extend(bytes32 question, uint32 bySeconds) external {
        if (msg.sender != demands) revert NotTreeDemands(msg.sender);
        quorum.extendWindow(question, bySeconds);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IRefuter
    function acceptedQuestion(
        uint256 sessionId,
        OutcomeProof calldata outcome
    ) public view returns (bytes32 question, uint256 finalAt) {
        bytes32 resultHash = keccak256(abi.encode(outcome.result));
        if (outcome.slot >= outcome.slotHashes.length || outcome.slotHashes[outcome.slot] != resultHash) {
            revert NotTheSlotsResult(outcome.slot, resultHash, outcome.slotHashes.length);
        }
        // The question names chain, market, session and round: nothing of another round fits it. [9]
        question = marketplace.outcomeQuestion(sessionId);
        bytes32 accepted;
        (accepted, finalAt) = quorum.acceptedAnswer(question);
        if (accepted == bytes32(0)) revert NothingAccepted(sessionId);
        if (block.timestamp >= finalAt) revert WindowClosed(sessionId, finalAt, block.timestamp);
        bytes32 slotsHash = keccak256(abi.encodePacked(outcome.slotHashes));
        bytes32 given = keccak256(abi.encode(question, slotsHash, keccak256(bytes(outcome.dataCid))));
        if (given != accepted) revert NotTheAcceptedOutcome(sessionId, given, accepted);
    }

    /// @inheritdoc IRefuter
    function commitDeadline(uint256 sessionId) external view returns (uint256) {
        return _commitDeadline(marketplace.outcomeQuestion(sessionId));
    }

    // ---------------------------------------------------------------- internals

    function _commitDeadline(bytes32 question) private view returns (uint256) {
        (bytes32 accepted, uint256 finalAt) = quorum.acceptedAnswer(question);
        return accepted == bytes32(0) ? 0 : finalAt - _grace[question];
    }

    /// @dev The commitment covers the caller and every byte of this call, and serves once.
    function _requireCommitted() private {
        bytes32 commitment = keccak256(abi.encode(block.chainid, address(this), msg.sender, keccak256(msg.data)));
        uint256 blockNumber = committedIn[commitment];
        if (blockNumber == 0 || blockNumber >= block.number) {
            revert NotCommitted(commitment, blockNumber, block.number);
        }
        delete committedIn[commitment];
    }

    function _void(uint256 sessionId, bytes32 question, address challenger) private {
        marketplace.voidOutcome(sessionId);
        quorum.voidAnswer(question, challenger);
    }
}
