/**
 * A session recomputed in this browser, step by step, and compared with what the chain and the operators say.
 *
 * Nothing but the chain's events goes in, and published files that are checked against the names the chain gives them.
 */

import { orderRules, bookOf, resultsOf, type PostedOutcome, type PostedSettlement } from '../chain/session';
import type { SessionDetail } from '../chain/sessions';
import { Malformed } from '../market/canonical';
import {
  OUTCOME_KIND,
  readOutcome,
  readSettlement,
  SETTLEMENT_KIND,
  type About,
  type OutcomeDocument,
  type SettlementDocument,
} from '../market/documents';
import { bounds, orderFault, type BookOrder } from '../market/orders';
import {
  outcomeAnswer,
  outcomeOf,
  settlementAnswer,
  SLOT_RESULT_FIELDS,
  type SlotOutcome,
  type SlotResult,
} from '../market/outcome';
import { Altered, readDataset, type ReadCid } from '../market/publication';
import { settle, type CountedTrader, type SettledTrader, type Settlement } from '../market/settlement';
import type { Hex } from '../market/units';
import { basisStep } from './basis';

export type StepId =
  | 'reveals'
  | 'locks'
  | 'outcome-votes'
  | 'prices'
  | 'trees'
  | 'outcome-answer'
  | 'fills'
  | 'settlement-votes'
  | 'settlement-file'
  | 'basis'
  | 'counted'
  | 'money'
  | 'root'
  | 'settlement-answer'
  | 'executions';

export type Verdict = 'right' | 'wrong' | 'not-yet';

/** What one step found: `here` is what this browser computed, `there` what was said; where they differ, and why. */
export interface Step {
  readonly id: StepId;
  readonly verdict: Verdict;
  readonly here?: string;
  readonly there?: string;
  readonly where?: string;
}

export interface Recheck {
  readonly steps: readonly Step[];
  readonly slots: readonly SlotOutcome[];
  readonly settlement: Settlement | null;
  readonly published: SettlementDocument | null;
}

/** The session's place on the chain, for the hashes that operators vote by. */
export interface Place {
  readonly chainId: bigint;
  readonly marketplace: Hex;
}

/** Recompute everything; `read` gives published files from anywhere. */
export async function recheck(detail: SessionDetail, place: Place, read: ReadCid): Promise<Recheck> {
  const book = bookOf(detail.story);
  const steps: Step[] = [revealStep(detail, book), lockStep(detail)];
  if (book.length === 0 || steps.some((step) => step.verdict === 'wrong')) {
    return { steps, slots: [], settlement: null, published: null };
  }
  const slots = outcomeOf(book, detail.parameters.slotCount);
  const posted = accepted(detail.story.outcomes, detail.outcome?.answer);
  steps.push(votesStep('outcome-votes', detail.outcomeVoters, detail, posted !== undefined));
  steps.push(...outcomeSteps(detail, slots, posted));
  steps.push(await fillsStep(detail, place, book, slots, posted, read));
  const settled = await settlementSteps(detail, place, slots, posted, read);
  return { steps: [...steps, ...settled.steps], slots, settlement: settled.settlement, published: settled.published };
}

function revealStep(detail: SessionDetail, book: readonly BookOrder[]): Step {
  if (book.length === 0) return { id: 'reveals', verdict: 'not-yet' };
  let next = 0;
  for (const reveal of detail.story.reveals) {
    const fault = orderFault(reveal.orders, orderRules(detail.parameters));
    if (fault || reveal.firstIndex !== next) {
      const here = fault ? fault.kind : String(next);
      return { id: 'reveals', verdict: 'wrong', where: reveal.trader, here, there: String(reveal.firstIndex) };
    }
    next += reveal.orders.length;
  }
  return { id: 'reveals', verdict: 'right', here: String(book.length) };
}

function lockStep(detail: SessionDetail): Step {
  const { penaltyPrice, capPrice } = detail.parameters;
  for (const reveal of detail.story.reveals) {
    const own = bounds(reveal.orders, penaltyPrice, capPrice).lock;
    if (own !== reveal.lock) {
      return { id: 'locks', verdict: 'wrong', where: reveal.trader, here: String(own), there: String(reveal.lock) };
    }
  }
  return { id: 'locks', verdict: detail.story.reveals.length ? 'right' : 'not-yet' };
}

