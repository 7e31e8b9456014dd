/** One transaction: who sent it, whether it passed, and what it did, decoded. */

import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService, decodeLog, type ChainEvent, type RawLog } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { loaded } from '../../core/loading';
import type { Hex } from '../../core/market/units';
import { injectLanguage, MomentPipe } from '../../core/text/pipes';
import { Failure } from '../../shared/failure';
import { entriesOf, type Entry, type Monies } from './argument-values';
import { eventName } from './event-names';

interface Found {
  readonly from: Hex;
  readonly to: Hex | null;
  readonly block: number;
  readonly timestamp: number;
  readonly isRight: boolean;
  readonly gasUsed: bigint;
  readonly events: readonly ChainEvent[];
}

@Component({
  selector: 'cw-transaction',
  imports: [RouterLink, MomentPipe, Failure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="page">
      <header>
        <p class="muted small"><a routerLink="/explorer" i18n>Explorer</a></p>
        <h1 i18n>Transaction</h1>
        <p class="hex">{{ hash() }}</p>
      </header>
      <cw-failure [of]="found.failure()" />
      @if (found.value(); as transaction) {
        <section class="card">
          <dl class="facts">
            <dt i18n>State</dt>
            <dd>
              @if (transaction.isRight) {
                <span class="badge good" i18n>Carried out</span>
              } @else {
                <span class="badge bad" i18n>Refused by the contract: nothing moved</span>
              }
            </dd>
            <dt i18n>When</dt>
            <dd>
              {{ transaction.timestamp | moment }}, <ng-container i18n>block {{ transaction.block }}</ng-container>
            </dd>
            <dt i18n>Sent by</dt>
            <dd class="hex">{{ transaction.from }}</dd>
            <dt i18n>To the contract</dt>
            <dd class="hex">{{ transaction.to }}</dd>
            <dt i18n>Fee</dt>
            <dd i18n>0 €: this chain asks none</dd>
          </dl>
        </section>
        @for (event of transaction.events; track event.logIndex) {
          <section class="card">
            <h2>{{ name(event) }}</h2>
            <dl class="facts">
              @for (entry of entries(event); track entry.path) {
                <dt>{{ entry.name }}</dt>
                <dd [class.hex]="entry.value.startsWith('0x')">{{ entry.value }}</dd>
              }
            </dl>
          </section>
        }
      }
    </div>
  `,
})
export class TransactionPage {
  readonly hash = input.required<string>();
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly language = injectLanguage();
  private readonly monies = computed((): Monies | null => {
    const community = this.communities.community();
    if (!community) return null;
    const { contracts, tokenSymbol } = community;
    return { euro: contracts.euro, token: contracts.token, symbol: tokenSymbol };
  });

  protected readonly found = loaded(
    () => (this.chain.client() ? { hash: this.hash() as Hex } : undefined),
    async ({ hash }): Promise<Found> => {
      const client = this.chain.require();
      const receipt = await client.getTransactionReceipt({ hash });
      const block = await client.getBlock({ blockNumber: receipt.blockNumber });
      return {
        from: receipt.from,
        to: receipt.to,
        block: Number(receipt.blockNumber),
        timestamp: Number(block.timestamp),
        isRight: receipt.status === 'success',
        gasUsed: receipt.gasUsed,
        events: receipt.logs.flatMap((log) => decodeLog(log as unknown as RawLog) ?? []),
      };
    },
  );

  protected name(event: ChainEvent): string {
    return eventName(event.name);
  }

  protected entries(event: ChainEvent): Entry[] {
    return entriesOf(event, this.monies(), this.language);
  }
}
