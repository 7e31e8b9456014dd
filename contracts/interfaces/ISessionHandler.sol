// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DatasetVersion} from "./IMarketplace.sol";

/// @notice The parameters of a session, set once. Times are UTC epoch seconds, prices µ€/kWh, energy Wh, money µ€.
/// @param commitDeadline tc: commitments are taken before it.
/// @param revealDeadline tr: reveals are taken in [tc, tr).
/// @param depositFixed The least commit deposit.
/// @param depositBps The commit deposit as a share of the lock.
/// @param mostOrders Most orders of one member.
/// @param slotCount Slots of delivery, at most 100.
/// @param slotSeconds Length of a slot: 900 or 3600.
/// @param missingAllowance Missing slots of a trader that are excused.
/// @param toleranceBps Shortfall that is not fined, as a share of the filled energy.
/// @param floorPrice Least limit.
/// @param capPrice Greatest limit.
/// @param penaltyPrice Price of energy filled and not delivered or not taken.
/// @param smallestOrder Least quantity of an order.
/// @param challengeWindow Seconds from the k-th attestation until an outcome is final; the same for the objection to
/// a settlement.
/// @param executionTimeout Seconds from a settlement's finality until what was not executed goes back.
/// @param deliveryStart Start of the first slot.
/// @param settlementTimeout No outcome or settlement is accepted from then on; absolute.
struct SessionParameters {
    uint40 commitDeadline;
    uint40 revealDeadline;
    uint96 depositFixed;
    uint16 depositBps;
    uint16 mostOrders;
    uint8 slotCount;
    uint16 slotSeconds;
    uint8 missingAllowance;
    uint16 toleranceBps;
    uint40 floorPrice;
    uint40 capPrice;
    uint40 penaltyPrice;
    uint40 smallestOrder;
    uint32 challengeWindow;
    uint32 executionTimeout;
    uint40 deliveryStart;
    uint40 settlementTimeout;
}

/// @notice The least lengths that a community sets for its sessions, in seconds.
/// @param commit From opening to `tc`.
/// @param reveal From `tc` to `tr`.
/// @param challenge The challenge window.
/// @param settlement From the end of delivery to the settlement timeout.
/// @param execution The execution timeout.
struct WindowLimits {
    uint32 commit;
    uint32 reveal;
    uint32 challenge;
    uint32 settlement;
    uint32 execution;
}

/// @notice Where a session stands; follows from the clock and from what the marketplace has accepted.
enum SessionState {
    Unknown,
    Commit,
    Reveal,
    Clearing,
    Challenge,
    Delivery,
    Objection,
    Execution,
    Closed,
    Cancelled
}

/// @title Sessions of a community, their parameters, deadlines and states
interface ISessionHandler {
    /// @notice Thrown when the caller lacks the role.
    error MissingRole(address account, bytes32 role);

    /// @notice Thrown when there is no such session.
    error UnknownSession(uint256 sessionId);

    /// @notice Thrown when the times do not follow `now < tc < tr ≤ delivery start`.
    error WrongTimes(uint256 timestamp, uint256 commitDeadline, uint256 revealDeadline, uint256 deliveryStart);

    /// @notice Thrown when a window is shorter than the community's least length.
    error WindowTooShort(bytes32 window, uint256 length, uint256 least);

    /// @notice Thrown when a window is longer than the code allows: whatever is locked would be so for too long.
    error WindowTooLong(bytes32 window, uint256 length, uint256 most);

    /// @notice Thrown when a slot is neither 900 nor 3600 s long, or the delivery starts off the grid.
    error OffGrid(uint256 deliveryStart, uint256 slotSeconds);

    /// @notice Thrown when there are no slots, or more than the most.
    error WrongSlotCount(uint256 slotCount, uint256 most);

    /// @notice Thrown when a slot of the delivery belongs to another session.
    error SlotTaken(uint256 start);

    /// @notice Thrown when prices do not follow `floor ≤ cap`, `1 ≤ cap`, `penalty > 0`.
    error WrongPrices(uint256 floorPrice, uint256 capPrice, uint256 penaltyPrice);

    /// @notice Thrown when the smallest order or the most orders per member is 0.
    error WrongOrderLimits(uint256 smallestOrder, uint256 mostOrders);

    /// @notice Thrown when a share is above 100 %.
    error ShareTooLarge(uint256 bps);

    /// @notice Thrown when the session is validated already.
    error AlreadyValidated(uint256 sessionId);

    /// @notice Emitted when a session was opened.
    event SessionOpened(
        uint256 indexed sessionId,
        address indexed operator,
        uint256 operatorSetId,
        SessionParameters parameters
    );

    /// @notice Emitted when a session's settlement became final and may be executed.
    event SessionValidated(uint256 indexed sessionId);

    /// @notice Emitted when the community's least windows changed.
    event WindowLimitsSet(WindowLimits limits);

    /// @notice Opens a session. Market operator only.
    /// @return sessionId Its number; sessions are numbered from 1.
    function newSession(SessionParameters calldata parameters) external returns (uint256 sessionId);

    /// @notice Marks a session validated once its settlement is final, which opens execution. Anybody.
    function setPriorSessionValidation(uint256 sessionId) external;

    /// @notice Sets the least lengths of windows, for sessions opened from now on. Community admin only.
    function setWindowLimits(WindowLimits calldata limits) external;

    /// @notice How many sessions were opened.
    function sessionCount() external view returns (uint256);

    /// @notice A session's parameters.
    function parametersOf(uint256 sessionId) external view returns (SessionParameters memory);

    /// @notice The operators that a session opened under.
    function operatorSetOf(uint256 sessionId) external view returns (uint32);

    /// @notice Where a session stands now.
    function stateOf(uint256 sessionId) external view returns (SessionState);

    /// @notice Refuses a settlement before the session's delivery is over, or one that does not rest on the notarised
    /// datasets of its days.
    function checkEvidence(uint256 sessionId, DatasetVersion[] calldata versions) external view;

    /// @notice Whether the session's settlement is final and execution open.
    function isValidated(uint256 sessionId) external view returns (bool);

    /// @notice tc, until which commitments are taken.
    function getCommitDeadline(uint256 sessionId) external view returns (uint256);

    /// @notice tr, until which reveals are taken.
    function getRevealDeadline(uint256 sessionId) external view returns (uint256);

    /// @notice What a commitment needs to know.
    function commitTerms(
        uint256 sessionId
    ) external view returns (uint40 commitDeadline, uint96 depositFixed, uint16 depositBps);

    /// @notice The least lengths of windows.
    function windowLimits() external view returns (WindowLimits memory);
}
