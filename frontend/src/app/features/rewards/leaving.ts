/** Leaving the community: what becomes of everything that is one's own, said before it is signed. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService } from '../../core/chain/chain';
import { CommunityService, MemberStatus } from '../../core/chain/community';
import { communityAbi, communityTokenAbi } from '../../core/chain/generated/abis';
import { injectOwnMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { DurationPipe, EurPipe, MomentPipe, TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';

@Component({
  selector: 'cw-leaving',
  imports: [RouterLink, Action, DurationPipe, EurPipe, MomentPipe, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './leaving.html',
})
export class Leaving {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly when = injectOwnMoment();
  protected readonly hasRead = signal(false);
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');

  protected readonly standing = loaded(this.when, async ({ account, community }) => {
    const client = this.chain.require();
    const token = { address: community.contracts.token, abi: communityTokenAbi } as const;
    const [member, funds, tokens, period, leftAt] = await Promise.all([
      this.communities.member(account),
      this.communities.funds(account),
      this.communities.tokenBalance(account),
      client.readContract({ ...token, functionName: 'leaverPeriod' }),
      client.readContract({
        address: community.contracts.community,
        abi: communityAbi,
        functionName: 'leftAt',
        args: [account],
      }),
    ]);
    const isMember = [MemberStatus.Active, MemberStatus.Suspended].includes(member.status);
    return { isMember, funds, tokens, period, keepsUntil: leftAt && period ? Number(leftAt) + period : 0 };
  });

  protected readonly leave = (): readonly Call[] => {
    const address = this.communities.require().contracts.community;
    return [{ address, abi: communityAbi, functionName: 'leave', args: [] }];
  };

  protected read(event: Event): void {
    this.hasRead.set((event.target as HTMLInputElement).checked);
  }
}
