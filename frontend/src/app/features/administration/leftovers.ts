/** What is left in the pots of sessions that are over: anybody may sweep it to the treasury's due, and pay that out. */

import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { marketplaceAbi } from '../../core/chain/generated/abis';
import { SessionsService, type SessionBook } from '../../core/chain/sessions';
import { injectMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { EurPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';

/** Sessions looked at, the latest: a session a day is executed, or timed out, long before forty are opened after it. */
const LATEST = 40;

/** Whether what is left in a session's pot may be swept: everybody executed, or the time to do so over. */
export function isSweepable(book: SessionBook, now: number): boolean {
  const isOver = book.executed === book.traders || book.executionDeadline <= now;
  return book.executionDeadline > 0 && isOver && book.pot > 0n;
}

@Component({
  selector: 'cw-leftovers',
  imports: [RouterLink, Action, EurPipe, Failure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card stack" aria-labelledby="leftovers">
      <h2 id="leftovers" i18n>Left over for the treasury</h2>
      <p class="muted" i18n>
        Penalties and what rounding leaves stay in a session's pot until everybody in it is paid. The operators sweep it
        to the treasury by themselves; where none does, anybody can, in two steps. No member's money is in it.
      </p>
      <cw-failure [of]="state.failure()" />
      @if (state.value(); as found) {
        @for (pot of found.pots; track pot.id) {
          <div class="stack" [attr.data-pot]="pot.id">
            <p class="note">
              <ng-container i18n
                >You move the {{ pot.amount | eur }} left in session {{ pot.id }} to what the market owes the
                treasury.</ng-container
              >&ngsp;
              <a [routerLink]="['/market', pot.id]" i18n>The session</a>
            </p>
            <cw-action
              label="Sweep the pot"
              i18n-label
              doneText="Swept: the market owes it to the treasury now."
              i18n-doneText
              [calls]="sweep(pot.id)"
              (finished)="state.reload()"
            />
          </div>
        } @empty {
          <p class="muted small" data-no-pot i18n>No session that is over has anything left in its pot.</p>
        }
        @if (found.owed) {
          <div class="stack" data-owed>
            <p class="note" i18n>
              The market owes the treasury {{ found.owed | eur }}: you make it pay. You pay nothing and get nothing.
            </p>
            <cw-action
              label="Pay the treasury"
              i18n-label
              doneText="Paid to the treasury."
              i18n-doneText
              [calls]="pay"
              (finished)="state.reload()"
            />
          </div>
        }
      }
    </section>
  `,
})
export class Leftovers {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly sessions = inject(SessionsService);

  protected readonly state = loaded(injectMoment(), async ({ community: { contracts } }) => {
    const client = this.chain.require();
    const market = { address: contracts.marketplace, abi: marketplaceAbi } as const;
    const count = await this.sessions.count();
    const ids = Array.from({ length: Math.min(LATEST, count) }, (_, at) => count - at);
    const [owed, books] = await Promise.all([
      client.readContract({ ...market, functionName: 'owedToTreasury' }),
      Promise.all(
        ids.map((id) => client.readContract({ ...market, functionName: 'bookOf', args: [BigInt(id)] } as const)),
      ),
    ]);
    const now = this.chain.now();
    const pots = ids.flatMap((id, at) => (isSweepable(books[at], now) ? [{ id, amount: books[at].pot }] : []));
    return { owed, pots };
  });

  protected sweep(id: number): () => readonly Call[] {
    return () => {
      const address = this.communities.require().contracts.marketplace;
      return [{ address, abi: marketplaceAbi, functionName: 'sweepPot', args: [BigInt(id)] }];
    };
  }

  protected readonly pay = (): readonly Call[] => {
    const address = this.communities.require().contracts.marketplace;
    return [{ address, abi: marketplaceAbi, functionName: 'payTreasury', args: [] }];
  };
}
