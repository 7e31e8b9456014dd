/**
 * The receipt of a member and session: one file that says what was ordered, filled, counted and paid, and where on the
 * chain each figure stands. Whoever holds the file rechecks it in a browser, with nothing but a node of the chain.
 */

import type { Accepted, SessionDetail } from '../chain/sessions';
import {
  encode,
  decode,
  hexOf,
  integer,
  list,
  Malformed,
  record,
  text,
  type Exact,
  type Json,
} from '../market/canonical';
import { settlementLeaf } from '../market/settlement';
import { verifyProof } from '../market/merkle';
import type { Hex } from '../market/units';
import { fillsByTrader } from './basis';
import type { Place, Recheck, Step } from './recheck';

export const RECEIPT_FORMAT = 'commonwatt/receipt/1';

/** One slot of the receipt; money in µ€, energy in Wh, price in µ€/kWh. */
export interface ReceiptSlot {
  readonly slot: number;
  readonly isBuy: boolean;
  readonly filledWh: bigint;
  readonly countedWh: bigint;
  readonly missing: boolean;
  readonly settledWh: bigint;
  readonly price: bigint;
  readonly debit: bigint;
  readonly credit: bigint;
  readonly penalty: bigint;
}

export interface Receipt {
  readonly chainId: bigint;
  readonly community: Hex;
  readonly marketplace: Hex;
  readonly session: bigint;
  readonly trader: Hex;
  readonly slots: readonly ReceiptSlot[];
  readonly debit: bigint;
  readonly credit: bigint;
  readonly penalty: bigint;
  readonly root: Hex;
  readonly proof: readonly Hex[];
  /** The transaction that executed the leaf; null until then. */
  readonly transaction: Hex | null;
}

/** The receipt of a trader, made from a recheck of the session; null where there is no settlement or no such trader. */
export function receiptOf(
  detail: SessionDetail,
  result: Recheck,
  place: Place & { readonly community: Hex },
  trader: Hex,
): Receipt | null {
  const row = result.settlement?.members.findIndex((member) => member.trader === trader) ?? -1;
  if (!result.settlement || row < 0) return null;
  const member = result.settlement.members[row];
  return {
    chainId: place.chainId,
    community: lower(place.community),
    marketplace: lower(place.marketplace),
    session: BigInt(detail.id),
    trader,
    slots: member.slots.map((slot) => ({
      slot: slot.slot,
      isBuy: slot.isBuy,
      filledWh: slot.filledWh,
      countedWh: slot.countedWh,
      missing: slot.missing,
      settledWh: slot.scaledWh,
      price: result.slots[slot.slot].result.price,
      debit: slot.debit,
      credit: slot.credit,
      penalty: slot.penalty,
    })),
    debit: member.debit,
    credit: member.credit,
    penalty: member.penalty,
    root: result.settlement.tree.root,
    proof: result.settlement.tree.proof(row),
    transaction: detail.story.executions.find((execution) => execution.trader === trader)?.transaction ?? null,
  };
}

const HEAD = [
  'format',
  'chain_id',
  'community',
  'marketplace',
  'session',
  'trader',
  'slots',
  'debit',
  'credit',
  'penalty',
  'root',
  'proof',
  'transaction',
];
const SLOT = [
  'slot',
  'side',
  'filled_wh',
  'counted_wh',
  'missing',
  'settled_wh',
  'price',
  'debit',
  'credit',
  'penalty',
];

/** The receipt as a file: canonical JSON. */
export function encodeReceipt(receipt: Receipt): Uint8Array<ArrayBuffer> {
  return encode({
    format: RECEIPT_FORMAT,
    chain_id: receipt.chainId,
    community: receipt.community,
    marketplace: receipt.marketplace,
    session: receipt.session,
    trader: receipt.trader,
    slots: receipt.slots.map((slot): Exact => ({
      slot: BigInt(slot.slot),
      side: slot.isBuy ? 'buy' : 'sell',
      filled_wh: slot.filledWh,
      counted_wh: slot.countedWh,
      missing: slot.missing,
      settled_wh: slot.settledWh,
      price: slot.price,
      debit: slot.debit,
      credit: slot.credit,
      penalty: slot.penalty,
    })),
    debit: receipt.debit,
    credit: receipt.credit,
    penalty: receipt.penalty,
    root: receipt.root,
    proof: receipt.proof,
    transaction: receipt.transaction,
  });
}

/** Reads a receipt; whether it is true is for `checkReceipt` to find out. */
export function readReceipt(raw: Uint8Array): Receipt {
  const head = record(decode(raw, 'receipt'), HEAD, 'receipt');
  if (head['format'] !== RECEIPT_FORMAT) throw new Malformed('receipt', RECEIPT_FORMAT);
  const proof = list(head['proof'], 'proof');
  if (proof.length > 64) throw new Malformed('proof', 'at most 64 steps');
  const money = (name: string): bigint => integer(head[name], 256, name);
  return {
    chainId: money('chain_id'),
    community: hexOf(head['community'], 20, 'community'),
    marketplace: hexOf(head['marketplace'], 20, 'marketplace'),
    session: money('session'),
    trader: hexOf(head['trader'], 20, 'trader'),
    slots: list(head['slots'], 'slots').map((value, at) => readSlot(value, `slots[${at}]`)),
    debit: money('debit'),
    credit: money('credit'),
    penalty: money('penalty'),
    root: hexOf(head['root'], 32, 'root'),
    proof: proof.map((sibling) => hexOf(sibling, 32, 'proof')),
    transaction: head['transaction'] === null ? null : hexOf(head['transaction'], 32, 'transaction'),
  };
}

