/** A member's payments in tokens, from the token's events: with whom, what for, what it cost and earned. */

import { hexToString, type Hex as ViemHex } from 'viem';

import type { ChainEvent } from '../../core/chain/chain';
import type { Hex } from '../../core/market/units';
import type { Category } from './categories';

export interface TokenPayment {
  readonly isIn: boolean;
  readonly other: Hex;
  readonly category: Category;
  /** What the member's balance gained or lost by it, incentives included; signed. */
  readonly net: bigint;
  readonly fee: bigint;
  readonly incentive: bigint;
  readonly purpose: string;
  /** A text of at most 32 bytes, or the hash of the deal that was paid. */
  readonly reference: Hex;
  readonly transaction: Hex;
}

export function paymentsOf(events: readonly ChainEvent[], account: Hex): TokenPayment[] {
  return events.map(({ args, transaction }) => {
    const amount = (name: string): bigint => args[name] as bigint;
    const isIn = lower(args['payee']) === account;
    const incentive = amount(isIn ? 'payeeIncentive' : 'payerIncentive');
    const received = amount('amount') - amount('fee') - amount('structureAmount');
    return {
      isIn,
      other: lower(args[isIn ? 'payer' : 'payee']),
      category: Number(args['category']),
      net: (isIn ? received : -amount('amount')) + incentive,
      fee: amount('fee'),
      incentive,
      purpose: purposeOf(args['paymentReference'] as ViemHex),
      reference: args['paymentReference'] as Hex,
      transaction,
    };
  });
}

/** The text of a reference that is one; a hash says nothing to people. */
export function purposeOf(reference: ViemHex): string {
  const bare = reference.replace(/(00)+$/, '') as ViemHex;
  if (bare.length <= 2) return '';
  const text = hexToString(bare);
  return /^[\p{L}\p{N}\p{P}\p{Zs}\p{S}]+$/u.test(text) && !text.includes('\ufffd') ? text : '';
}

function lower(address: unknown): Hex {
  return String(address).toLowerCase() as Hex;
}
