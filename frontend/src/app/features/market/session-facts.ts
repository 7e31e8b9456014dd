/** A session's terms and its steps on the chain, for whoever wants to look closer. */

import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';

import type { SessionDetail } from '../../core/chain/sessions';
import { exactDecimal } from '../../core/text/figures';
import { DurationPipe, EurPipe, injectLanguage, KwhPipe, MomentPipe, PricePipe } from '../../core/text/pipes';

@Component({
  selector: 'cw-session-facts',
  imports: [RouterLink, DurationPipe, EurPipe, KwhPipe, MomentPipe, PricePipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <details class="card">
      <summary i18n>Terms and transactions</summary>
      @let terms = session().parameters;
      <dl class="facts">
        <dt i18n>Sealing ends</dt>
        <dd>{{ terms.commitDeadline | moment }}</dd>
        <dt i18n>Revealing ends</dt>
        <dd>{{ terms.revealDeadline | moment }}</dd>
        <dt i18n>Delivery begins</dt>
        <dd>{{ terms.deliveryStart | moment }}</dd>
        <dt i18n>Limits</dt>
        <dd>{{ terms.floorPrice | price }} – {{ terms.capPrice | price }}</dd>
        <dt i18n>Smallest order</dt>
        <dd>{{ terms.smallestOrder | kwh }}</dd>
        <dt i18n>Fine for energy promised and not delivered or taken</dt>
        <dd>
          {{ terms.penaltyPrice | price }}, <ng-container i18n>beyond {{ percent(terms.toleranceBps) }} %</ng-container>
        </dd>
        <dt i18n>Missing readings that are excused</dt>
        <dd>{{ terms.missingAllowance }}</dd>
        <dt i18n>Least deposit</dt>
        <dd>{{ terms.depositFixed | eur }}</dd>
        <dt i18n>Window to challenge or object</dt>
        <dd>{{ terms.challengeWindow | duration }}</dd>
        <dt i18n>Operators who must agree</dt>
        <dd i18n>{{ session().threshold }} of {{ session().operators.length }}</dd>
        <dt i18n>Members who sealed, revealed, were settled</dt>
        <dd>{{ session().story.commitments.length }}, {{ session().book.traders }}, {{ session().book.executed }}</dd>
        @for (posted of session().story.outcomes; track posted.transaction) {
          <dt i18n>Outcome posted</dt>
          <dd>
            <a [routerLink]="['/transaction', posted.transaction]" i18n>round {{ posted.round }}</a>
            <span class="hex"> {{ posted.dataCid }}</span>
          </dd>
        }
        @for (posted of session().story.settlements; track posted.transaction) {
          <dt i18n>Settlement posted</dt>
          <dd>
            <a [routerLink]="['/transaction', posted.transaction]" i18n>round {{ posted.round }}</a>
            <span class="hex"> {{ posted.root }}</span>
          </dd>
        }
      </dl>
    </details>
  `,
  styles: `
    summary {
      cursor: pointer;
      font-weight: 600;
    }
    dl {
      margin-top: 0.75rem;
    }
  `,
})
export class SessionFacts {
  readonly session = input.required<SessionDetail>();
  private readonly language = injectLanguage();

  protected percent(bps: number): string {
    return exactDecimal(BigInt(bps), 2, 0, this.language);
  }
}
