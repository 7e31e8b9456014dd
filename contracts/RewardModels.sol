// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {ICommunity, MemberStatus} from "./interfaces/ICommunity.sol";
import {ICommunityToken} from "./interfaces/ICommunityToken.sol";
import {IMeasurementNotary} from "./interfaces/IMeasurementNotary.sol";
import {IOracleQuorum, QuestionTerms} from "./interfaces/IOracleQuorum.sol";
import {IRewardModels, ModelKind, RewardBatch, RewardParameters} from "./interfaces/IRewardModels.sol";
import {ISessionHandler} from "./interfaces/ISessionHandler.sol";
import {LocalDay} from "./libraries/LocalDay.sol";

/// @title Reward models, their parameters and history, and the claims to what was earned
contract RewardModels is IRewardModels, Initializable {
    /// @dev From a round's first post: then the next round may be opened.
    uint40 private constant ANSWER_TIME = 1 days;
    uint256 private constant FULL_BPS = 10_000;
    uint256 private constant ROUND_BITS = 32;
    bytes32 private constant REWARDS = "rewards";

    /// @notice Parameters with the day from which on they are in force.
    struct Entry {
        RewardParameters parameters;
        uint32 fromDay;
    }

    /// @notice The community whose members are rewarded.
    ICommunity public community;

    /// @notice The operators who attest batches.
    IOracleQuorum public quorum;

    /// @notice Where the community's windows are set: a batch can be objected to as long as an outcome, at least.
    ISessionHandler public sessions;

    /// @notice Where the datasets are notarised that rewards are computed from.
    IMeasurementNotary public notary;

    /// @notice What is given.
    ICommunityToken public token;

    /// @inheritdoc IRewardModels
    mapping(uint32 day => uint32) public roundOf;

    /// @inheritdoc IRewardModels
    mapping(uint256 batchId => mapping(address member => bool)) public isClaimed;

    /// @inheritdoc IRewardModels
    mapping(uint256 batchId => uint256) public claimedOf;

    Entry[] private _entries;
    mapping(bytes32 answer => RewardBatch) private _batches;

    constructor() {
        _disableInitializers();
    }

    /// @notice Sets up a clone. Called once, by the factory, in the transaction that makes it.
    function initialize(
        ICommunity community_,
        IOracleQuorum quorum_,
        ISessionHandler sessions_,
        IMeasurementNotary notary_,
        ICommunityToken token_
    ) external initializer {
        community = community_;
        quorum = quorum_;
        sessions = sessions_;
        notary = notary_;
        token = token_;
    }

    // ---------------------------------------------------------------- parameters

    /// @inheritdoc IRewardModels
    function setParameters(RewardParameters calldata parameters, uint32 fromDay) external returns (uint256 number) {
        bytes32 role = community.ORACLE_ADMIN_ROLE();
        if (!community.hasRole(role, msg.sender)) revert MissingRole(msg.sender, role);
        if (parameters.model == ModelKind.None) revert ModelMissing();
        _checkShare(parameters.ownBps);
        _checkShare(parameters.loadBps);
        _checkShare(parameters.productionBps);
        _checkShare(parameters.thresholdBps);
        _checkShare(parameters.fullBps);
        _checkShare(parameters.selfConsumptionWeightBps);
        _checkShare(parameters.noPeaksWeightBps);
        uint256 earliest = LocalDay.latest(block.timestamp) + 1;
        if (fromDay < earliest) revert DayHasBegun(fromDay, earliest);
        _entries.push(Entry(parameters, fromDay));
        number = _entries.length;
        emit ParametersSet(number, fromDay, msg.sender, parameters);
    }

    // ---------------------------------------------------------------- batches

    /// @inheritdoc IRewardModels
    function postBatch(uint32 day, uint32 round, RewardBatch calldata batch, string calldata dataCid) external {
        if (bytes(dataCid).length == 0) revert EmptyDataCid();
        if (batch.root == bytes32(0) || batch.total == 0 || batch.claims == 0) revert IncompleteBatch(day, round);
        uint256 number = parametersOn(day);
        if (number == 0) revert NoParameters(day);
        (, uint256 finalAt) = notary.datasetOf(day, batch.datasetVersion);
        if (!_isFinal(finalAt)) revert DatasetNotFinal(day, batch.datasetVersion);
        _open(day, round);

        uint256 batchId = batchIdOf(day, round);
        bytes32 question = batchQuestion(batchId);
        bytes32 answer = keccak256(abi.encode(question, number, batch, keccak256(bytes(dataCid))));
        _batches[answer] = batch;
        emit BatchPosted(batchId, day, msg.sender, answer, number, batch, dataCid);
        QuestionTerms memory terms = QuestionTerms(
            quorum.currentSetId(),
            uint40(block.timestamp) + ANSWER_TIME,
            sessions.windowLimits().challenge,
            true
        );
        quorum.post(question, answer, msg.sender, terms, 0);
    }

    // ---------------------------------------------------------------- claims

    /// @inheritdoc IRewardModels
    function claim(uint256 batchId, address member, uint256 amount, bytes32[] calldata proof) external {
        RewardBatch memory batch = _finalBatch(batchId);
        if (isClaimed[batchId][member]) revert AlreadyClaimed(batchId, member);
        _pay(batchId, batch, member, amount, proof);
    }

    /// @inheritdoc IRewardModels
    function claimMany(
        uint256 batchId,
        address[] calldata members,
        uint256[] calldata amounts,
        bytes32[][] calldata proofs
    ) external {
        if (members.length != proofs.length) revert LengthMismatch(members.length, proofs.length);
        if (members.length != amounts.length) revert LengthMismatch(members.length, amounts.length);
        RewardBatch memory batch = _finalBatch(batchId);
        for (uint256 i = 0; i < members.length; ++i) {
            // Somebody may have claimed this one a moment ago: that is no reason to refuse the others.
            if (!isClaimed[batchId][members[i]]) _pay(batchId, batch, members[i], amounts[i], proofs[i]);
        }
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IRewardModels
    function parametersCount() external view returns (uint256) {
        return _entries.length;
    }

    /// @inheritdoc IRewardModels
    function parametersAt(uint256 number) external view returns (RewardParameters memory parameters, uint32 fromDay) {
        if (number == 0 || number > _entries.length) revert UnknownParameters(number, _entries.length);
        Entry memory entry = _entries[number - 1];
        return (entry.parameters, entry.fromDay);
    }

    /// @inheritdoc IRewardModels
    function postedBatch(bytes32 answer) external view returns (RewardBatch memory) {
        return _batches[answer];
    }

    /// @inheritdoc IRewardModels
    function parametersOn(uint32 day) public view returns (uint256 number) {
        number = _entries.length;
        while (number != 0 && _entries[number - 1].fromDay > day) --number;
    }

    /// @inheritdoc IRewardModels
    function batchIdOf(uint32 day, uint32 round) public pure returns (uint256) {
        return (uint256(day) << ROUND_BITS) | round;
    }

    /// @inheritdoc IRewardModels
    function batchQuestion(uint256 batchId) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), REWARDS, batchId));
    }

    /// @inheritdoc IRewardModels
    function batchOf(uint256 batchId) public view returns (RewardBatch memory batch, uint256 finalAt) {
        bytes32 answer;
        (answer, finalAt) = quorum.acceptedAnswer(batchQuestion(batchId));
        batch = _batches[answer];
    }

    // ---------------------------------------------------------------- internals

    /// @dev A round opens when the one before ended without an answer: a day is rewarded once.
    function _open(uint32 day, uint32 round) private {
        uint32 last = roundOf[day];
        if (round != 0 && round == last) return;
        if (last != 0) {
            bytes32 question = batchQuestion(batchIdOf(day, last));
            if (!quorum.isOver(question)) revert WrongRound(day, round, last);
            (bytes32 answer, ) = quorum.acceptedAnswer(question);
            if (answer != bytes32(0)) revert DayRewarded(day, last);
        }
        if (round != last + 1) revert WrongRound(day, round, last + 1);
        roundOf[day] = round;
    }

    function _pay(
        uint256 batchId,
        RewardBatch memory batch,
        address member,
        uint256 amount,
        bytes32[] calldata proof
    ) private {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(batchId, member, amount))));
        if (!MerkleProof.verifyCalldata(proof, batch.root, leaf)) revert NotInBatch(batchId, member, amount);
        uint256 left = batch.total - claimedOf[batchId];
        if (amount > left) revert BatchExhausted(batchId, amount, left);
        address payee = _payee(member);
        isClaimed[batchId][member] = true;
        claimedOf[batchId] += amount;
        emit RewardClaimed(batchId, member, payee, amount);
        token.mintReward(payee, amount);
    }

    /// @dev Until a replacement's delay is over, the lost wallet gets its due, and its balance moves on with the rest.
    function _payee(address member) private view returns (address payee) {
        if (community.statusOf(member) == MemberStatus.None) revert NeverAMember(member);
        payee = member;
        address next = community.successorOf(member);
        while (next != address(0)) {
            payee = next;
            next = community.successorOf(payee);
        }
    }

    function _finalBatch(uint256 batchId) private view returns (RewardBatch memory batch) {
        uint256 finalAt;
        (batch, finalAt) = batchOf(batchId);
        if (!_isFinal(finalAt)) revert BatchNotFinal(batchId);
    }

    function _isFinal(uint256 finalAt) private view returns (bool) {
        return finalAt != 0 && block.timestamp >= finalAt;
    }

    function _checkShare(uint256 bps) private pure {
        if (bps > FULL_BPS) revert ShareTooLarge(bps);
    }
}
