/** Everything that waits for a member to be fetched, each with its button: rewards, shares in euro, bonuses. */

import { inject, Injectable } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService, MemberStatus } from '../../core/chain/community';
import { communityTokenAbi } from '../../core/chain/generated/abis';
import type { Hex } from '../../core/market/units';
import { showEur, showMoment, showShortDay, showTokens } from '../../core/text/figures';
import { injectLanguage } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { noonOf } from './days';
import { RewardService, type Reward } from './reward-service';
import { ShareService, type Share } from './share-service';

export interface Claim {
  readonly id: string;
  /** What it is, and how much. */
  readonly text: string;
  /** Why it cannot be fetched yet; null where it can. */
  readonly waits: string | null;
  readonly calls: () => readonly Call[];
}

@Injectable({ providedIn: 'root' })
export class ClaimService {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly rewards = inject(RewardService);
  private readonly shares = inject(ShareService);
  private readonly language = injectLanguage();

  async of(account: Hex): Promise<Claim[]> {
    const member = await this.communities.member(account);
    if (member.status === MemberStatus.None || member.status === MemberStatus.Applied) return [];
    const [rewards, shares, welcome] = await Promise.all([
      this.rewards.of(account, this.chain.now()),
      this.shares.of(account, member),
      member.status === MemberStatus.Active ? this.welcome(account, member.memberId) : [],
    ]);
    return [
      ...welcome,
      ...shares.flatMap((share) => this.ofShare(share, account)),
      ...rewards.filter((reward) => reward.state === 'claimable').map((reward) => this.ofReward(reward, account)),
    ];
  }

  private ofReward(reward: Reward, account: Hex): Claim {
    const tokens = this.tokens(reward.amount ?? 0n);
    return {
      id: `reward-${reward.batchId}`,
      text: $localize`${tokens}:tokens: earned by your energy of ${showShortDay(noonOf(reward.day), this.language)}:day:`,
      waits: null,
      calls: () => this.rewards.claim(reward, account),
    };
  }

  private ofShare(share: Share, account: Hex): Claim[] {
    const days = this.days(share);
    const claims: Claim[] = [];
    if (!share.isPaid && share.amount !== null) {
      const isFinal = share.finalAt <= this.chain.now();
      claims.push({
        id: `share-${share.incentiveId}`,
        text: $localize`${showEur(share.amount, this.language)}:amount: of the incentive for ${days}:days:`,
        waits: isFinal
          ? null
          : $localize`from ${showMoment(share.finalAt, this.language)}:moment: on, unless contradicted`,
        calls: () => this.shares.claim(share, account),
      });
    }
    if (share.bonus) {
      claims.push({
        id: `bonus-${share.incentiveId}`,
        text: $localize`${this.tokens(share.bonus)}:tokens:, the bonus that goes with the incentive for ${days}:days:`,
        waits: null,
        calls: () => this.shares.claimBonus(share, account),
      });
    }
    return claims;
  }

  /** The welcome bonus where the treasury could not pay it on the day of approval. */
  private async welcome(account: Hex, memberId: Hex): Promise<Claim[]> {
    const { token, treasury } = this.communities.require().contracts;
    const at = { address: token, abi: communityTokenAbi } as const;
    const { welcomeDue } = await this.chain
      .require()
      .readContract({ ...at, functionName: 'grantsOf', args: [memberId] });
    if (!welcomeDue) return [];
    const isCovered = (await this.communities.tokenBalance(treasury)) >= welcomeDue;
    return [
      {
        id: 'welcome',
        text: $localize`${this.tokens(welcomeDue)}:tokens:, your welcome bonus`,
        waits: isCovered ? null : $localize`as soon as the treasury has them`,
        calls: () => [{ ...at, functionName: 'welcome', args: [account] }],
      },
    ];
  }

  private days({ periodStart, periodEnd }: Share): string {
    const [first, last] = [periodStart, periodEnd - 1].map((moment) => showShortDay(moment, this.language));
    return first === last ? first : `${first} – ${last}`;
  }

  private tokens(amount: bigint): string {
    return `${showTokens(amount, this.language)} ${this.communities.require().tokenSymbol}`;
  }
}
