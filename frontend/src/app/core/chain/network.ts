/** Which chain and communities there are: told by the service that serves this page, or named by an auditor. */

import { computed, Injectable, signal } from '@angular/core';
import { isAddress } from 'viem';

import type { Hex } from '../market/units';

export interface KnownCommunity {
  readonly name: string;
  readonly address: Hex;
  readonly createdBlock: number;
}

export interface Network {
  readonly chainId: number;
  readonly rpcUrl: string;
  readonly name: string;
  readonly isEmbedded: boolean;
  readonly communities: readonly KnownCommunity[];
  readonly factory: Hex | null;
}

interface NetworkAnswer {
  readonly network: string;
  readonly chain_id: number | string;
  readonly rpc_url: string;
  readonly embedded: boolean;
  readonly contracts: Readonly<Record<string, Hex>>;
  readonly communities: readonly {
    readonly name: string;
    readonly created_block: number | string;
    readonly contracts: { readonly community: Hex };
  }[];
}

/** Kept between visits: no secret, an address of a node and which community was looked at. */
const RPC_KEY = 'commonwatt.rpc';
const COMMUNITY_KEY = 'commonwatt.community';
export const EMBEDDED_CHAIN_ID = 31337;

@Injectable({ providedIn: 'root' })
export class NetworkService {
  private readonly told = signal<Network | null>(null);
  /** An RPC that the reader named, in place of the service's. */
  readonly ownRpc = signal<string | null>(localStorage.getItem(RPC_KEY));
  private readonly chosen = signal<string | null>(localStorage.getItem(COMMUNITY_KEY));
  readonly failure = signal<string | null>(null);

  readonly network = computed(() => this.told());
  readonly rpcUrl = computed(() => this.ownRpc() ?? this.told()?.rpcUrl ?? null);
  readonly community = computed<KnownCommunity | null>(() => {
    const communities = this.told()?.communities ?? [];
    return communities.find((known) => known.address === this.chosen()) ?? communities[0] ?? null;
  });

  /** Ask the service; without it the page still reads any chain whose RPC and community are named. */
  async load(): Promise<void> {
    try {
      const response = await fetch('/v1/config', { headers: { accept: 'application/json' } });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      this.told.set(networkOf((await response.json()) as NetworkAnswer));
      this.failure.set(null);
    } catch (error) {
      this.failure.set(error instanceof Error ? error.message : String(error));
    }
  }

  /** Read through another node; an empty text goes back to the service's. */
  useRpc(url: string | null): void {
    this.ownRpc.set(url || null);
    if (url) localStorage.setItem(RPC_KEY, url);
    else localStorage.removeItem(RPC_KEY);
  }

  choose(community: Hex): void {
    this.chosen.set(community);
    localStorage.setItem(COMMUNITY_KEY, community);
  }

  /** Look at a community that no service told of. */
  addCommunity(address: string, chainId: number, rpcUrl: string): void {
    if (!isAddress(address)) throw new RangeError(address);
    const lower = address.toLowerCase() as Hex;
    const before = this.told();
    const known = { name: lower, address: lower, createdBlock: 0 };
    const communities = [...(before?.communities ?? []).filter((one) => one.address !== lower), known];
    this.told.set(
      before
        ? { ...before, communities }
        : { chainId, rpcUrl, name: `chain ${chainId}`, isEmbedded: false, communities, factory: null },
    );
    this.useRpc(rpcUrl);
    this.choose(lower);
  }
}

function networkOf(answer: NetworkAnswer): Network {
  const chainId = Number(answer.chain_id);
  return {
    chainId,
    rpcUrl: answer.rpc_url,
    name: answer.network,
    isEmbedded: answer.embedded && chainId === EMBEDDED_CHAIN_ID,
    factory: answer.contracts['CommunityFactory'] ?? null,
    communities: answer.communities.map((community) => ({
      name: community.name,
      address: community.contracts.community.toLowerCase() as Hex,
      createdBlock: Number(community.created_block),
    })),
  };
}
