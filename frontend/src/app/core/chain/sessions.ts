/** Reads sessions of the community from the chain. */

import { inject, Injectable } from '@angular/core';

import type { Hex } from '../market/units';
import { ChainService, topicOf, wordOf, wordOfAddress, type ChainEvent } from './chain';
import { CommunityService } from './community';
import { marketplaceAbi, oracleQuorumAbi, sessionHandlerAbi } from './generated/abis';
import { storyOf, type Position, type SessionParameters, type SessionState, type SessionStory } from './session';

export interface SessionRow {
  readonly id: number;
  readonly state: SessionState;
  readonly parameters: SessionParameters;
}

/** An answer that k operators gave, and when it is final; null where there is none. */
export interface Accepted {
  readonly answer: Hex;
  readonly finalAt: number;
}

export interface SessionBook {
  readonly orderCount: number;
  readonly traders: number;
  readonly executed: number;
  readonly round: number;
  readonly pot: bigint;
  readonly locks: bigint;
  readonly executionDeadline: number;
  readonly settlementRoot: Hex;
}

/** Everything about one session that the chain knows. */
export interface SessionDetail extends SessionRow {
  readonly book: SessionBook;
  readonly story: SessionStory;
  readonly outcomeQuestion: Hex;
  readonly settlementQuestion: Hex;
  readonly outcome: Accepted | null;
  readonly settlement: Accepted | null;
  readonly outcomeVoters: readonly Hex[];
  readonly settlementVoters: readonly Hex[];
  readonly threshold: number;
  readonly operators: readonly Hex[];
}

const STORY_EVENTS = [
  'CommitmentSubmitted',
  'CommitmentWithdrawn',
  'OrdersRevealed',
  'OutcomePosted',
  'OutcomeVoided',
  'SettlementPosted',
  'Executed',
].map((name) => topicOf(marketplaceAbi, name));
const VOTES = ['Attested', 'VoteWithdrawn'].map((name) => topicOf(oracleQuorumAbi, name));
const NO_ANSWER: Hex = `0x${'00'.repeat(32)}`;

@Injectable({ providedIn: 'root' })
export class SessionsService {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);

  async count(): Promise<number> {
    const address = this.communities.require().contracts.sessions;
    const call = { address, abi: sessionHandlerAbi, functionName: 'sessionCount' } as const;
    return Number(await this.chain.require().readContract(call));
  }

  /** The sessions numbered `ids`. */
  async rows(ids: readonly number[]): Promise<SessionRow[]> {
    const client = this.chain.require();
    const at = { address: this.communities.require().contracts.sessions, abi: sessionHandlerAbi } as const;
    return Promise.all(
      ids.map(async (id) => {
        const args = [BigInt(id)] as const;
        const [state, parameters] = await Promise.all([
          client.readContract({ ...at, functionName: 'stateOf', args }),
          client.readContract({ ...at, functionName: 'parametersOf', args }),
        ]);
        const { floorPrice, capPrice, penaltyPrice, smallestOrder } = parameters;
        const figures = {
          floorPrice: BigInt(floorPrice),
          capPrice: BigInt(capPrice),
          penaltyPrice: BigInt(penaltyPrice),
          smallestOrder: BigInt(smallestOrder),
        };
        return { id, state, parameters: { ...parameters, ...figures } };
      }),
    );
  }

  /** The latest sessions, the newest first. */
  async latest(most: number): Promise<SessionRow[]> {
    const count = await this.count();
    const ids = Array.from({ length: Math.min(most, count) }, (_, at) => count - at);
    return this.rows(ids);
  }

  async position(id: number, trader: Hex): Promise<Position> {
    const address = this.communities.require().contracts.marketplace;
    const call = { address, abi: marketplaceAbi, functionName: 'positionOf', args: [BigInt(id), trader] } as const;
    return this.chain.require().readContract(call);
  }

  async story(id: number): Promise<SessionStory> {
    const { contracts, firstBlock } = this.communities.require();
    const topics = [STORY_EVENTS, wordOf(BigInt(id))];
    return storyOf(await this.chain.events([contracts.marketplace], topics, firstBlock));
  }

  /** Everything that a trader did or was done to in any session: market events that name the trader. */
  async eventsOfTrader(trader: Hex): Promise<ChainEvent[]> {
    const { contracts, firstBlock } = this.communities.require();
    const names = ['CommitmentSubmitted', 'OrdersRevealed', 'Executed', 'DepositForfeited', 'LockReleased'];
    const topics = [names.map((name) => topicOf(marketplaceAbi, name)), null, wordOfAddress(trader)];
    return this.chain.events([contracts.marketplace], topics, firstBlock);
  }

  async detail(id: number): Promise<SessionDetail> {
    const client = this.chain.require();
    const { contracts } = this.communities.require();
    const market = { address: contracts.marketplace, abi: marketplaceAbi } as const;
    const args = [BigInt(id)] as const;
    const [[row], story, book, outcomeQuestion, settlementQuestion, setId] = await Promise.all([
      this.rows([id]),
      this.story(id),
      client.readContract({ ...market, functionName: 'bookOf', args }),
      client.readContract({ ...market, functionName: 'outcomeQuestion', args }),
      client.readContract({ ...market, functionName: 'settlementQuestion', args }),
      client.readContract({ address: contracts.sessions, abi: sessionHandlerAbi, functionName: 'operatorSetOf', args }),
    ]);
    const quorum = { address: contracts.quorum, abi: oracleQuorumAbi } as const;
    const [outcome, settlement, outcomeVotes, settlementVotes, operators] = await Promise.all([
      this.accepted(outcomeQuestion),
      this.accepted(settlementQuestion),
      this.votes(outcomeQuestion),
      this.votes(settlementQuestion),
      client.readContract({ ...quorum, functionName: 'operatorSet', args: [BigInt(setId)] }),
    ]);
    return {
      ...row,
      book,
      story,
      outcomeQuestion,
      settlementQuestion,
      outcome,
      settlement,
      outcomeVoters: votersFor(outcomeVotes, outcome),
      settlementVoters: votersFor(settlementVotes, settlement),
      threshold: operators.terms.threshold,
      operators: operators.operators,
    };
  }

  private async accepted(question: Hex): Promise<Accepted | null> {
    const address = this.communities.require().contracts.quorum;
    const call = { address, abi: oracleQuorumAbi, functionName: 'acceptedAnswer', args: [question] } as const;
    const [answer, finalAt] = await this.chain.require().readContract(call);
    return answer === NO_ANSWER ? null : { answer, finalAt: Number(finalAt) };
  }

  private async votes(question: Hex): Promise<ChainEvent[]> {
    const { contracts, firstBlock } = this.communities.require();
    return this.chain.events([contracts.quorum], [VOTES, question], firstBlock);
  }
}

function votersFor(votes: readonly ChainEvent[], accepted: Accepted | null): Hex[] {
  const standing = new Set<Hex>();
  for (const vote of votes) {
    if (vote.args['answer'] !== accepted?.answer) continue;
    const operator = vote.args['operator'] as Hex;
    if (vote.name === 'Attested') standing.add(operator);
    else standing.delete(operator);
  }
  return [...standing];
}
