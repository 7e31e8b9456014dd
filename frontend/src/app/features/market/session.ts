/** One session: what it is about, what the reader has in it, its outcome, and its recomputation in this browser. */

import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { deliveryEnd, PositionState, SessionState } from '../../core/chain/session';
import { SessionsService } from '../../core/chain/sessions';
import { loaded } from '../../core/loading';
import { DayPipe, DurationPipe, EurPipe, MomentPipe } from '../../core/text/pipes';
import { WalletService } from '../../core/wallet/wallet';
import { Failure } from '../../shared/failure';
import { StateBadge } from '../../shared/state-badge';
import { OutcomeTable } from './outcome-table';
import { OwnReveal } from './own-reveal';
import { OwnRelease } from './own-release';
import { OwnUnfilled } from './own-unfilled';
import { SealForm } from './seal-form';
import { SessionFacts } from './session-facts';
import { SessionRecheck } from './session-recheck';

@Component({
  selector: 'cw-session',
  imports: [
    RouterLink,
    DayPipe,
    DurationPipe,
    EurPipe,
    MomentPipe,
    Failure,
    StateBadge,
    SealForm,
    OwnReveal,
    OwnRelease,
    OwnUnfilled,
    OutcomeTable,
    SessionFacts,
    SessionRecheck,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './session.html',
})
export class SessionPage {
  readonly id = input.required<string>();
  private readonly communities = inject(CommunityService);
  private readonly sessions = inject(SessionsService);
  protected readonly chain = inject(ChainService);
  protected readonly wallet = inject(WalletService);
  protected readonly states = SessionState;
  protected readonly positions = PositionState;

  protected readonly number = computed(() => Number(this.id()));
  protected readonly detail = loaded(
    () => {
      const [community, block, id] = [this.communities.community(), this.chain.head()?.number, this.number()];
      return community && block !== undefined ? { id, block } : undefined;
    },
    ({ id }) => this.sessions.detail(id),
  );
  protected readonly position = loaded(
    () => {
      const [community, account, id] = [this.communities.community(), this.wallet.account(), this.number()];
      return community && account ? { account, id, block: this.chain.head()?.number } : undefined;
    },
    ({ account, id }) => this.sessions.position(id, account),
  );
  /** The reader's position, where there is something to say about it. */
  protected readonly ownPart = computed(() => {
    const [own, detail] = [this.position.value(), this.detail.value()];
    const isIdle = own?.state === PositionState.None && detail?.state === SessionState.Commit;
    return own && !isIdle ? own : null;
  });
  protected readonly commitment = computed(() => {
    const account = this.wallet.account();
    return this.detail.value()?.story.commitments.find((one) => one.trader === account) ?? null;
  });
  protected readonly ownReveal = computed(() => {
    const account = this.wallet.account();
    return this.detail.value()?.story.reveals.find((one) => one.trader === account) ?? null;
  });

  /** The next moment that matters, and what it is. */
  protected readonly next = computed(() => {
    const detail = this.detail.value();
    if (!detail) return null;
    const { commitDeadline, revealDeadline } = detail.parameters;
    switch (detail.state) {
      case SessionState.Commit:
        return { label: $localize`Sealing ends in`, at: commitDeadline };
      case SessionState.Reveal:
        return { label: $localize`Revealing ends in`, at: revealDeadline };
      case SessionState.Challenge:
        return { label: $localize`Prices are final in`, at: detail.outcome?.finalAt ?? 0 };
      case SessionState.Delivery:
        return { label: $localize`Delivery ends in`, at: deliveryEnd(detail.parameters) };
      case SessionState.Objection:
        return { label: $localize`Settlement is final in`, at: detail.settlement?.finalAt ?? 0 };
      default:
        return null;
    }
  });
}
