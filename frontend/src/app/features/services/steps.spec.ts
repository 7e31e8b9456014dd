import { DealState, LoanState, type Deal, type Loan, type Purchase } from '../../core/chain/deals';
import type { Hex } from '../../core/market/units';
import { loanStepsOf, ripened, stepsOf } from './steps';

const wallet = (digit: string): Hex => `0x${digit.repeat(40)}`;
const [payer, payee, admin, stranger] = ['1', '2', '3', '4'].map(wallet);
const DEADLINE = 1000;

const deal = (state: DealState, more: Partial<Deal> = {}): Deal => ({
  id: 1n,
  house: 'services',
  payer,
  payee,
  category: 1,
  state,
  feeBps: 0,
  structureBps: 0,
  isChecked: false,
  amount: 10n,
  structure: wallet('0'),
  deadline: DEADLINE,
  listingId: 1n,
  said: [],
  ...more,
});
const purchase: Purchase = {
  id: 1n,
  supplier: payee,
  units: 5,
  isCancelled: false,
  unitPrice: 1n,
  leastUnits: 5,
  mostUnits: 9,
  closesAt: DEADLINE,
  deliverWithin: 50,
  contentHash: `0x${'0'.repeat(64)}`,
  text: null,
};
const member = (account: Hex) => ({ account, isAdmin: false });
const names = (steps: readonly { functionName: string }[]): string[] => steps.map((step) => step.functionName);

describe('steps of a deal', () => {
  it.each([
    [DealState.Accepted, payee, 999, ['deliver', 'decline']],
    [DealState.Accepted, payer, 999, ['confirm']],
    [DealState.Accepted, payee, 1000, ['decline', 'moveOn']],
    [DealState.Delivered, payer, 999, ['confirm', 'dispute']],
    [DealState.Delivered, payee, 999, []],
    [DealState.Delivered, stranger, 1000, ['moveOn']],
    [DealState.Confirmed, payer, 999, []],
    [DealState.Confirmed, payee, 1000, ['moveOn']],
    [DealState.Disputed, payer, 999, []],
    [DealState.Paid, payer, 2000, ['review']],
    [DealState.Refunded, stranger, 2000, []],
  ])('state %i for %s at %i: %j', (state, account, now, expected) => {
    const found = deal(state, state >= DealState.Paid ? { deadline: 0 } : {});
    expect(names(stepsOf(found, member(account), now))).toEqual(expected);
  });

  it('an administrator: checks and decides, but never a deal of its own', () => {
    const judge = { account: admin, isAdmin: true };
    expect(names(stepsOf(deal(DealState.Confirmed), judge, 1))).toEqual(['check']);
    expect(names(stepsOf(deal(DealState.Confirmed, { isChecked: true }), judge, 1))).toEqual([]);
    expect(names(stepsOf(deal(DealState.Disputed), judge, 1))).toEqual(['decide']);
    expect(names(stepsOf(deal(DealState.Disputed), { account: payee, isAdmin: true }, 1))).toEqual([]);
    expect(names(stepsOf(deal(DealState.Confirmed, { structure: admin }), judge, 1))).toEqual([]);
    const said = [{ kind: 'disputed', account: admin, text: null, hash: '0x1' }] as const;
    expect(names(stepsOf(deal(DealState.Disputed, { house: 'works', said }), judge, 1))).toEqual([]);
  });

  it('work for the community: an administrator confirms it, not the payer', () => {
    const work = deal(DealState.Delivered, { house: 'works' });
    expect(names(stepsOf(work, member(payer), 1))).toEqual([]);
    expect(names(stepsOf(work, { account: admin, isAdmin: true }, 1))).toEqual(['confirm', 'dispute', 'check']);
  });

  it('a pledge: left before the end; after it accepted where enough joined, given back where not', () => {
    const pledge = deal(DealState.Pledged, { house: 'purchases' });
    const steps = (account: Hex, now: number, more: object): string[] =>
      names(stepsOf(ripened(pledge, { ...purchase, ...more }, now), member(account), now));
    expect(steps(payer, 999, {})).toEqual(['leavePurchase']);
    expect(steps(payee, 1000, {})).toEqual(['deliver', 'decline']);
    expect(steps(payee, 1050, {})).toEqual(['decline', 'moveOn']);
    expect(steps(payer, 1000, { units: 4 })).toEqual(['moveOn']);
    expect(steps(payer, 1, { isCancelled: true })).toEqual(['moveOn']);
  });

  it('who has reviewed: does not again', () => {
    const said = [{ kind: 'reviewed', account: payer, text: 'fine', hash: '0x1' }] as const;
    const over = deal(DealState.Paid, { deadline: 0, said });
    expect(names(stepsOf(over, member(payer), 1))).toEqual([]);
    expect(names(stepsOf(over, member(payee), 1))).toEqual(['review']);
  });
});

describe('steps of a loan', () => {
  const loan = (state: LoanState): Loan => ({
    id: 1n,
    goodId: 1n,
    borrower: payer,
    lender: payee,
    state,
    price: 1n,
    deposit: 1n,
    latePerDay: 0n,
    deadline: DEADLINE,
    dueAt: 500,
  });

  it.each([
    [LoanState.Reserved, payee, 999, ['handOver', 'cancelLoan']],
    [LoanState.Reserved, payer, 1000, ['cancelLoan', 'moveLoanOn']],
    [LoanState.Lent, payer, 499, ['giveBack', 'disputeLoan']],
    [LoanState.Lent, payer, 500, ['giveBack']],
    [LoanState.Lent, payee, 999, ['confirmReturn']],
    [LoanState.GivenBack, payee, 999, ['confirmReturn', 'disputeLoan']],
    [LoanState.Closed, payee, 1, []],
  ])('state %i for %s at %i: %j', (state, account, now, expected) => {
    expect(names(loanStepsOf(loan(state), member(account), now))).toEqual(expected);
  });

  it('a disputed loan: an administrator who is no party decides', () => {
    expect(names(loanStepsOf(loan(LoanState.Disputed), { account: admin, isAdmin: true }, 1))).toEqual(['decideLoan']);
    expect(names(loanStepsOf(loan(LoanState.Disputed), { account: payer, isAdmin: true }, 1))).toEqual([]);
  });
});
