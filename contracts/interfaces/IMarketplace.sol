// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ICommunity} from "./ICommunity.sol";
import {IOracleQuorum} from "./IOracleQuorum.sol";
import {ISessionHandler} from "./ISessionHandler.sol";

/// @notice A limit order for one slot: sorted by slot, one side per trader and slot.
struct Order {
    uint16 slot;
    bool isBuy;
    uint64 quantityWh;
    uint64 limitPrice;
}

/// @notice The outcome of one slot: price interval, witnesses, volume, and the root of its allocation tree with sums.
struct SlotResult {
    uint64 price;
    uint64 lo;
    uint64 hi;
    uint32 loWitness;
    uint32 hiWitness;
    uint64 volume;
    uint32 orderCount;
    bytes32 root;
    uint64 buyFilled;
    uint64 sellFilled;
    uint64 marginBuyQuantity;
    uint64 marginBuyFilled;
    uint64 marginSellQuantity;
    uint64 marginSellFilled;
}

/// @notice One trader's part of a settlement, in µ€.
struct SettlementLeaf {
    address trader;
    uint256 debit;
    uint256 credit;
    uint256 penalty;
}

/// @notice Sums over a settlement's leaves, in µ€.
struct SettlementTotals {
    uint128 debit;
    uint128 credit;
    uint128 penalty;
}

/// @notice Which version of a local day's dataset a settlement used.
struct DatasetVersion {
    uint32 day;
    uint32 version;
}

/// @notice A member's escrow. `balance` includes `locked`.
struct Account {
    uint128 balance;
    uint128 locked;
}

/// @notice How far a trader's part of a session has come.
enum PositionState {
    None,
    Committed,
    Revealed,
    Ended
}

/// @notice A trader's part of a session.
/// @param digest The commitment; after the reveal `keccak256(abi.encode(orders))`.
/// @param lock What is locked: `maxLock`; after the reveal the worst case.
/// @param debitBound Most debit; the most penalty is `lock - debitBound`.
/// @param firstIndex Index of the first order in the session.
/// @param orderCount How many orders.
/// @param creditBound Most credit.
struct Position {
    bytes32 digest;
    uint96 lock;
    uint96 debitBound;
    uint32 firstIndex;
    uint16 orderCount;
    PositionState state;
    uint96 creditBound;
}

/// @notice A session's book-keeping.
/// @param orderCount Orders revealed.
/// @param traders Traders who revealed.
/// @param executed Leaves executed.
/// @param round Round of clearing, from 1; 0 for an unknown session.
/// @param cancelled Whether the session was cancelled.
/// @param locks Sum of the locks at reveal.
/// @param pot Debits and penalties taken, less credits paid.
/// @param executionDeadline Leaves are dead from then on; 0 until the settlement is final.
/// @param settlementRoot Root of the final settlement.
struct SessionBook {
    uint32 orderCount;
    uint32 traders;
    uint32 executed;
    uint16 round;
    bool cancelled;
    uint128 locks;
    uint128 pot;
    uint40 executionDeadline;
    bytes32 settlementRoot;
}

/// @notice A settlement that operators posted.
struct PostedSettlement {
    bytes32 root;
    SettlementTotals totals;
}

/// @notice A leaf of an allocation tree with its path: sibling hashes and sums, from the leaf up.
struct AllocationProof {
    uint32 index;
    address trader;
    bool isBuy;
    uint64 quantityWh;
    uint64 limitPrice;
    uint64 filledWh;
    uint32 position;
    bytes32[] siblings;
    uint64[6][] siblingSums;
}

/// @notice One slot's result among the hashes of all of an outcome's results.
/// @param slot The slot.
/// @param slotHashes The hash of each slot's result, in slot order.
/// @param result The slot's result.
/// @param dataCid The data that the outcome names.
struct OutcomeProof {
    uint16 slot;
    bytes32[] slotHashes;
    SlotResult result;
    string dataCid;
}

/// @notice Why a lock ended without execution.
enum ReleaseReason {
    NotRevealed,
    Cancelled,
    ExecutionTimeout
}

/// @title Escrow, sealed orders, outcomes and settlement of a community's energy market
interface IMarketplace {
    /// @notice Thrown when the caller is no active member.
    error NotActive(address account);