function readSlot(value: Json, where: string): ReceiptSlot {
  const fields = record(value, SLOT, where);
  const figure = (name: string): bigint => integer(fields[name], 256, where);
  const side = text(fields['side'], where);
  if ((side !== 'buy' && side !== 'sell') || typeof fields['missing'] !== 'boolean') {
    throw new Malformed(where, 'a side and a flag');
  }
  return {
    slot: Number(integer(fields['slot'], 16, where)),
    isBuy: side === 'buy',
    filledWh: figure('filled_wh'),
    countedWh: figure('counted_wh'),
    missing: fields['missing'],
    settledWh: figure('settled_wh'),
    price: figure('price'),
    debit: figure('debit'),
    credit: figure('credit'),
    penalty: figure('penalty'),
  };
}

export type ReceiptStepId = 'place' | 'sums' | 'leaf' | 'root' | 'fills' | 'prices' | 'published' | 'payment';

export interface ReceiptStep {
  readonly id: ReceiptStepId;
  readonly verdict: Step['verdict'];
  readonly where?: string;
}

/** Every claim of a receipt against what this browser read and computed itself. */
export function checkReceipt(
  receipt: Receipt,
  detail: SessionDetail,
  result: Recheck,
  place: Place & { readonly community: Hex },
  accepted: Accepted | null,
): ReceiptStep[] {
  const own = receiptOf(detail, result, place, receipt.trader);
  const isHere =
    receipt.chainId === place.chainId &&
    receipt.community === lower(place.community) &&
    receipt.marketplace === lower(place.marketplace) &&
    receipt.session === BigInt(detail.id);
  const posted = detail.story.settlements.findLast((one) => one.answer === accepted?.answer);
  const leaf = settlementLeaf(receipt.session, receipt);
  const step = (id: ReceiptStepId, isRight: boolean, where?: string): ReceiptStep => ({
    id,
    verdict: isRight ? 'right' : 'wrong',
    where: isRight ? undefined : where,
  });
  return [
    step('place', isHere),
    step('fills', fillsAgree(receipt, result)),
    step(
      'prices',
      receipt.slots.every((slot) => result.slots.at(slot.slot)?.result.price === slot.price),
    ),
    publishedStep(receipt, own),
    step('sums', sumsAgree(receipt)),
    step('leaf', verifyProof(receipt.root, leaf, receipt.proof)),
    posted ? step('root', posted.root === receipt.root, posted.root) : { id: 'root', verdict: 'not-yet' },
    paymentStep(receipt, detail),
  ];
}

function fillsAgree(receipt: Receipt, result: Recheck): boolean {
  const own = fillsByTrader(result.slots).get(receipt.trader);
  return (
    own?.size === receipt.slots.length &&
    receipt.slots.every((slot) => {
      const found = own.get(slot.slot);
      return found?.filledWh === slot.filledWh && found.isBuy === slot.isBuy;
    })
  );
}

/** Counted energy and money per slot are those of the settlement, as it was settled again here. */
function publishedStep(receipt: Receipt, own: Receipt | null): ReceiptStep {
  if (!own) return { id: 'published', verdict: 'not-yet' };
  const fields = ['countedWh', 'missing', 'settledWh', 'debit', 'credit', 'penalty'] as const;
  for (const [at, slot] of receipt.slots.entries()) {
    const mine = own.slots.at(at);
    const field = fields.find((name) => mine?.[name] !== slot[name]);
    if (field) return { id: 'published', verdict: 'wrong', where: `${slot.slot + 1} · ${field}` };
  }
  return { id: 'published', verdict: own.slots.length === receipt.slots.length ? 'right' : 'wrong' };
}

function sumsAgree(receipt: Receipt): boolean {
  return (['debit', 'credit', 'penalty'] as const).every(
    (name) => receipt.slots.reduce((total, slot) => total + slot[name], 0n) === receipt[name],
  );
}

function paymentStep(receipt: Receipt, detail: SessionDetail): ReceiptStep {
  const paid = detail.story.executions.find((execution) => execution.trader === receipt.trader);
  if (!paid) return { id: 'payment', verdict: receipt.transaction ? 'wrong' : 'not-yet' };
  const isSame =
    paid.debit === receipt.debit &&
    paid.credit === receipt.credit &&
    paid.penalty === receipt.penalty &&
    (receipt.transaction === null || paid.transaction === receipt.transaction);
  return { id: 'payment', verdict: isSame ? 'right' : 'wrong' };
}

function lower(address: Hex): Hex {
  return address.toLowerCase() as Hex;
}
