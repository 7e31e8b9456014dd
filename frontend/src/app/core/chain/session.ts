/** Sessions as the chain tells them: parameters, state, and everything that its events say, folded into one view. */

import { decodeAbiParameters } from 'viem';

import type { BookOrder, Order, OrderRules } from '../market/orders';
import type { DatasetVersion, SlotResult, Totals } from '../market/outcome';
import type { Hex } from '../market/units';
import type { ChainEvent } from './chain';

export enum SessionState {
  Unknown,
  Commit,
  Reveal,
  Clearing,
  Challenge,
  Delivery,
  Objection,
  Execution,
  Closed,
  Cancelled,
}

export enum PositionState {
  None,
  Committed,
  Revealed,
  Ended,
}

export interface SessionParameters {
  readonly commitDeadline: number;
  readonly revealDeadline: number;
  readonly depositFixed: bigint;
  readonly depositBps: number;
  readonly mostOrders: number;
  readonly slotCount: number;
  readonly slotSeconds: number;
  readonly missingAllowance: number;
  readonly toleranceBps: number;
  readonly floorPrice: bigint;
  readonly capPrice: bigint;
  readonly penaltyPrice: bigint;
  readonly smallestOrder: bigint;
  readonly challengeWindow: number;
  readonly executionTimeout: number;
  readonly deliveryStart: number;
  readonly settlementTimeout: number;
}

export interface Position {
  readonly digest: Hex;
  readonly lock: bigint;
  readonly debitBound: bigint;
  readonly firstIndex: number;
  readonly orderCount: number;
  readonly state: PositionState;
  readonly creditBound: bigint;
}

export interface Commitment {
  readonly trader: Hex;
  readonly commitment: Hex;
  readonly maxLock: bigint;
  readonly deposit: bigint;
  readonly envelope: Hex;
  readonly transaction: Hex;
}

export interface Reveal {
  readonly trader: Hex;
  readonly firstIndex: number;
  readonly lock: bigint;
  readonly orders: readonly Order[];
  readonly transaction: Hex;
}

export interface PostedOutcome {
  readonly round: number;
  readonly operator: Hex;
  readonly answer: Hex;
  readonly dataCid: string;
  readonly slots: Hex;
  readonly transaction: Hex;
}

export interface PostedSettlement {
  readonly round: number;
  readonly operator: Hex;
  readonly answer: Hex;
  readonly root: Hex;
  readonly totals: Totals;
  readonly versions: readonly DatasetVersion[];
  readonly dataCid: string;
  readonly transaction: Hex;
}

export interface Execution extends Totals {
  readonly trader: Hex;
  readonly unlocked: bigint;
  readonly transaction: Hex;
}

/** What the events of one session add up to. */
export interface SessionStory {
  readonly commitments: readonly Commitment[];
  readonly reveals: readonly Reveal[];
  readonly outcomes: readonly PostedOutcome[];
  readonly settlements: readonly PostedSettlement[];
  readonly executions: readonly Execution[];
  readonly voided: number;
}

const RESULT_COMPONENTS = [
  { name: 'price', type: 'uint64' },
  { name: 'lo', type: 'uint64' },
  { name: 'hi', type: 'uint64' },
  { name: 'loWitness', type: 'uint32' },
  { name: 'hiWitness', type: 'uint32' },
  { name: 'volume', type: 'uint64' },
  { name: 'orderCount', type: 'uint32' },
  { name: 'root', type: 'bytes32' },
  { name: 'buyFilled', type: 'uint64' },
  { name: 'sellFilled', type: 'uint64' },
  { name: 'marginBuyQuantity', type: 'uint64' },
  { name: 'marginBuyFilled', type: 'uint64' },
  { name: 'marginSellQuantity', type: 'uint64' },
  { name: 'marginSellFilled', type: 'uint64' },
] as const satisfies readonly { name: keyof SlotResult; type: string }[];

/** The results per slot that a posted outcome carries. */
export function resultsOf(posted: PostedOutcome): readonly SlotResult[] {
  return decodeAbiParameters([{ type: 'tuple[]', components: RESULT_COMPONENTS }], posted.slots)[0];
}

export function orderRules(parameters: SessionParameters): OrderRules {
  const { slotCount, floorPrice, capPrice, smallestOrder, mostOrders } = parameters;
  return { slotCount, floorPrice, capPrice, smallestOrderWh: smallestOrder, mostOrders };
}

/** The deposit that a commitment locking `maxLock` puts down: the fixed one or the share, rounded up. */
export function depositFor(parameters: SessionParameters, maxLock: bigint): bigint {
  const share = (maxLock * BigInt(parameters.depositBps) + 9_999n) / 10_000n;
  return share > parameters.depositFixed ? share : parameters.depositFixed;
}

export function deliveryEnd(parameters: SessionParameters): number {
  return parameters.deliveryStart + parameters.slotCount * parameters.slotSeconds;
}

export function slotStart(parameters: SessionParameters, slot: number): number {
  return parameters.deliveryStart + slot * parameters.slotSeconds;
}

/** The story of a session, from its events in the chain's order. */
export function storyOf(events: readonly ChainEvent[]): SessionStory {
  const commitments = new Map<Hex, Commitment>();
  const [reveals, outcomes, settlements, executions]: [Reveal[], PostedOutcome[], PostedSettlement[], Execution[]] = [
    [],
    [],
    [],
    [],
  ];
  let voided = 0;
  for (const event of events) {
    const args = { ...event.args, transaction: event.transaction };
    const trader = lower(event.args['trader']);
    if (event.name === 'CommitmentSubmitted') commitments.set(trader, { ...(args as unknown as Commitment), trader });
    else if (event.name === 'CommitmentWithdrawn') commitments.delete(trader);
    else if (event.name === 'OrdersRevealed') {
      const reveal = args as unknown as Reveal;
      reveals.push({ ...reveal, trader, firstIndex: Number(reveal.firstIndex) });
    } else if (event.name === 'OutcomePosted') outcomes.push(numberedRound(args as unknown as PostedOutcome));
    else if (event.name === 'SettlementPosted') settlements.push(numberedRound(args as unknown as PostedSettlement));
    else if (event.name === 'Executed') executions.push({ ...(args as unknown as Execution), trader });
    else if (event.name === 'OutcomeVoided') voided += 1;
  }
  return { commitments: [...commitments.values()], reveals, outcomes, settlements, executions, voided };
}

/** The revealed orders by ascending index, as clearing takes them. */
export function bookOf(story: SessionStory): BookOrder[] {
  return story.reveals.flatMap((reveal) =>
    reveal.orders.map((order, at) => ({
      index: reveal.firstIndex + at,
      trader: reveal.trader,
      slot: order.slot,
      isBuy: order.isBuy,
      quantityWh: order.quantityWh,
      limitPrice: order.limitPrice,
    })),
  );
}

function numberedRound<T extends { readonly round: number }>(posted: T): T {
  return { ...posted, round: Number(posted.round) };
}

function lower(address: unknown): Hex {
  return String(address ?? '').toLowerCase() as Hex;
}
