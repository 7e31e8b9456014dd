/** Indicators as figures, and where there is something to compare with, beside the own past and the community's median. */

import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

import type { Schema } from '../../core/api/client';
import { exactDecimal } from '../../core/text/figures';
import { injectLanguage, KwhPipe } from '../../core/text/pipes';

const NAMES: Readonly<Partial<Record<string, string>>> = {
  self_consumption_pct: $localize`Of your production, used at once`,
  self_sufficiency_pct: $localize`Of your consumption, made by yourself`,
  peak_w: $localize`Highest usual power`,
  base_w: $localize`Lowest usual power`,
  load_factor_pct: $localize`Mean power of the highest`,
};

@Component({
  selector: 'cw-indicator-table',
  imports: [KwhPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card stack">
      <dl class="figures">
        @for (sum of sums(); track sum.name) {
          <div>
            <dt>{{ sum.name }}</dt>
            <dd>{{ sum.wattHours | kwh }}</dd>
          </div>
        }
        <div>
          <dt i18n>CO₂ avoided</dt>
          <dd>{{ figure(mine().co2_avoided_kg, 'kg') }}</dd>
        </div>
      </dl>
      <div class="scroll" tabindex="0">
        <table class="data">
          <caption i18n>
            How the energy was used
          </caption>
          <thead>
            <tr>
              <th scope="col" i18n>Indicator</th>
              <th scope="col" class="number" i18n>This period</th>
              @if (comparisons().length) {
                <th scope="col" class="number" i18n>The period before</th>
                <th scope="col" class="number" i18n>Half the members are above</th>
              }
            </tr>
          </thead>
          <tbody>
            @for (row of rows(); track row.name) {
              <tr>
                <th scope="row">{{ names[row.name] ?? row.name }}</th>
                <td class="number">{{ shown(row.name, row.value) }}</td>
                @if (comparisons().length) {
                  <td class="number">{{ shown(row.name, row.past) }}</td>
                  <td class="number">{{ shown(row.name, row.community) }}</td>
                }
              </tr>
            }
          </tbody>
        </table>
      </div>
      @if (comparisons().length && !hasCommunity()) {
        <p class="muted small" i18n>
          Too few members have a meter for a comparison: nobody's figures shall be guessed from it.
        </p>
      }
    </section>
  `,
})
export class IndicatorTable {
  readonly mine = input.required<Schema<'Indicators'>>();
  readonly comparisons = input.required<readonly Schema<'Figure'>[]>();
  private readonly language = injectLanguage();
  protected readonly names = NAMES;

  protected readonly sums = computed(() => {
    const { consumed_wh, produced_wh, withdrawn_wh, injected_wh, own_wh, shared_wh } = this.mine();
    const sums = [
      { name: $localize`Consumed`, wattHours: consumed_wh },
      { name: $localize`Produced`, wattHours: produced_wh },
      { name: $localize`From the grid`, wattHours: withdrawn_wh },
      { name: $localize`Into the grid`, wattHours: injected_wh },
      { name: $localize`Made and used at once`, wattHours: own_wh },
      { name: $localize`Shared within the hour`, wattHours: shared_wh },
    ];
    return sums.flatMap(({ name, wattHours }) => (wattHours === null ? [] : [{ name, wattHours: BigInt(wattHours) }]));
  });
  protected readonly rows = computed((): readonly Schema<'Figure'>[] => {
    if (this.comparisons().length) return this.comparisons();
    const mine = this.mine() as unknown as Readonly<Record<string, number | null>>;
    return Object.keys(NAMES).map((name) => ({ name, value: mine[name], past: null, community: null }));
  });
  protected readonly hasCommunity = computed(() => this.comparisons().some((figure) => figure.community !== null));

  protected shown(name: string, value: number | null): string {
    return this.figure(value, name.endsWith('_w') ? 'W' : '%');
  }

  protected figure(value: number | null, unit: string): string {
    return value === null ? '–' : `${exactDecimal(BigInt(Math.round(value * 10)), 1, 1, this.language)} ${unit}`;
  }
}
