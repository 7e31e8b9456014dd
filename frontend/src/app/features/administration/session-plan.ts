/** A session yet to be opened: windows as lengths, counted from when it is signed; as `commons/actions/sessions.py`. */

import { localDayBounds } from '../../core/market/calendar';
import { parseDecimal } from '../../core/market/units';
import { wholeOf } from '../services/whole';

const DAY_S = 86_400;
const MINUTE_S = 60;
/** Added to the time for orders, so that a least window still holds when the wallet takes a while to sign. */
export const SIGNING_S = 120;
const MOST_MINUTES = 100_000;
const MOST_SLOTS = 100;
const PRICE_DECIMALS = 6;
const PERCENT_DECIMALS = 2;

/** What is written in the form: minutes, days, €, €/kWh, kWh and %. */
export interface PlanTexts {
  readonly day: string;
  readonly slotSeconds: number;
  readonly commit: string;
  readonly reveal: string;
  readonly challenge: string;
  readonly settlementDays: string;
  readonly executionDays: string;
  readonly floor: string;
  readonly cap: string;
  readonly penalty: string;
  readonly depositFixed: string;
  readonly depositShare: string;
  readonly tolerance: string;
  readonly missing: string;
  readonly smallest: string;
  readonly mostOrders: string;
}

/** The figures of `PlanTexts` in the contract's units: seconds, µ€, µ€/kWh, Wh, basis points. */
export interface SessionPlan {
  readonly deliveryStart: number;
  readonly deliveryEnd: number;
  readonly slotSeconds: number;
  readonly slotCount: number;
  readonly commit: number;
  readonly reveal: number;
  readonly challenge: number;
  readonly settlement: number;
  readonly execution: number;
  readonly floor: bigint;
  readonly cap: bigint;
  readonly penalty: bigint;
  readonly depositFixed: bigint;
  readonly depositBps: number;
  readonly toleranceBps: number;
  readonly missing: number;
  readonly smallest: bigint;
  readonly mostOrders: number;
}

/** The plan that is written; null while something is missing or no figure. A local day may have 23 or 25 hours. */
export function planOf(texts: PlanTexts): SessionPlan | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(texts.day)) return null;
  const { start, end } = localDayBounds(texts.day);
  const slotCount = (end - start) / texts.slotSeconds;
  const plan = {
    deliveryStart: start,
    deliveryEnd: end,
    slotSeconds: texts.slotSeconds,
    slotCount: slotCount <= MOST_SLOTS ? slotCount : null,
    ...windowsOf(texts),
    floor: parseDecimal(texts.floor, PRICE_DECIMALS),
    cap: parseDecimal(texts.cap, PRICE_DECIMALS),
    penalty: parseDecimal(texts.penalty, PRICE_DECIMALS),
    depositFixed: parseDecimal(texts.depositFixed, PRICE_DECIMALS),
    depositBps: shareOf(texts.depositShare),
    toleranceBps: shareOf(texts.tolerance),
    missing: texts.missing.trim() === '0' ? 0 : wholeOf(texts.missing, MOST_SLOTS),
    smallest: parseDecimal(texts.smallest, 3) || null,
    mostOrders: wholeOf(texts.mostOrders, 10_000),
  };
  return Object.values(plan).some((figure) => figure === null) ? null : (plan as SessionPlan);
}

function windowsOf(
  texts: PlanTexts,
): Record<'commit' | 'reveal' | 'challenge' | 'settlement' | 'execution', number | null> {
  const times = (text: string, unit: number, most: number): number | null =>
    (wholeOf(text, most) ?? NaN) * unit || null;
  return {
    commit: times(texts.commit, MINUTE_S, MOST_MINUTES),
    reveal: times(texts.reveal, MINUTE_S, MOST_MINUTES),
    challenge: times(texts.challenge, MINUTE_S, MOST_MINUTES),
    settlement: times(texts.settlementDays, DAY_S, 365),
    execution: times(texts.executionDays, DAY_S, 365),
  };
}

function shareOf(text: string): number | null {
  const found = parseDecimal(text, PERCENT_DECIMALS);
  return found === null ? null : Number(found);
}

/** The two deadlines of a session that is signed about `now`. */
export function deadlinesOf(plan: SessionPlan, now: number): { commit: number; reveal: number } {
  const commit = now + plan.commit + SIGNING_S;
  return { commit, reveal: commit + plan.reveal };
}

/** What `SessionHandler.newSession` takes. */
export function parametersOf(plan: SessionPlan, now: number): Readonly<Record<string, number | bigint>> {
  const { commit, reveal } = deadlinesOf(plan, now);
  return {
    commitDeadline: commit,
    revealDeadline: reveal,
    depositFixed: plan.depositFixed,
    depositBps: plan.depositBps,
    mostOrders: plan.mostOrders,
    slotCount: plan.slotCount,
    slotSeconds: plan.slotSeconds,
    missingAllowance: plan.missing,
    toleranceBps: plan.toleranceBps,
    floorPrice: Number(plan.floor),
    capPrice: Number(plan.cap),
    penaltyPrice: Number(plan.penalty),
    smallestOrder: Number(plan.smallest),
    challengeWindow: plan.challenge,
    executionTimeout: plan.execution,
    deliveryStart: plan.deliveryStart,
    settlementTimeout: plan.deliveryEnd + plan.settlement,
  };
}
