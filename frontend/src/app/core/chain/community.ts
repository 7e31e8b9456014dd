/** The community that is looked at: its contracts, as it names them itself, and what they know. */

import { computed, inject, Injectable, resource } from '@angular/core';

import type { Hex } from '../market/units';
import { ChainService } from './chain';
import { communityAbi, communityTokenAbi, marketplaceAbi, settlementEuroAbi } from './generated/abis';
import { NetworkService } from './network';

export interface Contracts {
  readonly community: Hex;
  readonly treasury: Hex;
  readonly token: Hex;
  readonly sessions: Hex;
  readonly marketplace: Hex;
  readonly quorum: Hex;
  readonly notary: Hex;
  readonly rewards: Hex;
  readonly desk: Hex;
  readonly services: Hex;
  readonly purchases: Hex;
  readonly loans: Hex;
  readonly works: Hex;
  readonly euro: Hex;
}

export interface Community {
  readonly name: string;
  readonly tokenSymbol: string;
  readonly chainId: number;
  readonly firstBlock: number;
  readonly contracts: Contracts;
}

export interface Funds {
  readonly balance: bigint;
  readonly locked: bigint;
  readonly free: bigint;
}

export enum MemberStatus {
  None,
  Applied,
  Active,
  Suspended,
  Left,
  Replaced,
}

export interface Member {
  readonly memberId: Hex;
  readonly adhesionHash: Hex;
  readonly kind: number;
  readonly profile: number;
  readonly status: MemberStatus;
}

@Injectable({ providedIn: 'root' })
export class CommunityService {
  private readonly networks = inject(NetworkService);
  private readonly chain = inject(ChainService);

  private readonly found = resource({
    params: () => {
      const [client, known] = [this.chain.client(), this.networks.community()];
      return client && known && this.chain.rpc() === 'up' ? { client, known } : undefined;
    },
    loader: async ({ params: { client, known } }): Promise<Community> => {
      const at = { address: known.address, abi: communityAbi } as const;
      const [name, contracts, chainId] = await Promise.all([
        client.readContract({ ...at, functionName: 'name' }),
        client.readContract({ ...at, functionName: 'contracts' }),
        client.getChainId(),
      ]);
      const [euro, tokenSymbol] = await Promise.all([
        client.readContract({
          address: contracts.marketplace,
          abi: marketplaceAbi,
          functionName: 'settlementToken',
        }),
        client.readContract({ address: contracts.token, abi: communityTokenAbi, functionName: 'symbol' }),
      ]);
      return { name, tokenSymbol, chainId, firstBlock: known.createdBlock, contracts: { ...contracts, euro } };
    },
  });

  readonly community = computed<Community | null>(() => (this.found.hasValue() ? this.found.value() : null));
  readonly failure = computed(() => this.found.error() ?? null);

  /** The community, once it is known; for actions that cannot begin without it. */
  require(): Community {
    const community = this.community();
    if (!community) throw new Error($localize`The community has not been read from the chain yet.`);
    return community;
  }

  async funds(account: Hex): Promise<Funds> {
    const { marketplace } = this.require().contracts;
    const [balance, locked, free] = await this.chain.require().readContract({
      address: marketplace,
      abi: marketplaceAbi,
      functionName: 'checkFunds',
      args: [account],
    });
    return { balance, locked, free };
  }

  async euroBalance(account: Hex): Promise<bigint> {
    const address = this.require().contracts.euro;
    const call = { address, abi: settlementEuroAbi, functionName: 'balanceOf', args: [account] } as const;
    return this.chain.require().readContract(call);
  }

  async tokenBalance(account: Hex): Promise<bigint> {
    const address = this.require().contracts.token;
    const call = { address, abi: communityTokenAbi, functionName: 'balanceOf', args: [account] } as const;
    return this.chain.require().readContract(call);
  }

  async member(wallet: Hex): Promise<Member> {
    const address = this.require().contracts.community;
    const call = { address, abi: communityAbi, functionName: 'memberOf', args: [wallet] } as const;
    return this.chain.require().readContract(call);
  }

  async hasRole(role: Hex, account: Hex): Promise<boolean> {
    const address = this.require().contracts.community;
    const call = { address, abi: communityAbi, functionName: 'hasRole', args: [role, account] } as const;
    return this.chain.require().readContract(call);
  }
}
