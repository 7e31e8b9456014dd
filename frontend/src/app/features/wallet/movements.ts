/** What moved a member's escrow, from the market's events. */

import type { ChainEvent } from '../../core/chain/chain';
import type { Hex } from '../../core/market/units';

export interface Movement {
  readonly kind: 'paid-in' | 'paid-out' | 'settled' | 'forfeited' | 'moved-here' | 'moved-away';
  /** Signed, µ€: what the escrow gained or lost. */
  readonly amount: bigint;
  readonly sessionId: number | null;
  readonly transaction: Hex;
}

export function movementsOf(events: readonly ChainEvent[], account: Hex): Movement[] {
  return events.flatMap((event): Movement[] => {
    const amount = (name: string): bigint => event.args[name] as bigint;
    const { transaction } = event;
    const sessionId = event.args['sessionId'] === undefined ? null : Number(event.args['sessionId']);
    switch (event.name) {
      case 'Deposited':
        return [{ kind: 'paid-in', amount: amount('amount'), sessionId, transaction }];
      case 'Withdrawn':
        return [{ kind: 'paid-out', amount: -amount('amount'), sessionId, transaction }];
      case 'Executed': {
        const net = amount('credit') - amount('debit') - amount('penalty');
        return [{ kind: 'settled', amount: net, sessionId, transaction }];
      }
      case 'DepositForfeited':
        return [{ kind: 'forfeited', amount: -amount('deposit'), sessionId, transaction }];
      case 'EscrowMoved': {
        const isHere = String(event.args['newWallet']).toLowerCase() === account;
        const [kind, sign] = isHere ? (['moved-here', 1n] as const) : (['moved-away', -1n] as const);
        return [{ kind, amount: sign * amount('amount'), sessionId, transaction }];
      }
      default:
        return [];
    }
  });
}
