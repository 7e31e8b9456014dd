/** The chain, read directly: blocks, calls and logs through an RPC that the reader may name. */

import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import {
  createPublicClient,
  custom,
  decodeEventLog,
  http,
  numberToHex,
  toEventHash,
  type Abi,
  type AbiEvent,
  type EIP1193Provider,
  type PublicClient,
} from 'viem';

import { LiveService } from '../api/live';
import type { Hex } from '../market/units';
import { EVENT_ABIS } from './event-abis';
import { NetworkService } from './network';

/** One decoded event with where it stands on the chain. */
export interface ChainEvent {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly address: Hex;
  readonly block: number;
  readonly transaction: Hex;
  readonly logIndex: number;
}

export interface Head {
  readonly number: number;
  readonly timestamp: number;
  /** `performance.now()` when it was learnt. */
  readonly seenAt: number;
}

export type RpcState = 'unknown' | 'up' | 'down' | 'other-chain';

/** Besu answers at most so many blocks of logs at once. */
const MOST_BLOCKS = 5000;
const POLL_MS = 2000;
/** How often it is looked after all while the service tells of new blocks. */
const QUIET_POLL_MS = 10_000;

@Injectable({ providedIn: 'root' })
export class ChainService {
  private readonly networks = inject(NetworkService);
  private readonly live = inject(LiveService);
  private readonly ticks = signal(performance.now());
  readonly head = signal<Head | null>(null);
  readonly rpc = signal<RpcState>('unknown');

  /** A wallet that answers in place of an RPC, where the reader wants to trust nobody else. */
  readonly throughWallet = signal<EIP1193Provider | null>(null);

  readonly client = computed<PublicClient | null>(() => {
    const wallet = this.throughWallet();
    if (wallet) return createPublicClient({ transport: custom(wallet), pollingInterval: 1000, cacheTime: 0 });
    const url = this.networks.rpcUrl();
    if (!url) return null;
    const transport = http(url, { batch: { batchSize: 200, wait: 8 }, retryCount: 1, timeout: 20_000 });
    return createPublicClient({ transport, pollingInterval: 1000, cacheTime: 0 });
  });

  /** Whoever names a node of their own does not wait for the service to tell them of blocks. */
  private readonly pollMs = computed(() => {
    const isServices = this.networks.ownRpc() === null && this.throughWallet() === null;
    return isServices && this.live.isOpen() && this.rpc() === 'up' ? QUIET_POLL_MS : POLL_MS;
  });

  /** The chain's time now: the latest block's, and what has passed since it was seen. */
  readonly now = computed(() => {
    const head = this.head();
    return head ? head.timestamp + Math.max(0, Math.floor((this.ticks() - head.seenAt) / 1000)) : 0;
  });

  constructor() {
    setInterval(() => this.ticks.set(performance.now()), 1000);
    effect(() => {
      const client = this.client();
      if (!client) return;
      this.rpc.set('unknown');
      void this.poll(client);
    });
    effect((onCleanup) => {
      const timer = setInterval(() => void this.refresh(), this.pollMs());
      onCleanup(() => clearInterval(timer));
    });
    effect(() => {
      if (this.live.head()) void untracked(() => this.refresh());
    });
  }

  /** The client; throws where no RPC is known. */
  require(): PublicClient {
    const client = this.client();
    if (!client) throw new Error($localize`No node of the chain is known. Name one under “Network”.`);
    return client;
  }

  /** Look at the head now, so that what follows a transaction is not a poll late. */
  async refresh(): Promise<void> {
    const client = this.client();
    if (client) await this.poll(client);
  }

  /** Events of `addresses` whose topics match, over all blocks since `firstBlock`, in the chain's order. */
  async events(
    addresses: readonly Hex[],
    topics: readonly (Hex | readonly Hex[] | null)[],
    firstBlock: number,
    lastBlock?: number,
  ): Promise<ChainEvent[]> {
    const client = this.require();
    const last = lastBlock ?? Number(await client.getBlockNumber());
    const ranges: Promise<readonly RawLog[]>[] = [];
    for (let from = firstBlock; from <= last; from += MOST_BLOCKS) {
      const filter = {
        address: [...addresses],
        topics: topics.map((topic) => (Array.isArray(topic) ? [...topic] : topic)) as Hex[],
        fromBlock: numberToHex(from),
        toBlock: numberToHex(Math.min(last, from + MOST_BLOCKS - 1)),
      };
      ranges.push(client.request({ method: 'eth_getLogs', params: [filter] }) as Promise<readonly RawLog[]>);
    }
    const logs = (await Promise.all(ranges)).flat();
    return logs.flatMap((log) => decodeLog(log) ?? []);
  }

  private async poll(client: PublicClient): Promise<void> {
    try {
      const [chainId, block, pending] = await Promise.all([
        client.getChainId(),
        client.getBlock(),
        pendingTime(client),
      ]);
      if (client !== this.client()) return;
      const expected = this.networks.network()?.chainId;
      if (expected !== undefined && expected !== chainId) {
        this.rpc.set('other-chain');
        return;
      }
      const timestamp = Math.max(Number(block.timestamp), pending);
      this.head.set({ number: Number(block.number), timestamp, seenAt: performance.now() });
      this.rpc.set('up');
    } catch {
      if (client === this.client()) this.rpc.set('down');
    }
  }
}

/** When the next block would be, where the node says so: a chain that waits for transactions has an old head. */
async function pendingTime(client: PublicClient): Promise<number> {
  try {
    return Number((await client.getBlock({ blockTag: 'pending' })).timestamp);
  } catch {
    return 0;
  }
}

export interface RawLog {
  readonly address: Hex;
  readonly topics: [Hex, ...Hex[]];
  readonly data: Hex;
  readonly blockNumber: Hex;
  readonly transactionHash: Hex;
  readonly logIndex: Hex;
}

const EVENTS = new Map<Hex, AbiEvent>();
for (const abi of EVENT_ABIS) {
  for (const item of abi) if (item.type === 'event') EVENTS.set(toEventHash(item), item);
}

/** The topic of an event by its name, in the contract of `abi`. */
export function topicOf(abi: Abi, name: string): Hex {
  const event = abi.find((item): item is AbiEvent => item.type === 'event' && item.name === name);
  if (!event) throw new Error(`there is no event ${name}`);
  return toEventHash(event);
}

export function decodeLog(log: RawLog): ChainEvent | null {
  const event = EVENTS.get(log.topics[0]);
  if (!event) return null;
  const decoded = decodeEventLog({ abi: [event], topics: log.topics, data: log.data });
  return {
    name: event.name,
    args: (decoded.args ?? {}) as unknown as Readonly<Record<string, unknown>>,
    address: log.address,
    block: Number(log.blockNumber),
    transaction: log.transactionHash,
    logIndex: Number(log.logIndex),
  };
}

export function wordOf(value: bigint): Hex {
  return numberToHex(value, { size: 32 });
}

export function wordOfAddress(address: Hex): Hex {
  return `0x${address.slice(2).toLowerCase().padStart(64, '0')}`;
}
