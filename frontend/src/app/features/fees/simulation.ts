/**
 * Past payments under other terms: what an administrator looks at before a fee or an incentive is set.
 *
 * The same payments are told again, one by one; the treasury's other flows stay as they were. The same rule and order as
 * `oracle/economy/simulation.py`, held to `tests/vectors/simulation.json`. What people would do differently under other
 * terms is not part of it.
 */

import { greatest, least, type Hex } from '../../core/market/units';
import { Category } from '../tokens/categories';
import {
  feeOf,
  fit,
  incentivesOf,
  LIMIT_UNIT,
  NO_INCENTIVES,
  NO_TERMS,
  type CategoryTerms,
  type Deal,
  type Incentives,
} from './payment-rule';

/** Limits to incentives count per member and pair in periods of so many seconds, counted from the epoch. */
const INCENTIVE_PERIOD_S = 30 * 24 * 3600;

/** A payment as the chain tells of it; `deal` is null for one from wallet to wallet. */
export interface PastPayment {
  readonly at: number;
  readonly payer: Hex;
  readonly payee: Hex;
  /** The persons behind the wallets: limits count for them, whatever wallet they have. */
  readonly payerKey: string;
  readonly payeeKey: string;
  readonly category: Category;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly incentives: Incentives;
  /** Tokens of the treasury just before the fee came in. */
  readonly treasuryBefore: bigint;
  readonly structure: Hex;
  readonly structureAmount: bigint;
  readonly deal: Deal | null;
  readonly isFromTreasury: boolean;
}

export type Table = ReadonlyMap<Category, CategoryTerms>;

/** Sums over the payments of a category. */
export interface Flows {
  readonly payments: number;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly payerIncentive: bigint;
  readonly payeeIncentive: bigint;
}

export interface Effect {
  readonly byCategory: ReadonlyMap<Category, Flows>;
  /** By how much payments changed each member's balance. */
  readonly netOf: ReadonlyMap<Hex, bigint>;
  readonly treasuryEnd: bigint;
  readonly treasuryLowest: bigint;
  /** Payments whose incentives the treasury could not pay in full, or which a limit of the period cut. */
  readonly short: number;
  readonly capped: number;
  /** Payments of a category that is off: they are left out. */
  readonly refused: number;
  /** Fee and incentives of each payment, in order; of one left out, zero. */
  readonly each: readonly { readonly fee: bigint; readonly incentives: Incentives }[];
}

export const NO_FLOWS: Flows = { payments: 0, amount: 0n, fee: 0n, payerIncentive: 0n, payeeIncentive: 0n };

/**
 * What the payments, in the chain's order, cost and earn under the table in force at each one's time.
 *
 * Deals bear the table's fee; with `keepsAgreedFees` the one agreed on at their beginning, as on the chain.
 */
export function simulate(
  payments: readonly PastPayment[],
  tableAt: (at: number) => Table,
  keepsAgreedFees = false,
): Effect {
  const run = new Run();
  for (const payment of payments) run.take(payment, tableAt(payment.at), keepsAgreedFees);
  return run.effect(payments);
}

/** What the payments cost and earned as the chain has it; no rule is asked. */
export function recorded(payments: readonly PastPayment[]): Effect {
  const run = new Run();
  for (const payment of payments) run.note(payment, payment.fee, payment.incentives);
  return run.effect(payments);
}

/** The places of the payments whose fee or incentives the chain has otherwise than `told`. */
export function differences(payments: readonly PastPayment[], told: Effect): number[] {
  return payments.flatMap((payment, place) => {
    const { fee, incentives } = told.each[place];
    const isSame =
      payment.fee === fee &&
      payment.incentives.payer === incentives.payer &&
      payment.incentives.payee === incentives.payee;
    return isSame ? [] : [place];
  });
}

/** A simulation under way; `shift` is by how much the treasury differs from what it really held. */
class Run {
  private shift = 0n;
  private lowest: bigint | null = null;
  private short = 0;
  private capped = 0;
  private refused = 0;
  private readonly each: { fee: bigint; incentives: Incentives }[] = [];
  private readonly byCategory = new Map<Category, Flows>();
  private readonly netOf = new Map<Hex, bigint>();
  private readonly granted = new Map<string, bigint>();

