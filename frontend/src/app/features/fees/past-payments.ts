/**
 * Past payments out of the chain's events, with all that decided their fees and incentives; as `oracle/books` has them.
 *
 * The treasury's tokens are followed through the transfers. A payment's own transfers come before its event, so what the
 * treasury had before it is what it has then, less the fee and with the incentives back.
 */

import { encodeAbiParameters, keccak256 } from 'viem';

import type { TimedEvent } from '../../core/chain/times';
import type { Hex } from '../../core/market/units';
import { Category, categoryBetween } from '../tokens/categories';
import { NO_TERMS, type CategoryTerms, type Deal } from './payment-rule';
import type { PastPayment, Table } from './simulation';

/** Events that decide what payments cost and earned, beside the token's own. */
export const DEAL_EVENTS = ['DealOpened', 'DealChecked', 'DealDecided'] as const;
export const MEMBER_EVENTS = [
  'MemberApproved',
  'MemberReinstated',
  'MemberSuspended',
  'MemberLeft',
  'WalletReplaced',
  'ReplacementVetoed',
] as const;
export const TOKEN_EVENTS = ['Transfer', 'Paid', 'CategoryScheduled'] as const;

interface Announced {
  readonly from: number;
  readonly terms: CategoryTerms;
}

/** The terms in force at any moment; an announcement takes the place of one that is not in force yet. */
export class Timeline {
  private readonly tracks = new Map<Category, Announced[]>();

  feed({ args, at }: TimedEvent): void {
    const category = Number(args['category']) as Category;
    const track = this.tracks.get(category) ?? [];
    this.tracks.set(category, track);
    const last = track.at(-1);
    if (last && at < last.from) track.pop();
    track.push({ from: Number(args['effectiveFrom']), terms: termsOf(args) });
  }

  of(category: Category, at: number): CategoryTerms {
    return this.tracks.get(category)?.findLast((one) => one.from <= at)?.terms ?? NO_TERMS;
  }

  table(at: number): Table {
    return new Map([...this.tracks.keys()].map((category) => [category, this.of(category, at)]));
  }
}

/** What the events fed so far tell: terms, deals by their payment's reference, and who is an active member. */
class Scene {
  readonly timeline = new Timeline();
  /** The person behind a wallet: its number, which is kept across wallets. */
  readonly persons = new Map<Hex, Hex>();
  private readonly deals = new Map<Hex, Deal>();
  private readonly active = new Set<Hex>();
  readonly kinds = new Map<Hex, number>();

  feed(event: TimedEvent): void {
    const { name, args } = event;
    if (name === 'CategoryScheduled') this.timeline.feed(event);
    else if (name === 'DealOpened') this.deals.set(keyOf(event, 'dealId'), begun(Number(args['feeBps'])));
    else if (name === 'DealChecked') this.check(event, meanOf(args['sustainabilityBps'], args['socialBps']));
    else if (name === 'DealDecided') this.check(event, 0);
    else if (name === 'LoanReserved') this.deals.set(keyOf(event, 'loanId'), this.loan(event));
    else this.member(event);
  }

  /** What a payment brought along; null for one from wallet to wallet. */
  deal({ args }: TimedEvent): Deal | null {
    const isBonus = Number(args['category']) === Category.EnergyBonus;
    const found = this.deals.get(args['paymentReference'] as Hex) ?? (isBonus ? begun(0) : null);
    if (!found) return null;
    const [payerIsEntitled, payeeIsEntitled] = ['payer', 'payee'].map((side) => this.active.has(lower(args[side])));
    return { ...found, payerIsEntitled, payeeIsEntitled };
  }

  private member({ name, args }: TimedEvent): void {
    if (name === 'MemberApproved' || name === 'MemberReinstated') {
      const wallet = lower(args['wallet']);
      this.active.add(wallet);
      this.persons.set(wallet, args['memberId'] as Hex);
      if (name === 'MemberApproved') this.kinds.set(wallet, Number(args['kind']));
    } else if (name === 'MemberSuspended' || name === 'MemberLeft') {
      this.active.delete(lower(args['wallet']));
    } else if (name === 'WalletReplaced') {
      this.move(lower(args['oldWallet']), lower(args['newWallet']));
    } else if (name === 'ReplacementVetoed') {
      this.move(lower(args['newWallet']), lower(args['oldWallet']));
    }
  }

