/** What is offered and asked for, and can be taken; closing one's own. */

import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { DealsService, HOUSE_ABIS, type Listing } from '../../core/chain/deals';
import { communityTokenAbi } from '../../core/chain/generated/abis';
import { DurationPipe, ShortHexPipe, TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { CATEGORY_NAMES } from '../tokens/categories';
import { DealQuote } from './deal-quote';
import type { Viewer } from './steps';
import { WrittenText } from './written-text';

@Component({
  selector: 'cw-listings',
  imports: [Action, DealQuote, DurationPipe, ShortHexPipe, TokensPipe, WrittenText],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="columns">
      @for (one of open(); track one.id) {
        <article class="card stack" [attr.data-listing]="one.id">
          <div class="row spread">
            <h3>{{ one.text ?? unnamed }}</h3>
            <span class="badge">{{ one.isRequest ? looked : offered }}</span>
          </div>
          @if (one.text === null) {
            <cw-written-text [text]="null" [hash]="one.contentHash" />
          }
          <dl class="facts">
            <dt i18n>Kind</dt>
            <dd>{{ categories[one.category] }}</dd>
            <dt i18n>Tokens</dt>
            <dd>{{ one.amount | tokens }} {{ symbol() }}</dd>
            <dt i18n>By</dt>
            <dd class="hex" [title]="one.maker">{{ one.maker | shortHex }}</dd>
            <dt i18n>Places left</dt>
            <dd>{{ one.places }}</dd>
            <dt i18n>Can be taken for</dt>
            <dd>{{ one.acceptBy - now() | duration }}</dd>
            <dt i18n>To be delivered within</dt>
            <dd>{{ one.deliverWithin | duration }}</dd>
          </dl>
          @if (viewer(); as reader) {
            @if (one.maker === reader.account || (house() === 'works' && reader.isAdmin)) {
              <cw-action
                label="Close it"
                i18n-label
                [isQuiet]="true"
                [calls]="close(one)"
                (finished)="changed.emit()"
              />
            } @else {
              @if (house() === 'services') {
                <cw-deal-quote
                  [payer]="one.isRequest ? one.maker : reader.account"
                  [payee]="one.isRequest ? reader.account : one.maker"
                  [amount]="one.amount"
                  [category]="one.category"
                />
              }
              @if (!one.isRequest) {
                <p class="small muted" i18n>
                  Your wallet asks twice: to let the contract take {{ one.amount | tokens }} tokens, then to take the
                  offer. They stay in escrow until you confirm the delivery.
                </p>
              } @else {
                <p class="small muted" i18n>The tokens are in escrow already; they are yours once you delivered.</p>
              }
              <cw-action label="Take it" i18n-label [calls]="accept(one)" (finished)="changed.emit()" />
            }
          }
        </article>
      } @empty {
        @if (house() === 'works') {
          <p class="muted" i18n>
            Nothing is listed now. Administrators list what the community needs done, and pay for it in tokens.
          </p>
        } @else {
          <p class="muted" i18n>Nothing is listed now. Offer something, or say what you look for, below.</p>
        }
      }
    </div>
  `,
})
export class Listings {
  readonly house = input.required<'services' | 'works'>();
  readonly listings = input.required<readonly Listing[]>();
  readonly viewer = input.required<Viewer | null>();
  readonly symbol = input.required<string>();
  readonly changed = output();
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly deals = inject(DealsService);

  protected readonly now = this.chain.now;
  protected readonly categories: Readonly<Record<number, string>> = CATEGORY_NAMES;
  protected readonly unnamed = $localize`Its text is not on the chain`;
  protected readonly looked = $localize`looked for`;
  protected readonly offered = $localize`offered`;
  protected readonly open = computed(() =>
    this.listings().filter((one) => !one.isClosed && one.places > 0 && one.acceptBy > this.now()),
  );

  protected accept(one: Listing): () => readonly Call[] {
    return () => {
      const address = this.deals.address(this.house());
      const call = { address, abi: HOUSE_ABIS[this.house()], functionName: 'accept', args: [one.id] };
      if (one.isRequest) return [call];
      const token = this.communities.require().contracts.token;
      return [{ address: token, abi: communityTokenAbi, functionName: 'approve', args: [address, one.amount] }, call];
    };
  }

  protected close(one: Listing): () => readonly Call[] {
    return () => {
      const address = this.deals.address(this.house());
      return [{ address, abi: HOUSE_ABIS[this.house()], functionName: 'close', args: [one.id] }];
    };
  }
}
