/** What a member's energy earned, day by day and why; its readings to take out; and leaving, in words before it is signed. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { injectOwnMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { sum } from '../../core/market/units';
import { MomentPipe, ShortHexPipe, TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { Leaving } from './leaving';
import { RewardExplanation } from './reward-explanation';
import { RewardService, type Reward, type RewardState } from './reward-service';
import { TakeOut } from './take-out';
import { dateOf } from './days';

const STATES: Readonly<Record<RewardState, string>> = {
  claimed: $localize`paid into your wallet`,
  claimable: $localize`yours to claim`,
  waiting: $localize`operators can still be contradicted`,
  none: $localize`nothing earned`,
  unread: $localize`what was published cannot be read`,
};
const TONES: Partial<Record<RewardState, string>> = { claimed: 'good', claimable: 'warn', unread: 'bad' };

@Component({
  selector: 'cw-rewards',
  imports: [RouterLink, Action, Failure, Leaving, MomentPipe, RewardExplanation, ShortHexPipe, TakeOut, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './rewards.html',
})
export class RewardsPage {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly rewardService = inject(RewardService);
  protected readonly wallet = inject(WalletService);
  protected readonly states = STATES;
  protected readonly tones = TONES;
  protected readonly dateOf = dateOf;
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');

  private readonly when = injectOwnMoment();
  protected readonly rewards = loaded(this.when, ({ account }) => this.rewardService.of(account, this.chain.now()));
  protected readonly earned = computed(() => this.sumOf('claimed'));
  protected readonly claimable = computed(() => this.sumOf('claimable'));

  /** The day that is explained. */
  protected readonly chosen = signal<bigint | null>(null);
  private readonly explaining = computed(() => {
    const reward = this.rewards.value()?.find((one) => one.batchId === this.chosen());
    return reward ? { reward } : undefined;
  });
  protected readonly explanation = loaded(this.explaining, async ({ reward }) => ({
    reward,
    parameters: await this.rewardService.parameters(reward.parametersNumber),
  }));

  protected claim(reward: Reward): () => readonly Call[] {
    return () => this.rewardService.claim(reward, this.wallet.require().account);
  }

  private sumOf(state: RewardState): bigint {
    const rewards = this.rewards.value() ?? [];
    return sum(rewards.filter((one) => one.state === state).map((one) => one.amount ?? 0n));
  }
}
