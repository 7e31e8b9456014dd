// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How many operators must agree, and what each must have at stake.
/// @param threshold k: equal attestations that accept.
/// @param bond The least bond of an operator, in the settlement ERC-20's units.
/// @param bondShareBps The least bond as a share of what the decision is about, in basis points.
struct OperatorTerms {
    uint8 threshold;
    uint96 bond;
    uint16 bondShareBps;
}

/// @notice A set of operators with its terms; sessions keep the set they opened under.
struct OperatorSet {
    OperatorTerms terms;
    uint40 effectiveFrom;
    address[] operators;
}

/// @notice What a question to the quorum allows.
/// @param setId The operators who may answer.
/// @param deadline Nothing is accepted from then on.
/// @param window Seconds after acceptance until the answer is final.
/// @param retractable Whether votes may be withdrawn within that window.
struct QuestionTerms {
    uint32 setId;
    uint40 deadline;
    uint32 window;
    bool retractable;
}

/// @notice Where a question stands.
/// @param accepted The answer with k votes; zero while there is none.
/// @param acceptedAt When it got the k-th; 0 while there is none.
/// @param voters Bit per operator whose bond is at stake here.
/// @param isVoid Whether the accepted answer was refuted: the question is closed for good.
/// @param shareCents What it asks of the bond of everybody who answers, in hundredths of the settlement ERC-20's whole
/// unit, rounded up.
struct Question {
    bytes32 accepted;
    uint64 voters;
    uint40 acceptedAt;
    uint32 setId;
    uint40 deadline;
    uint32 window;
    bool retractable;
    bool isVoid;
    uint32 shareCents;
}

/// @notice An operator's money.
/// @param amount What was paid in and not lost.
/// @param stakes Questions in which it is at stake.
/// @param pledged What those questions ask together, each its share of what it decides.
struct Bond {
    uint128 amount;
    uint32 stakes;
    uint96 pledged;
}

/// @title Independent operators who attest the same answer to a question
/// @notice A question is named by a hash over chain, contract, session and round; an answer is a hash too.
interface IOracleQuorum {
    /// @notice Thrown when the caller lacks the role.
    error MissingRole(address account, bytes32 role);

    /// @notice Thrown when the caller is none of the contracts that put questions to the operators.
    error NotAClient(address account);

    /// @notice Thrown when a set of operators is empty, too large, or holds a zero or double address.
    error InvalidOperators(uint256 count, uint256 most);

    /// @notice Thrown when k is 0, above n, or no majority (two answers could both be accepted).
    error InvalidThreshold(uint256 threshold, uint256 operators);

    /// @notice Thrown when the share is above 100 %.
    error InvalidShare(uint256 bps);

    /// @notice Thrown when the account is no operator of the set.
    error NotAnOperator(address account, uint256 setId);

    /// @notice Thrown when the operator's bond is below what the question asks.
    error BondTooSmall(address operator, uint256 bond, uint256 required);

    /// @notice Thrown when the operator backs an answer to this question already.
    error AlreadyVoted(bytes32 question, address operator);

    /// @notice Thrown when the operator backs no such answer.
    error NoVote(bytes32 question, address operator);

    /// @notice Thrown when nobody posted this answer to this question.
    error UnknownAnswer(bytes32 question, bytes32 answer);

    /// @notice Thrown when another answer was accepted already.
    error OtherAnswerAccepted(bytes32 question, bytes32 accepted);

    /// @notice Thrown when the question takes no votes any more.
    error QuestionClosed(bytes32 question, uint256 timestamp);

    /// @notice Thrown when a vote may not be withdrawn any more.
    error NotRetractable(bytes32 question);

    /// @notice Thrown when a stake is asked back while it may still be lost.
    error StakeHeld(bytes32 question);

    /// @notice Thrown when a bond is asked back while stakes are open.
    error BondHeld(address operator, uint256 stakes);

    /// @notice Thrown when the operator's bond is lost, because it backed a refuted answer, and not collected yet.
    error BondForfeited(address operator, bytes32 question);

    /// @notice Thrown when no lost bond is to be collected, or none is asked for.
    error NothingToCollect(uint256 most);

    /// @notice Thrown when no bounty is due to the account.
    error NoBounty(address challenger);

    /// @notice Thrown when the caller is not the contract that judges refutations.
    error NotTheRefuter(address account);

    /// @notice Thrown when the question has no accepted answer that could still be refuted.
    error NothingToVoid(bytes32 question);

    /// @notice Thrown when an amount is zero, or more than there is.
    error InvalidAmount(uint256 amount, uint256 available);

    /// @notice Emitted when a set of operators was scheduled.
    event OperatorsScheduled(
        uint256 indexed setId,
        address[] operators,
        uint8 threshold,
        uint96 bond,
        uint16 bondShareBps,
        uint256 effectiveFrom
    );

    /// @notice Emitted when an answer got a vote.
    event Attested(bytes32 indexed question, bytes32 indexed answer, address indexed operator, uint256 votes);

    /// @notice Emitted when an answer got its k-th vote.
    event Accepted(bytes32 indexed question, bytes32 indexed answer, uint256 finalAt);

    /// @notice Emitted when an operator withdrew its vote.
    event VoteWithdrawn(bytes32 indexed question, bytes32 indexed answer, address indexed operator, uint256 votes);

