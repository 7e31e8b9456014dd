/** What the chain tells of the operators: the set in force, every vote, and the datasets they posted. */

import { inject, Injectable } from '@angular/core';

import { answerOf, BALLOT_EVENTS, ballotsOf, type Ballot } from '../../core/chain/ballots';
import { ChainService, topicOf, type ChainEvent } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { measurementNotaryAbi, oracleQuorumAbi } from '../../core/chain/generated/abis';
import { SessionsService, type SessionDetail } from '../../core/chain/sessions';
import type { Hex } from '../../core/market/units';

const RECENT_SESSIONS = 6;
const RECENT_DATASETS = 30;

export interface OperatorRow {
  readonly operator: Hex;
  readonly bond: bigint;
  readonly stakes: number;
  /** Questions with an accepted answer that it answered, and those to which it gave another answer. */
  readonly answered: number;
  readonly differed: number;
  /** The block of its latest vote. */
  readonly lastBlock: number | null;
}

/** A version of a local day's readings; `day` counts from 1970-01-01. */
export interface DatasetRow {
  readonly day: number;
  readonly version: number;
  readonly answers: readonly PostedAnswer[];
  readonly accepted: Hex | null;
  readonly finalAt: number | null;
}

export interface PostedAnswer {
  readonly answer: Hex;
  readonly points: number;
  readonly leaves: number;
  readonly transaction: Hex;
  readonly voters: readonly Hex[];
}

export interface Oracle {
  readonly threshold: number;
  readonly leastBond: bigint;
  readonly questions: number;
  readonly operators: readonly OperatorRow[];
  readonly ballots: ReadonlyMap<Hex, Ballot>;
  readonly sessions: readonly SessionDetail[];
  readonly datasets: readonly DatasetRow[];
}

@Injectable({ providedIn: 'root' })
export class OracleService {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly sessions = inject(SessionsService);

  async read(): Promise<Oracle> {
    const [events, set, posted, sessions] = await Promise.all([
      this.votes(),
      this.operators(),
      this.posted(),
      this.recent(),
    ]);
    const ballots = ballotsOf(events);
    const datasets = datasetsOf(posted, ballots);
    const attested = events.filter((event) => event.name === 'Attested');
    const lastVotes = new Map(attested.map((vote) => [String(vote.args['operator']).toLowerCase(), vote.block]));
    const accepted = [...ballots.values()].filter((ballot) => ballot.accepted !== null);
    const operators = set.rows.map((row) => {
      const answers = accepted.map((ballot) => [answerOf(ballot, row.operator), ballot.accepted]);
      return {
        ...row,
        answered: answers.filter(([own]) => own !== null).length,
        differed: answers.filter(([own, theirs]) => own !== null && own !== theirs).length,
        lastBlock: lastVotes.get(row.operator.toLowerCase()) ?? null,
      };
    });
    const { threshold, leastBond } = set;
    return { threshold, leastBond, questions: accepted.length, operators, ballots, sessions, datasets };
  }

  private async votes(): Promise<ChainEvent[]> {
    const { contracts, firstBlock } = this.communities.require();
    const names = BALLOT_EVENTS.map((name) => topicOf(oracleQuorumAbi, name));
    return this.chain.events([contracts.quorum], [names], firstBlock);
  }

  private async posted(): Promise<ChainEvent[]> {
    const { contracts, firstBlock } = this.communities.require();
    const topic = topicOf(measurementNotaryAbi, 'DatasetPosted');
    return this.chain.events([contracts.notary], [[topic]], firstBlock);
  }

  private async recent(): Promise<SessionDetail[]> {
    const count = await this.sessions.count();
    const ids = Array.from({ length: Math.min(RECENT_SESSIONS, count) }, (_, at) => count - at);
    return Promise.all(ids.map((id) => this.sessions.detail(id)));
  }

  private async operators(): Promise<{
    threshold: number;
    leastBond: bigint;
    rows: Pick<OperatorRow, 'operator' | 'bond' | 'stakes'>[];
  }> {
    const client = this.chain.require();
    const at = { address: this.communities.require().contracts.quorum, abi: oracleQuorumAbi } as const;
    const setId = await client.readContract({ ...at, functionName: 'currentSetId' });
    const { operators, terms } = await client.readContract({
      ...at,
      functionName: 'operatorSet',
      args: [BigInt(setId)],
    });
    const bonds = await Promise.all(
      operators.map((operator) => client.readContract({ ...at, functionName: 'bondOf', args: [operator] })),
    );
    const rows = operators.map((operator, place) => ({
      operator,
      bond: bonds[place].amount,
      stakes: bonds[place].stakes,
    }));
    return { threshold: terms.threshold, leastBond: terms.bond, rows };
  }
}

/** The latest days and versions, newest first, from the notary's events and the votes. */
export function datasetsOf(events: readonly ChainEvent[], ballots: ReadonlyMap<Hex, Ballot>): DatasetRow[] {
  const byAnswer = new Map([...ballots.values()].flatMap((one) => [...one.answers.keys()].map((key) => [key, one])));
  const rows = new Map<string, DatasetRow>();
  for (const { args, transaction } of events) {
    const { day, version, answer, dataset } = args as unknown as PostedDataset;
    const ballot = byAnswer.get(answer);
    const posted = {
      answer,
      points: dataset.points,
      leaves: Number(dataset.leaves),
      transaction,
      voters: ballot?.answers.get(answer) ?? [],
    };
    const before = rows.get(`${day}.${version}`);
    const answers = [...(before?.answers ?? []).filter((one) => one.answer !== answer), posted];
    const { accepted, finalAt } = ballot ?? before ?? { accepted: null, finalAt: null };
    rows.set(`${day}.${version}`, { day, version, answers, accepted, finalAt });
  }
  const newest = [...rows.values()].sort((a, b) => b.day - a.day || b.version - a.version);
  return newest.slice(0, RECENT_DATASETS);
}

interface PostedDataset {
  readonly day: number;
  readonly version: number;
  readonly answer: Hex;
  readonly dataset: { readonly points: number; readonly leaves: bigint };
}
