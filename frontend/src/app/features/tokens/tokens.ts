/** Paying with the community's token, what a payment costs and earns before it is signed, and all payments so far. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { isAddress, stringToHex } from 'viem';

import { ChainService, topicOf, wordOfAddress } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityTokenAbi } from '../../core/chain/generated/abis';
import { loaded } from '../../core/loading';
import { parseDecimal, type Hex } from '../../core/market/units';
import { ShortHexPipe, TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { Category, CATEGORY_NAMES, DIRECT, TOKEN_DECIMALS } from './categories';
import { paymentsOf } from './payments';

const PURPOSE_BYTES = 32;

@Component({
  selector: 'cw-tokens',
  imports: [RouterLink, Action, Failure, ShortHexPipe, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './tokens.html',
})
export class TokensPage {
  private readonly communities = inject(CommunityService);
  private readonly chain = inject(ChainService);
  protected readonly wallet = inject(WalletService);
  protected readonly names = CATEGORY_NAMES;
  protected readonly direct = DIRECT;

  protected readonly payee = signal('');
  protected readonly amountText = signal('');
  protected readonly purpose = signal('');
  protected readonly category = signal<Category>(Category.Transfer);
  protected readonly amount = computed(() => parseDecimal(this.amountText(), TOKEN_DECIMALS));
  protected readonly isPayee = computed(() => isAddress(this.payee().trim()));
  protected readonly isTooLong = computed(() => new TextEncoder().encode(this.purpose()).length > PURPOSE_BYTES);
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');

  private readonly when = computed(() => {
    const [community, account, block] = [
      this.communities.community(),
      this.wallet.account(),
      this.chain.head()?.number,
    ];
    return community && account && block !== undefined ? { account, block } : undefined;
  });
  protected readonly balance = loaded(this.when, ({ account }) => this.communities.tokenBalance(account));
  protected readonly payments = loaded(this.when, async ({ account }) => {
    const { contracts, firstBlock } = this.communities.require();
    const [paid, own] = [topicOf(communityTokenAbi, 'Paid'), wordOfAddress(account)];
    const [out, incoming] = await Promise.all([
      this.chain.events([contracts.token], [paid, own], firstBlock),
      this.chain.events([contracts.token], [paid, null, own], firstBlock),
    ]);
    const events = [...out, ...incoming].sort((a, b) => b.block - a.block || b.logIndex - a.logIndex);
    return paymentsOf(events, account);
  });
  /** What the payment would cost and earn, asked of the contract. */
  protected readonly quote = loaded(
    () => {
      const [when, amount] = [this.when(), this.amount()];
      if (!when || !amount || !this.isPayee()) return undefined;
      return { payer: when.account, payee: this.payee().trim() as Hex, amount, category: this.category() };
    },
    async ({ payer, payee, amount, category }) => {
      const address = this.communities.require().contracts.token;
      const call = {
        address,
        abi: communityTokenAbi,
        functionName: 'quote',
        args: [payer, payee, amount, category],
      } as const;
      return { ...(await this.chain.require().readContract(call)), amount };
    },
  );

  protected readonly pay = (): readonly Call[] => {
    const reference = stringToHex(this.purpose(), { size: PURPOSE_BYTES });
    const args = [this.payee().trim(), this.amount() ?? 0n, this.category(), reference];
    const address = this.communities.require().contracts.token;
    return [{ address, abi: communityTokenAbi, functionName: 'pay', args }];
  };

  protected valueOf(event: Event): string {
    return (event.target as HTMLInputElement | HTMLSelectElement).value;
  }
}
