/** Energy row by row, for whoever does not see the chart, or wants the figures. */

import { ChangeDetectionStrategy, Component, input } from '@angular/core';

import { exactDecimal } from '../../core/text/figures';
import { injectLanguage } from '../../core/text/pipes';
import { FLOWS, type Row } from './series';

@Component({
  selector: 'cw-energy-table',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="scroll" tabindex="0">
      <table class="data">
        <caption i18n>
          Energy in kWh; a dash where a reading is missing
        </caption>
        <thead>
          <tr>
            <th scope="col" i18n>Time</th>
            @for (one of flows; track one.flow) {
              <th scope="col" class="number">{{ one.name }}</th>
            }
          </tr>
        </thead>
        <tbody>
          @for (row of rows(); track $index) {
            <tr>
              <th scope="row">{{ row.name }}</th>
              @for (one of flows; track one.flow) {
                <td class="number">{{ kwh(row.values[one.flow]) }}</td>
              }
            </tr>
          }
        </tbody>
      </table>
    </div>
  `,
})
export class EnergyTable {
  readonly rows = input.required<readonly Row[]>();
  private readonly language = injectLanguage();
  protected readonly flows = FLOWS;

  protected kwh(wattHours: number | null): string {
    return wattHours === null ? '–' : exactDecimal(BigInt(Math.round(wattHours)), 3, 3, this.language);
  }
}
