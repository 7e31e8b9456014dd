// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";

import {ICommunity} from "./interfaces/ICommunity.sol";
import {DatasetVersion, IMarketplace, SessionBook} from "./interfaces/IMarketplace.sol";
import {IMeasurementNotary} from "./interfaces/IMeasurementNotary.sol";
import {IOracleQuorum} from "./interfaces/IOracleQuorum.sol";
import {ISessionHandler, SessionParameters, SessionState, WindowLimits} from "./interfaces/ISessionHandler.sol";

/// @title Sessions of a community, their parameters, deadlines and states
contract SessionHandler is ISessionHandler, Initializable {
    uint256 private constant MOST_SLOTS = 100;
    uint256 private constant QUARTER_HOUR = 900;
    uint256 private constant HOUR = 3600;
    uint256 private constant FULL_BPS = 10_000;
    /// @dev The most that a market operator can ask for: every lock ends within a handful of windows.
    uint256 private constant MOST_WINDOW = 366 days;

    /// @notice The community that the sessions belong to.
    ICommunity public community;

    /// @notice The market that runs the sessions.
    IMarketplace public marketplace;

    /// @notice The operators who answer for the sessions.
    IOracleQuorum public quorum;

    /// @notice Where the datasets are notarised that settlements rest on.
    IMeasurementNotary public notary;

    /// @inheritdoc ISessionHandler
    uint256 public sessionCount;

    WindowLimits private _limits;
    mapping(uint256 sessionId => SessionParameters) private _parameters;
    mapping(uint256 sessionId => uint32 setId) private _operatorSets;
    mapping(uint256 sessionId => bool) private _validated;
    /// @dev One bit per quarter-hour since 1970 that belongs to a session.
    mapping(uint256 word => uint256 bits) private _taken;

    constructor() {
        _disableInitializers();
    }

    /// @notice Sets up a clone. Called once, by the factory, in the transaction that makes it.
    function initialize(
        ICommunity community_,
        IMarketplace marketplace_,
        IOracleQuorum quorum_,
        IMeasurementNotary notary_,
        WindowLimits calldata limits
    ) external initializer {
        community = community_;
        marketplace = marketplace_;
        quorum = quorum_;
        notary = notary_;
        _setWindowLimits(limits);
    }

    /// @inheritdoc ISessionHandler
    function newSession(SessionParameters calldata parameters) external returns (uint256 sessionId) {
        _requireRole(community.MARKET_OPERATOR_ROLE());
        _checkGrid(parameters);
        _checkTimes(parameters);
        _checkTerms(parameters);
        _takeSlots(parameters);
        sessionId = ++sessionCount;
        _parameters[sessionId] = parameters;
        uint32 setId = quorum.currentSetId();
        _operatorSets[sessionId] = setId;
        emit SessionOpened(sessionId, msg.sender, setId, parameters);
        marketplace.openBook(sessionId);
    }

    /// @inheritdoc ISessionHandler
    function setPriorSessionValidation(uint256 sessionId) external {
        _requireKnown(sessionId);
        if (_validated[sessionId]) revert AlreadyValidated(sessionId);
        _validated[sessionId] = true;
        emit SessionValidated(sessionId);
        marketplace.finaliseSettlement(sessionId);
    }

    /// @inheritdoc ISessionHandler
    function setWindowLimits(WindowLimits calldata limits) external {
        _requireRole(community.COMMUNITY_ADMIN_ROLE());
        _setWindowLimits(limits);
    }

    /// @inheritdoc ISessionHandler
    function parametersOf(uint256 sessionId) external view returns (SessionParameters memory) {
        _requireKnown(sessionId);
        return _parameters[sessionId];
    }

    /// @inheritdoc ISessionHandler
    function operatorSetOf(uint256 sessionId) external view returns (uint32) {
        _requireKnown(sessionId);
        return _operatorSets[sessionId];
    }

    /// @inheritdoc ISessionHandler
    function stateOf(uint256 sessionId) external view returns (SessionState) {
        SessionParameters storage parameters = _parameters[sessionId];
        if (parameters.slotCount == 0) return SessionState.Unknown;
        if (block.timestamp < parameters.commitDeadline) return SessionState.Commit;
        if (block.timestamp < parameters.revealDeadline) return SessionState.Reveal;
        SessionBook memory book = marketplace.bookOf(sessionId);
        if (book.cancelled) return SessionState.Cancelled;
        if (book.traders == 0) return SessionState.Closed;
        if (_validated[sessionId]) {
            bool over = book.executed == book.traders || block.timestamp >= book.executionDeadline;
            return over ? SessionState.Closed : SessionState.Execution;
        }
        return _stateByAnswers(sessionId);
    }

    /// @inheritdoc ISessionHandler
    function checkEvidence(uint256 sessionId, DatasetVersion[] calldata versions) external view {
        SessionParameters storage parameters = _parameters[sessionId];
        uint256 start = parameters.deliveryStart;
        uint256 end = start + uint256(parameters.slotSeconds) * parameters.slotCount;
        if (block.timestamp < end) revert IMarketplace.TooEarly(end, block.timestamp);
        notary.checkVersions(start, end, versions);
    }

    /// @inheritdoc ISessionHandler
    function isValidated(uint256 sessionId) external view returns (bool) {
        return _validated[sessionId];
    }

    /// @inheritdoc ISessionHandler
    function getCommitDeadline(uint256 sessionId) external view returns (uint256) {
        _requireKnown(sessionId);
        return _parameters[sessionId].commitDeadline;
    }

    /// @inheritdoc ISessionHandler
    function getRevealDeadline(uint256 sessionId) external view returns (uint256) {
        _requireKnown(sessionId);
        return _parameters[sessionId].revealDeadline;
    }

    /// @inheritdoc ISessionHandler
    function commitTerms(
        uint256 sessionId
    ) external view returns (uint40 commitDeadline, uint96 depositFixed, uint16 depositBps) {
        SessionParameters storage parameters = _parameters[sessionId];
        if (parameters.slotCount == 0) revert UnknownSession(sessionId);
        return (parameters.commitDeadline, parameters.depositFixed, parameters.depositBps);
    }

    /// @inheritdoc ISessionHandler
    function windowLimits() external view returns (WindowLimits memory) {
        return _limits;
    }

    // ---------------------------------------------------------------- internals

    function _stateByAnswers(uint256 sessionId) private view returns (SessionState) {
        (bytes32 settlement, uint256 settlementFinalAt) = quorum.acceptedAnswer(
            marketplace.settlementQuestion(sessionId)
        );
        if (settlement != bytes32(0)) {
            if (block.timestamp < settlementFinalAt) return SessionState.Objection;
            uint256 executionDeadline = settlementFinalAt + _parameters[sessionId].executionTimeout;
            return block.timestamp < executionDeadline ? SessionState.Execution : SessionState.Closed;
        }
        (bytes32 outcome, uint256 outcomeFinalAt) = quorum.acceptedAnswer(marketplace.outcomeQuestion(sessionId));
        if (outcome == bytes32(0)) return SessionState.Clearing;
        return block.timestamp < outcomeFinalAt ? SessionState.Challenge : SessionState.Delivery;
    }

    function _setWindowLimits(WindowLimits calldata limits) private {
        _limits = limits;
        emit WindowLimitsSet(limits);
    }

    function _checkGrid(SessionParameters calldata parameters) private pure {
        if (parameters.slotCount == 0 || parameters.slotCount > MOST_SLOTS) {
            revert WrongSlotCount(parameters.slotCount, MOST_SLOTS);
        }
        bool knownLength = parameters.slotSeconds == QUARTER_HOUR || parameters.slotSeconds == HOUR;
        if (!knownLength || parameters.deliveryStart % parameters.slotSeconds != 0) {
            revert OffGrid(parameters.deliveryStart, parameters.slotSeconds);
        }
    }

    function _checkTimes(SessionParameters calldata parameters) private view {
        uint256 tc = parameters.commitDeadline;
        uint256 tr = parameters.revealDeadline;
        if (tc <= block.timestamp || tr <= tc || parameters.deliveryStart < tr) {
            revert WrongTimes(block.timestamp, tc, tr, parameters.deliveryStart);
        }
        uint256 deliveryEnd = _deliveryEnd(parameters);
        _checkWindow("delivery", deliveryEnd - tr, 0);
        WindowLimits memory limits = _limits;
        _checkWindow("commit", tc - block.timestamp, limits.commit);
        _checkWindow("reveal", tr - tc, limits.reveal);
        _checkWindow("challenge", parameters.challengeWindow, limits.challenge);
        _checkWindow("execution", parameters.executionTimeout, limits.execution);
        if (parameters.settlementTimeout < deliveryEnd) {
            revert WindowTooShort("settlement", 0, limits.settlement);
        }
        _checkWindow("settlement", parameters.settlementTimeout - deliveryEnd, limits.settlement);
    }

    function _checkWindow(bytes32 window, uint256 length, uint256 least) private pure {
        if (length < least || length == 0) revert WindowTooShort(window, length, least);
        if (length > MOST_WINDOW) revert WindowTooLong(window, length, MOST_WINDOW);
    }

    function _checkTerms(SessionParameters calldata parameters) private pure {
        bool priced =
            parameters.floorPrice <= parameters.capPrice && parameters.capPrice != 0 && parameters.penaltyPrice != 0;
        if (!priced) revert WrongPrices(parameters.floorPrice, parameters.capPrice, parameters.penaltyPrice);
        if (parameters.smallestOrder == 0 || parameters.mostOrders == 0) {
            revert WrongOrderLimits(parameters.smallestOrder, parameters.mostOrders);
        }
        if (parameters.depositBps > FULL_BPS) revert ShareTooLarge(parameters.depositBps);
        if (parameters.toleranceBps > FULL_BPS) revert ShareTooLarge(parameters.toleranceBps);
    }

    function _takeSlots(SessionParameters calldata parameters) private {
        uint256 next = parameters.deliveryStart / QUARTER_HOUR;
        uint256 end = _deliveryEnd(parameters) / QUARTER_HOUR;
        while (next < end) {
            uint256 word = next >> 8;
            uint256 wordEnd = (word + 1) << 8;
            uint256 until = end < wordEnd ? end : wordEnd;
            uint256 mask = (type(uint256).max >> (256 - (until - next))) << (next & 0xff);
            if (_taken[word] & mask != 0) revert SlotTaken(_firstTaken(_taken[word] & mask, word));
            _taken[word] |= mask;
            next = until;
        }
    }

    function _firstTaken(uint256 bits, uint256 word) private pure returns (uint256 start) {
        uint256 bit = 0;
        while (bits & (1 << bit) == 0) ++bit;
        return ((word << 8) + bit) * QUARTER_HOUR;
    }

    function _deliveryEnd(SessionParameters calldata parameters) private pure returns (uint256) {
        return parameters.deliveryStart + uint256(parameters.slotSeconds) * parameters.slotCount;
    }

    function _requireKnown(uint256 sessionId) private view {
        if (_parameters[sessionId].slotCount == 0) revert UnknownSession(sessionId);
    }

    function _requireRole(bytes32 role) private view {
        if (!community.hasRole(role, msg.sender)) revert MissingRole(msg.sender, role);
    }
}
