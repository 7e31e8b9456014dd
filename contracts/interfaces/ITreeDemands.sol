// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OutcomeProof} from "./IMarketplace.sol";

/// @notice A node of a posted tree, as whoever knows its hash names it.
/// @param level 0 for leaves, counted upwards; the root's is the tree's depth.
/// @param position Place in its level, from the left.
/// @param hash Its hash.
/// @param path Per level upwards 128 bytes: the sums recorded for the node reached, then hash and sums of its sibling.
struct DemandedNode {
    uint8 level;
    uint32 position;
    bytes32 hash;
    bytes path;
}

/// @notice A demand to open a node.
/// @param sessionId The session.
/// @param question The session's question in the round of the demand.
/// @param node Names the node within that question.
/// @param hash The node's hash.
/// @param demander Who asks.
/// @param answerBy Until when an operator may answer.
/// @param slot The slot.
/// @param level The node's level.
/// @param position The node's place in it.
/// @param bond What the demander has at stake; 0 once it went its way.
struct Demand {
    uint256 sessionId;
    bytes32 question;
    bytes32 node;
    bytes32 hash;
    address demander;
    uint40 answerBy;
    uint16 slot;
    uint8 level;
    uint32 position;
    uint96 bond;
}

/// @title Demands to open a tree that operators keep to themselves
/// @notice For a small bond anybody names a node of the accepted outcome's tree; an operator answers within the answer
/// window with what lies up to five levels below, or the outcome is void.
interface ITreeDemands {
    /// @notice Thrown when a node is no place of the slot's tree.
    error NoSuchNode(uint256 level, uint256 position, uint256 depth);

    /// @notice Thrown when a demand comes after the original window and does not continue its demander's own path.
    error NotYourPath(uint256 demandId, address account);

    /// @notice Thrown when answer and reaction do not fit into what is left of the window.
    error NotEnoughTime(uint256 required, uint256 finalAt);

    /// @notice Thrown when there is no such demand.
    error UnknownDemand(uint256 demandId);

    /// @notice Thrown when the bond did not arrive whole.
    error BondNotPaid(uint256 arrived, uint256 required);

    /// @notice Thrown when the caller is no operator of the session's set.
    error NotASessionOperator(address account, uint256 setId);

    /// @notice Thrown when a demand was answered before.
    error AlreadyAnswered(uint256 demandId);

    /// @notice Thrown when an answer comes after the answer window.
    error AnswerTooLate(uint256 demandId, uint256 answerBy, uint256 timestamp);

    /// @notice Thrown when an answer is not as long as what lies below the node.
    error WrongAnswerLength(uint256 sums, uint256 requiredSums, uint256 bottom, uint256 requiredBottom);

    /// @notice Thrown when an answer does not lead to the node's hash.
    error AnswerLeadsElsewhere(bytes32 reached, bytes32 hash);

    /// @notice Thrown when there is still time to answer.
    error AnswerMayCome(uint256 demandId, uint256 answerBy, uint256 timestamp);

    /// @notice Thrown when the outcome that the demand is about is void or final already.
    error OutcomeSettled(uint256 demandId);

    /// @notice Thrown when a bond is still at stake, or went its way already.
    error BondStays(uint256 demandId);

    /// @notice Emitted when a node was demanded.
    event NodeDemanded(
        uint256 indexed demandId,
        uint256 indexed sessionId,
        address indexed demander,
        uint256 slot,
        uint256 level,
        uint256 position,
        bytes32 hash,
        uint256 answerBy
    );

    /// @notice Emitted when somebody demanded what the chain shows already, which cost the bond at once.
    event DemandedInVain(uint256 indexed sessionId, address indexed demander, uint256 bond);

    /// @notice Emitted when a node was opened: the sums recorded below it, level by level from above, and the leaves'
    /// fields (49 bytes each, zeros for padding) or the hashes of the lowest nodes shown.
    event NodeOpened(
        uint256 indexed demandId,
        uint256 indexed sessionId,
        address indexed operator,
        bytes sums,
        bytes bottom
    );

    /// @notice Emitted when a demand's bond went to whom it belongs.
    event DemandBondPaid(uint256 indexed demandId, address indexed payee, uint256 amount);

    /// @notice Demands a node of the session's accepted outcome; takes the bond.
    /// @param sessionId The session.
    /// @param outcome The slot in the accepted outcome.
    /// @param node The node.
    /// @param continues The demand whose answer showed this node; 0 within the original window.
    /// @return demandId The demand's number; 0 where the chain shows the node already, which costs the bond.
    function demand(
        uint256 sessionId,
        OutcomeProof calldata outcome,
        DemandedNode calldata node,
        uint256 continues
    ) external returns (uint256 demandId);

    /// @notice Opens the demanded node. Operators of the session's set only.
    /// @param demandId The demand.
    /// @param sums The sums recorded for all nodes below, level by level from above; empty for a leaf.
    /// @param bottom The leaves' fields, or the hashes of the nodes five levels below.
    function answer(uint256 demandId, bytes calldata sums, bytes calldata bottom) external;

    /// @notice Makes void an outcome whose node nobody opened in time. Anybody; the bounty is the demander's.
    function voidUnanswered(uint256 demandId) external;

    /// @notice Pays a demand's bond to whom it belongs, once its outcome is void or final. Anybody.
    function payBond(uint256 demandId) external;

    /// @notice A demand.
    function demandOf(uint256 demandId) external view returns (Demand memory);

    /// @notice The operator who opened the demand's node; zero while nobody has.
    function answeredBy(uint256 demandId) external view returns (address);

    /// @notice How many demands there were; they are numbered from 1.
    function demandCount() external view returns (uint256);

    /// @notice What a demand costs in a session, and how long an operator may take to answer.
    function demandTerms(uint256 sessionId) external view returns (uint96 bond, uint32 answerWindow);
}
