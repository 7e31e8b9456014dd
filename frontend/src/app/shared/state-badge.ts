/** Where a session stands, in a word. */

import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

import { SessionState } from '../core/chain/session';

const NAMES: Readonly<Record<SessionState, string>> = {
  [SessionState.Unknown]: $localize`Unknown`,
  [SessionState.Commit]: $localize`Taking sealed orders`,
  [SessionState.Reveal]: $localize`Revealing`,
  [SessionState.Clearing]: $localize`Clearing`,
  [SessionState.Challenge]: $localize`Prices can be challenged`,
  [SessionState.Delivery]: $localize`Delivery and metering`,
  [SessionState.Objection]: $localize`Settlement can be objected to`,
  [SessionState.Execution]: $localize`Paying out`,
  [SessionState.Closed]: $localize`Closed`,
  [SessionState.Cancelled]: $localize`Cancelled`,
};
const TONES: Partial<Record<SessionState, string>> = {
  [SessionState.Commit]: 'good',
  [SessionState.Reveal]: 'warn',
  [SessionState.Execution]: 'good',
  [SessionState.Cancelled]: 'bad',
};

@Component({
  selector: 'cw-state-badge',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<span class="badge" [class]="tone()">{{ name() }}</span>`,
})
export class StateBadge {
  readonly state = input.required<SessionState>();
  protected readonly name = computed(() => NAMES[this.state()]);
  protected readonly tone = computed(() => `badge ${TONES[this.state()] ?? ''}`);
}
