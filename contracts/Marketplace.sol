// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

import {OrderBook} from "./OrderBook.sol";
import {
    AllocationProof,
    DatasetVersion,
    IMarketplace,
    OutcomeProof,
    Position,
    PositionState,
    PostedSettlement,
    ReleaseReason,
    SessionBook,
    SettlementLeaf,
    SettlementTotals,
    SlotResult
} from "./interfaces/IMarketplace.sol";
import {QuestionTerms} from "./interfaces/IOracleQuorum.sol";
import {IOutcomeVerifier} from "./interfaces/IOutcomeVerifier.sol";
import {SessionParameters} from "./interfaces/ISessionHandler.sol";
import {Euro} from "./libraries/Euro.sol";
import {RawCalldata} from "./libraries/RawCalldata.sol";

/// @title Outcomes, settlement, execution and the ways out
/// @notice The third of the marketplace's three layers, over `OrderBook` and `Escrow`. Operators post and attest what
/// they computed; what each leaf may move is bounded by what its trader revealed; if operators vanish, every member
/// gets everything back alone.
contract Marketplace is OrderBook {
    using BitMaps for BitMaps.BitMap;

    /// @dev Of `setFinalOrders`, whose encoding the verifier reads field by field: the slots are its second parameter, a slot's result is fourteen words.
    uint256 private constant SLOTS_POSITION = 1;
    uint256 private constant SLOT_WORDS = 14;
    /// @dev Where the array begins in `abi.encode(slots)`.
    uint256 private constant ARRAY_OFFSET = 0x20;

    uint16 private constant FIRST_ROUND = 1;
    bytes32 private constant OUTCOME = "outcome";
    bytes32 private constant SETTLEMENT = "settlement";

    /// @notice Checks outcomes as they are posted, and orders in them.
    IOutcomeVerifier public immutable verifier;

    mapping(bytes32 answer => PostedSettlement) private _settlements;
    mapping(uint256 sessionId => BitMaps.BitMap) private _freed;

    /// @param verifier_ Shared by all clones, as part of the code.
    constructor(IOutcomeVerifier verifier_) {
        verifier = verifier_;
    }

    /// @inheritdoc IMarketplace
    function openBook(uint256 sessionId) external {
        if (msg.sender != address(_peers().sessions)) revert NotSessionHandler(msg.sender);
        _books[sessionId].round = FIRST_ROUND;
    }

    // ---------------------------------------------------------------- outcome

    /// @inheritdoc IMarketplace
    function setFinalOrders(uint256 sessionId, SlotResult[] calldata slots, string calldata dataCid) external {
        SessionParameters memory parameters = _parametersOf(sessionId);
        if (block.timestamp < parameters.revealDeadline) revert TooEarly(parameters.revealDeadline, block.timestamp);
        SessionBook storage book = _openBook(sessionId);
        if (bytes(dataCid).length == 0) revert EmptyDataCid();
        if (slots.length != parameters.slotCount) revert WrongResultCount(slots.length, parameters.slotCount);
        bytes memory encoded = bytes.concat(
            bytes32(ARRAY_OFFSET),
            RawCalldata.array(SLOTS_POSITION, slots.length, SLOT_WORDS)
        );
        bytes32 slotsHash = verifier.checkResults(encoded, book.orderCount, parameters.floorPrice, parameters.capPrice);

        bytes32 answer = _outcomeAnswer(_question(OUTCOME, sessionId, book.round), slotsHash, dataCid);
        emit OutcomePosted(sessionId, book.round, msg.sender, answer, dataCid, encoded);
        _post(OUTCOME, sessionId, book, answer, parameters);
    }

    /// @inheritdoc IMarketplace
    function voidOutcome(uint256 sessionId) external {
        if (msg.sender != _peers().quorum.refuter()) revert NotTheRefuter(msg.sender);
        emit OutcomeVoided(sessionId, ++_books[sessionId].round);
    }

    /// @inheritdoc IMarketplace
    function freeUnfilled(uint256 sessionId, OutcomeProof calldata outcome, AllocationProof calldata order) external {
        _requireFinalOutcome(sessionId, verifier.checkOrder(outcome, order), outcome.dataCid);
        Position storage position = _require(sessionId, order.trader, PositionState.Revealed);
        if (order.filledWh >= order.quantityWh || _freed[sessionId].get(order.index)) {
            revert NothingUnfilled(sessionId, order.index);
        }

        _freed[sessionId].set(order.index);
        uint256 amount = _shrink(position, order, _parametersOf(sessionId));
        _relock(order.trader, amount, 0);
        emit UnfilledFreed(sessionId, order.trader, order.index, amount);
    }

    // ---------------------------------------------------------------- settlement

    /// @inheritdoc IMarketplace
    function setValidTransactions(
        uint256 sessionId,
        bytes32 settlementRoot,
        SettlementTotals calldata totals,
        DatasetVersion[] calldata versions,
        string calldata dataCid
    ) external {
        SessionBook storage book = _openBook(sessionId);
        if (bytes(dataCid).length == 0) revert EmptyDataCid();
        _peers().sessions.checkEvidence(sessionId, versions);
        _checkSettlement(sessionId, book, totals);

        bytes32 answer = _settlementAnswer(
            _question(SETTLEMENT, sessionId, book.round),
            settlementRoot,
            totals,
            versions,
            dataCid
        );
        _settlements[answer] = PostedSettlement(settlementRoot, totals);
        emit SettlementPosted(sessionId, book.round, msg.sender, answer, settlementRoot, totals, versions, dataCid);
        _post(SETTLEMENT, sessionId, book, answer, _parametersOf(sessionId));
    }

    /// @inheritdoc IMarketplace
    function finaliseSettlement(uint256 sessionId) external {
        if (msg.sender != address(_peers().sessions)) revert NotSessionHandler(msg.sender);
        SessionBook storage book = _books[sessionId];
        (bytes32 answer, uint256 finalAt) = _accepted(SETTLEMENT, sessionId, book);
        if (finalAt == 0 || block.timestamp < finalAt) revert SettlementNotFinal(sessionId);
        uint256 deadline = finalAt + _parametersOf(sessionId).executionTimeout;
        bytes32 root = _settlements[answer].root;
        book.settlementRoot = root;
        book.executionDeadline = uint40(deadline);
        emit SettlementFinal(sessionId, root, deadline);
    }

    // ---------------------------------------------------------------- execution

    /// @inheritdoc IMarketplace
    function execute(uint256 sessionId, SettlementLeaf calldata leaf, bytes32[] calldata proof) external {
        SessionBook storage book = _executable(sessionId);
        Position storage position = _require(sessionId, leaf.trader, PositionState.Revealed);
        _debit(sessionId, book, position, leaf, proof);
        _credit(sessionId, book, leaf);
    }

    /// @inheritdoc IMarketplace
    function executeBatch(uint256 sessionId, SettlementLeaf[] calldata leaves, bytes32[][] calldata proofs) external {
        if (leaves.length != proofs.length) revert LengthMismatch(leaves.length, proofs.length);
        SessionBook storage book = _executable(sessionId);
        bool[] memory taken = new bool[](leaves.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            Position storage position = _positions[sessionId][leaves[i].trader];
            // Somebody may have executed this leaf a moment ago: that is no reason to refuse the others.
            if (position.state == PositionState.Ended) continue;
            _require(sessionId, leaves[i].trader, PositionState.Revealed);
            _debit(sessionId, book, position, leaves[i], proofs[i]);
            taken[i] = true;
        }
        for (uint256 i = 0; i < leaves.length; ++i) {
            if (taken[i]) _credit(sessionId, book, leaves[i]);
        }
    }

    /// @inheritdoc IMarketplace
    function sweepPot(uint256 sessionId) external {
        SessionBook storage book = _books[sessionId];
        if (book.executionDeadline == 0) revert SettlementNotFinal(sessionId);
        if (book.executed != book.traders && block.timestamp < book.executionDeadline) {
            revert ExecutionRunning(sessionId, book.executed, book.traders);
        }
        uint256 amount = book.pot;
        if (amount == 0) revert EmptyAmount();
        book.pot = 0;
        _owe(amount);
        emit PotSwept(sessionId, amount);
    }

    // ---------------------------------------------------------------- ways out

    /// @inheritdoc IMarketplace
    function cancel(uint256 sessionId) external {
        SessionParameters memory parameters = _parametersOf(sessionId);
        if (block.timestamp < parameters.settlementTimeout) {
            revert TooEarly(parameters.settlementTimeout, block.timestamp);
        }
        SessionBook storage book = _books[sessionId];
        if (book.cancelled) revert SessionIsCancelled(sessionId);
        if (book.traders == 0) revert NothingRevealed(sessionId);
        (bytes32 answer, ) = _accepted(SETTLEMENT, sessionId, book);
        if (answer != bytes32(0)) revert SettlementStands(sessionId);
        book.cancelled = true;
        emit SessionCancelled(sessionId);
    }

    /// @inheritdoc IMarketplace
    function releaseLock(uint256 sessionId, address trader) external {
        Position storage position = _positions[sessionId][trader];
        uint256 lock = position.lock;
        if (position.state == PositionState.Committed) {
            SessionParameters memory parameters = _parametersOf(sessionId);
            if (block.timestamp < parameters.revealDeadline) revert LockHolds(sessionId, trader);
            uint256 forfeited = _deposit(lock, parameters.depositFixed, parameters.depositBps);
            position.state = PositionState.Ended;
            _settle(trader, lock + forfeited, forfeited, 0);
            _owe(forfeited);
            emit LockReleased(sessionId, trader, lock, ReleaseReason.NotRevealed);
            emit DepositForfeited(sessionId, trader, forfeited);
            return;
        }
        _require(sessionId, trader, PositionState.Revealed);
        ReleaseReason reason = _releaseReason(sessionId, trader);
        position.state = PositionState.Ended;
        _settle(trader, lock, 0, 0);
        emit LockReleased(sessionId, trader, lock, reason);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IMarketplace
    function postedSettlement(bytes32 answer) external view returns (PostedSettlement memory) {
        return _settlements[answer];
    }

    /// @inheritdoc IMarketplace
    function outcomeQuestion(uint256 sessionId) external view returns (bytes32) {
        return _question(OUTCOME, sessionId, _books[sessionId].round);
    }

    /// @inheritdoc IMarketplace
    function settlementQuestion(uint256 sessionId) external view returns (bytes32) {
        return _question(SETTLEMENT, sessionId, _books[sessionId].round);
    }

    // ---------------------------------------------------------------- internals: outcome

    function _openBook(uint256 sessionId) private view returns (SessionBook storage book) {
        book = _books[sessionId];
        if (book.traders == 0) revert NothingRevealed(sessionId);
        if (book.cancelled) revert SessionIsCancelled(sessionId);
    }

    function _requireFinalOutcome(uint256 sessionId, bytes32 slotsHash, string calldata dataCid) private view {
        SessionBook storage book = _openBook(sessionId);
        (bytes32 accepted, uint256 finalAt) = _accepted(OUTCOME, sessionId, book);
        if (finalAt == 0 || block.timestamp < finalAt) revert OutcomeNotFinal(sessionId);
        bytes32 given = _outcomeAnswer(_question(OUTCOME, sessionId, book.round), slotsHash, dataCid);
        if (given != accepted) revert NotTheFinalOutcome(sessionId, given, accepted);
    }

    /// @dev Lowers the trader's bounds to what the fill can still cost or earn. [2]
    function _shrink(
        Position storage position,
        AllocationProof calldata order,
        SessionParameters memory parameters
    ) private returns (uint256 amount) {
        amount =
            Euro.euroUp(order.quantityWh, parameters.penaltyPrice) -
            Euro.euroUp(order.filledWh, parameters.penaltyPrice);
        if (order.isBuy) {
            uint256 debit =
                Euro.euroUp(order.quantityWh, order.limitPrice) - Euro.euroUp(order.filledWh, order.limitPrice);
            position.debitBound -= uint96(debit);
            amount += debit;
        } else {
            uint256 credit =
                Euro.euroUp(order.quantityWh, parameters.capPrice) - Euro.euroUp(order.filledWh, parameters.capPrice);
            position.creditBound -= uint96(credit);
        }
        position.lock -= uint96(amount);
    }

    // ---------------------------------------------------------------- internals: settlement

    function _checkSettlement(
        uint256 sessionId,
        SessionBook storage book,
        SettlementTotals calldata totals
    ) private view {
        (, uint256 finalAt) = _accepted(OUTCOME, sessionId, book);
        if (finalAt == 0 || block.timestamp < finalAt) revert OutcomeNotFinal(sessionId);
        if (totals.credit > totals.debit || uint256(totals.debit) + totals.penalty > book.locks) {
            revert ImpossibleTotals(totals.debit, totals.credit, totals.penalty, book.locks);
        }
    }

    // ---------------------------------------------------------------- internals: execution

    function _executable(uint256 sessionId) private view returns (SessionBook storage book) {
        book = _books[sessionId];
        if (book.executionDeadline == 0) revert SettlementNotFinal(sessionId);
        if (block.timestamp >= book.executionDeadline) revert TooLate(book.executionDeadline, block.timestamp);
    }

    /// @dev Checks the leaf, ends the position, and moves debit and penalty from the account to the pot. [3]
    function _debit(
        uint256 sessionId,
        SessionBook storage book,
        Position storage position,
        SettlementLeaf calldata leaf,
        bytes32[] calldata proof
    ) private {
        bytes32 leafHash = keccak256(
            bytes.concat(keccak256(abi.encode(sessionId, leaf.trader, leaf.debit, leaf.credit, leaf.penalty)))
        );
        if (!MerkleProof.verifyCalldata(proof, book.settlementRoot, leafHash)) {
            revert InvalidProof(leafHash, book.settlementRoot);
        }
        uint256 lock = position.lock;
        uint256 debitBound = position.debitBound;
        if (leaf.debit > debitBound || leaf.penalty > lock - debitBound || leaf.credit > position.creditBound) {
            revert BeyondBounds(leaf.trader, leaf, debitBound, position.creditBound, lock - debitBound);
        }
        uint256 taken = leaf.debit + leaf.penalty;
        position.state = PositionState.Ended;
        ++book.executed;
        book.pot += uint128(taken);
        _settle(leaf.trader, lock, taken, 0);
        emit Executed(sessionId, leaf.trader, leaf.debit, leaf.credit, leaf.penalty, lock - taken);
    }

    /// @dev Moves the credit from the pot to the account. [4]
    function _credit(uint256 sessionId, SessionBook storage book, SettlementLeaf calldata leaf) private {
        if (leaf.credit == 0) return;
        uint256 pot = book.pot;
        if (leaf.credit > pot) revert PotTooSmall(sessionId, leaf.trader, leaf.credit - pot);
        book.pot = uint128(pot - leaf.credit);
        _settle(leaf.trader, 0, 0, leaf.credit);
    }

    // ---------------------------------------------------------------- internals: ways out

    /// @dev A final settlement that nobody marked validated ends at the same time as if somebody had.
    function _releaseReason(uint256 sessionId, address trader) private view returns (ReleaseReason) {
        SessionBook storage book = _books[sessionId];
        if (book.cancelled) return ReleaseReason.Cancelled;
        (, uint256 finalAt) = _accepted(SETTLEMENT, sessionId, book);
        uint256 timeout = _parametersOf(sessionId).executionTimeout;
        if (finalAt == 0 || block.timestamp < finalAt + timeout) revert LockHolds(sessionId, trader);
        return ReleaseReason.ExecutionTimeout;
    }

    // ---------------------------------------------------------------- internals: questions

    /// @dev Posts the caller's answer. Only an operator's vote on a settlement may be withdrawn within the window.
    function _post(
        bytes32 kind,
        uint256 sessionId,
        SessionBook storage book,
        bytes32 answer,
        SessionParameters memory parameters
    ) private {
        Peers memory peers = _peers();
        QuestionTerms memory terms = QuestionTerms(
            peers.sessions.operatorSetOf(sessionId),
            parameters.settlementTimeout,
            parameters.challengeWindow,
            kind == SETTLEMENT
        );
        peers.quorum.post(_question(kind, sessionId, book.round), answer, msg.sender, terms, book.locks);
    }

    function _accepted(
        bytes32 kind,
        uint256 sessionId,
        SessionBook storage book
    ) private view returns (bytes32 answer, uint256 finalAt) {
        return _peers().quorum.acceptedAnswer(_question(kind, sessionId, book.round));
    }

    function _question(bytes32 kind, uint256 sessionId, uint256 round) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), kind, sessionId, round));
    }

    function _outcomeAnswer(
        bytes32 question,
        bytes32 slotsHash,
        string calldata dataCid
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(question, slotsHash, keccak256(bytes(dataCid))));
    }

    function _settlementAnswer(
        bytes32 question,
        bytes32 root,
        SettlementTotals calldata totals,
        DatasetVersion[] calldata versions,
        string calldata dataCid
    ) private pure returns (bytes32) {
        return
            keccak256(abi.encode(question, root, totals, keccak256(abi.encode(versions)), keccak256(bytes(dataCid))));
    }
}
