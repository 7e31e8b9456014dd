/** Which steps of a deal or a loan somebody can take now, each with what it does. Follows `Deals.sol` and `GoodsLoans.sol`. */

import { DealState, LoanState, type Deal, type Loan, type Purchase } from '../../core/chain/deals';
import type { Hex } from '../../core/market/units';

export interface Step {
  readonly functionName: string;
  readonly label: string;
  /** What follows from it, in a sentence. */
  readonly effect: string;
  /** What the reader says or decides with it: a text, or shares in per cent. */
  readonly asks: 'nothing' | 'text' | 'maybe-text' | 'share' | 'two-shares';
  readonly isQuiet?: boolean;
}

/** Who looks: the wallet, and whether it administrates the community. */
export interface Viewer {
  readonly account: Hex;
  readonly isAdmin: boolean;
}

const MOVES: Partial<Record<DealState, string>> = {
  [DealState.Pledged]: $localize`Too few joined: what was pledged goes back to whoever pledged it.`,
  [DealState.Accepted]: $localize`Nothing was delivered in time: the tokens go back to the payer.`,
  [DealState.Delivered]: $localize`Nobody objected in time: the delivery counts as confirmed.`,
  [DealState.Confirmed]: $localize`The time for the administrator's check is over: the tokens are paid out.`,
  [DealState.Disputed]: $localize`Nobody decided in time: each side gets half.`,
};

/** The steps of a deal, ripened if it is a pledge. `now` is the chain's time. */
export function stepsOf(deal: Deal, { account, isAdmin }: Viewer, now: number): Step[] {
  const { state } = deal;
  const [isPayer, isPayee] = [deal.payer === account, deal.payee === account];
  const isOver = state < DealState.Paid && now >= deal.deadline;
  const isWork = deal.house === 'works';
  const isConfirmer = isWork ? isAdmin && !isPayee : isPayer;
  const isJudge = isAdmin && !isPayer && !isPayee && deal.structure !== account;
  const steps: Step[] = [];
  if (state === DealState.Pledged && isPayer && !isOver) steps.push(LEAVE);
  if (state === DealState.Accepted && isPayee) {
    if (!isOver) steps.push(DELIVER);
    steps.push(DECLINE);
  }
  if (isConfirmer && (state === DealState.Accepted || state === DealState.Delivered)) steps.push(CONFIRM);
  if (isConfirmer && state === DealState.Delivered && !isOver) steps.push(DISPUTE);
  if (isJudge && !deal.isChecked && CHECKABLE.includes(state)) steps.push(CHECK);
  const opened = deal.said.find((one) => one.kind === 'disputed')?.account;
  if (isJudge && state === DealState.Disputed && !isOver && opened !== account) steps.push(DECIDE);
  if ((isPayer || isPayee) && state >= DealState.Paid && !hasReviewed(deal, account)) steps.push(REVIEW);
  const moves = MOVES[state];
  if (moves && isOver) steps.push({ ...MOVE_ON, effect: silent(deal, state) ?? moves });
  return steps;
}

/**
 * A pledge as the contract takes it: accepted once its purchase's time is over and enough joined, before anybody says so;
 * to be given back at once where the supplier cancelled.
 */
export function ripened(deal: Deal, purchase: Purchase, now: number): Deal {
  if (deal.state !== DealState.Pledged) return deal;
  if (purchase.isCancelled) return { ...deal, deadline: 0 };
  if (now < deal.deadline || purchase.units < purchase.leastUnits) return deal;
  return { ...deal, state: DealState.Accepted, deadline: deal.deadline + purchase.deliverWithin };
}

function silent(deal: Deal, state: DealState): string | null {
  if (deal.house !== 'works' || state !== DealState.Delivered) return null;
  return $localize`No administrator confirmed in time: it becomes a dispute, which another one decides.`;
}

function hasReviewed(deal: Deal, account: Hex): boolean {
  return deal.said.some((one) => one.kind === 'reviewed' && one.account === account);
}

