/** Freeing what is locked for orders that found no counterpart, once the outcome is final and before the settlement. */

import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';

import { ChainService, topicOf, wordOf, wordOfAddress } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { marketplaceAbi } from '../../core/chain/generated/abis';
import { PositionState, SessionState, type Position } from '../../core/chain/session';
import type { SessionDetail } from '../../core/chain/sessions';
import { injectOwnMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import type { Hex } from '../../core/market/units';
import { KwhPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { unfilledOf, type Unfilled } from './unfilled';

@Component({
  selector: 'cw-own-unfilled',
  imports: [Action, KwhPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (left.value(); as found) {
      @if (found.length) {
        <p class="note" data-unfilled i18n>
          {{ found.length }} of your orders met no counterpart for all they asked: {{ energy() | kwh }} stay open. What
          is locked for them comes free with the settlement. You can free it now: the contract frees one order at a
          time, so your wallet asks for as many signatures as there are such orders, {{ found.length }}.
        </p>
        <cw-action
          label="Free it now"
          i18n-label
          doneText="What was locked for them is in your free escrow."
          i18n-doneText
          [isQuiet]="true"
          [calls]="free"
          (finished)="left.reload()"
        />
      }
    }
  `,
})
export class OwnUnfilled {
  readonly session = input.required<SessionDetail>();
  readonly position = input.required<Position>();
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly when = injectOwnMoment();

  /** Computed once for an outcome: clearing anew with every block would cost a phone its battery. */
  private known: { readonly key: string; readonly unfilled: readonly Unfilled[] } | null = null;

  private readonly asked = computed(() => {
    const [own, session] = [this.when(), this.session()];
    const isOpen = session.state === SessionState.Delivery || session.state === SessionState.Objection;
    return own && isOpen && this.position().state === PositionState.Revealed ? { own, session } : undefined;
  });
  protected readonly left = loaded(this.asked, async ({ own, session }) => {
    const freed = await this.freed(own.account, session.id);
    return this.unfilled(session, own.account).filter((one) => !freed.has(one.order.index));
  });
  protected readonly energy = computed(() =>
    (this.left.value() ?? []).reduce((sum, { order }) => sum + order.quantityWh - order.filledWh, 0n),
  );

  protected readonly free = (): readonly Call[] => {
    const address = this.communities.require().contracts.marketplace;
    const call = ({ outcome, order }: Unfilled): Call => ({
      address,
      abi: marketplaceAbi,
      functionName: 'freeUnfilled',
      args: [BigInt(this.session().id), outcome, order],
    });
    return (this.left.value() ?? []).map(call);
  };

  private unfilled(session: SessionDetail, account: Hex): readonly Unfilled[] {
    const key = `${session.outcome?.answer} ${account}`;
    if (this.known?.key !== key) this.known = { key, unfilled: unfilledOf(session, account) };
    return this.known.unfilled;
  }

  /** The indices of orders that were freed before. */
  private async freed(account: Hex, sessionId: number): Promise<Set<number>> {
    const { contracts, firstBlock } = this.communities.require();
    const topics = [topicOf(marketplaceAbi, 'UnfilledFreed'), wordOf(BigInt(sessionId)), wordOfAddress(account)];
    const events = await this.chain.events([contracts.marketplace], topics, firstBlock);
    return new Set(events.map((event) => Number(event.args['index'])));
  }
}
