/** A member's own energy: readings as a chart and as a table, indicators beside the own past and the community. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { NgxEchartsDirective, provideEchartsCore } from 'ngx-echarts';

import { ApiClient, type Schema } from '../../core/api/client';
import { SignInService } from '../../core/api/sign-in';
import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { loaded } from '../../core/loading';
import { localDay } from '../../core/market/calendar';
import { injectLanguage } from '../../core/text/pipes';
import { WalletService } from '../../core/wallet/wallet';
import { Failure } from '../../shared/failure';
import { TextField } from '../../shared/text-field';
import { EnergyTable } from './energy-table';
import { IndicatorTable } from './indicator-table';
import { ReadingService } from './readings';
import { chartOf, missingOf, rowsOf } from './series';

const WEEK_S = 6 * 86_400;

@Component({
  selector: 'cw-energy',
  imports: [MatButtonModule, RouterLink, NgxEchartsDirective, EnergyTable, Failure, IndicatorTable, TextField],
  providers: [provideEchartsCore({ echarts: () => import('./charts') })],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './energy.html',
})
export class EnergyPage {
  private readonly api = inject(ApiClient);
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly readingService = inject(ReadingService);
  private readonly language = injectLanguage();
  protected readonly signIn = inject(SignInService);
  protected readonly wallet = inject(WalletService);

  protected readonly chosenFirst = signal('');
  protected readonly chosenLast = signal('');
  protected readonly refused = signal<unknown>(null);
  private readonly today = computed(() => (this.chain.head() ? localDay(this.chain.now()) : ''));
  /** A week that ends today, until the reader chooses. */
  protected readonly first = computed(
    () => this.chosenFirst() || (this.today() ? localDay(this.chain.now() - WEEK_S) : ''),
  );
  protected readonly last = computed(() => this.chosenLast() || this.today());
  protected readonly isByDay = computed(() => this.first() !== this.last());

  private readonly period = computed(
    () => {
      const [community, first, last] = [this.communities.community(), this.first(), this.last()];
      if (!community || !first || !last) return undefined;
      const base = `/v1/communities/${community.contracts.community.toLowerCase()}` as const;
      return { base, query: `from=${first}&to=${last}` };
    },
    { equal: (one, other) => one?.base === other?.base && one?.query === other?.query },
  );
  private readonly own = computed(() => {
    const [period, account] = [this.period(), this.wallet.account()];
    return period && account && this.signIn.isSignedIn() ? { ...period, account } : undefined;
  });
  protected readonly readings = loaded(this.own, async ({ base, query, account }) => {
    const [path, isByDay] = [`${base}/members/${account}`, this.isByDay()];
    const found = await (isByDay ? this.readingService.hourly(path, query) : this.readingService.finest(path, query));
    return { slots: found.slots, isByDay };
  });
  protected readonly indicators = loaded(this.own, async ({ base, query, account }) => {
    await this.signIn.ensure();
    return this.api.ask<Schema<'MemberIndicators'>>(`${base}/members/${account}/indicators?${query}`);
  });
  protected readonly community = loaded(this.period, ({ base, query }) =>
    this.api.ask<Schema<'CommunityIndicators'>>(`${base}/indicators?${query}`),
  );

  protected readonly rows = computed(() => {
    const found = this.readings.value();
    return found ? rowsOf(found.slots, found.isByDay, this.language) : [];
  });
  protected readonly missing = computed(() => missingOf(this.readings.value()?.slots ?? []));
  protected readonly chart = computed(() => {
    const colour = getComputedStyle(document.body).color;
    return chartOf(this.rows(), this.readings.value()?.isByDay ?? true, colour);
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
