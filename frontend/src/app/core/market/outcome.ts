/** The outcome of a session as the chain has it, and the hashes by which operators vote for it. Source: DESIGN 6, 7. */

import { encodeAbiParameters, keccak256, stringToHex } from 'viem';

import { AllocationTree } from './allocation-tree';
import { bigEndian, concat, hash, toBytes } from './bytes';
import { clearSlot, type SlotClearing } from './clearing';
import type { BookOrder } from './orders';
import type { Hex } from './units';

/** Solidity's `SlotResult`, field by field and in its order. */
export interface SlotResult {
  readonly price: bigint;
  readonly lo: bigint;
  readonly hi: bigint;
  readonly loWitness: number;
  readonly hiWitness: number;
  readonly volume: bigint;
  readonly orderCount: number;
  readonly root: Hex;
  readonly buyFilled: bigint;
  readonly sellFilled: bigint;
  readonly marginBuyQuantity: bigint;
  readonly marginBuyFilled: bigint;
  readonly marginSellQuantity: bigint;
  readonly marginSellFilled: bigint;
}

export const SLOT_RESULT_FIELDS = [
  'price',
  'lo',
  'hi',
  'loWitness',
  'hiWitness',
  'volume',
  'orderCount',
  'root',
  'buyFilled',
  'sellFilled',
  'marginBuyQuantity',
  'marginBuyFilled',
  'marginSellQuantity',
  'marginSellFilled',
] as const satisfies readonly (keyof SlotResult)[];

export interface SlotOutcome {
  readonly orders: readonly BookOrder[];
  readonly clearing: SlotClearing;
  readonly tree: AllocationTree;
  readonly result: SlotResult;
}

/** The outcome of every slot of a session, from its revealed orders by ascending index. */
export function outcomeOf(orders: readonly BookOrder[], slotCount: number): SlotOutcome[] {
  const slots: BookOrder[][] = Array.from({ length: slotCount }, () => []);
  for (const order of orders) slots[order.slot].push(order);
  return slots.map(slotOutcome);
}

function slotOutcome(orders: readonly BookOrder[]): SlotOutcome {
  const clearing = clearSlot(orders);
  const tree = AllocationTree.of(orders, clearing.filled, clearing.price);
  const [buyFilled, sellFilled, marginBuyQuantity, marginBuyFilled, marginSellQuantity, marginSellFilled] =
    tree.root.sums;
  const { price, lo, hi, loWitness, hiWitness, volume } = clearing;
  const sums = {
    buyFilled,
    sellFilled,
    marginBuyQuantity,
    marginBuyFilled,
    marginSellQuantity,
    marginSellFilled,
  };
  const result = { price, lo, hi, loWitness, hiWitness, volume, orderCount: orders.length, root: tree.root.hash };
  return { orders, clearing, tree, result: { ...result, ...sums } };
}

/** What the contract keeps of an outcome: the hash of the slots' hashes. */
export function slotsHash(results: readonly SlotResult[]): Hex {
  return hash(...results.map((result) => toBytes(slotHash(result))));
}

export function slotHash(result: SlotResult): Hex {
  const words = SLOT_RESULT_FIELDS.map((field) =>
    field === 'root' ? toBytes(result.root) : bigEndian(BigInt(result[field]), 32),
  );
  return hash(concat(...words));
}

export type Stage = 'outcome' | 'settlement';

/** The question that a stage of a session puts to the operators in a round. */
export function question(chainId: bigint, marketplace: Hex, stage: Stage, sessionId: bigint, round: number): Hex {
  const types = [
    { type: 'uint256' },
    { type: 'address' },
    { type: 'bytes32' },
    { type: 'uint256' },
    { type: 'uint256' },
  ] as const;
  const name = stringToHex(stage, { size: 32 });
  return keccak256(encodeAbiParameters(types, [chainId, marketplace, name, sessionId, BigInt(round)]));
}

/** The answer that these results, published under `dataCid`, are. */
export function outcomeAnswer(questionHash: Hex, results: readonly SlotResult[], dataCid: string): Hex {
  return hash(toBytes(questionHash), toBytes(slotsHash(results)), toBytes(keccak256(stringToHex(dataCid))));
}

export interface Totals {
  readonly debit: bigint;
  readonly credit: bigint;
  readonly penalty: bigint;
}

export interface DatasetVersion {
  readonly day: number;
  readonly version: number;
}

/** The answer that this settlement, published under `dataCid`, is. */
export function settlementAnswer(
  questionHash: Hex,
  root: Hex,
  totals: Totals,
  versions: readonly DatasetVersion[],
  dataCid: string,
): Hex {
  const versionsType = [
    {
      type: 'tuple[]',
      components: [
        { name: 'day', type: 'uint32' },
        { name: 'version', type: 'uint32' },
      ],
    },
  ] as const;
  const versionsHash = keccak256(encodeAbiParameters(versionsType, [versions]));
  const money = { debit: totals.debit, credit: totals.credit, penalty: totals.penalty };
  const totalsType = {
    type: 'tuple',
    components: [
      { name: 'debit', type: 'uint128' },
      { name: 'credit', type: 'uint128' },
      { name: 'penalty', type: 'uint128' },
    ],
  } as const;
  const types = [
    { type: 'bytes32' },
    { type: 'bytes32' },
    totalsType,
    { type: 'bytes32' },
    { type: 'bytes32' },
  ] as const;
  const values = [questionHash, root, money, versionsHash, keccak256(stringToHex(dataCid))] as const;
  return keccak256(encodeAbiParameters(types, values));
}
