/** The steps that this browser rechecked, each with what it found; green only where they were computed here. */

import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

import type { Step } from '../core/audit/recheck';
import { differenceOf, STEP_NAMES, VERDICTS } from '../core/audit/steps';

const TONES = { right: 'good', wrong: 'bad', 'not-yet': '' } as const;

@Component({
  selector: 'cw-recheck-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ol>
      @for (row of rows(); track row.step.id) {
        <li [attr.data-step]="row.step.id" [attr.data-verdict]="row.step.verdict">
          <span [class]="'badge ' + row.tone">{{ row.verdict }}</span>
          <span>{{ row.name }}</span>
          @if (row.difference) {
            <span class="difference">{{ row.difference }}</span>
          }
        </li>
      }
    </ol>
  `,
  styles: `
    ol {
      list-style: none;
      padding: 0;
      margin: 0;
      display: grid;
      gap: 0.5rem;
    }
    li {
      display: grid;
      grid-template-columns: 6.5rem 1fr;
      gap: 0 0.75rem;
      align-items: baseline;
    }
    .badge {
      justify-content: center;
    }
    .difference {
      grid-column: 2;
      color: var(--cw-muted);
      font-size: 0.9rem;
      overflow-wrap: anywhere;
    }
    li[data-verdict='wrong'] .difference {
      color: var(--cw-bad);
    }
  `,
})
export class RecheckList {
  readonly steps = input.required<readonly Step[]>();
  protected readonly rows = computed(() =>
    this.steps().map((step) => ({
      step,
      name: STEP_NAMES[step.id],
      verdict: VERDICTS[step.verdict],
      tone: TONES[step.verdict],
      difference: differenceOf(step),
    })),
  );
}
