/** Where the page reads: the service's node, one that the reader names, or the reader's own wallet. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { MatButtonModule } from '@angular/material/button';
import { createPublicClient, http } from 'viem';

import { PublishedService } from '../../core/audit/published';
import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { NetworkService } from '../../core/chain/network';
import { MomentPipe } from '../../core/text/pipes';
import { WalletService } from '../../core/wallet/wallet';

@Component({
  selector: 'cw-network',
  imports: [RouterLink, MatButtonModule, MomentPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './network.html',
})
export class NetworkPage {
  protected readonly networks = inject(NetworkService);
  protected readonly communities = inject(CommunityService);
  protected readonly chain = inject(ChainService);
  protected readonly wallet = inject(WalletService);
  protected readonly published = inject(PublishedService);
  protected readonly rpc = signal(this.networks.rpcUrl() ?? '');
  protected readonly community = signal(this.networks.community()?.address ?? '');
  protected readonly source = signal(this.published.source());
  protected readonly said = signal<string | null>(null);
  protected readonly isThroughWallet = computed(() => this.chain.throughWallet() !== null);

  protected async use(): Promise<void> {
    this.said.set(null);
    const url = this.rpc().trim();
    try {
      const chainId = await createPublicClient({ transport: http(url, { retryCount: 0, timeout: 8000 }) }).getChainId();
      const known = this.networks.network()?.communities.some((one) => one.address === this.community().toLowerCase());
      if (known && this.networks.network()?.chainId === chainId) this.networks.useRpc(url);
      else this.networks.addCommunity(this.community().trim(), chainId, url);
      this.published.use(this.source().trim());
      this.said.set($localize`The page now reads from ${url}:address:.`);
    } catch (error) {
      this.said.set(
        error instanceof RangeError
          ? $localize`This is no address of a community: 0x and 40 digits.`
          : $localize`${url}:address: does not answer as a node of a chain. Check the address, and whether it lets web pages ask.`,
      );
    }
  }

  protected useService(): void {
    this.networks.useRpc(null);
    this.published.use('');
    this.rpc.set(this.networks.rpcUrl() ?? '');
    this.source.set(this.published.source());
  }

  protected toggleWallet(): void {
    const connection = this.wallet.connection();
    this.chain.throughWallet.set(this.isThroughWallet() || !connection ? null : connection.provider);
  }

  protected valueOf(event: Event): string {
    return (event.target as HTMLInputElement).value;
  }
}
