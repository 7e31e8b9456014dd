/**
 * The clearing rule: one uniform price per slot, exact in integers.
 *
 * Written from the definition in DESIGN section 6, by stacking buys and sells, where `oracle/clearing/rule.py` finds the
 * same figures without stacks: whoever compares the two compares two ways of thinking.
 */

import type { BookOrder } from './orders';
import { ration } from './ration';
import { greatest, least, sum } from './units';

export const NO_WITNESS = 0xffffffff;

export interface SlotClearing {
  /** µ€/kWh; 0 where nothing trades, as `lo` and `hi`. */
  readonly price: bigint;
  readonly lo: bigint;
  readonly hi: bigint;
  readonly loWitness: number;
  readonly hiWitness: number;
  readonly volume: bigint;
  /** Wh filled of each order, in the order in which they were given. */
  readonly filled: readonly bigint[];
}

/** The outcome of one slot, from its orders by ascending index. */
export function clearSlot(orders: readonly BookOrder[]): SlotClearing {
  const stack = accept(orders);
  if (stack.volume === 0n) {
    const filled = orders.map(() => 0n);
    return { price: 0n, lo: 0n, hi: 0n, loWitness: NO_WITNESS, hiWitness: NO_WITNESS, volume: 0n, filled };
  }
  const { lo, hi } = interval(orders, stack.accepted);
  const price = (lo + hi) / 2n;
  const filled = fill(orders, price, stack.volume);
  return {
    price,
    lo,
    hi,
    loWitness: witness(orders, filled, lo, (order, fill) => (order.isBuy ? fill < order.quantityWh : fill > 0n)),
    hiWitness: witness(orders, filled, hi, (order, fill) => (order.isBuy ? fill > 0n : fill < order.quantityWh)),
    volume: stack.volume,
    filled,
  };
}

/** The outcome of every slot; `orders` by ascending index. */
export function clear(orders: readonly BookOrder[], slotCount: number): SlotClearing[] {
  const slots: BookOrder[][] = Array.from({ length: slotCount }, () => []);
  for (const order of orders) slots[order.slot].push(order);
  return slots.map(clearSlot);
}

/** Stack buys by descending, sells by ascending limit and accept units while the buy's limit reaches the sell's. */
function accept(orders: readonly BookOrder[]): { volume: bigint; accepted: bigint[] } {
  const places = orders.map((_, place) => place);
  const byLimit = (a: number, b: number): number => compare(orders[a].limitPrice, orders[b].limitPrice);
  const buys = places.filter((place) => orders[place].isBuy).sort((a, b) => byLimit(b, a) || a - b);
  const sells = places.filter((place) => !orders[place].isBuy).sort((a, b) => byLimit(a, b) || a - b);
  const accepted = orders.map(() => 0n);
  let volume = 0n;
  for (let b = 0, s = 0; b < buys.length && s < sells.length;) {
    const [buy, sell] = [buys[b], sells[s]];
    if (orders[buy].limitPrice < orders[sell].limitPrice) break;
    const step = least(orders[buy].quantityWh - accepted[buy], orders[sell].quantityWh - accepted[sell]);
    accepted[buy] += step;
    accepted[sell] += step;
    volume += step;
    if (accepted[buy] === orders[buy].quantityWh) b++;
    if (accepted[sell] === orders[sell].quantityWh) s++;
  }
  return { volume, accepted };
}

function interval(orders: readonly BookOrder[], accepted: readonly bigint[]): { lo: bigint; hi: bigint } {
  let lo: bigint | null = null;
  let hi: bigint | null = null;
  for (const [place, order] of orders.entries()) {
    const [has, lacks] = [accepted[place] > 0n, accepted[place] < order.quantityWh];
    if (order.isBuy ? lacks : has) lo = lo === null ? order.limitPrice : greatest(lo, order.limitPrice);
    if (order.isBuy ? has : lacks) hi = hi === null ? order.limitPrice : least(hi, order.limitPrice);
  }
  if (lo === null || hi === null) throw new Error('a slot that trades has both ends of its price interval');
  return { lo, hi };
}

function fill(orders: readonly BookOrder[], price: bigint, volume: bigint): bigint[] {
  const filled = orders.map((order) => {
    const isBetter = order.isBuy ? order.limitPrice > price : order.limitPrice < price;
    return isBetter ? order.quantityWh : 0n;
  });
  for (const side of [true, false]) {
    const own = orders.flatMap((order, place) => (order.isBuy === side ? [place] : []));
    const margin = own.filter((place) => orders[place].limitPrice === price);
    if (margin.length === 0) continue;
    const rest = volume - sum(own.map((place) => filled[place]));
    const shares = ration(
      margin.map((place) => orders[place].quantityWh),
      rest,
    );
    margin.forEach((place, at) => (filled[place] = shares[at]));
  }
  return filled;
}

function witness(
  orders: readonly BookOrder[],
  filled: readonly bigint[],
  bound: bigint,
  sets: (order: BookOrder, fill: bigint) => boolean,
): number {
  const found = orders.find((order, place) => order.limitPrice === bound && sets(order, filled[place]));
  return found ? found.index : NO_WITNESS;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
