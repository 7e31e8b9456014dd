/** A member's energy of the day so far, for the member alone: read from the service behind a signature. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { RouterLink } from '@angular/router';

import { SignInService } from '../../core/api/sign-in';
import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { loaded } from '../../core/loading';
import { localDay } from '../../core/market/calendar';
import { showClock } from '../../core/text/figures';
import { injectLanguage, KwhPipe } from '../../core/text/pipes';
import { WalletService } from '../../core/wallet/wallet';
import { Failure } from '../../shared/failure';
import { HOUR_S, isRead, QUARTER_S, ReadingService } from '../energy/readings';
import { FLOWS } from '../energy/series';

@Component({
  selector: 'cw-today',
  imports: [Failure, KwhPipe, MatButtonModule, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card stack" aria-labelledby="today">
      <h2 id="today" i18n>Your energy today</h2>
      @if (!signIn.isSignedIn()) {
        <p class="small muted" i18n>Only you may see it: your wallet signs who you are. That moves no money.</p>
        <div>
          <button matButton="outlined" type="button" (click)="show()" i18n>Sign in and show it</button>
        </div>
      } @else if (sums(); as found) {
        @if (found.readUntil) {
          <dl class="figures" data-today>
            @for (flow of found.flows; track flow.name) {
              <div>
                <dt>{{ flow.name }}</dt>
                <dd>{{ flow.wattHours | kwh }}</dd>
              </div>
            }
          </dl>
          <p class="small muted" i18n>Read until {{ found.readUntil }}.</p>
        } @else {
          <p class="muted" data-today i18n>No reading of today has arrived yet.</p>
        }
      }
      <cw-failure [of]="refused() ?? readings.failure()" />
      <p class="after"><a routerLink="/energy" i18n>Days before, and how you compare</a></p>
    </section>
  `,
  styles: `
    .after {
      margin: 0;
    }
  `,
})
export class Today {
  private readonly readingService = inject(ReadingService);
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly language = injectLanguage();
  private readonly wallet = inject(WalletService);
  protected readonly signIn = inject(SignInService);
  protected readonly refused = signal<unknown>(null);

  private readonly asked = computed(
    () => {
      const [community, account] = [this.communities.community(), this.wallet.account()];
      if (!community || !account || !this.signIn.isSignedIn() || !this.chain.head()) return undefined;
      const address = community.contracts.community.toLowerCase();
      return { path: `/v1/communities/${address}/members/${account}`, day: localDay(this.chain.now()) };
    },
    { equal: (one, other) => one?.path === other?.path && one?.day === other?.day },
  );
  protected readonly readings = loaded(this.asked, ({ path, day }) =>
    this.readingService.finest(path, `from=${day}&to=${day}`),
  );
  protected readonly sums = computed(() => {
    const slots = this.readings.value()?.slots;
    if (!slots) return null;
    const read = slots.filter(isRead);
    const flows = FLOWS.map(({ flow, name }) => ({
      name,
      wattHours: BigInt(read.reduce((sum, slot) => sum + (slot[flow] ?? 0), 0)),
    }));
    const last = read.at(-1);
    return {
      flows,
      readUntil: last ? showClock(last.start + (slots.length > 25 ? QUARTER_S : HOUR_S), this.language) : null,
    };
  });

  protected async show(): Promise<void> {
    this.refused.set(null);
    try {
      await this.signIn.ensure();
    } catch (error) {
      this.refused.set(error);
    }
  }
}
