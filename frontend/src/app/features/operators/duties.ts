/** What waits for the operators, told from the chain, the most urgent first. */

import { deliveryEnd, SessionState } from '../../core/chain/session';
import type { SessionDetail } from '../../core/chain/sessions';
import { showMoment, type Language } from '../../core/text/figures';
import { dateOf } from '../rewards/days';
import type { Oracle } from './oracle';

export interface Duty {
  readonly tone: 'bad' | 'warn' | '';
  readonly text: string;
  readonly session?: number;
}

export function dutiesOf(oracle: Oracle, now: number, language: Language): Duty[] {
  const duties = [
    ...oracle.sessions.flatMap((session) => sessionDuties(session, oracle, now, language)),
    ...oracle.datasets.flatMap((row): Duty[] => {
      const day = dateOf(row.day);
      if (row.answers.length > 1) {
        return [{ tone: 'bad', text: $localize`The operators' datasets of ${day}:day: differ.` }];
      }
      return row.accepted ? [] : [{ tone: 'warn', text: $localize`The dataset of ${day}:day: waits for more votes.` }];
    }),
    ...oracle.operators
      .filter((row) => row.bond < oracle.leastBond)
      .map((row): Duty => {
        const text = $localize`The bond of ${row.operator.slice(0, 10)}:operator:… is too small to vote with: add to it.`;
        return { tone: 'bad', text };
      }),
  ];
  const order = ['bad', 'warn', ''];
  return duties.sort((a, b) => order.indexOf(a.tone) - order.indexOf(b.tone));
}

function sessionDuties(session: SessionDetail, oracle: Oracle, now: number, language: Language): Duty[] {
  const found: Duty[] = [];
  for (const question of [session.outcomeQuestion, session.settlementQuestion]) {
    const ballot = oracle.ballots.get(question);
    if (!ballot || ballot.answers.size < 2) continue;
    const until = ballot.finalAt;
    const text =
      until !== null && until > now
        ? $localize`The answers differ. A wrong one can be refuted until ${showMoment(until, language)}:until:.`
        : $localize`The answers differ.`;
    found.push({ tone: 'bad', text, session: session.id });
  }
  const waits = waitsFor(session, now);
  return waits ? [...found, { tone: 'warn', text: waits, session: session.id }] : found;
}

function waitsFor(session: SessionDetail, now: number): string | null {
  const { state, parameters, book } = session;
  if (state === SessionState.Clearing) return $localize`An outcome is to be computed and attested.`;
  if (state === SessionState.Delivery && now >= deliveryEnd(parameters)) {
    return $localize`The delivery is over: a settlement is to be computed and attested.`;
  }
  if (state === SessionState.Execution) {
    return $localize`${book.traders - book.executed}:count: members are to be paid.`;
  }
  return null;
}
