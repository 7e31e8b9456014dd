/** What a published settlement rests on: the members, fills and prices of the outcome as this browser computed it. */

import type { Reveal } from '../chain/session';
import type { SettlementDocument } from '../market/documents';
import type { SlotOutcome } from '../market/outcome';
import type { SettledTrader } from '../market/settlement';
import type { Hex } from '../market/units';
import type { Step } from './recheck';

/** What must be settled. */
export interface Basis {
  readonly outcomeCid: string;
  /** In the order of their first indices. */
  readonly reveals: readonly Reveal[];
  readonly slots: readonly SlotOutcome[];
}

type Difference = Omit<Step, 'id' | 'verdict'>;

/**
 * Everybody who revealed is settled once, in the order of the first indices, for the same filled energy and prices.
 *
 * The order decides who gets the odd Wh and which wallet of a member takes from the meter first.
 */
export function basisStep(document: SettlementDocument, basis: Basis): Step {
  const found =
    differs(basis.outcomeCid, document.outcomeCid) ??
    pricesDiffer(basis.slots, document.prices) ??
    membersDiffer(basis.reveals, document.members) ??
    fillsDiffer(fillsByTrader(basis.slots), document.members);
  if (found) return { id: 'basis', verdict: 'wrong', ...found };
  const [here, there] = [String(basis.reveals.length), String(document.members.length)];
  return { id: 'basis', verdict: 'right', here, there };
}

function pricesDiffer(slots: readonly SlotOutcome[], prices: readonly bigint[]): Difference | null {
  const lengths = differs(slots.length, prices.length);
  if (lengths) return lengths;
  for (const [slot, { result }] of slots.entries()) {
    const found = differs(result.price, prices[slot], String(slot + 1));
    if (found) return found;
  }
  return null;
}

function membersDiffer(reveals: readonly Reveal[], members: readonly SettledTrader[]): Difference | null {
  for (const [row, reveal] of reveals.entries()) {
    const member = members.at(row);
    const found =
      differs(reveal.trader, member?.trader) ?? differs(reveal.firstIndex, member?.firstIndex, reveal.trader);
    if (found) return found;
  }
  return differs(reveals.length, members.length);
}

function fillsDiffer(
  fills: ReadonlyMap<Hex, ReadonlyMap<number, { filledWh: bigint; isBuy: boolean }>>,
  members: readonly SettledTrader[],
): Difference | null {
  for (const member of members) {
    const own = fills.get(member.trader);
    const listed = new Map(member.slots.map((slot) => [slot.slot, slot]));
    if (!own || own.size !== listed.size) return { where: member.trader };
    for (const [slot, filled] of own) {
      const there = listed.get(slot);
      if (there?.filledWh !== filled.filledWh || there.isBuy !== filled.isBuy) {
        const where = `${member.trader} · ${slot + 1}`;
        return { where, here: String(filled.filledWh), there: String(there?.filledWh) };
      }
    }
  }
  return null;
}

function differs<T>(here: T, there: T | undefined, where?: string): Difference | null {
  return here === there ? null : { where, here: String(here), there: String(there ?? '–') };
}

/** Per trader the filled energy of each slot that has some; traders that got nothing are there too. */
export function fillsByTrader(
  slots: readonly SlotOutcome[],
): Map<Hex, Map<number, { filledWh: bigint; isBuy: boolean }>> {
  const fills = new Map<Hex, Map<number, { filledWh: bigint; isBuy: boolean }>>();
  for (const [slot, outcome] of slots.entries()) {
    for (const [at, order] of outcome.orders.entries()) {
      const own = fills.get(order.trader) ?? new Map<number, { filledWh: bigint; isBuy: boolean }>();
      fills.set(order.trader, own);
      const filledWh = (own.get(slot)?.filledWh ?? 0n) + outcome.clearing.filled[at];
      if (filledWh > 0n) own.set(slot, { filledWh, isBuy: order.isBuy });
    }
  }
  return fills;
}
