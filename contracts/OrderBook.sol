// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Escrow} from "./Escrow.sol";
import {IMarketplace, Order, Position, PositionState, SessionBook} from "./interfaces/IMarketplace.sol";
import {SessionParameters} from "./interfaces/ISessionHandler.sol";
import {OrderRules} from "./libraries/OrderRules.sol";
import {RawCalldata} from "./libraries/RawCalldata.sol";

/// @title Sealed orders: committed with their lock, then revealed
/// @notice The second of the marketplace's three layers.
abstract contract OrderBook is Escrow {
    using SafeCast for uint256;

    uint256 private constant FULL_BPS = 10_000;
    /// @dev Of `revealOrders`: the orders are its third parameter, an order is four words.
    uint256 private constant ORDERS_POSITION = 2;
    uint256 private constant ORDER_WORDS = 4;
    /// @dev Where the array begins in `abi.encode(orders)`, and in the commitment's six-word head.
    uint256 private constant ARRAY_OFFSET = 0x20;
    uint256 private constant COMMITTED_ARRAY_OFFSET = 0xc0;

    mapping(uint256 sessionId => SessionBook) internal _books;
    mapping(uint256 sessionId => mapping(address trader => Position)) internal _positions;

    /// @inheritdoc IMarketplace
    function submitCommitments(
        uint256 sessionId,
        bytes32 commitment,
        uint96 maxLock,
        bytes calldata envelope
    ) external {
        Peers memory peers = _peers();
        if (!peers.community.isActive(msg.sender)) revert NotActive(msg.sender);
        if (commitment == bytes32(0)) revert EmptyCommitment();
        (uint256 tc, uint256 depositFixed, uint256 depositBps) = peers.sessions.commitTerms(sessionId);
        if (block.timestamp >= tc) revert TooLate(tc, block.timestamp);

        Position storage position = _positions[sessionId][msg.sender];
        uint256 prior;
        if (position.state == PositionState.Committed) {
            prior = position.lock + _deposit(position.lock, depositFixed, depositBps);
            emit CommitmentWithdrawn(sessionId, msg.sender);
        }
        uint256 depositHeld = _deposit(maxLock, depositFixed, depositBps);
        position.digest = commitment;
        position.lock = maxLock;
        position.state = PositionState.Committed;
        _relock(msg.sender, prior, maxLock + depositHeld);
        emit CommitmentSubmitted(sessionId, msg.sender, commitment, maxLock, depositHeld, envelope);
    }

    /// @inheritdoc IMarketplace
    function withdrawCommitment(uint256 sessionId) external {
        (uint256 tc, uint256 depositFixed, uint256 depositBps) = _peers().sessions.commitTerms(sessionId);
        if (block.timestamp >= tc) revert TooLate(tc, block.timestamp);
        Position storage position = _require(sessionId, msg.sender, PositionState.Committed);
        uint256 lock = position.lock;
        delete _positions[sessionId][msg.sender];
        _relock(msg.sender, lock + _deposit(lock, depositFixed, depositBps), 0);
        emit CommitmentWithdrawn(sessionId, msg.sender);
    }

    /// @inheritdoc IMarketplace
    function revealOrders(uint256 sessionId, address trader, Order[] calldata orders, bytes32 salt) external {
        SessionParameters memory parameters = _parametersOf(sessionId);
        if (block.timestamp < parameters.commitDeadline) revert TooEarly(parameters.commitDeadline, block.timestamp);
        if (block.timestamp >= parameters.revealDeadline) revert TooLate(parameters.revealDeadline, block.timestamp);
        Position storage position = _require(sessionId, trader, PositionState.Committed);
        bytes calldata encoded = RawCalldata.array(ORDERS_POSITION, orders.length, ORDER_WORDS);
        _checkCommitment(sessionId, trader, position.digest, encoded, salt);
        OrderRules.Bounds memory bounds = OrderRules.check(orders, parameters);
        uint256 maxLock = position.lock;
        uint256 lock = bounds.debit + bounds.penalty;
        if (lock > maxLock) revert LockTooSmall(lock, maxLock);

        uint256 firstIndex = _record(sessionId, orders.length, lock);
        position.digest = keccak256(bytes.concat(bytes32(ARRAY_OFFSET), encoded));
        position.lock = uint96(lock);
        position.debitBound = uint96(bounds.debit);
        position.creditBound = bounds.credit.toUint96();
        position.firstIndex = uint32(firstIndex);
        position.orderCount = uint16(orders.length);
        position.state = PositionState.Revealed;
        _relock(trader, maxLock + _deposit(maxLock, parameters.depositFixed, parameters.depositBps), lock);
        emit OrdersRevealed(sessionId, trader, firstIndex, lock, orders);
    }

    /// @inheritdoc IMarketplace
    function positionOf(uint256 sessionId, address trader) external view returns (Position memory) {
        return _positions[sessionId][trader];
    }

    /// @inheritdoc IMarketplace
    function bookOf(uint256 sessionId) external view returns (SessionBook memory) {
        return _books[sessionId];
    }

    // ---------------------------------------------------------------- internals

    /// @dev The deposit is not stored: it follows from the lock and the session's terms.
    function _deposit(uint256 maxLock, uint256 depositFixed, uint256 depositBps) internal pure returns (uint256) {
        uint256 share = (maxLock * depositBps + FULL_BPS - 1) / FULL_BPS;
        return share > depositFixed ? share : depositFixed;
    }

    function _parametersOf(uint256 sessionId) internal view returns (SessionParameters memory) {
        return _peers().sessions.parametersOf(sessionId);
    }

    function _require(
        uint256 sessionId,
        address trader,
        PositionState required
    ) internal view returns (Position storage position) {
        position = _positions[sessionId][trader];
        if (position.state != required) revert WrongPosition(sessionId, trader, position.state);
    }

    /// @dev commitment = keccak256(abi.encode(block.chainid, marketplace, sessionId, trader, orders, salt))
    function _checkCommitment(
        uint256 sessionId,
        address trader,
        bytes32 committed,
        bytes calldata encoded,
        bytes32 salt
    ) private view {
        bytes memory head = abi.encode(block.chainid, address(this), sessionId, trader, COMMITTED_ARRAY_OFFSET, salt);
        bytes32 revealed = keccak256(bytes.concat(head, encoded));
        if (committed != revealed) revert RevealMismatch(sessionId, trader, committed, revealed);
    }

    function _record(uint256 sessionId, uint256 count, uint256 lock) private returns (uint256 firstIndex) {
        SessionBook storage book = _books[sessionId];
        firstIndex = book.orderCount;
        book.orderCount = (firstIndex + count).toUint32();
        ++book.traders;
        book.locks += uint128(lock);
    }
}
