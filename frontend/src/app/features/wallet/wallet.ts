/** A member's money: escrow and settlement euro, in and out; what moved it, each linked to its transaction. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService, topicOf, wordOfAddress, type ChainEvent } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { marketplaceAbi, settlementEuroAbi } from '../../core/chain/generated/abis';
import { loaded } from '../../core/loading';
import { parseDecimal, type Hex } from '../../core/market/units';
import { EurPipe, ShortHexPipe, TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { LostWallet } from './lost-wallet';
import { movementsOf } from './movements';

@Component({
  selector: 'cw-wallet',
  imports: [RouterLink, Action, EurPipe, TokensPipe, ShortHexPipe, Failure, LostWallet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './wallet.html',
})
export class WalletPage {
  private readonly communities = inject(CommunityService);
  private readonly chain = inject(ChainService);
  protected readonly wallet = inject(WalletService);

  protected readonly paidIn = signal('');
  protected readonly paidOut = signal('');
  protected readonly inAmount = computed(() => positive(this.paidIn()));
  protected readonly outAmount = computed(() => positive(this.paidOut()));

  private readonly when = computed(() => {
    const [community, account, block] = [
      this.communities.community(),
      this.wallet.account(),
      this.chain.head()?.number,
    ];
    return community && account && block !== undefined ? { account, block } : undefined;
  });
  protected readonly symbol = computed(() => this.communities.community()?.tokenSymbol ?? '');
  protected readonly holdings = loaded(this.when, async ({ account }) => {
    const [funds, euro, tokens] = await Promise.all([
      this.communities.funds(account),
      this.communities.euroBalance(account),
      this.communities.tokenBalance(account),
    ]);
    return { funds, euro, tokens };
  });
  protected readonly movements = loaded(this.when, async ({ account }) =>
    movementsOf(await this.moneyEvents(account), account).reverse(),
  );

  protected readonly payIn = (): readonly Call[] => {
    const [amount, { contracts }] = [this.inAmount() ?? 0n, this.communities.require()];
    return [
      {
        address: contracts.euro,
        abi: settlementEuroAbi,
        functionName: 'approve',
        args: [contracts.marketplace, amount],
      },
      { address: contracts.marketplace, abi: marketplaceAbi, functionName: 'deposit', args: [amount] },
    ];
  };
  protected readonly payOut = (): readonly Call[] => [this.market('claimAvailableFunds', [this.outAmount() ?? 0n])];
  protected readonly payAllOut = (): readonly Call[] => [this.market('withdrawAllFunds', [])];

  protected valueOf(event: Event): string {
    return (event.target as HTMLInputElement).value;
  }

  private market(functionName: string, args: readonly unknown[]): Call {
    return { address: this.communities.require().contracts.marketplace, abi: marketplaceAbi, functionName, args };
  }

  private async moneyEvents(account: Hex): Promise<ChainEvent[]> {
    const { contracts, firstBlock } = this.communities.require();
    const own = wordOfAddress(account);
    const topic = (name: string): Hex => topicOf(marketplaceAbi, name);
    const [escrow, market] = await Promise.all([
      this.chain.events(
        [contracts.marketplace],
        [['Deposited', 'Withdrawn', 'EscrowMoved'].map(topic), own],
        firstBlock,
      ),
      this.chain.events(
        [contracts.marketplace],
        [['Executed', 'DepositForfeited', 'EscrowMoved'].map(topic), null, own],
        firstBlock,
      ),
    ]);
    return [...escrow, ...market].sort((a, b) => a.block - b.block || a.logIndex - b.logIndex);
  }
}

function positive(text: string): bigint | null {
  const amount = parseDecimal(text, 6);
  return amount ? amount : null;
}
