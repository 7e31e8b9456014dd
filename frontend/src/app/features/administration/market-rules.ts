/** The rules that sessions are opened under, as people write them: least windows, and who has to agree. */

import { getAddress, isAddress, zeroAddress } from 'viem';

import { BPS, parseDecimal, type Hex } from '../../core/market/units';
import { wholeOf } from '../services/whole';

const MINUTE_S = 60;
const DAY_S = 86_400;
/** The longest window that the contract lets a session have; a longer least would let none be opened. */
const MOST_WINDOW_S = 366 * DAY_S;
const MOST_OPERATORS = 64;
const EURO_DECIMALS = 6;
const PERCENT_DECIMALS = 2;

/** `ISessionHandler.WindowLimits`, in seconds. */
export interface WindowLimits {
  readonly commit: number;
  readonly reveal: number;
  readonly challenge: number;
  readonly settlement: number;
  readonly execution: number;
}

/** In what each window is written. */
const UNITS: Readonly<Record<keyof WindowLimits, number>> = {
  commit: MINUTE_S,
  reveal: MINUTE_S,
  challenge: MINUTE_S,
  settlement: DAY_S,
  execution: DAY_S,
};

/** The least windows that are written; what is left empty stays as it is `now`. Null where a figure is none. */
export function limitsOf(texts: Readonly<Record<keyof WindowLimits, string>>, now: WindowLimits): WindowLimits | null {
  const limits: Partial<Record<keyof WindowLimits, number>> = {};
  for (const window of Object.keys(UNITS) as (keyof WindowLimits)[]) {
    const [text, unit] = [texts[window].trim(), UNITS[window]];
    const units = text === '0' ? 0 : wholeOf(text, Math.floor(MOST_WINDOW_S / unit));
    if (text !== '' && units === null) return null;
    limits[window] = text === '' ? now[window] : (units ?? 0) * unit;
  }
  return limits as WindowLimits;
}

/** `IOracleQuorum.OperatorTerms`: µ€ and basis points. */
export interface OperatorTerms {
  readonly threshold: number;
  readonly bond: bigint;
  readonly bondShareBps: number;
}

export type OperatorFault = 'none' | 'address' | 'twice' | 'many';

/** The operators that are written one a line, or between commas; what is wrong with them where something is. */
export function operatorsOf(text: string): readonly Hex[] | OperatorFault {
  const written = text.split(/[\s,;]+/).filter(Boolean);
  if (!written.length) return 'none';
  if (!written.every((one) => isAddress(one) && one !== zeroAddress)) return 'address';
  const operators = written.map((one) => getAddress(one));
  if (new Set(operators).size < operators.length) return 'twice';
  return operators.length > MOST_OPERATORS ? 'many' : operators;
}

/** The terms that are written for `count` operators; null where a figure is none, or no more than half had to agree. */
export function termsOf(
  texts: Readonly<Record<keyof OperatorTerms, string>>,
  now: OperatorTerms,
  count: number,
): OperatorTerms | null {
  const threshold = texts.threshold.trim() ? wholeOf(texts.threshold, count) : now.threshold;
  const bond = texts.bond.trim() ? parseDecimal(texts.bond, EURO_DECIMALS) : now.bond;
  const share = texts.bondShareBps.trim()
    ? parseDecimal(texts.bondShareBps, PERCENT_DECIMALS)
    : BigInt(now.bondShareBps);
  if (threshold === null || bond === null || share === null || share > BPS) return null;
  if (threshold > count || threshold * 2 <= count) return null;
  return { threshold, bond, bondShareBps: Number(share) };
}