function votesStep(id: StepId, voters: readonly Hex[], detail: SessionDetail, isPosted: boolean): Step {
  if (!isPosted) return { id, verdict: 'not-yet' };
  const known = new Set(detail.operators.map((operator) => operator.toLowerCase()));
  const own = voters.filter((voter) => known.has(voter.toLowerCase()));
  const verdict = own.length >= detail.threshold && own.length === voters.length ? 'right' : 'wrong';
  return { id, verdict, here: String(own.length), there: String(detail.threshold) };
}

const TREE_FIELDS: ReadonlySet<keyof SlotResult> = new Set(['orderCount', 'root', ...SLOT_RESULT_FIELDS.slice(8)]);

function outcomeSteps(detail: SessionDetail, slots: readonly SlotOutcome[], posted: PostedOutcome | undefined): Step[] {
  const ids = ['prices', 'trees', 'outcome-answer'] as const;
  if (!posted) return ids.map((id) => ({ id, verdict: 'not-yet' }));
  const results = resultsOf(posted);
  const compared = (id: StepId, isTree: boolean): Step => {
    const found = firstDifference(slots, results, isTree);
    return found ? { id, verdict: 'wrong', ...found } : { id, verdict: 'right', here: String(slots.length) };
  };
  const own = outcomeAnswer(
    detail.outcomeQuestion,
    slots.map((slot) => slot.result),
    posted.dataCid,
  );
  return [compared('prices', false), compared('trees', true), sameHash('outcome-answer', own, posted.answer)];
}

function firstDifference(
  slots: readonly SlotOutcome[],
  results: readonly SlotResult[],
  isTree: boolean,
): Omit<Step, 'id' | 'verdict'> | null {
  if (results.length !== slots.length) return { here: String(slots.length), there: String(results.length) };
  for (const [slot, { result }] of slots.entries()) {
    for (const field of SLOT_RESULT_FIELDS) {
      if (TREE_FIELDS.has(field) !== isTree || result[field] === results[slot][field]) continue;
      return { where: `${slot + 1} · ${field}`, here: String(result[field]), there: String(results[slot][field]) };
    }
  }
  return null;
}

async function fillsStep(
  detail: SessionDetail,
  place: Place,
  book: readonly BookOrder[],
  slots: readonly SlotOutcome[],
  posted: PostedOutcome | undefined,
  read: ReadCid,
): Promise<Step> {
  if (!posted) return { id: 'fills', verdict: 'not-yet' };
  const found = await attempt('fills', async () => readOutcome(await readDataset(posted.dataCid, read, OUTCOME_KIND)));
  if ('verdict' in found) return found;
  const own = new Map(slots.flatMap((slot) => slot.orders.map((order, at) => [order.index, slot.clearing.filled[at]])));
  const document: OutcomeDocument = found;
  if (!isAbout(document.about, detail, place, posted.round) || document.orders.length !== book.length) {
    return { id: 'fills', verdict: 'wrong', where: posted.dataCid, here: String(detail.id) };
  }
  for (const [at, order] of document.orders.entries()) {
    if (own.get(order.index) === document.filled[at]) continue;
    const [here, there] = [String(own.get(order.index)), String(document.filled[at])];
    return { id: 'fills', verdict: 'wrong', where: String(order.index + 1), here, there };
  }
  return { id: 'fills', verdict: 'right', here: String(book.length) };
}

interface Settled {
  readonly steps: readonly Step[];
  readonly settlement: Settlement | null;
  readonly published: SettlementDocument | null;
}

const AFTER_FILE = ['basis', 'counted', 'money', 'root', 'settlement-answer', 'executions'] as const;