    /// @notice Thrown when an amount is zero.
    error EmptyAmount();

    /// @notice Thrown when the free escrow does not suffice.
    error InsufficientEscrow(address account, uint256 free, uint256 required);

    /// @notice Thrown when something came at or after its deadline.
    error TooLate(uint256 deadline, uint256 timestamp);

    /// @notice Thrown when something came before its time.
    error TooEarly(uint256 opensAt, uint256 timestamp);

    /// @notice Thrown when the commitment is empty.
    error EmptyCommitment();

    /// @notice Thrown when the trader's part of the session is not in the state that the step needs.
    error WrongPosition(uint256 sessionId, address trader, PositionState state);

    /// @notice Thrown when orders and salt do not give the commitment on record.
    error RevealMismatch(uint256 sessionId, address trader, bytes32 committed, bytes32 revealed);

    /// @notice Thrown when there are no orders, or more than the session allows.
    error WrongOrderCount(uint256 count, uint256 most);

    /// @notice Thrown when orders are not sorted by slot, or a slot is outside the session.
    error WrongSlot(uint256 position, uint256 slot);

    /// @notice Thrown when a trader's orders of one slot are on both sides.
    error BothSides(uint256 position, uint256 slot);

    /// @notice Thrown when a quantity is below the smallest order or at least 2⁴⁰.
    error WrongQuantity(uint256 position, uint256 quantityWh, uint256 smallest);

    /// @notice Thrown when a limit is 0 or outside `[floor, cap]`.
    error WrongLimit(uint256 position, uint256 limitPrice, uint256 floorPrice, uint256 capPrice);

    /// @notice Thrown when the orders may need more than was locked for them.
    error LockTooSmall(uint256 required, uint256 maxLock);

    /// @notice Thrown when nobody revealed: there is nothing to clear.
    error NothingRevealed(uint256 sessionId);

    /// @notice Thrown when the session was cancelled.
    error SessionIsCancelled(uint256 sessionId);

    /// @notice Thrown when the number of slot results is not the session's slot count.
    error WrongResultCount(uint256 count, uint256 required);

    /// @notice Thrown when a slot result contradicts itself or the session; `check` names the rule.
    error ImpossibleResult(uint256 slot, bytes32 check);

    /// @notice Thrown when the order counts do not add up to the orders revealed.
    error WrongOrderTotal(uint256 counted, uint256 revealed);

    /// @notice Thrown when no published dataset is named.
    error EmptyDataCid();

    /// @notice Thrown when the outcome given is not the session's final one.
    error NotTheFinalOutcome(uint256 sessionId, bytes32 given, bytes32 accepted);

    /// @notice Thrown when the session has no final outcome.
    error OutcomeNotFinal(uint256 sessionId);

    /// @notice Thrown when a settlement pays out more than it takes, or takes more than is locked.
    error ImpossibleTotals(uint256 debit, uint256 credit, uint256 penalty, uint256 locks);

    /// @notice Thrown when the session has no final settlement.
    error SettlementNotFinal(uint256 sessionId);

    /// @notice Thrown when the caller is not the session handler.
    error NotSessionHandler(address account);

    /// @notice Thrown when the caller is not the contract that judges refutations.
    error NotTheRefuter(address account);

    /// @notice Thrown when a proof does not lead to the root.
    error InvalidProof(bytes32 leaf, bytes32 root);

    /// @notice Thrown when a leaf is beyond what the trader's orders allow.
    error BeyondBounds(
        address trader,
        SettlementLeaf leaf,
        uint256 debitBound,
        uint256 creditBound,
        uint256 penaltyBound
    );

    /// @notice Thrown when the session's pot holds too little for a credit.
    error PotTooSmall(uint256 sessionId, address trader, uint256 missing);

    /// @notice Thrown when leaves and proofs are not as many.
    error LengthMismatch(uint256 leaves, uint256 proofs);

    /// @notice Thrown when an order left nothing unfilled, or was freed before.
    error NothingUnfilled(uint256 sessionId, uint256 index);

    /// @notice Thrown when a settlement accepted in time stands in the way of a cancellation.
    error SettlementStands(uint256 sessionId);

