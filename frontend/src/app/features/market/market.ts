/** The community's sessions: the one that takes orders now, and those before. */

import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { SessionState } from '../../core/chain/session';
import { SessionsService, type SessionRow } from '../../core/chain/sessions';
import { loaded } from '../../core/loading';
import { DayPipe, DurationPipe, PricePipe } from '../../core/text/pipes';
import { Failure } from '../../shared/failure';
import { StateBadge } from '../../shared/state-badge';

const MOST_SHOWN = 30;

@Component({
  selector: 'cw-market',
  imports: [RouterLink, DayPipe, DurationPipe, PricePipe, StateBadge, Failure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './market.html',
})
export class MarketPage {
  private readonly communities = inject(CommunityService);
  private readonly sessions = inject(SessionsService);
  protected readonly chain = inject(ChainService);

  protected readonly rows = loaded(
    () => {
      const [community, block] = [this.communities.community(), this.chain.head()?.number];
      return community && block !== undefined ? { community, block } : undefined;
    },
    () => this.sessions.latest(MOST_SHOWN),
  );
  protected readonly open = computed(() =>
    (this.rows.value() ?? []).filter((row) => row.state === SessionState.Commit || row.state === SessionState.Reveal),
  );
  protected readonly others = computed(() =>
    (this.rows.value() ?? []).filter((row) => row.state !== SessionState.Commit && row.state !== SessionState.Reveal),
  );

  protected isSealing(row: SessionRow): boolean {
    return row.state === SessionState.Commit;
  }

  protected left(row: SessionRow): number {
    const { commitDeadline, revealDeadline } = row.parameters;
    return (this.isSealing(row) ? commitDeadline : revealDeadline) - this.chain.now();
  }
}