  /** Tell one payment again. */
  take(payment: PastPayment, table: Table, keepsAgreedFees: boolean): void {
    const terms = table.get(payment.category) ?? NO_TERMS;
    if (terms.isOff && !payment.deal) {
      this.refused += 1;
      this.book(payment, 0n, NO_INCENTIVES);
      return;
    }
    const agreed = keepsAgreedFees || payment.isFromTreasury ? payment.deal : null;
    const fee = feeOf(payment.amount, (agreed ?? terms).feeBps);
    this.note(payment, fee, this.incentives(payment, fee, terms));
  }

  /** Take a payment with this fee and these incentives. */
  note(payment: PastPayment, fee: bigint, incentives: Incentives): void {
    this.book(payment, fee, incentives);
    const before = this.byCategory.get(payment.category) ?? NO_FLOWS;
    this.byCategory.set(payment.category, {
      payments: before.payments + 1,
      amount: before.amount + payment.amount,
      fee: before.fee + fee,
      payerIncentive: before.payerIncentive + incentives.payer,
      payeeIncentive: before.payeeIncentive + incentives.payee,
    });
    this.gain(payment.payer, incentives.payer - payment.amount);
    this.gain(payment.payee, payment.amount - fee - payment.structureAmount + incentives.payee);
    if (payment.structureAmount) this.gain(payment.structure, payment.structureAmount);
  }

  /** What came of all payments. */
  effect(payments: readonly PastPayment[]): Effect {
    const start = payments.at(0)?.treasuryBefore ?? 0n;
    const last = payments.at(-1);
    const end = last ? last.treasuryBefore + last.fee - totalOf(last.incentives) : 0n;
    return {
      byCategory: new Map([...this.byCategory].sort(([one], [other]) => one - other)),
      netOf: this.netOf,
      treasuryEnd: end + this.shift,
      treasuryLowest: this.lowest ?? start,
      short: this.short,
      capped: this.capped,
      refused: this.refused,
      each: this.each,
    };
  }

  private incentives(payment: PastPayment, fee: bigint, terms: CategoryTerms): Incentives {
    const isWithout = terms.isOff || payment.isFromTreasury || payment.payerKey === payment.payeeKey;
    if (isWithout || payment.category === Category.Transfer) return NO_INCENTIVES;
    const period = Math.floor(payment.at / INCENTIVE_PERIOD_S);
    const [payer, payee] = [`${period} ${payment.payerKey}`, `${period} ${payment.payeeKey}`];
    const pair = [period, ...[payment.payerKey, payment.payeeKey].sort()].join(' ');
    const wanted = incentivesOf(payment.amount, fee, terms, payment.deal, {
      payer: this.left(terms.mostPerMember, payer),
      payee: this.left(terms.mostPerMember, payee),
      pair: this.left(terms.mostPerPair, pair),
    });
    const available = greatest(payment.treasuryBefore + this.shift + fee, 0n);
    const paid = fit(wanted.incentives, available);
    if (wanted.isCapped) this.capped += 1;
    if (totalOf(wanted.incentives) > available) this.short += 1;
    this.grant(payer, paid.payer);
    this.grant(payee, paid.payee);
    this.grant(pair, totalOf(paid));
    return paid;
  }

  private left(most: number, key: string): bigint {
    return greatest(BigInt(most) * LIMIT_UNIT - (this.granted.get(key) ?? 0n), 0n);
  }

  private grant(key: string, amount: bigint): void {
    this.granted.set(key, (this.granted.get(key) ?? 0n) + amount);
  }

  private gain(member: Hex, amount: bigint): void {
    this.netOf.set(member, (this.netOf.get(member) ?? 0n) + amount);
  }

  /** Note the payment, and what the treasury has after it. */
  private book(payment: PastPayment, fee: bigint, incentives: Incentives): void {
    this.shift += fee - totalOf(incentives) - (payment.fee - totalOf(payment.incentives));
    const after = payment.treasuryBefore + payment.fee - totalOf(payment.incentives) + this.shift;
    this.lowest = this.lowest === null ? after : least(this.lowest, after);
    this.each.push({ fee, incentives });
  }
}

export function totalOf(incentives: Incentives): bigint {
  return incentives.payer + incentives.payee;
}
