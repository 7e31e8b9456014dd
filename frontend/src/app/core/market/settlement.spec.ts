import { vectors } from '../../../testing/vectors';
import { verifyProof } from './merkle';
import { count, settle, settlementLeaf, type Metered, type SlotFill } from './settlement';
import type { Hex } from './units';

interface Input {
  session_id: bigint;
  penalty_price: bigint;
  tolerance_bps: bigint;
  missing_allowance: bigint;
  prices: (bigint | null)[];
  fills: { trader: Hex; first_index: bigint; slot: bigint; side: string; filled_wh: bigint }[];
  readings: { trader: Hex; slot: bigint; withdrawn_wh: bigint; injected_wh: bigint }[];
}
interface Expected {
  slots: { settled_wh: bigint }[];
  members: { trader: Hex; debit: bigint; credit: bigint; penalty: bigint }[];
  total_debit: bigint;
  total_credit: bigint;
  total_penalty: bigint;
  root: Hex;
}

function counted(input: Input): ReturnType<typeof count>[] {
  const traders = [...new Map(input.fills.map((fill) => [fill.trader, Number(fill.first_index)]))];
  return traders
    .sort((a, b) => a[1] - b[1])
    .map(([trader, first]) => {
      const own = new Map<number, SlotFill>();
      for (const fill of input.fills.filter((found) => found.trader === trader)) {
        const slot = Number(fill.slot);
        const before = own.get(slot)?.filledWh ?? 0n;
        own.set(slot, { slot, isBuy: fill.side === 'buy', filledWh: before + fill.filled_wh });
      }
      const metered = (slot: number): { withdrawnWh: bigint; injectedWh: bigint } | null => {
        const found = input.readings.find((r) => r.trader === trader && Number(r.slot) === slot);
        return found ? { withdrawnWh: found.withdrawn_wh, injectedWh: found.injected_wh } : null;
      };
      const fills = [...own.values()].sort((a, b) => a.slot - b.slot);
      return count(trader, first, fills, metered, Number(input.missing_allowance));
    });
}

describe('a settlement', () => {
  it.each(vectors<Input, Expected>('settlement'))('golden vector “$name”: the same money and root', (found) => {
    const { input, expected } = found;
    const settlement = settle(
      counted(input),
      input.prices.map((price) => price ?? 0n),
      {
        sessionId: input.session_id,
        penaltyPrice: input.penalty_price,
        toleranceBps: input.tolerance_bps,
        missingAllowance: Number(input.missing_allowance),
      },
    );
    const members = settlement.members.map(({ trader, debit, credit, penalty }) => ({
      trader,
      debit,
      credit,
      penalty,
    }));
    expect(members).toEqual(expected.members);
    expect(settlement.settledWh).toEqual(expected.slots.map((slot) => slot.settled_wh));
    expect(settlement.totals).toEqual({
      debit: expected.total_debit,
      credit: expected.total_credit,
      penalty: expected.total_penalty,
    });
    expect(settlement.tree.root).toBe(expected.root);
    for (const [place, member] of settlement.members.entries()) {
      const leaf = settlementLeaf(input.session_id, member);
      expect(verifyProof(expected.root, leaf, settlement.tree.proof(place))).toBe(true);
      const richer = settlementLeaf(input.session_id, { ...member, credit: member.credit + 1n });
      expect(verifyProof(expected.root, richer, settlement.tree.proof(place))).toBe(false);
    }
  });
});

interface Shared {
  missing_allowance: bigint;
  fills: { member: string; trader: Hex; first_index: bigint; slot: bigint; side: string; filled_wh: bigint }[];
  meters: { member: string; slot: bigint; withdrawn_wh: bigint; injected_wh: bigint }[];
}
type SharedCounted = { trader: Hex; slot: bigint; counted_wh: bigint; missing: boolean; excused: boolean }[];

function fillsOf(fills: Shared['fills']): SlotFill[] {
  return fills.map((fill) => ({ slot: Number(fill.slot), isBuy: fill.side === 'buy', filledWh: fill.filled_wh }));
}

describe('wallets of one member, which share its meter', () => {
  it.each(vectors<Shared, SharedCounted>('shared-meter'))('golden vector “$name”', ({ input, expected }) => {
    const wallets = [...new Map(input.fills.map((fill) => [fill.trader, fill])).values()];
    const found = wallets.flatMap(({ trader, member, first_index }) => {
      const own = input.fills.filter((fill) => fill.trader === trader);
      const earlier = input.fills.filter((fill) => fill.member === member && fill.first_index < first_index);
      const metered = (slot: number): Metered => {
        const meter = input.meters.find((one) => one.member === member && Number(one.slot) === slot);
        return meter ? { withdrawnWh: meter.withdrawn_wh, injectedWh: meter.injected_wh } : null;
      };
      const allowance = Number(input.missing_allowance);
      const counted = count(trader, Number(first_index), fillsOf(own), metered, allowance, fillsOf(earlier));
      return counted.slots.map(({ slot, countedWh, missing, excused }) => {
        return { trader, slot: BigInt(slot), counted_wh: countedWh, missing, excused };
      });
    });
    expect(found).toEqual(expected);
  });
});
