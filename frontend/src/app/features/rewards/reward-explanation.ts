/** Why a day earned what it earned: the rule for everybody, and each number for the member who signs in. */

import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';

import { ApiClient, type Schema } from '../../core/api/client';
import { SignInService } from '../../core/api/sign-in';
import { CommunityService } from '../../core/chain/community';
import { exactDecimal, showSlot } from '../../core/text/figures';
import { injectLanguage, TokensPipe } from '../../core/text/pipes';
import { WalletService } from '../../core/wallet/wallet';
import { Failure } from '../../shared/failure';
import { dateOf } from './days';
import { explained, MODEL_NAMES, type Parameters } from './parameters';
import { reasonsOf, type Explanation } from './reasons';
import type { Reward } from './reward-service';

@Component({
  selector: 'cw-reward-explanation',
  imports: [Failure, MatButtonModule, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './reward-explanation.html',
})
export class RewardExplanation {
  readonly reward = input.required<Reward>();
  readonly parameters = input.required<Parameters>();
  readonly symbol = input.required<string>();
  private readonly api = inject(ApiClient);
  private readonly communities = inject(CommunityService);
  private readonly signIn = inject(SignInService);
  private readonly wallet = inject(WalletService);
  private readonly language = injectLanguage();
  protected readonly dateOf = dateOf;
  protected readonly models = MODEL_NAMES;
  protected readonly failure = signal<unknown>(null);

  protected readonly rule = computed(() => explained(this.parameters(), this.language));
  protected readonly earned = computed(() => this.reward().amount ?? 0n);
  /** The member's part of the day's total, in per cent to the hundredth, rounded down. */
  protected readonly part = computed(() => {
    const { amount, total } = this.reward();
    return amount === null || !total ? '–' : `${exactDecimal((amount * 10_000n) / total, 2, 0, this.language)} %`;
  });

  private readonly told = signal<{ readonly day: string; readonly explanation: Explanation } | null>(null);
  protected readonly explanation = computed(() => {
    const told = this.told();
    return told?.day === dateOf(this.reward().day) ? told.explanation : null;
  });
  protected readonly reasons = computed(() => {
    const told = this.explanation();
    return told ? reasonsOf(told, this.language) : null;
  });
  /** Whether what the operator reckons now is what was posted. */
  protected readonly isSame = computed(() => {
    const [told, { amount }] = [this.explanation(), this.reward()];
    return told === null || amount === null || BigInt(told.tokens) === amount;
  });
  protected readonly slots = computed(() => {
    const told = this.explanation();
    return (told?.self_consumption?.slots ?? []).map((slot) => ({
      time: showSlot(slot.start, told?.slot_seconds ?? 0, this.language),
      figures: [
        slot.consumed_wh,
        slot.produced_wh,
        slot.own_wh,
        slot.community_residual_load_wh,
        slot.community_residual_production_wh,
        slot.shared_wh,
        slot.load_wh,
        slot.production_wh,
      ].map((figure) => exactDecimal(BigInt(figure), 0, 0, this.language)),
    }));
  });

  constructor() {
    effect(() => {
      this.reward();
      this.failure.set(null);
    });
  }

  /** What an operator reckons, for the signed-in member alone. */
  protected async ask(): Promise<void> {
    this.failure.set(null);
    const day = dateOf(this.reward().day);
    try {
      await this.signIn.ensure();
      const community = this.communities.require().contracts.community.toLowerCase();
      const path = `/v1/communities/${community}/members/${this.wallet.require().account}/rewards/${day}` as const;
      const { figures } = await this.api.ask<Schema<'RewardReasons'>>(path);
      this.told.set({ day, explanation: figures as unknown as Explanation });
    } catch (error) {
      this.failure.set(error);
    }
  }
}
