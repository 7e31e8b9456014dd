/** A trader's orders that were not filled whole, with the proofs by which the contract frees their locks. */

import { bookOf } from '../../core/chain/session';
import type { SessionDetail } from '../../core/chain/sessions';
import { outcomeAnswer, outcomeOf, slotHash, type SlotResult } from '../../core/market/outcome';
import type { Sums } from '../../core/market/allocation-tree';
import type { Hex } from '../../core/market/units';

/** Solidity's `OutcomeProof` and `AllocationProof`. */
export interface Unfilled {
  readonly outcome: {
    readonly slot: number;
    readonly slotHashes: readonly Hex[];
    readonly result: SlotResult;
    readonly dataCid: string;
  };
  readonly order: {
    readonly index: number;
    readonly trader: Hex;
    readonly isBuy: boolean;
    readonly quantityWh: bigint;
    readonly limitPrice: bigint;
    readonly filledWh: bigint;
    readonly position: number;
    readonly siblings: readonly Hex[];
    readonly siblingSums: readonly Sums[];
  };
}

/** Those of the accepted outcome; none where this browser computes another one, since then no proof of it would hold. */
export function unfilledOf(session: SessionDetail, trader: Hex): Unfilled[] {
  const posted = session.story.outcomes.findLast((one) => one.answer === session.outcome?.answer);
  if (!posted) return [];
  const slots = outcomeOf(bookOf(session.story), session.parameters.slotCount);
  const results = slots.map((slot) => slot.result);
  if (outcomeAnswer(session.outcomeQuestion, results, posted.dataCid) !== posted.answer) return [];
  const slotHashes = results.map(slotHash);
  return slots.flatMap(({ orders, clearing, tree, result }, slot) =>
    orders.flatMap((order, position): Unfilled[] => {
      const filledWh = clearing.filled[position];
      if (order.trader !== trader || filledWh >= order.quantityWh) return [];
      const { index, isBuy, quantityWh, limitPrice } = order;
      const path = tree.path(position);
      const proof = { position, siblings: path.map((node) => node.hash), siblingSums: path.map((node) => node.sums) };
      return [
        {
          outcome: { slot, slotHashes, result, dataCid: posted.dataCid },
          order: { index, trader, isBuy, quantityWh, limitPrice, filledWh, ...proof },
        },
      ];
    }),
  );
}
