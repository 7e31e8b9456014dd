/**
 * The settlement rule, in two steps: fills and readings to counted energy, counted energy to money and a root.
 *
 * The same as `oracle/settlement`; an auditor without readings recomputes the second step. Source: DESIGN section 6.
 */

import { encodeAbiParameters } from 'viem';

import { leafHash, StandardMerkleTree } from './merkle';
import type { Totals } from './outcome';
import { ration } from './ration';
import { BPS, euroDown, euroUp, greatest, least, sum, type Hex } from './units';

export interface SettlementRules {
  readonly sessionId: bigint;
  readonly penaltyPrice: bigint;
  readonly toleranceBps: bigint;
  readonly missingAllowance: number;
}

/** What a trader was filled in one slot; several orders of the slot added up. */
export interface SlotFill {
  readonly slot: number;
  readonly isBuy: boolean;
  readonly filledWh: bigint;
}

export interface CountedSlot extends SlotFill {
  readonly countedWh: bigint;
  readonly missing: boolean;
  readonly excused: boolean;
}

/** One trader's counted energy; slots with filled energy only, ascending. */
export interface CountedTrader {
  readonly trader: Hex;
  readonly firstIndex: number;
  readonly slots: readonly CountedSlot[];
}

export interface SettledSlot extends CountedSlot {
  readonly scaledWh: bigint;
  readonly debit: bigint;
  readonly credit: bigint;
  readonly penalty: bigint;
}

export interface Leaf extends Totals {
  readonly trader: Hex;
}

export interface SettledTrader extends Leaf {
  readonly firstIndex: number;
  readonly slots: readonly SettledSlot[];
}

export interface Settlement {
  readonly members: readonly SettledTrader[];
  readonly settledWh: readonly bigint[];
  readonly totals: Totals;
  readonly tree: StandardMerkleTree;
}

/** What a trader's exchange points metered in a slot; null where the reading is missing. */
export type Metered = { readonly withdrawnWh: bigint; readonly injectedWh: bigint } | null;

/**
 * Step A: the energy of each fill that the meters saw.
 *
 * `earlier` are the fills of the same member's wallets with lower first indices: they have taken from its meter before
 * (docs/adr/0011), each on its side, whether or not the energy came.
 */
export function count(
  trader: Hex,
  firstIndex: number,
  fills: readonly SlotFill[],
  metered: (slot: number) => Metered,
  missingAllowance: number,
  earlier: readonly SlotFill[] = [],
): CountedTrader {
  let missed = 0;
  const slots = fills
    .filter((fill) => fill.filledWh > 0n)
    .map((fill) => {
      const reading = metered(fill.slot);
      if (reading === null) {
        missed += 1;
        return { ...fill, countedWh: 0n, missing: true, excused: missed <= missingAllowance };
      }
      const energy = fill.isBuy ? reading.withdrawnWh : reading.injectedWh;
      const taken = earlier.filter((other) => other.slot === fill.slot && other.isBuy === fill.isBuy);
      const left = greatest(0n, energy - sum(taken.map((other) => other.filledWh)));
      return { ...fill, countedWh: least(fill.filledWh, left), missing: false, excused: false };
    });
  return { trader, firstIndex, slots };
}

/** Step B: what each member owes and gets; `traders` by ascending first index, `prices` per slot, 0 without trade. */
export function settle(
  traders: readonly CountedTrader[],
  prices: readonly bigint[],
  rules: SettlementRules,
): Settlement {
  const scaled = scale(traders, prices.length);
  const members = traders.map((trader, row) => settleTrader(trader, scaled[row], prices, rules));
  const settledWh = prices.map((_, slot) =>
    sum(members.map((m) => sum(m.slots.filter((s) => s.slot === slot && s.isBuy).map((s) => s.scaledWh)))),
  );
  const totals = {
    debit: sum(members.map((member) => member.debit)),
    credit: sum(members.map((member) => member.credit)),
    penalty: sum(members.map((member) => member.penalty)),
  };
  return { members, settledWh, totals, tree: settlementTree(rules.sessionId, members) };
}

/** Counted energy with the larger side of each slot rationed to the smaller; per trader, per slot of the trader. */
function scale(traders: readonly CountedTrader[], slotCount: number): bigint[][] {
  const scaled = traders.map((trader) => trader.slots.map(() => 0n));
  for (let slot = 0; slot < slotCount; slot++) {
    const cells = traders.flatMap((trader, row) => {
      const place = trader.slots.findIndex((own) => own.slot === slot);
      return place < 0 ? [] : [{ row, place, ...trader.slots[place] }];
    });
    const total = (isBuy: boolean): bigint =>
      sum(cells.filter((cell) => cell.isBuy === isBuy).map((cell) => cell.countedWh));
    const both = least(total(true), total(false));
    for (const isBuy of [true, false]) {
      const side = cells.filter((cell) => cell.isBuy === isBuy);
      const shares = ration(
        side.map((cell) => cell.countedWh),
        both,
      );
      side.forEach((cell, at) => (scaled[cell.row][cell.place] = shares[at]));
    }
  }
  return scaled;
}

function settleTrader(
  trader: CountedTrader,
  scaled: readonly bigint[],
  prices: readonly bigint[],
  rules: SettlementRules,
): SettledTrader {
  const slots = trader.slots.map((slot, at) => {
    const [scaledWh, price] = [scaled[at], prices[slot.slot]];
    const tolerated = (slot.filledWh * rules.toleranceBps) / BPS;
    const short = slot.excused ? 0n : greatest(0n, slot.filledWh - slot.countedWh - tolerated);
    return {
      ...slot,
      scaledWh,
      debit: slot.isBuy ? euroUp(scaledWh, price) : 0n,
      credit: slot.isBuy ? 0n : euroDown(scaledWh, price),
      penalty: euroUp(short, rules.penaltyPrice),
    };
  });
  return {
    trader: trader.trader,
    firstIndex: trader.firstIndex,
    slots,
    debit: sum(slots.map((slot) => slot.debit)),
    credit: sum(slots.map((slot) => slot.credit)),
    penalty: sum(slots.map((slot) => slot.penalty)),
  };
}

export function settlementLeaf(sessionId: bigint, leaf: Leaf): Hex {
  const types = [
    { type: 'uint256' },
    { type: 'address' },
    { type: 'uint256' },
    { type: 'uint256' },
    { type: 'uint256' },
  ] as const;
  return leafHash(encodeAbiParameters(types, [sessionId, leaf.trader, leaf.debit, leaf.credit, leaf.penalty]));
}

/** The tree over the members' leaves; proof i is that of the i-th member. */
export function settlementTree(sessionId: bigint, members: readonly Leaf[]): StandardMerkleTree {
  return new StandardMerkleTree(members.map((member) => settlementLeaf(sessionId, member)));
}
