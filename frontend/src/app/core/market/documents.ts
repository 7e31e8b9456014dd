/** What operators publish of a session: an outcome's allocations, a settlement's figures. As `oracle/publication`. */

import { flag, hexOf, integer, list, Malformed, record, text, type Json } from './canonical';
import type { BookOrder } from './orders';
import type { Totals } from './outcome';
import type { Dataset } from './publication';
import type { SettledSlot, SettledTrader } from './settlement';
import type { Hex } from './units';

export const OUTCOME_KIND = 'commonwatt/outcome/1';
export const SETTLEMENT_KIND = 'commonwatt/settlement/1';

/** Which session and round a document is about. */
export interface About {
  readonly chainId: bigint;
  readonly marketplace: Hex;
  readonly sessionId: bigint;
  readonly round: number;
}

export interface OutcomeDocument {
  readonly about: About;
  readonly orders: readonly BookOrder[];
  readonly filled: readonly bigint[];
}

export interface SettlementDocument {
  readonly about: About;
  readonly outcomeCid: string;
  readonly prices: readonly bigint[];
  readonly settledWh: readonly bigint[];
  readonly members: readonly SettledTrader[];
  readonly totals: Totals;
  readonly root: Hex;
}

const ABOUT = ['chain_id', 'marketplace', 'session', 'round'];
const SETTLEMENT_HEAD = [...ABOUT, 'outcome', 'debit', 'credit', 'penalty', 'root'];
const ALLOCATION = ['trader', 'first_index', 'slot', 'side', 'quantity_wh', 'limit_price', 'filled_wh'];
const SLOT_COLUMNS = [
  'slot',
  'side',
  'filled_wh',
  'counted_wh',
  'missing',
  'excused',
  'scaled_wh',
  'slot_debit',
  'slot_credit',
  'slot_penalty',
];
const MEMBER = ['trader', 'first_index', 'debit', 'credit', 'penalty', ...SLOT_COLUMNS];

export function readOutcome(dataset: Dataset): OutcomeDocument {
  const head = record(dataset.head, ABOUT, 'head');
  const orders: BookOrder[] = [];
  const filled: bigint[] = [];
  for (const [row, value] of (dataset.tables['allocations'] ?? []).entries()) {
    const where = `allocations[${row}]`;
    const allocation = record(value, ALLOCATION, where);
    const [trader, first] = [hexOf(allocation['trader'], 20, where), small(allocation['first_index'], where)];
    const slots = list(allocation['slot'], where);
    const column = (name: string): readonly Json[] => list(allocation[name], where, slots.length);
    const [sides, quantities, limits, fills] = ['side', 'quantity_wh', 'limit_price', 'filled_wh'].map(column);
    for (const [at, slot] of slots.entries()) {
      orders.push({
        index: first + at,
        trader,
        slot: small(slot, where),
        isBuy: isBuy(sides[at], where),
        quantityWh: integer(quantities[at], 40, where),
        limitPrice: integer(limits[at], 40, where),
      });
      filled.push(integer(fills[at], 40, where));
    }
  }
  return { about: aboutOf(head), orders, filled };
}

export function readSettlement(dataset: Dataset): SettlementDocument {
  const head = record(dataset.head, SETTLEMENT_HEAD, 'head');
  const slots = (dataset.tables['slots'] ?? []).map((value, slot) => {
    const fields = record(value, ['slot', 'price', 'settled_wh'], `slots[${slot}]`);
    if (small(fields['slot'], `slots[${slot}]`) !== slot) throw new Malformed(`slots[${slot}]`, 'its own number');
    return fields;
  });
  return {
    about: aboutOf(head),
    outcomeCid: text(head['outcome'], 'head'),
    prices: slots.map((fields, slot) => integer(fields['price'], 40, `slots[${slot}]`)),
    settledWh: slots.map((fields, slot) => integer(fields['settled_wh'], 62, `slots[${slot}]`)),
    members: (dataset.tables['members'] ?? []).map((value, row) => member(value, slots.length, `members[${row}]`)),
    totals: money(head, 'head'),
    root: hexOf(head['root'], 32, 'head'),
  };
}

function member(value: Json, slotCount: number, where: string): SettledTrader {
  const fields = record(value, MEMBER, where);
  const numbers = list(fields['slot'], where).map((slot) => small(slot, where));
  if (numbers.some((slot, at) => slot >= slotCount || (at > 0 && slot <= numbers[at - 1]))) {
    throw new Malformed(`${where}.slot`, 'ascending slots of the session');
  }
  const columns = new Map(SLOT_COLUMNS.map((name) => [name, list(fields[name], where, numbers.length)]));
  const slots = numbers.map((slot, at): SettledSlot => {
    const cell = (name: string): Json | undefined => columns.get(name)?.[at];
    return {
      slot,
      isBuy: isBuy(cell('side'), where),
      filledWh: integer(cell('filled_wh'), 62, where),
      countedWh: integer(cell('counted_wh'), 62, where),
      missing: flag(cell('missing'), where),
      excused: flag(cell('excused'), where),
      scaledWh: integer(cell('scaled_wh'), 62, where),
      debit: integer(cell('slot_debit'), 256, where),
      credit: integer(cell('slot_credit'), 256, where),
      penalty: integer(cell('slot_penalty'), 256, where),
    };
  });
  return {
    trader: hexOf(fields['trader'], 20, where),
    firstIndex: small(fields['first_index'], where),
    ...money(fields, where),
    slots,
  };
}

function aboutOf(head: Record<string, Json>): About {
  return {
    chainId: integer(head['chain_id'], 256, 'head'),
    marketplace: hexOf(head['marketplace'], 20, 'head'),
    sessionId: integer(head['session'], 256, 'head'),
    round: small(head['round'], 'head'),
  };
}

function money(fields: Record<string, Json>, where: string): Totals {
  return {
    debit: integer(fields['debit'], 256, where),
    credit: integer(fields['credit'], 256, where),
    penalty: integer(fields['penalty'], 256, where),
  };
}

function small(value: Json | undefined, where: string): number {
  return Number(integer(value, 32, where));
}

function isBuy(value: Json | undefined, where: string): boolean {
  if (value !== 'buy' && value !== 'sell') throw new Malformed(where, 'buy or sell');
  return value === 'buy';
}
