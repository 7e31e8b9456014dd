/** The terms of every kind of payment, in force and announced; what the code itself never lets be passed. */

import type { PublicClient } from 'viem';

import { communityTokenAbi } from '../../core/chain/generated/abis';
import type { Hex } from '../../core/market/units';
import { Category } from '../tokens/categories';
import type { CategoryTerms } from './payment-rule';

export interface Row {
  readonly category: Category;
  readonly terms: CategoryTerms;
  /** What is announced and not in force yet. */
  readonly next: CategoryTerms | null;
  readonly from: number;
}

/** Constants of the contract: shares in basis points, limits in millionths of a token. */
export interface Caps {
  readonly feeBps: number;
  readonly incentiveBps: number;
  readonly perPayment: number;
  readonly perPeriod: number;
}

export const CATEGORIES = Object.values(Category).filter((value): value is Category => typeof value === 'number');

/** The terms that the next change begins from: those announced, or else those in force. */
export function latestOf(row: Row): CategoryTerms {
  return row.next ?? row.terms;
}

export async function readRows(client: PublicClient, token: Hex): Promise<Row[]> {
  const at = { address: token, abi: communityTokenAbi } as const;
  return Promise.all(
    CATEGORIES.map(async (category) => {
      const [terms, [next, from]] = await Promise.all([
        client.readContract({ ...at, functionName: 'termsOf', args: [category] }),
        client.readContract({ ...at, functionName: 'nextTermsOf', args: [category] }),
      ]);
      return { category, terms, next: from > 0n ? next : null, from: Number(from) };
    }),
  );
}

export async function readCaps(client: PublicClient, token: Hex): Promise<Caps> {
  const at = { address: token, abi: communityTokenAbi } as const;
  const [feeBps, incentiveBps, perPayment, perPeriod] = await Promise.all([
    client.readContract({ ...at, functionName: 'MOST_FEE_BPS' }),
    client.readContract({ ...at, functionName: 'MOST_INCENTIVE_BPS' }),
    client.readContract({ ...at, functionName: 'MOST_PER_PAYMENT' }),
    client.readContract({ ...at, functionName: 'MOST_PER_PERIOD' }),
  ]);
  return { feeBps, incentiveBps, perPayment, perPeriod };
}
