/** A sensible start for the order form: what the reader ordered last time at the same hour, else last time's prices. */

import { inject, Injectable } from '@angular/core';

import { resultsOf, slotStart } from '../../core/chain/session';
import { SessionsService, type SessionDetail } from '../../core/chain/sessions';
import type { Hex } from '../../core/market/units';
import { exactDecimal, showClock, type Language } from '../../core/text/figures';
import type { Draft } from './drafts';

/** How many sessions back the reader's own orders are looked for. */
const LOOK_BACK = 5;

interface Before {
  readonly price: bigint;
  readonly own: { readonly isBuy: boolean; readonly quantityWh: bigint; readonly limitPrice: bigint } | null;
}

@Injectable({ providedIn: 'root' })
export class SuggestionService {
  private readonly sessions = inject(SessionsService);

  async drafts(session: SessionDetail, account: Hex | null, language: Language): Promise<Draft[]> {
    const before = await this.before(session, account, language);
    return Array.from({ length: session.parameters.slotCount }, (_, slot) => {
      const clock = showClock(slotStart(session.parameters, slot), language);
      return draftOf(slot, before.get(clock) ?? null, session, language);
    });
  }

  /** By the hour of the day: the last price there, and what the reader ordered in the last session it took part in. */
  private async before(session: SessionDetail, account: Hex | null, language: Language): Promise<Map<string, Before>> {
    const found = new Map<string, Before>();
    for (let id = session.id - 1; id > Math.max(0, session.id - 1 - LOOK_BACK); id--) {
      const earlier = await this.sessions.detail(id);
      const own = earlier.story.reveals.find((reveal) => reveal.trader === account);
      const outcome = earlier.story.outcomes.at(-1);
      const results = outcome ? resultsOf(outcome) : [];
      for (let slot = 0; slot < earlier.parameters.slotCount; slot++) {
        const clock = showClock(slotStart(earlier.parameters, slot), language);
        const known = found.get(clock);
        const ordered = own?.orders.find((order) => order.slot === slot) ?? null;
        const price = known?.price || (results.at(slot)?.price ?? 0n);
        found.set(clock, { price, own: known?.own ?? ordered });
      }
      if (own || !account) break;
    }
    return found;
  }
}

function draftOf(slot: number, before: Before | null, session: SessionDetail, language: Language): Draft {
  const { floorPrice, capPrice } = session.parameters;
  const middle = (floorPrice + capPrice) / 2n;
  const inside = (price: bigint): bigint => (price < floorPrice ? floorPrice : price > capPrice ? capPrice : price);
  if (!before?.own)
    return { slot, side: '', quantity: '', limit: written(inside(before?.price || middle), 6, language) };
  const { isBuy, quantityWh, limitPrice } = before.own;
  return {
    slot,
    side: isBuy ? 'buy' : 'sell',
    quantity: written(quantityWh, 3, language),
    limit: written(inside(limitPrice), 6, language),
  };
}

/** As a person would type it: no thousands, no zeros behind. */
function written(value: bigint, decimals: number, language: Language): string {
  return exactDecimal(value, decimals, 0, language).replace(language === 'it' ? /\./g : /,/g, '');
}
