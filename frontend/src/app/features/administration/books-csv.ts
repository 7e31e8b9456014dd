/** The community's books as CSV, out of the chain's events: what `commonwatt books export` writes, as far as events tell. */

import type { ChainEvent } from '../../core/chain/chain';
import { CATEGORY_NAMES } from '../tokens/categories';
import { purposeOf } from '../tokens/payments';
import type { Hex } from '../../core/market/units';

export interface Booked {
  readonly event: ChainEvent;
  /** The block's time, epoch seconds. */
  readonly at: number;
}

const ZERO = `0x${'0'.repeat(40)}`;

/** Every payment with its category, fee and incentives. */
export function paymentsCsv(booked: readonly Booked[]): string {
  const header = [
    'time',
    'block',
    'transaction',
    'category',
    'payer',
    'payee',
    'amount',
    'fee',
    'structure',
    'structure_amount',
    'payer_incentive',
    'payee_incentive',
    'reference',
  ];
  const rows = booked
    .filter(({ event }) => event.name === 'Paid')
    .map(({ event, at }) => {
      const { args } = event;
      const amount = (name: string): string => decimal(args[name] as bigint, 18);
      const structure = String(args['structure']);
      const reference = args['paymentReference'] as Hex;
      return [
        isoUtc(at),
        event.block,
        event.transaction,
        CATEGORY_NAMES[Number(args['category']) as keyof typeof CATEGORY_NAMES],
        String(args['payer']),
        String(args['payee']),
        amount('amount'),
        amount('fee'),
        structure === ZERO ? '' : structure,
        amount('structureAmount'),
        amount('payerIncentive'),
        amount('payeeIncentive'),
        purposeOf(reference) || reference,
      ];
    });
  return csv([header, ...rows]);
}

/** What went into and out of an account, line by line with the balance: `Transfer` events alone. */
export function accountCsv(booked: readonly Booked[], token: Hex, account: Hex, decimals: number): string {
  const rows: (string | number)[][] = [['time', 'block', 'transaction', 'other', 'change', 'balance']];
  let balance = 0n;
  for (const { event, at } of booked) {
    if (event.name !== 'Transfer' || event.address.toLowerCase() !== token.toLowerCase()) continue;
    const [source, target] = [event.args['from'], event.args['to']].map((one) => String(one).toLowerCase());
    if (source === target || (source !== account && target !== account)) continue;
    const change = (target === account ? 1n : -1n) * (event.args['value'] as bigint);
    balance += change;
    const other = target === account ? source : target;
    rows.push([
      isoUtc(at),
      event.block,
      event.transaction,
      other,
      decimal(change, decimals),
      decimal(balance, decimals),
    ]);
  }
  return csv(rows);
}

/** Every account's balance, rebuilt from `Transfer` events. */
export function balancesOf(events: readonly ChainEvent[]): Map<Hex, bigint> {
  const balances = new Map<Hex, bigint>();
  for (const { name, args } of events) {
    if (name !== 'Transfer') continue;
    for (const [side, sign] of [
      ['from', -1n],
      ['to', 1n],
    ] as const) {
      const account = String(args[side]).toLowerCase() as Hex;
      if (account !== ZERO) balances.set(account, (balances.get(account) ?? 0n) + sign * (args['value'] as bigint));
    }
  }
  return balances;
}

/** Lines as RFC 4180 has them. A text that a spreadsheet would run as a formula is written as a text. */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => {
    const text = String(value);
    const safe = typeof value === 'string' && /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map((row) => row.map(cell).join(',') + '\n').join('');
}

/** A figure as books have it: a point, no groups, nothing rounded. */
export function decimal(value: bigint, decimals: number): string {
  const [sign, magnitude] = value < 0n ? ['-', -value] : ['', value];
  const unit = 10n ** BigInt(decimals);
  const fraction = (magnitude % unit).toString().padStart(decimals, '0').replace(/0+$/, '');
  return `${sign}${magnitude / unit}${fraction ? `.${fraction}` : ''}`;
}

function isoUtc(epochS: number): string {
  return new Date(epochS * 1000).toISOString().replace('.000Z', 'Z');
}
