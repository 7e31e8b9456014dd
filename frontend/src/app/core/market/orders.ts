/**
 * Orders of a session: what one is, which ones a session takes, their commitment, and the most they can cost.
 *
 * The encodings are those of `Marketplace`; the same as `commons/orders.py`. Source: DESIGN section 5.
 */

import { encodeAbiParameters, keccak256 } from 'viem';

import { euroUp, greatest, least, PRICE_LIMIT, QUANTITY_LIMIT, type Hex } from './units';

export interface Order {
  readonly slot: number;
  readonly isBuy: boolean;
  readonly quantityWh: bigint;
  /** µ€/kWh. */
  readonly limitPrice: bigint;
}

/** An order as the chain keeps it: with its index in the session and its trader. */
export interface BookOrder extends Order {
  readonly index: number;
  readonly trader: Hex;
}

export interface OrderRules {
  readonly slotCount: number;
  readonly floorPrice: bigint;
  readonly capPrice: bigint;
  readonly smallestOrderWh: bigint;
  readonly mostOrders: number;
}

export interface Bounds {
  readonly maxDebit: bigint;
  readonly maxPenalty: bigint;
  readonly maxCredit: bigint;
  /** What stays locked from reveal to settlement: debit and penalty together. */
  readonly lock: bigint;
}

/** Why a session does not take some orders; `place` counts from 0. The page says it in the reader's language. */
export type OrderFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'too-many'; readonly count: number; readonly most: number }
  | { readonly kind: 'slot'; readonly place: number; readonly slot: number; readonly last: number }
  | { readonly kind: 'quantity'; readonly place: number; readonly quantityWh: bigint; readonly least: bigint }
  | {
      readonly kind: 'limit';
      readonly place: number;
      readonly limit: bigint;
      readonly least: bigint;
      readonly most: bigint;
    }
  | { readonly kind: 'unsorted'; readonly place: number; readonly slot: number }
  | { readonly kind: 'both-sides'; readonly place: number; readonly slot: number };

export const SALT_BYTES = 32;

const ORDERS = {
  type: 'tuple[]',
  components: [
    { name: 'slot', type: 'uint16' },
    { name: 'isBuy', type: 'bool' },
    { name: 'quantityWh', type: 'uint64' },
    { name: 'limitPrice', type: 'uint64' },
  ],
} as const;

/** What the contract would refuse at the reveal; null where it takes the orders. */
export function orderFault(orders: readonly Order[], rules: OrderRules): OrderFault | null {
  if (orders.length === 0) return { kind: 'none' };
  if (orders.length > rules.mostOrders) return { kind: 'too-many', count: orders.length, most: rules.mostOrders };
  for (const [place, order] of orders.entries()) {
    const fault = faultOfOne(place, order, rules) ?? (place ? faultOfSequence(place, orders[place - 1], order) : null);
    if (fault) return fault;
  }
  return null;
}

function faultOfOne(place: number, order: Order, rules: OrderRules): OrderFault | null {
  const smallest = greatest(1n, rules.smallestOrderWh);
  if (order.slot < 0 || order.slot >= rules.slotCount) {
    return { kind: 'slot', place, slot: order.slot, last: rules.slotCount - 1 };
  }
  if (order.quantityWh < smallest || order.quantityWh >= QUANTITY_LIMIT) {
    return { kind: 'quantity', place, quantityWh: order.quantityWh, least: smallest };
  }
  const [lowest, highest] = [greatest(1n, rules.floorPrice), least(rules.capPrice, PRICE_LIMIT - 1n)];
  if (order.limitPrice < lowest || order.limitPrice > highest) {
    return { kind: 'limit', place, limit: order.limitPrice, least: lowest, most: highest };
  }
  return null;
}

function faultOfSequence(place: number, before: Order, order: Order): OrderFault | null {
  if (order.slot < before.slot) return { kind: 'unsorted', place, slot: order.slot };
  if (order.slot === before.slot && order.isBuy !== before.isBuy) {
    return { kind: 'both-sides', place, slot: order.slot };
  }
  return null;
}

/** The most that `orders` can cost and bring, summed over orders that are rounded up one by one; µ€. */
export function bounds(orders: readonly Order[], penaltyPrice: bigint, capPrice: bigint): Bounds {
  let [maxDebit, maxPenalty, maxCredit] = [0n, 0n, 0n];
  for (const { isBuy, quantityWh, limitPrice } of orders) {
    maxPenalty += euroUp(quantityWh, penaltyPrice);
    if (isBuy) maxDebit += euroUp(quantityWh, limitPrice);
    else maxCredit += euroUp(quantityWh, capPrice);
  }
  return { maxDebit, maxPenalty, maxCredit, lock: maxDebit + maxPenalty };
}

/** `keccak256(abi.encode(chainid, marketplace, sessionId, trader, orders, salt))`. */
export function commitment(
  chainId: bigint,
  marketplace: Hex,
  sessionId: bigint,
  trader: Hex,
  orders: readonly Order[],
  salt: Hex,
): Hex {
  const types = [
    { type: 'uint256' },
    { type: 'address' },
    { type: 'uint256' },
    { type: 'address' },
    ORDERS,
    { type: 'bytes32' },
  ] as const;
  return keccak256(encodeAbiParameters(types, [chainId, marketplace, sessionId, trader, orders, salt]));
}

/** What the contract keeps of revealed orders: `keccak256(abi.encode(orders))`. */
export function ordersHash(orders: readonly Order[]): Hex {
  return keccak256(encodeAbiParameters([ORDERS], [orders]));
}
