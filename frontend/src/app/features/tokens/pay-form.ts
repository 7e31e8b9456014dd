/** Paying a member by address or by code: what the payment costs and earns is asked of the contract before it is signed. */

import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { stringToHex } from 'viem';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityAbi, communityTokenAbi } from '../../core/chain/generated/abis';
import { injectOwnMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { parseDecimal } from '../../core/market/units';
import { scannedAddress } from '../../core/text/address-code';
import { TokensPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';
import { QrReader } from '../../shared/qr-reader';
import { Category, CATEGORY_NAMES, DIRECT, TOKEN_DECIMALS } from './categories';

const PURPOSE_BYTES = 32;

@Component({
  selector: 'cw-pay-form',
  imports: [Action, Failure, QrReader, TokensPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './pay-form.html',
})
export class PayForm {
  readonly balance = input.required<bigint>();
  readonly symbol = input.required<string>();
  readonly paid = output();
  private readonly communities = inject(CommunityService);
  private readonly chain = inject(ChainService);
  private readonly when = injectOwnMoment();
  protected readonly names = CATEGORY_NAMES;
  protected readonly direct = DIRECT;

  protected readonly payeeText = signal('');
  protected readonly amountText = signal('');
  protected readonly purpose = signal('');
  protected readonly category = signal<Category>(Category.Transfer);
  protected readonly isScanning = signal(false);
  /** Why what was scanned cannot be paid. */
  protected readonly misread = signal<string | null>(null);

  protected readonly payee = computed(() => scannedAddress(this.payeeText())?.address ?? null);
  protected readonly isNoAddress = computed(() => this.payeeText().trim() !== '' && this.payee() === null);
  protected readonly amount = computed(() => parseDecimal(this.amountText(), TOKEN_DECIMALS));
  protected readonly isTooMuch = computed(() => (this.amount() ?? 0n) > this.balance());
  protected readonly isTooLong = computed(() => new TextEncoder().encode(this.purpose()).length > PURPOSE_BYTES);

  /** Who would be paid, and what it would cost and earn, as the contracts say now. */
  protected readonly quote = loaded(
    () => {
      const [own, payee, amount] = [this.when(), this.payee(), this.amount()];
      if (!own || !payee || !amount) return undefined;
      return { payer: own.account, payee, amount, category: this.category(), block: own.block };
    },
    async ({ payer, payee, amount, category }) => {
      const { token, community } = this.communities.require().contracts;
      const client = this.chain.require();
      const args = [payer, payee, amount, category] as const;
      const [found, isActive] = await Promise.all([
        client.readContract({ address: token, abi: communityTokenAbi, functionName: 'quote', args }),
        client.readContract({ address: community, abi: communityAbi, functionName: 'isActive', args: [payee] }),
      ]);
      return { ...found, amount, payee, category, isActive };
    },
  );
  /** The quote, if it is of what the fields say. */
  protected readonly current = computed(() => {
    const found = this.quote.value();
    const isOfThese =
      found?.payee === this.payee() && found?.amount === this.amount() && found?.category === this.category();
    return isOfThese ? found : null;
  });

  protected readonly pay = (): readonly Call[] => {
    const reference = stringToHex(this.purpose().trim(), { size: PURPOSE_BYTES });
    const args = [this.payee(), this.amount() ?? 0n, this.category(), reference];
    return [{ address: this.communities.require().contracts.token, abi: communityTokenAbi, functionName: 'pay', args }];
  };

  protected scanned(text: string): void {
    const [found, { chainId }] = [scannedAddress(text), this.communities.require()];
    this.misread.set(null);
    if (!found) this.misread.set($localize`This code holds no address.`);
    else if (found.chainId !== null && found.chainId !== chainId) {
      this.misread.set(
        $localize`This code is for another chain (${found.chainId}:chain:): nothing can be paid to it here.`,
      );
    } else {
      this.payeeText.set(found.address);
      this.isScanning.set(false);
    }
  }

  protected valueOf(event: Event): string {
    return (event.target as HTMLInputElement | HTMLSelectElement).value;
  }
}
