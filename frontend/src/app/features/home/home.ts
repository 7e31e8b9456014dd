/** The start: for a member what needs doing now and what they hold; for anybody what this community is. */

import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService } from '../../core/chain/chain';
import { CommunityService, MemberStatus } from '../../core/chain/community';
import { SessionsService } from '../../core/chain/sessions';
import { loaded } from '../../core/loading';
import type { Hex } from '../../core/market/units';
import { DayPipe, EurPipe, TokensPipe } from '../../core/text/pipes';
import { WalletService } from '../../core/wallet/wallet';
import { Failure } from '../../shared/failure';
import { StateBadge } from '../../shared/state-badge';
import { ClaimList } from '../rewards/claim-list';
import { Today } from './today';
import { TodoList } from './todo-list';
import { TodoService } from './todos';

/** Sessions that are looked at for what needs doing. */
const RECENT = 8;

@Component({
  selector: 'cw-home',
  imports: [RouterLink, ClaimList, DayPipe, EurPipe, TokensPipe, StateBadge, Failure, Today, TodoList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './home.html',
  styleUrl: './home.scss',
})
export class HomePage {
  protected readonly communities = inject(CommunityService);
  private readonly sessions = inject(SessionsService);
  private readonly todoService = inject(TodoService);
  protected readonly chain = inject(ChainService);
  protected readonly wallet = inject(WalletService);
  protected readonly statuses = MemberStatus;

  private readonly when = computed(() => {
    const [community, block] = [this.communities.community(), this.chain.head()?.number];
    return community && block !== undefined ? { account: this.wallet.account(), block } : undefined;
  });
  protected readonly recent = loaded(this.when, () => this.sessions.latest(RECENT));
  protected readonly own = loaded(
    () => {
      const when = this.when();
      return when?.account ? { account: when.account } : undefined;
    },
    ({ account }) => this.holdings(account),
  );
  protected readonly todos = loaded(
    () => {
      const [when, rows] = [this.when(), this.recent.value()];
      return when?.account && rows ? { account: when.account, rows } : undefined;
    },
    ({ account, rows }) => this.todoService.of(account, rows),
  );

  private async holdings(account: Hex): Promise<{
    member: Awaited<ReturnType<CommunityService['member']>>;
    funds: Awaited<ReturnType<CommunityService['funds']>>;
    euro: bigint;
    tokens: bigint;
  }> {
    const [member, funds, euro, tokens] = await Promise.all([
      this.communities.member(account),
      this.communities.funds(account),
      this.communities.euroBalance(account),
      this.communities.tokenBalance(account),
    ]);
    return { member, funds, euro, tokens };
  }
}
