// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITokenEscrow} from "./ITokenEscrow.sol";
import {TokenCategory} from "./ITokenPolicy.sol";

/// @notice Where a loan stands.
enum LoanState {
    None,
    Reserved,
    Lent,
    GivenBack,
    Disputed,
    Closed
}

/// @notice What a good is lent for.
/// @param price Tokens for a loan.
/// @param deposit Tokens that come back with the good.
/// @param latePerDay Tokens of the deposit that each day begun after the due date costs.
/// @param longest Seconds that a loan may last.
struct GoodTerms {
    uint96 price;
    uint96 deposit;
    uint96 latePerDay;
    uint40 longest;
    bytes32 contentHash;
}

/// @notice A good; `loanId` is the loan that it is out for, 0 while it is at home.
struct Good {
    GoodTerms terms;
    address lender;
    uint40 loanId;
    bool isWithdrawn;
}

/// @notice A loan, with price and deposit in escrow until it is over.
/// @param deadline When the state's time is over.
/// @param dueAt When the good is due back; while reserved, for how many seconds it will be lent.
/// @param givenBackAt When the borrower said that it is back.
struct Loan {
    address borrower;
    uint40 goodId;
    uint40 deadline;
    address lender;
    uint40 dueAt;
    uint40 givenBackAt;
    TokenCategory category;
    LoanState state;
    uint96 price;
    uint96 deposit;
    uint96 latePerDay;
    uint16 feeBps;
}

/// @title Goods on loan: a price, a deposit, the return, and what lateness and loss cost
interface IGoodsLoans is ITokenEscrow {
    /// @notice Thrown when a good lacks its content or time to be lent, has neither price nor deposit, or gives more than a
    /// year.
    error IncompleteGood();

    /// @notice Thrown when there is no such good, it was withdrawn, or it is out.
    error GoodNotThere(uint256 goodId, uint256 loanId);

    /// @notice Thrown when somebody other than its lender withdraws a good.
    error NotYourGood(uint256 goodId, address account);

    /// @notice Thrown when a loan is longer than the good is lent for, or has no length.
    error LoanTooLong(uint256 duration, uint256 longest);

    /// @notice Thrown when the caller is not the party of the loan that takes this step.
    error NotYourLoan(uint256 loanId, address account);

    /// @notice Thrown when an admin would judge a loan of its own.
    error OwnLoan(uint256 loanId, address account);

    /// @notice Thrown when the loan's state does not allow the step, or there is no such loan.
    error WrongLoanState(uint256 loanId, LoanState state);

    /// @notice Emitted when a good was offered.
    event GoodOffered(uint256 indexed goodId, address indexed lender, GoodTerms terms);

    /// @notice Emitted when a good was withdrawn; a loan that it is out for goes on.
    event GoodWithdrawn(uint256 indexed goodId);

    /// @notice Emitted when a good was reserved and the escrow taken.
    event LoanReserved(
        uint256 indexed loanId,
        uint256 indexed goodId,
        address indexed borrower,
        address lender,
        uint256 price,
        uint256 deposit,
        uint256 duration,
        uint256 handOverBy
    );

    /// @notice Emitted when the lender handed the good over.
    event GoodHandedOver(uint256 indexed loanId, uint256 dueAt);

    /// @notice Emitted when the borrower said that the good is back.
    event GoodGivenBack(uint256 indexed loanId, bytes32 evidenceHash, uint256 confirmBy);

    /// @notice Emitted when one of the two disputed.
    event LoanDisputed(uint256 indexed loanId, address indexed account, bytes32 reasonHash, uint256 decideBy);

    /// @notice Emitted when a dispute ended: by an admin, or by time (zero).
    event LoanDecided(uint256 indexed loanId, address indexed admin, uint256 priceBps, uint256 depositBps);

    /// @notice Emitted when a loan was over: what the lender got as price and out of the deposit, and what went back.
    event LoanClosed(uint256 indexed loanId, uint256 pricePaid, uint256 compensation, uint256 returned);

    /// @notice Offers a good. Active members.
    function offerGood(GoodTerms calldata terms) external returns (uint256 goodId);

    /// @notice Withdraws a good from lending. Its lender.
    function withdrawGood(uint256 goodId) external;

    /// @notice Reserves a good for so many seconds from the hand-over: price and deposit go into escrow. Active members.
    function borrow(uint256 goodId, uint40 duration) external returns (uint256 loanId);

    /// @notice Says that the good is handed over: the loan begins. Lender, within the time for it.
    function handOver(uint256 loanId) external;

    /// @notice Gives up a reservation: the escrow goes back. Lender or borrower, before the hand-over.
    function cancelLoan(uint256 loanId) external;

    /// @notice Says that the good is back. Borrower.
    function giveBack(uint256 loanId, bytes32 evidenceHash) external;

    /// @notice Confirms that the good is back: the price is paid, the deposit less lateness goes back. Lender.
    function confirmReturn(uint256 loanId) external;

    /// @notice Disputes: the borrower that the good was ever handed over, until it is due; the lender that it is back, or
    /// whole, before silence confirms it.
    function disputeLoan(uint256 loanId, bytes32 reasonHash) external;

    /// @notice Divides price and deposit: so much of each to the lender, the rest back. Community admin who is no party.
    function decideLoan(uint256 loanId, uint16 priceBps, uint16 depositBps) external;

    /// @notice Moves a loan on whose state's time is over: not handed over → escrow back; not back 30 days after it was due
    /// → price and deposit to the lender; silence → return confirmed; not decided → halves. Anybody.
    function moveLoanOn(uint256 loanId) external;

    /// @notice A good.
    function goodOf(uint256 goodId) external view returns (Good memory);

    /// @notice How many goods there ever were; they are numbered from 1.
    function goodCount() external view returns (uint256);

    /// @notice A loan.
    function loanOf(uint256 loanId) external view returns (Loan memory);

    /// @notice How many loans there ever were; they are numbered from 1.
    function loanCount() external view returns (uint256);

    /// @notice What lateness would cost if the good were back now, or cost when it was.
    function latenessOf(uint256 loanId) external view returns (uint256);

    /// @notice The reference under which the token tells the price's payment.
    function referenceOf(uint256 loanId) external view returns (bytes32);
}
