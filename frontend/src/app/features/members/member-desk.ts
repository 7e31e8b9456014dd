/** One member as an administrator sees it: what it holds, its points, and what suspending or removing means for it. */

import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService, MemberStatus } from '../../core/chain/community';
import { communityAbi } from '../../core/chain/generated/abis';
import { injectMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import type { Hex } from '../../core/market/units';
import { DurationPipe, EurPipe, MomentPipe, ShortHexPipe, TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { BindingService, OPEN_END, PointKind } from '../join/binding';
import { ReplacementService } from '../wallet/replacement';
import { STATUS_NAMES } from './names';

@Component({
  selector: 'cw-member-desk',
  imports: [Action, DurationPipe, EurPipe, Failure, MomentPipe, ShortHexPipe, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './member-desk.html',
})
export class MemberDesk {
  readonly wallet = input.required<Hex>();
  readonly changed = output();

  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly bindings = inject(BindingService);
  private readonly replacements = inject(ReplacementService);
  private readonly when = injectMoment();
  protected readonly statuses = MemberStatus;
  protected readonly names = STATUS_NAMES;
  protected readonly kinds = PointKind;
  protected readonly openEnd = OPEN_END;
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');

  protected readonly state = loaded(
    () => {
      const [moment, wallet] = [this.when(), this.wallet()];
      return moment ? { wallet, block: moment.block } : undefined;
    },
    async ({ wallet }) => {
      const at = { address: this.communities.require().contracts.community, abi: communityAbi } as const;
      const member = await this.communities.member(wallet);
      const [funds, tokens, points, move, notice] = await Promise.all([
        this.communities.funds(wallet),
        this.communities.tokenBalance(wallet),
        this.bindings.pointsOf(member.memberId),
        this.replacements.moveOf(wallet),
        this.chain.require().readContract({ ...at, functionName: 'RELEASE_NOTICE' }),
      ]);
      const isGone = [MemberStatus.Left, MemberStatus.Replaced].includes(member.status);
      return { wallet, member, funds, tokens, points: isGone ? [] : points, move, notice: Number(notice) };
    },
  );
  /** Whether the wallet's replacement may still be taken back by the wallet or its recovery key. */
  protected readonly isOpen = computed(() => {
    const move = this.state.value()?.move;
    return !!move && !move.isVetoed && this.chain.now() < move.movesAt;
  });

  protected act(functionName: string, ...args: readonly unknown[]): () => readonly Call[] {
    return () => {
      const address = this.communities.require().contracts.community;
      return [{ address, abi: communityAbi, functionName, args }];
    };
  }

  protected done(): void {
    this.state.reload();
    this.changed.emit();
  }
}
