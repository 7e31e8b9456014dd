/** Wallets that announce themselves to the page (EIP-6963), and on the embedded chain the accounts that everybody knows. */

import { inject, Injectable, signal } from '@angular/core';
import type { EIP1193Provider } from 'viem';

import { NetworkService } from '../chain/network';

export interface WalletOption {
  readonly id: string;
  readonly name: string;
  /** A `data:` address of the wallet's picture, or null. */
  readonly icon: string | null;
  readonly provider: () => Promise<EIP1193Provider>;
}

interface Announcement {
  readonly info: { readonly uuid: string; readonly name: string; readonly icon: string };
  readonly provider: EIP1193Provider;
}

@Injectable({ providedIn: 'root' })
export class WalletDiscovery {
  private readonly networks = inject(NetworkService);
  readonly announced = signal<readonly WalletOption[]>([]);

  constructor() {
    window.addEventListener('eip6963:announceProvider', (event) => {
      const { info, provider } = (event as CustomEvent<Announcement>).detail;
      const icon = /^data:image\//.test(info.icon) ? info.icon : null;
      const option = { id: info.uuid, name: info.name, icon, provider: async () => provider };
      this.announced.update((known) => [...known.filter((one) => one.id !== option.id), option]);
    });
    window.dispatchEvent(new Event('eip6963:requestProvider'));
  }

  /** An account of the embedded chain by its number; nothing of it exists on any other chain. */
  demo(number: number, name: string): WalletOption {
    const provider = async (): Promise<EIP1193Provider> => {
      const network = this.networks.network();
      if (!network?.isEmbedded) throw new Error('accounts for trying out exist on the embedded chain alone');
      const { demoProvider } = await import('./demo-provider');
      return demoProvider(network.rpcUrl, number);
    };
    return { id: `demo-${number}`, name, icon: null, provider };
  }
}
