// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What tokens are given for. `None` is the answer for a day before any parameters.
enum ModelKind {
    None,
    SelfConsumption,
    NoPeaks,
    Combined
}

/// @notice The reward models' parameters, in clear. Shares are basis points, tokens the token's smallest unit.
/// @param model Which model is in force; those of the others are kept, and not looked at.
/// @param ownBps What a Wh counts that a member used of its own production.
/// @param loadBps What a Wh counts that a member used of the others' surplus.
/// @param productionBps What a Wh counts that the others used of a member's surplus.
/// @param thresholdBps The least part of its consumption that a member must have covered so.
/// @param fullBps The part of the usual peak to be cut for all of `maxTokens`.
/// @param selfConsumptionWeightBps Weight of self-consumption in the combined model.
/// @param noPeaksWeightBps Weight of no peaks in the combined model.
/// @param tokensPerKwh Tokens for a kWh that counts in full.
/// @param maxTokens Tokens for a peak cut in full.
struct RewardParameters {
    ModelKind model;
    uint16 ownBps;
    uint16 loadBps;
    uint16 productionBps;
    uint16 thresholdBps;
    uint16 fullBps;
    uint16 selfConsumptionWeightBps;
    uint16 noPeaksWeightBps;
    uint128 tokensPerKwh;
    uint128 maxTokens;
}

/// @notice The rewards of a day as operators post them: a tree of claims.
/// @param root Root of the tree of `(uint256 batchId, address member, uint256 amount)`.
/// @param total Sum of all claims.
/// @param claims How many claims.
/// @param datasetVersion Which version of the day's dataset they were computed from.
struct RewardBatch {
    bytes32 root;
    uint128 total;
    uint32 claims;
    uint32 datasetVersion;
}

/// @title Reward models, their parameters and history, and the claims to what was earned
/// @notice A day is the number of days from 1970-01-01 to the local date. A batch is a day's rewards in a round of
/// answering; its id is `day << 32 | round`. A day is rewarded once.
interface IRewardModels {
    /// @notice Thrown when the caller lacks the role.
    error MissingRole(address account, bytes32 role);

    /// @notice Thrown when parameters name no model.
    error ModelMissing();

    /// @notice Thrown when a share is above 100 %.
    error ShareTooLarge(uint256 bps);

    /// @notice Thrown when parameters are to apply to a day that has begun.
    error DayHasBegun(uint256 fromDay, uint256 earliest);

    /// @notice Thrown when no parameters are in force on a day.
    error NoParameters(uint256 day);

    /// @notice Thrown when there are no parameters of that number.
    error UnknownParameters(uint256 number, uint256 count);

    /// @notice Thrown when a batch has no root, no claims or no total.
    error IncompleteBatch(uint256 day, uint256 round);

    /// @notice Thrown when no CID of published data is given.
    error EmptyDataCid();

    /// @notice Thrown when the dataset that a batch names is not accepted, or not final yet.
    error DatasetNotFinal(uint256 day, uint256 version);

    /// @notice Thrown when a batch is of another round than the day's present one.
    error WrongRound(uint256 day, uint256 round, uint256 expected);

    /// @notice Thrown when the operators agreed on a batch of the day already.
    error DayRewarded(uint256 day, uint256 round);

    /// @notice Thrown when a batch is not accepted, or not final yet.
    error BatchNotFinal(uint256 batchId);

    /// @notice Thrown when a claim's path does not lead to the batch's root.
    error NotInBatch(uint256 batchId, address member, uint256 amount);

    /// @notice Thrown when a claim was paid before.
    error AlreadyClaimed(uint256 batchId, address member);

    /// @notice Thrown when claims would pass the batch's total.
    error BatchExhausted(uint256 batchId, uint256 amount, uint256 left);

    /// @notice Thrown when a claim is for a wallet that never was a member's.
    error NeverAMember(address wallet);

    /// @notice Thrown when claims, amounts and proofs are not as many.
    error LengthMismatch(uint256 leaves, uint256 proofs);

    /// @notice Emitted when parameters were set: they are in force from that day on, until later ones are.
    event ParametersSet(uint256 indexed number, uint32 fromDay, address indexed admin, RewardParameters parameters);

    /// @notice Emitted when an operator posted a day's rewards, computed with the parameters of that number.
    event BatchPosted(
        uint256 indexed batchId,
        uint32 indexed day,
        address indexed operator,
        bytes32 answer,
        uint256 parametersNumber,
        RewardBatch batch,
        string dataCid
    );

    /// @notice Emitted when a claim was paid; `payee` is the wallet that succeeds a replaced one, else the member's.
    event RewardClaimed(uint256 indexed batchId, address indexed member, address indexed payee, uint256 amount);

    /// @notice Sets parameters, in force from a day that has not begun. Of several that name the same or an earlier
    /// day, those set last are in force. Oracle admin only.
    /// @return number Theirs; numbered from 1.
    function setParameters(RewardParameters calldata parameters, uint32 fromDay) external returns (uint256 number);

    /// @notice Posts a day's rewards, computed from a notarised dataset, as an operator's answer.
    function postBatch(uint32 day, uint32 round, RewardBatch calldata batch, string calldata dataCid) external;

    /// @notice Pays a claim of a final batch, once, whatever the member's status is by then: it was earned. Anybody.
    function claim(uint256 batchId, address member, uint256 amount, bytes32[] calldata proof) external;

    /// @notice Pays many claims of a batch; those paid already are passed over. Anybody.
    function claimMany(
        uint256 batchId,
        address[] calldata members,
        uint256[] calldata amounts,
        bytes32[][] calldata proofs
    ) external;

    /// @notice How many parameters were ever set.
    function parametersCount() external view returns (uint256);

    /// @notice Parameters by their number, with the day from which on they are in force.
    function parametersAt(uint256 number) external view returns (RewardParameters memory parameters, uint32 fromDay);

    /// @notice The number of the parameters in force on a day; 0 if none.
    function parametersOn(uint32 day) external view returns (uint256 number);

    /// @notice The day's last round that was opened; 0 before the first.
    function roundOf(uint32 day) external view returns (uint32);

    /// @notice The id of a day's batch in a round.
    function batchIdOf(uint32 day, uint32 round) external pure returns (uint256);

    /// @notice What the operators are asked about a batch.
    function batchQuestion(uint256 batchId) external view returns (bytes32);

    /// @notice The accepted batch, and when it is final; zeros while there is none.
    function batchOf(uint256 batchId) external view returns (RewardBatch memory batch, uint256 finalAt);

    /// @notice A batch that an operator posted, by its answer's hash.
    function postedBatch(bytes32 answer) external view returns (RewardBatch memory);

    /// @notice Whether the member's claim was paid.
    function isClaimed(uint256 batchId, address member) external view returns (bool);

    /// @notice What was paid of a batch.
    function claimedOf(uint256 batchId) external view returns (uint256);
}
