// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ICommunity, Replacement} from "./interfaces/ICommunity.sol";
import {IEuroIncentives, Incentive, IncentiveSplit} from "./interfaces/IEuroIncentives.sol";
import {IOracleQuorum, QuestionTerms} from "./interfaces/IOracleQuorum.sol";
import {ISessionHandler} from "./interfaces/ISessionHandler.sol";

/// @title Incentives in euro that the community receives, and the members' shares in them
/// @notice The first of the treasury's two layers. What is recorded is reserved: no payment of the treasury reaches it.
abstract contract EuroIncentives is IEuroIncentives {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @notice How long after its record an incentive may be split.
    uint40 public constant SPLIT_TIME = 180 days;

    /// @notice How long after its split is final shares may be claimed.
    uint40 public constant CLAIM_TIME = 365 days;

    bytes32 private constant SPLIT = "incentive split";

    /// @notice The community that the treasury belongs to.
    ICommunity public community;

    /// @notice The settlement ERC-20.
    address public settlementToken;

    /// @inheritdoc IEuroIncentives
    uint256 public incentiveCount;

    /// @inheritdoc IEuroIncentives
    uint256 public reserved;

    /// @inheritdoc IEuroIncentives
    mapping(uint256 incentiveId => mapping(address member => bool)) public isIncentiveClaimed;

    mapping(uint256 incentiveId => Incentive) private _incentives;
    mapping(bytes32 bankReference => bool) private _isRecorded;
    mapping(bytes32 answer => IncentiveSplit) private _splits;

    // ---------------------------------------------------------------- receipt and split

    /// @inheritdoc IEuroIncentives
    function recordIncentive(
        bytes32 bankReference,
        bytes32 ruleId,
        uint40 periodStart,
        uint40 periodEnd,
        uint256 amount
    ) external returns (uint256 incentiveId) {
        _requireRole(community.TOKEN_ADMIN_ROLE());
        bool isComplete = bankReference != bytes32(0) && ruleId != bytes32(0) && periodStart < periodEnd;
        if (!isComplete) revert IncompleteIncentive();
        if (_isRecorded[bankReference]) revert IncentiveRecorded(bankReference);
        _isRecorded[bankReference] = true;
        uint256 before = IERC20(settlementToken).balanceOf(address(this));
        IERC20(settlementToken).safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = IERC20(settlementToken).balanceOf(address(this)) - before;
        if (arrived == 0) revert IncompleteIncentive();

        incentiveId = ++incentiveCount;
        reserved += arrived;
        Incentive storage incentive = _incentives[incentiveId];
        incentive.bankReference = bankReference;
        incentive.ruleId = ruleId;
        incentive.amount = arrived.toUint128();
        incentive.periodStart = periodStart;
        incentive.periodEnd = periodEnd;
        incentive.recordedAt = uint40(block.timestamp);
        incentive.setId = _quorum().currentSetId();
        emit IncentiveReceived(incentiveId, bankReference, ruleId, periodStart, periodEnd, arrived);
    }

    /// @inheritdoc IEuroIncentives
    function postSplit(uint256 incentiveId, IncentiveSplit calldata split, string calldata dataCid) external {
        Incentive memory incentive = _open(incentiveId);
        IOracleQuorum quorum = _quorum();
        if (!quorum.isOperator(incentive.setId, msg.sender)) revert NotASplitOperator(msg.sender, incentive.setId);
        bool isComplete = split.root != bytes32(0) && split.total != 0 && split.claims != 0;
        if (!isComplete || bytes(dataCid).length == 0 || split.total > incentive.amount) {
            revert WrongSplit(incentiveId, split.total, incentive.amount);
        }
        uint40 deadline = incentive.recordedAt + SPLIT_TIME;
        if (block.timestamp >= deadline) revert TooLate(deadline, block.timestamp);

        bytes32 question = splitQuestion(incentiveId);
        bytes32 answer = keccak256(abi.encode(question, incentive.ruleId, split, keccak256(bytes(dataCid))));
        _splits[answer] = split;
        emit SplitPosted(incentiveId, msg.sender, answer, split, dataCid);
        uint32 window = ISessionHandler(community.contracts().sessions).windowLimits().challenge;
        QuestionTerms memory terms = QuestionTerms(incentive.setId, deadline, window, true);
        quorum.post(question, answer, msg.sender, terms, incentive.amount);
    }

    // ---------------------------------------------------------------- shares

    /// @inheritdoc IEuroIncentives
    function claimShare(uint256 incentiveId, address member, uint256 amount, bytes32[] calldata proof) external {
        IncentiveSplit memory split = _finalSplit(incentiveId);
        if (isIncentiveClaimed[incentiveId][member]) revert ShareClaimed(incentiveId, member);
        _payShare(incentiveId, split, member, amount, proof);
    }

    /// @inheritdoc IEuroIncentives
    function claimShares(
        uint256 incentiveId,
        address[] calldata members,
        uint256[] calldata amounts,
        bytes32[][] calldata proofs
    ) external {
        if (members.length != proofs.length) revert LengthMismatch(members.length, proofs.length);
        if (members.length != amounts.length) revert LengthMismatch(members.length, amounts.length);
        IncentiveSplit memory split = _finalSplit(incentiveId);
        for (uint256 i = 0; i < members.length; ++i) {
            // Somebody may have claimed this one a moment ago: that is no reason to refuse the others.
            if (isIncentiveClaimed[incentiveId][members[i]]) continue;
            _payShare(incentiveId, split, members[i], amounts[i], proofs[i]);
        }
    }

    /// @inheritdoc IEuroIncentives
    function closeIncentive(uint256 incentiveId) external {
        Incentive memory incentive = _open(incentiveId);
        (, uint256 finalAt) = splitOf(incentiveId);
        uint256 opensAt = finalAt == 0 ? incentive.recordedAt + SPLIT_TIME : finalAt + CLAIM_TIME;
        if (block.timestamp < opensAt) revert TooEarly(opensAt, block.timestamp);
        uint256 left = incentive.amount - incentive.claimed;
        _incentives[incentiveId].isClosed = true;
        reserved -= left;
        emit IncentiveClosed(incentiveId, left);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IEuroIncentives
    function incentiveOf(uint256 incentiveId) external view returns (Incentive memory) {
        return _incentives[incentiveId];
    }

    /// @inheritdoc IEuroIncentives
    function postedSplit(bytes32 answer) external view returns (IncentiveSplit memory) {
        return _splits[answer];
    }

    /// @inheritdoc IEuroIncentives
    function splitOf(uint256 incentiveId) public view returns (IncentiveSplit memory split, uint256 finalAt) {
        bytes32 answer;
        (answer, finalAt) = _quorum().acceptedAnswer(splitQuestion(incentiveId));
        split = _splits[answer];
    }

    /// @inheritdoc IEuroIncentives
    function splitQuestion(uint256 incentiveId) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), SPLIT, incentiveId));
    }

    // ---------------------------------------------------------------- for the layer above

    function _requireRole(bytes32 role) internal view {
        if (!community.hasRole(role, msg.sender)) revert MissingRole(msg.sender, role);
    }

    // ---------------------------------------------------------------- internals

    function _payShare(
        uint256 incentiveId,
        IncentiveSplit memory split,
        address member,
        uint256 amount,
        bytes32[] calldata proof
    ) private {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(incentiveId, member, amount))));
        if (!MerkleProof.verifyCalldata(proof, split.root, leaf)) revert NotInSplit(incentiveId, member, amount);
        Incentive storage incentive = _incentives[incentiveId];
        uint256 left = split.total - incentive.claimed;
        if (amount > left) revert SplitExhausted(incentiveId, amount, left);
        address wallet = _walletNow(member);
        isIncentiveClaimed[incentiveId][member] = true;
        incentive.claimed += uint128(amount);
        reserved -= amount;
        emit SharePaid(incentiveId, member, wallet, amount);
        IERC20(settlementToken).safeTransfer(wallet, amount);
    }

    /// @dev A lost wallet's share goes to its successor, and waits while the replacement may be vetoed.
    function _walletNow(address wallet) private view returns (address) {
        address successor = community.successorOf(wallet);
        while (successor != address(0)) {
            wallet = successor;
            successor = community.successorOf(wallet);
        }
        Replacement memory replacement = community.replacementOf(wallet);
        if (replacement.newWallet != address(0) && !replacement.vetoed) {
            revert ReplacementPending(wallet, replacement.movesAt, block.timestamp);
        }
        return wallet;
    }

    function _finalSplit(uint256 incentiveId) private view returns (IncentiveSplit memory split) {
        _open(incentiveId);
        uint256 finalAt;
        (split, finalAt) = splitOf(incentiveId);
        if (finalAt == 0 || block.timestamp < finalAt) revert SplitNotFinal(incentiveId);
    }

    function _open(uint256 incentiveId) private view returns (Incentive memory incentive) {
        incentive = _incentives[incentiveId];
        if (incentive.amount == 0 || incentive.isClosed) revert IncentiveOver(incentiveId);
    }

    function _quorum() private view returns (IOracleQuorum) {
        return IOracleQuorum(community.contracts().quorum);
    }
}
