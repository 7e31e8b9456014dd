/** The operators' votes as the quorum's events tell them: which question, which answers, and who backs each. */

import type { Hex } from '../market/units';
import type { ChainEvent } from './chain';

export interface Ballot {
  readonly question: Hex;
  /** Answer → the operators that back it now, by the order of their votes. */
  readonly answers: ReadonlyMap<Hex, readonly Hex[]>;
  readonly accepted: Hex | null;
  /** When the accepted answer is final. */
  readonly finalAt: number | null;
  readonly lastBlock: number;
}

export const BALLOT_EVENTS = [
  'Attested',
  'VoteWithdrawn',
  'Accepted',
  'AcceptanceRevoked',
  'WindowExtended',
  'AnswerVoided',
] as const;

/** The ballots by their questions, from the quorum's events in the chain's order. */
export function ballotsOf(events: readonly ChainEvent[]): Map<Hex, Ballot> {
  const ballots = new Map<Hex, Ballot>();
  for (const event of events) {
    const question = event.args['question'] as Hex;
    const before = ballots.get(question) ?? {
      question,
      answers: new Map(),
      accepted: null,
      finalAt: null,
      lastBlock: event.block,
    };
    ballots.set(question, { ...before, ...changed(before, event), lastBlock: event.block });
  }
  return ballots;
}

function changed(ballot: Ballot, event: ChainEvent): Partial<Ballot> {
  const [answer, operator] = [event.args['answer'] as Hex, String(event.args['operator'] ?? '').toLowerCase() as Hex];
  const others = (ballot.answers.get(answer) ?? []).filter((one) => one !== operator);
  const finalAt = Number(event.args['finalAt'] ?? 0);
  switch (event.name) {
    case 'Attested':
      return { answers: new Map([...ballot.answers, [answer, [...others, operator]]]) };
    case 'VoteWithdrawn':
      return {
        answers: new Map([...new Map([...ballot.answers, [answer, others]])].filter(([, voters]) => voters.length > 0)),
      };
    case 'Accepted':
      return { accepted: answer, finalAt };
    case 'WindowExtended':
      return { finalAt };
    default:
      return { accepted: null, finalAt: null };
  }
}

/** The answer that an operator backs; null where it backs none. */
export function answerOf(ballot: Ballot, operator: Hex): Hex | null {
  for (const [answer, voters] of ballot.answers) if (voters.includes(operator.toLowerCase() as Hex)) return answer;
  return null;
}
