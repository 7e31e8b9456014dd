/** What an exchange or a loan would cost and earn, by the fees now, which are then fixed with it; said before it is signed. */

import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityTokenAbi } from '../../core/chain/generated/abis';
import { loaded } from '../../core/loading';
import { BPS, least, type Hex } from '../../core/market/units';
import { TokensPipe } from '../../core/text/pipes';
import { categoryBetween } from '../tokens/categories';

/** Limits of incentives count in millionths of a token. */
const LIMIT_UNIT = 10n ** 12n;

@Component({
  selector: 'cw-deal-quote',
  imports: [TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (quote.value(); as found) {
      <p class="small muted" data-deal-quote>
        <ng-container i18n
          >Of {{ amount() | tokens }} tokens, {{ found.fee | tokens }} are the treasury's fee when they are paid out. As
          things stand the treasury then adds {{ found.payerIncentive | tokens }} for who pays and
          {{ found.payeeIncentive | tokens }} for who is paid, as long as it has them.</ng-container
        >
        @if (isCheckable()) {
          &ngsp;<ng-container i18n
            >Where an administrator finds the exchange good, it is up to {{ found.mostToPayer | tokens }} and
            {{ found.mostToPayee | tokens }}.</ng-container
          >
        }
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
  /** The kind of payment; null where it follows from who the two are. */
  readonly category = input<number | null>(null);
  /** Whether an administrator may check it, which lets incentives exceed the fee. */
  readonly isCheckable = input(true);
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);

  /** A quote that the token refuses, as for another kind of member, is said by the button that would sign it. */
  protected readonly quote = loaded(
    () => ({ payer: this.payer(), payee: this.payee(), amount: this.amount(), category: this.category() }),
    async ({ payer, payee, amount, category }) => {
      const kind = category ?? (await this.between(payer, payee));
      const at = { address: this.communities.require().contracts.token, abi: communityTokenAbi } as const;
      const client = this.chain.require();
      const [found, terms] = await Promise.all([
        client.readContract({ ...at, functionName: 'quote', args: [payer, payee, amount, kind] }),
        client.readContract({ ...at, functionName: 'termsOf', args: [kind] }),
      ]);
      const most = (bps: number): bigint =>
        least((amount * BigInt(bps)) / BPS, BigInt(terms.mostPerPayment) * LIMIT_UNIT);
      return { ...found, mostToPayer: most(terms.payerBps), mostToPayee: most(terms.payeeBps) };
    },
  );

  private async between(payer: Hex, payee: Hex): Promise<number> {
    const [one, other] = await Promise.all([this.communities.member(payer), this.communities.member(payee)]);
    return categoryBetween(one.kind, other.kind);
  }
}
