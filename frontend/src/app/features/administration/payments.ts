/** Payments out of the treasury, and where each stands; as `commons/actions/treasury.py`. */

import { zeroAddress } from 'viem';

import type { Hex } from '../../core/market/units';

export type PaymentState = 'proposed' | 'notice' | 'due' | 'paid' | 'withdrawn';

export interface PaymentRecord {
  readonly asset: Hex;
  readonly payee: Hex;
  readonly amount: bigint;
  readonly proposer: Hex;
  readonly approver: Hex;
  readonly dueAt: number;
  readonly done: boolean;
}

export interface TreasuryPayment extends PaymentRecord {
  readonly id: bigint;
  readonly purpose: string;
  readonly isWithdrawn: boolean;
}

export function paymentState(payment: TreasuryPayment, now: number): PaymentState {
  if (payment.done) return payment.isWithdrawn ? 'withdrawn' : 'paid';
  if (payment.approver === zeroAddress) return 'proposed';
  return now >= payment.dueAt ? 'due' : 'notice';
}

export interface PaymentViewer {
  readonly account: Hex | null;
  readonly isTokenAdmin: boolean;
  readonly isCommunityAdmin: boolean;
}

/** The functions of `Treasury` that the viewer can call for a payment now. */
export function paymentSteps(payment: TreasuryPayment, viewer: PaymentViewer, now: number): string[] {
  const state = paymentState(payment, now);
  if (!viewer.account || state === 'paid' || state === 'withdrawn') return [];
  const steps: string[] = [];
  const isProposer = payment.proposer.toLowerCase() === viewer.account;
  if (state === 'proposed' && viewer.isCommunityAdmin && !isProposer) steps.push('approvePayment');
  if (state === 'due') steps.push('makePayment');
  if (viewer.isTokenAdmin || viewer.isCommunityAdmin) steps.push('withdrawPayment');
  return steps;
}
