/**
 * What one payment in tokens costs and earns: the rule of `CommunityToken`, in bigints; as `oracle/economy/payment_rule.py`.
 *
 *     fee        floor(amount × feeBps / 10000)
 *     incentive  of payer and payee each: floor(amount × bps × valueBps / 10⁸), at most `mostPerPayment`;
 *                together at most the fee, but for a deal whose value was checked;
 *                each at most what the person has left in the period; together at most what the pair has left;
 *                together at most what the treasury has once the fee is in
 */

import { BPS, least } from '../../core/market/units';

/** Limits to incentives count in millionths of a token. */
export const LIMIT_UNIT = 10n ** 12n;

/** What payments of a category cost and earn; shares in basis points, limits in `LIMIT_UNIT`. */
export interface CategoryTerms {
  readonly feeBps: number;
  readonly payerBps: number;
  readonly payeeBps: number;
  readonly mostPerPayment: number;
  readonly mostPerMember: number;
  readonly mostPerPair: number;
  readonly isOff: boolean;
  readonly since: number;
}

/** What is in force of a category that nobody ever set. */
export const NO_TERMS: CategoryTerms = {
  feeBps: 0,
  payerBps: 0,
  payeeBps: 0,
  mostPerPayment: 0,
  mostPerMember: 0,
  mostPerPair: 0,
  isOff: false,
  since: 0,
};

/** What a payment out of escrow brings along: the fee agreed on at its beginning, and what the check found it worth. */
export interface Deal {
  readonly feeBps: number;
  /** Only then incentives may exceed the fee. */
  readonly isChecked: boolean;
  readonly valueBps: number;
  readonly payerIsEntitled: boolean;
  readonly payeeIsEntitled: boolean;
}

export interface Incentives {
  readonly payer: bigint;
  readonly payee: bigint;
}

export const NO_INCENTIVES: Incentives = { payer: 0n, payee: 0n };

/** What payer, payee, and the two together may still get in the period. */
export interface Allowance extends Incentives {
  readonly pair: bigint;
}

export interface Wanted {
  readonly incentives: Incentives;
  /** Whether a limit of the period cut them. */
  readonly isCapped: boolean;
}

export function feeOf(amount: bigint, feeBps: number): bigint {
  return (amount * BigInt(feeBps)) / BPS;
}

/** The incentives of a payment, before the treasury is looked at. */
export function incentivesOf(
  amount: bigint,
  fee: bigint,
  terms: CategoryTerms,
  deal: Deal | null,
  allowance: Allowance,
): Wanted {
  const valueBps = deal?.isChecked ? BigInt(deal.valueBps) : BPS;
  const most = BigInt(terms.mostPerPayment) * LIMIT_UNIT;
  const share = (bps: number, isEntitled: boolean): bigint =>
    isEntitled ? least((amount * BigInt(bps) * valueBps) / (BPS * BPS), most) : 0n;
  const shares = {
    payer: share(terms.payerBps, deal?.payerIsEntitled ?? true),
    payee: share(terms.payeeBps, deal?.payeeIsEntitled ?? true),
  };
  const wanted = deal?.isChecked ? shares : fit(shares, fee);
  const within = { payer: least(wanted.payer, allowance.payer), payee: least(wanted.payee, allowance.payee) };
  const granted = fit(within, allowance.pair);
  return { incentives: granted, isCapped: granted.payer !== wanted.payer || granted.payee !== wanted.payee };
}

/** Both parts, scaled down to a sum of at most `most`; each rounded down. */
export function fit(parts: Incentives, most: bigint): Incentives {
  const total = parts.payer + parts.payee;
  return total <= most ? parts : { payer: (parts.payer * most) / total, payee: (parts.payee * most) / total };
}
