/** What a reader writes in a row of the order form, before it is an order. */

import type { Order } from '../../core/market/orders';
import { parseDecimal } from '../../core/market/units';

export interface Draft {
  readonly slot: number;
  readonly side: '' | 'buy' | 'sell';
  /** kWh, as written. */
  readonly quantity: string;
  /** €/kWh, as written. */
  readonly limit: string;
}

/** The order that a row says; null where nothing is ordered or a figure cannot be read. */
export function orderOf(draft: Draft): Order | null {
  if (draft.side === '') return null;
  const [quantityWh, limitPrice] = [parseDecimal(draft.quantity, 3), parseDecimal(draft.limit, 6)];
  if (quantityWh === null || limitPrice === null) return null;
  return { slot: draft.slot, isBuy: draft.side === 'buy', quantityWh, limitPrice };
}
