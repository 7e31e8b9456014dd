/** The least lengths of a session's windows, which the community's administrator sets for sessions to come. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { sessionHandlerAbi } from '../../core/chain/generated/abis';
import { injectMoment, injectRole } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { DurationPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { TextField } from '../../shared/text-field';
import { limitsOf } from './market-rules';

@Component({
  selector: 'cw-window-limits',
  imports: [Action, DurationPipe, Failure, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card stack" aria-labelledby="limits">
      <h2 id="limits" i18n>The least a session leaves</h2>
      <cw-failure [of]="limits.failure()" />
      @if (limits.value(); as now) {
        <p class="muted" data-limits i18n>
          Now: {{ now.commit | duration }} for orders, {{ now.reveal | duration }} to reveal them,
          {{ now.challenge | duration }} to challenge results, {{ now.settlement | duration }} for the settlement to
          come, {{ now.execution | duration }} to execute it. Nobody can open a session that leaves less.
        </p>
      }
      @if (isAdmin.value()) {
        <div class="row">
          <cw-text-field
            label="For orders, in minutes"
            i18n-label
            name="least-commit"
            [isFigure]="true"
            [(value)]="texts.commit"
          />
          <cw-text-field
            label="To reveal them, in minutes"
            i18n-label
            name="least-reveal"
            [isFigure]="true"
            [(value)]="texts.reveal"
          />
          <cw-text-field
            label="To challenge results, in minutes"
            i18n-label
            name="least-challenge"
            [isFigure]="true"
            [(value)]="texts.challenge"
          />
          <cw-text-field
            label="For the settlement, in days"
            i18n-label
            name="least-settlement"
            [isFigure]="true"
            [(value)]="texts.settlement"
          />
          <cw-text-field
            label="To execute it, in days"
            i18n-label
            name="least-execution"
            [isFigure]="true"
            [(value)]="texts.execution"
          />
        </div>
        <div aria-live="polite">
          @if (!isWritten()) {
            <p class="muted small" i18n>What you leave empty stays as it is.</p>
          } @else if (written(); as found) {
            <p class="note" data-limits-words i18n>
              Every session opened from now on leaves at least {{ found.commit | duration }} for orders,
              {{ found.reveal | duration }} to reveal them, {{ found.challenge | duration }} to challenge results,
              {{ found.settlement | duration }} for the settlement to come, {{ found.execution | duration }} to execute
              it. It holds at once, without notice; sessions that are open keep what they have.
            </p>
          } @else {
            <p class="note bad" i18n>Each is a whole number, and no window may be longer than 366 days.</p>
          }
        </div>
        <cw-action
          label="Set the least windows"
          i18n-label
          doneText="Set, for sessions opened from now on."
          i18n-doneText
          [isDisabled]="!isWritten() || !written()"
          [calls]="set"
          (finished)="done()"
        />
      } @else {
        <p class="muted small" i18n>An administrator of the community can change it.</p>
      }
    </section>
  `,
})
export class WindowLimitsForm {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  protected readonly isAdmin = injectRole('COMMUNITY_ADMIN');
  protected readonly texts = {
    commit: signal(''),
    reveal: signal(''),
    challenge: signal(''),
    settlement: signal(''),
    execution: signal(''),
  };

  protected readonly limits = loaded(injectMoment(), ({ community: { contracts } }) =>
    this.chain
      .require()
      .readContract({ address: contracts.sessions, abi: sessionHandlerAbi, functionName: 'windowLimits' }),
  );
  protected readonly isWritten = computed(() => Object.values(this.texts).some((text) => text().trim() !== ''));
  protected readonly written = computed(() => {
    const { commit, reveal, challenge, settlement, execution } = this.texts;
    const texts = {
      commit: commit(),
      reveal: reveal(),
      challenge: challenge(),
      settlement: settlement(),
      execution: execution(),
    };
    const now = this.limits.value();
    return now ? limitsOf(texts, now) : null;
  });

  protected readonly set = (): readonly Call[] => {
    const address = this.communities.require().contracts.sessions;
    return [{ address, abi: sessionHandlerAbi, functionName: 'setWindowLimits', args: [this.written()] }];
  };

  protected done(): void {
    for (const text of Object.values(this.texts)) text.set('');
    this.limits.reload();
  }
}