    /// @notice Emitted when withdrawn votes undid an acceptance.
    event AcceptanceRevoked(bytes32 indexed question, bytes32 indexed answer);

    /// @notice Emitted when an operator's bond grew.
    event BondDeposited(address indexed operator, uint256 amount, uint256 bond);

    /// @notice Emitted when an operator took bond back.
    event BondWithdrawn(address indexed operator, uint256 amount, uint256 bond);

    /// @notice Emitted when a stake ended.
    event StakeReleased(bytes32 indexed question, address indexed operator);

    /// @notice Emitted when an accepted answer can be challenged for longer.
    event WindowExtended(bytes32 indexed question, uint256 finalAt);

    /// @notice Emitted when an accepted answer was refuted: the bonds of all who back it are lost.
    event AnswerVoided(bytes32 indexed question, bytes32 indexed answer, address indexed challenger);

    /// @notice Emitted when a lost bond was collected: the bounty is the challenger's due, the rest went to the treasury.
    event BondLost(bytes32 indexed question, address indexed operator, uint256 amount, uint256 bounty);

    /// @notice Emitted when a challenger was paid its bounties.
    event BountyPaid(address indexed challenger, uint256 amount);

    /// @notice Schedules a set of operators, in force after the notice period. Oracle admin only.
    function scheduleOperators(address[] calldata operators, OperatorTerms calldata terms) external;

    /// @notice Adds to the caller's bond; credits what arrived. Refused while a lost bond waits to be collected.
    function depositBond(uint256 amount) external;

    /// @notice Takes bond back; refused while a stake is open.
    function withdrawBond(uint256 amount) external;

    /// @notice Ends the caller's stakes in questions that are over. A stake behind a void answer ends by collection only.
    function releaseStakes(bytes32[] calldata questions) external;

    /// @notice Posts an answer on behalf of an operator and counts as its vote. Clients only.
    /// @param question Hash over chain, contract, session and round.
    /// @param answer Hash of the answer.
    /// @param operator Who posts.
    /// @param terms The question's terms; the first post of a question fixes them.
    /// @param value What the decision is about, in the settlement ERC-20's units: bonds must cover their set share of it,
    /// and of whatever else they are at stake for at the same time.
    function post(
        bytes32 question,
        bytes32 answer,
        address operator,
        QuestionTerms calldata terms,
        uint256 value
    ) external;

    /// @notice Attests an answer that another operator posted.
    function attest(bytes32 question, bytes32 answer) external;

    /// @notice Withdraws the caller's vote: before acceptance, or within the window where the question allows it.
    function withdrawVote(bytes32 question, bytes32 answer) external;

    /// @notice Makes a question's accepted answer void: the bonds of all who back it are lost at once, and stay locked until
    /// they are collected. Costs the same however many they are. Refuter only, before the answer is final.
    function voidAnswer(bytes32 question, address challenger) external;

    /// @notice Collects lost bonds, in the order in which answers fell: half of each, rounded down, is due to the challenger,
    /// the rest goes to the treasury. Anybody.
    /// @param most How many bonds to collect at most.
    function collectBonds(uint256 most) external;

    /// @notice Pays a challenger the bounties that were collected for it. Anybody.
    function payBounty(address challenger) external;

    /// @notice Lengthens the window of a question's accepted answer. Refuter only, before the answer is final.
    function extendWindow(bytes32 question, uint32 bySeconds) external;

    /// @notice The set in force now; sets are numbered from 1.
    function currentSetId() external view returns (uint32);

    /// @notice A set of operators.
    function operatorSet(uint256 setId) external view returns (OperatorSet memory);

    /// @notice Whether the account is an operator of the set.
    function isOperator(uint256 setId, address account) external view returns (bool);

    /// @notice Where a question stands.
    function questionOf(bytes32 question) external view returns (Question memory);

    /// @notice The accepted answer and when it is final; zeros while there is none.
    function acceptedAnswer(bytes32 question) external view returns (bytes32 answer, uint256 finalAt);

    /// @notice Whether a question takes no votes and holds no stakes: its answer is final or void, or the time for one
    /// has passed. So is a question that nobody has asked.
    function isOver(bytes32 question) external view returns (bool);

    /// @notice How many operators back an answer.
    function votesFor(bytes32 question, bytes32 answer) external view returns (uint256);

    /// @notice Whether the operator backs the answer.
    function backs(bytes32 question, bytes32 answer, address operator) external view returns (bool);

    /// @notice Whether the account is one of the community's contracts that put questions to the operators.
    function isClient(address account) external view returns (bool);

    /// @notice The contract that judges refutations of answers.
    function refuter() external view returns (address);

    /// @notice An operator's bond.
    function bondOf(address operator) external view returns (Bond memory);

    /// @notice Who refuted the answer to a question; zero while nobody has.
    function refutedBy(bytes32 question) external view returns (address);

    /// @notice The first refuted answer's question for which the operator's bond is lost and not collected; zero for none.
    function lostIn(address operator) external view returns (bytes32);

    /// @notice How many refuted answers have backers whose bonds are not collected.
    function uncollectedAnswers() external view returns (uint256);

    /// @notice The bounties collected for a challenger and not paid yet.
    function bountyOf(address challenger) external view returns (uint256);
}
