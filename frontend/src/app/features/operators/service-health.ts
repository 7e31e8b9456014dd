/** How far the service has read the chain, beside what the node says: how old may be what it tells. */

import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';

import { ApiClient, type Schema } from '../../core/api/client';
import { LiveService } from '../../core/api/live';
import { ChainService } from '../../core/chain/chain';
import { loaded } from '../../core/loading';
import { Failure } from '../../shared/failure';

const NAMES: Readonly<Record<string, string>> = {
  ok: $localize`up to date`,
  behind: $localize`behind the chain`,
  stalled: $localize`the chain does not answer it`,
  empty: $localize`has read nothing yet`,
};

@Component({
  selector: 'cw-service-health',
  imports: [Failure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card" aria-labelledby="service">
      <h2 id="service" i18n>The service</h2>
      <cw-failure [of]="health.failure()" />
      @if (health.value(); as found) {
        <dl class="facts" [attr.data-health]="found.status">
          <dt i18n>Its reading of the chain</dt>
          <dd>
            <span [class]="'badge ' + (found.status === 'ok' ? 'good' : 'warn')">{{ nameOf(found.status) }}</span>
          </dd>
          <dt i18n>Read up to block</dt>
          <dd>
            {{ found.block ?? 0 }}
            @if (found.behind) {
              <span class="muted" i18n>{{ found.behind }} blocks behind</span>
            }
          </dd>
          <dt i18n>The node's latest block</dt>
          <dd>{{ chain.head()?.number }}</dd>
          <dt i18n>News arrive</dt>
          <dd>
            @if (live.isOpen()) {
              <ng-container i18n>at once, over an open stream</ng-container>
            } @else {
              <ng-container i18n>by asking every two seconds</ng-container>
            }
          </dd>
          <dt i18n>Version</dt>
          <dd>{{ found.version }}</dd>
        </dl>
      }
    </section>
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
  `,
})
export class ServiceHealth {
  private readonly api = inject(ApiClient);
  protected readonly live = inject(LiveService);
  protected readonly chain = inject(ChainService);
  private readonly when = computed(() => ({ head: this.live.head(), block: this.chain.head()?.number }));
  protected readonly health = loaded(this.when, () => this.api.ask<Schema<'Health'>>('/v1/health'));

  protected nameOf(status: string): string {
    return NAMES[status] ?? status;
  }
}
