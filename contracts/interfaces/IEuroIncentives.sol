// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice An incentive in euro that the community received.
/// @param bankReference Names the bank's payment, once.
/// @param ruleId Names the rule of division, which the operators apply off chain.
/// @param periodStart Start of the period that it rewards.
/// @param periodEnd End of it.
/// @param setId The operators who attest its split.
/// @param amount What arrived, in the settlement ERC-20.
/// @param claimed What was paid out of it.
/// @param isClosed Whether what was left went back to the treasury.
struct Incentive {
    bytes32 bankReference;
    bytes32 ruleId;
    uint128 amount;
    uint128 claimed;
    uint40 periodStart;
    uint40 periodEnd;
    uint40 recordedAt;
    uint32 setId;
    bool isClosed;
}

/// @notice How an incentive is divided: the root over `(uint256 incentiveId, address member, uint256 amount)`, leaves of
/// OpenZeppelin's StandardMerkleTree.
struct IncentiveSplit {
    bytes32 root;
    uint128 total;
    uint32 claims;
}

/// @title Incentives in euro that the community receives, and the members' shares in them
interface IEuroIncentives {
    /// @notice Thrown when the caller lacks the role.
    error MissingRole(address account, bytes32 role);

    /// @notice Thrown when an incentive lacks its reference, rule or period, or nothing arrived.
    error IncompleteIncentive();

    /// @notice Thrown when a bank's payment was recorded before.
    error IncentiveRecorded(bytes32 bankReference);

    /// @notice Thrown when there is no such incentive, or what was left of it went back to the treasury.
    error IncentiveOver(uint256 incentiveId);

    /// @notice Thrown when a split lacks its root, claims or published data, or divides more than arrived.
    error WrongSplit(uint256 incentiveId, uint256 total, uint256 amount);

    /// @notice Thrown when the account is no operator of the set that splits the incentive.
    error NotASplitOperator(address account, uint256 setId);

    /// @notice Thrown when the time to split an incentive is over.
    error TooLate(uint256 deadline, uint256 timestamp);

    /// @notice Thrown when an incentive cannot be closed yet.
    error TooEarly(uint256 opensAt, uint256 timestamp);

    /// @notice Thrown when no split of the incentive is final.
    error SplitNotFinal(uint256 incentiveId);

    /// @notice Thrown when the share is not in the split.
    error NotInSplit(uint256 incentiveId, address member, uint256 amount);

    /// @notice Thrown when the share was paid before.
    error ShareClaimed(uint256 incentiveId, address member);

    /// @notice Thrown when the shares paid would pass what the split divides.
    error SplitExhausted(uint256 incentiveId, uint256 amount, uint256 left);

    /// @notice Thrown when the arrays of a batch differ in length.
    error LengthMismatch(uint256 leaves, uint256 proofs);

    /// @notice Thrown when the wallet is being replaced: its money moves when the delay is over.
    error ReplacementPending(address wallet, uint256 settledAt, uint256 timestamp);

    /// @notice Thrown when a payment would spend what is reserved for members.
    error Reserved(uint256 amount, uint256 free);

    /// @notice Emitted when an incentive was recorded and its money arrived.
    event IncentiveReceived(
        uint256 indexed incentiveId,
        bytes32 indexed bankReference,
        bytes32 ruleId,
        uint256 periodStart,
        uint256 periodEnd,
        uint256 amount
    );

    /// @notice Emitted when an operator posted a split; the question and answer are the quorum's.
    event SplitPosted(
        uint256 indexed incentiveId,
        address indexed operator,
        bytes32 indexed answer,
        IncentiveSplit split,
        string dataCid
    );

    /// @notice Emitted when a share was paid, to the member or to the wallet that succeeded it.
    event SharePaid(uint256 indexed incentiveId, address indexed member, address wallet, uint256 amount);

    /// @notice Emitted when what was left of an incentive went back to the treasury's free money.
    event IncentiveClosed(uint256 indexed incentiveId, uint256 left);

    /// @notice Records an incentive, and takes it in from the caller; what arrives counts. Token admin only.
    function recordIncentive(
        bytes32 bankReference,
        bytes32 ruleId,
        uint40 periodStart,
        uint40 periodEnd,
        uint256 amount
    ) external returns (uint256 incentiveId);

    /// @notice Posts a split and counts as the operator's vote; others attest the answer at the quorum, and may withdraw
    /// within the window. Operators of the set in force when the incentive was recorded.
    function postSplit(uint256 incentiveId, IncentiveSplit calldata split, string calldata dataCid) external;

    /// @notice Pays a member its share of a final split. Anybody for it.
    function claimShare(uint256 incentiveId, address member, uint256 amount, bytes32[] calldata proof) external;

    /// @notice Pays many members their shares; those paid before are passed over. Anybody for them.
    function claimShares(
        uint256 incentiveId,
        address[] calldata members,
        uint256[] calldata amounts,
        bytes32[][] calldata proofs
    ) external;

    /// @notice Gives what nobody claimed within a year, or an incentive never split, to the treasury. Anybody.
    function closeIncentive(uint256 incentiveId) external;

    /// @notice An incentive.
    function incentiveOf(uint256 incentiveId) external view returns (Incentive memory);

    /// @notice How many incentives were recorded; they are numbered from 1.
    function incentiveCount() external view returns (uint256);

    /// @notice The accepted split of an incentive and when it is final; zeros while there is none.
    function splitOf(uint256 incentiveId) external view returns (IncentiveSplit memory split, uint256 finalAt);

    /// @notice A split that was posted.
    function postedSplit(bytes32 answer) external view returns (IncentiveSplit memory);

    /// @notice The question to the quorum about an incentive's split.
    function splitQuestion(uint256 incentiveId) external view returns (bytes32);

    /// @notice Whether a member's share was paid.
    function isIncentiveClaimed(uint256 incentiveId, address member) external view returns (bool);

    /// @notice Settlement ERC-20 that is reserved for members' shares.
    function reserved() external view returns (uint256);
}
