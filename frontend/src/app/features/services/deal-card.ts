/** One deal: what it is about, where it stands and until when, what was said, and the steps that the reader can take. */

import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { DealState, type Deal } from '../../core/chain/deals';
import type { Hex } from '../../core/market/units';
import { DurationPipe, MomentPipe, ShortHexPipe, TokensPipe } from '../../core/text/pipes';
import { CATEGORY_NAMES } from '../tokens/categories';
import { StepAction } from './step-action';
import { stepsOf, type Viewer } from './steps';
import { WrittenText } from './written-text';

/** The text of a listing or purchase, if the chain has it, and its hash. */
export interface Subject {
  readonly text: string | null;
  readonly contentHash: Hex;
}

export const DEAL_STATES: Readonly<Record<DealState, string>> = {
  [DealState.None]: $localize`unknown`,
  [DealState.Pledged]: $localize`Pledged: waiting for enough to join`,
  [DealState.Accepted]: $localize`Agreed: waiting for the delivery`,
  [DealState.Delivered]: $localize`Delivered: waiting for the confirmation`,
  [DealState.Confirmed]: $localize`Confirmed: waiting for the check`,
  [DealState.Disputed]: $localize`Disputed: waiting for a decision`,
  [DealState.Paid]: $localize`Paid`,
  [DealState.Refunded]: $localize`Given back`,
};
const TONES: Partial<Record<DealState, string>> = {
  [DealState.Paid]: 'good',
  [DealState.Disputed]: 'bad',
  [DealState.Delivered]: 'warn',
};

@Component({
  selector: 'cw-deal-card',
  imports: [DurationPipe, MomentPipe, ShortHexPipe, StepAction, TokensPipe, WrittenText],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <article class="card stack" [attr.data-deal]="deal().id" [attr.data-deal-state]="deal().state">
      <div class="row spread">
        <h3>{{ about()?.text ?? unnamed }}</h3>
        <span [class]="'badge ' + tone()">{{ stateName() }}</span>
      </div>
      @if (about(); as subject) {
        @if (subject.text === null) {
          <cw-written-text [text]="null" [hash]="subject.contentHash" />
        }
      }
      <dl class="facts">
        <dt i18n>Kind</dt>
        <dd>{{ categories[deal().category] }}</dd>
        <dt i18n>In escrow, or paid</dt>
        <dd>{{ deal().amount | tokens }} {{ symbol() }}</dd>
        <dt i18n>Payer</dt>
        <dd class="hex" [title]="deal().payer">
          {{ deal().payer === viewer().account ? you : (deal().payer | shortHex) }}
        </dd>
        <dt i18n>Payee</dt>
        <dd class="hex" [title]="deal().payee">
          {{ deal().payee === viewer().account ? you : (deal().payee | shortHex) }}
        </dd>
        @if (left(); as seconds) {
          <dt i18n>Time left</dt>
          <dd>{{ seconds | duration }} · {{ deal().deadline | moment }}</dd>
        }
        @for (one of deal().said; track $index) {
          <dt>{{ sayings[one.kind] }}</dt>
          <dd><cw-written-text [text]="one.text" [hash]="one.hash" /></dd>
        }
      </dl>
      @for (step of steps(); track step.functionName) {
        <cw-step-action [step]="step" [house]="deal().house" [id]="deal().id" (finished)="changed.emit()" />
      }
    </article>
  `,
})
export class DealCard {
  readonly deal = input.required<Deal>();
  /** What it is about. */
  readonly about = input.required<Subject | null>();
  readonly viewer = input.required<Viewer>();
  readonly symbol = input.required<string>();
  readonly changed = output();
  private readonly chain = inject(ChainService);

  protected readonly categories: Readonly<Record<number, string>> = CATEGORY_NAMES;
  protected readonly you = $localize`you`;
  protected readonly unnamed = $localize`Its text is not on the chain`;
  protected readonly sayings = {
    delivered: $localize`On the delivery`,
    disputed: $localize`On the dispute`,
    reviewed: $localize`Review`,
  } as const;
  protected readonly stateName = computed(() => DEAL_STATES[this.deal().state]);
  protected readonly tone = computed(() => TONES[this.deal().state] ?? '');
  protected readonly left = computed(() => Math.max(0, this.deal().deadline - this.chain.now()));
  protected readonly steps = computed(() => stepsOf(this.deal(), this.viewer(), this.chain.now()));
}
