/**
 * Sharing out what is too little: pro rata rounded down, then one Wh each in ascending order until it is used up.
 *
 * Clearing shares the margin by it, settlement scales the larger side down by it. The same as `oracle/rationing.py`.
 */

import { sum } from './units';

/** What each part gets of `rest`; parts that are full are passed over when odd units are given out. */
export function ration(parts: readonly bigint[], rest: bigint): bigint[] {
  const total = sum(parts);
  if (rest < 0n || rest > total) throw new RangeError('more is to be shared out than the parts add up to');
  if (total === 0n) return parts.map(() => 0n);
  const shares = parts.map((part) => (part * rest) / total);
  let left = rest - sum(shares);
  for (let at = 0; left > 0n; at++) {
    if (shares[at] < parts[at]) {
      shares[at] += 1n;
      left -= 1n;
    }
  }
  return shares;
}
