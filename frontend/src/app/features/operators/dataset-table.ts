/** The notarised days: versions, what operators posted of each, who backs it, and whether it is final. */

import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService } from '../../core/chain/chain';
import { MomentPipe, ShortHexPipe } from '../../core/text/pipes';
import { dateOf } from '../rewards/days';
import type { DatasetRow } from './oracle';

@Component({
  selector: 'cw-dataset-table',
  imports: [RouterLink, MomentPipe, ShortHexPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card scroll" tabindex="0" aria-label="Datasets" i18n-aria-label>
      <table class="data">
        <caption i18n>
          Datasets of readings, by day
        </caption>
        <thead>
          <tr>
            <th scope="col" i18n>Day</th>
            <th scope="col" class="number" i18n>Version</th>
            <th scope="col" class="number" i18n>Points</th>
            <th scope="col" class="number" i18n>Readings</th>
            <th scope="col" i18n>Attested by</th>
            <th scope="col" i18n>State</th>
          </tr>
        </thead>
        <tbody>
          @for (row of datasets(); track row.day + '.' + row.version) {
            @for (posted of row.answers; track posted.answer) {
              <tr [attr.data-dataset]="row.day">
                <td>{{ dateOf(row.day) }}</td>
                <td class="number">
                  {{ row.version }}
                  @if (row.version > 1) {
                    <span class="muted small" i18n>correction</span>
                  }
                </td>
                <td class="number">{{ posted.points }}</td>
                <td class="number">{{ posted.leaves }}</td>
                <td>
                  @for (voter of posted.voters; track voter) {
                    <span class="hex voter">{{ voter | shortHex }}</span>
                  }
                </td>
                <td>
                  @if (row.accepted !== posted.answer) {
                    <span class="badge warn" i18n>not accepted</span>
                  } @else if (row.finalAt !== null && row.finalAt <= chain.now()) {
                    <span class="badge good" i18n>final</span>
                  } @else {
                    <span class="badge" i18n>final at {{ row.finalAt ?? 0 | moment }}</span>
                  }
                  <a class="small" [routerLink]="['/transaction', posted.transaction]" i18n>transaction</a>
                </td>
              </tr>
            }
          } @empty {
            <tr>
              <td colspan="6" class="muted" i18n>No day has been notarised yet.</td>
            </tr>
          }
        </tbody>
      </table>
    </section>
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    .voter {
      margin-inline-end: 0.5rem;
    }
  `,
})
export class DatasetTable {
  readonly datasets = input.required<readonly DatasetRow[]>();
  protected readonly chain = inject(ChainService);
  protected readonly dateOf = dateOf;
}
