import type { Hex } from '../../core/market/units';
import { vectors } from '../../../testing/vectors';
import type { CategoryTerms, Deal } from './payment-rule';
import { differences, recorded, simulate, type PastPayment, type Table } from './simulation';

interface Deals {
  fee_bps: bigint;
  is_checked: boolean;
  value_bps: bigint;
  payer_is_entitled: boolean;
  payee_is_entitled: boolean;
}
interface Paid {
  fee: bigint;
  payer_incentive: bigint;
  payee_incentive: bigint;
}
interface Input {
  terms: {
    category: bigint;
    fee_bps: bigint;
    payer_bps: bigint;
    payee_bps: bigint;
    most_per_payment: bigint;
    most_per_member: bigint;
    most_per_pair: bigint;
    is_off: boolean;
  }[];
  payments: (Paid & {
    at: bigint;
    payer: Hex;
    payee: Hex;
    payer_key: string;
    payee_key: string;
    category: bigint;
    amount: bigint;
    treasury_before: bigint;
    deal: Deals | null;
  })[];
}
interface Expected {
  each: Paid[];
  treasury_end: bigint;
  treasury_lowest: bigint;
  short: bigint;
  capped: bigint;
  refused: bigint;
  categories: (Paid & { category: bigint; payments: bigint; amount: bigint })[];
  members: { member: Hex; net: bigint }[];
}

const NOBODY: Hex = `0x${'0'.repeat(40)}`;

function tableOf(input: Input): Table {
  return new Map(
    input.terms.map((one): [number, CategoryTerms] => [
      Number(one.category),
      {
        feeBps: Number(one.fee_bps),
        payerBps: Number(one.payer_bps),
        payeeBps: Number(one.payee_bps),
        mostPerPayment: Number(one.most_per_payment),
        mostPerMember: Number(one.most_per_member),
        mostPerPair: Number(one.most_per_pair),
        isOff: one.is_off,
        since: 0,
      },
    ]),
  );
}

function dealOf(found: Deals | null): Deal | null {
  if (!found) return null;
  return {
    feeBps: Number(found.fee_bps),
    isChecked: found.is_checked,
    valueBps: Number(found.value_bps),
    payerIsEntitled: found.payer_is_entitled,
    payeeIsEntitled: found.payee_is_entitled,
  };
}

function paymentsOf(input: Input): PastPayment[] {
  return input.payments.map((one) => ({
    at: Number(one.at),
    payer: one.payer,
    payee: one.payee,
    payerKey: one.payer_key,
    payeeKey: one.payee_key,
    category: Number(one.category),
    amount: one.amount,
    fee: one.fee,
    incentives: { payer: one.payer_incentive, payee: one.payee_incentive },
    treasuryBefore: one.treasury_before,
    structure: NOBODY,
    structureAmount: 0n,
    deal: dealOf(one.deal),
    isFromTreasury: false,
  }));
}

describe('a simulation of past payments', () => {
  it.each(vectors<Input, Expected>('simulation'))('golden vector “$name”: the same fees and incentives', (found) => {
    const { input, expected } = found;
    const effect = simulate(paymentsOf(input), () => tableOf(input));
    expect(
      effect.each.map(({ fee, incentives }) => ({
        fee,
        payer_incentive: incentives.payer,
        payee_incentive: incentives.payee,
      })),
    ).toEqual(expected.each);
    expect([effect.treasuryEnd, effect.treasuryLowest]).toEqual([expected.treasury_end, expected.treasury_lowest]);
    expect([effect.short, effect.capped, effect.refused].map(BigInt)).toEqual([
      expected.short,
      expected.capped,
      expected.refused,
    ]);
    expect(
      [...effect.byCategory].map(([category, flows]) => ({
        category: BigInt(category),
        payments: BigInt(flows.payments),
        amount: flows.amount,
        fee: flows.fee,
        payer_incentive: flows.payerIncentive,
        payee_incentive: flows.payeeIncentive,
      })),
    ).toEqual(expected.categories);
    expect(new Map(effect.netOf)).toEqual(new Map(expected.members.map(({ member, net }) => [member, net])));
  });

  it('names the payment that the chain has otherwise', () => {
    const [found] = vectors<Input, Expected>('simulation').filter((one) => one.name === 'a fee is rounded down');
    const payments = paymentsOf(found.input);
    expect(differences(payments, recorded(payments))).toEqual([]);
    const altered = payments.map((one) => ({ ...one, fee: one.fee + 1n }));
    expect(differences(altered, recorded(payments))).toEqual([0]);
  });
});
