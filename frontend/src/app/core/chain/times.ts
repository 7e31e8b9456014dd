/** When blocks were made; each is asked for once. */

import type { PublicClient } from 'viem';

import type { ChainEvent } from './chain';

/** An event with the time of its block. */
export interface TimedEvent extends ChainEvent {
  readonly at: number;
}

export async function timed(client: PublicClient, events: readonly ChainEvent[]): Promise<TimedEvent[]> {
  const blocks = [...new Set(events.map((event) => event.block))];
  const found = await Promise.all(blocks.map((block) => client.getBlock({ blockNumber: BigInt(block) })));
  const times = new Map(found.map((block) => [Number(block.number), Number(block.timestamp)]));
  return events.map((event) => ({ ...event, at: times.get(event.block) ?? 0 }));
}
