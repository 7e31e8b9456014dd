// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IMarketplace, OutcomeProof} from "./interfaces/IMarketplace.sol";
import {IOracleQuorum} from "./interfaces/IOracleQuorum.sol";
import {IRefuter} from "./interfaces/IRefuter.sol";
import {Demand, DemandedNode, ITreeDemands} from "./interfaces/ITreeDemands.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";
import {TreeAnswer} from "./libraries/TreeAnswer.sol";

/// @title Demands to open a tree that operators keep to themselves
/// @notice Nothing that was shown once can be demanded again, so a whole tree costs its operators a bounded number of
/// answers, each paid for.
contract TreeDemands is ITreeDemands, Initializable, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint256 private constant ANSWERS_PER_WINDOW = 6;
    uint256 private constant LEAST_ANSWER_WINDOW = 1 minutes;
    uint256 private constant EXTENSION = 2;
    uint256 private constant MOST_EXTENSION = 10;
    uint256 private constant BOND_PARTS = 100;
    uint256 private constant LEAST_BOND = 1_000_000;

    /// @notice The market whose outcomes are opened.
    IMarketplace public marketplace;

    /// @notice The operators who open them.
    IOracleQuorum public quorum;

    /// @notice The contract that makes an outcome void.
    IRefuter public refuter;

    /// @inheritdoc ITreeDemands
    uint256 public demandCount;

    mapping(uint256 demandId => Demand) private _demands;
    mapping(bytes32 node => address operator) private _openedBy;
    mapping(bytes32 question => uint256) private _extendedBy;

    constructor() {
        _disableInitializers();
    }

    /// @notice Sets up a clone. Called once, by the factory, in the transaction that makes it.
    function initialize(IMarketplace marketplace_, IOracleQuorum quorum_, IRefuter refuter_) external initializer {
        marketplace = marketplace_;
        quorum = quorum_;
        refuter = refuter_;
    }

    // ---------------------------------------------------------------- demands

    /// @inheritdoc ITreeDemands
    function demand(
        uint256 sessionId,
        OutcomeProof calldata outcome,
        DemandedNode calldata node,
        uint256 continues
    ) external nonReentrant returns (uint256 demandId) {
        (bytes32 question, uint256 finalAt) = refuter.acceptedQuestion(sessionId, outcome);
        TreeAnswer.requireNode(outcome.result, node);
        (uint96 bond, uint32 answerWindow) = demandTerms(sessionId);
        _requireStart(sessionId, question, outcome.slot, node, continues);
        if (_isShown(question, outcome.slot, node)) {
            emit DemandedInVain(sessionId, msg.sender, bond);
            _takeBond(bond);
            _payTreasury(bond);
            return 0;
        }
        uint256 required = block.timestamp + EXTENSION * answerWindow;
        _extend(question, answerWindow, finalAt, required);
        demandId = ++demandCount;
        uint256 answerBy = block.timestamp + answerWindow;
        _demands[demandId] = Demand({
            sessionId: sessionId,
            question: question,
            node: _key(question, outcome.slot, node.level, node.position),
            hash: node.hash,
            demander: msg.sender,
            answerBy: uint40(answerBy),
            slot: outcome.slot,
            level: node.level,
            position: node.position,
            bond: bond
        });
        emit NodeDemanded(
            demandId,
            sessionId,
            msg.sender,
            outcome.slot,
            node.level,
            node.position,
            node.hash,
            answerBy
        );
        _takeBond(bond);
    }

    /// @inheritdoc ITreeDemands
    function answer(uint256 demandId, bytes calldata sums, bytes calldata bottom) external {
        Demand storage asked = _known(demandId);
        uint256 setId = quorum.questionOf(asked.question).setId;
        if (!quorum.isOperator(setId, msg.sender)) revert NotASessionOperator(msg.sender, setId);
        if (_openedBy[asked.node] != address(0)) revert AlreadyAnswered(demandId);
        if (block.timestamp >= asked.answerBy) revert AnswerTooLate(demandId, asked.answerBy, block.timestamp);
        bytes32 reached = TreeAnswer.fold(asked.level, sums, bottom);
        if (reached != asked.hash) revert AnswerLeadsElsewhere(reached, asked.hash);
        _openedBy[asked.node] = msg.sender;
        emit NodeOpened(demandId, asked.sessionId, msg.sender, sums, bottom);
    }

    /// @inheritdoc ITreeDemands
    function voidUnanswered(uint256 demandId) external nonReentrant {
        Demand storage asked = _known(demandId);
        if (_openedBy[asked.node] != address(0)) revert AlreadyAnswered(demandId);
        if (block.timestamp < asked.answerBy) revert AnswerMayCome(demandId, asked.answerBy, block.timestamp);
        if (_isSettled(asked.question)) revert OutcomeSettled(demandId);
        refuter.voidWithheld(asked.sessionId, asked.question, asked.demander);
    }

    /// @inheritdoc ITreeDemands
    function payBond(uint256 demandId) external nonReentrant {
        Demand storage asked = _known(demandId);
        uint256 bond = asked.bond;
        if (bond == 0 || !_isSettled(asked.question)) revert BondStays(demandId);
        address operator = _openedBy[asked.node];
        bool isReturned = operator == address(0) || quorum.refutedBy(asked.question) == asked.demander;
        address payee = isReturned ? asked.demander : operator;
        asked.bond = 0;
        emit DemandBondPaid(demandId, payee, bond);
        marketplace.settlementToken().safeTransfer(payee, bond);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc ITreeDemands
    function demandOf(uint256 demandId) external view returns (Demand memory) {
        return _known(demandId);
    }

    /// @inheritdoc ITreeDemands
    function answeredBy(uint256 demandId) external view returns (address) {
        return _openedBy[_known(demandId).node];
    }

    /// @inheritdoc ITreeDemands
    function demandTerms(uint256 sessionId) public view returns (uint96 bond, uint32 answerWindow) {
        uint256 setId = marketplace.sessions().operatorSetOf(sessionId);
        uint256 share = quorum.operatorSet(setId).terms.bond / BOND_PARTS;
        uint256 window = _challengeWindow(sessionId) / ANSWERS_PER_WINDOW;
        bond = uint96(share > LEAST_BOND ? share : LEAST_BOND);
        answerWindow = uint32(window > LEAST_ANSWER_WINDOW ? window : LEAST_ANSWER_WINDOW);
    }

    // ---------------------------------------------------------------- internals

    /// @dev A demand starts in the original window, or continues its demander's own path where that ended.
    function _requireStart(
        uint256 sessionId,
        bytes32 question,
        uint256 slot,
        DemandedNode calldata node,
        uint256 continues
    ) private view {
        uint256 original = uint256(quorum.questionOf(question).acceptedAt) + _challengeWindow(sessionId);
        if (block.timestamp < original) return;
        Demand storage prior = _demands[continues];
        uint256 bottom = TreeAnswer.bottomOf(prior.level);
        bool isOwn = prior.demander == msg.sender && prior.question == question && prior.slot == slot;
        bool goesOn =
            prior.level > 0 &&
                node.level == bottom &&
                node.position >> (prior.level - bottom) == prior.position &&
                _openedBy[prior.node] != address(0);
        if (!isOwn || !goesOn) revert NotYourPath(continues, msg.sender);
    }

    /// @dev Shown: opened itself; or below an opened node, with all that lies under it.
    function _isShown(bytes32 question, uint256 slot, DemandedNode calldata node) private view returns (bool) {
        uint256 position = node.position;
        for (uint256 level = node.level; ; ++level) {
            if (_openedBy[_key(question, slot, level, position)] != address(0)) return true;
            if (level >= TreeAnswer.LEVELS) return false;
            position >>= 1;
        }
        return false;
    }

    /// @dev All demands together lengthen a window by at most ten answer windows; there must be time to answer, and as
    /// much again to react.
    function _extend(bytes32 question, uint32 answerWindow, uint256 finalAt, uint256 required) private {
        uint256 most = MOST_EXTENSION * answerWindow;
        uint256 used = _extendedBy[question];
        uint256 wanted = EXTENSION * answerWindow;
        uint256 by = used + wanted > most ? most - used : wanted;
        if (finalAt + by < required) revert NotEnoughTime(required, finalAt + by);
        if (by == 0) return;
        _extendedBy[question] = used + by;
        refuter.extend(question, uint32(by));
    }

    function _isSettled(bytes32 question) private view returns (bool) {
        (bytes32 accepted, uint256 finalAt) = quorum.acceptedAnswer(question);
        return accepted == bytes32(0) || block.timestamp >= finalAt;
    }

    function _challengeWindow(uint256 sessionId) private view returns (uint256) {
        return marketplace.sessions().parametersOf(sessionId).challengeWindow;
    }

    function _takeBond(uint256 bond) private {
        IERC20 token = marketplace.settlementToken();
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), bond);
        uint256 arrived = token.balanceOf(address(this)) - before;
        if (arrived != bond) revert BondNotPaid(arrived, bond);
    }

    function _payTreasury(uint256 amount) private {
        IERC20 token = marketplace.settlementToken();
        address treasury = marketplace.community().contracts().treasury;
        token.safeTransfer(treasury, amount);
        ITreasury(treasury).recordIncome(address(token), amount);
    }

    function _known(uint256 demandId) private view returns (Demand storage found) {
        found = _demands[demandId];
        if (found.demander == address(0)) revert UnknownDemand(demandId);
    }

    function _key(bytes32 question, uint256 slot, uint256 level, uint256 position) private pure returns (bytes32) {
        return keccak256(abi.encode(question, slot, level, position));
    }
}
