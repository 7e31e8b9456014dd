import { zeroAddress } from 'viem';

import type { Hex } from '../../core/market/units';
import { paymentState, paymentSteps, type TreasuryPayment } from './payments';

const wallet = (digit: string): Hex => `0x${digit.repeat(40)}`;
const payment: TreasuryPayment = {
  id: 1n,
  asset: wallet('a'),
  payee: wallet('b'),
  amount: 5n,
  proposer: wallet('1'),
  approver: zeroAddress,
  dueAt: 0,
  done: false,
  purpose: 'a hall',
  isWithdrawn: false,
};
const approved = { ...payment, approver: wallet('2'), dueAt: 100 };
const community = { account: wallet('2'), isTokenAdmin: false, isCommunityAdmin: true };

describe('a payment out of the treasury', () => {
  it('the one who proposed: cannot approve, even as an administrator of the community', () => {
    expect(paymentSteps(payment, { ...community, account: wallet('1') }, 1)).toEqual(['withdrawPayment']);
    expect(paymentSteps(payment, community, 1)).toEqual(['approvePayment', 'withdrawPayment']);
  });

  it('approved: waits for its notice, then anybody makes it', () => {
    const anybody = { account: wallet('9'), isTokenAdmin: false, isCommunityAdmin: false };
    expect([paymentState(approved, 99), paymentState(approved, 100)]).toEqual(['notice', 'due']);
    expect(paymentSteps(approved, anybody, 99)).toEqual([]);
    expect(paymentSteps(approved, anybody, 100)).toEqual(['makePayment']);
    expect(paymentSteps(approved, { ...anybody, account: null }, 100)).toEqual([]);
  });

  it('over: leaves nothing to do', () => {
    expect(paymentState({ ...approved, done: true }, 1)).toBe('paid');
    expect(paymentState({ ...approved, done: true, isWithdrawn: true }, 1)).toBe('withdrawn');
    expect(paymentSteps({ ...approved, done: true }, community, 1000)).toEqual([]);
  });
});
