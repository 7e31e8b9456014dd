/** Taking a commitment back before sealing ends, and freeing a lock that has no more purpose. */

import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { marketplaceAbi } from '../../core/chain/generated/abis';
import { PositionState, SessionState, type Position } from '../../core/chain/session';
import type { SessionDetail } from '../../core/chain/sessions';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';
import { Action } from '../../shared/action';

@Component({
  selector: 'cw-own-release',
  imports: [Action],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (mayWithdraw()) {
      <cw-action
        label="Take my sealed orders back"
        i18n-label
        doneText="Your orders are taken back; lock and deposit are free."
        i18n-doneText
        [isQuiet]="true"
        [calls]="withdraw"
      />
    }
    @if (mayRelease()) {
      <p class="note warn" i18n>Something of yours is still locked here without a purpose.</p>
      <cw-action label="Free my lock" i18n-label doneText="The lock is free." i18n-doneText [calls]="release" />
    }
  `,
})
export class OwnRelease {
  readonly session = input.required<SessionDetail>();
  readonly position = input.required<Position>();
  private readonly communities = inject(CommunityService);
  private readonly chain = inject(ChainService);
  private readonly wallet = inject(WalletService);

  protected readonly mayWithdraw = computed(
    () => this.position().state === PositionState.Committed && this.session().state === SessionState.Commit,
  );
  protected readonly mayRelease = computed(() => {
    const [{ state }, session, now] = [this.position(), this.session(), this.chain.now()];
    if (state === PositionState.Committed) return now >= session.parameters.revealDeadline;
    if (state !== PositionState.Revealed) return false;
    const deadline = session.book.executionDeadline;
    return session.state === SessionState.Cancelled || (deadline > 0 && now >= deadline);
  });

  protected readonly withdraw = (): readonly Call[] => [this.call('withdrawCommitment', [BigInt(this.session().id)])];
  protected readonly release = (): readonly Call[] => [
    this.call('releaseLock', [BigInt(this.session().id), this.wallet.require().account]),
  ];

  private call(functionName: string, args: readonly unknown[]): Call {
    const address = this.communities.require().contracts.marketplace;
    return { address, abi: marketplaceAbi, functionName, args };
  }
}
