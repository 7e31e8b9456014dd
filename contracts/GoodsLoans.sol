// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {TokenEscrow} from "./TokenEscrow.sol";
import {Standing} from "./interfaces/ICommunity.sol";
import {DealPayment} from "./interfaces/ICommunityToken.sol";
import {Good, GoodTerms, IGoodsLoans, Loan, LoanState} from "./interfaces/IGoodsLoans.sol";
import {TokenCategories} from "./libraries/TokenCategories.sol";

/// @title Goods on loan: a price, a deposit, the return, and what lateness and loss cost
/// @notice The price is a payment, with the fee of its category; what the lender keeps of the deposit is compensation, and
/// bears none. Every state has an end: docs/services.md draws it.
contract GoodsLoans is IGoodsLoans, TokenEscrow {
    /// @notice How long a reserved good waits for its hand-over.
    uint40 public constant HAND_OVER_TIME = 7 days;

    /// @notice How long after it was due a good that is not back counts as lost.
    uint40 public constant LOST_AFTER = 30 days;

    uint256 private constant LATE_DAY = 1 days;

    /// @inheritdoc IGoodsLoans
    uint256 public goodCount;

    /// @inheritdoc IGoodsLoans
    uint256 public loanCount;

    mapping(uint256 goodId => Good) private _goods;
    mapping(uint256 loanId => Loan) private _loans;

    // ---------------------------------------------------------------- goods

    /// @inheritdoc IGoodsLoans
    function offerGood(GoodTerms calldata terms) external returns (uint256 goodId) {
        _requireActive();
        bool isComplete = terms.contentHash != bytes32(0) && terms.longest != 0 && terms.price + terms.deposit != 0;
        if (!isComplete || terms.longest > MOST_TIME) revert IncompleteGood();
        goodId = ++goodCount;
        _goods[goodId] = Good(terms, msg.sender, 0, false);
        emit GoodOffered(goodId, msg.sender, terms);
    }

    /// @inheritdoc IGoodsLoans
    function withdrawGood(uint256 goodId) external {
        Good storage good = _goods[goodId];
        if (good.lender == address(0) || good.isWithdrawn) revert GoodNotThere(goodId, good.loanId);
        if (!_isParty(good.lender)) revert NotYourGood(goodId, msg.sender);
        good.isWithdrawn = true;
        emit GoodWithdrawn(goodId);
    }

    // ---------------------------------------------------------------- loans

    /// @inheritdoc IGoodsLoans
    function borrow(uint256 goodId, uint40 duration) external returns (uint256 loanId) {
        Good memory good = _goods[goodId];
        bool isThere = good.lender != address(0) && !good.isWithdrawn && good.loanId == 0;
        if (!isThere) revert GoodNotThere(goodId, good.loanId);
        if (duration == 0 || duration > good.terms.longest) revert LoanTooLong(duration, good.terms.longest);
        (Standing memory from, Standing memory to) = _activePair(msg.sender, good.lender);

        Loan memory loan;
        loan.category = TokenCategories.between(from.kind, to.kind);
        loan.feeBps = _openTerms(loan.category).feeBps;
        loan.borrower = msg.sender;
        loan.lender = good.lender;
        loan.goodId = uint40(goodId);
        loan.state = LoanState.Reserved;
        loan.deadline = uint40(block.timestamp) + HAND_OVER_TIME;
        loan.dueAt = duration;
        (loan.price, loan.deposit, loan.latePerDay) = (good.terms.price, good.terms.deposit, good.terms.latePerDay);
        loanId = ++loanCount;
        _loans[loanId] = loan;
        _goods[goodId].loanId = uint40(loanId);
        emit LoanReserved(loanId, goodId, msg.sender, loan.lender, loan.price, loan.deposit, duration, loan.deadline);
        _take(msg.sender, uint256(loan.price) + loan.deposit);
    }

    /// @inheritdoc IGoodsLoans
    function handOver(uint256 loanId) external {
        Loan storage loan = _in(loanId, LoanState.Reserved);
        _requireParty(loanId, loan.lender);
        _requireBefore(loan.deadline);
        loan.dueAt += uint40(block.timestamp);
        loan.deadline = loan.dueAt + LOST_AFTER;
        loan.state = LoanState.Lent;
        emit GoodHandedOver(loanId, loan.dueAt);
    }

    /// @inheritdoc IGoodsLoans
    function cancelLoan(uint256 loanId) external {
        Loan storage loan = _in(loanId, LoanState.Reserved);
        if (!_isParty(loan.lender)) _requireParty(loanId, loan.borrower);
        _close(loanId, loan, 0, 0);
    }

    /// @inheritdoc IGoodsLoans
    function giveBack(uint256 loanId, bytes32 evidenceHash) external {
        Loan storage loan = _in(loanId, LoanState.Lent);
        _requireParty(loanId, loan.borrower);
        _requireBefore(loan.deadline);
        loan.state = LoanState.GivenBack;
        loan.givenBackAt = uint40(block.timestamp);
        loan.deadline = uint40(block.timestamp) + SILENCE;
        emit GoodGivenBack(loanId, evidenceHash, loan.deadline);
    }

    /// @inheritdoc IGoodsLoans
    function confirmReturn(uint256 loanId) external {
        Loan storage loan = _loans[loanId];
        if (loan.state != LoanState.Lent && loan.state != LoanState.GivenBack) {
            revert WrongLoanState(loanId, loan.state);
        }
        _requireParty(loanId, loan.lender);
        _close(loanId, loan, loan.price, latenessOf(loanId));
    }

    // ---------------------------------------------------------------- disputes and time

    /// @inheritdoc IGoodsLoans
    function disputeLoan(uint256 loanId, bytes32 reasonHash) external {
        Loan storage loan = _loans[loanId];
        if (loan.state == LoanState.Lent) {
            _requireParty(loanId, loan.borrower);
            _requireBefore(loan.dueAt);
        } else {
            if (loan.state != LoanState.GivenBack) revert WrongLoanState(loanId, loan.state);
            _requireParty(loanId, loan.lender);
            _requireBefore(loan.deadline);
        }
        loan.state = LoanState.Disputed;
        loan.deadline = uint40(block.timestamp) + DECISION_TIME;
        emit LoanDisputed(loanId, msg.sender, reasonHash, loan.deadline);
    }

    /// @inheritdoc IGoodsLoans
    function decideLoan(uint256 loanId, uint16 priceBps, uint16 depositBps) external {
        Loan storage loan = _in(loanId, LoanState.Disputed);
        _requireRole(community.COMMUNITY_ADMIN_ROLE());
        if (_isParty(loan.borrower) || _isParty(loan.lender)) revert OwnLoan(loanId, msg.sender);
        _requireShare(priceBps);
        _requireShare(depositBps);
        _requireBefore(loan.deadline);
        _decide(loanId, loan, msg.sender, priceBps, depositBps);
    }

    /// @inheritdoc IGoodsLoans
    function moveLoanOn(uint256 loanId) external {
        Loan storage loan = _loans[loanId];
        LoanState state = loan.state;
        if (state == LoanState.None || state == LoanState.Closed) revert WrongLoanState(loanId, state);
        _requireFrom(loan.deadline);
        if (state == LoanState.Reserved) {
            _close(loanId, loan, 0, 0);
        } else if (state == LoanState.Lent) {
            _close(loanId, loan, loan.price, loan.deposit);
        } else if (state == LoanState.GivenBack) {
            _close(loanId, loan, loan.price, latenessOf(loanId));
        } else {
            _decide(loanId, loan, address(0), FULL_BPS / 2, FULL_BPS / 2);
        }
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IGoodsLoans
    function goodOf(uint256 goodId) external view returns (Good memory) {
        return _goods[goodId];
    }

    /// @inheritdoc IGoodsLoans
    function loanOf(uint256 loanId) external view returns (Loan memory) {
        return _loans[loanId];
    }

    /// @inheritdoc IGoodsLoans
    function latenessOf(uint256 loanId) public view returns (uint256) {
        Loan storage loan = _loans[loanId];
        if (loan.state != LoanState.Lent && loan.state != LoanState.GivenBack) return 0;
        uint256 until = loan.givenBackAt == 0 ? block.timestamp : loan.givenBackAt;
        if (until <= loan.dueAt) return 0;
        return Math.min(Math.ceilDiv(until - loan.dueAt, LATE_DAY) * loan.latePerDay, loan.deposit);
    }

    /// @inheritdoc IGoodsLoans
    function referenceOf(uint256 loanId) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), loanId));
    }

    // ---------------------------------------------------------------- internals

    function _in(uint256 loanId, LoanState state) private view returns (Loan storage loan) {
        loan = _loans[loanId];
        if (loan.state != state) revert WrongLoanState(loanId, loan.state);
    }

    function _requireParty(uint256 loanId, address party) private view {
        if (!_isParty(party)) revert NotYourLoan(loanId, msg.sender);
    }

    function _decide(uint256 loanId, Loan storage loan, address admin, uint256 priceBps, uint256 depositBps) private {
        emit LoanDecided(loanId, admin, priceBps, depositBps);
        _close(loanId, loan, (loan.price * priceBps) / FULL_BPS, (loan.deposit * depositBps) / FULL_BPS);
    }

    /// @dev Gives all of price and deposit away: so much as price and compensation to the lender, the rest back.
    function _close(uint256 loanId, Loan storage loan, uint256 pricePaid, uint256 compensation) private {
        uint256 returned = uint256(loan.price) + loan.deposit - pricePaid - compensation;
        loan.state = LoanState.Closed;
        loan.deadline = 0;
        _goods[loan.goodId].loanId = 0;
        emit LoanClosed(loanId, pricePaid, compensation, returned);
        if (pricePaid != 0) _payPrice(loanId, loan, pricePaid);
        _giveBack(loan.lender, compensation);
        _giveBack(loan.borrower, returned);
    }

    function _payPrice(uint256 loanId, Loan storage loan, uint256 amount) private {
        held -= amount;
        DealPayment memory payment;
        payment.payer = loan.borrower;
        payment.payee = loan.lender;
        payment.category = loan.category;
        payment.feeBps = loan.feeBps;
        payment.amount = amount;
        payment.dealReference = referenceOf(loanId);
        token.payDeal(payment);
    }
}
