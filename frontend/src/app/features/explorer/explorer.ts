/** The latest blocks and what happened in the community's contracts, decoded. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { MatButtonModule } from '@angular/material/button';

import { ChainService, type ChainEvent } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { loaded } from '../../core/loading';
import { ShortHexPipe } from '../../core/text/pipes';
import { Failure } from '../../shared/failure';
import { eventName } from './event-names';

const BLOCKS_SHOWN = 1000;
const MOST_EVENTS = 60;

@Component({
  selector: 'cw-explorer',
  imports: [RouterLink, MatButtonModule, ShortHexPipe, Failure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="page">
      <header>
        <h1 i18n>Explorer</h1>
        <p class="lead" i18n>What happened in the community's contracts, the latest first, read from the chain.</p>
      </header>
      <form class="row" (submit)="$event.preventDefault(); search()">
        <label class="field grow">
          <span i18n>Transaction or block</span>
          <input [value]="sought()" (input)="sought.set($any($event.target).value)" autocomplete="off" data-search />
        </label>
        <button matButton="filled" type="submit" i18n>Look up</button>
      </form>
      @if (unknown()) {
        <p class="note warn" i18n>This is neither a transaction's hash nor a block's number.</p>
      }
      <cw-failure [of]="events.failure()" />
      <section class="card scroll" tabindex="0">
        <table class="data">
          <caption i18n>
            Latest events
          </caption>
          <thead>
            <tr>
              <th scope="col" i18n>Block</th>
              <th scope="col" i18n>What happened</th>
              <th scope="col" i18n>Session</th>
              <th scope="col" i18n>Transaction</th>
            </tr>
          </thead>
          <tbody>
            @for (event of events.value(); track event.transaction + event.logIndex) {
              <tr>
                <td class="number">{{ event.block }}</td>
                <td data-event>{{ name(event) }}</td>
                <td>
                  @if (sessionOf(event); as session) {
                    <a [routerLink]="['/market', session]">{{ session }}</a>
                  }
                </td>
                <td>
                  <a class="hex" [routerLink]="['/transaction', event.transaction]">{{
                    event.transaction | shortHex
                  }}</a>
                </td>
              </tr>
            }
          </tbody>
        </table>
      </section>
    </div>
  `,
  styles: `
    .grow {
      flex: 1;
      min-width: 14rem;
    }
  `,
})
export class ExplorerPage {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly router = inject(Router);
  protected readonly sought = signal('');
  protected readonly unknown = signal(false);

  private readonly addresses = computed(() => {
    const found = this.communities.community()?.contracts;
    return found ? Object.values(found) : null;
  });
  protected readonly events = loaded(
    () => {
      const [addresses, block] = [this.addresses(), this.chain.head()?.number];
      return addresses && block !== undefined ? { addresses, block } : undefined;
    },
    async ({ addresses, block }) => {
      const first = Math.max(0, block - BLOCKS_SHOWN);
      const events = await this.chain.events(addresses, [], first);
      return events.slice(-MOST_EVENTS).reverse();
    },
  );

  protected name(event: ChainEvent): string {
    return eventName(event.name);
  }

  protected sessionOf(event: ChainEvent): number | null {
    const id = event.args['sessionId'];
    return id === undefined ? null : Number(id);
  }

  protected async search(): Promise<void> {
    const text = this.sought().trim();
    this.unknown.set(false);
    if (/^0x[0-9a-fA-F]{64}$/.test(text)) await this.router.navigate(['/transaction', text]);
    else if (/^\d{1,12}$/.test(text)) {
      const block = await this.chain
        .require()
        .getBlock({ blockNumber: BigInt(text) })
        .catch(() => null);
      if (block?.transactions.length) await this.router.navigate(['/transaction', block.transactions[0]]);
      else this.unknown.set(true);
    } else this.unknown.set(true);
  }
}
