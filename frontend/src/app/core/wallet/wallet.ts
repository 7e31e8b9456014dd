/** The one wallet of the page: who is connected, on which chain, and what it is asked to sign. Nothing is stored. */

import { computed, inject, Injectable, signal } from '@angular/core';
import { numberToHex, stringToHex, type EIP1193Provider, type TypedDataDefinition } from 'viem';

import { ChainService } from '../chain/chain';
import { NetworkService } from '../chain/network';
import type { Hex } from '../market/units';
import type { WalletOption } from './discovery';

/** The reader said no in the wallet: nothing has gone wrong, and nothing has happened. */
export class RefusedByUser extends Error {
  constructor() {
    super($localize`You declined in your wallet. Nothing has been sent.`);
  }
}

export interface Connection {
  readonly option: WalletOption;
  readonly provider: EIP1193Provider;
  readonly account: Hex;
  readonly chainId: number;
}

interface ProviderError {
  readonly code?: number | string;
  readonly message?: string;
  readonly cause?: unknown;
}

@Injectable({ providedIn: 'root' })
export class WalletService {
  private readonly networks = inject(NetworkService);
  private readonly chain = inject(ChainService);
  readonly connection = signal<Connection | null>(null);
  readonly isConnecting = signal(false);

  readonly account = computed(() => this.connection()?.account ?? null);
  readonly isOnNetwork = computed(() => {
    const [connection, network] = [this.connection(), this.networks.network()];
    return connection !== null && network !== null && connection.chainId === network.chainId;
  });

  async connect(option: WalletOption): Promise<void> {
    this.isConnecting.set(true);
    try {
      const provider = await option.provider();
      const [account] = (await asked(provider, 'eth_requestAccounts')) as Hex[];
      const chainId = Number(await asked(provider, 'eth_chainId'));
      this.connection.set({ option, provider, account: lower(account), chainId });
      this.follow(provider);
    } finally {
      this.isConnecting.set(false);
    }
  }

  disconnect(): void {
    this.chain.throughWallet.set(null);
    this.connection.set(null);
  }

  /** Bring the wallet to the community's chain, adding it where the wallet does not know it. */
  async switchNetwork(): Promise<void> {
    const [{ provider }, network] = [this.require(), this.networks.network()];
    if (!network) return;
    const chainId = numberToHex(network.chainId);
    try {
      await asked(provider, 'wallet_switchEthereumChain', [{ chainId }]);
    } catch (error) {
      if ((error as ProviderError).code !== 4902) throw error;
      const nativeCurrency = { name: 'No fee', symbol: 'NONE', decimals: 18 };
      const rpcUrls = [network.rpcUrl];
      const chainName = `Commonwatt ${network.name}`;
      await asked(provider, 'wallet_addEthereumChain', [{ chainId, chainName, nativeCurrency, rpcUrls }]);
    }
    const now = Number(await asked(provider, 'eth_chainId'));
    this.connection.update((connection) => connection && { ...connection, chainId: now });
  }

  /** A signature over a text, as `personal_sign` makes it. */
  async signText(text: string): Promise<Hex> {
    const { provider, account } = this.require();
    return (await asked(provider, 'personal_sign', [stringToHex(text), account])) as Hex;
  }

  /** A signature over typed data (EIP-712); `domain` belongs to the types, as wallets want it. */
  async signTyped(data: TypedDataDefinition): Promise<Hex> {
    const { provider, account } = this.require();
    const written = JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
    return (await asked(provider, 'eth_signTypedData_v4', [account, written])) as Hex;
  }

  /** Hand a call to the wallet with both fees 0, as the chain asks none, and a gas limit that does not depend on time. */
  async send(to: Hex, data: Hex, gas: bigint): Promise<Hex> {
    const { provider, account } = this.require();
    const fees = { maxFeePerGas: '0x0', maxPriorityFeePerGas: '0x0', value: '0x0' };
    const transaction = { from: account, to, data, gas: numberToHex(gas), ...fees };
    return (await asked(provider, 'eth_sendTransaction', [transaction])) as Hex;
  }

  /** The connection, for what needs one. */
  require(): Connection {
    const connection = this.connection();
    if (!connection) throw new Error($localize`Connect a wallet first.`);
    return connection;
  }

  private follow(provider: EIP1193Provider): void {
    const isCurrent = (): boolean => this.connection()?.provider === provider;
    provider.on('accountsChanged', (accounts: readonly string[]) => {
      if (!isCurrent()) return;
      if (accounts.length === 0) this.disconnect();
      else this.connection.update((found) => found && { ...found, account: lower(accounts[0]) });
    });
    provider.on('chainChanged', (chainId: string) => {
      if (isCurrent()) this.connection.update((found) => found && { ...found, chainId: Number(chainId) });
    });
    provider.on('disconnect', () => {
      if (isCurrent()) this.disconnect();
    });
  }
}

async function asked(provider: EIP1193Provider, method: string, params?: unknown[]): Promise<unknown> {
  try {
    return await provider.request({ method, params } as never);
  } catch (error) {
    if (isRefusal(error)) throw new RefusedByUser();
    throw error;
  }
}

/** Code 4001 of EIP-1193, wherever the wallet or a library has put it. */
function isRefusal(error: unknown): boolean {
  let found = error as ProviderError | undefined;
  while (typeof found === 'object' && found !== null) {
    if (found.code === 4001 || found.code === 'ACTION_REJECTED') return true;
    found = found.cause as ProviderError | undefined;
  }
  return false;
}

function lower(address: string): Hex {
  return address.toLowerCase() as Hex;
}