    /// @notice Thrown when the trader's lock has no reason to end yet.
    error LockHolds(uint256 sessionId, address trader);

    /// @notice Thrown when leaves are still to be executed and the execution timeout has not come.
    error ExecutionRunning(uint256 sessionId, uint256 executed, uint256 traders);

    /// @notice Thrown when the wallet's escrow may not move to a successor (yet).
    error NoSuccessor(address oldWallet);

    /// @notice Emitted when escrow was paid in.
    event Deposited(address indexed account, uint256 amount);

    /// @notice Emitted when escrow was paid out.
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice Emitted when a lost wallet's free escrow moved to its successor.
    event EscrowMoved(address indexed oldWallet, address indexed newWallet, uint256 amount);

    /// @notice Emitted when a commitment was taken or replaced; carries the encrypted envelope.
    event CommitmentSubmitted(
        uint256 indexed sessionId,
        address indexed trader,
        bytes32 commitment,
        uint256 maxLock,
        uint256 deposit,
        bytes envelope
    );

    /// @notice Emitted when a commitment was withdrawn or is being replaced.
    event CommitmentWithdrawn(uint256 indexed sessionId, address indexed trader);

    /// @notice Emitted when orders were revealed: they get the indices from `firstIndex` on.
    event OrdersRevealed(
        uint256 indexed sessionId,
        address indexed trader,
        uint256 firstIndex,
        uint256 lock,
        Order[] orders
    );

    /// @notice Emitted when a commitment that nobody revealed forfeited its deposit to the treasury.
    event DepositForfeited(uint256 indexed sessionId, address indexed trader, uint256 deposit);

    /// @notice Emitted when an operator posted an outcome; `slots` is `abi.encode(SlotResult[])`.
    event OutcomePosted(
        uint256 indexed sessionId,
        uint256 indexed round,
        address indexed operator,
        bytes32 answer,
        string dataCid,
        bytes slots
    );

    /// @notice Emitted when the accepted outcome was refuted; `round` begins.
    event OutcomeVoided(uint256 indexed sessionId, uint256 indexed round);

    /// @notice Emitted when an operator posted a settlement.
    event SettlementPosted(
        uint256 indexed sessionId,
        uint256 indexed round,
        address indexed operator,
        bytes32 answer,
        bytes32 root,
        SettlementTotals totals,
        DatasetVersion[] versions,
        string dataCid
    );

    /// @notice Emitted when a settlement became final.
    event SettlementFinal(uint256 indexed sessionId, bytes32 root, uint256 executionDeadline);

    /// @notice Emitted when a leaf was executed.
    event Executed(
        uint256 indexed sessionId,
        address indexed trader,
        uint256 debit,
        uint256 credit,
        uint256 penalty,
        uint256 unlocked
    );

    /// @notice Emitted when what an order locked beyond its fill was freed.
    event UnfilledFreed(uint256 indexed sessionId, address indexed trader, uint256 index, uint256 amount);

    /// @notice Emitted when a lock ended without execution.
    event LockReleased(uint256 indexed sessionId, address indexed trader, uint256 amount, ReleaseReason reason);

    /// @notice Emitted when a session was cancelled.
    event SessionCancelled(uint256 indexed sessionId);

    /// @notice Emitted when what was left of a session's pot went to the treasury's due.
    event PotSwept(uint256 indexed sessionId, uint256 amount);

    /// @notice Emitted when the treasury was paid what it was due.
    event TreasuryPaid(uint256 amount);

    /// @notice Pays escrow in; credits what arrived. Active members only.
    function deposit(uint256 amount) external;

    /// @notice Pays escrow in with an ERC-2612 permit, in one transaction.
    function depositWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Pays `amount` of the caller's free escrow out to the caller.
    function claimAvailableFunds(uint256 amount) external;

    /// @notice Pays all of the caller's free escrow out to the caller.
    function withdrawAllFunds() external;

    /// @notice Moves a lost wallet's free escrow to its successor, once the delay is over. Anybody, as often as needed.
    function moveEscrow(address oldWallet) external;

