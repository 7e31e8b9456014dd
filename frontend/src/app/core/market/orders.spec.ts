import { vectors } from '../../../testing/vectors';
import { bounds, commitment, orderFault, ordersHash, type Order, type OrderRules } from './orders';
import type { Hex } from './units';

export interface VectorOrder {
  slot: bigint;
  side: string;
  quantity_wh: bigint;
  limit_price: bigint;
}
interface Input {
  chain_id: bigint;
  marketplace: Hex;
  session_id: bigint;
  trader: Hex;
  orders: VectorOrder[];
  salt: Hex;
  penalty_price: bigint;
  cap_price: bigint;
}
interface Expected {
  commitment: Hex;
  orders_hash: Hex;
  max_debit: bigint;
  max_penalty: bigint;
  max_credit: bigint;
  lock: bigint;
}

function ordersOf(listed: VectorOrder[]): Order[] {
  return listed.map((order) => ({
    slot: Number(order.slot),
    isBuy: order.side === 'buy',
    quantityWh: order.quantity_wh,
    limitPrice: order.limit_price,
  }));
}

describe('commitment and bounds', () => {
  it.each(vectors<Input, Expected>('orders'))('golden vector “$name”: the same hashes and bounds', (found) => {
    const { input, expected } = found;
    const orders = ordersOf(input.orders);
    const { chain_id, marketplace, session_id, trader, salt } = input;
    expect(commitment(chain_id, marketplace, session_id, trader, orders, salt)).toBe(expected.commitment);
    expect(ordersHash(orders)).toBe(expected.orders_hash);
    expect(bounds(orders, input.penalty_price, input.cap_price)).toEqual({
      maxDebit: expected.max_debit,
      maxPenalty: expected.max_penalty,
      maxCredit: expected.max_credit,
      lock: expected.lock,
    });
  });
});

describe('orders that a session does not take', () => {
  const rules: OrderRules = {
    slotCount: 24,
    floorPrice: 10n,
    capPrice: 400_000n,
    smallestOrderWh: 100n,
    mostOrders: 3,
  };
  const order: Order = { slot: 5, isBuy: true, quantityWh: 100n, limitPrice: 10n };

  it.each([
    ['none at all', [], 'none'],
    ['one more than a member may have', [order, order, order, order], 'too-many'],
    ['a slot after the last', [{ ...order, slot: 24 }], 'slot'],
    ['one Wh below the smallest', [{ ...order, quantityWh: 99n }], 'quantity'],
    ['a quantity of 2⁴⁰', [{ ...order, quantityWh: 1n << 40n }], 'quantity'],
    ['one µ€/kWh below the floor', [{ ...order, limitPrice: 9n }], 'limit'],
    ['one µ€/kWh above the cap', [{ ...order, limitPrice: 400_001n }], 'limit'],
    ['an earlier slot second', [order, { ...order, slot: 4 }], 'unsorted'],
    ['both sides of a slot', [order, { ...order, isBuy: false }], 'both-sides'],
  ] as const)('%s: refused', (_, orders, kind) => {
    expect(orderFault(orders, rules)?.kind).toBe(kind);
  });

  it('orders at every limit: taken', () => {
    const most = { slot: 23, isBuy: false, quantityWh: (1n << 40n) - 1n, limitPrice: 400_000n };
    expect(orderFault([order, order, most], rules)).toBeNull();
  });
});