async function settlementSteps(
  detail: SessionDetail,
  place: Place,
  slots: readonly SlotOutcome[],
  outcome: PostedOutcome | undefined,
  read: ReadCid,
): Promise<Settled> {
  const posted = accepted(detail.story.settlements, detail.settlement?.answer);
  const votes = votesStep('settlement-votes', detail.settlementVoters, detail, posted !== undefined);
  const later = (file: Step): Settled => ({
    steps: [votes, file, ...AFTER_FILE.map((id) => ({ id, verdict: 'not-yet' }) as const)],
    settlement: null,
    published: null,
  });
  if (!posted || !outcome) return later({ id: 'settlement-file', verdict: 'not-yet' });
  const found = await attempt('settlement-file', async () =>
    readSettlement(await readDataset(posted.dataCid, read, SETTLEMENT_KIND)),
  );
  if ('verdict' in found) return later(found);
  const file: Step = isAbout(found.about, detail, place, posted.round)
    ? { id: 'settlement-file', verdict: 'right' }
    : { id: 'settlement-file', verdict: 'wrong', where: posted.dataCid };
  const { penaltyPrice, toleranceBps, missingAllowance } = detail.parameters;
  const rules = { sessionId: BigInt(detail.id), penaltyPrice, toleranceBps: BigInt(toleranceBps), missingAllowance };
  const prices = slots.map((slot) => slot.result.price);
  const own = settle(found.members, prices, rules);
  const steps = [
    votes,
    file,
    basisStep(found, { outcomeCid: outcome.dataCid, reveals: detail.story.reveals, slots }),
    countedStep(found.members, missingAllowance),
    moneyStep(own, found.members),
    sameHash('root', own.tree.root, posted.root),
    sameHash(
      'settlement-answer',
      settlementAnswer(detail.settlementQuestion, own.tree.root, own.totals, posted.versions, posted.dataCid),
      posted.answer,
    ),
    executionStep(detail, own),
  ];
  return { steps, settlement: own, published: found };
}

/** No reading could have led to other flags: counted within filled, nothing counted where missing, excuses in order. */
function countedStep(members: readonly CountedTrader[], allowance: number): Step {
  for (const member of members) {
    let missed = 0;
    for (const slot of member.slots) {
      if (slot.missing) missed += 1;
      const isSound =
        slot.countedWh <= slot.filledWh &&
        (!slot.missing || slot.countedWh === 0n) &&
        slot.excused === (slot.missing && missed <= allowance);
      if (!isSound) return { id: 'counted', verdict: 'wrong', where: `${member.trader} · ${slot.slot + 1}` };
    }
  }
  return { id: 'counted', verdict: 'right' };
}

function moneyStep(own: Settlement, published: readonly SettledTrader[]): Step {
  for (const [row, member] of own.members.entries()) {
    for (const field of ['debit', 'credit', 'penalty'] as const) {
      if (member[field] === published[row][field]) continue;
      const [here, there] = [String(member[field]), String(published[row][field])];
      return { id: 'money', verdict: 'wrong', where: `${member.trader} · ${field}`, here, there };
    }
  }
  return { id: 'money', verdict: 'right', here: String(own.members.length) };
}

function executionStep(detail: SessionDetail, own: Settlement): Step {
  const leaves = new Map(own.members.map((member) => [member.trader, member]));
  for (const execution of detail.story.executions) {
    const leaf = leaves.get(execution.trader);
    const isSame =
      leaf?.debit === execution.debit && leaf.credit === execution.credit && leaf.penalty === execution.penalty;
    if (!isSame) return { id: 'executions', verdict: 'wrong', where: execution.trader };
  }
  const executed = detail.story.executions.length;
  return { id: 'executions', verdict: executed ? 'right' : 'not-yet', here: String(executed) };
}

function isAbout(about: About, detail: SessionDetail, place: Place, round: number): boolean {
  return (
    about.chainId === place.chainId &&
    about.marketplace === place.marketplace.toLowerCase() &&
    about.sessionId === BigInt(detail.id) &&
    about.round === round
  );
}

function accepted<T extends PostedOutcome | PostedSettlement>(
  posted: readonly T[],
  answer: Hex | undefined,
): T | undefined {
  return answer === undefined ? undefined : posted.findLast((one) => one.answer === answer);
}

function sameHash(id: StepId, here: Hex, there: Hex): Step {
  return { id, verdict: here === there ? 'right' : 'wrong', here, there };
}

/** A published file, or the step that says what is wrong with it. */
async function attempt<T extends object>(id: StepId, make: () => Promise<T>): Promise<T | Step> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof Altered)
      return { id, verdict: 'wrong', where: error.cid, here: error.actual, there: error.cid };
    if (error instanceof Malformed) return { id, verdict: 'wrong', where: error.where, here: error.expected };
    return { id, verdict: 'not-yet', where: error instanceof Error ? error.message : String(error) };
  }
}
