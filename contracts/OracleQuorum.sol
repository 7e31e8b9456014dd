// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICommunity} from "./interfaces/ICommunity.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";
import {Bond, IOracleQuorum, OperatorSet, OperatorTerms, Question, QuestionTerms} from "./interfaces/IOracleQuorum.sol";

/// @title Independent operators who attest the same answer to a question
/// @notice Votes are counted per answer, several answers side by side, at most one backed per operator and question.
contract OracleQuorum is IOracleQuorum, Initializable, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    uint256 private constant MOST_OPERATORS = 64;
    uint256 private constant FULL_BPS = 10_000;
    uint256 private constant UNITS_PER_CENT = 10_000;
    /// @dev Half at most: else an operator could lie at no risk, with a friend as the challenger.
    uint256 private constant BOUNTY_PARTS = 2;

    /// @notice An answer's votes, bit per operator.
    struct Answer {
        uint64 voters;
        bool posted;
    }

    /// @notice Refuted answers' questions, numbered from 1 in the order in which they fell; of those up to `cleared` all
    /// lost bonds are collected.
    struct VoidAnswers {
        uint32 count;
        uint32 cleared;
        mapping(uint256 number => bytes32 question) questions;
    }

    /// @notice The community that the operators serve.
    ICommunity public community;

    /// @notice The token of the bonds: the settlement ERC-20.
    IERC20 public bondToken;

    /// @notice Seconds until a scheduled set is in force.
    uint40 public noticePeriod;

    /// @inheritdoc IOracleQuorum
    address public refuter;

    /// @notice Where lost bonds go.
    address public treasury;

    /// @inheritdoc IOracleQuorum
    mapping(address account => bool) public isClient;

    OperatorSet[] private _sets;
    mapping(uint256 setId => mapping(address operator => uint8 number)) private _numberOf;
    mapping(bytes32 question => Question) private _questions;
    mapping(bytes32 question => mapping(bytes32 answer => Answer)) private _answers;
    mapping(address operator => Bond) private _bonds;
    VoidAnswers private _void;

    /// @inheritdoc IOracleQuorum
    mapping(bytes32 question => address challenger) public refutedBy;

    /// @inheritdoc IOracleQuorum
    mapping(address challenger => uint256 amount) public bountyOf;

    constructor() {
        _disableInitializers();
    }

    /// @notice Sets up a clone. Called once, by the factory, in the transaction that makes it.
    function initialize(
        ICommunity community_,
        address bondToken_,
        uint40 noticePeriod_,
        address[] calldata clients,
        address refuter_,
        address[] calldata operators,
        OperatorTerms calldata terms
    ) external initializer {
        community = community_;
        bondToken = IERC20(bondToken_);
        noticePeriod = noticePeriod_;
        for (uint256 i = 0; i < clients.length; ++i) isClient[clients[i]] = true;
        refuter = refuter_;
        treasury = community_.contracts().treasury;
        _addSet(operators, terms, uint40(block.timestamp));
    }

    // ---------------------------------------------------------------- operators

    /// @inheritdoc IOracleQuorum
    function scheduleOperators(address[] calldata operators, OperatorTerms calldata terms) external {
        bytes32 role = community.ORACLE_ADMIN_ROLE();
        if (!community.hasRole(role, msg.sender)) revert MissingRole(msg.sender, role);
        _addSet(operators, terms, uint40(block.timestamp) + noticePeriod);
    }

    /// @inheritdoc IOracleQuorum
    function depositBond(uint256 amount) external nonReentrant {
        _requireNothingLost(msg.sender);
        uint256 before = bondToken.balanceOf(address(this));
        bondToken.safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = bondToken.balanceOf(address(this)) - before;
        if (arrived == 0) revert InvalidAmount(arrived, amount);
        Bond storage bond = _bonds[msg.sender];
        bond.amount += arrived.toUint128();
        emit BondDeposited(msg.sender, arrived, bond.amount);
    }

    /// @inheritdoc IOracleQuorum
    function withdrawBond(uint256 amount) external nonReentrant {
        Bond storage bond = _bonds[msg.sender];
        if (bond.stakes != 0) revert BondHeld(msg.sender, bond.stakes);
        if (amount == 0 || amount > bond.amount) revert InvalidAmount(amount, bond.amount);
        bond.amount -= amount.toUint128();
        emit BondWithdrawn(msg.sender, amount, bond.amount);
        bondToken.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IOracleQuorum
    function releaseStakes(bytes32[] calldata questions) external {
        for (uint256 i = 0; i < questions.length; ++i) {
            Question storage question = _questions[questions[i]];
            uint64 bit = _bitOf(question.setId, msg.sender);
            if (question.voters & bit == 0) revert NoVote(questions[i], msg.sender);
            if (!_isOver(question)) revert StakeHeld(questions[i]);
            if (_losers(questions[i]) & bit != 0) revert BondForfeited(msg.sender, questions[i]);
            _endStake(question, bit, msg.sender);
            emit StakeReleased(questions[i], msg.sender);
        }
    }

    // ---------------------------------------------------------------- votes

    /// @inheritdoc IOracleQuorum
    function post(
        bytes32 questionId,
        bytes32 answerId,
        address operator,
        QuestionTerms calldata terms,
        uint256 value
    ) external {
        if (!isClient[msg.sender]) revert NotAClient(msg.sender);
        Question storage question = _questions[questionId];
        if (question.setId == 0) {
            question.setId = terms.setId;
            question.deadline = terms.deadline;
            question.window = terms.window;
            question.retractable = terms.retractable;
            question.shareCents = _shareCents(terms.setId, value);
        }
        Answer storage answer = _answers[questionId][answerId];
        answer.posted = true;
        _vote(questionId, answerId, operator);
    }

    /// @inheritdoc IOracleQuorum
    function attest(bytes32 questionId, bytes32 answerId) external {
        if (!_answers[questionId][answerId].posted) revert UnknownAnswer(questionId, answerId);
        _vote(questionId, answerId, msg.sender);
    }

    /// @inheritdoc IOracleQuorum
    function withdrawVote(bytes32 questionId, bytes32 answerId) external {
        Question storage question = _questions[questionId];
        Answer storage answer = _answers[questionId][answerId];
        uint64 bit = _bitOf(question.setId, msg.sender);
        if (answer.voters & bit == 0 || question.voters & bit == 0) revert NoVote(questionId, msg.sender);
        bool accepted = question.accepted == answerId;
        if (_isOver(question) || (accepted && !question.retractable)) revert NotRetractable(questionId);

        _endStake(question, bit, msg.sender);
        answer.voters &= ~bit;
        uint256 votes = _count(answer.voters);
        emit VoteWithdrawn(questionId, answerId, msg.sender, votes);
        if (accepted && votes < _sets[question.setId - 1].terms.threshold) {
            question.accepted = bytes32(0);
            question.acceptedAt = 0;
            emit AcceptanceRevoked(questionId, answerId);
        }
    }

    // ---------------------------------------------------------------- refutation

    /// @inheritdoc IOracleQuorum
    function voidAnswer(bytes32 questionId, address challenger) external {
        Question storage question = _requireRefutable(questionId);
        question.isVoid = true;
        refutedBy[questionId] = challenger;
        _void.questions[++_void.count] = questionId;
        emit AnswerVoided(questionId, question.accepted, challenger);
    }

    /// @inheritdoc IOracleQuorum
    function collectBonds(uint256 most) external nonReentrant {
        uint256 left = most;
        uint256 toTreasury;
        (uint32 number, uint32 count) = (_void.cleared, _void.count);
        // In the order of voiding: else a friend could have another lie voided, and reach the bonds before the first
        // challenger does. [11]
        while (left != 0 && number != count) {
            bytes32 questionId = _void.questions[number + 1];
            uint256 share;
            (left, share) = _collect(questionId, left);
            toTreasury += share;
            if (_losers(questionId) == 0) ++number;
        }
        if (left == most) revert NothingToCollect(most);
        _void.cleared = number;
        if (toTreasury == 0) return;
        bondToken.safeTransfer(treasury, toTreasury);
        ITreasury(treasury).recordIncome(address(bondToken), toTreasury);
    }

    /// @inheritdoc IOracleQuorum
    function payBounty(address challenger) external nonReentrant {
        uint256 bounty = bountyOf[challenger];
        if (bounty == 0) revert NoBounty(challenger);
        bountyOf[challenger] = 0;
        emit BountyPaid(challenger, bounty);
        bondToken.safeTransfer(challenger, bounty);
    }

    /// @inheritdoc IOracleQuorum
    function extendWindow(bytes32 questionId, uint32 bySeconds) external {
        Question storage question = _requireRefutable(questionId);
        question.window += bySeconds;
        emit WindowExtended(questionId, uint256(question.acceptedAt) + question.window);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IOracleQuorum
    function currentSetId() external view returns (uint32) {
        uint256 id = _sets.length;
        while (_sets[id - 1].effectiveFrom > block.timestamp) --id;
        return uint32(id);
    }

    /// @inheritdoc IOracleQuorum
    function operatorSet(uint256 setId) external view returns (OperatorSet memory) {
        return _sets[setId - 1];
    }

    /// @inheritdoc IOracleQuorum
    function isOperator(uint256 setId, address account) external view returns (bool) {
        return _numberOf[setId][account] != 0;
    }

    /// @inheritdoc IOracleQuorum
    function questionOf(bytes32 question) external view returns (Question memory) {
        return _questions[question];
    }

    /// @inheritdoc IOracleQuorum
    function acceptedAnswer(bytes32 questionId) external view returns (bytes32 answer, uint256 finalAt) {
        Question storage question = _questions[questionId];
        if (question.acceptedAt == 0 || question.isVoid) return (bytes32(0), 0);
        return (question.accepted, uint256(question.acceptedAt) + question.window);
    }

    /// @inheritdoc IOracleQuorum
    function isOver(bytes32 question) external view returns (bool) {
        return _isOver(_questions[question]);
    }

    /// @inheritdoc IOracleQuorum
    function votesFor(bytes32 question, bytes32 answer) external view returns (uint256) {
        return _count(_answers[question][answer].voters);
    }

    /// @inheritdoc IOracleQuorum
    function backs(bytes32 question, bytes32 answer, address operator) external view returns (bool) {
        uint8 number = _numberOf[_questions[question].setId][operator];
        return number != 0 && _answers[question][answer].voters & (uint64(1) << (number - 1)) != 0;
    }

    /// @inheritdoc IOracleQuorum
    function bondOf(address operator) external view returns (Bond memory) {
        return _bonds[operator];
    }

    /// @inheritdoc IOracleQuorum
    function lostIn(address operator) public view returns (bytes32) {
        (uint256 number, uint256 count) = (_void.cleared, _void.count);
        while (number != count) {
            bytes32 questionId = _void.questions[++number];
            uint8 place = _numberOf[_questions[questionId].setId][operator];
            if (place != 0 && _losers(questionId) & (uint64(1) << (place - 1)) != 0) return questionId;
        }
        return bytes32(0);
    }

    /// @inheritdoc IOracleQuorum
    function uncollectedAnswers() external view returns (uint256) {
        return _void.count - _void.cleared;
    }

    // ---------------------------------------------------------------- internals

    function _vote(bytes32 questionId, bytes32 answerId, address operator) private {
        Question storage question = _questions[questionId];
        Answer storage answer = _answers[questionId][answerId];
        uint64 bit = _bitOf(question.setId, operator);
        if (_isOver(question)) revert QuestionClosed(questionId, block.timestamp);
        if (question.voters & bit != 0) revert AlreadyVoted(questionId, operator);
        bytes32 accepted = question.accepted;
        if (accepted != bytes32(0) && accepted != answerId) revert OtherAnswerAccepted(questionId, accepted);
        _requireNothingLost(operator);
        Bond memory bond = _bonds[operator];
        bond.pledged += _share(question);
        ++bond.stakes;
        OperatorTerms storage terms = _sets[question.setId - 1].terms;
        uint256 required = bond.pledged > terms.bond ? bond.pledged : terms.bond;
        if (bond.amount < required) revert BondTooSmall(operator, bond.amount, required);

        question.voters |= bit;
        uint64 voters = answer.voters | bit;
        answer.voters = voters;
        _bonds[operator] = bond;
        uint256 votes = _count(voters);
        emit Attested(questionId, answerId, operator, votes);
        if (accepted == bytes32(0) && votes >= terms.threshold) {
            question.accepted = answerId;
            question.acceptedAt = uint40(block.timestamp);
            emit Accepted(questionId, answerId, block.timestamp + question.window);
        }
    }

    /// @dev Over: the answer is final, or the time for one has passed. Nothing accepted at or after the deadline.
    function _isOver(Question storage question) private view returns (bool) {
        if (question.isVoid) return true;
        if (question.acceptedAt != 0) return block.timestamp >= uint256(question.acceptedAt) + question.window;
        return block.timestamp >= question.deadline;
    }

    function _addSet(address[] calldata operators, OperatorTerms calldata terms, uint40 effectiveFrom) private {
        uint256 count = operators.length;
        if (count == 0 || count > MOST_OPERATORS) revert InvalidOperators(count, MOST_OPERATORS);
        if (terms.threshold == 0 || terms.threshold > count || uint256(terms.threshold) * 2 <= count) {
            revert InvalidThreshold(terms.threshold, count);
        }
        if (terms.bondShareBps > FULL_BPS) revert InvalidShare(terms.bondShareBps);
        _sets.push(OperatorSet(terms, effectiveFrom, operators));
        uint256 setId = _sets.length;
        for (uint256 i = 0; i < count; ++i) {
            if (operators[i] == address(0) || _numberOf[setId][operators[i]] != 0) {
                revert InvalidOperators(count, MOST_OPERATORS);
            }
            _numberOf[setId][operators[i]] = uint8(i + 1);
        }
        emit OperatorsScheduled(setId, operators, terms.threshold, terms.bond, terms.bondShareBps, effectiveFrom);
    }

    /// @dev Rounded up to the cent, which fits what is left of a storage word.
    function _shareCents(uint256 setId, uint256 value) private view returns (uint32) {
        uint256 parts = FULL_BPS * UNITS_PER_CENT;
        return ((value * _sets[setId - 1].terms.bondShareBps + parts - 1) / parts).toUint32();
    }

    function _share(Question storage question) private view returns (uint96) {
        return uint96(question.shareCents * UNITS_PER_CENT);
    }

    /// @dev One bond may back several questions at once only if it covers them all. [10]
    function _endStake(Question storage question, uint64 bit, address operator) private {
        Bond memory bond = _bonds[operator];
        bond.pledged -= _share(question);
        --bond.stakes;
        _bonds[operator] = bond;
        question.voters &= ~bit;
    }

    /// @dev Who backs a void answer and has not been collected from: a stake that only `_collect` ends, so such a bond can
    /// neither leave nor grow, nor stand behind anything new. What else its operator backs stays at stake. [11]
    function _losers(bytes32 questionId) private view returns (uint64) {
        Question storage question = _questions[questionId];
        return question.isVoid ? question.voters & _answers[questionId][question.accepted].voters : 0;
    }

    function _requireNothingLost(address operator) private view {
        bytes32 questionId = lostIn(operator);
        if (questionId != bytes32(0)) revert BondForfeited(operator, questionId);
    }

    /// @dev Takes the whole bonds of at most `left` losers, by ascending number.
    function _collect(bytes32 questionId, uint256 left) private returns (uint256, uint256 toTreasury) {
        Question storage question = _questions[questionId];
        address[] storage operators = _sets[question.setId - 1].operators;
        uint64 losers = _losers(questionId);
        uint256 bounties;
        for (uint256 i = 0; losers != 0 && left != 0; (++i, losers >>= 1)) {
            if (losers & 1 == 0) continue;
            address operator = operators[i];
            _endStake(question, uint64(1) << uint64(i), operator);
            uint256 amount = _bonds[operator].amount;
            uint256 bounty = amount / BOUNTY_PARTS;
            _bonds[operator].amount = 0;
            bounties += bounty;
            toTreasury += amount - bounty;
            --left;
            emit BondLost(questionId, operator, amount, bounty);
        }
        bountyOf[refutedBy[questionId]] += bounties;
        return (left, toTreasury);
    }

    function _requireRefutable(bytes32 questionId) private view returns (Question storage question) {
        if (msg.sender != refuter) revert NotTheRefuter(msg.sender);
        question = _questions[questionId];
        if (question.acceptedAt == 0 || _isOver(question)) revert NothingToVoid(questionId);
    }

    function _bitOf(uint256 setId, address operator) private view returns (uint64) {
        uint8 number = _numberOf[setId][operator];
        if (number == 0) revert NotAnOperator(operator, setId);
        return uint64(1) << (number - 1);
    }

    function _count(uint64 bits) private pure returns (uint256 count) {
        while (bits != 0) {
            bits &= bits - 1;
            ++count;
        }
    }
}