    /// @notice Takes a commitment, or replaces the caller's. Active members only, before `tc`.
    /// @param sessionId The session.
    /// @param commitment `keccak256(abi.encode(block.chainid, marketplace, sessionId, trader, orders, salt))`.
    /// @param maxLock The most that the orders may need; locked at once, with the deposit.
    /// @param envelope Orders and salt, encrypted for the trader.
    function submitCommitments(uint256 sessionId, bytes32 commitment, uint96 maxLock, bytes calldata envelope) external;

    /// @notice Withdraws the caller's commitment and frees its lock and deposit. Before `tc`.
    function withdrawCommitment(uint256 sessionId) external;

    /// @notice Reveals orders for a trader. Anybody who knows them, in `[tc, tr)`.
    function revealOrders(uint256 sessionId, address trader, Order[] calldata orders, bytes32 salt) external;

    /// @notice Opens the book of a new session. Session handler only.
    function openBook(uint256 sessionId) external;

    /// @notice Posts an outcome, one result per slot in slot order. Operators of the session's set only.
    function setFinalOrders(uint256 sessionId, SlotResult[] calldata slots, string calldata dataCid) external;

    /// @notice Begins a new round of clearing, in which no answer of an earlier one counts. Refuter only.
    function voidOutcome(uint256 sessionId) external;

    /// @notice Frees what an order locked beyond its fill, once the outcome is final. Anybody.
    /// @param sessionId The session.
    /// @param outcome The order's slot in the final outcome.
    /// @param order The order's leaf and path in the slot's allocation tree.
    function freeUnfilled(uint256 sessionId, OutcomeProof calldata outcome, AllocationProof calldata order) external;

    /// @notice Posts a settlement. Operators of the session's set only, after delivery, on a final outcome.
    function setValidTransactions(
        uint256 sessionId,
        bytes32 settlementRoot,
        SettlementTotals calldata totals,
        DatasetVersion[] calldata versions,
        string calldata dataCid
    ) external;

    /// @notice Makes an accepted settlement executable once its window is over. Session handler only.
    function finaliseSettlement(uint256 sessionId) external;

    /// @notice Executes one leaf of the final settlement. Anybody.
    function execute(uint256 sessionId, SettlementLeaf calldata leaf, bytes32[] calldata proof) external;

    /// @notice Executes many leaves, debits first; leaves executed before are passed over. Anybody.
    function executeBatch(uint256 sessionId, SettlementLeaf[] calldata leaves, bytes32[][] calldata proofs) external;

    /// @notice Cancels a session that has no settlement at its settlement timeout. Anybody.
    function cancel(uint256 sessionId) external;

    /// @notice Ends a trader's lock that has no more purpose: not revealed, cancelled, or timed out. Anybody.
    function releaseLock(uint256 sessionId, address trader) external;

    /// @notice Sends what is left of a session's pot to the treasury's due, after the last leaf or the timeout. Anybody.
    function sweepPot(uint256 sessionId) external;

    /// @notice Pays the treasury what it is due. Anybody.
    function payTreasury() external;

    /// @notice The community that the market belongs to.
    function community() external view returns (ICommunity);

    /// @notice The sessions and their deadlines.
    function sessions() external view returns (ISessionHandler);

    /// @notice The operators who attest outcomes and settlements.
    function quorum() external view returns (IOracleQuorum);

    /// @notice The settlement ERC-20.
    function settlementToken() external view returns (IERC20);

    /// @notice A member's escrow.
    function checkFunds(address account) external view returns (uint256 balance, uint256 locked, uint256 free);

    /// @notice A trader's part of a session.
    function positionOf(uint256 sessionId, address trader) external view returns (Position memory);

    /// @notice A session's book-keeping.
    function bookOf(uint256 sessionId) external view returns (SessionBook memory);

    /// @notice A posted settlement by its answer hash.
    function postedSettlement(bytes32 answer) external view returns (PostedSettlement memory);

    /// @notice The question about the session's outcome in its present round.
    function outcomeQuestion(uint256 sessionId) external view returns (bytes32);

    /// @notice The question about the session's settlement in its present round.
    function settlementQuestion(uint256 sessionId) external view returns (bytes32);

    /// @notice What the treasury is due and has not been paid.
    function owedToTreasury() external view returns (uint256);

    /// @notice All that the contract owes: escrow accounts, pots, and the treasury's due.
    function liabilities() external view returns (uint256);
}
