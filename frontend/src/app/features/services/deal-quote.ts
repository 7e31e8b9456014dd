/** What taking a deal would cost and earn, by the fees now, which are then fixed with it; said before it is signed. */

import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityTokenAbi } from '../../core/chain/generated/abis';
import { loaded } from '../../core/loading';
import type { Hex } from '../../core/market/units';
import { TokensPipe } from '../../core/text/pipes';

@Component({
  selector: 'cw-deal-quote',
  imports: [TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (quote.value(); as found) {
      <p class="small muted" data-deal-quote i18n>
        Of {{ amount() | tokens }} tokens, {{ found.fee | tokens }} are the treasury's fee when the deal is paid. For a
        good deal the treasury may add up to {{ found.payerIncentive | tokens }} for who pays and
        {{ found.payeeIncentive | tokens }} for who is paid.
      </p>
    }
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class DealQuote {
  readonly payer = input.required<Hex>();
  readonly payee = input.required<Hex>();
  readonly amount = input.required<bigint>();
  readonly category = input.required<number>();
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);

  /** A quote that the token refuses, as for another kind of member, is said by the button that would sign it. */
  protected readonly quote = loaded(
    () => ({ args: [this.payer(), this.payee(), this.amount(), this.category()] as const }),
    ({ args }) => {
      const address = this.communities.require().contracts.token;
      return this.chain.require().readContract({ address, abi: communityTokenAbi, functionName: 'quote', args });
    },
  );
}
