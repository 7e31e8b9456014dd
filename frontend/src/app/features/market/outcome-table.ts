/** The prices and volumes of a session's slots, as posted; a bar for each volume, and what the reader got. */

import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';

import { resultsOf, slotStart } from '../../core/chain/session';
import type { SessionDetail } from '../../core/chain/sessions';
import { sum } from '../../core/market/units';
import { showSlot } from '../../core/text/figures';
import { injectLanguage, KwhPipe, PricePipe } from '../../core/text/pipes';
import { WalletService } from '../../core/wallet/wallet';

@Component({
  selector: 'cw-outcome-table',
  imports: [KwhPipe, PricePipe, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card" aria-labelledby="outcome">
      <div class="row spread">
        <h2 id="outcome" i18n>Outcome</h2>
        @if (session().outcome) {
          <span class="badge good" i18n>Operators agree</span>
        } @else {
          <span class="badge warn" i18n>Posted, not yet agreed</span>
        }
      </div>
      <p class="muted">
        <ng-container i18n>{{ total() | kwh }} trade in {{ trading() }} of {{ rows().length }} slots.</ng-container>
        @if (posted(); as outcome) {
          &ngsp;<a [routerLink]="['/transaction', outcome.transaction]" i18n>The posting</a>
        }
      </p>
      <div class="scroll" tabindex="0">
        <table class="data">
          <caption class="visually-hidden" i18n>
            Prices and volumes per slot
          </caption>
          <thead>
            <tr>
              <th scope="col" i18n>Time</th>
              <th scope="col" class="number" i18n>Price</th>
              <th scope="col" class="number" i18n>Traded</th>
              <th scope="col" class="bar"><span class="visually-hidden" i18n>Share of the largest volume</span></th>
              <th scope="col" class="number" i18n>Orders</th>
            </tr>
          </thead>
          <tbody>
            @for (row of rows(); track row.slot) {
              <tr>
                <th scope="row">{{ row.label }}</th>
                @if (row.volume) {
                  <td class="number">{{ row.price | price }}</td>
                  <td class="number">{{ row.volume | kwh }}</td>
                  <td class="bar"><span [style.inline-size.%]="row.share"></span></td>
                } @else {
                  <td class="muted" colspan="2" i18n>no trade: no seller met a buyer</td>
                  <td class="bar"></td>
                }
                <td class="number">{{ row.orders }}</td>
              </tr>
            }
          </tbody>
        </table>
      </div>
    </section>
  `,
  styles: `
    tbody th {
      color: var(--cw-text) !important;
      white-space: nowrap;
    }
    .bar {
      width: 30%;
      min-width: 4rem;
    }
    @media (max-width: 45rem) {
      .bar {
        display: none;
      }
    }
    .bar span {
      display: block;
      height: 0.7rem;
      border-radius: 3px;
      background: var(--cw-brand);
    }
  `,
})
export class OutcomeTable {
  readonly session = input.required<SessionDetail>();
  protected readonly wallet = inject(WalletService);
  private readonly language = injectLanguage();

  protected readonly posted = computed(() => {
    const { outcome, story } = this.session();
    return story.outcomes.findLast((one) => !outcome || one.answer === outcome.answer) ?? null;
  });
  private readonly results = computed(() => {
    const posted = this.posted();
    return posted ? resultsOf(posted) : [];
  });
  protected readonly total = computed(() => sum(this.results().map((result) => result.volume)));
  protected readonly trading = computed(() => this.results().filter((result) => result.volume > 0n).length);
  protected readonly rows = computed(() => {
    const { parameters } = this.session();
    const largest = this.results().reduce((most, { volume }) => (volume > most ? volume : most), 1n);
    return this.results().map((result, slot) => ({
      slot,
      label: showSlot(slotStart(parameters, slot), parameters.slotSeconds, this.language),
      price: result.price,
      volume: result.volume,
      share: Number((result.volume * 1000n) / largest) / 10,
      orders: result.orderCount,
    }));
  });
}
