/** What is the reader's to fetch, with a button each; nothing at all where there is nothing. */

import { ChangeDetectionStrategy, Component, inject } from '@angular/core';

import { injectOwnMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { ClaimService } from './claims';

@Component({
  selector: 'cw-claim-list',
  imports: [Action, Failure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <cw-failure [of]="claims.failure()" />
    @if (claims.value()?.length) {
      <section class="card stack" aria-labelledby="claims">
        <h2 id="claims" i18n>Yours to fetch</h2>
        <p class="small muted" i18n>
          It comes to this wallet, and nothing leaves it. Shares in euro wait for a year, the rest for as long as you
          like.
        </p>
        @for (claim of claims.value(); track claim.id) {
          <div class="claim" [attr.data-claim]="claim.id">
            <span>{{ claim.text }}</span>
            @if (claim.waits; as reason) {
              <span class="small muted">{{ reason }}</span>
            } @else {
              <cw-action label="Fetch it" i18n-label [calls]="claim.calls" (finished)="claims.reload()" />
            }
          </div>
        }
      </section>
    }
  `,
  styles: `
    :host {
      display: contents;
    }
    .claim {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5rem 1.5rem;
      justify-content: space-between;
      align-items: center;
      border-top: 1px solid var(--cw-line);
      padding-top: 0.75rem;
    }
  `,
})
export class ClaimList {
  private readonly service = inject(ClaimService);
  private readonly when = injectOwnMoment();
  protected readonly claims = loaded(this.when, ({ account }) => this.service.of(account));
}