const CHECKABLE: readonly DealState[] = [DealState.Accepted, DealState.Delivered, DealState.Confirmed];
const LEAVE: Step = {
  functionName: 'leavePurchase',
  label: $localize`Leave the purchase`,
  effect: $localize`Your tokens come back at once.`,
  asks: 'nothing',
};
const DELIVER: Step = {
  functionName: 'deliver',
  label: $localize`Say it is delivered`,
  effect: $localize`The payer has seven days to confirm or to dispute; silence confirms.`,
  asks: 'maybe-text',
};
const DECLINE: Step = {
  functionName: 'decline',
  label: $localize`Decline`,
  effect: $localize`The tokens go back to the payer, and the deal is over.`,
  asks: 'nothing',
  isQuiet: true,
};
const CONFIRM: Step = {
  functionName: 'confirm',
  label: $localize`Confirm the delivery`,
  effect: $localize`The tokens are the payee's. An administrator has three days to check the deal for an incentive.`,
  asks: 'nothing',
};
const DISPUTE: Step = {
  functionName: 'dispute',
  label: $localize`Dispute the delivery`,
  effect: $localize`The tokens stay in escrow; an administrator who is no party decides within thirty days.`,
  asks: 'text',
  isQuiet: true,
};
const CHECK: Step = {
  functionName: 'check',
  label: $localize`Check the deal`,
  effect: $localize`The mean of both marks is how much of the category's incentive the deal is worth.`,
  asks: 'two-shares',
};
const DECIDE: Step = {
  functionName: 'decide',
  label: $localize`Decide the dispute`,
  effect: $localize`This share of the tokens goes to the payee, the rest back to the payer. It is final.`,
  asks: 'share',
};
const REVIEW: Step = {
  functionName: 'review',
  label: $localize`Review`,
  effect: $localize`Your words stay on the chain for good, for everybody to read.`,
  asks: 'text',
  isQuiet: true,
};
const MOVE_ON: Step = { functionName: 'moveOn', label: $localize`Move on`, effect: '', asks: 'nothing' };

const LOAN_MOVES: Partial<Record<LoanState, string>> = {
  [LoanState.Reserved]: $localize`The good was not handed over in time: price and deposit go back to the borrower.`,
  [LoanState.Lent]: $localize`The good counts as lost: the lender gets the price and the whole deposit.`,
  [LoanState.GivenBack]: $localize`The lender said nothing in time: the loan closes, and the deposit goes back.`,
  [LoanState.Disputed]: $localize`Nobody decided in time: price and deposit are halved.`,
};

/** The steps of a loan. */
export function loanStepsOf(loan: Loan, { account, isAdmin }: Viewer, now: number): Step[] {
  const [isLender, isBorrower] = [loan.lender === account, loan.borrower === account];
  const isOver = now >= loan.deadline;
  const { state } = loan;
  const steps: Step[] = [];
  if (state === LoanState.Reserved && isLender && !isOver) steps.push(HAND_OVER);
  if (state === LoanState.Reserved && (isLender || isBorrower)) steps.push(CANCEL_LOAN);
  if (state === LoanState.Lent && isBorrower && !isOver) steps.push(GIVE_BACK);
  if (isLender && (state === LoanState.Lent || state === LoanState.GivenBack)) steps.push(CONFIRM_RETURN);
  if (state === LoanState.GivenBack && isLender && !isOver) steps.push(DISPUTE_LOAN);
  if (state === LoanState.Lent && isBorrower && now < loan.dueAt) steps.push(DISPUTE_LOAN);
  if (state === LoanState.Disputed && isAdmin && !isLender && !isBorrower && !isOver) steps.push(DECIDE_LOAN);
  const moves = LOAN_MOVES[state];
  if (moves && isOver) {
    steps.push({ functionName: 'moveLoanOn', label: $localize`Move on`, effect: moves, asks: 'nothing' });
  }
  return steps;
}

const HAND_OVER: Step = {
  functionName: 'handOver',
  label: $localize`Say it is handed over`,
  effect: $localize`The time of the loan begins now.`,
  asks: 'nothing',
};
const CANCEL_LOAN: Step = {
  functionName: 'cancelLoan',
  label: $localize`Cancel the loan`,
  effect: $localize`Price and deposit go back to the borrower.`,
  asks: 'nothing',
  isQuiet: true,
};
const GIVE_BACK: Step = {
  functionName: 'giveBack',
  label: $localize`Say it is given back`,
  effect: $localize`The lender has seven days to confirm or to dispute; silence confirms.`,
  asks: 'maybe-text',
};
const CONFIRM_RETURN: Step = {
  functionName: 'confirmReturn',
  label: $localize`Confirm that it is back`,
  effect: $localize`You get the price, and what is due for lateness; the rest of the deposit goes back.`,
  asks: 'nothing',
};
const DISPUTE_LOAN: Step = {
  functionName: 'disputeLoan',
  label: $localize`Dispute the loan`,
  effect: $localize`Price and deposit stay in escrow; an administrator who is no party decides within thirty days.`,
  asks: 'text',
  isQuiet: true,
};
const DECIDE_LOAN: Step = {
  functionName: 'decideLoan',
  label: $localize`Decide the loan`,
  effect: $localize`The first share is of the price, the second of the deposit: what the lender gets. It is final.`,
  asks: 'two-shares',
};
