import { vectors } from '../../../testing/vectors';
import { AllocationTree, climb, leaf } from './allocation-tree';
import { clearSlot, NO_WITNESS } from './clearing';
import type { BookOrder } from './orders';
import { outcomeOf } from './outcome';
import type { Hex } from './units';

interface Input {
  slot_count: bigint;
  orders: { index: bigint; trader: Hex; slot: bigint; side: string; quantity_wh: bigint; limit_price: bigint }[];
}
interface Expected {
  slots: {
    price: bigint | null;
    lo: bigint | null;
    hi: bigint | null;
    lo_witness: bigint | null;
    hi_witness: bigint | null;
    volume_wh: bigint;
    order_count: bigint;
    root: Hex;
  }[];
  allocations: { index: bigint; filled_wh: bigint }[];
}

const cases = vectors<Input, Expected>('clearing');

function book(input: Input): BookOrder[] {
  return input.orders.map((order) => ({
    index: Number(order.index),
    trader: order.trader,
    slot: Number(order.slot),
    isBuy: order.side === 'buy',
    quantityWh: order.quantity_wh,
    limitPrice: order.limit_price,
  }));
}

describe('the outcome of a session', () => {
  it.each(cases)('golden vector “$name”: the same prices, witnesses, fills and roots', ({ input, expected }) => {
    const slots = outcomeOf(book(input), Number(input.slot_count));
    const shown = slots.map(({ result }) => ({
      price: result.price || null,
      lo: result.volume ? result.lo : null,
      hi: result.volume ? result.hi : null,
      lo_witness: result.loWitness === NO_WITNESS ? null : BigInt(result.loWitness),
      hi_witness: result.hiWitness === NO_WITNESS ? null : BigInt(result.hiWitness),
      volume_wh: result.volume,
      order_count: BigInt(result.orderCount),
      root: result.root,
    }));
    const wanted = expected.slots.map((slot) =>
      Object.fromEntries(Object.entries(slot).filter(([name]) => name !== 'slot')),
    );
    expect(shown).toEqual(wanted);
    const fills = slots.flatMap((slot) =>
      slot.orders.map((order, at) => ({ index: BigInt(order.index), filled_wh: slot.clearing.filled[at] })),
    );
    fills.sort((a, b) => Number(a.index - b.index));
    expect(fills).toEqual(expected.allocations);
  });

  it('every order of a slot of five: its path climbs to the root', () => {
    const orders = book(cases.find((found) => found.name.startsWith('five orders'))!.input);
    const { filled, price } = clearSlot(orders);
    const tree = AllocationTree.of(orders, filled, price);
    for (const [place, order] of orders.entries()) {
      expect(climb(leaf(order, filled[place], price), place, tree.path(place))).toEqual(tree.root);
      expect(climb(leaf(order, filled[place] + 1n, price), place, tree.path(place)).hash).not.toBe(tree.root.hash);
    }
  });
});