  private move(gone: Hex, come: Hex): void {
    this.active.delete(gone);
    this.active.add(come);
    this.kinds.set(come, this.kinds.get(gone) ?? 0);
    const person = this.persons.get(gone);
    if (person) this.persons.set(come, person);
  }

  private check(event: TimedEvent, valueBps: number): void {
    const key = keyOf(event, 'dealId');
    this.deals.set(key, { ...(this.deals.get(key) ?? begun(0)), isChecked: true, valueBps });
  }

  /** A loan's fee is that of its category when it was reserved; which one follows from the kinds of the two. */
  private loan({ args, at }: TimedEvent): Deal {
    const [borrower, lender] = ['borrower', 'lender'].map((side) => this.kinds.get(lower(args[side])) ?? 0);
    return begun(this.timeline.of(categoryBetween(borrower, lender), at).feeBps);
  }
}

export interface History {
  readonly payments: readonly PastPayment[];
  readonly timeline: Timeline;
  /** The kinds of the wallets that ever were members; 1 is a citizen, 2 a stakeholder. */
  readonly kinds: ReadonlyMap<Hex, number>;
}

/** The payments among members and by the treasury, from all events of the chain in its order. */
export function historyOf(events: readonly TimedEvent[], token: Hex, treasury: Hex): History {
  const [scene, payments, control] = [new Scene(), [] as PastPayment[], lower(treasury)];
  let held = 0n;
  for (const event of events) {
    const { name, args } = event;
    if (lower(event.address) === lower(token) && name === 'Transfer') {
      const value = args['value'] as bigint;
      held += (lower(args['to']) === control ? value : 0n) - (lower(args['from']) === control ? value : 0n);
    } else if (name === 'Paid') {
      payments.push(paymentOf(event, held, control, scene));
    } else {
      scene.feed(event);
    }
  }
  return {
    payments: payments.map((one) => withPersons(one, scene.persons)),
    timeline: scene.timeline,
    kinds: scene.kinds,
  };
}

function paymentOf(event: TimedEvent, held: bigint, treasury: Hex, scene: Scene): PastPayment {
  const { args, at } = event;
  const amount = (name: string): bigint => args[name] as bigint;
  const incentives = { payer: amount('payerIncentive'), payee: amount('payeeIncentive') };
  const [payer, payee] = [lower(args['payer']), lower(args['payee'])];
  return {
    at,
    payer,
    payee,
    payerKey: payer,
    payeeKey: payee,
    category: Number(args['category']),
    amount: amount('amount'),
    fee: amount('fee'),
    incentives,
    treasuryBefore: held - amount('fee') + incentives.payer + incentives.payee,
    structure: lower(args['structure']),
    structureAmount: amount('structureAmount'),
    deal: scene.deal(event),
    isFromTreasury: payer === treasury,
  };
}

function withPersons(payment: PastPayment, persons: ReadonlyMap<Hex, Hex>): PastPayment {
  const keyOf = (wallet: Hex): string => persons.get(wallet) ?? wallet;
  return { ...payment, payerKey: keyOf(payment.payer), payeeKey: keyOf(payment.payee) };
}

function termsOf(args: TimedEvent['args']): CategoryTerms {
  const figure = (name: string): number => Number(args[name]);
  return {
    feeBps: figure('feeBps'),
    payerBps: figure('payerBps'),
    payeeBps: figure('payeeBps'),
    mostPerPayment: figure('mostPerPayment'),
    mostPerMember: figure('mostPerMember'),
    mostPerPair: figure('mostPerPair'),
    isOff: Boolean(args['isOff']),
    since: 0,
  };
}

function begun(feeBps: number): Deal {
  return { feeBps, isChecked: false, valueBps: 10_000, payerIsEntitled: true, payeeIsEntitled: true };
}

/** What stands for a deal or loan in the token's payments. */
function keyOf(event: TimedEvent, number: 'dealId' | 'loanId'): Hex {
  const types = [{ type: 'address' }, { type: 'uint256' }] as const;
  return keccak256(encodeAbiParameters(types, [event.address, event.args[number] as bigint]));
}

function meanOf(one: unknown, other: unknown): number {
  return Math.floor((Number(one) + Number(other)) / 2);
}

function lower(address: unknown): Hex {
  return String(address).toLowerCase() as Hex;
}
